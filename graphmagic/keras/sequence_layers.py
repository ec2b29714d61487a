"""Layers of Keras for sequences: words as vectors, recurrent networks."""

from __future__ import annotations

from typing import Any

from graphmagic import nn
from graphmagic.dtypes import int32
from graphmagic.keras import activations, initializers
from graphmagic.keras.base_layers import Layer
from graphmagic.layers.base import snake_case
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.fill import ones, zeros
from graphmagic.ops.linalg import matmul
from graphmagic.ops.reversing import reverse
from graphmagic.ops.split import split
from graphmagic.ops.variable_scope import get_variable, variable_scope

__all__ = ["GRU", "LSTM", "Embedding", "Recurrent", "SimpleRNN"]


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


class _Cell(nn.rnn_cell.RNNCell):
    """One step of a layer, in TensorFlow's loop over time."""

    def __init__(self, layer: Recurrent) -> None:
        super().__init__()
        self._layer = layer

    @property
    def state_size(self) -> Any:
        return (self._layer.units,) * self._layer.states

    @property
    def output_size(self) -> Any:
        return self._layer.units

    def call(self, inputs: Any, state: Any) -> Any:
        following = self._layer.step(inputs, state)
        return following[0], following


class Recurrent(Layer):
    """What recurrent layers have in common; subclasses define `step`, and how many `gates` and `states` they have.

    Args:
        units: how many outputs there are.
        activation: of the outputs.
        recurrent_activation: of the gates.
        return_sequences: give the outputs of all steps, not only of the last one.
        return_state: give the last state too.
        go_backwards: begin with the last step.
        kernel_initializer: of the weights of the inputs.
        recurrent_initializer: of the weights of the last outputs.
        **options: as for all layers.
    """

    gates, states = 1, 1

    def __init__(
        self, units: int, activation: Any = "tanh", recurrent_activation: Any = "hard_sigmoid",
        return_sequences: bool = False, return_state: bool = False, go_backwards: bool = False,
        kernel_initializer: Any = "glorot_uniform", recurrent_initializer: Any = "orthogonal", **options: Any,
    ) -> None:  # fmt: skip
        kept = ("name", "input_shape", "input_dim", "batch_input_shape")
        super().__init__(**{k: v for k, v in options.items() if k in kept})
        self.units, self._all, self._with_state = units, return_sequences, return_state
        self.go_backwards = go_backwards
        self.activation, self.gate = activations.get(activation), activations.get(recurrent_activation)
        self._initializers = initializers.get(kernel_initializer), initializers.get(recurrent_initializer)

    def build(self, input_shape: Any) -> None:
        """Make the weights."""
        width = self.units * self.gates
        with variable_scope(self._name, snake_case(type(self).__name__)) as scope:
            kernel = get_variable(
                "kernel", [input_shape.as_list()[-1], width], initializer=self._initializers[0]
            )
            again = get_variable("recurrent_kernel", [self.units, width], initializer=self._initializers[1])
            bias = get_variable("bias", [width], initializer=self.first_bias)
        self._name, self._own = scope.name, [kernel, again, bias]

    def first_bias(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        """What the bias is at first."""
        return zeros(shape, dtype)

    def step(self, inputs: Any, state: Any) -> tuple[Any, ...]:
        """The states after a step, the output first."""
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        """The outputs of all steps, or of the last one."""
        given = reverse(inputs, [1]) if self.go_backwards else inputs
        outputs, state = nn.dynamic_rnn(_Cell(self), given, dtype="float32")
        result = outputs if self._all else state[0]
        return [result, *state] if self._with_state else result


class SimpleRNN(Recurrent):
    """A recurrent network that feeds its outputs back."""

    def step(self, inputs: Any, state: Any) -> tuple[Any, ...]:
        """The next output."""
        kernel, again, bias = self._own
        return (self.activation(add(add(matmul(inputs, kernel), bias), matmul(state[0], again))),)


class LSTM(Recurrent):
    """Long short-term memory (Hochreiter and Schmidhuber, 1997)."""

    gates, states = 4, 2

    def first_bias(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        """Ones for the gate that forgets."""
        return concat([zeros([self.units]), ones([self.units]), zeros([2 * self.units])], 0)

    def step(self, inputs: Any, state: Any) -> tuple[Any, ...]:
        """The next output and the next memory."""
        kernel, again, bias = self._own
        output, memory = state
        read, keep, new, write = split(add(add(matmul(inputs, kernel), matmul(output, again)), bias), 4, 1)
        following = add(multiply(self.gate(keep), memory), multiply(self.gate(read), self.activation(new)))
        return multiply(self.gate(write), self.activation(following)), following


class GRU(Recurrent):
    """Gated recurrent units (Cho et al., 2014)."""

    gates = 3

    def step(self, inputs: Any, state: Any) -> tuple[Any, ...]:
        """The next output."""
        kernel, again, bias = self._own
        last, width = state[0], self.units
        update, reset, new = split(add(matmul(inputs, kernel), bias), 3, 1)
        gates = matmul(last, again[:, : 2 * width])
        keep = self.gate(add(update, gates[:, :width]))
        mixed = multiply(self.gate(add(reset, gates[:, width:])), last)
        candidate = self.activation(add(new, matmul(mixed, again[:, 2 * width :])))
        return (add(multiply(keep, last), multiply(subtract(1.0, keep), candidate)),)
