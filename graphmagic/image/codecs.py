"""Reading and writing image files: JPEG, PNG, GIF, BMP, by the package Pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.messages import MissingExtraError
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least
from graphmagic.shapes import TensorShape

__all__ = [
    "bmp_op",
    "encode_jpeg_op",
    "encode_png_op",
    "gif_op",
    "image_op",
    "jpeg_op",
    "jpeg_shape_op",
    "png_op",
]

Array = Any
INSTALL = 'pip install "graphmagic[image]"'


def pillow() -> Any:
    """The module ``PIL.Image``.

    Raises:
        MissingExtraError: Pillow is not installed.
    """
    try:
        from PIL import Image
    except ImportError:
        raise MissingExtraError(
            f"reading and writing image files needs the package Pillow. To install it: {INSTALL}"
        ) from None
    return Image


def _opened(contents: Array, kinds: tuple[str, ...], what: str, grey: bool = False) -> Any:
    if np.ndim(contents):
        raise invalid(f"`contents` must be scalar but got shape[{','.join(map(str, np.shape(contents)))}]")
    data: Any = np.asarray(contents, object)[()]
    image = pillow()
    try:
        found = image.open(io.BytesIO(data), formats=kinds or None)
        if grey:
            found.draft("L", None)  # the brightness that a JPEG file holds
        found.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise invalid(what) from error
    return found


def _pixels(picture: Any, channels: int, dtype: Any) -> Array:
    """The pixels of a picture with a number of channels; 0 for as many as it has."""
    if picture.mode in ("I;16", "I;16B", "I"):
        wide = np.asarray(picture).astype(np.uint16)[..., None]
        wide = np.repeat(wide, 3, -1) if channels == 3 else wide
        return wide if dtype == np.uint16 else (wide >> 8).astype(np.uint8)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    own = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
    if channels:
        mode = own[channels]
    elif picture.mode in ("L", "1"):
        mode = "L"
    elif picture.mode == "LA":
        mode = "LA"
    else:
        mode = "RGBA" if has_alpha else "RGB"
    if mode == "L" and picture.mode not in ("L", "1", "LA"):
        return _grey(np.asarray(picture.convert("RGB"), np.int64))
    found = np.asarray(picture.convert(mode), np.uint8)
    found = found[..., None] if found.ndim == 2 else found
    return found.astype(np.uint16) * 257 if dtype == np.uint16 else found


def _grey(colours: Array) -> Array:
    """How bright colours look, rounded down as libpng does."""
    return ((colours @ [9798, 19235, 3735]) >> 15).astype(np.uint8)[..., None]


def _decoder(name: str, attrs: dict[str, Any], outputs: str = "image:uint8", types: Any = None) -> OpDef:
    return OpDef(name, f"contents:string -> {outputs}", defaults=attrs, types=types, differentiable=False)


_JPEG = {
    "channels": 0,
    "ratio": 1,
    "fancy_upscaling": True,
    "try_recover_truncated": False,
    "acceptable_fraction": 1.0,
    "dct_method": "",
}
jpeg_op = _decoder("DecodeJpeg", _JPEG)
png_op = _decoder(
    "DecodePng",
    {"channels": 0, "dtype": dtypes.uint8},
    "image:dtype",
    {"dtype": (dtypes.uint8, dtypes.uint16)},
)
gif_op = _decoder("DecodeGif", {})
bmp_op = _decoder("DecodeBmp", {"channels": 0})
image_op = _decoder(
    "DecodeImage",
    {"channels": 0, "dtype": dtypes.uint8, "expand_animations": True},
    "image:dtype",
    {"dtype": (dtypes.uint8, dtypes.uint16, dtypes.float32)},
)
jpeg_shape_op = _decoder(
    "ExtractJpegShape",
    {"output_type": dtypes.int32},
    "image_shape:output_type",
    {"output_type": (dtypes.int32, dtypes.int64)},
)


def _picture_shape(contents: Tensor, *, channels: int) -> TensorShape:
    of_rank(contents.shape, 0)
    if channels not in (0, 1, 3, 4):
        raise ValueError(f"channels attribute {channels} must be 0, 1, 3 or 4")
    return TensorShape([None, None, channels or None])


for _opdef in (jpeg_op, png_op, bmp_op):
    _opdef.shape_rule(_picture_shape)


@gif_op.shape_rule
def gif_shape(contents: Tensor) -> TensorShape:
    of_rank(contents.shape, 0)
    return TensorShape([None, None, None, 3])


@jpeg_shape_op.shape_rule
def jpeg_shape_shape(contents: Tensor) -> TensorShape:
    of_rank(contents.shape, 0)
    return TensorShape([3])


@image_op.shape_rule
def image_shape(contents: Tensor) -> TensorShape:
    of_rank(contents.shape, 0)
    return TensorShape(None)


@jpeg_op.kernel
def jpeg_kernel(contents: Array, *, channels: int, ratio: int) -> Array:
    size = len(np.ravel(np.asarray(contents, object))[0])
    said = f"Invalid JPEG data or crop window, data size {size}"
    picture = _opened(contents, ("JPEG",), said, grey=channels == 1)
    if ratio > 1:
        picture = picture.reduce(ratio)
    return _pixels(picture, channels, np.uint8)


@png_op.kernel
def png_kernel(contents: Array, *, channels: int, dtype: Any) -> Array:
    return _pixels(_opened(contents, ("PNG",), "Invalid PNG data, size "
                   f"{len(np.asarray(contents, object)[()])}"), channels, dtype)  # fmt: skip


@bmp_op.kernel
def bmp_kernel(contents: Array, *, channels: int) -> Array:
    return _pixels(_opened(contents, ("BMP",), "Incomplete bmp content"), channels, np.uint8)


def _frames(picture: Any) -> Array:
    frames = []
    for number in range(getattr(picture, "n_frames", 1)):
        picture.seek(number)
        frames.append(np.asarray(picture.convert("RGB"), np.uint8))
    return np.stack(frames)


@gif_op.kernel
def gif_kernel(contents: Array) -> Array:
    return _frames(_opened(contents, ("GIF",), "Invalid GIF data (size "
                   f"{len(np.asarray(contents, object)[()])}), unsupported"))  # fmt: skip


@image_op.kernel
def image_kernel(contents: Array, *, channels: int, expand_animations: bool, dtype: Any) -> Array:
    picture = _opened(
        contents,
        ("JPEG", "PNG", "GIF", "BMP"),
        "Unknown image file format. One of JPEG, PNG, GIF, BMP required.",
    )
    kind = dtype
    if picture.format == "GIF":
        found = _frames(picture)
        found = found if expand_animations else found[0]
    else:
        found = _pixels(picture, channels, np.uint16 if kind == np.uint16 else np.uint8)
    return found.astype(np.float32) / np.float32(255) if kind == np.float32 else found.astype(kind)


@jpeg_shape_op.kernel
def jpeg_shape_kernel(contents: Array, *, output_type: Any) -> Array:
    if np.ndim(contents):
        raise invalid(f"contents must be scalar, got shape [{','.join(map(str, np.shape(contents)))}]")
    picture = _opened(contents, ("JPEG",), "Invalid JPEG data, size "
                      f"{len(np.asarray(contents, object)[()])}")  # fmt: skip
    return np.array([picture.height, picture.width, len(picture.getbands())], np.dtype(output_type.numpy))


# ----- writing -----

encode_jpeg_op = OpDef(
    "EncodeJpeg",
    "image:uint8 -> contents:string",
    defaults={
        "format": "", "quality": 95, "progressive": False, "optimize_size": False, "chroma_downsampling": True,
        "density_unit": "in", "x_density": 300, "y_density": 300, "xmp_metadata": "",
    },
    differentiable=False,
)  # fmt: skip
encode_png_op = OpDef(
    "EncodePng",
    "image:T -> contents:string",
    types={"T": (dtypes.uint8, dtypes.uint16)},
    defaults={"compression": -1, "T": dtypes.uint8},
    differentiable=False,
)


def _file(picture: Any, **options: Any) -> Array:
    data = io.BytesIO()
    picture.save(data, **options)
    result = np.empty((), object)
    result[()] = data.getvalue()
    return result


@encode_jpeg_op.kernel
def encode_jpeg_kernel(
    image: Array, *, format: str, quality: int, progressive: bool, optimize_size: bool, chroma_downsampling: bool,
    x_density: int, y_density: int,
) -> Array:  # fmt: skip
    if np.ndim(image) != 3:
        raise invalid(f"image must be 3-dimensional[{','.join(map(str, np.shape(image)))}]")
    if image.shape[-1] not in (1, 3):
        raise invalid(f"image must have 1 or 3 channels, got {image.shape[-1]}")
    grey = image.shape[-1] == 1
    return _file(
        pillow().fromarray(image[..., 0] if grey else image),
        format="JPEG",
        quality=quality,
        progressive=progressive,
        optimize=optimize_size,
        dpi=(x_density, y_density),
        **({} if grey else {"subsampling": 2 if chroma_downsampling else 0}),
    )


@encode_png_op.kernel
def encode_png_kernel(image: Array, *, compression: int) -> Array:
    if np.ndim(image) != 3:
        raise invalid(f"images must be at least rank 3[{','.join(map(str, np.shape(image)))}]")
    if image.shape[-1] not in (1, 2, 3, 4):
        raise invalid(f"image must have 1, 2, 3, or 4 channels, got {image.shape[-1]}")
    if image.dtype == np.uint16 and image.shape[-1] != 1:
        raise invalid("graphmagic writes 16 bits for grey images only: convert the image to uint8 first")
    picture = pillow().fromarray(image[..., 0] if image.shape[-1] == 1 else image)
    return _file(picture, format="PNG", **({} if compression < 0 else {"compress_level": compression}))


@encode_jpeg_op.shape_rule
def encode_jpeg_shape(image: Tensor) -> TensorShape:
    of_rank(image.shape, 3)
    return TensorShape([])


@encode_png_op.shape_rule
def encode_png_shape(image: Tensor) -> TensorShape:
    of_rank_at_least(image.shape, 3)
    return TensorShape([])
