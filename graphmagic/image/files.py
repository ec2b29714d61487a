"""Reading and writing image files, as programs call it."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.image import codecs
from graphmagic.image.boxes import cropped
from graphmagic.ops.logic import equal
from graphmagic.ops.string_joining import substr

__all__ = [
    "decode_and_crop_jpeg",
    "decode_bmp",
    "decode_gif",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "encode_jpeg",
    "encode_png",
    "extract_jpeg_shape",
    "is_jpeg",
]


def decode_jpeg(
    contents: Any, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True,
    try_recover_truncated: bool = False, acceptable_fraction: float = 1, dct_method: str = "", name: str | None = None,
) -> Tensor:  # fmt: skip
    """The pixels of a JPEG file. It needs the package Pillow, in the extra ``graphmagic[image]``.

    Args:
        contents: the bytes of the file, a string.
        channels: 1 for grey, 3 for colours, 0 for what the file has.
        ratio: how many times smaller: 1, 2, 4 or 8.
        fancy_upscaling: accepted for old programs.
        try_recover_truncated: accepted for old programs.
        acceptable_fraction: accepted for old programs.
        dct_method: accepted for old programs.
        name: the operation's name.

    Returns:
        A uint8 `Tensor` of shape ``[height, width, channels]``.

    Raises:
        InvalidArgumentError: at run time, if these are not the bytes of a JPEG file.
        MissingExtraError: at run time, if Pillow is not installed.

    >>> import graphmagic as tf
    >>> file = tf.image.encode_jpeg(tf.cast(tf.fill([2, 3, 3], 128), tf.uint8))
    >>> tf.Session().run(tf.image.decode_jpeg(file, channels=1)).shape
    (2, 3, 1)
    """
    attrs = {
        "ratio": ratio,
        "fancy_upscaling": fancy_upscaling,
        "try_recover_truncated": try_recover_truncated,
    }
    return apply_op(
        codecs.jpeg_op, contents, name=name, channels=channels or 0, acceptable_fraction=float(acceptable_fraction),
        dct_method=dct_method, **attrs,
    ).outputs[0]  # fmt: skip


def decode_and_crop_jpeg(
    contents: Any, crop_window: Any, channels: int = 0, ratio: int = 1, fancy_upscaling: bool = True,
    try_recover_truncated: bool = False, acceptable_fraction: float = 1, dct_method: str = "", name: str | None = None,
) -> Tensor:  # fmt: skip
    """A part of the pixels of a JPEG file; `crop_window` is top, left, height and width, the rest as `decode_jpeg`."""
    how = fancy_upscaling, try_recover_truncated, acceptable_fraction, dct_method
    top, left, height, width = [crop_window[i] for i in range(4)]
    return cropped(decode_jpeg(contents, channels, ratio, *how, name=name), top, left, height, width)


def decode_png(
    contents: Any, channels: int = 0, dtype: DType = dtypes.uint8, name: str | None = None
) -> Tensor:
    """The pixels of a PNG file; see `decode_jpeg`.

    Args:
        contents: the bytes of the file.
        channels: 1, 3, or 4 with transparency; 0 for what the file has.
        dtype: uint8, or uint16 for 16 bits.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> pixels = tf.constant([[[255, 0, 7]]], tf.uint8)
    >>> tf.Session().run(tf.image.decode_png(tf.image.encode_png(pixels)))
    array([[[255,   0,   7]]], dtype=uint8)
    """
    return apply_op(
        codecs.png_op, contents, name=name, channels=channels or 0, dtype=as_dtype(dtype)
    ).outputs[0]


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """The pixels of all frames of a GIF file: shape ``[frames, height, width, 3]``; see `decode_jpeg`."""
    return apply_op(codecs.gif_op, contents, name=name).outputs[0]


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """The pixels of a BMP file; see `decode_jpeg`."""
    return apply_op(codecs.bmp_op, contents, name=name, channels=channels or 0).outputs[0]


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: DType = dtypes.uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """The pixels of a JPEG, PNG, GIF or BMP file; see `decode_jpeg`.

    Args:
        contents: the bytes of the file.
        channels: as in `decode_jpeg`.
        dtype: the type of the pixels; floats are from 0 to 1.
        name: the name of the scope.
        expand_animations: False for only the first frame of a GIF file.

    Returns:
        A `Tensor` whose rank is not known: 4 for GIF files, else 3.

    >>> import graphmagic as tf
    >>> pixels = tf.constant([[[255, 0, 51]]], tf.uint8)
    >>> tf.Session().run(tf.image.decode_image(tf.image.encode_png(pixels), dtype=tf.float32))
    array([[[1. , 0. , 0.2]]], dtype=float32)
    """
    attrs: dict[str, Any] = {
        "channels": channels or 0,
        "dtype": as_dtype(dtype),
        "expand_animations": expand_animations,
    }
    with name_scope(name or "decode_image"):
        return apply_op(codecs.image_op, contents, **attrs).outputs[0]


def encode_jpeg(
    image: Any, format: str = "", quality: int = 95, progressive: bool = False, optimize_size: bool = False,
    chroma_downsampling: bool = True, density_unit: str = "in", x_density: int = 300, y_density: int = 300,
    xmp_metadata: str = "", name: str | None = None,
) -> Tensor:  # fmt: skip
    """The bytes of a JPEG file; see `decode_jpeg`.

    Args:
        image: uint8 pixels with 1 or 3 channels.
        format: ``grayscale`` or ``rgb``; empty for what fits the channels.
        quality: from 0 to 100.
        progressive: whether a rough picture comes first.
        optimize_size: whether to try harder.
        chroma_downsampling: whether colours are stored at half the resolution.
        density_unit: accepted for old programs.
        x_density: pixels per inch.
        y_density: the same for the other direction.
        xmp_metadata: accepted for old programs.
        name: the operation's name.
    """
    return apply_op(
        codecs.encode_jpeg_op, image, name=name, format=format, quality=quality, progressive=progressive,
        optimize_size=optimize_size, chroma_downsampling=chroma_downsampling, density_unit=density_unit,
        x_density=x_density, y_density=y_density, xmp_metadata=xmp_metadata,
    ).outputs[0]  # fmt: skip


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """The bytes of a PNG file; see `decode_png`.

    Args:
        image: pixels with 1 to 4 channels.
        compression: from 0 to 9, how hard to try; -1 as usual.
        name: the operation's name.
    """
    return apply_op(codecs.encode_png_op, image, name=name, compression=compression).outputs[0]


def extract_jpeg_shape(contents: Any, output_type: DType = dtypes.int32, name: str | None = None) -> Tensor:
    """Height, width and number of channels of a JPEG file; see `decode_jpeg`."""
    return apply_op(codecs.jpeg_shape_op, contents, name=name, output_type=as_dtype(output_type)).outputs[0]


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether bytes begin as a JPEG file does.

    >>> import graphmagic as tf
    >>> bool(tf.Session().run(tf.image.is_jpeg("no file")))
    False
    """
    return equal(substr(contents, 0, 3), b"\xff\xd8\xff", name=name or "is_jpeg")
