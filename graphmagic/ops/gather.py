"""Picking elements by index: gather, one_hot, boolean_mask, and sums over segments that undo them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import array, join
from graphmagic.shapes import TensorShape, unknown_shape

gather_op = OpDef(
    "GatherV2",
    "params:Tparams, indices:Tindices, axis:Taxis -> output:Tparams",
    types={"Tindices": dtypes.INDICES, "Taxis": dtypes.INDICES},
    defaults={"Taxis": dtypes.int32, "batch_dims": 0},
)


def check_indices(indices: Any, limit: int, name: str = "indices") -> None:
    """Raise `InvalidArgumentError` for the first index outside ``[0, limit)``."""
    outside = (indices < 0) | (indices >= limit)
    if np.any(outside):
        position = tuple(np.argwhere(outside)[0]) if np.ndim(indices) else ()
        at = f"[{','.join(map(str, position))}]" if position else ""
        raise errors.InvalidArgumentError(
            None, None, f"{name}{at} = {np.asarray(indices)[position]} is not in [0, {limit})"
        )


@gather_op.kernel
def gather_kernel(params: Any, indices: Any, axis: Any) -> Any:
    where = int(axis)
    check_indices(indices, params.shape[where])
    return np.take(params, indices, where)


@gather_op.shape_rule
def gather_shape(params: Tensor, indices: Tensor, axis: Tensor) -> TensorShape:
    where = static_value(axis)
    if params.shape.ints is None or indices.shape.ints is None:
        return TensorShape(None)
    rank = len(params.shape.ints)
    if where is None:
        return unknown_shape(rank - 1 + len(indices.shape.ints))
    position = int(where)
    if not -rank <= position < rank:
        raise ValueError(
            f"Shape must be at least rank {position + 1 if position >= 0 else -position} but is rank {rank}"
        )
    position %= rank
    return TensorShape(params.shape.ints[:position] + indices.shape.ints + params.shape.ints[position + 1 :])


@gather_op.gradient
def gather_grad(op: Operation, dy: Tensor) -> tuple[Any, ...]:
    """Rows that were picked get their gradients back; along axis 0 as `IndexedSlices`, never dense."""
    params, indices, axis = op.inputs
    where = static_value(axis)
    if where is not None and int(where) == 0:
        shape = array.shape(params)
        values = array.reshape(dy, join.concat([[-1], shape[1:]], 0))  # type: ignore[index]
        return IndexedSlices(values, array.reshape(indices, [-1]), shape), None, None
    if where is None or params.shape.ndims is None or indices.shape.ndims is None:
        raise LookupError("the gradient of tf.gather needs a known axis and known ranks")
    rank, picks, position = params.shape.ndims, indices.shape.ndims, int(where) % params.shape.ndims
    front = list(range(position, position + picks))
    rest = [a for a in range(rank - 1 + picks) if a not in front]
    moved = array.transpose(dy, front + rest)
    moved_shape = array.shape(moved)
    rows = array.reshape(moved, join.concat([[-1], moved_shape[picks:]], 0))  # type: ignore[index]
    total = unsorted_segment_sum(rows, array.reshape(indices, [-1]), array.shape(params)[position])  # type: ignore[index]
    back = [*range(1, position + 1), 0, *range(position + 1, rank)]
    return array.transpose(total, back), None, None


def gather(
    params: Any, indices: Any, validate_indices: Any = None, name: str | None = None, axis: Any = 0
) -> Tensor:
    """Pick slices of a tensor by number.

    Args:
        params: the tensor to pick from.
        indices: integers of any shape.
        validate_indices: not used; indices are always checked.
        name: the operation's name.
        axis: the dimension of `params` that indices count along.

    Returns:
        A `Tensor` of shape ``params.shape[:axis] + indices.shape + params.shape[axis + 1:]``.

    Raises:
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.gather([10, 20, 30], [2, 0, 2]))
    array([30, 10, 30], dtype=int32)
    """
    return apply_op(gather_op, params, indices, axis, name=name).outputs[0]


# ----- sums over segments -----

segment_sum_op = OpDef(
    "UnsortedSegmentSum",
    "data:T, segment_ids:Tindices, num_segments:Tnumsegments -> output:T",
    types={"T": dtypes.NUMBERS, "Tindices": dtypes.INDICES, "Tnumsegments": dtypes.INDICES},
    defaults={"Tnumsegments": dtypes.int32},
)


@segment_sum_op.kernel
def segment_sum_kernel(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    ids, count = np.asarray(segment_ids), int(num_segments)
    kept = ids >= 0  # negative ids drop their rows
    check_indices(np.where(kept, ids, 0), max(count, 1), "segment_ids")
    result = np.zeros((count, *data.shape[ids.ndim :]), data.dtype)
    np.add.at(result, ids[kept], data[kept])
    return result


@segment_sum_op.shape_rule
def segment_sum_shape(data: Tensor, segment_ids: Tensor, num_segments: Tensor) -> TensorShape:
    count = static_value(num_segments)
    if data.shape.ints is None or segment_ids.shape.ndims is None:
        return TensorShape(None)
    return TensorShape([None if count is None else int(count), *data.shape.ints[segment_ids.shape.ndims :]])


@segment_sum_op.gradient
def segment_sum_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    ids = op.inputs[1]
    return gather(dy, ids), None, None


def unsorted_segment_sum(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """Sum the rows of `data` that have the same segment number.

    Args:
        data: a tensor.
        segment_ids: integers whose shape is a prefix of the shape of `data`; rows with a negative id are dropped.
        num_segments: the number of segments.
        name: the operation's name.

    Returns:
        A `Tensor` with one row per segment.

    Raises:
        InvalidArgumentError: an id is not below `num_segments`, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_sum([1, 2, 3], [0, 1, 0], 2))
    array([4, 2], dtype=int32)
    """
    return apply_op(segment_sum_op, data, segment_ids, num_segments, name=name).outputs[0]


def _dense(value: Any, dtype: Any, name: str | None, as_ref: bool) -> Any:
    """`IndexedSlices` become a tensor by summing their rows into place."""
    if dtype is not None and dtype is not value.dtype.base_dtype:
        raise ValueError(
            f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with dtype {value.dtype.name}"
        )
    if value.dense_shape is None:
        raise ValueError(f"Tensor conversion requested for IndexedSlices without dense_shape: {value}")
    result = unsorted_segment_sum(value.values, value.indices, value.dense_shape[0], name=name)
    result.set_shape(partial_shape(value.dense_shape))
    return result


register_tensor_conversion_function(IndexedSlices, _dense, 90)


# ----- one_hot and boolean_mask -----

one_hot_op = OpDef(
    "OneHot",
    "indices:TI, depth:int32, on_value:T, off_value:T -> output:T",
    types={"TI": (dtypes.uint8, dtypes.int8, *dtypes.INDICES)},
    defaults={"axis": -1},
    differentiable=False,
)


@one_hot_op.kernel
def one_hot_kernel(indices: Any, depth: Any, on_value: Any, off_value: Any, *, axis: int) -> Any:
    marks = np.equal(np.expand_dims(indices, -1), np.arange(int(depth)))
    result = np.where(marks, on_value, off_value)
    return np.moveaxis(result, -1, axis) if axis != -1 else result


@one_hot_op.shape_rule
def one_hot_shape(
    indices: Tensor, depth: Tensor, on_value: Tensor, off_value: Tensor, *, axis: int
) -> TensorShape:
    if indices.shape.ints is None:
        return TensorShape(None)
    size = static_value(depth)
    dims = list(indices.shape.ints)
    dims.insert(len(dims) if axis == -1 else axis, None if size is None else int(size))
    return TensorShape(dims)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """Vectors with one element switched on.

    Args:
        indices: which element, integers of any shape; an index out of range switches nothing on.
        depth: the length of the vectors.
        on_value: the value switched on; 1 if None.
        off_value: the value elsewhere; 0 if None.
        axis: where the new dimension goes; last if None.
        dtype: the type; that of the values, else float32.
        name: the operation's name.

    Returns:
        A `Tensor` of one rank more than `indices`.

    Raises:
        TypeError: the values do not have one type.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.one_hot([0, 2], 3))
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "one_hot") as scope:
        kind = None if dtype is None else as_dtype(dtype)
        on = None if on_value is None else convert_to_tensor(on_value, dtype_hint=kind, name="on_value")
        off = None if off_value is None else convert_to_tensor(off_value, dtype_hint=kind, name="off_value")
        kinds = {t.dtype.base_dtype for t in (on, off) if t is not None}
        if len(kinds) > 1 or (kind is not None and kinds - {kind}):
            shown = ", ".join(sorted(k.name for k in kinds | ({kind} if kind else set())))
            raise TypeError(f"on_value, off_value and dtype must have the same type, got {shown}")
        kind = kind or next(iter(kinds), dtypes.float32)
        on = convert_to_tensor(_unit(1, kind), kind, name="on_value") if on is None else on
        off = convert_to_tensor(_unit(0, kind), kind, name="off_value") if off is None else off
        return apply_op(
            one_hot_op, indices, depth, on, off, name=scope, axis=-1 if axis is None else axis
        ).outputs[0]


