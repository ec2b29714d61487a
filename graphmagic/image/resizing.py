"""Operations that resize images: bilinear, nearest neighbours, bicubic, areas; each axis by itself."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import shape
from graphmagic.ops.strided import strided_slice
from graphmagic.shapes import TensorShape

__all__ = ["resize_area", "resize_bicubic", "resize_bilinear", "resize_nearest_neighbor", "known_numbers"]

NUMBERS = (
    dtypes.int8, dtypes.uint8, dtypes.int16, dtypes.uint16, dtypes.int32, dtypes.int64, dtypes.float16,
    dtypes.float32, dtypes.float64,
)  # fmt: skip
FLOATS = (dtypes.float16, dtypes.float32, dtypes.float64)
Array = Any
_TABLE = 1024  # how many places between two pixels the bicubic weights are known for


# ----- where the pixels of the result lie in the original -----


def _scale(before: int, after: int, align_corners: bool) -> np.float32:
    if align_corners and after > 1:
        return np.float32(before - 1) / np.float32(after - 1)
    return np.float32(before) / np.float32(after)


def _places(before: int, after: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    scale = _scale(before, after, align_corners)
    numbers = np.arange(after, dtype=np.float32)
    return (numbers + np.float32(0.5)) * scale - np.float32(0.5) if half_pixel_centers else numbers * scale


def _bilinear(before: int, after: int, **how: bool) -> tuple[Array, Array, Array]:
    """The pixels to the left and right of each place, and how far it is from the left one."""
    places = _places(before, after, **how)
    floor = np.floor(places)
    lower = np.maximum(floor, 0).astype(np.int64)
    upper = np.minimum(np.ceil(places), before - 1).astype(np.int64)
    return np.minimum(lower, before - 1), np.maximum(upper, 0), places - floor


def _nearest(before: int, after: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """The pixel at each place."""
    scale = _scale(before, after, align_corners)
    numbers = np.arange(after, dtype=np.float32) + np.float32(0.5 if half_pixel_centers else 0.0)
    places = numbers * scale
    chosen = np.floor(places + np.float32(0.5)) if align_corners else np.floor(places)
    return np.clip(chosen.astype(np.int64), 0, before - 1)


def _cubic_weights(far: Array, sharpness: float) -> Array:
    """The weights of the four pixels around places that are `far` from the second one."""
    near, next_ = far, 1.0 - far

    def inner(x: Array) -> Array:
        return ((sharpness + 2) * x - (sharpness + 3)) * x * x + 1

    def outer(x: Array) -> Array:
        x = x + 1.0
        return ((sharpness * x - 5 * sharpness) * x + 8 * sharpness) * x - 4 * sharpness

    return np.stack([outer(near), inner(near), inner(next_), outer(next_)]).astype(np.float32)


def _bicubic(before: int, after: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """The matrix that resizes one axis."""
    places = _places(before, after, align_corners, half_pixel_centers)
    first = np.floor(places).astype(np.int64)
    far = np.rint((places - first) * _TABLE) / _TABLE
    weights = _cubic_weights(far, -0.5 if half_pixel_centers else -0.75)
    pixels = first + np.array([[-1], [0], [1], [2]])
    if half_pixel_centers:  # pixels outside do not count
        weights = np.where((pixels >= 0) & (pixels < before), weights, np.float32(0))
        weights /= weights.sum(0)
    return _matrix(before, after, np.clip(pixels, 0, before - 1), weights)


def _area(before: int, after: int, align_corners: bool) -> Array:
    """The matrix that averages over what each pixel of the result covers."""
    scale = float(_scale(before, after, align_corners))
    starts = np.arange(after) * scale
    ends = starts + scale
    pixels = np.arange(before)
    covered = np.minimum(ends[:, None], pixels + 1) - np.maximum(starts[:, None], pixels)
    covered = np.clip(covered, 0, None)
    outside = np.clip(ends - before, 0, scale)  # beyond the end the last pixel goes on
    covered[:, -1] += outside
    return covered / scale


def _matrix(before: int, after: int, pixels: Array, weights: Array) -> Array:
    matrix = np.zeros((after, before), np.float32)
    rows = np.broadcast_to(np.arange(after), pixels.shape)
    np.add.at(matrix, (rows.ravel(), pixels.ravel()), weights.ravel())
    return matrix


def _axis_matrix(kind: str, before: int, after: int, how: dict[str, bool]) -> Array:
    """The matrix of any kind, for gradients."""
    if kind == "bilinear":
        lower, upper, far = _bilinear(before, after, **how)
        return _matrix(before, after, np.stack([lower, upper]), np.stack([1 - far, far]))
    if kind == "nearest":
        return _matrix(before, after, _nearest(before, after, **how)[None], np.ones((1, after), np.float32))
    return _bicubic(before, after, **how)


def _by_matrices(images: Array, rows: Array, columns: Array) -> Array:
    found = np.einsum("yh,nhwc->nywc", rows, images, optimize=True)
    return np.einsum("xw,nywc->nyxc", columns, found, optimize=True)


# ----- the operations -----


def _sizes(images: Array, size: Array) -> tuple[int, int]:
    if np.ndim(images) != 4:
        raise invalid(f"input must be 4-dimensional{_bracketed(images)}")
    if np.ndim(size) != 1:
        raise invalid(f"shape_t must be 1-dimensional{_bracketed(size)}")
    if len(size) != 2:
        raise invalid(f"shape_t must have two elements{_bracketed(size)}")
    if size[0] <= 0 or size[1] <= 0:
        raise invalid("output dimensions must be positive")
    if not images.shape[1] or not images.shape[2]:
        raise invalid("input image must be of non-zero size")
    return int(size[0]), int(size[1])


def _bracketed(array: Array) -> str:
    return f"[{','.join(map(str, np.shape(array)))}]"


def known_numbers(vector: Tensor, count: int) -> list[int | None]:
    """The numbers in a vector, None where they are not known."""
    return list(partial_shape(vector).ints or [None] * count)


def resized_shape(images: Tensor, size: Tensor, **_: Any) -> TensorShape:
    found = of_rank(images.shape, 4)
    of_rank(size.shape, 1)
    ints = found.ints or (None,) * 4
    count = size.shape.ints
    if count is not None and count[0] is not None and count[0] != 2:
        raise ValueError(f"Dimension must be 2 but is {count[0]}")
    return TensorShape([ints[0], *known_numbers(size, 2), ints[3]])


def _declare(name: str, signature: str, types: Any, **options: Any) -> OpDef:
    opdef = OpDef(
        name,
        signature,
        types={"T": types},
        defaults={"align_corners": False, "half_pixel_centers": False},
        value_inputs=("size",),
        **options,
    )

    @opdef.shape_rule
    def rule(images: Tensor, size: Tensor, *, align_corners: bool, half_pixel_centers: bool) -> TensorShape:
        return resized_shape(images, size)

    return opdef


bilinear_op = _declare("ResizeBilinear", "images:T, size:int32 -> resized_images:float32", NUMBERS)
nearest_op = _declare("ResizeNearestNeighbor", "images:T, size:int32 -> resized_images:T", NUMBERS)
bicubic_op = _declare("ResizeBicubic", "images:T, size:int32 -> resized_images:float32", NUMBERS)
area_op = OpDef(
    "ResizeArea",
    "images:T, size:int32 -> resized_images:float32",
    types={"T": NUMBERS},
    defaults={"align_corners": False},
    value_inputs=("size",),
)


@area_op.shape_rule
def area_shape(images: Tensor, size: Tensor, *, align_corners: bool) -> TensorShape:
    return resized_shape(images, size)


@bilinear_op.kernel
def bilinear_kernel(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    height, width = _sizes(images, size)
    how = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    top, bottom, down = _bilinear(images.shape[1], height, **how)
    left, right, along = _bilinear(images.shape[2], width, **how)
    pixels = np.asarray(images, np.float32)
    along, down = along[:, None], down[:, None, None]

    def row(places: Array) -> Array:
        lines = pixels[:, places]
        start = lines[:, :, left]
        return start + (lines[:, :, right] - start) * along

    upper = row(top)
    return upper + (row(bottom) - upper) * down


@nearest_op.kernel
def nearest_kernel(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    height, width = _sizes(images, size)
    rows = _nearest(images.shape[1], height, align_corners, half_pixel_centers)
    columns = _nearest(images.shape[2], width, align_corners, half_pixel_centers)
    return images[:, rows][:, :, columns]


@bicubic_op.kernel
def bicubic_kernel(images: Array, size: Array, *, align_corners: bool, half_pixel_centers: bool) -> Array:
    height, width = _sizes(images, size)
    rows = _bicubic(images.shape[1], height, align_corners, half_pixel_centers)
    columns = _bicubic(images.shape[2], width, align_corners, half_pixel_centers)
    return _by_matrices(np.asarray(images, np.float32), rows, columns)


@area_op.kernel
def area_kernel(images: Array, size: Array, *, align_corners: bool) -> Array:
    height, width = _sizes(images, size)
    rows = _area(images.shape[1], height, align_corners)
    columns = _area(images.shape[2], width, align_corners)
    return _by_matrices(np.asarray(images, np.float64), rows, columns).astype(np.float32)


# ----- gradients -----


def _declare_gradient(opdef: OpDef, kind: str, signature: str, by_size: bool) -> None:
    gradient = OpDef(
        f"{opdef.name}Grad",
        signature,
        types={"T": FLOATS},
        defaults={"align_corners": False, "half_pixel_centers": False},
        differentiable=kind != "bilinear",  # where TensorFlow stops without an error
    )

    @gradient.kernel
    def kernel(
        grads: Array, original: Array, *, align_corners: bool, half_pixel_centers: bool, dtype: Any
    ) -> Array:
        if np.ndim(grads) != 4:
            raise invalid(f"{'input' if by_size else 'input_grad'} must be 4-dimensional{_bracketed(grads)}")
        height, width = (int(s) for s in (original if by_size else original.shape[1:3]))
        how = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
        rows = _axis_matrix(kind, height, grads.shape[1], how)
        columns = _axis_matrix(kind, width, grads.shape[2], how)
        return _by_matrices(grads, rows.T, columns.T).astype(dtype)

    @gradient.shape_rule
    def rule(
        grads: Tensor, original: Tensor, *, align_corners: bool, half_pixel_centers: bool
    ) -> TensorShape:
        if by_size:
            found = of_rank(grads.shape, 4).ints or (None,) * 4
            return TensorShape([found[0], *known_numbers(original, 2), found[3]])
        return original.shape

    @opdef.gradient
    def grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, None]:
        images = op.inputs[0]
        if images.dtype.base_dtype not in FLOATS:
            return None, None
        target: Any = images
        if by_size:
            known = images.shape.ints
            target = strided_slice(shape(images), [1], [3])
            if known is not None and None not in known[1:3]:
                target = list(known[1:3])
        attrs = {key: op.attrs[key] for key in ("align_corners", "half_pixel_centers")}
        return apply_op(gradient, dy, target, **attrs).outputs[0], None


_declare_gradient(bilinear_op, "bilinear", "grads:float32, original_image:T -> output:T", False)
_declare_gradient(nearest_op, "nearest", "grads:T, size:int32 -> output:T", True)
_declare_gradient(bicubic_op, "bicubic", "grads:float32, original_image:T -> output:T", False)


def _resize(opdef: OpDef, images: Any, size: Any, name: str | None, **attrs: bool) -> Tensor:
    return apply_op(opdef, images, size, name=name, **attrs).outputs[0]


def resize_bilinear(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch of images; between pixels colours change evenly.

    Args:
        images: shape ``[batch, height, width, channels]``.
        size: the new height and width.
        align_corners: whether the centres of the pixels in the corners stay where they are.
        name: the operation's name.
        half_pixel_centers: whether a pixel's centre is in its middle.

    Returns:
        A float32 `Tensor`.

    >>> import graphmagic as tf
    >>> wider = tf.image.resize_bilinear(tf.reshape([0.0, 8.0], [1, 1, 2, 1]), [1, 4])
    >>> tf.Session().run(wider).ravel()
    array([0., 4., 8., 8.], dtype=float32)
    """
    how = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    return _resize(bilinear_op, images, size, name, **how)


def resize_nearest_neighbor(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch of images by repeating pixels or leaving some out; see `resize_bilinear`. The type stays."""
    how = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    return _resize(nearest_op, images, size, name, **how)


def resize_bicubic(
    images: Any,
    size: Any,
    align_corners: bool = False,
    name: str | None = None,
    half_pixel_centers: bool = False,
) -> Tensor:
    """Resize a batch of images with smooth cubic curves between pixels; see `resize_bilinear`."""
    how = {"align_corners": align_corners, "half_pixel_centers": half_pixel_centers}
    return _resize(bicubic_op, images, size, name, **how)


def resize_area(images: Any, size: Any, align_corners: bool = False, name: str | None = None) -> Tensor:
    """Resize a batch of images; a pixel is the average of what it covers; see `resize_bilinear`."""
    return _resize(area_op, images, size, name, align_corners=align_corners)
