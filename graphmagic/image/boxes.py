"""Boxes in images: cutting them out, drawing them, choosing among them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.image.resizing import known_numbers
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import shape
from graphmagic.ops.slicing import slice as slice_
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

__all__ = [
    "crop_and_resize",
    "cropped",
    "draw_bounding_boxes",
    "non_max_suppression",
]

Array = Any


def cropped(image: Tensor, top: Any, left: Any, height: Any, width: Any) -> Tensor:
    """A part of an image or of a batch of images."""
    known = image.shape.ints
    ndims = image.shape.ndims
    starts, sizes = [top, left, 0], [height, width, -1]
    if ndims == 4:
        starts, sizes = [0, *starts], [-1, *sizes]
    is_open = any(isinstance(part, Tensor) for part in (*starts, *sizes))
    result = slice_(image, stack(starts), stack(sizes)) if is_open else slice_(image, starts, sizes)
    if known is not None:
        found = [None if isinstance(size, Tensor) else size for size in (height, width)]
        result.set_shape([*known[:-3], *found, known[-1]])
    return result


# ----- parts of images, resized -----

crop_op = OpDef(
    "CropAndResize",
    "image:T, boxes:float32, box_ind:int32, crop_size:int32 -> crops:float32",
    types={"T": (dtypes.uint8, dtypes.float32, dtypes.float64, dtypes.int32)},
    defaults={"method": "bilinear", "extrapolation_value": 0.0},
    choices={"method": ("bilinear", "nearest")},
    value_inputs=("crop_size",),
)
crop_grad_op = OpDef(
    "CropAndResizeGradImage",
    "grads:float32, boxes:float32, box_ind:int32, image_size:int32 -> output:T",
    types={"T": (dtypes.float32, dtypes.float64)},
    defaults={"method": "bilinear"},
    value_inputs=("image_size",),
)


def _box_places(start: Any, end: Any, size: int, count: int) -> Array:
    start, end, last = np.float32(start), np.float32(end), np.float32(size - 1)
    if count > 1:
        scale = (end - start) * last / np.float32(count - 1)
        return start * last + np.arange(count, dtype=np.float32) * scale
    return np.array([np.float32(0.5) * (start + end) * last], np.float32)


def _box_matrix(start: float, end: float, size: int, count: int, method: str) -> tuple[Array, Array]:
    """The matrix that takes a part of an axis, and which places of the result are inside the image."""
    places = _box_places(start, end, size, count)
    inside = (places >= 0) & (places <= size - 1)
    matrix, rows = np.zeros((count, size), np.float32), np.flatnonzero(inside)
    at = places[inside]
    if method == "nearest":
        matrix[rows, np.floor(at + np.float32(0.5)).astype(int)] = 1
    else:
        lower = np.floor(at)
        far = at - lower
        np.add.at(matrix, (rows, lower.astype(int)), 1 - far)
        np.add.at(matrix, (rows, np.ceil(at).astype(int)), far)
    return matrix, inside


@crop_op.kernel
def crop_kernel(
    image: Array, boxes: Array, box_ind: Array, crop_size: Array, *, method: str, extrapolation_value: float
) -> Array:
    if np.ndim(image) != 4:
        raise invalid(f"input image must be 4-D[{','.join(map(str, np.shape(image)))}]")
    height, width = map(int, crop_size)
    if height <= 0 or width <= 0:
        raise invalid(f"crop dimensions must be positive[{height},{width}]")
    result = np.full((len(boxes), height, width, image.shape[3]), extrapolation_value, np.float32)
    for number, ((top, left, bottom, right), which) in enumerate(zip(boxes, box_ind, strict=True)):
        if not 0 <= which < len(image):
            raise invalid("box_index has values outside [0, batch_size)")
        rows, is_row = _box_matrix(top, bottom, image.shape[1], height, method)
        columns, is_column = _box_matrix(left, right, image.shape[2], width, method)
        found = np.einsum("yh,hwc,xw->yxc", rows, image[which].astype(np.float32), columns, optimize=True)
        inside = is_row[:, None] & is_column
        result[number][inside] = found[inside]
    return result


@crop_grad_op.kernel
def crop_grad_kernel(
    grads: Array, boxes: Array, box_ind: Array, image_size: Array, *, method: str, dtype: Any
) -> Array:
    if np.ndim(grads) != 4:
        raise invalid(f"grads image must be 4-D[{','.join(map(str, np.shape(grads)))}]")
    result = np.zeros(tuple(map(int, image_size)), dtype)
    for dy, (top, left, bottom, right), which in zip(grads, boxes, box_ind, strict=True):
        rows, is_row = _box_matrix(top, bottom, result.shape[1], dy.shape[0], method)
        columns, is_column = _box_matrix(left, right, result.shape[2], dy.shape[1], method)
        inside = (is_row[:, None] & is_column)[..., None]
        result[which] += np.einsum("yh,yxc,xw->hwc", rows, dy * inside, columns, optimize=True)
    return result


@crop_op.shape_rule
def crop_shape(image: Tensor, boxes: Tensor, box_ind: Tensor, crop_size: Tensor) -> TensorShape:
    images, found = of_rank(image.shape, 4).ints, of_rank(boxes.shape, 2).ints
    numbers = of_rank(box_ind.shape, 1).ints
    count = found[0] if found is not None else None
    if count is None and numbers is not None:
        count = numbers[0]
    channels = images[3] if images is not None else None
    return TensorShape([count, *known_numbers(crop_size, 2), channels])


@crop_grad_op.shape_rule
def crop_grad_shape(grads: Tensor, boxes: Tensor, box_ind: Tensor, image_size: Tensor) -> TensorShape:
    return TensorShape(known_numbers(image_size, 4))


@crop_op.gradient
def crop_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    image, boxes, box_ind, _ = op.inputs
    if image.dtype.base_dtype not in (dtypes.float32, dtypes.float64):
        return None, None, None, None
    kind = image.dtype.base_dtype
    grad = apply_op(
        crop_grad_op, dy, boxes, box_ind, shape(image), T=kind, method=op.attrs["method"]
    ).outputs[0]
    return grad, None, None, None


def crop_and_resize(
    image: Any, boxes: Any, box_ind: Any = None, crop_size: Any = None, method: str = "bilinear",
    extrapolation_value: float = 0, name: str | None = None, box_indices: Any = None,
) -> Tensor:  # fmt: skip
    """Parts of images, all resized to one size.

    Args:
        image: shape ``[batch, height, width, channels]``.
        boxes: shape ``[boxes, 4]``: top, left, bottom, right, where 1 is the last row or column.
        box_ind: for each box the number of its image.
        crop_size: height and width of the results.
        method: ``bilinear`` or ``nearest``.
        extrapolation_value: for what is outside of the image.
        name: the operation's name.
        box_indices: another name for `box_ind`.

    Returns:
        A float32 `Tensor` of shape ``[boxes, height, width, channels]``. Gradients are for the image only.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
    >>> tf.Session().run(tf.image.crop_and_resize(image, [[0.0, 0.0, 1.0, 1.0]], [0], [1, 1])).ravel()
    array([1.5], dtype=float32)
    """
    which = box_indices if box_ind is None else box_ind
    attrs = {"method": method, "extrapolation_value": float(extrapolation_value)}
    return apply_op(crop_op, image, boxes, which, crop_size, name=name or "CropAndResize", **attrs).outputs[0]


# ----- drawing and choosing -----

draw_op = OpDef(
    "DrawBoundingBoxes",
    "images:T, boxes:float32 -> output:T",
    types={"T": (dtypes.float32, dtypes.float16)},
    defaults={"T": dtypes.float32},
    differentiable=False,
)
_COLOURS = [
    (1, 1, 0, 1), (0, 0, 1, 1), (1, 0, 0, 1), (0, 1, 0, 1), (0.5, 0, 0.5, 1), (0.5, 0.5, 0, 1), (0.5, 0, 0, 1),
    (0, 0, 0.5, 1), (0, 1, 1, 1), (1, 0, 1, 1),
]  # fmt: skip


@draw_op.kernel
def draw_kernel(images: Array, boxes: Array) -> Array:
    if np.ndim(images) != 4:
        raise invalid("The rank of the images should be 4")
    if np.ndim(boxes) != 3:
        raise invalid("The rank of the boxes tensor should be 3")
    result = np.array(images)
    _, height, width, channels = images.shape
    for picture, found in zip(result, boxes, strict=True):
        for number, box in enumerate(found):
            colour = np.array(
                _COLOURS[number % len(_COLOURS)][:channels] if channels > 1 else (1,), images.dtype
            )
            top, left, bottom, right = (
                int(np.float32(v) * (size - 1))
                for v, size in zip(box, (height, width, height, width), strict=True)
            )
            if top > bottom or left > right or top >= height or bottom < 0 or left >= width or right < 0:
                continue
            rows = slice(max(top, 0), min(bottom, height - 1) + 1)
            columns = slice(max(left, 0), min(right, width - 1) + 1)
            if top >= 0:
                picture[top, columns] = colour
            if bottom < height:
                picture[bottom, columns] = colour
            if left >= 0:
                picture[rows, left] = colour
            if right < width:
                picture[rows, right] = colour
    return result


@draw_op.shape_rule
def draw_shape(images: Tensor, boxes: Tensor) -> TensorShape:
    of_rank(boxes.shape, 3)
    of_rank(images.shape, 4)
    return images.shape


def draw_bounding_boxes(images: Any, boxes: Any, name: str | None = None, colors: Any = None) -> Tensor:
    """Draw the outlines of boxes on images.

    Args:
        images: floats, shape ``[batch, height, width, channels]``.
        boxes: shape ``[batch, boxes, 4]``: top, left, bottom, right, from 0 to 1.
        name: the operation's name.
        colors: must be None; each box of an image has another colour.

    >>> import graphmagic as tf
    >>> drawn = tf.image.draw_bounding_boxes(tf.zeros([1, 3, 3, 1]), [[[0.0, 0.0, 1.0, 1.0]]])
    >>> tf.Session().run(drawn)[0, :, :, 0]
    array([[1., 1., 1.],
           [1., 0., 1.],
           [1., 1., 1.]], dtype=float32)
    """
    if colors is not None:
        raise ValueError("colors must be None: TensorFlow 1 chooses the colours itself")
    return apply_op(draw_op, images, boxes, name=name).outputs[0]


suppress_op = OpDef(
    "NonMaxSuppressionV3",
    "boxes:T, scores:T, max_output_size:int32, iou_threshold:T_threshold, score_threshold:T_threshold -> "
    "selected_indices:int32",
    types={"T": (dtypes.float16, dtypes.float32), "T_threshold": (dtypes.float16, dtypes.float32)},
    defaults={"T": dtypes.float32, "T_threshold": dtypes.float32},
    differentiable=False,
)


def _overlap(box: Array, others: Array) -> Array:
    """Intersection over union of a box with others; corners in any order."""
    low, high = np.minimum(others[:, :2], others[:, 2:]), np.maximum(others[:, :2], others[:, 2:])
    own_low, own_high = np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])
    common = np.clip(np.minimum(high, own_high) - np.maximum(low, own_low), 0, None).prod(-1)
    union = (high - low).prod(-1) + (own_high - own_low).prod(-1) - common
    return np.where(union > 0, common / np.where(union > 0, union, 1), 0)


@suppress_op.kernel
def suppress_kernel(boxes: Array, scores: Array, count: Array, iou: Array, least: Array) -> Array:
    if np.ndim(boxes) != 2:
        found = ",".join(map(str, np.shape(boxes)))
        raise invalid(f"boxes must be 2-D[{found}] (Shape must be rank 2 but is rank {np.ndim(boxes)})")
    if not 0 <= iou <= 1:
        raise invalid("iou_threshold must be in [0, 1]")
    chosen: list[int] = []
    for number in np.argsort(-scores, kind="stable"):
        if len(chosen) >= count or scores[number] <= least:
            break
        if not chosen or (_overlap(boxes[number], boxes[chosen]) <= iou).all():
            chosen.append(int(number))
    return np.array(chosen, np.int32)


@suppress_op.shape_rule
def suppress_shape(boxes: Tensor, scores: Tensor, count: Tensor, iou: Tensor, least: Tensor) -> TensorShape:
    of_rank(boxes.shape, 2)
    of_rank(scores.shape, 1)
    return TensorShape([None])


def non_max_suppression(
    boxes: Any, scores: Any, max_output_size: Any, iou_threshold: Any = 0.5,
    score_threshold: Any = float("-inf"), name: str | None = None,
) -> Tensor:  # fmt: skip
    """The numbers of the boxes with the best scores that do not overlap too much.

    Args:
        boxes: shape ``[boxes, 4]``: two opposite corners.
        scores: one for each box.
        max_output_size: how many boxes, at most.
        iou_threshold: how large the intersection of two boxes may be, divided by their union.
        score_threshold: the least score.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> boxes = [[0.0, 0.0, 1.0, 1.0], [0.0, 0.1, 1.0, 1.1], [2.0, 2.0, 3.0, 3.0]]
    >>> tf.Session().run(tf.image.non_max_suppression(boxes, [0.8, 0.9, 0.3], 3))
    array([1, 2], dtype=int32)
    """
    with name_scope(name or "non_max_suppression"):
        limits = (
            convert_to_tensor(iou_threshold, name="iou_threshold"),
            convert_to_tensor(score_threshold, name="score_threshold"),
        )
        return apply_op(suppress_op, boxes, scores, max_output_size, *limits).outputs[0]
