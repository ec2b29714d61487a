"""Small layers of Keras: activations with a slope, noise, other arrangements of the inputs."""

from __future__ import annotations

from typing import Any

from graphmagic import nn
from graphmagic.keras.backend import learning_phase
from graphmagic.keras.base_layers import Layer
from graphmagic.layers.base import smart_cond
from graphmagic.ops.arithmetic import add
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_normal
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.tile import tile
from graphmagic.ops.transposing import transpose

__all__ = ["ELU", "GaussianNoise", "LeakyReLU", "Permute", "RepeatVector"]


class LeakyReLU(Layer):
    """A rectifier with a slope for negative inputs."""

    def __init__(self, alpha: float = 0.3, **options: Any) -> None:
        super().__init__(**options)
        self._alpha = alpha

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return nn.leaky_relu(inputs, self._alpha)


class ELU(Layer):
    """`tf.nn.elu` as a layer."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return nn.elu(inputs)


class GaussianNoise(Layer):
    """Adds normal numbers while training."""

    def __init__(self, stddev: float, **options: Any) -> None:
        super().__init__(**options)
        self._stddev = stddev

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        noise = lambda: add(inputs, random_normal(shape(inputs), 0.0, self._stddev))  # noqa: E731
        return smart_cond(learning_phase(), noise, lambda: inputs)


class Permute(Layer):
    """The dimensions of each example in another order, which begins with 1."""

    def __init__(self, dims: Any, **options: Any) -> None:
        super().__init__(**options)
        self._dims = tuple(dims)

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return transpose(inputs, [0, *self._dims])


class RepeatVector(Layer):
    """Each vector several times, as a sequence."""

    def __init__(self, n: int, **options: Any) -> None:
        super().__init__(**options)
        self._n = n

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return tile(expand_dims(inputs, 1), [1, self._n, 1])
