"""Products of tensors that sum over dimensions: tensordot, matvec, cross."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.checks import check_axes, invalid, merged_shape, of_rank_at_least
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.differences import setdiff1d
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.gather import gather
from graphmagic.ops.like import zeros_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.logic import greater_equal
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reduce import reduce_prod
from graphmagic.ops.reshaping import expand_dims, reshape, squeeze
from graphmagic.ops.stacking import stack
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape

# ----- tensordot -----


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum of products over pairs of dimensions of two tensors.

    Args:
        a: a tensor.
        b: a tensor of the same type.
        axes: a number n for the last n dimensions of `a` with the first n of `b`; or a pair of lists, the dimensions
            of `a` and those of `b` that go with them.
        name: the scope of the operations made.

    Returns:
        A `Tensor` with the other dimensions of `a`, followed by those of `b`.

    Raises:
        ValueError: the axes or the sizes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tensordot([[1, 2], [3, 4]], [[5, 6], [7, 8]], axes=[[0], [1]]))
    array([[23, 31],
           [34, 46]], dtype=int32)
    """
    with get_default_graph().name_scope(name or "Tensordot") as scope:
        a = convert_to_tensor(a, name="a")
        b = convert_to_tensor(b, name="b", dtype_hint=a.dtype.base_dtype)
        a_axes, b_axes = _axes_of_both(a, axes)
        left, a_free = _as_matrix(a, a_axes, first=False)
        right, b_free = _as_matrix(b, b_axes, first=True)
        product = matmul(left, right)
        if isinstance(a_free, list) and isinstance(b_free, list):
            if product.shape.is_fully_defined() and product.shape.as_list() == a_free + b_free:
                return product
            return reshape(product, np.array(a_free + b_free, np.int32), name=scope)
        result = reshape(product, concat([a_free, b_free], 0), name=scope)
        result.set_shape(_free_shape(a, a_axes).concatenate(_free_shape(b, b_axes)))
        return result


def _axes_of_both(a: Tensor, axes: Any) -> tuple[Any, Any]:
    if isinstance(axes, (int, np.integer)):
        if axes < 0:
            raise ValueError(f"`axes` must be at least 0. Received: {axes}.")
        ndim = a.shape.ndims
        if ndim is None:
            count = rank(a)
            return graph_range(subtract(count, int(axes)), count), list(range(axes))
        if axes > ndim:
            raise ValueError(
                f"`axes` must not be larger than the number of dimensions of tensor {a}.  "
                f"Received {axes}, vs tensor dimensions {ndim}."
            )
        return list(range(ndim - axes, ndim)), list(range(axes))
    if isinstance(axes, Tensor):
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError(f"`axes` must be an integer or have length 2. Received {axes}.")
    first, second = axes
    if isinstance(first, (int, np.integer)) and isinstance(second, (int, np.integer)):
        first, second = [first], [second]
    if len(first) != len(second):
        raise ValueError(f"Different number of contraction axes `a` and `b`, {len(first)} != {len(second)}.")
    return first, second


def _as_matrix(x: Tensor, axes: Any, first: bool) -> tuple[Tensor, Any]:
    """A tensor as a matrix, its axes in one dimension and the others in the other; and the sizes of the others."""
    if isinstance(axes, Tensor) or x.shape.ndims is None:
        return _as_matrix_when_run(x, convert_to_tensor(axes, dtypes.int32, name="axes"), first)
    check_axes(x, axes)
    ndim = x.shape.ndims
    positive = [int(i) if i >= 0 else int(i) + ndim for i in axes]
    free = [i for i in range(ndim) if i not in positive]
    order = positive + free if first else free + positive
    sizes = x.shape.ints
    if sizes is None or None in sizes:
        return _as_matrix_when_run(x, convert_to_tensor(positive, dtypes.int32, name="axes"), first)
    free_sizes = [sizes[i] for i in free]
    lengths = [_product([sizes[i] for i in group]) for group in (free, positive)]
    moved = x if order == list(range(ndim)) else transpose(x, order)
    wanted = lengths[::-1] if first else lengths
    return (moved if moved.shape.as_list() == wanted else reshape(moved, wanted)), free_sizes


def _product(sizes: Any) -> int:
    return int(np.prod(sizes, dtype=np.int64))


def _as_matrix_when_run(x: Tensor, axes: Tensor, first: bool) -> tuple[Tensor, Tensor]:
    sizes, count = shape(x), rank(x)
    positive = where(greater_equal(axes, zeros_like(axes)), axes, add(axes, count))
    free = setdiff1d(graph_range(0, count), positive)[0]
    free_sizes = gather(sizes, free)
    lengths = [reduce_prod(free_sizes), reduce_prod(gather(sizes, positive))]
    order = concat([positive, free] if first else [free, positive], 0)
    return reshape(transpose(x, order), stack(lengths[::-1] if first else lengths)), free_sizes


def _free_shape(x: Tensor, axes: Any) -> TensorShape:
    if x.shape.ints is None or isinstance(axes, Tensor):
        return TensorShape(None)
    ndim = len(x.shape.ints)
    summed = {int(i) % ndim for i in axes}
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i not in summed])


# ----- vectors -----


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The products of matrices and vectors.

    Args:
        a: a tensor of shape ``[..., n, m]``.
        b: a tensor of the same type and of shape ``[..., m]``.
        transpose_a: transpose `a` first.
        adjoint_a: the same as `transpose_a` for real numbers.
        a_is_sparse: a hint, not used.
        b_is_sparse: a hint, not used.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of shape ``[..., n]``.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.matvec([[1, 2], [3, 4]], [5, 6]))
    array([17, 39], dtype=int32)
    """
    with get_default_graph().name_scope(name or "MatVec"):
        column = expand_dims(convert_to_tensor(b), -1)
        product = matmul(a, column, transpose_a=transpose_a, adjoint_a=adjoint_a)
        return squeeze(product, [-1])


cross_op = OpDef("Cross", "a:T, b:T -> product:T", types={"T": dtypes.REALS})


@cross_op.kernel
def cross_kernel(a: Any, b: Any) -> Any:
    if a.shape != b.shape:
        raise invalid(f"Both inputs must be of same shape: {shape_text(a)} vs. {shape_text(b)}")
    if not a.ndim or a.shape[-1] != 3:
        text = "Cross-products are only defined for 3-element vectors."
        raise errors.FailedPreconditionError(None, None, text)
    after, before = [1, 2, 0], [2, 0, 1]
    return a[..., after] * b[..., before] - a[..., before] * b[..., after]


@cross_op.shape_rule
def cross_shape(a: Tensor, b: Tensor) -> TensorShape:
    for tensor in (a, b):
        of_rank_at_least(tensor.shape, 1)
        if tensor.shape.ints is not None and tensor.shape.ints[-1] not in (3, None):
            raise ValueError(f"Dimension must be 3 but is {tensor.shape.ints[-1]}")
    return merged_shape(a.shape, b.shape)


@cross_op.gradient
def cross_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    a, b = op.inputs
    return cross(b, dy), cross(dy, a)


def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """The cross products of vectors of length 3.

    Args:
        a: a tensor of real numbers of shape ``[..., 3]``.
        b: a tensor of the same type and shape.
        name: the operation's name.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: the shapes differ, or the vectors have another length.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cross([1, 0, 0], [0, 1, 0]))
    array([0, 0, 1], dtype=int32)
    """
    return apply_op(cross_op, a, b, name=name).outputs[0]
