"""Linear algebra."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import of_rank_at_least
from graphmagic.shapes import TensorShape, broadcast_static

__all__ = ["matmul"]

_TYPES = (*dtypes.FLOATS, dtypes.int32, dtypes.int64)

matmul_op = OpDef(
    "MatMul",
    "a:T, b:T -> product:T",
    types={"T": _TYPES},
    defaults={"transpose_a": False, "transpose_b": False, "grad_a": False, "grad_b": False},
)


@matmul_op.kernel
def matmul_kernel(a: Any, b: Any, *, transpose_a: bool, transpose_b: bool) -> Any:
    if a.ndim != 2 or b.ndim != 2:
        index, array = (0, a) if a.ndim != 2 else (1, b)
        raise errors.InvalidArgumentError(None, None, f"In[{index}] ndims must be >= 2: {array.ndim}")
    left, right = (a.T if transpose_a else a), (b.T if transpose_b else b)
    if left.shape[1] != right.shape[0]:
        shapes = [",".join(map(str, x.shape)) for x in (a, b)]
        raise errors.InvalidArgumentError(
            None, None, f"Matrix size-incompatible: In[0]: [{shapes[0]}], In[1]: [{shapes[1]}]"
        )
    return np.dot(left, right)


@matmul_op.shape_rule
def matmul_shape(a: Tensor, b: Tensor, *, transpose_a: bool, transpose_b: bool) -> TensorShape:
    rows, inner_a = _matrix_dims(a.shape, transpose_a)
    inner_b, columns = _matrix_dims(b.shape, transpose_b)
    try:
        _check_inner(inner_a, inner_b)
    except ValueError as error:
        fits = [
            f"transpose_{name}={not now}"
            for name, now, one, other in [
                ("a", transpose_a, rows, inner_b),
                ("b", transpose_b, inner_a, columns),
            ]
            if one == other
        ]
        raise with_notes(error, f"It fits with {' or with '.join(fits)}." if fits else "") from None
    return TensorShape([rows, columns])


def _matrix_dims(shape: TensorShape, transposed: bool) -> tuple[int | None, int | None]:
    if shape.ints is None:
        return None, None
    if len(shape.ints) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {shape.ndims}")
    rows, columns = shape.ints
    return (columns, rows) if transposed else (rows, columns)


def _check_inner(a: int | None, b: int | None) -> None:
    if a is not None and b is not None and a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}")


@matmul_op.gradient
def matmul_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    a, b = op.inputs
    return _product_grads(a, b, dy, op.attrs["transpose_a"], op.attrs["transpose_b"])


def _product_grads(a: Tensor, b: Tensor, dy: Tensor, ta: bool, tb: bool) -> tuple[Tensor, Tensor]:
    """The gradients of ``op(a) @ op(b)`` for the four combinations of transposed arguments."""
    if not ta and not tb:
        return matmul(dy, b, transpose_b=True), matmul(a, dy, transpose_a=True)
    if not ta and tb:
        return matmul(dy, b), matmul(dy, a, transpose_a=True)
    if ta and not tb:
        return matmul(b, dy, transpose_b=True), matmul(a, dy)
    return matmul(b, dy, transpose_a=True, transpose_b=True), matmul(
        dy, a, transpose_a=True, transpose_b=True
    )


batch_matmul_op = OpDef(
    "BatchMatMulV2",
    "x:T, y:T -> output:T",
    types={"T": _TYPES},
    defaults={"adj_x": False, "adj_y": False},
    broadcasts=True,
)


@batch_matmul_op.kernel
def batch_matmul_kernel(x: Any, y: Any, *, adj_x: bool, adj_y: bool) -> Any:
    for index, array in enumerate((x, y)):
        if array.ndim < 2:
            raise errors.InvalidArgumentError(None, None, f"In[{index}] ndims must be >= 2: {array.ndim}")
    left, right = (x.swapaxes(-1, -2) if adj_x else x), (y.swapaxes(-1, -2) if adj_y else y)
    if left.shape[-1] != right.shape[-2]:
        shapes = [",".join(map(str, a.shape)) for a in (x, y)]
        raise errors.InvalidArgumentError(
            None, None, f"Matrix size-incompatible: In[0]: [{shapes[0]}], In[1]: [{shapes[1]}]"
        )
    try:
        np.broadcast_shapes(x.shape[:-2], y.shape[:-2])
    except ValueError:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"In[0] and In[1] must have compatible batch dimensions: {shape_text(x)} vs. {shape_text(y)}",
        ) from None
    return np.matmul(left, right)


@batch_matmul_op.shape_rule
def batch_matmul_shape(x: Tensor, y: Tensor, *, adj_x: bool, adj_y: bool) -> TensorShape:
    for tensor in (x, y):
        of_rank_at_least(tensor.shape, 2)
    if x.shape.ndims is None or y.shape.ndims is None:
        return TensorShape(None)
    rows, inner_x = _matrix_dims(x.shape[-2:], adj_x)
    inner_y, columns = _matrix_dims(y.shape[-2:], adj_y)
    _check_inner(inner_x, inner_y)
    batch: TensorShape = broadcast_static(x.shape[:-2], y.shape[:-2])
    return batch.concatenate([rows, columns])


@batch_matmul_op.gradient
def batch_matmul_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    return _product_grads(x, y, dy, op.attrs["adj_x"], op.attrs["adj_y"])


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The matrix product; of the last two dimensions where there are more, with the others broadcast.

    Args:
        a: a tensor of shape ``[..., n, k]``.
        b: a tensor of the same type and of shape ``[..., k, m]``.
        transpose_a: transpose `a` first.
        transpose_b: transpose `b` first.
        adjoint_a: the same as `transpose_a` for real numbers.
        adjoint_b: the same as `transpose_b` for real numbers.
        a_is_sparse: a hint, not used.
        b_is_sparse: a hint, not used.
        name: the operation's name.

    Returns:
        A `Tensor` of shape ``[..., n, m]``.

    Raises:
        ValueError: the shapes do not fit, or something is to be both transposed and adjoint.
        TypeError: the types differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matmul([[1, 2]], [[3], [4]]))
    array([[11]], dtype=int32)
    """
    for side, transpose, adjoint in (("a", transpose_a, adjoint_a), ("b", transpose_b, adjoint_b)):
        if transpose and adjoint:
            raise ValueError(f"Only one of transpose_{side} and adjoint_{side} can be True.")
    ta, tb = bool(transpose_a or adjoint_a), bool(transpose_b or adjoint_b)
    with get_default_graph().name_scope(name or "MatMul") as scope:
        a = convert_to_tensor(a, name="a")
        hint = {} if isinstance(b, Tensor) else {"dtype_hint": a.dtype.base_dtype}
        b = convert_to_tensor(b, name="b", **hint)
        if any(t.shape.ndims is None or t.shape.ndims > 2 for t in (a, b)):
            return apply_op(batch_matmul_op, a, b, name=scope, adj_x=ta, adj_y=tb).outputs[0]
        return apply_op(matmul_op, a, b, name=scope, transpose_a=ta, transpose_b=tb).outputs[0]
