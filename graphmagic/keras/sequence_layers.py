"""Layers of Keras for sequences: words as vectors, recurrent networks."""

from __future__ import annotations

from typing import Any

from graphmagic import nn
from graphmagic.dtypes import int32
from graphmagic.keras import activations, initializers
from graphmagic.keras.base_layers import Layer
from graphmagic.ops.casting import cast
from graphmagic.ops.variable_scope import get_variable, variable_scope

__all__ = ["GRU", "LSTM", "Embedding", "SimpleRNN"]


class Embedding(Layer):
    """A vector for each word, learned."""

    def __init__(
        self, input_dim: int, output_dim: int, embeddings_initializer: Any = "uniform", input_length: int | None = None,
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self._sizes, self._initializer = (input_dim, output_dim), initializers.get(embeddings_initializer)
        self.input_shape_given = (input_length,)

    def build(self, input_shape: Any) -> None:
        """Make the table."""
        with variable_scope(self._name, "embedding") as scope:
            table = get_variable("embeddings", list(self._sizes), initializer=self._initializer)
        self._name, self._own = scope.name, [table]

    def call(self, inputs: Any) -> Any:
        """The vectors."""
        return nn.embedding_lookup(self._own[0], cast(inputs, int32))


class _Recurrent(Layer):
    def __init__(
        self, units: int, return_sequences: bool = False, activation: Any = "tanh", **options: Any
    ) -> None:
        super().__init__(**{k: v for k, v in options.items() if k in ("name", "input_shape", "input_dim")})
        self.units, self._all, self._activation = units, return_sequences, activations.get(activation)

    def cell(self) -> Any:
        """The cell that does the work."""
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """The outputs of all steps, or of the last one."""
        with variable_scope(self._name, type(self).__name__.lower()) as scope:
            cell = self.cell()
            outputs, _ = nn.dynamic_rnn(cell, inputs, dtype="float32")
        self._name, self._own = scope.name, list(cell.variables)
        return outputs if self._all else outputs[:, -1]


class SimpleRNN(_Recurrent):
    """A recurrent network that feeds its outputs back."""

    def cell(self) -> Any:
        """A basic cell."""
        return nn.rnn_cell.BasicRNNCell(self.units, activation=self._activation)


class LSTM(_Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

    def cell(self) -> Any:
        """A cell with memory."""
        return nn.rnn_cell.LSTMCell(self.units, activation=self._activation)


class GRU(_Recurrent):
    """Gated recurrent units (Cho et al., 2014)."""

    def cell(self) -> Any:
        """A gated cell."""
        return nn.rnn_cell.GRUCell(self.units, activation=self._activation)
