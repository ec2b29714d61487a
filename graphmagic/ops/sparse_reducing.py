"""Sums and largest elements of sparse tensors along dimensions, softmax, and products with dense ones."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import one_of, shape_text
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.broadcast import broadcast_to, unbroadcast
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.gather_nd import gather_nd, scatter_nd
from graphmagic.ops.queries import size as size_of
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.sparse_rearranging import SPARSE
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.shapes import TensorShape

__all__ = [
    "sparse_reduce_max",
    "sparse_reduce_max_sparse",
    "sparse_reduce_sum",
    "sparse_reduce_sum_sparse",
    "sparse_softmax",
]

Grads = tuple[Tensor | None, ...]
_REDUCTION: dict[str, Any] = {"types": {"T": dtypes.NUMBERS}, "defaults": {"keep_dims": False}}


def _kept_axes(reduction_axes: Any, rank: int) -> list[int]:
    numbers = np.atleast_1d(reduction_axes).tolist()
    for number in numbers:
        if not -rank <= number < rank:
            raise invalid(f"Invalid reduction dimension {number}, for input with {rank} dimensions.")
    dropped = {number % rank for number in numbers}
    return [axis for axis in range(rank) if axis not in dropped]


def _groups(indices: Any, shape: Any, kept: list[int]) -> tuple[Any, Any, tuple[int, ...]]:
    """The places that remain in the order of reading, which of them each element belongs to, and their sizes."""
    sizes = tuple(int(shape[axis]) for axis in kept)
    flat = (
        np.ravel_multi_index(tuple(indices[:, kept].T), sizes) if kept else np.zeros(len(indices), np.int64)
    )
    places, group = np.unique(flat, return_inverse=True)
    return places, group.reshape(-1), sizes


def _reduced(function: Any, places: Any, group: Any, values: Any) -> Any:
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(len(places)))
    return function.reduceat(values[order], starts) if len(places) else values[:0]


def _reduce_op(name: str, function: Any) -> OpDef:
    opdef = OpDef(name, f"{SPARSE}, reduction_axes:int32 -> output:T", **_REDUCTION)

    def kernel(indices: Any, values: Any, shape: Any, axes: Any, *, keep_dims: bool) -> Any:
        kept = _kept_axes(axes, len(shape))
        places, group, sizes = _groups(indices, shape, kept)
        result = np.zeros(int(np.prod(sizes, dtype=np.int64)), values.dtype)
        result[places] = _reduced(function, places, group, values)
        whole = [int(s) if a in kept else 1 for a, s in enumerate(shape)]
        return result.reshape(whole if keep_dims else sizes)

    def shape_rule(
        indices: Tensor, values: Tensor, shape: Tensor, axes: Tensor, *, keep_dims: bool
    ) -> TensorShape:
        whole, numbers = static_value(shape), static_value(axes)
        if whole is None or numbers is None:
            return TensorShape(None)
        sizes, rank = whole.tolist(), len(whole)
        dropped = {n % rank for n in np.atleast_1d(numbers).tolist()} if rank else set()
        if keep_dims:
            return TensorShape([1 if a in dropped else s for a, s in enumerate(sizes)])
        return TensorShape([s for a, s in enumerate(sizes) if a not in dropped])

    opdef.kernel(kernel)
    opdef.shape_rule(shape_rule)
    return opdef


reduce_sum_op = _reduce_op("SparseReduceSum", np.add)
reduce_max_op = _reduce_op("SparseReduceMax", np.maximum)


@reduce_sum_op.gradient
def reduce_sum_grad(op: Operation, dy: Tensor) -> Grads:
    """Each element gets the gradient of the sum that it is part of."""
    indices, _, shape, axes = op.inputs
    sizes, numbers = static_value(shape), static_value(axes)
    if sizes is None or numbers is None:
        raise LookupError("the gradient of tf.sparse_reduce_sum needs a known shape and known axes")
    dropped = {n % len(sizes) for n in np.atleast_1d(numbers).tolist()}
    kept = reshape(dy, [1 if a in dropped else int(s) for a, s in enumerate(sizes)])
    return None, gather_nd(broadcast_to(kept, shape), indices), None, None


def _sparse_reduce_op(name: str, function: Any) -> OpDef:
    opdef = OpDef(
        name,
        f"{SPARSE}, reduction_axes:int32 -> output_indices:int64, output_values:T, output_shape:int64",
        **_REDUCTION,
    )

    def kernel(indices: Any, values: Any, shape: Any, axes: Any, *, keep_dims: bool) -> Any:
        rank = len(shape)
        kept = _kept_axes(axes, rank)
        places, group, sizes = _groups(indices, shape, kept)
        columns = np.unravel_index(places, sizes) if sizes else ()
        rows = np.array(columns, np.int64).reshape(len(sizes), len(places)).T
        whole = np.array(sizes, np.int64)
        if keep_dims:
            full = np.zeros((len(places), rank), np.int64)
            full[:, kept] = rows
            rows, whole = full, np.array([int(s) if a in kept else 1 for a, s in enumerate(shape)], np.int64)
        return rows.copy(), _reduced(function, places, group, values), whole

    opdef.kernel(kernel)
    opdef.shape_rule(lambda *_, **__: [TensorShape(None)] * 3)
    return opdef


reduce_sum_sparse_op = _sparse_reduce_op("SparseReduceSumSparse", np.add)
reduce_max_sparse_op = _sparse_reduce_op("SparseReduceMaxSparse", np.maximum)


def _reduction(
    opdef: OpDef, sp_input: Any, axis: Any, keepdims: Any, reduction_axes: Any, keep_dims: Any
) -> list[Tensor]:
    x = as_sparse(sp_input)
    keep = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axes = one_of("axis", axis, "reduction_axes", reduction_axes)
    if axes is None:
        rank = x.dense_shape.shape.num_elements()
        axes = np.arange(rank, dtype=np.int32) if rank is not None else graph_range(size_of(x.dense_shape))
    return apply_op(opdef, *x.fetch_parts(), axes, keep_dims=bool(keep)).outputs


def sparse_reduce_sum(
    sp_input: Any, axis: Any = None, keepdims: Any = None, reduction_axes: Any = None, keep_dims: Any = None
) -> Tensor:
    """The sums along dimensions of a sparse tensor, as a dense tensor.

    Args:
        sp_input: a `SparseTensor`.
        axis: the dimensions; all if None.
        keepdims: keep them, with size 1.
        reduction_axes: the old name of `axis`.
        keep_dims: the old name of `keepdims`.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 2], [1, 1]], [1, 2, 3], [2, 3])
    >>> tf.Session().run([tf.sparse_reduce_sum(x), tf.sparse_reduce_sum(x, 1)])
    [np.int32(6), array([3, 3], dtype=int32)]
    """
    return _reduction(reduce_sum_op, sp_input, axis, keepdims, reduction_axes, keep_dims)[0]


def sparse_reduce_max(
    sp_input: Any, axis: Any = None, keepdims: Any = None, reduction_axes: Any = None, keep_dims: Any = None
) -> Tensor:
    """The largest elements along dimensions of a sparse tensor; arguments as `sparse_reduce_sum`.

    Elements that are missing do not count, and where all are missing the result is 0.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 2], [1, 1]], [1, 2, -3], [2, 3])
    >>> tf.Session().run(tf.sparse_reduce_max(x, 1))
    array([ 2, -3], dtype=int32)
    """
    return _reduction(reduce_max_op, sp_input, axis, keepdims, reduction_axes, keep_dims)[0]


def sparse_reduce_sum_sparse(
    sp_input: Any, axis: Any = None, keepdims: Any = None, reduction_axes: Any = None, keep_dims: Any = None
) -> SparseTensor:
    """The sums along dimensions of a sparse tensor, as a sparse tensor; arguments as `sparse_reduce_sum`.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 2]], [1, 2], [2, 3])
    >>> tf.Session().run(tf.sparse_reduce_sum_sparse(x, 1)).indices
    array([[0]])
    """
    return SparseTensor(
        *_reduction(reduce_sum_sparse_op, sp_input, axis, keepdims, reduction_axes, keep_dims)
    )


def sparse_reduce_max_sparse(
    sp_input: Any, axis: Any = None, keepdims: Any = None, reduction_axes: Any = None, keep_dims: Any = None
) -> SparseTensor:
    """The largest elements along dimensions of a sparse tensor, as a sparse tensor.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 2]], [1, 2], [2, 3])
    >>> tf.Session().run(tf.sparse_reduce_max_sparse(x, 1)).values
    array([2], dtype=int32)
    """
    return SparseTensor(
        *_reduction(reduce_max_sparse_op, sp_input, axis, keepdims, reduction_axes, keep_dims)
    )


# ----- softmax -----

softmax_op = OpDef(
    "SparseSoftmax",
    "sp_indices:int64, sp_values:T, sp_shape:int64 -> output:T",
    types={"T": dtypes.REAL_FLOATS},
)


@softmax_op.kernel
def softmax_kernel(indices: Any, values: Any, shape: Any) -> Any:
    if len(shape) < 2:
        raise invalid(f"Input should have rank >= 2, but received shape: {','.join(map(str, shape))}")
    places, group, _ = _groups(indices, shape, list(range(len(shape) - 1)))
    powers = np.exp(values - _reduced(np.maximum, places, group, values)[group])
    return powers / _reduced(np.add, places, group, powers)[group]


@softmax_op.shape_rule
def softmax_shape(indices: Tensor, values: Tensor, shape: Tensor) -> TensorShape:
    of_rank(indices.shape, 2)
    return of_rank(values.shape, 1)


@softmax_op.gradient
def softmax_grad(op: Operation, dy: Tensor) -> Grads:
    indices, shape, y = op.inputs[0], op.inputs[2], op.outputs[0]
    products = multiply(y, dy)
    rows, sizes = indices[:, :-1], shape[:-1]
    totals = gather_nd(scatter_nd(rows, products, sizes), rows)
    return None, products - multiply(y, totals), None


def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The softmax of each row of a sparse tensor, over the elements that it has.

    Args:
        sp_input: a `SparseTensor` of rank 2 or more.
        name: the operation's name.

    Returns:
        A `SparseTensor`.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 2]], [1.0, 1.0], [2, 3])
    >>> tf.Session().run(tf.sparse_softmax(x)).values
    array([0.5, 0.5], dtype=float32)
    """
    x = as_sparse(sp_input)
    with get_default_graph().name_scope(name or "SparseSoftmax"):
        return SparseTensor(x.indices, apply_op(softmax_op, *x.fetch_parts()).outputs[0], x.dense_shape)