def _unit(value: int, kind: Any) -> Any:
    return bool(value) if kind.is_bool else value


def boolean_mask(tensor: Any, mask: Any, name: str = "boolean_mask", axis: int | None = None) -> Tensor:
    """The elements where a mask is true.

    Args:
        tensor: a tensor.
        mask: booleans whose shape is that of leading dimensions of `tensor` (from `axis` on).
        name: the operation's name.
        axis: the first dimension that the mask covers; 0 if None.

    Returns:
        A `Tensor` with the masked dimensions replaced by one.

    Raises:
        ValueError: the mask is a scalar, or its rank is unknown, or its shape does not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.boolean_mask([1, 2, 3], [True, False, True]))
    array([1, 3], dtype=int32)
    """
    with get_default_graph().name_scope(name):
        x = convert_to_tensor(tensor, name="tensor")
        flags = convert_to_tensor(mask, name="mask")
        rank, first = flags.shape.ndims, axis or 0
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        if rank is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None.  "
                "E.g. shape=[None] is ok, but shape=None is not."
            )
        x.shape[first : first + rank].assert_is_compatible_with(flags.shape)
        shape = array.shape(x)
        merged = join.concat([shape[:first], [-1], shape[first + rank :]], 0)  # type: ignore[index]
        picked = array.squeeze(array.where(array.reshape(flags, [-1])), [1])
        return gather(array.reshape(x, merged), picked, axis=first)
