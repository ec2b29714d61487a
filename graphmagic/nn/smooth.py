"""Smooth activations: softplus, softsign, swish."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.nn.rectifiers import declare_activation, declare_activation_grad
from graphmagic.ops.arithmetic import multiply, negative
from graphmagic.ops.casting import cast
from graphmagic.ops.division import real_div
from graphmagic.ops.elementary import exp, sigmoid
from graphmagic.ops.rounding import abs, sign

__all__ = ["log_sigmoid", "silu", "softplus", "softsign", "swish"]


def _softplus_kernel(x: Any) -> Any:
    kind = x.dtype.type
    large = kind(-np.log(np.finfo(x.dtype).eps) - 2)  # beyond it the result equals x or exp(x)
    powers = np.exp(x)
    return np.where(x > large, x, np.where(x < -large, powers, np.log1p(powers)))


def _softplus_grad_kernel(dy: Any, x: Any) -> Any:
    return np.true_divide(dy, np.add(np.exp(np.negative(x)), x.dtype.type(1)))


softplus_op = declare_activation("Softplus", _softplus_kernel, dtypes.REAL_FLOATS)
softplus_grad_op = declare_activation_grad("SoftplusGrad", _softplus_grad_kernel, dtypes.REAL_FLOATS)


@softplus_op.gradient
def softplus_grad(op: Operation, dy: Tensor) -> Tensor:
    return apply_op(softplus_grad_op, dy, op.inputs[0]).outputs[0]


@softplus_grad_op.gradient
def softplus_grad_grad(op: Operation, ddx: Tensor) -> tuple[Tensor, Tensor]:
    dy: Any = op.inputs[0]
    x: Any = op.inputs[1]
    curved = real_div(multiply(ddx, dy), exp(negative(x)) + 2.0 + exp(x))
    return apply_op(softplus_grad_op, ddx, x).outputs[0], curved


def softplus(features: Any, name: str | None = None) -> Tensor:
    """``log(1 + exp(features))``, element by element, without overflow.

    Args:
        features: a tensor of floats.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.softplus([0.0, 100.0])).round(4)
    array([  0.6931, 100.    ], dtype=float32)
    """
    return apply_op(softplus_op, features, name=name).outputs[0]


def log_sigmoid(x: Any, name: str | None = None) -> Tensor:
    """``log(sigmoid(x))``, element by element, without underflow.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.log_sigmoid([0.0, -100.0])).round(4)
    array([  -0.6931, -100.    ], dtype=float32)
    """
    with get_default_graph().name_scope(name or "LogSigmoid") as scope:
        x = convert_to_tensor(x, name="x")
        return negative(softplus(negative(x)), name=scope)


def _softsign_kernel(x: Any) -> Any:
    return np.true_divide(x, np.add(np.absolute(x), x.dtype.type(1)))


def _softsign_grad_kernel(dy: Any, x: Any) -> Any:
    return np.true_divide(dy, np.square(np.add(np.absolute(x), x.dtype.type(1))))


softsign_op = declare_activation("Softsign", _softsign_kernel, dtypes.REAL_FLOATS)
softsign_grad_op = declare_activation_grad("SoftsignGrad", _softsign_grad_kernel, dtypes.REAL_FLOATS)


@softsign_op.gradient
def softsign_grad(op: Operation, dy: Tensor) -> Tensor:
    return apply_op(softsign_grad_op, dy, op.inputs[0]).outputs[0]


@softsign_grad_op.gradient
def softsign_grad_grad(op: Operation, ddx: Tensor) -> tuple[Tensor, Tensor]:
    dy, x = op.inputs
    first: Any = apply_op(softsign_grad_op, ddx, x).outputs[0]
    size: Any = abs(x)
    return first, multiply(first * dy, sign(x)) * -2.0 / (size + 1.0)


def softsign(features: Any, name: str | None = None) -> Tensor:
    """``features / (1 + |features|)``, element by element.

    Args:
        features: a tensor of floats.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.softsign([-1.0, 3.0]))
    array([-0.5 ,  0.75], dtype=float32)
    """
    return apply_op(softsign_op, features, name=name).outputs[0]


def swish(features: Any, beta: Any = 1.0) -> Tensor:
    """``features * sigmoid(beta * features)``, element by element.

    Args:
        features: a tensor of floats.
        beta: how sharp the bend is.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.swish([0.0, 1.0])).round(4)
    array([0.    , 0.7311], dtype=float32)
    """
    x = convert_to_tensor(features, name="features")
    sharpness = cast(convert_to_tensor(beta, name="beta"), x.dtype.base_dtype)
    return multiply(x, sigmoid(multiply(sharpness, x)))


silu = swish
