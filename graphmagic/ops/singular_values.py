"""The singular value decomposition of matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.decompositions import differences, safe_reciprocal
from graphmagic.ops.diagonals import matrix_diag, matrix_set_diag
from graphmagic.ops.elementary import square
from graphmagic.ops.like import zeros_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.matrices import MATRIX_TYPES, check_matrix, matrix_shape, matrix_transpose
from graphmagic.ops.queries import shape
from graphmagic.shapes import TensorShape

svd_op = OpDef(
    "Svd",
    "input:T -> s:T, u:T, v:T",
    types={"T": MATRIX_TYPES},
    defaults={"compute_uv": True, "full_matrices": False},
)


@svd_op.kernel
def svd_kernel(x: Any, *, compute_uv: bool, full_matrices: bool) -> Any:
    check_matrix(x)
    if not compute_uv:
        nothing = np.empty((0,), x.dtype)
        return np.linalg.svd(x, compute_uv=False), nothing, nothing
    u, s, vt = np.linalg.svd(x, full_matrices=full_matrices)
    return s, u, np.swapaxes(vt, -1, -2)


@svd_op.shape_rule
def svd_shape(x: Tensor, *, compute_uv: bool, full_matrices: bool) -> list[TensorShape]:
    batch, rows, columns = matrix_shape(x.shape)
    small = None if rows is None or columns is None else min(rows, columns)
    values = batch.concatenate([small])
    if not compute_uv:
        return [values, TensorShape([0]), TensorShape([0])]
    left, right = (rows, columns) if full_matrices else (small, small)
    return [values, batch.concatenate([rows, left]), batch.concatenate([columns, right])]


@svd_op.gradient
def svd_grad(op: Operation, ds: Tensor, du: Tensor, dv: Tensor) -> Tensor:
    """As J. Townsend derives it in "Differentiating the singular value decomposition" (2016).

    It is infinite where singular values are equal, since the vectors are then not unique.
    """
    x = op.inputs[0]
    if not op.attrs["compute_uv"]:
        _, u, v = svd(x)
        return matmul(u, matmul(matrix_diag(ds), v, transpose_b=True))
    _, rows, columns = matrix_shape(x.shape)
    if op.attrs["full_matrices"] and (rows is None or columns is None or abs(rows - columns) > 1):
        raise NotImplementedError(
            "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True. "
            f"Received: m={rows} and n={columns} from op input={x} with shape={x.shape}."
        )
    s, u, v = op.outputs
    size = shape(s)[-1]
    gaps = matrix_set_diag(safe_reciprocal(differences(square(s))), zeros_like(s))
    from_u, outside_u, u = _turned(u, du, size, gaps)
    from_v, outside_v, v = _turned(v, dv, size, gaps)
    values, inverse = matrix_diag(s), matrix_diag(safe_reciprocal(s))
    core = add(matrix_diag(ds), add(matmul(from_u, values), matmul(values, from_v)))
    inside = matmul(u, matmul(core, v, transpose_b=True))
    left = matmul(outside_u, matmul(inverse, v, transpose_b=True))
    return add(inside, add(left, matmul(u, matmul(inverse, outside_v, transpose_b=True))))


def _turned(u: Tensor, du: Tensor, size: Tensor, gaps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """What the gradient of singular vectors means for the matrix.

    Returns:
        The part within the space that the first vectors span, in their coordinates; the part outside of it; and the
        first vectors.  There are more only where all were asked for, and these turn against the first ones.
    """
    first, d_first = u[..., :, :size], du[..., :, :size]
    rest, d_rest = u[..., :, size:], du[..., :, size:]
    moved = subtract(d_first, matmul(rest, matmul(d_rest, first, transpose_a=True)))
    inner = matmul(first, d_first, transpose_a=True)
    within = multiply(gaps, inner)
    outside = subtract(moved, matmul(first, matmul(first, moved, transpose_a=True)))
    return add(within, matrix_transpose(within)), outside, first


def svd(tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None) -> Any:
    """The singular values and vectors of matrices.

    Args:
        tensor: a tensor of floats of shape ``[..., n, m]``.
        full_matrices: return all singular vectors, not only those of the ``min(n, m)`` singular values.
        compute_uv: return the vectors.
        name: the operation's name.

    Returns:
        The singular values ``s`` from the largest to the smallest, and if `compute_uv` the vectors as columns:
        ``(s, u, v)`` with ``u @ diag(s) @ transpose(v) = tensor``.

    Raises:
        ValueError: there are fewer than two dimensions.

    >>> import graphmagic as tf
    >>> s, u, v = tf.svd([[3.0, 0.0], [0.0, 5.0]])
    >>> tf.Session().run(s).round(4)
    array([5., 3.], dtype=float32)
    """
    s, u, v = apply_op(
        svd_op, tensor, name=name, compute_uv=bool(compute_uv), full_matrices=bool(full_matrices)
    ).outputs
    return (s, u, v) if compute_uv else s
