"""Diagonals of matrices and of tensors: making, reading and replacing them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank, of_rank_at_least
from graphmagic.ops.like import zeros_like
from graphmagic.ops.matrices import check_two_dimensions, matrix_shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]

_TENSOR_TYPES = (dtypes.float64, dtypes.float32, dtypes.float16, dtypes.int32, dtypes.int64)

# ----- diagonals of tensors of any even rank -----

diag_op = OpDef("Diag", "diagonal:T -> output:T", types={"T": _TENSOR_TYPES})
diag_part_op = OpDef("DiagPart", "input:T -> diagonal:T", types={"T": _TENSOR_TYPES})


@diag_op.kernel
def diag_kernel(diagonal: Any) -> Any:
    if not diagonal.ndim:
        raise invalid("Input must be at least rank 1, got 0")
    return np.diag(np.ravel(diagonal)).reshape(*diagonal.shape, *diagonal.shape)


@diag_op.shape_rule
def diag_shape(diagonal: Tensor) -> TensorShape:
    of_rank_at_least(diagonal.shape, 1)
    return diagonal.shape.concatenate(diagonal.shape)


@diag_op.gradient
def diag_grad(op: Operation, dy: Tensor) -> Tensor:
    return diag_part(dy)


@diag_part_op.kernel
def diag_part_kernel(x: Any) -> Any:
    half = x.ndim // 2
    if x.ndim % 2 or not x.ndim:
        raise invalid(f"The rank of the tensor should be even and positive, got shape {shape_text(x)}")
    if x.shape[:half] != x.shape[half:]:
        raise invalid(f"Invalid shape {shape_text(x)}: dimensions 0 and {half} do not match.")
    size = int(np.prod(x.shape[:half], dtype=np.int64))
    return np.diagonal(x.reshape(size, size)).reshape(x.shape[:half])


@diag_part_op.shape_rule
def diag_part_shape(x: Tensor) -> TensorShape:
    if x.shape.ints is None:
        return TensorShape(None)
    half = len(x.shape.ints) // 2
    if len(x.shape.ints) % 2 or not half:
        raise ValueError(f"Input must have even and non-zero rank, input rank is {len(x.shape.ints)}")
    for left, right in zip(x.shape.ints[:half], x.shape.ints[half:], strict=True):
        if left is not None and right is not None and left != right:
            raise ValueError(f"Dimensions must be equal, but are {left} and {right}")
    return merged_shape(TensorShape(x.shape.ints[:half]), TensorShape(x.shape.ints[half:]))


@diag_part_op.gradient
def diag_part_grad(op: Operation, dy: Tensor) -> Tensor:
    return diag(dy)


def diag(diagonal: Any, name: str | None = None) -> Tensor:
    """A tensor of twice the rank with given values on its diagonal and zeros elsewhere; see `diag_part`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.diag([1, 2]))
    array([[1, 0],
           [0, 2]], dtype=int32)
    """
    return apply_op(diag_op, diagonal, name=name).outputs[0]


def diag_part(input: Any, name: str | None = None) -> Tensor:
    """The diagonal of a tensor whose second half of dimensions equals the first.

    Args:
        input: a tensor of even rank.
        name: the operation's name.

    Returns:
        A `Tensor` of half the rank.

    Raises:
        ValueError: the rank is odd, or the two halves of the shape differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.diag_part([[1, 2], [3, 4]]))
    array([1, 4], dtype=int32)
    """
    return apply_op(diag_part_op, input, name=name).outputs[0]


# ----- diagonals of matrices -----

matrix_diag_op = OpDef("MatrixDiag", "diagonal:T -> output:T")
matrix_diag_part_op = OpDef("MatrixDiagPart", "input:T -> diagonal:T")
matrix_set_diag_op = OpDef("MatrixSetDiag", "input:T, diagonal:T -> output:T")


@matrix_diag_op.kernel
def matrix_diag_kernel(diagonal: Any) -> Any:
    if not diagonal.ndim:
        raise invalid("input must be at least 1-dim, received shape: []")
    size = diagonal.shape[-1]
    result = np.zeros((*diagonal.shape, size), diagonal.dtype)
    result[..., np.arange(size), np.arange(size)] = diagonal
    return result


@matrix_diag_op.shape_rule
def matrix_diag_shape(diagonal: Tensor) -> TensorShape:
    of_rank_at_least(diagonal.shape, 1)
    return diagonal.shape.concatenate(diagonal.shape[-1:])


@matrix_diag_op.gradient
def matrix_diag_grad(op: Operation, dy: Tensor) -> Tensor:
    return matrix_diag_part(dy)


@matrix_diag_part_op.kernel
def matrix_diag_part_kernel(x: Any) -> Any:
    check_two_dimensions(x)
    return np.diagonal(x, axis1=-2, axis2=-1).copy()


@matrix_diag_part_op.shape_rule
def matrix_diag_part_shape(x: Tensor) -> TensorShape:
    batch, rows, columns = matrix_shape(x.shape)
    return batch.concatenate([_smaller(rows, columns)])


def _smaller(rows: int | None, columns: int | None) -> int | None:
    return None if rows is None or columns is None else min(rows, columns)


@matrix_diag_part_op.gradient
def matrix_diag_part_grad(op: Operation, dy: Tensor) -> Tensor:
    x = op.inputs[0]
    _, rows, columns = matrix_shape(x.shape)
    return matrix_diag(dy) if rows is not None and rows == columns else matrix_set_diag(zeros_like(x), dy)


@matrix_set_diag_op.kernel
def matrix_set_diag_kernel(x: Any, diagonal: Any) -> Any:
    check_two_dimensions(x)
    size = min(x.shape[-2:])
    wanted = (*x.shape[:-2], size)
    if diagonal.shape != wanted:
        raise invalid(
            "must have diagonal.shape == input.shape[:-2] + min(input.shape[-2:]), but received input shape: "
            f"{shape_text(x)} and diagonal shape: {shape_text(diagonal)}"
        )
    result = np.array(x)
    result[..., np.arange(size), np.arange(size)] = diagonal
    return result


@matrix_set_diag_op.shape_rule
def matrix_set_diag_shape(x: Tensor, diagonal: Tensor) -> TensorShape:
    batch, rows, columns = matrix_shape(x.shape)
    of_rank_at_least(diagonal.shape, 1)
    if x.shape.ints is not None:
        of_rank(diagonal.shape, len(x.shape.ints) - 1)
    if diagonal.shape.ints is None:
        return x.shape
    size, given = _smaller(rows, columns), diagonal.shape.ints[-1]
    if size is not None and given is not None and size != given:
        raise ValueError(f"Dimensions must be equal, but are {size} and {given}")
    return merged_shape(batch, diagonal.shape[:-1]).concatenate([rows, columns])


@matrix_set_diag_op.gradient
def matrix_set_diag_grad(op: Operation, dy: Tensor) -> Grads:
    return matrix_set_diag(dy, zeros_like(op.inputs[1])), matrix_diag_part(dy)


def matrix_diag(diagonal: Any, name: str | None = None) -> Tensor:
    """Square matrices with given diagonals and zeros elsewhere.

    Args:
        diagonal: a tensor of shape ``[..., n]``.
        name: the operation's name.

    Returns:
        A `Tensor` of shape ``[..., n, n]``.

    Raises:
        ValueError: `diagonal` has no dimension.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_diag([[1, 2], [3, 4]]))[1]
    array([[3, 0],
           [0, 4]], dtype=int32)
    """
    return apply_op(matrix_diag_op, diagonal, name=name).outputs[0]


def matrix_diag_part(input: Any, name: str | None = None) -> Tensor:
    """The diagonals of matrices.

    Args:
        input: a tensor of shape ``[..., n, m]``.
        name: the operation's name.

    Returns:
        A `Tensor` of shape ``[..., min(n, m)]``.

    Raises:
        ValueError: there are fewer than two dimensions.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_diag_part([[1, 2, 3], [4, 5, 6]]))
    array([1, 5], dtype=int32)
    """
    return apply_op(matrix_diag_part_op, input, name=name).outputs[0]


def matrix_set_diag(input: Any, diagonal: Any, name: str | None = None) -> Tensor:
    """Matrices with other diagonals.

    Args:
        input: a tensor of shape ``[..., n, m]``.
        diagonal: a tensor of the same type and of shape ``[..., min(n, m)]``.
        name: the operation's name.

    Returns:
        A `Tensor` like `input`.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_set_diag([[1, 2], [3, 4]], [8, 9]))
    array([[8, 2],
           [3, 9]], dtype=int32)
    """
    return apply_op(matrix_set_diag_op, input, diagonal, name=name).outputs[0]


def trace(x: Any, name: str | None = None) -> Tensor:
    """The sum of the diagonal, of the last two dimensions.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.trace([[1, 2], [3, 4]]))
    np.int32(5)
    """
    with get_default_graph().name_scope(name or "Trace") as scope:
        return reduce_sum(matrix_diag_part(convert_to_tensor(x, name="x")), [-1], name=scope)
