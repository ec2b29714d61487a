"""Bands of matrices, and the identity."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dimension import Dimension
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import minimum
from graphmagic.ops.checks import invalid
from graphmagic.ops.concat import concat
from graphmagic.ops.diagonals import matrix_diag, matrix_set_diag
from graphmagic.ops.fill import ones, zeros
from graphmagic.ops.matrices import check_two_dimensions
from graphmagic.shapes import TensorShape

band_part_op = OpDef(
    "MatrixBandPart",
    "input:T, num_lower:Tindex, num_upper:Tindex -> band:T",
    types={"Tindex": dtypes.INDICES},
    defaults={"Tindex": dtypes.int64},
)


@band_part_op.kernel
def band_part_kernel(x: Any, num_lower: Any, num_upper: Any) -> Any:
    check_two_dimensions(x)
    rows, columns = x.shape[-2:]
    for name, count, limit in (("num_lower", num_lower, rows), ("num_upper", num_upper, columns)):
        if count > limit:
            raise invalid(
                f"{name} must be negative or less or equal to number of {'rows' if limit is rows else 'columns'} "
                f"({limit}) got: {int(count)}"
            )
    below = np.arange(rows)[:, None] - np.arange(columns)
    kept = np.ones((rows, columns), np.bool_)
    if num_lower >= 0:
        kept &= below <= num_lower
    if num_upper >= 0:
        kept &= -below <= num_upper
    return np.where(kept, x, np.zeros((), x.dtype))


@band_part_op.shape_rule
def band_part_shape(x: Tensor, num_lower: Tensor, num_upper: Tensor) -> TensorShape:
    return x.shape


@band_part_op.gradient
def band_part_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    return matrix_band_part(dy, op.inputs[1], op.inputs[2]), None, None


def matrix_band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Tensor:
    """Matrices with everything zero except a band around the diagonal.

    Args:
        input: a tensor of shape ``[..., n, m]``.
        num_lower: how many diagonals below the main one to keep; all if negative.
        num_upper: how many above it; all if negative.
        name: the operation's name.

    Returns:
        A `Tensor` like `input`; ``matrix_band_part(x, -1, 0)`` is the lower triangle.

    Raises:
        ValueError: there are fewer dimensions or diagonals.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.matrix_band_part([[1, 2, 3], [4, 5, 6], [7, 8, 9]], -1, 0))
    array([[1, 0, 0],
           [4, 5, 0],
           [7, 8, 9]], dtype=int32)
    """
    return apply_op(band_part_op, input, num_lower, num_upper, name=name).outputs[0]


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = dtypes.float32,
    name: str | None = None,
) -> Tensor:
    """The identity matrix, or several of them.

    Args:
        num_rows: the number of rows, an integer or a tensor.
        num_columns: the number of columns; that of rows if None.
        batch_shape: leading dimensions of the result.
        dtype: its type.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of shape ``batch_shape + [num_rows, num_columns]``.

    Raises:
        TypeError: a number is none.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.eye(2))
    array([[1., 0.],
           [0., 1.]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "eye"):
        columns = num_rows if num_columns is None else num_columns
        batch = [] if batch_shape is None else batch_shape
        if isinstance(num_rows, Tensor) or isinstance(columns, Tensor):
            size: Any = minimum(num_rows, columns)
            square = num_columns is None
        else:
            if not all(isinstance(n, (int, np.integer, Dimension)) for n in (num_rows, columns)):
                raise TypeError(
                    "Arguments `num_rows` and `num_columns` must be positive integer values. "
                    f"Received: num_rows={num_rows}, num_columns={columns}"
                )
            size, square = min(int(num_rows), int(columns)), int(num_rows) == int(columns)
        if isinstance(batch, Tensor) or isinstance(size, Tensor):
            batch = convert_to_tensor(batch, dtypes.int32, name="shape")
            diagonal = ones(concat([batch, [size]], 0), dtype)
            whole: Any = None if square else concat([batch, [num_rows, columns]], 0)
        else:
            diagonal = ones([*batch, size], dtype)
            whole = [*batch, num_rows, columns]
        return matrix_diag(diagonal) if square else matrix_set_diag(zeros(whole, dtype), diagonal)
