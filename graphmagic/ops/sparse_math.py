"""Arithmetic with sparse tensors: sums, products, the larger and the smaller of two."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor, SparseTensorValue
from graphmagic.ops.arguments import one_of
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.gather_nd import gather_nd
from graphmagic.ops.sparse_rearranging import reading_order
from graphmagic.ops.sparse_values import as_sparse, check_places
from graphmagic.shapes import TensorShape

__all__ = ["sparse_add", "sparse_maximum", "sparse_minimum", "sparse_tensor_dense_matmul"]

Grads = tuple[Tensor | None, ...]
_TWO = "a_indices:int64, a_values:T, a_shape:int64, b_indices:int64, b_values:T, b_shape:int64"


def _same_shape(a_shape: Any, b_shape: Any) -> None:
    if len(a_shape) != len(b_shape):
        raise invalid(f"Ranks of input tensors must match, but saw ranks: {len(a_shape)} and {len(b_shape)}")
    for axis, (a, b) in enumerate(zip(a_shape, b_shape, strict=True)):
        if a != b:
            raise invalid(f"Operands' shapes do not match: got {a} and {b} for dimension {axis}")


def _union(a_indices: Any, b_indices: Any) -> tuple[Any, Any, Any]:
    """The places of two sparse tensors, and for each element of both which of them it is at."""
    joined = np.concatenate([a_indices, b_indices])
    order = reading_order(joined)
    ordered = joined[order]
    is_new = np.ones(len(ordered), np.bool_)
    is_new[1:] = np.any(ordered[1:] != ordered[:-1], 1)
    place = np.empty(len(order), np.int64)
    place[order] = np.cumsum(is_new) - 1
    return ordered[is_new], place[: len(a_indices)], place[len(a_indices) :]


# ----- add -----

sparse_add_op = OpDef(
    "SparseAdd",
    f"{_TWO}, thresh:Treal -> sum_indices:int64, sum_values:T, sum_shape:int64",
    types={"T": dtypes.NUMBERS, "Treal": dtypes.REALS},
)
sparse_add_grad_op = OpDef(
    "SparseAddGrad",
    "backprop_val_grad:T, a_indices:int64, b_indices:int64, sum_indices:int64 -> a_val_grad:T, b_val_grad:T",
    types={"T": dtypes.NUMBERS},
    differentiable=False,
)


@sparse_add_op.kernel
def sparse_add_kernel(
    a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any, thresh: Any
) -> Any:
    _same_shape(a_shape, b_shape)
    places, a_place, b_place = _union(a_indices, b_indices)
    total = np.zeros(len(places), a_values.dtype)
    total[a_place] += a_values
    total[b_place] += b_values
    kept = np.abs(total) >= thresh
    kept |= np.isin(np.arange(len(places)), a_place) != np.isin(np.arange(len(places)), b_place)  # no sums
    return places[kept], total[kept], a_shape.copy()


@sparse_add_op.shape_rule
def sparse_add_shape(
    a_indices: Tensor, a_values: Tensor, a_shape: Tensor, *others: Tensor
) -> list[TensorShape]:
    rank = of_rank(a_shape.shape, 1).as_list()[0]
    return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]


@sparse_add_op.gradient
def sparse_add_grad(op: Operation, _: Any, dy: Tensor, __: Any) -> Grads:
    found = apply_op(sparse_add_grad_op, dy, op.inputs[0], op.inputs[3], op.outputs[0]).outputs
    return None, found[0], None, None, found[1], None, None


@sparse_add_grad_op.kernel
def sparse_add_grad_kernel(dy: Any, a_indices: Any, b_indices: Any, sum_indices: Any) -> Any:
    if len(dy) != len(sum_indices):
        raise invalid(
            "# elements of backprop_val_grad and # rows of sum_indices should match (#nnz of sum): got "
            f"{len(dy)} and {len(sum_indices)}"
        )
    places = {tuple(row): number for number, row in enumerate(sum_indices.tolist())}
    padded = np.append(dy, dy.dtype.type(0))
    return tuple(
        [padded[[places.get(tuple(row), -1) for row in rows.tolist()]] for rows in (a_indices, b_indices)]
    )


@sparse_add_grad_op.shape_rule
def sparse_add_grad_shape(
    dy: Tensor, a_indices: Tensor, b_indices: Tensor, sum_indices: Tensor
) -> list[TensorShape]:
    return [TensorShape([of_rank(rows.shape, 2).as_list()[0]]) for rows in (a_indices, b_indices)]


dense_add_op = OpDef(
    "SparseTensorDenseAdd",
    "a_indices:Tindices, a_values:T, a_shape:Tindices, b:T -> output:T",
    types={"T": dtypes.NUMBERS, "Tindices": dtypes.INDICES},
)


@dense_add_op.kernel
def dense_add_kernel(a_indices: Any, a_values: Any, a_shape: Any, b: Any) -> Any:
    if len(a_shape) != b.ndim:
        raise invalid(f"Two operands have different ranks; received: {len(a_shape)} and {b.ndim}")
    if tuple(a_shape) != b.shape:
        axis = int(np.argmax(np.not_equal(a_shape, b.shape)))
        raise invalid(
            f"Dimension {axis} does not equal (no broadcasting is supported): sparse side {a_shape[axis]} vs dense "
            f"side {b.shape[axis]}"
        )
    check_places(a_indices, b.shape, strictly=False)
    result = b.copy()
    np.add.at(result, tuple(a_indices.T), a_values)
    return result


@dense_add_op.shape_rule
def dense_add_shape(a_indices: Tensor, a_values: Tensor, a_shape: Tensor, b: Tensor) -> TensorShape:
    return b.shape


@dense_add_op.gradient
def dense_add_grad(op: Operation, dy: Tensor) -> Grads:
    return None, gather_nd(dy, op.inputs[0]), None, dy


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """The sum of two tensors of which at least one is sparse.

    Args:
        a: a `SparseTensor`, or a `Tensor` if `b` is sparse.
        b: a `SparseTensor`, or a `Tensor` if `a` is sparse.
        threshold: sums smaller than this in size are left out of a sparse result; 0 if None.
        thresh: the old name of `threshold`.

    Returns:
        A `SparseTensor` if both are sparse, else a `Tensor`.

    Raises:
        TypeError: neither is sparse.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0], [2]], [5, 6], [3])
    >>> tf.Session().run([tf.sparse_add(x, x).values, tf.sparse_add(x, [1, 1, 1])])
    [array([10, 12], dtype=int32), array([6, 1, 7], dtype=int32)]
    """
    limit = one_of("threshold", threshold, "thresh", thresh)
    kinds = (SparseTensor, SparseTensorValue)
    if not isinstance(a, kinds) and not isinstance(b, kinds):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if isinstance(a, kinds) and isinstance(b, kinds):
        x, y = as_sparse(a), as_sparse(b)
        real = x.values.dtype.base_dtype.real_dtype
        bound = convert_to_tensor(0 if limit is None else limit, real, name="thresh")
        return SparseTensor(*apply_op(sparse_add_op, *x.fetch_parts(), *y.fetch_parts(), bound).outputs)
    x, dense = (as_sparse(a), b) if isinstance(a, kinds) else (as_sparse(b), a)
    return apply_op(dense_add_op, *x.fetch_parts(), dense).outputs[0]


# ----- matmul -----

dense_matmul_op = OpDef(
    "SparseTensorDenseMatMul",
    "a_indices:Tindices, a_values:T, a_shape:int64, b:T -> product:T",
    types={"Tindices": dtypes.INDICES},
    defaults={"Tindices": dtypes.int64, "adjoint_a": False, "adjoint_b": False},
)


@dense_matmul_op.kernel
def dense_matmul_kernel(
    a_indices: Any, a_values: Any, a_shape: Any, b: Any, *, adjoint_a: bool, adjoint_b: bool
) -> Any:
    if b.ndim != 2:
        raise invalid("Tensor 'b' is not a matrix")
    if len(a_shape) != 2:
        raise invalid("Tensor 'a_shape' must have 2 elements")
    right = np.conj(b.T) if adjoint_b else b
    rows, columns = a_indices.T[::-1] if adjoint_a else a_indices.T
    sizes = a_shape[::-1] if adjoint_a else a_shape
    if sizes[1] != right.shape[0]:
        raise invalid(
            f"Cannot multiply A and B because inner dimension does not match: {sizes[1]} vs. {right.shape[0]}.  "
            "Did you forget a transpose?  Dimensions of A: "
            f"[{a_shape[0]}, {a_shape[1]}).  Dimensions of B: [{','.join(map(str, b.shape))}]"
        )
    _check_in("k", columns, sizes[1], "out of bounds")
    _check_in("m", rows, sizes[0], "out of bounds")
    result = np.zeros((int(sizes[0]), right.shape[1]), b.dtype)
    values = np.conj(a_values) if adjoint_a else a_values
    np.add.at(result, rows, values[:, None] * right[columns])
    return result


def _check_in(name: str, numbers: Any, limit: int, problem: str) -> None:
    outside = (numbers < 0) | (numbers >= limit)
    if np.any(outside):
        number = int(np.argmax(outside))
        raise invalid(
            f"{name} ({numbers[number]}) from index[{number},{int(name == 'k')}] {problem} (>={limit})"
        )


@dense_matmul_op.shape_rule
def dense_matmul_shape(
    a_indices: Tensor, a_values: Tensor, a_shape: Tensor, b: Tensor, *, adjoint_a: bool, adjoint_b: bool
) -> TensorShape:
    from graphmagic.graph.constants import partial_shape

    of_rank(a_indices.shape, 2)
    of_rank(a_values.shape, 1)
    left = of_rank(partial_shape(a_shape), 2).as_list()
    right = of_rank(b.shape, 2).as_list()
    left, right = left[::-1] if adjoint_a else left, right[::-1] if adjoint_b else right
    if None not in (left[1], right[0]) and left[1] != right[0]:
        raise ValueError(f"Dimensions must be equal, but are {left[1]} and {right[0]}")
    return TensorShape([left[0], right[1]])


@dense_matmul_op.gradient
def dense_matmul_grad(op: Operation, dy: Tensor) -> Grads:
    """Of b: the transposed product; of a: for each element the product of a row of dy and a row of b."""
    from graphmagic.ops.arithmetic import multiply
    from graphmagic.ops.gather import gather
    from graphmagic.ops.reduce import reduce_sum
    from graphmagic.ops.transposing import transpose

    indices, values, shape, b = op.inputs
    a_flag, b_flag = op.attrs["adjoint_a"], op.attrs["adjoint_b"]
    attrs: dict[str, Any] = {"adjoint_a": not a_flag, "adjoint_b": False}
    b_grad = apply_op(dense_matmul_op, indices, values, shape, dy, **attrs).outputs[0]
    rows, columns = indices[:, int(a_flag)], indices[:, 1 - int(a_flag)]
    right = transpose(b) if b_flag else b
    a_grad = reduce_sum(multiply(gather(dy, rows), gather(right, columns)), 1)
    return None, a_grad, None, transpose(b_grad) if b_flag else b_grad


def sparse_tensor_dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The product of a sparse and a dense matrix.

    Args:
        sp_a: a `SparseTensor` of rank 2.
        b: a dense matrix of the same type, or a `SparseTensor` if `sp_a` is dense.
        adjoint_a: transpose `sp_a` first.
        adjoint_b: transpose `b` first.
        name: the operation's name.

    Returns:
        A dense matrix.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1]], [2.0], [2, 2])
    >>> tf.Session().run(tf.sparse_tensor_dense_matmul(x, [[1.0], [3.0]]))
    array([[6.],
           [0.]], dtype=float32)
    """
    if isinstance(b, (SparseTensor, SparseTensorValue)):
        from graphmagic.ops.transposing import transpose

        return transpose(sparse_tensor_dense_matmul(b, sp_a, not adjoint_b, not adjoint_a, name))
    x = as_sparse(sp_a)
    with get_default_graph().name_scope(name or "SparseTensorDenseMatMul"):
        right = convert_to_tensor(b, x.values.dtype.base_dtype, name="b")
        attrs: dict[str, Any] = {"adjoint_a": adjoint_a, "adjoint_b": adjoint_b}
        return apply_op(dense_matmul_op, *x.fetch_parts(), right, **attrs).outputs[0]


