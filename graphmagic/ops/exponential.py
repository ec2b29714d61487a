"""The exponential of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.concat import concat
from graphmagic.ops.like import zeros_like
from graphmagic.ops.matrices import MATRIX_TYPES, check_square, matrix_transpose, square_shape
from graphmagic.ops.queries import shape
from graphmagic.shapes import TensorShape

exponential_op = OpDef("MatrixExponential", "input:T -> output:T", types={"T": MATRIX_TYPES})
_DEGREE = 13
_LARGEST_NORM = 5.371920351148152


def _pade_coefficients() -> list[float]:
    """Those of the numerator of the approximation of degree 13 to exp: (26 - j)! 13! / (26! (13 - j)! j!)."""
    count = _DEGREE
    return [
        math.factorial(2 * count - j)
        * math.factorial(count)
        / (math.factorial(2 * count) * math.factorial(count - j) * math.factorial(j))
        for j in range(count + 1)
    ]


@exponential_op.kernel
def exponential_kernel(x: Any) -> Any:
    """Scaling and squaring with a Padé approximation of degree 13.

    N. Higham, "The scaling and squaring method for the matrix exponential revisited", SIAM Journal on Matrix Analysis
    and Applications 26 (2005), 1179-1193; all matrices of a batch are scaled alike.
    """
    check_square(x)
    wide = np.asarray(x, np.float64)
    norm = float(np.max(np.sum(np.abs(wide), axis=-2), initial=0.0))
    if not math.isfinite(norm):
        return np.full_like(x, np.nan)
    halvings = max(0, math.ceil(math.log2(norm / _LARGEST_NORM))) if norm > _LARGEST_NORM else 0
    scaled = wide / 2.0**halvings
    power = np.broadcast_to(np.eye(x.shape[-1]), wide.shape)
    even, odd = np.zeros_like(wide), np.zeros_like(wide)
    for degree, coefficient in enumerate(_pade_coefficients()):
        if degree % 2:
            odd += coefficient * power
        else:
            even += coefficient * power
        power = power @ scaled
    result = np.linalg.solve(even - odd, even + odd)
    for _ in range(halvings):
        result = result @ result
    return result.astype(x.dtype)


@exponential_op.shape_rule
def exponential_shape(x: Tensor) -> TensorShape:
    return square_shape(x.shape)


@exponential_op.gradient
def exponential_grad(op: Operation, dy: Tensor) -> Tensor:
    """The upper right block of the exponential of ``[[transpose(x), dy], [0, transpose(x)]]``."""
    turned = matrix_transpose(op.inputs[0])
    above = concat([turned, dy], -1)
    below = concat([zeros_like(turned), turned], -1)
    whole = matrix_exponential(concat([above, below], -2))
    size = shape(turned)[-1]
    block: Tensor = whole[..., :size, size:]
    return block


def matrix_exponential(input: Any, name: str | None = None) -> Tensor:
    """The exponentials of square matrices: the sum of ``x**n / n!`` with matrix products.

    Args:
        input: a tensor of floats of shape ``[..., n, n]``.
        name: the operation's name.

    Returns:
        A `Tensor` like `input`.

    Raises:
        ValueError: the matrices are not square.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.expm([[0.0, 1.0], [0.0, 0.0]]))
    array([[1., 1.],
           [0., 1.]], dtype=float32)
    """
    return apply_op(exponential_op, input, name=name or "matrix_exponential").outputs[0]
