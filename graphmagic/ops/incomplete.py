"""The regularized incomplete gamma and beta functions, which are probabilities.

The formulas are those of the NIST Digital Library of Mathematical Functions (DLMF), cited by number; the continued
fractions are evaluated by Lentz' method as modified by Thompson and Barnett (Journal of Computational Physics 64, 1986,
490-509).  All are computed in float64.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add, multiply, negative, subtract
from graphmagic.ops.checks import invalid, merged_shape
from graphmagic.ops.elementary import exp, log, log1p
from graphmagic.ops.elementwise import declare_binary, in_float64
from graphmagic.ops.gamma import digamma_function, lgamma, log_gamma
from graphmagic.shapes import TensorShape

_FLOATS = (dtypes.float32, dtypes.float64)
_NAMES = ("a", "x")
_STEPS = 10_000
_TINY = 1e-300
_EPS = 1e-16


# ----- the incomplete gamma functions -----


def _lower_series(a: Any, x: Any) -> Any:
    """P(a, x) divided by ``x**a * exp(-x) / gamma(a + 1)`` (DLMF 8.7.1); converges fast for x < a + 1."""
    term = np.ones_like(x)
    total = np.ones_like(x)
    for k in range(1, _STEPS):
        term = term * x / (a + k)
        total = total + term
        if not np.any(term > _EPS * total):
            break
    return total


def _upper_fraction(a: Any, x: Any) -> Any:
    """Q(a, x) divided by ``x**a * exp(-x) / gamma(a)`` (DLMF 8.9.2, its even part); converges fast for x > a + 1."""
    b = x + 1 - a
    c = np.full_like(x, 1 / _TINY)
    d = 1 / np.where(b == 0, _TINY, b)
    result = d
    for k in range(1, _STEPS):
        weight = -k * (k - a)
        b = b + 2
        d = 1 / _not_zero(weight * d + b)
        c = _not_zero(b + weight / c)
        step = c * d
        result = result * step
        if not np.any(np.abs(step - 1) > _EPS):
            break
    return result


def _not_zero(x: Any) -> Any:
    return np.where(np.abs(x) < _TINY, _TINY, x)


def _incomplete_gamma(a: Any, x: Any, upper: bool) -> Any:
    a, x = np.broadcast_arrays(a, x)
    defined = (a > 0) & (x >= 0)
    inside = defined & (x > 0) & np.isfinite(x) & np.isfinite(a)
    aa, xx = np.where(inside, a, 1.0), np.where(inside, x, 1.0)
    scale = np.exp(aa * np.log(xx) - xx - log_gamma(aa + 1))
    low = xx < aa + 1
    by_series = scale * _lower_series(aa, np.where(low, xx, 0.5))
    by_fraction = scale * aa * _upper_fraction(np.where(low, 1.0, aa), np.where(low, 3.0, xx))
    lower = np.where(low, by_series, 1 - by_fraction)
    result = np.where(low, 1 - by_series, by_fraction) if upper else lower
    at_ends = np.where((x == 0) | np.isinf(a), float(upper), 1.0 - float(upper))
    if upper:
        at_ends = np.where(np.isinf(x), 0.0, at_ends)
    undefined = np.nan if upper else np.where(x == 0, 0.0, np.nan)
    return np.where(defined, np.where(inside, result, at_ends), undefined)


def _by_parameter(a: Any, x: Any) -> Any:
    """The derivative of P(a, x) with respect to a: that of the series DLMF 8.7.1, term by term."""
    a, x = np.broadcast_arrays(a, x)
    inside = (a > 0) & (x > 0) & np.isfinite(x) & np.isfinite(a)
    aa, xx = np.where(inside, a, 1.0), np.where(inside, x, 1.0)
    weight = np.exp(aa * np.log(xx) - xx - log_gamma(aa + 1))
    slope = np.log(xx) - digamma_function(aa + 1)
    total = weight * slope
    for k in range(1, _STEPS):
        weight = weight * xx / (aa + k)
        slope = slope - 1 / (aa + k)
        total = total + weight * slope
        if not np.any((np.abs(weight * slope) > _EPS * np.abs(total)) | (xx > aa + k)):
            break
    return np.where(inside, total, np.where((a > 0) & (x >= 0), 0.0, np.nan))


igamma_op = declare_binary(
    "Igamma", in_float64(lambda a, x: _incomplete_gamma(a, x, upper=False)), _FLOATS, _NAMES
)
igammac_op = declare_binary(
    "Igammac", in_float64(lambda a, x: _incomplete_gamma(a, x, upper=True)), _FLOATS, _NAMES
)
igamma_grad_a_op = declare_binary("IgammaGradA", in_float64(_by_parameter), _FLOATS, _NAMES)


@igamma_op.gradient
def igamma_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    a, x = op.inputs
    by_a = apply_op(igamma_grad_a_op, a, x).outputs[0]
    by_x = exp(subtract(multiply(subtract(a, 1.0), log(x)), add(x, lgamma(a))))
    return multiply(by_a, dy), multiply(by_x, dy)


@igammac_op.gradient
def igammac_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    by_a, by_x = igamma_grad(op, dy)
    return negative(by_a), negative(by_x)


def igamma(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The lower regularized incomplete gamma function P(a, x), element by element.

    Args:
        a: the parameter, positive: a tensor of float32 or float64.
        x: where the integral ends, not negative: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor` of numbers between 0 and 1; NaN where an argument is out of range.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.igamma([1.0, 2.0], 1.0)).round(4)
    array([0.6321, 0.2642], dtype=float32)
    """
    return apply_op(igamma_op, a, x, name=name).outputs[0]