# ----- the larger and the smaller -----


def _choosing_op(name: str, choose: Any) -> OpDef:
    opdef = OpDef(
        name,
        f"{_TWO} -> output_indices:int64, output_values:T",
        types={"T": dtypes.REALS},
    )

    def kernel(
        a_indices: Any, a_values: Any, a_shape: Any, b_indices: Any, b_values: Any, b_shape: Any
    ) -> Any:
        _same_shape(a_shape, b_shape)
        places, a_place, b_place = _union(a_indices, b_indices)
        both = np.zeros((2, len(places)), a_values.dtype)
        both[0, a_place], both[1, b_place] = a_values, b_values
        return places, choose(both[0], both[1])

    opdef.kernel(kernel)
    opdef.shape_rule(lambda *tensors: [TensorShape([None, None]), TensorShape([None])])
    return opdef


maximum_op = _choosing_op("SparseSparseMaximum", np.maximum)
minimum_op = _choosing_op("SparseSparseMinimum", np.minimum)


def _chosen(opdef: OpDef, sp_a: Any, sp_b: Any, name: str | None) -> SparseTensor:
    a, b = as_sparse(sp_a), as_sparse(sp_b)
    with get_default_graph().name_scope(name or opdef.name) as scope:
        indices, values = apply_op(opdef, *a.fetch_parts(), *b.fetch_parts(), name=scope).outputs
        return SparseTensor(indices, values, a.dense_shape)


def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The larger of two sparse tensors of one shape, element by element; missing elements count as 0.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0], [1]], [5, -6], [3])
    >>> tf.Session().run(tf.sparse_maximum(x, tf.SparseTensor([[0]], [7], [3]))).values
    array([7, 0], dtype=int32)
    """
    return _chosen(maximum_op, sp_a, sp_b, name)


def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The smaller of two sparse tensors of one shape, element by element; missing elements count as 0.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0], [1]], [5, -6], [3])
    >>> tf.Session().run(tf.sparse_minimum(x, tf.SparseTensor([[0]], [7], [3]))).values
    array([ 5, -6], dtype=int32)
    """
    return _chosen(minimum_op, sp_a, sp_b, name)
