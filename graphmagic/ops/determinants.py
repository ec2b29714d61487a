"""Determinants of square matrices, and their logarithms."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.decompositions import cholesky
from graphmagic.ops.diagonals import matrix_diag_part
from graphmagic.ops.elementary import log
from graphmagic.ops.matrices import MATRIX_TYPES, check_square, square_shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.solving import matrix_inverse
from graphmagic.shapes import TensorShape

_TYPES = {"T": MATRIX_TYPES}

determinant_op = OpDef("MatrixDeterminant", "input:T -> output:T", types=_TYPES)
log_determinant_op = OpDef("LogMatrixDeterminant", "input:T -> sign:T, log_abs_determinant:T", types=_TYPES)


@determinant_op.kernel
def determinant_kernel(x: Any) -> Any:
    check_square(x)
    return np.linalg.det(x).astype(x.dtype)


@determinant_op.shape_rule
def determinant_shape(x: Tensor) -> TensorShape:
    shape = square_shape(x.shape, columns_first=True)
    return shape[:-2] if shape.ints is not None else shape


@determinant_op.gradient
def determinant_grad(op: Operation, dy: Tensor) -> Tensor:
    inverse = matrix_inverse(op.inputs[0], adjoint=True)
    return multiply(_as_matrices(multiply(dy, op.outputs[0])), inverse)


def _as_matrices(x: Tensor) -> Tensor:
    return expand_dims(expand_dims(x, -1), -1)


@log_determinant_op.kernel
def log_determinant_kernel(x: Any) -> Any:
    check_square(x)
    sign, log_abs = np.linalg.slogdet(x)
    return np.asarray(sign, x.dtype), np.asarray(log_abs, x.dtype)


@log_determinant_op.shape_rule
def log_determinant_shape(x: Tensor) -> list[TensorShape]:
    return [determinant_shape(x)] * 2


@log_determinant_op.gradient
def log_determinant_grad(op: Operation, dsign: Tensor, dlog: Tensor) -> Tensor:
    """The sign does not change with small changes of the matrix."""
    return multiply(_as_matrices(dlog), matrix_inverse(op.inputs[0], adjoint=True))


def matrix_determinant(input: Any, name: str | None = None) -> Tensor:
    """The determinants of square matrices.

    Args:
        input: a tensor of floats of shape ``[..., n, n]``.
        name: the operation's name.

    Returns:
        A `Tensor` of shape ``[...]``.

    Raises:
        ValueError: the matrices are not square.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_determinant([[2.0, 1.0], [0.0, 4.0]]))
    np.float32(8.0)
    """
    return apply_op(determinant_op, input, name=name).outputs[0]


class LogMatrixDeterminant(NamedTuple):
    """What `log_matrix_determinant` returns."""

    sign: Tensor
    log_abs_determinant: Tensor


def log_matrix_determinant(input: Any, name: str | None = None) -> LogMatrixDeterminant:
    """The signs of the determinants of square matrices, and the logarithms of their absolute values.

    Arguments and errors as `matrix_determinant`.

    >>> import graphmagic as tf
    >>> sign, logarithm = tf.Session().run(tf.linalg.slogdet([[2.0, 1.0], [0.0, -4.0]]))
    >>> sign, logarithm.round(4)
    (np.float32(-1.0), np.float32(2.0794))
    """
    outputs = apply_op(log_determinant_op, input, name=name).outputs
    return LogMatrixDeterminant(outputs[0], outputs[1])


def logdet(matrix: Any, name: str | None = None) -> Tensor:
    """The logarithms of the determinants of symmetric positive definite matrices.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.logdet([[4.0, 2.0], [2.0, 5.0]])).round(4)
    np.float32(2.7726)
    """
    with get_default_graph().name_scope(name or "logdet"):
        diagonal = matrix_diag_part(cholesky(convert_to_tensor(matrix)))
        return multiply(reduce_sum(log(diagonal), axis=[-1]), 2.0)
