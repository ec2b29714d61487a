"""Reductions over segments of rows that are picked by index."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import maximum, multiply
from graphmagic.ops.checks import invalid, merged_shape, of_rank, of_rank_at_least
from graphmagic.ops.division import reciprocal
from graphmagic.ops.elementary import rsqrt
from graphmagic.ops.gather import gather, unsorted_segment_sum
from graphmagic.ops.like import ones_like
from graphmagic.ops.queries import shape
from graphmagic.ops.segments import check_sorted, column_like, means, row_counts, sums
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


def _sums_over_roots(data: Any, ids: Any, count: int) -> Any:
    return np.true_divide(sums(data, ids, count), np.sqrt(row_counts(data, ids, count)))


def _declare(name: str, reduce: Any, factor: Any, types: Any) -> dict[bool, OpDef]:
    """Declare a reduction without and with a number of segments.

    Args:
        name: of the type.
        reduce: computes it, from rows, segment ids and the number of segments.
        factor: from the numbers of rows of the segments, what the gradient is multiplied by; None for 1.
        types: of the data.
    """

    def kernel(data: Any, indices: Any, segment_ids: Any, num_segments: Any = None) -> Any:
        if not np.ndim(data):
            raise invalid("Shape must be at least rank 1")
        if len(segment_ids) != len(indices):
            raise invalid("segment_ids and indices should have same size.")
        needed = int(segment_ids[-1]) + 1 if len(segment_ids) else 0
        count = needed if num_segments is None else int(num_segments)
        check_sorted(segment_ids, count)
        outside = np.flatnonzero((indices < 0) | (indices >= len(data)))
        if len(outside):
            first = outside[0]
            raise invalid(f"Bad: indices[{first}] == {indices[first]} out of range [0, {len(data)})")
        if needed > count:
            raise invalid("segment ids must be < num_segments")
        return reduce(data[indices], segment_ids, count)

    def gradient(op: Operation, dy: Tensor) -> Grads:
        data, indices, ids = op.inputs[:3]
        if factor is not None:
            counts = unsorted_segment_sum(ones_like(ids, dy.dtype.base_dtype), ids, shape(dy)[0])
            dy = multiply(dy, column_like(factor(maximum(counts, 1)), dy))
        total = unsorted_segment_sum(gather(dy, ids), indices, shape(data)[0])
        return (total, *[None] * (len(op.inputs) - 1))

    found = {}
    for counted in (False, True):
        opdef = OpDef(
            f"{name}WithNumSegments" if counted else name,
            "data:T, indices:Tidx, segment_ids:Tsegmentids"
            + (", num_segments:Tnumsegments -> output:T" if counted else " -> output:T"),
            kernel=kernel,
            types={"T": types, **dict.fromkeys(("Tidx", "Tsegmentids", "Tnumsegments"), dtypes.INDICES)},
            defaults={"Tidx": dtypes.int32, "Tsegmentids": dtypes.int32}
            | ({"Tnumsegments": dtypes.int32} if counted else {}),
        )
        opdef.shape_rule(_shape_rule)
        opdef.gradient(gradient)
        found[counted] = opdef
    return found


def _shape_rule(
    data: Tensor, indices: Tensor, segment_ids: Tensor, num_segments: Tensor | None = None
) -> TensorShape:
    of_rank_at_least(data.shape, 1)
    merged_shape(of_rank(indices.shape, 1), of_rank(segment_ids.shape, 1))
    count = None if num_segments is None else static_value(num_segments)
    if data.shape.ints is None:
        return TensorShape(None)
    return TensorShape([None if count is None else int(count), *data.shape.ints[1:]])


sum_ops = _declare("SparseSegmentSum", sums, None, dtypes.REALS)
mean_ops = _declare("SparseSegmentMean", means, reciprocal, dtypes.REAL_FLOATS)
sqrt_n_ops = _declare("SparseSegmentSqrtN", _sums_over_roots, rsqrt, dtypes.REAL_FLOATS)


def _apply(
    ops: dict[bool, OpDef], data: Any, indices: Any, segment_ids: Any, name: str | None, num_segments: Any
) -> Tensor:
    if num_segments is None:
        return apply_op(ops[False], data, indices, segment_ids, name=name).outputs[0]
    return apply_op(ops[True], data, indices, segment_ids, num_segments, name=name).outputs[0]


def sparse_segment_sum(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """Sum the rows of `data` picked by `indices` that have the same segment number.

    Args:
        data: a tensor of numbers.
        indices: which rows, integers.
        segment_ids: for each index its segment, integers that do not decrease.
        name: the operation's name.
        num_segments: the number of segments; as many as the ids need if None.

    Returns:
        A `Tensor` with one row per segment; segments without rows are 0.

    Raises:
        InvalidArgumentError: an index is out of range or the ids are not in order, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sparse_segment_sum([[1, 2], [3, 4], [5, 6]], [0, 2, 2], [0, 0, 1]))
    array([[6, 8],
           [5, 6]], dtype=int32)
    """
    return _apply(sum_ops, data, indices, segment_ids, name, num_segments)


def sparse_segment_mean(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The mean of the rows of each segment; arguments and errors as `sparse_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sparse_segment_mean([1.0, 2.0, 4.0], [0, 2, 1], [0, 0, 1]))
    array([2.5, 2. ], dtype=float32)
    """
    return _apply(mean_ops, data, indices, segment_ids, name, num_segments)


def sparse_segment_sqrt_n(
    data: Any, indices: Any, segment_ids: Any, name: str | None = None, num_segments: Any = None
) -> Tensor:
    """The sum of the rows of each segment over the square root of how many they are.

    Arguments and errors as `sparse_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sparse_segment_sqrt_n([1.0, 2.0, 4.0], [0, 2, 1], [0, 0, 1])).round(4)
    array([3.5355, 2.    ], dtype=float32)
    """
    return _apply(sqrt_n_ops, data, indices, segment_ids, name, num_segments)
