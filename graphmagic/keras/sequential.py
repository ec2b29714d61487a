"""Models of Keras whose layers follow each other."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.keras.base_layers import Input, InputLayer, Layer
from graphmagic.keras.model import Model
from graphmagic.keras.sequence_layers import Embedding

__all__ = ["Sequential"]


class Sequential(Model):
    """Layers one after the other.

    The first one says the shape of an example, with ``input_shape``; otherwise the first examples do.

    Args:
        layers: the layers.
        name: its name.

    >>> import graphmagic as tf
    >>> model = tf.keras.models.Sequential([tf.keras.layers.Dense(1, input_shape=(1,))])
    >>> model.compile(tf.keras.optimizers.SGD(0.1), loss="mse")
    >>> x = np.linspace(-1, 1, 16)[:, None]
    >>> history = model.fit(x, 2 * x + 1, epochs=60, verbose=0)
    >>> print(history.history["loss"][-1] < 1e-3)
    True
    """

    def __init__(self, layers: Any = None, name: str | None = None) -> None:
        super().__init__(name=name or "sequential")
        self._waiting: list[Any] = []
        self._wanted: Any = None
        for layer in layers or []:
            self.add(layer)

    def add(self, layer: Any) -> None:
        """Append a layer.

        Raises:
            TypeError: it is no layer.
        """
        if isinstance(layer, Model):
            for inner in layer.layers:
                self.add(inner)
            return
        if not isinstance(layer, Layer):
            raise TypeError(f"The added layer must be an instance of class Layer. Found: {layer}")
        if not hasattr(self, "output"):
            if layer.input_shape_given is None or self._waiting:
                self._waiting.append(layer)
                return
            self._begin(layer.input_shape_given, layer)
        self._append(layer)

    def _begin(self, shape: Any, first: Any) -> None:
        with self._graph.as_default():
            self.inputs = [Input(shape, dtype="int32" if isinstance(first, Embedding) else first.input_dtype)]
            self.output = self.inputs[0]

    def _append(self, layer: Any) -> None:
        with self._graph.as_default():
            self.output = layer(self.output)
        if not isinstance(layer, InputLayer):
            self.layers.append(layer)

    def build(self, input_shape: Any) -> None:
        """Make the layers for batches of a shape."""
        if self._waiting:
            self._begin(tuple(input_shape)[1:], self._waiting[0])
            for layer in self._waiting:
                self._append(layer)
            self._waiting = []
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.compile(*wanted)

    def compile(
        self, optimizer: Any = "rmsprop", loss: Any = None, metrics: Any = None, **options: Any
    ) -> None:
        """Say how it is trained; see `Model.compile`."""
        if self._waiting:
            self._wanted = (optimizer, loss, metrics)
        else:
            super().compile(optimizer, loss, metrics, **options)

    def _check_built(self, x: Any = None) -> None:
        if not self._waiting:
            return
        if x is None:
            raise ValueError(
                "This model has not yet been built. Build the model first by calling `build()` or calling `fit()` with "
                "some data, or specify an `input_shape` argument in the first layer(s) for automatic build."
            )
        self.build(np.shape(x))
