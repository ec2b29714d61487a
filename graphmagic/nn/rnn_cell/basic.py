"""The simplest cells: BasicRNNCell, GRUCell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.nn.bias import bias_add
from graphmagic.nn.rnn_cell.base import LayerRNNCell, check_inputs, depth_of
from graphmagic.nn.rnn_cell.choosing import activation_of
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.initializers import constant_initializer, zeros_initializer
from graphmagic.ops.linalg import matmul
from graphmagic.ops.split import split
from graphmagic.shapes import TensorShape

__all__ = ["BasicRNNCell", "GRUCell"]

Activation = Callable[[Any], Any] | str | None


class BasicRNNCell(LayerRNNCell):
    """The basic recurrent cell: ``output = state = activation([input, state] W + b)``.

    Args:
        num_units: the size of the state.
        activation: the activation function, or its name; tanh if None.
        reuse: whether to share existing variables.
        name: the scope of its variables.
        dtype: the type of its variables.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.BasicRNNCell(4)
    >>> output, state = cell(tf.zeros([2, 3]), cell.zero_state(2, tf.float32))
    >>> output.shape.as_list(), output is state
    ([2, 4], True)
    """

    def __init__(
        self,
        num_units: int,
        activation: Activation = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **options)
        self._num_units = num_units
        self._activation = activation_of(activation)

    @property
    def state_size(self) -> int:
        """The size of the state."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._num_units

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables."""
        self._kernel = self.add_weight("kernel", [depth_of(input_shape) + self._num_units, self._num_units])
        self._bias = self.add_weight("bias", [self._num_units], initializer=zeros_initializer(self.dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        check_inputs(inputs, state)
        gates = bias_add(matmul(concat([inputs, state], 1), self._kernel), self._bias)
        output = self._activation(gates)
        return output, output


class GRUCell(LayerRNNCell):
    """The gated recurrent unit.

    Args:
        num_units: the size of the state.
        activation: the activation function, or its name; tanh if None.
        reuse: whether to share existing variables.
        kernel_initializer: the initializer of the matrices.
        bias_initializer: the initializer of the biases; one for the gates and zero for the candidate if None.
        name: the scope of its variables.
        dtype: the type of its variables.

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine
    Translation", EMNLP 2014.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.GRUCell(4)
    >>> cell(tf.zeros([2, 3]), cell.zero_state(2, tf.float32))[0].shape.as_list()
    [2, 4]
    """

    def __init__(
        self,
        num_units: int,
        activation: Activation = None,
        reuse: bool | None = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **options)
        self._num_units = num_units
        self._activation = activation_of(activation)
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer

    @property
    def state_size(self) -> int:
        """The size of the state."""
        return self._num_units

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._num_units

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables."""
        rows, units, kernel = (
            depth_of(input_shape) + self._num_units,
            self._num_units,
            self._kernel_initializer,
        )
        ones, zeros = constant_initializer(1.0, dtype=self.dtype), zeros_initializer(self.dtype)
        self._gate_kernel = self.add_weight("gates/kernel", [rows, 2 * units], initializer=kernel)
        self._gate_bias = self.add_weight(
            "gates/bias", [2 * units], initializer=self._bias_initializer or ones
        )
        self._candidate_kernel = self.add_weight("candidate/kernel", [rows, units], initializer=kernel)
        self._candidate_bias = self.add_weight(
            "candidate/bias", [units], initializer=self._bias_initializer or zeros
        )

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        check_inputs(inputs, state)
        gates = bias_add(matmul(concat([inputs, state], 1), self._gate_kernel), self._gate_bias)
        reset: Any
        update: Any
        reset, update = split(value=sigmoid(gates), num_or_size_splits=2, axis=1)
        candidate = matmul(concat([inputs, reset * state], 1), self._candidate_kernel)
        new = self._activation(bias_add(candidate, self._candidate_bias))
        output = update * state + (1 - update) * new
        return output, output