# ----- with a dense tensor, element by element -----


def _cwise_op(name: str, function: Any) -> OpDef:
    opdef = OpDef(
        name,
        "sp_indices:int64, sp_values:T, sp_shape:int64, dense:T -> output:T",
        types={"T": dtypes.NUMBERS},
    )

    def kernel(indices: Any, values: Any, shape: Any, dense: Any) -> Any:
        sizes = tuple(shape.tolist())
        try:
            whole = np.broadcast_to(dense, sizes)
        except ValueError:
            raise invalid(
                "SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: "
                f"[{','.join(map(str, sizes))}] vs. {shape_text(dense)}"
            ) from None
        return function(values, whole[tuple(indices.T)]).astype(values.dtype, copy=False)

    opdef.kernel(kernel)
    opdef.shape_rule(lambda indices, values, shape, dense: of_rank(values.shape, 1))
    return opdef


cwise_mul_op = _cwise_op("SparseDenseCwiseMul", np.multiply)
cwise_div_op = _cwise_op("SparseDenseCwiseDiv", np.true_divide)


def _dense_grad(op: Operation, of_values: Tensor) -> Tensor:
    """What reaches the elements goes to the places that they were taken from."""
    indices, _, shape, dense = op.inputs
    whole = scatter_nd(indices, of_values, shape)
    return unbroadcast(whole, dense)


@cwise_mul_op.gradient
def cwise_mul_grad(op: Operation, dy: Tensor) -> Grads:
    indices, values, shape, dense = op.inputs
    taken = gather_nd(broadcast_to(dense, shape), indices)
    return None, multiply(dy, taken), None, _dense_grad(op, multiply(dy, values))


@cwise_div_op.gradient
def cwise_div_grad(op: Operation, dy: Tensor) -> Grads:
    indices, _, shape, dense = op.inputs
    taken = gather_nd(broadcast_to(dense, shape), indices)
    part = dy / taken
    return None, part, None, _dense_grad(op, -multiply(part, op.outputs[0]))


def _with_dense(opdef: OpDef, name: str) -> Any:
    def operator(self: SparseTensor, other: Any) -> SparseTensor:
        with get_default_graph().name_scope(name) as scope:
            dense = convert_to_tensor(other, self.values.dtype.base_dtype, name="y")
            return self.with_values(apply_op(opdef, *self.fetch_parts(), dense, name=scope).outputs[0])

    return operator


SparseTensor.__mul__ = _with_dense(cwise_mul_op, "mul")  # type: ignore[operator]
SparseTensor.__truediv__ = _with_dense(cwise_div_op, "truediv")  # type: ignore[operator]
