"""Least squares: solutions of systems with more or fewer equations than unknowns."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import add
from graphmagic.ops.casting import cast
from graphmagic.ops.decompositions import cholesky
from graphmagic.ops.diagonals import matrix_diag_part, matrix_set_diag
from graphmagic.ops.linalg import matmul
from graphmagic.ops.matrices import MATRIX_TYPES, matrix_shape
from graphmagic.ops.solving import check_equations, cholesky_solve
from graphmagic.shapes import TensorShape, broadcast_static

least_squares_op = OpDef(
    "MatrixSolveLs",
    "matrix:T, rhs:T, l2_regularizer:float64 -> output:T",
    types={"T": MATRIX_TYPES},
    defaults={"fast": True},
)


@least_squares_op.kernel
def least_squares_kernel(matrix: Any, rhs: Any, l2_regularizer: Any, *, fast: bool) -> Any:
    """The solution of smallest norm, by singular values; only `fast` solutions are regularized."""
    check_equations(matrix, rhs)
    if not fast or not l2_regularizer:
        return np.matmul(np.linalg.pinv(matrix), rhs)
    turned = np.swapaxes(matrix, -1, -2)
    ridge = np.eye(matrix.shape[-1], dtype=matrix.dtype) * matrix.dtype.type(l2_regularizer)
    return np.linalg.solve(np.matmul(turned, matrix) + ridge, np.matmul(turned, rhs))


@least_squares_op.shape_rule
def least_squares_shape(matrix: Tensor, rhs: Tensor, l2_regularizer: Tensor) -> TensorShape:
    left, rows, unknowns = matrix_shape(matrix.shape)
    right, equations, columns = matrix_shape(rhs.shape)
    if rows is not None and equations is not None and rows != equations:
        raise ValueError(f"Dimensions must be equal, but are {rows} and {equations}")
    return broadcast_static(left, right).concatenate([unknowns, columns])


def matrix_solve_ls(
    matrix: Any, rhs: Any, l2_regularizer: Any = 0.0, fast: bool = True, name: str | None = None
) -> Tensor:
    """The x for which ``matrix @ x`` is as near to `rhs` as possible.

    Args:
        matrix: a tensor of floats of shape ``[..., n, m]``.
        rhs: a tensor of the same type and of shape ``[..., n, k]``.
        l2_regularizer: how much the squares of x count next to those of the distance; only where `fast`.
        fast: by a Cholesky decomposition, which needs matrices of full rank.  Otherwise by singular values, and then
            there is no gradient.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of shape ``[..., m, k]``.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> points = [[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]
    >>> tf.Session().run(tf.matrix_solve_ls(points, [[1.0], [3.0], [5.0]])).round(3)
    array([[1.],
           [2.]], dtype=float32)
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    if not fast:
        return apply_op(least_squares_op, matrix, rhs, l2_regularizer, name=name, fast=False).outputs[0]
    with get_default_graph().name_scope(name or "matrix_solve_ls"):
        rhs = convert_to_tensor(rhs, matrix.dtype.base_dtype, name="rhs")
        _, rows, columns = matrix_shape(matrix.shape)
        if rows is not None and columns is not None:
            return (_overdetermined if rows >= columns else _underdetermined)(matrix, rhs, l2_regularizer)
        from graphmagic.ops.cond import cond
        from graphmagic.ops.logic import greater_equal
        from graphmagic.ops.queries import shape

        sizes = shape(matrix)
        return cond(  # type: ignore[no-any-return]
            greater_equal(sizes[-2], sizes[-1]),
            lambda: _overdetermined(matrix, rhs, l2_regularizer),
            lambda: _underdetermined(matrix, rhs, l2_regularizer),
        )


def _overdetermined(matrix: Tensor, rhs: Tensor, weight: Any) -> Tensor:
    factor = _gramian_factor(matrix, weight, first_kind=True)
    return cholesky_solve(factor, matmul(matrix, rhs, transpose_a=True))


def _underdetermined(matrix: Tensor, rhs: Tensor, weight: Any) -> Tensor:
    factor = _gramian_factor(matrix, weight, first_kind=False)
    return matmul(matrix, cholesky_solve(factor, rhs), transpose_a=True)


def _gramian_factor(matrix: Tensor, weight: Any, first_kind: bool) -> Tensor:
    """The Cholesky factor of the matrix times itself, transposed on the left or on the right."""
    gramian = matmul(matrix, matrix, transpose_a=first_kind, transpose_b=not first_kind)
    if isinstance(weight, Tensor) or weight != 0:
        ridge = cast(convert_to_tensor(weight, name="l2_regularizer"), matrix.dtype.base_dtype)
        gramian = matrix_set_diag(gramian, add(matrix_diag_part(gramian), ridge))
    return cholesky(gramian)
