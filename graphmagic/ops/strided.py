"""Strided slices: what ``tensor[...]`` stands for."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import like, queries
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


def _index(begin: Any, end: Any, strides: Any, masks: dict[str, int]) -> tuple[Any, ...]:
    """The NumPy index that a StridedSlice stands for."""
    index: list[Any] = []
    for i, (first, last, step) in enumerate(zip(begin.tolist(), end.tolist(), strides.tolist(), strict=True)):
        bit = 1 << i
        if masks["ellipsis_mask"] & bit:
            index.append(Ellipsis)
        elif masks["new_axis_mask"] & bit:
            index.append(None)
        elif masks["shrink_axis_mask"] & bit:
            index.append(first)
        else:
            start = None if masks["begin_mask"] & bit else first
            stop = None if masks["end_mask"] & bit else last
            index.append(builtins.slice(start, stop, step))
    return tuple(index)


def checked_index(
    begin: Any, end: Any, strides: Any, masks: dict[str, int], shape: tuple[int | None, ...]
) -> tuple[Any, ...]:
    """The NumPy index that a StridedSlice of a shape stands for.

    Raises:
        ValueError: it does not fit the shape.
    """
    if masks["ellipsis_mask"].bit_count() > 1:
        raise ValueError("Multiple ellipses in slice spec not allowed")
    if not np.all(strides):
        raise ValueError(f"strides[{int(np.argmin(strides != 0))}] must be non-zero")
    if any(step < 0 and masks["shrink_axis_mask"] >> i & 1 for i, step in enumerate(strides.tolist())):
        raise ValueError("only stride 1 allowed on non-range indexing.")
    index = _index(begin, end, strides, masks)
    taken = sum(1 for i in index if i is not None and i is not Ellipsis)
    if taken > len(shape) == 0:
        raise ValueError("Attempting to slice scalar input.")
    if taken > len(shape):
        raise ValueError(f"Index out of range using input dim {len(shape)}; input has only {len(shape)} dims")
    axis = 0
    for item in index:
        if item is Ellipsis:
            axis += len(shape) - taken
        elif item is not None:
            size = shape[axis]
            if isinstance(item, int) and size is not None and not -size <= item < size:
                past = item + size if item < 0 else item
                raise ValueError(f"slice index {past} of dimension {axis} out of bounds.")
            axis += 1
    return index


strided_slice_op = OpDef(
    "StridedSlice",
    "input:T, begin:Index, end:Index, strides:Index -> output:T",
    types={"Index": dtypes.INDICES},
    defaults=dict.fromkeys(MASKS, 0),
    view=True,
    value_inputs=("strides", "begin", "end"),
)


@strided_slice_op.kernel
def strided_slice_kernel(
    x: Any,
    begin: Any,
    end: Any,
    strides: Any,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Any:
    masks = dict(
        zip(MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    try:
        index = checked_index(begin, end, strides, masks, np.shape(x))
    except ValueError as error:
        raise errors.InvalidArgumentError(None, None, str(error)) from None
    return np.asarray(x)[index]


@strided_slice_op.shape_rule
def strided_slice_shape(
    x: Tensor,
    begin: Tensor,
    end: Tensor,
    strides: Tensor,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> TensorShape:
    numbers = begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask
    return static_slice_shape(x, begin, end, strides, dict(zip(MASKS, numbers, strict=True)))


def static_slice_shape(
    x: Tensor, begin: Tensor, end: Tensor, strides: Tensor, masks: dict[str, int]
) -> TensorShape:
    """What is known of the shape of a slice.

    Raises:
        ValueError: an index is known to be out of range.
    """
    merged_shape(merged_shape(of_rank(begin.shape, 1), of_rank(end.shape, 1)), of_rank(strides.shape, 1))
    if x.shape.ints is None:
        return TensorShape(None)
    values = [static_value(t) for t in (begin, end, strides)]
    if values[2] is None:
        return TensorShape(None)
    known = values[0] is not None and values[1] is not None
    first, last = (np.zeros_like(values[2]) if v is None else v for v in values[:2])
    index = checked_index(
        first, last, values[2], masks, x.shape.ints if known else (None,) * len(x.shape.ints)
    )
    return _static_slice(x.shape.ints, index, known)


def _static_slice(shape: tuple[int | None, ...], index: tuple[Any, ...], known: bool) -> TensorShape:
    taken = sum(1 for i in index if i is not None and i is not Ellipsis)
    dims: list[int | None] = []
    axis = 0
    for item in index:
        if item is Ellipsis:
            width = len(shape) - taken
            dims += shape[axis : axis + width]
            axis += width
        elif item is None:
            dims.append(1)
        else:
            if isinstance(item, builtins.slice):
                dims.append(_slice_size(shape[axis], item, known))
            axis += 1
    return TensorShape([*dims, *shape[axis:]])


def _slice_size(size: int | None, item: builtins.slice, known: bool) -> int | None:
    if item == builtins.slice(None, None, 1):
        return size
    if not known:
        return None
    if size is not None:
        return len(range(*item.indices(size)))
    return None


@strided_slice_op.gradient
def strided_slice_grad(op: Operation, dy: Tensor) -> Grads:
    x, begin, end, strides = op.inputs
    masks = {key: op.attrs[key] for key in MASKS}
    shape = queries.shape(x, out_type=begin.dtype.base_dtype)
    return (
        apply_op(strided_slice_grad_op, shape, begin, end, strides, dy, **masks).outputs[0],
        None,
        None,
        None,
    )


strided_slice_grad_op = OpDef(
    "StridedSliceGrad",
    "shape:Index, begin:Index, end:Index, strides:Index, dy:T -> output:T",
    types={"Index": dtypes.INDICES},
    defaults=dict.fromkeys(MASKS, 0),
    shape_inputs=("shape",),
)


@strided_slice_grad_op.kernel
def strided_slice_grad_kernel(
    shape: Any,
    begin: Any,
    end: Any,
    strides: Any,
    dy: Any,
    *,
    begin_mask: int,
    end_mask: int,
    ellipsis_mask: int,
    new_axis_mask: int,
    shrink_axis_mask: int,
) -> Any:
    masks = dict(
        zip(MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    result = np.zeros(tuple(shape), dy.dtype)
    part = result[index := _index(begin, end, strides, masks)]
    if np.shape(part) != np.shape(dy):
        raise invalid(f"shape of dy was {shape_text(dy)} instead of {shape_text(part)}")
    result[index] = dy
    return result


@strided_slice_grad_op.shape_rule
def strided_slice_grad_shape(
    shape: Tensor, begin: Tensor, end: Tensor, strides: Tensor, dy: Tensor
) -> TensorShape:
    return partial_shape(shape)


@strided_slice_grad_op.gradient
def strided_slice_grad_grad(op: Operation, dy: Tensor) -> Grads:
    _, begin, end, strides, _ = op.inputs
    masks = {key: op.attrs[key] for key in MASKS}
    return None, None, None, None, apply_op(strided_slice_op, dy, begin, end, strides, **masks).outputs[0]


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """A slice given by vectors of begins, ends and strides; ``tensor[...]`` is the convenient form.

    Args:
        input_: a tensor.
        begin: where each slice begins.
        end: where it ends, not included.
        strides: the steps; ones if None.
        begin_mask: bits of the dimensions whose begin is ignored.
        end_mask: bits of the dimensions whose end is ignored.
        ellipsis_mask: the bit that stands for all dimensions not named.
        new_axis_mask: bits that insert a dimension.
        shrink_axis_mask: bits that take one element and drop the dimension.
        var: not used.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: an index is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strided_slice([1, 2, 3, 4, 5], [0], [5], [2]))
    array([1, 3, 5], dtype=int32)
    """
    if strides is None:
        strides = like.ones_like(convert_to_tensor(begin))
    masks = dict(
        zip(MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    return apply_op(
        strided_slice_op, input_, begin, end, strides, name=name or "StridedSlice", **masks
    ).outputs[0]
