"""Activations by their names (``tf.keras.activations``)."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.chosen import chosen
from graphmagic.nn import elu, relu, selu, softmax, softplus, softsign
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.elementary import exp, sigmoid
from graphmagic.ops.trigonometric import tanh

__all__ = [
    "elu",
    "get",
    "hard_sigmoid",
    "linear",
    "relu",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
]


def linear(x: Any) -> Any:
    """The inputs."""
    return x


def hard_sigmoid(x: Any) -> Any:
    """A sigmoid of three straight lines: 0, ``0.2 x + 0.5``, 1."""
    return clip_by_value(add(multiply(x, 0.2), 0.5), 0.0, 1.0)


def get(identifier: Any) -> Any:
    """An activation by its name."""
    functions = (elu, hard_sigmoid, linear, relu, selu, sigmoid, softmax, softplus, softsign, tanh)
    known = {f.__name__: f for f in functions} | {"exponential": exp}
    return chosen("activation function", identifier, known)
