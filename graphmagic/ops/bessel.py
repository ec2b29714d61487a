"""Modified Bessel functions of the first kind, of orders 0 and 1."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.choosing import where
from graphmagic.ops.division import reciprocal
from graphmagic.ops.elementary import exp
from graphmagic.ops.elementwise import declare_unary, in_float64
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import greater
from graphmagic.ops.rounding import abs, sign

_FAR = 20.0  # from here on the asymptotic series reaches the accuracy of float64


def _scaled_bessel(order: int) -> Any:
    """``exp(-|x|) * I(x)`` for an order: the series 10.25.2 of the Digital Library of Mathematical Functions near 0,
    which has no cancellation, and the asymptotic series 10.40.1 far away.
    """

    def compute(x: Any) -> Any:
        size = np.abs(x)
        near = np.where(size < _FAR, size, 0.0)
        term = np.power(near / 2, order)
        series = term.copy()
        for k in range(1, 60):
            term = term * np.square(near / 2) / (k * (k + order))
            series += term
        far = np.where(size < _FAR, _FAR, size)
        step = np.ones_like(far)
        tail = np.ones_like(far)
        for k in range(1, 30):
            step = -step * (4 * order * order - (2 * k - 1) ** 2) / (k * 8 * far)
            tail += step
        scaled = np.where(size < _FAR, series * np.exp(-near), tail / np.sqrt(2 * np.pi * far))
        return np.where(np.isnan(x), x, scaled * (np.sign(x) if order % 2 else 1.0))

    return compute


i0e_op = declare_unary("BesselI0e", in_float64(_scaled_bessel(0)), dtypes.REAL_FLOATS)
i1e_op = declare_unary("BesselI1e", in_float64(_scaled_bessel(1)), dtypes.REAL_FLOATS)


@i0e_op.gradient
def i0e_grad(op: Operation, dy: Tensor) -> Tensor:
    x, y = op.inputs[0], op.outputs[0]
    return multiply(dy, subtract(bessel_i1e(x), multiply(sign(x), y)))


@i1e_op.gradient
def i1e_grad(op: Operation, dy: Tensor) -> Tensor:
    """The formula divides by x; at 0 the derivative is its limit, 1/2."""
    x, y = op.inputs[0], op.outputs[0]
    epsilon = float(np.finfo(x.dtype.as_numpy_dtype).eps)
    away = greater(abs(x), multiply(ones_like(x), epsilon))
    safe = where(away, x, multiply(ones_like(x), epsilon))
    slope = subtract(bessel_i0e(safe), multiply(y, add(sign(safe), reciprocal(safe))))
    return multiply(dy, where(away, slope, add(zeros_like(x), 0.5)))


def bessel_i0e(x: Any, name: str | None = None) -> Tensor:
    """``exp(-abs(x)) * bessel_i0(x)``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.bessel_i0e([0.0, 1.0])).round(4)
    array([1.    , 0.4658], dtype=float32)
    """
    return apply_op(i0e_op, x, name=name).outputs[0]


def bessel_i1e(x: Any, name: str | None = None) -> Tensor:
    """``exp(-abs(x)) * bessel_i1(x)``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.bessel_i1e([0.0, 1.0])).round(4)
    array([0.    , 0.2079], dtype=float32)
    """
    return apply_op(i1e_op, x, name=name).outputs[0]


def bessel_i0(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 0, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.bessel_i0([0.0, 1.0])).round(4)
    array([1.    , 1.2661], dtype=float32)
    """
    with get_default_graph().name_scope(name or "bessel_i0") as scope:
        x = convert_to_tensor(x, name="x")
        return multiply(exp(abs(x)), bessel_i0e(x), name=scope)


def bessel_i1(x: Any, name: str | None = None) -> Tensor:
    """The modified Bessel function of the first kind of order 1, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.bessel_i1([0.0, 1.0])).round(4)
    array([0.    , 0.5652], dtype=float32)
    """
    with get_default_graph().name_scope(name or "bessel_i1") as scope:
        x = convert_to_tensor(x, name="x")
        return multiply(exp(abs(x)), bessel_i1e(x), name=scope)
