"""Systems of linear equations, and inverses."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import negative
from graphmagic.ops.bands import matrix_band_part
from graphmagic.ops.checks import invalid, merged_shape
from graphmagic.ops.linalg import matmul
from graphmagic.ops.matrices import MATRIX_TYPES, check_matrix, check_square, matrix_shape, square_shape
from graphmagic.shapes import TensorShape, broadcast_static

Grads = tuple[Tensor | None, ...]
_TYPES = {"T": MATRIX_TYPES}

# ----- inverses -----

inverse_op = OpDef("MatrixInverse", "input:T -> output:T", types=_TYPES, defaults={"adjoint": False})


def _flipped(x: Any, adjoint: bool) -> Any:
    return np.swapaxes(x, -1, -2) if adjoint else x


@inverse_op.kernel
def inverse_kernel(x: Any, *, adjoint: bool) -> Any:
    check_square(x)
    try:
        return np.linalg.inv(_flipped(x, adjoint))
    except np.linalg.LinAlgError:
        raise invalid("Input is not invertible.") from None


@inverse_op.shape_rule
def inverse_shape(x: Tensor) -> TensorShape:
    return square_shape(x.shape)


@inverse_op.gradient
def inverse_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    if op.attrs["adjoint"]:
        return negative(matmul(y, matmul(dy, y, transpose_a=True), transpose_b=False))
    return negative(matmul(y, matmul(dy, y, transpose_b=True), transpose_a=True))


def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The inverses of square matrices.

    Args:
        input: a tensor of floats of shape ``[..., n, n]``.
        adjoint: invert the transposed matrices.
        name: the operation's name.

    Returns:
        A `Tensor` like `input`.

    Raises:
        ValueError: the matrices are not square.
        InvalidArgumentError: one has no inverse, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_inverse([[2.0, 0.0], [0.0, 4.0]]))
    array([[0.5 , 0.  ],
           [0.  , 0.25]], dtype=float32)
    """
    return apply_op(inverse_op, input, name=name, adjoint=bool(adjoint)).outputs[0]


# ----- solving -----

solve_op = OpDef("MatrixSolve", "matrix:T, rhs:T -> output:T", types=_TYPES, defaults={"adjoint": False})
triangular_op = OpDef(
    "MatrixTriangularSolve",
    "matrix:T, rhs:T -> output:T",
    types=_TYPES,
    defaults={"lower": True, "adjoint": False},
    broadcasts=True,
)


def _solved(matrix: Any, rhs: Any) -> Any:
    try:
        return np.linalg.solve(matrix, rhs)
    except np.linalg.LinAlgError:
        raise invalid("Input matrix is not invertible.") from None


@solve_op.kernel
def solve_kernel(matrix: Any, rhs: Any, *, adjoint: bool) -> Any:
    check_equations(matrix, rhs)
    if matrix.shape[-1] != matrix.shape[-2]:
        raise invalid("First input (lhs) must be a square matrix.")
    try:
        return np.linalg.solve(_flipped(matrix, adjoint), rhs)
    except np.linalg.LinAlgError:
        raise invalid("Input matrix is not invertible.") from None


def check_equations(matrix: Any, rhs: Any) -> None:
    """Raise `InvalidArgumentError` unless two arrays are the sides of systems of equations."""
    if matrix.ndim != rhs.ndim:
        raise invalid("All input tensors must have the same rank.")
    check_matrix(matrix)
    if matrix.shape[:-2] != rhs.shape[:-2]:
        raise invalid("All input tensors must have the same outer dimensions.")
    if matrix.shape[-2] != rhs.shape[-2]:
        raise invalid("Input matrix and rhs are incompatible.")


@solve_op.shape_rule
def solve_shape(matrix: Tensor, rhs: Tensor) -> TensorShape:
    left, right, sizes = _both_sides(matrix, rhs)
    return merged_shape(left, right).concatenate(sizes)


def _both_sides(matrix: Tensor, rhs: Tensor) -> tuple[TensorShape, TensorShape, list[int | None]]:
    """The batch dimensions of both sides, and the size of the solution."""
    square = square_shape(matrix.shape)
    batch, rows, columns = matrix_shape(rhs.shape)
    size = None if square.ints is None else square.ints[-1]
    if size is not None and rows is not None and size != rows:
        raise ValueError(f"Dimensions must be equal, but are {size} and {rows}")
    left = TensorShape(None) if square.ints is None else square[:-2]
    return left, batch, [rows if size is None else size, columns]


@triangular_op.shape_rule
def triangular_shape(matrix: Tensor, rhs: Tensor) -> TensorShape:
    left, right, sizes = _both_sides(matrix, rhs)
    return broadcast_static(left, right).concatenate(sizes)


@solve_op.gradient
def solve_grad(op: Operation, dy: Tensor) -> Grads:
    adjoint, x = op.attrs["adjoint"], op.outputs[0]
    db = matrix_solve(op.inputs[0], dy, adjoint=not adjoint)
    pair = (x, db) if adjoint else (db, x)
    return negative(matmul(*pair, transpose_b=True)), db


