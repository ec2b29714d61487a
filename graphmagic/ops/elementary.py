"""Elementary functions beyond arithmetic, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.math import declare_unary, multiply, negative, reciprocal

log1p_op = declare_unary("Log1p", np.log1p)


@log1p_op.gradient
def log1p_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(op.inputs[0] + 1.0))  # type: ignore[operator]


def log1p(x: Any, name: str | None = None) -> Tensor:
    """``log(1 + x)``, accurate for small x.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.log1p([0.0, 1.0])).round(4)
    array([0.    , 0.6931], dtype=float32)
    """
    return apply_op(log1p_op, x, name=name).outputs[0]


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
