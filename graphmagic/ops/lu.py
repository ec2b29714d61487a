"""The decomposition of matrices into triangular ones, and the pseudo-inverse."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank_at_least
from graphmagic.ops.choosing import where
from graphmagic.ops.division import divide
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.like import ones_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.logic import greater
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.singular_values import svd
from graphmagic.shapes import TensorShape

__all__ = ["lu", "pinv"]

Array = np.ndarray[Any, Any]
lu_op = OpDef(
    "Lu",
    "input:T -> lu:T, p:output_idx_type",
    types={"T": dtypes.FLOATS[1:], "output_idx_type": dtypes.INDICES},
    defaults={"output_idx_type": dtypes.int32},
)


def _decomposed(matrix: Array) -> tuple[Array, Array]:
    """Both triangular factors in one matrix, and the order of its rows (Gauss with partial pivots)."""
    size = len(matrix)
    rows = np.arange(size)
    for step in range(size):
        pivot = step + int(np.argmax(np.abs(matrix[step:, step])))
        if matrix[pivot, step] == 0:
            raise invalid("Input is not invertible.")
        matrix[[step, pivot]], rows[[step, pivot]] = matrix[[pivot, step]], rows[[pivot, step]]
        matrix[step + 1 :, step] /= matrix[step, step]
        matrix[step + 1 :, step + 1 :] -= np.outer(matrix[step + 1 :, step], matrix[step, step + 1 :])
    return matrix, rows


@lu_op.kernel
def lu_kernel(x: Any, *, output_idx_type: DType) -> tuple[Array, Array]:
    if x.ndim < 2:
        raise invalid(f"Input tensor must have rank >= 2, got {x.ndim}")
    if x.shape[-1] != x.shape[-2]:
        raise invalid(f"Input matrix must be square, got {x.shape[-2]} != {x.shape[-1]}")
    stack = np.array(x).reshape(-1, *x.shape[-2:])
    orders = np.zeros(stack.shape[:2], output_idx_type.numpy)
    for index, matrix in enumerate(stack):
        orders[index] = _decomposed(matrix)[1]
    return stack.reshape(x.shape), orders.reshape(x.shape[:-1])


@lu_op.shape_rule
def lu_shape(x: Tensor) -> list[TensorShape]:
    known = of_rank_at_least(x.shape, 2)
    if known.ints is not None:
        rows, columns = known.ints[-2:]
        if None not in (rows, columns) and rows != columns:
            raise ValueError(f"Dimensions must be equal, but are {rows} and {columns}")
        size = columns if rows is None else rows
        known = known[:-2].concatenate([size, size])
    return [known, known[:-1]]


def lu(input: Any, output_idx_type: Any = dtypes.int32, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Decompose square matrices: ``input[p] = L U``.

    Args:
        input: shape ``[..., n, n]``, floats.
        output_idx_type: the type of the order of rows, int32 or int64.
        name: the operation's name.

    Returns:
        (L without its diagonal of ones below U, the order `p` of the rows).  No gradient flows through it.

    Raises:
        InvalidArgumentError: a matrix is not invertible, when the graph runs.

    >>> import graphmagic as tf
    >>> both, order = tf.Session().run(tf.linalg.lu([[1.0, 2.0], [4.0, 4.0]]))
    >>> both, order
    (array([[4.  , 4.  ],
           [0.25, 1.  ]], dtype=float32), array([1, 0], dtype=int32))
    """
    lower_upper, order = apply_op(lu_op, input, name=name, output_idx_type=as_dtype(output_idx_type)).outputs
    return lower_upper, order


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """The pseudo-inverse of Moore and Penrose, from the singular values.

    Args:
        a: matrices, shape ``[..., m, n]``, floats.
        rcond: singular values smaller than this times the largest one count as zero; 10 times the size times the
            precision of the type if None.
        validate_args: accepted for old programs.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of shape ``[..., n, m]``.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.pinv([[2.0, 0.0], [0.0, 0.0], [0.0, 0.0]])).round(4) + 0.0
    array([[0.5, 0. , 0. ],
           [0. , 0. , 0. ]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "pinv"):
        matrix = convert_to_tensor(a, name="a")
        kind = matrix.dtype.base_dtype
        of_rank_at_least(matrix.shape, 2)
        if rcond is None:
            largest = cast(reduce_max(shape(matrix)[-2:]), kind)
            rcond = multiply(largest, 10.0 * float(np.finfo(kind.as_numpy_dtype).eps))
        limit = convert_to_tensor(rcond, kind, name="rcond")
        values, left, right = svd(matrix)
        cutoff = multiply(limit, reduce_max(values, axis=-1))
        is_used = greater(values, expand_dims(cutoff, -1))
        kept = where(is_used, values, multiply(ones_like(values), np.inf))
        return matmul(divide(right, expand_dims(kept, -2)), left, adjoint_b=True)
