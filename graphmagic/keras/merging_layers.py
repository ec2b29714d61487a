"""Layers of Keras that make one tensor of several, and the same as functions."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.base_layers import Layer
from graphmagic.nn import l2_normalize
from graphmagic.ops.arithmetic import add_n, maximum, minimum, multiply, subtract
from graphmagic.ops.concat import concat
from graphmagic.ops.division import divide
from graphmagic.ops.reduce import reduce_sum

__all__ = [
    "Add",
    "Average",
    "Concatenate",
    "Dot",
    "Maximum",
    "Minimum",
    "Multiply",
    "Subtract",
    "add",
    "average",
    "concatenate",
    "dot",
    "maximum_of",
    "minimum_of",
    "multiply_all",
    "subtract_from",
]


class Concatenate(Layer):
    """Several inputs side by side."""

    def __init__(self, axis: int = -1, **options: Any) -> None:
        super().__init__(**options)
        self._axis = axis

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return concat(inputs, self._axis)


class Add(Layer):
    """The sum of several inputs."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return add_n(inputs)


class Average(Layer):
    """The mean of several inputs."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return divide(add_n(inputs), float(len(inputs)))


class Subtract(Layer):
    """The difference of two inputs."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return subtract(*inputs)


class _Folded(Layer):
    function: Any = None

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        result = inputs[0]
        for other in inputs[1:]:
            result = type(self).function(result, other)
        return result


class Multiply(_Folded):
    """The product of several inputs, element by element."""

    function = staticmethod(multiply)


class Maximum(_Folded):
    """The largest elements of several inputs."""

    function = staticmethod(maximum)


class Minimum(_Folded):
    """The smallest elements of several inputs."""

    function = staticmethod(minimum)


class Dot(Layer):
    """The scalar products of the rows of two inputs.

    Args:
        axes: the dimension that is summed; 1 or -1, for inputs of rank 2.
        normalize: make all rows of length one before.
        **options: as for all layers.
    """

    def __init__(self, axes: int, normalize: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self._normalize = normalize
        if axes not in (1, -1):
            raise ValueError(
                f"graphmagic's Dot sums the last of two dimensions: axes must be 1 or -1. Received: {axes}"
            )

    def call(self, inputs: Any) -> Any:
        """Compute them."""
        a, b = [l2_normalize(x, 1) if self._normalize else x for x in inputs]
        return reduce_sum(multiply(a, b), 1, keepdims=True)


def concatenate(inputs: Any, axis: int = -1, **options: Any) -> Any:
    """Several tensors side by side."""
    return Concatenate(axis, **options)(inputs)


def add(inputs: Any, **options: Any) -> Any:
    """The sum of several tensors."""
    return Add(**options)(inputs)


def average(inputs: Any, **options: Any) -> Any:
    """The mean of several tensors."""
    return Average(**options)(inputs)


def subtract_from(inputs: Any, **options: Any) -> Any:
    """The difference of two tensors."""
    return Subtract(**options)(inputs)


def multiply_all(inputs: Any, **options: Any) -> Any:
    """The product of several tensors, element by element."""
    return Multiply(**options)(inputs)


def maximum_of(inputs: Any, **options: Any) -> Any:
    """The largest elements of several tensors."""
    return Maximum(**options)(inputs)


def minimum_of(inputs: Any, **options: Any) -> Any:
    """The smallest elements of several tensors."""
    return Minimum(**options)(inputs)


def dot(inputs: Any, axes: int, normalize: bool = False, **options: Any) -> Any:
    """The scalar products of the rows of two tensors."""
    return Dot(axes, normalize, **options)(inputs)
