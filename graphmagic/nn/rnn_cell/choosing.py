"""Finding an activation function by its name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.nn.activations import relu
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.trigonometric import tanh

__all__ = ["activation_of"]

_BY_NAME: dict[str, Callable[..., Any]] = {
    "relu": relu,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "linear": lambda x: x,
}


def activation_of(activation: Callable[[Any], Any] | str | None) -> Callable[[Any], Any]:
    """An activation function from what a cell was given.

    Raises:
        ValueError: there is no function of that name.

    >>> activation_of(None) is tanh, activation_of("relu") is relu
    (True, True)
    """
    if activation is None:
        return tanh
    if callable(activation):
        return activation
    if activation not in _BY_NAME:
        raise ValueError(f"Unknown activation function: {activation!r}; known names: {', '.join(_BY_NAME)}")
    return _BY_NAME[activation]
