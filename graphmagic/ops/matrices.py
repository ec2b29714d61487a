"""What the operations on matrices share: their shapes, and transposing."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import subtract
from graphmagic.ops.checks import invalid, of_rank_at_least
from graphmagic.ops.concat import concat
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.queries import rank
from graphmagic.ops.stacking import stack
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape, unknown_shape

MATRIX_TYPES = (dtypes.float64, dtypes.float32)


def matrix_shape(shape: TensorShape) -> tuple[TensorShape, int | None, int | None]:
    """The batch dimensions, the rows and the columns of matrices.

    Raises:
        ValueError: there are fewer than two dimensions.
    """
    of_rank_at_least(shape, 2)
    if shape.ints is None:
        return TensorShape(None), None, None
    rows, columns = shape.ints[-2:]
    return TensorShape(shape.ints[:-2]), rows, columns


def square_shape(shape: TensorShape, columns_first: bool = False) -> TensorShape:
    """The shape of square matrices, as far as it is known.

    Args:
        shape: the shape.
        columns_first: name the columns first in the error, as some operations do.

    Raises:
        ValueError: they are not square.
    """
    batch, rows, columns = matrix_shape(shape)
    if rows is not None and columns is not None and rows != columns:
        named = (columns, rows) if columns_first else (rows, columns)
        raise ValueError(f"Dimensions must be equal, but are {named[0]} and {named[1]}")
    size = columns if rows is None else rows
    return batch.concatenate([size, size]) if batch.ints is not None else unknown_shape()


def check_square(x: Any) -> None:
    """Raise `InvalidArgumentError` unless an array holds square matrices."""
    check_matrix(x)
    if x.shape[-1] != x.shape[-2]:
        raise invalid("Input matrix must be square.")


def check_matrix(x: Any) -> None:
    """Raise `InvalidArgumentError` unless an array has two dimensions or more."""
    if np.ndim(x) < 2:
        raise invalid(f"Input tensor 0 must have rank >= 2, got {np.ndim(x)}")


def check_two_dimensions(x: Any) -> None:
    """The same in the words of the operations that take matrices apart."""
    if np.ndim(x) < 2:
        raise invalid(f"input must be at least 2-dim, received shape: {shape_text(x)}")


def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """Exchange the last two dimensions.

    Args:
        a: a tensor of at least two dimensions.
        name: the scope of the operations made.
        conjugate: for complex numbers, which graphmagic does not have.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: there are fewer dimensions.

    >>> import graphmagic as tf
    >>> tf.matrix_transpose(tf.zeros([5, 2, 3])).shape.as_list()
    [5, 3, 2]
    """
    with get_default_graph().name_scope(name):
        a = convert_to_tensor(a, name="a")
        ndim = a.shape.ndims
        if ndim is None:
            count = rank(a)
            last = [subtract(count, 1), subtract(count, 2)]
            return transpose(a, concat([graph_range(0, subtract(count, 2), 1), stack(last)], 0))
        if ndim < 2:
            raise ValueError(
                f"Argument `a` should be a (batch) matrix with rank >= 2.  Received `a` = {a} with shape: {a.shape}"
            )
        return transpose(a, [*range(ndim - 2), ndim - 1, ndim - 2])


def adjoint(matrix: Any, name: str | None = None) -> Tensor:
    """The conjugate transpose of the last two dimensions; of real numbers, the transpose.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.adjoint([[1.0, 2.0], [3.0, 4.0]]))
    array([[1., 3.],
           [2., 4.]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "adjoint"):
        return matrix_transpose(matrix)
