"""Decompositions of matrices: Cholesky, eigenvalues, QR.

The gradients are those of M. Giles, "Collected matrix derivative results for forward and reverse mode algorithmic
differentiation" (2008), I. Murray, "Differentiation of the Cholesky decomposition" (2016), and D. Roberts and
L. Roberts, "QR and LQ decomposition matrix backpropagation algorithms for square, wide, and deep matrices" (2020).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.bands import matrix_band_part
from graphmagic.ops.checks import invalid
from graphmagic.ops.concat import concat
from graphmagic.ops.diagonals import matrix_diag, matrix_diag_part, matrix_set_diag
from graphmagic.ops.division import reciprocal
from graphmagic.ops.elementary import square
from graphmagic.ops.like import zeros_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.matrices import (
    MATRIX_TYPES,
    check_matrix,
    check_square,
    matrix_shape,
    matrix_transpose,
    square_shape,
)
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.solving import matrix_triangular_solve
from graphmagic.shapes import TensorShape

_TYPES = {"T": MATRIX_TYPES}

# ----- Cholesky -----

cholesky_op = OpDef("Cholesky", "input:T -> output:T", types=_TYPES)


@cholesky_op.kernel
def cholesky_kernel(x: Any) -> Any:
    check_square(x)
    try:
        return np.linalg.cholesky(x)
    except np.linalg.LinAlgError:
        raise invalid("Cholesky decomposition was not successful. The input might not be valid.") from None


@cholesky_op.shape_rule
def cholesky_shape(x: Tensor) -> TensorShape:
    return square_shape(x.shape)


@cholesky_op.gradient
def cholesky_grad(op: Operation, dy: Tensor) -> Tensor:
    """Solves with the factor twice instead of inverting it."""
    factor = op.outputs[0]
    middle = matmul(factor, dy, transpose_a=True)
    middle = matrix_set_diag(middle, multiply(matrix_diag_part(middle), 0.5))
    middle = matrix_band_part(middle, -1, 0)
    half = matrix_triangular_solve(factor, middle, adjoint=True)
    whole = matrix_transpose(matrix_triangular_solve(factor, matrix_transpose(half), adjoint=True))
    return multiply(add(whole, matrix_transpose(whole)), 0.5)


def cholesky(input: Any, name: str | None = None) -> Tensor:
    """The lower triangular matrices L with ``L @ transpose(L) = input``.

    Args:
        input: symmetric positive definite matrices, a tensor of floats of shape ``[..., n, n]``; only the lower
            triangle is read.
        name: the operation's name.

    Returns:
        A `Tensor` like `input`.

    Raises:
        ValueError: the matrices are not square.
        InvalidArgumentError: one is not positive definite, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cholesky([[4.0, 2.0], [2.0, 5.0]]))
    array([[2., 0.],
           [1., 2.]], dtype=float32)
    """
    return apply_op(cholesky_op, input, name=name).outputs[0]


# ----- eigenvalues -----

eigen_op = OpDef("SelfAdjointEigV2", "input:T -> e:T, v:T", types=_TYPES, defaults={"compute_v": True})


@eigen_op.kernel
def eigen_kernel(x: Any, *, compute_v: bool) -> Any:
    check_square(x)
    if not compute_v:
        return np.linalg.eigvalsh(x), np.empty((0,), x.dtype)
    values, vectors = np.linalg.eigh(x)
    return values, vectors


@eigen_op.shape_rule
def eigen_shape(x: Tensor, *, compute_v: bool) -> list[TensorShape]:
    square = square_shape(x.shape)
    return [square[:-1] if square.ints is not None else square, square if compute_v else TensorShape([0])]


@eigen_op.gradient
def eigen_grad(op: Operation, de: Tensor, dv: Tensor) -> Tensor:
    """Infinite where eigenvalues are equal, since eigenvectors are then not unique."""
    if op.attrs["compute_v"]:
        values, vectors = op.outputs
        gaps = matrix_set_diag(safe_reciprocal(differences(values)), zeros_like(values))
        middle = add(matrix_diag(de), multiply(gaps, matmul(vectors, dv, transpose_a=True)))
    else:
        _, vectors = self_adjoint_eig(op.inputs[0])
        middle = matrix_diag(de)
    whole = matmul(vectors, matmul(middle, vectors, transpose_b=True))
    lower = matrix_band_part(add(whole, matrix_transpose(whole)), -1, 0)
    return matrix_set_diag(lower, multiply(matrix_diag_part(lower), 0.5))


def differences(x: Tensor) -> Tensor:
    """Element i, j is x[j] - x[i]."""
    return subtract(expand_dims(x, -2), expand_dims(x, -1))


def safe_reciprocal(x: Tensor) -> Tensor:
    """1 / x, but 0 at 0."""
    return multiply(x, reciprocal(add(square(x), 1e-20)))


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """The eigenvalues and eigenvectors of symmetric matrices.

    Args:
        tensor: a tensor of floats of shape ``[..., n, n]``; only the lower triangle is read.
        name: the operation's name.

    Returns:
        The eigenvalues from the smallest to the largest, a `Tensor` of shape ``[..., n]``, and the eigenvectors as
        columns, a `Tensor` of shape ``[..., n, n]``.

    Raises:
        ValueError: the matrices are not square.

    >>> import graphmagic as tf
    >>> values, vectors = tf.self_adjoint_eig([[2.0, 0.0], [0.0, 1.0]])
    >>> tf.Session().run(values)
    array([1., 2.], dtype=float32)
    """
    values, vectors = apply_op(eigen_op, tensor, name=name, compute_v=True).outputs
    return values, vectors


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """The eigenvalues of symmetric matrices; arguments and errors as `self_adjoint_eig`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.self_adjoint_eigvals([[2.0, 0.0], [0.0, 1.0]]))
    array([1., 2.], dtype=float32)
    """
    return apply_op(eigen_op, tensor, name=name, compute_v=False).outputs[0]


# ----- QR -----

qr_op = OpDef("Qr", "input:T -> q:T, r:T", types=_TYPES, defaults={"full_matrices": False})


@qr_op.kernel
def qr_kernel(x: Any, *, full_matrices: bool) -> Any:
    check_matrix(x)
    q, r = np.linalg.qr(x, "complete" if full_matrices else "reduced")
    return q, r


@qr_op.shape_rule
def qr_shape(x: Tensor, *, full_matrices: bool) -> list[TensorShape]:
    batch, rows, columns = matrix_shape(x.shape)
    small = None if rows is None or columns is None else min(rows, columns)
    inner = rows if full_matrices else small
    return [batch.concatenate([rows, inner]), batch.concatenate([inner, columns])]


@qr_op.gradient
def qr_grad(op: Operation, dq: Tensor, dr: Tensor) -> Tensor:
    """The first columns are a square problem (or a tall one, and then all there is); the others depend on Q alone."""
    q, r = op.outputs
    _, rows, columns = matrix_shape(op.inputs[0].shape)
    if op.attrs["full_matrices"] and (rows is None or columns is None or rows > columns):
        raise NotImplementedError(
            "QrGrad not implemented when nrows > ncols and full_matrices is true. "
            f"Received r.shape={r.shape} with nrows={rows} and ncols={columns}."
        )
    size = shape(q)[-1]
    rest, d_rest = op.inputs[0][..., :, size:], dr[..., :, size:]
    dq = add(dq, matmul(rest, d_rest, transpose_b=True))
    first = _square_r_grad(q, r[..., :, :size], dq, dr[..., :, :size])
    return concat([first, matmul(q, d_rest)], -1)


def _square_r_grad(q: Tensor, r: Tensor, dq: Tensor, dr: Tensor) -> Tensor:
    qdq = matmul(q, dq, transpose_a=True)
    rdr = matmul(r, dr, transpose_b=True)
    skew = add(subtract(qdq, matrix_transpose(qdq)), subtract(rdr, matrix_transpose(rdr)))
    inside = matmul(q, add(dr, _over_transposed(matrix_band_part(skew, -1, 0), r)))
    return add(inside, _over_transposed(subtract(dq, matmul(q, qdq)), r))


def _over_transposed(x: Tensor, r: Tensor) -> Tensor:
    """``x @ inverse(transpose(r))`` for an upper triangular r."""
    return matrix_transpose(matrix_triangular_solve(r, matrix_transpose(x), lower=False))


class Qr(NamedTuple):
    """What `qr` returns."""

    q: Tensor
    r: Tensor


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Qr:
    """Matrices as products of one with orthogonal columns and an upper triangular one.

    Args:
        input: a tensor of floats of shape ``[..., n, m]``.
        full_matrices: make Q square.
        name: the operation's name.

    Returns:
        ``(q, r)`` with ``q @ r = input``.

    Raises:
        ValueError: there are fewer than two dimensions.

    >>> import graphmagic as tf
    >>> q, r = tf.qr([[3.0, 1.0], [4.0, 2.0]])
    >>> tf.Session().run(tf.abs(r)).round(4)
    array([[5. , 2.2],
           [0. , 0.4]], dtype=float32)
    """
    q, r = apply_op(qr_op, input, name=name, full_matrices=bool(full_matrices)).outputs
    return Qr(q, r)
