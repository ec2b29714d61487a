"""Reductions over segments: the rows that have one number."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.division import real_div
from graphmagic.ops.fill import fill
from graphmagic.ops.gather import gather
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import equal, greater
from graphmagic.ops.queries import rank
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


def reduce_sorted(ufunc: np.ufunc, data: Any, ids: Any, count: int, empty: Any) -> Any:
    """Reduce the rows of each segment; `ids` are in order, and segments without rows get `empty`.

    >>> reduce_sorted(np.add, np.array([1, 2, 3]), np.array([0, 0, 2]), 3, -1)
    array([ 3, -1,  3])
    """
    result = np.full((count, *data.shape[1:]), empty, data.dtype)
    if len(ids) and data.size:
        starts = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
        result[ids[starts]] = ufunc.reduceat(data, starts, axis=0, dtype=data.dtype)
    return result


def check_sorted(ids: Any, count: int) -> None:
    """Raise `InvalidArgumentError` unless ids are not negative and in order."""
    if np.any(ids[1:] < ids[:-1]):
        raise invalid("segment ids are not increasing")
    if len(ids) and ids[0] < 0:
        raise invalid(
            f"Segment id {ids[0]} out of range [0, {count}), possibly because 'segment_ids' input is not sorted."
        )


def _declare(name: str, reduce: Any, types: Any) -> OpDef:
    def kernel(data: Any, segment_ids: Any) -> Any:
        if not np.ndim(data):
            raise invalid("input must be at least rank 1")
        if np.ndim(segment_ids) != 1:
            raise invalid("segment_ids should be a vector.")
        if len(segment_ids) != len(data):
            raise invalid("segment_ids should be the same size as dimension 0 of input.")
        count = int(segment_ids[-1]) + 1 if len(segment_ids) else 0
        check_sorted(segment_ids, count)
        return reduce(data, segment_ids, count)

    opdef = OpDef(
        name,
        "data:T, segment_ids:Tindices -> output:T",
        kernel=kernel,
        types={"T": types, "Tindices": dtypes.INDICES},
    )
    opdef.shape_rule(_segment_shape)
    return opdef


def _segment_shape(data: Tensor, segment_ids: Tensor) -> TensorShape:
    of_rank_at_least(data.shape, 1)
    of_rank(segment_ids.shape, 1)
    if data.shape.ints is None:
        return TensorShape(None)
    return TensorShape([None, *data.shape.ints[1:]])


def sums(data: Any, ids: Any, count: int) -> Any:
    """The sum of each segment, for ids in order."""
    return reduce_sorted(np.add, data, ids, count, 0)


def row_counts(data: Any, ids: Any, count: int) -> Any:
    """How many rows each segment has, at least 1, in the type of `data` and to broadcast against it."""
    counts = np.maximum(np.bincount(ids, minlength=count), 1).astype(data.dtype)
    return counts.reshape(-1, *[1] * (data.ndim - 1))


def means(data: Any, ids: Any, count: int) -> Any:
    """The mean of each segment, for ids in order; of integers rounded towards 0."""
    totals, counts = sums(data, ids, count), row_counts(data, ids, count)
    if data.dtype.kind in "iu":
        return np.trunc(np.true_divide(totals, counts)).astype(data.dtype)
    return np.true_divide(totals, counts)


def _reduction(ufunc: np.ufunc, empty: Any) -> Any:
    return lambda data, ids, count: reduce_sorted(ufunc, data, ids, count, empty)


segment_sum_op = _declare("SegmentSum", sums, dtypes.NUMBERS)
segment_mean_op = _declare("SegmentMean", means, dtypes.NUMBERS)
segment_prod_op = _declare("SegmentProd", _reduction(np.multiply, 1), dtypes.NUMBERS)
segment_max_op = _declare("SegmentMax", _reduction(np.maximum, 0), dtypes.REALS)
segment_min_op = _declare("SegmentMin", _reduction(np.minimum, 0), dtypes.REALS)


@segment_sum_op.gradient
def segment_sum_grad(op: Operation, dy: Tensor) -> Grads:
    return gather(dy, op.inputs[1]), None


@segment_mean_op.gradient
def segment_mean_grad(op: Operation, dy: Tensor) -> Grads:
    ids = op.inputs[1]
    counts = segment_sum(ones_like(ids, dy.dtype.base_dtype), ids)
    return gather(real_div(dy, column_like(counts, dy)), ids), None


def column_like(vector: Tensor, x: Tensor) -> Tensor:
    """A vector in a shape that broadcasts against the rows of `x`."""
    return reshape(vector, concat([[-1], fill(reshape(subtract(rank(x), 1), [1]), 1)], 0))


def _extreme_grad(op: Operation, dy: Tensor) -> Grads:
    """Equal extremes share the gradient of their segment equally."""
    data, ids = op.inputs
    chosen = equal(data, gather(op.outputs[0], ids))
    shares = segment_sum(cast(chosen, dy.dtype.base_dtype), ids)
    return where(chosen, gather(real_div(dy, shares), ids), zeros_like(data)), None


segment_max_op.gradient(_extreme_grad)
segment_min_op.gradient(_extreme_grad)


@segment_prod_op.gradient
def segment_prod_grad(op: Operation, dy: Tensor) -> Grads:
    """The product of the others: by division, or where the element is 0 from the product without zeros."""
    data, ids = op.inputs
    is_zero = equal(data, zeros_like(data))
    zeros = segment_sum(cast(is_zero, dtypes.int32), ids)
    kept = where(greater(zeros, ones_like(zeros)), zeros_like(dy), dy)
    without = segment_prod(where(is_zero, ones_like(data), data), ids)
    others = where(is_zero, gather(without, ids), real_div(gather(op.outputs[0], ids), data))
    return multiply(gather(kept, ids), others), None


def segment_sum(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """Sum the rows of `data` that have the same segment number; the numbers are in order.

    Args:
        data: a tensor of numbers.
        segment_ids: for each row its segment, integers that do not decrease.
        name: the operation's name.

    Returns:
        A `Tensor` with one row per segment; segments without rows are 0.

    Raises:
        InvalidArgumentError: the ids decrease, are negative or too few or many, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.segment_sum([[1, 2], [3, 4], [5, 6]], [0, 0, 1]))
    array([[4, 6],
           [5, 6]], dtype=int32)
    """
    return apply_op(segment_sum_op, data, segment_ids, name=name).outputs[0]


def segment_mean(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The mean of the rows that have the same segment number; arguments and errors as `segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.segment_mean([1.0, 2.0, 5.0], [0, 0, 1]))
    array([1.5, 5. ], dtype=float32)
    """
    return apply_op(segment_mean_op, data, segment_ids, name=name).outputs[0]


def segment_prod(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The product of the rows that have the same segment number; 1 for none; otherwise as `segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.segment_prod([2, 3, 4], [0, 0, 2]))
    array([6, 1, 4], dtype=int32)
    """
    return apply_op(segment_prod_op, data, segment_ids, name=name).outputs[0]


def segment_max(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The largest of the rows that have the same segment number; arguments and errors as `segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.segment_max([2, 3, 4], [0, 0, 1]))
    array([3, 4], dtype=int32)
    """
    return apply_op(segment_max_op, data, segment_ids, name=name).outputs[0]


def segment_min(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
    """The smallest of the rows that have the same segment number; arguments and errors as `segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.segment_min([2, 3, 4], [0, 0, 1]))
    array([2, 4], dtype=int32)
    """
    return apply_op(segment_min_op, data, segment_ids, name=name).outputs[0]