def igammac(a: Any, x: Any, name: str | None = None) -> Tensor:
    """The upper regularized incomplete gamma function, ``1 - igamma(a, x)``; arguments and errors as `igamma`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.igammac([1.0, 2.0], 1.0)).round(4)
    array([0.3679, 0.7358], dtype=float32)
    """
    return apply_op(igammac_op, a, x, name=name).outputs[0]


# ----- the incomplete beta function -----


def _beta_fraction(a: Any, b: Any, x: Any) -> Any:
    """The continued fraction DLMF 8.17.22."""
    c = np.ones_like(x)
    d = 1 / _not_zero(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _STEPS):
        for weight in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / _not_zero(1 + weight * d)
            c = _not_zero(1 + weight / c)
            result = result * c * d
        if not np.any(np.abs(c * d - 1) > _EPS):
            break
    return result


def _incomplete_beta(a: Any, b: Any, x: Any) -> Any:
    for name, array in (("b", b), ("x", x)):
        if a.ndim and array.ndim and a.shape != array.shape:
            raise invalid(f"Shapes of a and {name} are inconsistent: {shape_text(a)} vs. {shape_text(array)}")
    a, b, x = np.broadcast_arrays(a, b, x)
    defined = (a > 0) & (b > 0) & (x >= 0) & (x <= 1)
    inside = defined & (x > 0) & (x < 1)
    aa, bb, xx = (np.where(inside, v, 0.5) for v in (a, b, x))
    swap = xx > (aa + 1) / (
        aa + bb + 2
    )  # the fraction converges fast below, and I(a, b, x) = 1 - I(b, a, 1 - x)
    first, second, at = np.where(swap, bb, aa), np.where(swap, aa, bb), np.where(swap, 1 - xx, xx)
    log_beta = log_gamma(aa) + log_gamma(bb) - log_gamma(aa + bb)
    scale = np.exp(aa * np.log(xx) + bb * np.log1p(-xx) - log_beta)
    value = scale * _beta_fraction(first, second, at) / first
    return np.where(defined, np.where(inside, np.where(swap, 1 - value, value), x), np.nan)


betainc_op = OpDef(
    "Betainc",
    "a:T, b:T, x:T -> z:T",
    kernel=in_float64(_incomplete_beta),
    types={"T": _FLOATS},
    elementwise=True,
    broadcasts=True,
)


@betainc_op.shape_rule
def betainc_shape(a: Tensor, b: Tensor, x: Tensor) -> TensorShape:
    """Equal shapes, except for scalars, which are broadcast."""
    shape = TensorShape([])
    for tensor in (a, b, x):
        if tensor.shape.ndims is None:
            return TensorShape(None)
        if tensor.shape.ndims:
            shape = merged_shape(shape, tensor.shape) if shape.ndims else tensor.shape
    return shape


@betainc_op.gradient
def betainc_grad(op: Operation, dy: Tensor) -> tuple[None, None, Tensor]:
    """Only with respect to x, as in TensorFlow."""
    a, b, x = op.inputs
    log_beta = subtract(add(lgamma(a), lgamma(b)), lgamma(add(a, b)))
    powers = add(multiply(subtract(b, 1.0), log1p(negative(x))), multiply(subtract(a, 1.0), log(x)))
    return None, None, multiply(exp(subtract(powers, log_beta)), dy)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Tensor:
    """The regularized incomplete beta function, element by element; no gradient flows to `a` and `b`.

    Args:
        a: the first parameter, positive: a tensor of float32 or float64.
        b: the second parameter, positive: a tensor of the same type.
        x: where the integral ends, between 0 and 1: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor` of numbers between 0 and 1; NaN where an argument is out of range.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes differ, and not by scalars.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.betainc(2.0, 3.0, [0.25, 0.5])).round(4)
    array([0.2617, 0.6875], dtype=float32)
    """
    return apply_op(betainc_op, a, b, x, name=name).outputs[0]
