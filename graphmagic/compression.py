"""Files and strings that are packed with zlib or gzip, by the names that TensorFlow has for them."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path
from typing import Any, BinaryIO, cast

from graphmagic import errors

__all__ = ["KINDS", "checked_compression", "reading", "unpacked", "writing"]

KINDS = ("", "GZIP", "ZLIB")
_HEADER = {"GZIP": 31, "ZLIB": 15}  # what zlib calls window bits: 16 more mean a header of gzip


def checked_compression(kind: Any) -> str:
    """`kind` as one of ``""``, ``"GZIP"`` and ``"ZLIB"``; None means the first.

    Raises:
        ValueError: it is none of these.

    >>> checked_compression(None), checked_compression("GZIP")
    ('', 'GZIP')
    """
    if (kind or "") not in KINDS:
        raise ValueError(f"compression_type must be one of 'GZIP', 'ZLIB' and '', not {kind!r}")
    return kind or ""


def unpacked(data: bytes, kind: str) -> bytes:
    """What was packed into `data`.

    Raises:
        DataLossError: it was not packed so, or is damaged.

    >>> unpacked(zlib.compress(b"graph"), "ZLIB")
    b'graph'
    """
    if not kind:
        return data
    parts = []
    try:
        while data:  # files of gzip may follow each other in one
            stream = zlib.decompressobj(_HEADER[kind])
            parts.append(stream.decompress(data))
            if not stream.eof:
                raise errors.DataLossError(None, None, "truncated compressed data")
            data = stream.unused_data
    except zlib.error as error:
        reason = str(error).partition(": ")[2]
        raise errors.DataLossError(None, None, f"inflate() failed with error -3: {reason}") from None
    return b"".join(parts)


def reading(path: Any, kind: str) -> BinaryIO:
    """A file to read what was packed into it.

    Raises:
        FileNotFoundError: there is none.
        DataLossError: it was not packed so.
    """
    if not kind:
        return Path(path).open("rb")
    return io.BytesIO(unpacked(Path(path).read_bytes(), kind))


def writing(path: Any, kind: str) -> BinaryIO:
    """A file that packs what is written to it."""
    if kind == "GZIP":
        return cast("BinaryIO", gzip.open(path, "wb"))
    file = Path(path).open("wb")  # noqa: SIM115 - the caller's to close
    return cast("BinaryIO", _Packing(file)) if kind else file


class _Packing:
    """Packs with zlib what is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._stream = zlib.compressobj()

    def write(self, data: bytes) -> None:
        self._file.write(self._stream.compress(data))

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        if not self._file.closed:
            self._file.write(self._stream.flush())
            self._file.close()
