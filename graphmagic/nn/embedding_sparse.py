"""Looking up rows for sets of numbers of different sizes, and combining each set to one row."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.nn.embedding import embedding_lookup, parts_of
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.division import divide
from graphmagic.ops.elementary import pow, sqrt
from graphmagic.ops.gather import gather
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.segments import segment_sum
from graphmagic.ops.sparse_segments import sparse_segment_mean, sparse_segment_sqrt_n, sparse_segment_sum
from graphmagic.ops.unique import unique

__all__ = ["embedding_lookup_sparse"]

_PLAIN = {"sum": sparse_segment_sum, "mean": sparse_segment_mean, "sqrtn": sparse_segment_sqrt_n}


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: float | None = None,
) -> Tensor:
    """For each row of a sparse matrix of numbers, the rows of `params` with these numbers, combined.

    Args:
        params: a matrix, or a list of its parts.
        sp_ids: a `SparseTensor` of integers, sorted by row.
        sp_weights: a `SparseTensor` of the same shape that says how much each number counts; None for all alike.
        partition_strategy: as in `embedding_lookup`.
        name: the name of the scope of the operations made.
        combiner: ``"sum"``, ``"mean"`` (weighted; the default), or ``"sqrtn"`` (the sum divided by the root of the sum
            of squared weights).
        max_norm: as in `embedding_lookup`.

    Returns:
        A matrix with one row for each row of `sp_ids`.

    Raises:
        TypeError: the numbers or weights are not sparse.
        ValueError: the combiner is unknown.

    >>> import graphmagic as tf
    >>> ids = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant([0, 2, 1], tf.int64), [2, 2])
    >>> table = tf.constant([[1.0], [10.0], [100.0]])
    >>> tf.Session().run(tf.nn.embedding_lookup_sparse(table, ids, None, combiner="sum")).ravel()
    array([101.,  10.], dtype=float32)
    """
    combine = "mean" if combiner is None else combiner
    if combine not in _PLAIN:
        raise ValueError(f"combiner must be one of 'mean', 'sqrtn' or 'sum', got {combine}")
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError(f"sp_ids must be SparseTensor, got {type(sp_ids)}")
    if sp_weights is not None and not isinstance(sp_weights, SparseTensor):
        raise TypeError(f"sp_weights must be either None or SparseTensor,got {type(sp_weights)}")
    with get_default_graph().name_scope(name or "embedding_lookup_sparse") as scope:
        rows: Any = cast(sp_ids.indices[:, 0], dtypes.int32)
        numbers, places = unique(sp_ids.values)
        found = embedding_lookup(parts_of(params), numbers, partition_strategy, max_norm=max_norm)
        if sp_weights is None:
            return _PLAIN[combine](found, places, rows, name=scope)
        return _weighted(found, places, rows, sp_weights.values, combine, scope)


def _weighted(found: Tensor, places: Tensor, rows: Tensor, given: Tensor, combine: str, name: str) -> Tensor:
    weights = cast(given, found.dtype.base_dtype)
    columns = weights
    for _ in range((found.shape.ndims or 2) - 1):
        columns = expand_dims(columns, -1)
    scaled = multiply(gather(found, places), columns)
    if combine == "sum":
        return segment_sum(scaled, rows, name=name)
    total = segment_sum(scaled, rows)
    if combine == "mean":
        return divide(total, segment_sum(columns, rows), name=name)
    return divide(total, sqrt(segment_sum(pow(columns, 2.0), rows)), name=name)
