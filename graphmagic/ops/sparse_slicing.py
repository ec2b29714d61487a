"""Parts of sparse tensors by begin and size: sparse_slice."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.shapes import TensorShape

__all__ = ["sparse_slice"]

Grads = tuple[Tensor | None, ...]

sparse_slice_op = OpDef(
    "SparseSlice",
    "indices:int64, values:T, shape:int64, start:int64, size:int64 -> "
    "output_indices:int64, output_values:T, output_shape:int64",
)
sparse_slice_grad_op = OpDef(
    "SparseSliceGrad",
    "backprop_val_grad:T, input_indices:int64, input_start:int64, output_indices:int64 -> val_grad:T",
)


@sparse_slice_op.kernel
def sparse_slice_kernel(indices: Any, values: Any, shape: Any, start: Any, size: Any) -> Any:
    if len(start) != len(shape) or len(size) != len(shape):
        raise invalid(
            f"Expected start to be a vector of length {len(shape)} but got length {len(start)}"
            if len(start) != len(shape)
            else f"Expected size to be a vector of length {len(shape)} but got length {len(size)}"
        )
    end = np.minimum(start + size, shape)
    inside = np.all((indices >= start) & (indices < end), 1)
    return indices[inside] - start, values[inside], np.maximum(np.minimum(size, shape - start), 0)


@sparse_slice_op.shape_rule
def sparse_slice_shape(
    indices: Tensor, values: Tensor, shape: Tensor, start: Tensor, size: Tensor
) -> list[TensorShape]:
    of_rank(indices.shape, 2)
    of_rank(values.shape, 1)
    rank = of_rank(shape.shape, 1).as_list()[0]
    return [TensorShape([None, rank]), TensorShape([None]), shape.shape]


@sparse_slice_op.gradient
def sparse_slice_grad(op: Operation, _: Any, dy: Tensor, __: Any) -> Grads:
    indices, _, _, start, _ = op.inputs
    grad = apply_op(sparse_slice_grad_op, dy, indices, start, op.outputs[0]).outputs[0]
    return None, grad, None, None, None


@sparse_slice_grad_op.kernel
def sparse_slice_grad_kernel(dy: Any, indices: Any, start: Any, taken: Any) -> Any:
    places = {tuple(row): number for number, row in enumerate((taken + start).tolist())}
    rows = [places.get(tuple(row), -1) for row in indices.tolist()]
    return np.where(np.less(rows, 0), 0, np.append(dy, 0)[rows]).astype(dy.dtype)


@sparse_slice_grad_op.shape_rule
def sparse_slice_grad_shape(dy: Tensor, indices: Tensor, start: Tensor, taken: Tensor) -> TensorShape:
    return TensorShape([of_rank(indices.shape, 2).as_list()[0]])


@sparse_slice_grad_op.gradient
def sparse_slice_grad_grad(op: Operation, dy: Tensor) -> Grads:
    """What was taken is taken again."""
    _, indices, start, taken = op.inputs

    bound = reduce_max(indices, 0) + np.int64(1)
    size = reduce_max(taken, 0) + np.int64(1)
    return apply_op(sparse_slice_op, indices, dy, bound, start, size).outputs[1], None, None, None


def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """A part of a sparse tensor: `size` from `start` along each dimension, cut off at its end.

    Args:
        sp_input: a `SparseTensor`.
        start: the first place along each dimension.
        size: how many.
        name: the operation's name.

    Returns:
        A `SparseTensor`.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1], [1, 0]], [5, 6], [2, 2])
    >>> tf.Session().run(tf.sparse_slice(x, [1, 0], [1, 2])).indices
    array([[0, 0]])
    """
    x = as_sparse(sp_input)
    start, size = convert_to_tensor(start, dtypes.int64), convert_to_tensor(size, dtypes.int64)
    with get_default_graph().name_scope(name or "SparseSlice") as scope:
        return SparseTensor(*apply_op(sparse_slice_op, *x.fetch_parts(), start, size, name=scope).outputs)
