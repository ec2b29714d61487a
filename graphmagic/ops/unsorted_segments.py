"""Reductions over segments whose numbers are in any order, and negative for rows to leave out."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import maximum, multiply, subtract
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.division import real_div
from graphmagic.ops.elementary import sqrt
from graphmagic.ops.fill import fill
from graphmagic.ops.gather import (
    check_segments,
    gather,
    segment_sum_shape,
    unsorted_segment_sum,
)
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import equal, greater, greater_equal, logical_and
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.segments import reduce_sorted

Grads = tuple[Tensor | None, ...]


def _declare(name: str, ufunc: np.ufunc, empty: Any, types: Any) -> OpDef:
    """Declare a reduction; ``empty(dtype)`` is the value of segments without rows."""

    def kernel(data: Any, segment_ids: Any, num_segments: Any) -> Any:
        ids, count = np.asarray(segment_ids), int(num_segments)
        check_segments(data, ids, count)
        flat = ids.ravel()
        kept = flat >= 0
        order = np.argsort(flat[kept], kind="stable")
        rows = data.reshape(ids.size, *data.shape[ids.ndim :])[kept][order]
        return reduce_sorted(ufunc, rows, flat[kept][order], count, empty(data.dtype))

    opdef = OpDef(
        name,
        "data:T, segment_ids:Tindices, num_segments:Tnumsegments -> output:T",
        kernel=kernel,
        types={"T": types, "Tindices": dtypes.INDICES, "Tnumsegments": dtypes.INDICES},
        defaults={"Tnumsegments": dtypes.int32},
        value_inputs=("num_segments",),
    )
    opdef.shape_rule(segment_sum_shape)
    return opdef


max_op = _declare("UnsortedSegmentMax", np.maximum, lambda kind: as_dtype(kind).min, dtypes.REALS)
min_op = _declare("UnsortedSegmentMin", np.minimum, lambda kind: as_dtype(kind).max, dtypes.REALS)
prod_op = _declare("UnsortedSegmentProd", np.multiply, lambda kind: 1, dtypes.NUMBERS)


def _spread(values: Tensor, ids: Tensor, data: Tensor) -> tuple[Tensor, Tensor]:
    """For each element of `data` the value of its segment, and whether it belongs to one at all."""
    zero = zeros_like(ids)
    picked = gather(values, maximum(ids, zero))
    kept = reshape(greater_equal(ids, zero), concat([shape(ids), _ones_for_rows(data, ids)], 0))
    return picked, broadcast_to(kept, shape(picked))


def _ones_for_rows(data: Tensor, ids: Tensor) -> Tensor:
    """A one for each dimension that the rows have: the end of a shape that broadcasts against them."""
    return fill(reshape(subtract(rank(data), rank(ids)), [1]), 1)


def _extreme_grad(op: Operation, dy: Tensor) -> Grads:
    """Equal extremes share the gradient of their segment equally."""
    data, ids, count = op.inputs
    extremes, kept = _spread(op.outputs[0], ids, data)
    chosen = logical_and(equal(data, extremes), kept)
    shares = unsorted_segment_sum(cast(chosen, dy.dtype.base_dtype), ids, count)
    return where(chosen, _spread(real_div(dy, shares), ids, data)[0], zeros_like(data)), None, None


max_op.gradient(_extreme_grad)
min_op.gradient(_extreme_grad)


@prod_op.gradient
def prod_grad(op: Operation, dy: Tensor) -> Grads:
    """The product of the others: by division, or where the element is 0 from the product without zeros."""
    data, ids, count = op.inputs
    is_zero = equal(data, zeros_like(data))
    zeros = unsorted_segment_sum(cast(is_zero, dtypes.int32), ids, count)
    single = where(greater(zeros, ones_like(zeros)), zeros_like(dy), dy)
    without = unsorted_segment_prod(where(is_zero, ones_like(data), data), ids, count)
    products, kept = _spread(op.outputs[0], ids, data)
    others = where(is_zero, _spread(without, ids, data)[0], real_div(products, data))
    weighted = multiply(_spread(single, ids, data)[0], others)
    return where(kept, weighted, zeros_like(data)), None, None


def unsorted_segment_max(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The largest of the rows that have the same segment number; the smallest number there is for none.

    Arguments and errors as `unsorted_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_max([1, 2, 3], [0, 1, 0], 2))
    array([3, 2], dtype=int32)
    """
    return apply_op(max_op, data, segment_ids, num_segments, name=name).outputs[0]


def unsorted_segment_min(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The smallest of the rows that have the same segment number; the largest number there is for none.

    Arguments and errors as `unsorted_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_min([1, 2, 3], [0, 1, 0], 2))
    array([1, 2], dtype=int32)
    """
    return apply_op(min_op, data, segment_ids, num_segments, name=name).outputs[0]


def unsorted_segment_prod(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The product of the rows that have the same segment number; 1 for none.

    Arguments and errors as `unsorted_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_prod([1, 2, 3], [0, 1, 0], 2))
    array([3, 2], dtype=int32)
    """
    return apply_op(prod_op, data, segment_ids, num_segments, name=name).outputs[0]


def unsorted_segment_mean(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
    """The mean of the rows that have the same segment number; 0 for none.

    Arguments and errors as `unsorted_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_mean([1.0, 2.0, 4.0], [0, 1, 0], 2))
    array([2.5, 2. ], dtype=float32)
    """
    with get_default_graph().name_scope(name or "UnsortedSegmentMean"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return real_div(unsorted_segment_sum(data, segment_ids, num_segments), counts)


def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Tensor:
    """The sum of the rows that have the same segment number over the square root of how many they are.

    Arguments and errors as `unsorted_segment_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unsorted_segment_sqrt_n([1.0, 2.0, 4.0], [0, 1, 0], 2)).round(4)
    array([3.5355, 2.    ], dtype=float32)
    """
    with get_default_graph().name_scope(name or "UnsortedSegmentSqrtN"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return real_div(unsorted_segment_sum(data, segment_ids, num_segments), sqrt(counts))


def _row_counts(data: Tensor, ids: Tensor, count: Any) -> Tensor:
    """How many rows each segment has, at least 1, in a shape that broadcasts against the sums."""
    counts = unsorted_segment_sum(ones_like(ids, data.dtype.base_dtype), ids, count)
    return maximum(reshape(counts, concat([[-1], _ones_for_rows(data, ids)], 0)), 1)