@triangular_op.kernel
def triangular_kernel(matrix: Any, rhs: Any, *, lower: bool, adjoint: bool) -> Any:
    """By substitution, one row after the other; a zero on the diagonal gives infinities, as in TensorFlow."""
    batch = _check_triangular(matrix, rhs, (lower, adjoint))
    turned = _flipped(matrix, adjoint)
    size, forward = matrix.shape[-1], lower != adjoint
    x = np.array(np.broadcast_to(rhs, (*batch, *rhs.shape[-2:])))
    for row in range(size) if forward else range(size - 1, -1, -1):
        known = slice(0, row) if forward else slice(row + 1, size)
        x[..., row, :] -= np.matmul(turned[..., row : row + 1, known], x[..., known, :])[..., 0, :]
        x[..., row, :] /= turned[..., row, row, None]
    return x


def _check_triangular(matrix: Any, rhs: Any, flags: tuple[bool, bool]) -> tuple[int, ...]:
    """The batch dimensions of the solutions; raises `InvalidArgumentError` for shapes that do not fit."""
    for index, array in enumerate((matrix, rhs)):
        if array.ndim < 2:
            raise invalid(f"In[{index}] ndims must be >= 2: {array.ndim}")
    shapes = f"{shape_text(matrix)} {shape_text(rhs)}"
    rows, columns = matrix.shape[-2:]
    try:
        batch = np.broadcast_shapes(matrix.shape[:-2], rhs.shape[:-2])
    except ValueError:
        both = shapes.replace(" ", " vs. ")
        raise invalid(f"In[0] and In[1] must have compatible batch dimensions: {both}") from None
    if rows != columns:
        raise invalid(f"In[0] matrices in the last dimensions must be square ({columns} =/= {rows})")
    if rows != rhs.shape[-2]:
        numbers = f"{int(flags[0])} {int(flags[1])}"
        raise invalid(f"In[0] mismatch In[1] shape: {columns} vs. {rhs.shape[-2]}: {shapes} {numbers}")
    return batch


@triangular_op.gradient
def triangular_grad(op: Operation, dy: Tensor) -> Grads:
    lower, adjoint, x = op.attrs["lower"], op.attrs["adjoint"], op.outputs[0]
    db = matrix_triangular_solve(op.inputs[0], dy, lower=lower, adjoint=not adjoint)
    pair = (x, db) if adjoint else (db, x)
    whole = negative(matmul(*pair, transpose_b=True))
    return (matrix_band_part(whole, -1, 0) if lower else matrix_band_part(whole, 0, -1)), db


def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The solutions x of ``matrix @ x = rhs``.

    Args:
        matrix: a tensor of floats of shape ``[..., n, n]``.
        rhs: a tensor of the same type and of shape ``[..., n, k]``.
        adjoint: solve with the transposed matrices.
        name: the operation's name.

    Returns:
        A `Tensor` like `rhs`.

    Raises:
        ValueError: the matrices are not square, or the shapes do not fit.
        InvalidArgumentError: one has no inverse, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_solve([[2.0, 0.0], [0.0, 4.0]], [[1.0], [2.0]]))
    array([[0.5],
           [0.5]], dtype=float32)
    """
    return apply_op(solve_op, matrix, rhs, name=name, adjoint=bool(adjoint)).outputs[0]


def matrix_triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """The solutions x of ``matrix @ x = rhs`` where only one triangle of the matrices counts.

    Args:
        matrix: a tensor of floats of shape ``[..., n, n]``.
        rhs: a tensor of the same type and of shape ``[..., n, k]``.
        lower: the lower triangle counts, else the upper one.
        adjoint: solve with the transposed matrices.
        name: the operation's name.

    Returns:
        A `Tensor` like `rhs`.

    Raises:
        ValueError: the matrices are not square, or the shapes do not fit.
        InvalidArgumentError: a diagonal has a zero, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_triangular_solve([[2.0, 9.0], [2.0, 4.0]], [[1.0], [2.0]]))
    array([[0.5 ],
           [0.25]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "triangular_solve"):
        return apply_op(triangular_op, matrix, rhs, lower=bool(lower), adjoint=bool(adjoint)).outputs[0]


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Tensor:
    """The solutions x of ``a @ x = rhs``, from ``chol = cholesky(a)``; shapes and errors as `matrix_solve`.

    >>> import graphmagic as tf
    >>> a = tf.constant([[4.0, 2.0], [2.0, 5.0]])
    >>> tf.Session().run(tf.cholesky_solve(tf.cholesky(a), [[8.0], [12.0]]))
    array([[1.],
           [2.]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "cholesky_solve"):
        half = matrix_triangular_solve(chol, rhs, adjoint=False, lower=True)
        return matrix_triangular_solve(chol, half, adjoint=True, lower=True)
