"""`embedding_lookup_sparse` that also takes rows without numbers, numbers below 0 and weights of 0."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.nn.embedding_sparse import embedding_lookup_sparse
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.gather import gather
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import greater, greater_equal, logical_and
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_prod
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.slicing import slice as slice_
from graphmagic.ops.sparse_filling import sparse_fill_empty_rows
from graphmagic.ops.sparse_rearranging import sparse_reshape, sparse_retain
from graphmagic.ops.stacking import stack
from graphmagic.ops.tile import tile
from graphmagic.shapes import TensorShape

__all__ = ["safe_embedding_lookup_sparse"]


def safe_embedding_lookup_sparse(
    embedding_weights: Any, sparse_ids: Any, sparse_weights: Any = None, combiner: str = "mean",
    default_id: int | None = None, name: str | None = None, partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:  # fmt: skip
    """For each row of a sparse tensor of numbers, the rows of a matrix with these numbers, combined.

    Numbers below 0 are left out, and so are those whose weight is not above 0 (unless they are summed up).

    Args:
        embedding_weights: a matrix, or a list of its parts.
        sparse_ids: a `SparseTensor` of integers, of rank 2 or more; its last dimension is combined.
        sparse_weights: a `SparseTensor` of the same shape that says how much each number counts.
        combiner: ``"mean"``, ``"sum"`` or ``"sqrtn"``.
        default_id: the number that stands for rows without any; such rows are zeros if None.
        name: the name of the scope.
        partition_strategy: how the matrix is parted, ``"div"`` or ``"mod"``.
        max_norm: rows that are longer are made as long.

    Returns:
        A tensor of the shape of `sparse_ids` with the length of a row in place of its last dimension.

    Raises:
        ValueError: there is no matrix.
        TypeError: weights are of another type than the matrix.

    >>> import graphmagic as tf
    >>> ids = tf.SparseTensor([[0, 0], [0, 1]], tf.constant([1, -1], tf.int64), [2, 2])
    >>> tf.Session().run(tf.nn.safe_embedding_lookup_sparse(tf.constant([[1.0], [5.0]]), ids)).tolist()
    [[5.0], [0.0]]
    """
    if embedding_weights is None:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    parts = list(embedding_weights) if isinstance(embedding_weights, (list, tuple)) else [embedding_weights]
    if not parts:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    kind = convert_to_tensor(parts[0]).dtype.base_dtype
    if sparse_weights is not None and sparse_weights.values.dtype.base_dtype is not kind:
        raise TypeError(
            f"Dtype for sparse_weights should be {kind}, found {sparse_weights.values.dtype.base_dtype}."
        )
    with name_scope(name or "embedding_lookup") as scope:
        whole = sparse_ids.dense_shape
        rank = sparse_ids.dense_shape.shape.num_elements()
        ids, weights = _as_matrices(sparse_ids, sparse_weights, rank)
        ids, weights = _pruned(ids, weights, combiner)
        ids, is_empty = sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        inner = scope if default_id is not None and weights is None else None
        found: Any = embedding_lookup_sparse(
            parts, ids, weights, partition_strategy, name=inner, combiner=combiner, max_norm=max_norm
        )
        if default_id is None:
            columns = stack([1, shape(found)[1]])
            mask = tile(reshape(is_empty, [-1, 1]), columns)
            found = where(mask, zeros_like(found), found, name=scope)
        before = slice_(cast(whole, dtypes.int32), [0], [-1 if rank is None else rank - 1])
        result = reshape(found, concat([before, slice_(shape(found), [1], [-1])], 0))
        known = sparse_ids.shape
        first = TensorShape([None] * (rank - 1)) if known.ndims is None and rank else known[:-1]
        result.set_shape(first.concatenate(found.shape[1:]))
        return result


def _as_matrices(ids: SparseTensor, weights: SparseTensor | None, rank: int | None) -> tuple[Any, Any]:
    """Numbers and weights with all dimensions but the last in one."""
    sizes = ids.dense_shape
    count = reduce_prod(slice_(sizes, [0], [-1 if rank is None else rank - 1]))
    last = gather(sizes, -1 if rank is None else rank - 1)
    matrix = sparse_reshape(ids, stack([count, last]))
    if weights is None:
        return matrix, None
    return matrix, SparseTensor(matrix.indices, weights.values, matrix.dense_shape)


def _pruned(ids: SparseTensor, weights: SparseTensor | None, combiner: str) -> tuple[Any, Any]:
    """Without numbers below 0, and without weights that are not above 0."""
    valid = greater_equal(ids.values, 0)
    if weights is None:
        return sparse_retain(ids, valid), None
    valid = logical_and(valid, ones_like(weights.values, dtype=dtypes.bool))
    ids, weights = sparse_retain(ids, valid), sparse_retain(weights, valid)
    if combiner == "sum":
        return ids, weights
    heavy = greater(weights.values, 0)
    return sparse_retain(ids, heavy), sparse_retain(weights, heavy)
