"""Slices: ``tensor[...]`` in every form of Python, and `tf.slice`."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import array, join
from graphmagic.shapes import Dimension, TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]
_MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")


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


def _checked_index(
    begin: Any, end: Any, strides: Any, masks: dict[str, int], shape: tuple[int | None, ...]
) -> tuple[Any, ...]:
    if not np.all(strides):
        raise ValueError(f"strides[{int(np.argmin(strides != 0))}] must be non-zero")
    index = _index(begin, end, strides, masks)
    taken = sum(1 for i in index if i is not None and i is not Ellipsis)
    if taken > len(shape):
        raise ValueError(f"Index out of range using input dim {len(shape)}; input has only {len(shape)} dims")
    axis = 0
    for item in index:
        if item is Ellipsis:
            axis += len(shape) - taken
        elif item is not None:
            size = shape[axis]
            if isinstance(item, int) and size is not None and not -size <= item < size:
                raise ValueError(f"slice index {item} of dimension {axis} out of bounds.")
            axis += 1
    return index


strided_slice_op = OpDef(
    "StridedSlice",
    "input:T, begin:Index, end:Index, strides:Index -> output:T",
    types={"Index": dtypes.INDICES},
    defaults=dict.fromkeys(_MASKS, 0),
    view=True,
    value_inputs=("begin", "end", "strides"),
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
        zip(_MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    try:
        index = _checked_index(begin, end, strides, masks, np.shape(x))
    except ValueError as error:
        raise errors.InvalidArgumentError(None, None, str(error)) from None
    return np.asarray(x)[index]


@strided_slice_op.shape_rule
def strided_slice_shape(
    x: Tensor, begin: Tensor, end: Tensor, strides: Tensor, *, op: Operation
) -> TensorShape:
    if x.shape.ints is None:
        return TensorShape(None)
    values = [static_value(t) for t in (begin, end, strides)]
    if values[2] is None:
        return TensorShape(None)
    known = values[0] is not None and values[1] is not None
    first, last = (np.zeros_like(values[2]) if v is None else v for v in values[:2])
    index = _checked_index(
        first, last, values[2], op.attrs, x.shape.ints if known else (None,) * len(x.shape.ints)
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
    start, stop = item.start or 0, item.stop
    never_longer = stop is not None and start >= 0 and 0 <= stop <= start and item.step > 0
    return 0 if never_longer else None


@strided_slice_op.gradient
def strided_slice_grad(op: Operation, dy: Tensor) -> Grads:
    x, begin, end, strides = op.inputs
    masks = {key: op.attrs[key] for key in _MASKS}
    shape = array.shape(x, out_type=begin.dtype.base_dtype)
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
    defaults=dict.fromkeys(_MASKS, 0),
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
        zip(_MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    result = np.zeros(tuple(shape), dy.dtype)
    result[_index(begin, end, strides, masks)] = dy
    return result


@strided_slice_grad_op.shape_rule
def strided_slice_grad_shape(
    shape: Tensor, begin: Tensor, end: Tensor, strides: Tensor, dy: Tensor
) -> TensorShape:
    return partial_shape(shape)


@strided_slice_grad_op.gradient
def strided_slice_grad_grad(op: Operation, dy: Tensor) -> Grads:
    _, begin, end, strides, _ = op.inputs
    masks = {key: op.attrs[key] for key in _MASKS}
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
        strides = array.ones_like(convert_to_tensor(begin))
    masks = dict(
        zip(_MASKS, (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask), strict=True)
    )
    return apply_op(
        strided_slice_op, input_, begin, end, strides, name=name or "StridedSlice", **masks
    ).outputs[0]


def _bound(value: Any) -> Any:
    return value.value if isinstance(value, Dimension) else value


def _check_item(item: Any) -> None:
    is_tensor = (
        isinstance(item, Tensor) and item.dtype.base_dtype in dtypes.INDICES and item.shape.ndims in (0, None)
    )
    is_number = isinstance(item, (int, np.integer, Dimension)) and not isinstance(item, bool)
    if not (is_tensor or is_number or getattr(item, "is_graph_variable", False)):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 tensors "
            f"are valid indices, got {item!r}"
        )


def get_item(tensor: Tensor, key: Any) -> Tensor:
    """``tensor[key]``: integers, slices, ``...``, None and scalar integer tensors, in any mix.

    Raises:
        TypeError: the key holds something else.
        ValueError: an index is known to be out of range.

    >>> import graphmagic as tf
    >>> x = tf.constant([[1, 2, 3], [4, 5, 6]])
    >>> tf.Session().run([x[1, ::-1], x[..., 0], x[:, tf.newaxis, 1]])
    [array([6, 5, 4], dtype=int32), array([1, 4], dtype=int32), array([[2],
           [5]], dtype=int32)]
    """
    if isinstance(key, Tensor) and key.dtype.base_dtype is dtypes.bool:
        from graphmagic.ops.gather import boolean_mask

        return boolean_mask(tensor, key)
    begin: list[Any] = []
    end: list[Any] = []
    strides: list[Any] = []
    masks = dict.fromkeys(_MASKS, 0)
    for i, item in enumerate(key if isinstance(key, (tuple, list)) else (key,)):
        first, last, step = _one_item(item, 1 << i, masks)
        begin.append(first)
        end.append(last)
        strides.append(step)
    if masks["ellipsis_mask"].bit_count() > 1:
        raise ValueError("Multiple ellipses not allowed")
    with get_default_graph().name_scope("strided_slice") as scope:
        packed = [_packed(part) for part in (begin, end, strides)]
        return apply_op(strided_slice_op, tensor, *packed, name=scope, **masks).outputs[0]


def _one_item(item: Any, bit: int, masks: dict[str, int]) -> tuple[Any, Any, Any]:
    """(begin, end, stride) of one item of a key; notes in `masks` what it ignores."""
    if isinstance(item, builtins.slice):
        for bound in (item.start, item.stop, item.step):
            if bound is not None:
                _check_item(bound)
        if item.start is None:
            masks["begin_mask"] |= bit
        if _bound(item.stop) is None:
            masks["end_mask"] |= bit
        return _or(item.start, 0), _or(item.stop, 0), _or(item.step, 1)
    if item is Ellipsis:
        masks["ellipsis_mask"] |= bit
        return 0, 0, 1
    if item is None:
        masks["new_axis_mask"] |= bit
        return 0, 0, 1
    _check_item(item)
    masks["shrink_axis_mask"] |= bit
    item = _bound(item)
    return item, item + 1, 1


def _or(value: Any, default: int) -> Any:
    value = _bound(value)
    return default if value is None else value


def _packed(items: list[Any]) -> Tensor:
    if any(isinstance(i, Tensor) for i in items):
        kinds = {i.dtype.base_dtype for i in items if isinstance(i, Tensor)}
        kind = dtypes.int64 if dtypes.int64 in kinds else dtypes.int32
        from graphmagic.ops.math import cast

        return join.stack([cast(i, kind) if isinstance(i, Tensor) else i for i in items])
    return convert_to_tensor(np.array(items, np.int32).reshape(len(items)), name="stack")


# ----- tf.slice -----

slice_op = OpDef(
    "Slice",
    "input:T, begin:Index, size:Index -> output:T",
    types={"Index": dtypes.INDICES},
    view=True,
    value_inputs=("begin", "size"),
)


@slice_op.kernel
def slice_kernel(x: Any, begin: Any, size: Any) -> Any:
    index = []
    for axis, (first, count, whole) in enumerate(zip(begin.tolist(), size.tolist(), x.shape, strict=True)):
        last = whole if count == -1 else first + count
        if not (0 <= first <= whole and first <= last <= whole):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected begin[{axis}] in [0, {whole}], but got {first}"
                if not 0 <= first <= whole
                else f"Expected size[{axis}] in [0, {whole - first}], but got {count}",
            )
        index.append(builtins.slice(first, last))
    return x[tuple(index)]


@slice_op.shape_rule
def slice_shape(x: Tensor, begin: Tensor, size: Tensor) -> TensorShape:
    rank = next((s.shape.ints[0] for s in (begin, size) if s.shape.ints), x.shape.ndims)
    if x.shape.ints is not None and rank is not None and len(x.shape.ints) != rank:
        raise ValueError(f"Shape must be rank {rank} but is rank {len(x.shape.ints)}")
    counts, starts = static_value(size), static_value(begin)
    if counts is None:
        sizes = partial_shape(size)
        return unknown_shape(rank) if sizes.ints is None else sizes
    dims: list[int | None] = []
    for axis, count in enumerate(counts.tolist()):
        whole = None if x.shape.ints is None else x.shape.ints[axis]
        first = None if starts is None else int(starts[axis])
        if count == -1:
            dims.append(None if whole is None or first is None else whole - first)
            continue
        if whole is not None and first is not None and first + count > whole:
            raise ValueError(
                f"Need value.shape[{axis}] >= begin[{axis}] + size[{axis}], got {whole} < {first} + {count}"
            )
        dims.append(count)
    return TensorShape(dims)


@slice_op.gradient
def slice_grad(op: Operation, dy: Tensor) -> Grads:
    x, begin, _ = op.inputs
    kind = begin.dtype.base_dtype
    size = array.shape(op.outputs[0], out_type=kind)
    whole = array.shape(x, out_type=kind)
    end = begin + size  # type: ignore[operator]
    ones = array.ones_like(begin)
    return apply_op(strided_slice_grad_op, whole, begin, end, ones, dy).outputs[0], None, None


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """A part of a tensor: `size` elements from `begin`, along each dimension.

    Args:
        input_: a tensor of rank r.
        begin: the first position along each dimension, r integers.
        size: how many, r integers; -1 means all that follow.
        name: the operation's name.

    Returns:
        A `Tensor` of rank r.

    Raises:
        ValueError: the slice is known to leave the tensor.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.slice([[1, 2, 3], [4, 5, 6]], [0, 1], [-1, 2]))
    array([[2, 3],
           [5, 6]], dtype=int32)
    """
    return apply_op(slice_op, input_, begin, size, name=name).outputs[0]
