"""Layers of Keras that apply another layer: to each step of a sequence, or in both directions."""

from __future__ import annotations

import copy
from typing import Any

from graphmagic.keras.base_layers import Layer
from graphmagic.keras.sequence_layers import Recurrent
from graphmagic.layers.base import snake_case
from graphmagic.ops.arithmetic import add_n, multiply
from graphmagic.ops.concat import concat
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.reversing import reverse
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["Bidirectional", "TimeDistributed"]


class TimeDistributed(Layer):
    """A layer for each step of sequences.

    Args:
        layer: what each step is given to.
        **options: as for all layers.
    """

    def __init__(self, layer: Layer, **options: Any) -> None:
        super().__init__(**options)
        self.layer = layer

    @property
    def weights(self) -> list[Any]:
        """The variables of the layer."""
        return self.layer.weights

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        steps, *rest = inputs.shape.as_list()[1:]
        outputs = self.layer(reshape(inputs, [-1, *rest]))
        count = shape(inputs)[1] if steps is None else steps
        return reshape(outputs, [shape(inputs)[0], count, *outputs.shape.as_list()[1:]])


class Bidirectional(Layer):
    """A recurrent layer for both directions of sequences.

    Args:
        layer: a recurrent layer; it is applied forwards, and a copy of it backwards.
        merge_mode: how the two results become one: ``concat``, ``sum``, ``mul``, ``ave``, or None for both.
        **options: as for all layers.
    """

    def __init__(self, layer: Recurrent, merge_mode: str | None = "concat", **options: Any) -> None:
        super().__init__(**options)
        if merge_mode not in ("concat", "sum", "mul", "ave", None):
            raise ValueError(
                'Invalid merge mode. Merge mode should be one of {"sum", "mul", "ave", "concat", None}'
            )
        self._mode, self._given = merge_mode, layer
        if self.input_shape_given is None:
            self.input_shape_given = layer.input_shape_given

    def build(self, input_shape: Any) -> None:
        """Make the two layers."""
        inner = self._given.name
        self.forward, self.backward = copy.copy(self._given), copy.copy(self._given)
        self.forward._name, self.backward._name = f"forward_{inner}", f"backward_{inner}"
        self.backward.go_backwards = not self._given.go_backwards
        with variable_scope(self._name, snake_case(type(self).__name__)) as scope:
            for layer in (self.forward, self.backward):
                layer.build(input_shape)
                layer.built = True
        self._name = scope.name
        self._own = [*self.forward.weights, *self.backward.weights]

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        results = [self.forward.call(inputs), self.backward.call(inputs)]
        if results[1].shape.ndims == 3:
            results[1] = reverse(results[1], [1])
        if self._mode is None:
            return results
        if self._mode == "concat":
            return concat(results, -1)
        if self._mode == "mul":
            return multiply(*results)
        total = add_n(results)
        return total if self._mode == "sum" else multiply(total, 0.5)
