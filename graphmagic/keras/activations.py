"""Activations by their names (``tf.keras.activations``)."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.chosen import chosen
from graphmagic.nn import elu, relu, selu, softmax, softplus, softsign
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.trigonometric import tanh

__all__ = ["elu", "get", "linear", "relu", "selu", "sigmoid", "softmax", "softplus", "softsign", "tanh"]


def linear(x: Any) -> Any:
    """The inputs."""
    return x


def get(identifier: Any) -> Any:
    """An activation by its name."""
    known = {f.__name__: f for f in (elu, linear, relu, selu, sigmoid, softmax, softplus, softsign, tanh)}
    return chosen("activation function", identifier, known)
