"""Picking elements by index: gather, boolean_mask, and sums over segments that undo them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import choosing, concat, fill, like, queries, reduce, reshaping, transposing
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.batches import static_batches, take_in_batches
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least, size_from
from graphmagic.ops.division import floormod
from graphmagic.ops.logic import greater_equal, logical_and
from graphmagic.ops.row_sums import summed_rows
from graphmagic.shapes import TensorShape, unknown_shape

gather_op = OpDef(
    "GatherV2",
    "params:Tparams, indices:Tindices, axis:Taxis -> output:Tparams",
    types={"Tindices": dtypes.INDICES, "Taxis": dtypes.INDICES},
    defaults={"Taxis": dtypes.int32, "batch_dims": 0},
    value_inputs=("axis",),
)


UNSIGNED = {4: np.uint32, 8: np.uint64}


def check_indices(indices: Any, limit: int, name: str = "indices", problem: str = "is not in") -> None:
    """Raise `InvalidArgumentError` for the first index outside ``[0, limit)``."""
    unsigned = np.asarray(indices).view(
        UNSIGNED[indices.dtype.itemsize]
    )  # negative numbers become large ones
    outside = unsigned >= limit
    if outside.any():
        position = tuple(np.argwhere(outside)[0]) if np.ndim(indices) else ()
        at = f"[{','.join(map(str, position))}]" if position else ""
        raise errors.InvalidArgumentError(
            None, None, f"{name}{at} = {np.asarray(indices)[position]} {problem} [0, {limit})"
        )


@gather_op.kernel
def gather_kernel(params: Any, indices: Any, axis: Any, *, batch_dims: int) -> Any:
    where = int(axis)
    if np.ndim(params) == 0:
        raise invalid("params must be at least 1 dimensional")
    if not -params.ndim <= where < params.ndim:
        raise invalid(
            f"Shape must be at least rank {where + 1 if where >= 0 else -where} but is rank {params.ndim}"
        )
    rest = params.shape[:where] + params.shape[where % params.ndim + 1 :]
    if 0 in rest:  # nothing to read, so nothing is checked, as in TensorFlow
        indices = np.zeros_like(indices)
        if not params.shape[where]:
            params = np.insert(params, 0, 0, where)
    check_indices(indices, params.shape[where])
    if batch_dims:
        return take_in_batches(params, indices, where % params.ndim, batch_dims % max(np.ndim(indices), 1))
    return np.take(params, indices, where)


@gather_op.shape_rule
def gather_shape(params: Tensor, indices: Tensor, axis: Tensor, *, batch_dims: int) -> TensorShape:
    of_rank_at_least(params.shape, 1)
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
    if batch_dims:
        return static_batches(params.shape, indices.shape, position, batch_dims)
    return TensorShape(params.shape.ints[:position] + indices.shape.ints + params.shape.ints[position + 1 :])


@gather_op.gradient
def gather_grad(op: Operation, dy: Tensor) -> tuple[Any, ...]:
    """Rows that were picked get their gradients back; along axis 0 as `IndexedSlices`, never dense."""
    params, indices, axis = op.inputs
    where = static_value(axis)
    if op.attrs["batch_dims"]:
        from graphmagic.ops.batch_gather import batch_gather_grad

        return batch_gather_grad(op, dy)
    shape = queries.shape(params)
    count = reshaping.reshape(queries.size(indices), [1])  # -1 would not do where there are no elements
    if where is not None and int(where) == 0:
        values = reshaping.reshape(dy, concat.concat([count, shape[1:]], 0))
        return IndexedSlices(values, reshaping.reshape(indices, [-1]), shape), None, None
    position = floormod(axis, queries.rank(params))
    before, after = shape[:position], shape[position + 1 :]
    front = fill.range(position)
    back = fill.range(position + 1, queries.rank(params))
    # the picks become one dimension, which goes first to be summed into place, and then back to where it was
    picks = reshaping.reshape(dy, concat.concat([before, count, after], 0))
    rows = transposing.transpose(picks, concat.concat([[position], front, back], 0))
    total = unsorted_segment_sum(rows, reshaping.reshape(indices, [-1]), shape[position])
    return transposing.transpose(total, concat.concat([front + 1, [0], back], 0)), None, None


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """Pick slices of a tensor by number.

    Args:
        params: the tensor to pick from.
        indices: integers of any shape.
        validate_indices: not used; indices are always checked.
        name: the operation's name.
        axis: the dimension of `params` that indices count along; `batch_dims` if None.
        batch_dims: how many leading dimensions `params` and `indices` share: each entry of such a batch of indices
            picks from the entry of `params` at the same place.

    Returns:
        A `Tensor` of shape ``params.shape[:axis] + indices.shape[batch_dims:] + params.shape[axis + 1:]``.

    Raises:
        InvalidArgumentError: an index is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.gather([10, 20, 30], [2, 0, 2]))
    array([30, 10, 30], dtype=int32)
    """
    place = batch_dims if axis is None else axis
    return apply_op(gather_op, params, indices, place, name=name, batch_dims=batch_dims).outputs[0]


# ----- sums over segments -----

segment_sum_op = OpDef(
    "UnsortedSegmentSum",
    "data:T, segment_ids:Tindices, num_segments:Tnumsegments -> output:T",
    types={"T": dtypes.NUMBERS, "Tindices": dtypes.INDICES, "Tnumsegments": dtypes.INDICES},
    defaults={"Tnumsegments": dtypes.int32},
    value_inputs=("num_segments",),
)


def check_segments(data: Any, ids: Any, count: int) -> None:
    """Raise `InvalidArgumentError` unless every row has an id below `count`; negative ones drop their rows."""
    if count < 0:
        raise invalid(f"Input num_segments == {count} must not be negative.")
    if data.shape[: ids.ndim] != ids.shape:
        raise invalid(
            f"data.shape = {shape_text(data)} does not start with segment_ids.shape = {shape_text(ids)}"
        )
    if data.size and np.any(ids >= count):  # what adds nothing is not checked, as in TensorFlow
        check_indices(np.where(ids >= 0, ids, 0), count, "segment_ids", "is out of range")


@segment_sum_op.kernel
def segment_sum_kernel(data: Any, segment_ids: Any, num_segments: Any) -> Any:
    ids, count = np.asarray(segment_ids), int(num_segments)
    check_segments(data, ids, count)
    kept = ids >= 0  # negative ids drop their rows
    result = np.zeros((count, *data.shape[ids.ndim :]), data.dtype)
    if not data.size:
        return result
    if result.ndim == 1 or not kept.any():
        np.add.at(result, ids[kept], data[kept])
    else:
        numbers, sums = summed_rows(ids[kept], data[kept])
        result[numbers] = sums
    return result


@segment_sum_op.shape_rule
def segment_sum_shape(data: Tensor, segment_ids: Tensor, num_segments: Tensor) -> TensorShape:
    of_rank(num_segments.shape, 0)
    rank = segment_ids.shape.ndims
    if data.shape.ints is None or rank is None:
        return TensorShape(None)
    for size, number in zip(data.shape.ints, segment_ids.shape.ints or (), strict=False):
        if size is not None and number is not None and size != number:
            raise ValueError(f"Dimensions must be equal, but are {size} and {number}")
    return TensorShape([size_from(num_segments, 2), *data.shape.ints[rank:]])


@segment_sum_op.gradient
def segment_sum_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    ids = op.inputs[1]
    zero = like.zeros_like(ids)
    picked = gather(dy, maximum(ids, zero))
    inner = fill.fill(reshaping.reshape(queries.rank(picked) - queries.rank(ids), [1]), 1)
    kept = reshaping.reshape(greater_equal(ids, zero), concat.concat([queries.shape(ids), inner], 0))
    kept = logical_and(kept, like.ones_like(picked, dtypes.bool))
    return choosing.where(kept, picked, like.zeros_like(picked)), None, None


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


# ----- boolean_mask -----


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
        covered = x.shape[first : first + rank].num_elements()
        count = reduce.reduce_prod(queries.shape(x)[first : first + rank], [0])
        merged = concat.concat([queries.shape(x)[:first], [count], queries.shape(x)[first + rank :]], 0)
        rows = reshaping.reshape(x, merged)
        rows.set_shape(x.shape[:first].concatenate([covered]).concatenate(x.shape[first + rank :]))
        picked = reshaping.squeeze(choosing.where(reshaping.reshape(flags, [-1])), [1])
        return gather(rows, picked, axis=first)
