"""Trigonometric and hyperbolic functions, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add, multiply, negative, subtract
from graphmagic.ops.constant import constant
from graphmagic.ops.division import real_div, reciprocal
from graphmagic.ops.elementary import sqrt, square
from graphmagic.ops.elementwise import declare_binary, declare_unary

# ----- circular functions -----

sin_op = declare_unary("Sin", np.sin)


@sin_op.gradient
def sin_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, cos(op.inputs[0]))


def sin(x: Any, name: str | None = None) -> Tensor:
    """The sine of angles in radians.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sin(1.0)).round(4)
    np.float32(0.8415)
    """
    return apply_op(sin_op, x, name=name).outputs[0]


cos_op = declare_unary("Cos", np.cos)


@cos_op.gradient
def cos_grad(op: Operation, dy: Tensor) -> Tensor:
    return negative(multiply(dy, sin(op.inputs[0])))


def cos(x: Any, name: str | None = None) -> Tensor:
    """The cosine of angles in radians.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cos(0.0))
    np.float32(1.0)
    """
    return apply_op(cos_op, x, name=name).outputs[0]


tan_op = declare_unary("Tan", np.tan)


@tan_op.gradient
def tan_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, square(reciprocal(cos(op.inputs[0]))))


def tan(x: Any, name: str | None = None) -> Tensor:
    """The tangent of angles in radians.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tan(1.0)).round(4)
    np.float32(1.5574)
    """
    return apply_op(tan_op, x, name=name).outputs[0]


def _one_minus_square(x: Tensor) -> Tensor:
    return subtract(constant(1, x.dtype.base_dtype), square(x))


asin_op = declare_unary("Asin", np.arcsin)


@asin_op.gradient
def asin_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(sqrt(_one_minus_square(op.inputs[0]))))


def asin(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians, between -π/2 and π/2, whose sine is x; NaN outside of [-1, 1].

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.asin(0.5)).round(4)
    np.float32(0.5236)
    """
    return apply_op(asin_op, x, name=name).outputs[0]


acos_op = declare_unary("Acos", np.arccos)


@acos_op.gradient
def acos_grad(op: Operation, dy: Tensor) -> Tensor:
    return negative(multiply(dy, reciprocal(sqrt(_one_minus_square(op.inputs[0])))))


def acos(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians, between 0 and π, whose cosine is x; NaN outside of [-1, 1].

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.acos(0.5)).round(4)
    np.float32(1.0472)
    """
    return apply_op(acos_op, x, name=name).outputs[0]


atan_op = declare_unary("Atan", np.arctan)


@atan_op.gradient
def atan_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(add(square(op.inputs[0]), 1)))


def atan(x: Any, name: str | None = None) -> Tensor:
    """The angle in radians, between -π/2 and π/2, whose tangent is x.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.atan(1.0)).round(4)
    np.float32(0.7854)
    """
    return apply_op(atan_op, x, name=name).outputs[0]


atan2_op = declare_binary("Atan2", np.arctan2, dtypes.REAL_FLOATS, ("y", "x"))


@atan2_op.gradient
def atan2_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    y, x = op.inputs
    scaled = real_div(dy, add(square(x), square(y)))
    return multiply(x, scaled), negative(multiply(y, scaled))


def atan2(y: Any, x: Any, name: str | None = None) -> Tensor:
    """The angle in radians, between -π and π, of the points (x, y), element by element.

    Args:
        y: a tensor of floats.
        x: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.atan2([1.0, -1.0], [0.0, -1.0])).round(4)
    array([ 1.5708, -2.3562], dtype=float32)
    """
    return apply_op(atan2_op, y, x, name=name).outputs[0]


# ----- hyperbolic functions -----

tanh_op = declare_unary("Tanh", np.tanh)


@tanh_op.gradient
def tanh_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return multiply(dy, subtract(constant(1, y.dtype), square(y)))


def tanh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic tangent, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tanh([0.0, 1.0])).round(4)
    array([0.    , 0.7616], dtype=float32)
    """
    return apply_op(tanh_op, x, name=name).outputs[0]


sinh_op = declare_unary("Sinh", np.sinh)


@sinh_op.gradient
def sinh_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, cosh(op.inputs[0]))


def sinh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic sine, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sinh(1.0)).round(4)
    np.float32(1.1752)
    """
    return apply_op(sinh_op, x, name=name).outputs[0]


cosh_op = declare_unary("Cosh", np.cosh)


@cosh_op.gradient
def cosh_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, sinh(op.inputs[0]))


def cosh(x: Any, name: str | None = None) -> Tensor:
    """The hyperbolic cosine, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cosh(1.0)).round(4)
    np.float32(1.5431)
    """
    return apply_op(cosh_op, x, name=name).outputs[0]


asinh_op = declare_unary("Asinh", np.arcsinh)


@asinh_op.gradient
def asinh_grad(op: Operation, dy: Tensor) -> Tensor:
    return real_div(dy, cosh(op.outputs[0]))


def asinh(x: Any, name: str | None = None) -> Tensor:
    """The inverse of `sinh`, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.asinh(1.0)).round(4)
    np.float32(0.8814)
    """
    return apply_op(asinh_op, x, name=name).outputs[0]


acosh_op = declare_unary("Acosh", np.arccosh)


@acosh_op.gradient
def acosh_grad(op: Operation, dy: Tensor) -> Tensor:
    return real_div(dy, sinh(op.outputs[0]))


def acosh(x: Any, name: str | None = None) -> Tensor:
    """The inverse of `cosh`, not negative, element by element; NaN below 1.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.acosh(2.0)).round(4)
    np.float32(1.317)
    """
    return apply_op(acosh_op, x, name=name).outputs[0]


atanh_op = declare_unary("Atanh", np.arctanh)


@atanh_op.gradient
def atanh_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(_one_minus_square(op.inputs[0])))


def atanh(x: Any, name: str | None = None) -> Tensor:
    """The inverse of `tanh`, element by element; NaN outside of [-1, 1].

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.atanh(0.5)).round(4)
    np.float32(0.5493)
    """
    return apply_op(atanh_op, x, name=name).outputs[0]
