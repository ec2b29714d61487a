"""Pixels as PNG files."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import numpy as np

__all__ = ["pixels_of", "png"]


def pixels_of(picture: Any) -> Any:
    """Pixels from 0 to 255: floats are scaled, about 127 if some are negative; what is no number becomes red."""
    if picture.dtype == np.uint8:
        return picture
    finite = np.isfinite(picture)
    numbers = np.where(finite, picture, 0).astype(np.float32)
    low, high = numbers.min(initial=0), numbers.max(initial=0)
    if low < 0:
        largest = max(-low, high)
        scaled = numbers * (np.float32(127) / largest if largest >= 1e-6 else np.float32(0)) + np.float32(128)
    else:
        scaled = numbers * (np.float32(255) / high if high >= 1e-6 else np.float32(0))
    return scaled.clip(0, 255).astype(np.uint8)


def png(pixels: Any) -> bytes:
    """Pixels as a PNG file."""
    height, width, channels = pixels.shape

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    header = struct.pack(">2I5B", width, height, 8, {1: 0, 3: 2, 4: 6}[channels], 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
