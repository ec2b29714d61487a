"""Long short-term memory: BasicLSTMCell, LSTMCell.

Source: Hochreiter and Schmidhuber, "Long Short-Term Memory", Neural Computation 9(8), 1997; forget gate, peepholes
and projection as in Sak et al., "Long Short-Term Memory Recurrent Neural Network Architectures for Large Scale
Acoustic Modeling", Interspeech 2014.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphmagic.dtypes import int32
from graphmagic.nn.bias import bias_add
from graphmagic.nn.rnn_cell.base import LayerRNNCell, check_inputs, depth_of
from graphmagic.nn.rnn_cell.choosing import activation_of
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.elementary import sigmoid
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.linalg import matmul
from graphmagic.ops.slicing import slice as slice_
from graphmagic.ops.split import split
from graphmagic.shapes import TensorShape

__all__ = ["BasicLSTMCell", "LSTMCell", "LSTMStateTuple"]

Activation = Callable[[Any], Any] | str | None


class _Pair(NamedTuple):
    c: Any
    h: Any


class LSTMStateTuple(_Pair):
    """The state of an LSTM cell: the memory `c` and the output `h`."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The type of both.

        Raises:
            TypeError: they have different types.
        """
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent dtypes for internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class BasicLSTMCell(LayerRNNCell):
    """The basic long short-term memory cell: input, forget and output gate, nothing more.

    Args:
        num_units: the size of the output and of the memory.
        forget_bias: added to the bias of the forget gate, so that the cell remembers in the beginning of training.
        state_is_tuple: whether the state is an `LSTMStateTuple`, not one tensor with both parts side by side.
        activation: the activation function, or its name; tanh if None.
        reuse: whether to share existing variables.
        name: the scope of its variables.
        dtype: the type of its variables.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    >>> output, state = cell(tf.zeros([2, 3]), cell.zero_state(2, tf.float32))
    >>> output.shape.as_list(), output is state.h
    ([2, 4], True)
    """

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Activation = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **options)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_of(activation)

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        return (
            LSTMStateTuple(self._num_units, self._num_units) if self._state_is_tuple else 2 * self._num_units
        )

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._num_units

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables."""
        units = self._num_units
        self._kernel = self.add_weight("kernel", [depth_of(input_shape) + units, 4 * units])
        self._bias = self.add_weight("bias", [4 * units], initializer=zeros_initializer(self.dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        check_inputs(inputs, state)
        one = constant(1, int32)
        c, h = state if self._state_is_tuple else split(value=state, num_or_size_splits=2, axis=one)
        gates = bias_add(matmul(concat([inputs, h], 1), self._kernel), self._bias)
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=one)
        forget_bias = constant(self._forget_bias, f.dtype)
        kept = multiply(c, sigmoid(add(f, forget_bias)))
        new_c = add(kept, multiply(sigmoid(i), self._activation(j)))
        new_h = multiply(self._activation(new_c), sigmoid(o))
        return new_h, LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)


class LSTMCell(LayerRNNCell):
    """The long short-term memory cell with peepholes, clipping and projection.

    Args:
        num_units: the size of the memory.
        use_peepholes: whether the gates see the memory.
        cell_clip: clip the memory to this absolute value.
        initializer: the initializer of the matrices.
        num_proj: the size of the output, if it is to be projected.
        proj_clip: clip the projected output to this absolute value.
        num_unit_shards: accepted for old programs.
        num_proj_shards: accepted for old programs.
        forget_bias: added to the bias of the forget gate.
        state_is_tuple: whether the state is an `LSTMStateTuple`, not one tensor with both parts side by side.
        activation: the activation function, or its name; tanh if None.
        reuse: whether to share existing variables.
        name: the scope of its variables.
        dtype: the type of its variables.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.LSTMCell(4, num_proj=2)
    >>> output, state = cell(tf.zeros([5, 3]), cell.zero_state(5, tf.float32))
    >>> output.shape.as_list(), state.c.shape.as_list()
    ([5, 2], [5, 4])
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: float | None = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: float | None = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: float = 1.0,
        state_is_tuple: bool = True,
        activation: Activation = None,
        reuse: bool | None = None,
        name: str | None = None,
        dtype: Any = None,
        **options: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **options)
        self._num_units = num_units
        self._use_peepholes = use_peepholes
        self._cell_clip = cell_clip
        self._initializer = initializer
        self._num_proj = num_proj
        self._proj_clip = proj_clip
        self._forget_bias = forget_bias
        self._state_is_tuple = state_is_tuple
        self._activation = activation_of(activation)

    @property
    def state_size(self) -> Any:
        """The size of the state."""
        sizes = LSTMStateTuple(self._num_units, self.output_size)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> int:
        """The size of the output."""
        return self._num_proj or self._num_units

    def build(self, input_shape: TensorShape) -> None:
        """Make the variables."""
        units, start = self._num_units, self._initializer
        self._kernel = self.add_weight(
            "kernel", [depth_of(input_shape) + self.output_size, 4 * units], initializer=start
        )
        self._bias = self.add_weight("bias", [4 * units], initializer=zeros_initializer(self.dtype))
        if self._use_peepholes:
            self._w_f_diag, self._w_i_diag, self._w_o_diag = [
                self.add_weight(name, [units], initializer=start)
                for name in ("w_f_diag", "w_i_diag", "w_o_diag")
            ]
        if self._num_proj is not None:
            self._proj_kernel = self.add_weight(
                "projection/kernel", [units, self._num_proj], initializer=start
            )

    def call(self, inputs: Any, state: Any) -> Any:
        """One step."""
        check_inputs(inputs, state)
        c_before, m_before = state if self._state_is_tuple else self._parts(state)
        gates = bias_add(matmul(concat([inputs, m_before], 1), self._kernel), self._bias)
        i: Any
        f: Any
        o: Any
        i, j, f, o = split(value=gates, num_or_size_splits=4, axis=1)
        if self._use_peepholes:
            kept = sigmoid(f + self._forget_bias + self._w_f_diag * c_before) * c_before
            c = kept + sigmoid(i + self._w_i_diag * c_before) * self._activation(j)
        else:
            c = sigmoid(f + self._forget_bias) * c_before + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        output_gate: Any = sigmoid(o + self._w_o_diag * c) if self._use_peepholes else sigmoid(o)
        m = self._projected(output_gate * self._activation(c))
        return m, LSTMStateTuple(c, m) if self._state_is_tuple else concat([c, m], 1)

    def _parts(self, state: Any) -> tuple[Any, Any]:
        units = self._num_units
        return slice_(state, [0, 0], [-1, units]), slice_(state, [0, units], [-1, self.output_size])

    def _projected(self, m: Any) -> Any:
        if self._num_proj is None:
            return m
        m = matmul(m, self._proj_kernel)
        return m if self._proj_clip is None else clip_by_value(m, -self._proj_clip, self._proj_clip)
