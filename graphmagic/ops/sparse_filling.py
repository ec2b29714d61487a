"""Rows of sparse tensors made complete, or turned into flags: sparse_fill_empty_rows, sparse_to_indicator."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.concat import concat
from graphmagic.ops.fill import fill
from graphmagic.ops.gather import gather
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.sparse_rearranging import sparse_reorder
from graphmagic.ops.sparse_values import as_sparse, sparse_tensor_to_dense
from graphmagic.shapes import TensorShape

__all__ = ["sparse_fill_empty_rows", "sparse_to_indicator"]

Grads = tuple[Tensor | None, ...]

fill_empty_rows_op = OpDef(
    "SparseFillEmptyRows",
    "indices:int64, values:T, dense_shape:int64, default_value:T -> "
    "output_indices:int64, output_values:T, empty_row_indicator:bool, reverse_index_map:int64",
)


@fill_empty_rows_op.kernel
def fill_empty_rows_kernel(indices: Any, values: Any, dense_shape: Any, default_value: Any) -> Any:
    if not len(dense_shape):
        raise invalid("Dense shape cannot be empty.")
    count = int(dense_shape[0])
    outside = (indices[:, 0] < 0) | (indices[:, 0] >= count)
    if np.any(outside):
        number = int(np.argmax(outside))
        raise invalid(f"indices({number}, 0) is invalid: {indices[number, 0]} >= {count}")
    empty = np.ones(count, np.bool_)
    empty[indices[:, 0]] = False
    added = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
    added[:, 0] = np.flatnonzero(empty)
    joined = np.concatenate([indices, added])
    order = np.argsort(joined[:, 0], kind="stable")
    fill = np.full(len(added), default_value, values.dtype)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return joined[order], np.concatenate([values, fill])[order], empty, place[: len(indices)]


@fill_empty_rows_op.shape_rule
def fill_empty_rows_shape(
    indices: Tensor, values: Tensor, dense_shape: Tensor, default_value: Tensor
) -> list[TensorShape]:
    rows = of_rank(indices.shape, 2).as_list()[0]
    columns = of_rank(dense_shape.shape, 1).as_list()[0]
    of_rank(values.shape, 1)
    of_rank(default_value.shape, 0)
    sizes = partial_shape(dense_shape)
    first = sizes.as_list()[0] if sizes.ndims else None
    return [TensorShape([None, columns]), TensorShape([None]), TensorShape([first]), TensorShape([rows])]


@fill_empty_rows_op.gradient
def fill_empty_rows_grad(op: Operation, _: Any, dy: Tensor, __: Any, ___: Any) -> Grads:
    """Elements get their gradients back; what fills the rows gets the sum of the rest."""

    own = gather(dy, op.outputs[3])
    return None, own, None, reduce_sum(dy) - reduce_sum(own)


def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Tensor]:
    """Put one element into each row that has none.

    Args:
        sp_input: a `SparseTensor`.
        default_value: the element, which goes to the start of the row.
        name: the operation's name.

    Returns:
        A `SparseTensor`, and for each row whether it was empty.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1]], [5], [2, 2])
    >>> filled, was_empty = tf.sparse_fill_empty_rows(x, 0)
    >>> tf.Session().run([filled.values, was_empty])
    [array([5, 0], dtype=int32), array([False,  True])]
    """
    x = as_sparse(sp_input)
    with get_default_graph().name_scope(name or "SparseFillEmptyRows"):
        fill = convert_to_tensor(default_value, x.values.dtype.base_dtype)
        indices, values, empty, _ = apply_op(fill_empty_rows_op, *x.fetch_parts(), fill).outputs
        return SparseTensor(indices, values, x.dense_shape), empty


def sparse_to_indicator(sp_input: Any, vocab_size: int, name: str | None = None) -> Tensor:
    """A dense tensor that says of each row which numbers are among its values.

    Args:
        sp_input: a `SparseTensor` of integers from 0 to ``vocab_size - 1``.
        vocab_size: the size of the last dimension of the result.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of booleans; the values take the place of the last dimension.

    Raises:
        TypeError: the values are no integers.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [2, 0, 1], [2, 2])
    >>> tf.Session().run(tf.sparse_to_indicator(x, 3))
    array([[ True, False,  True],
           [False,  True, False]])
    """

    x = as_sparse(sp_input)
    if not x.values.dtype.base_dtype.is_integer:
        raise TypeError(f"The values of sp_input must be integers, not {x.values.dtype.name}")
    with get_default_graph().name_scope(name or "SparseToIndicator"):
        last = expand_dims(cast(x.values, dtypes.int64), -1)
        places = concat([x.indices[:, :-1], last], 1)
        sizes = concat([x.dense_shape[:-1], np.array([vocab_size], np.int64)], 0)
        flags = SparseTensor(places, fill(shape_of(x.values), True), sizes)
        return sparse_tensor_to_dense(sparse_reorder(flags), default_value=False, validate_indices=False)
