"""Recurrent networks under their old names, and cells around cells (``tf.contrib.rnn``)."""

from __future__ import annotations

from typing import Any as _Any

from graphmagic.contrib.linear import linear as _linear
from graphmagic.dtypes import float32 as _float32
from graphmagic.names import namespace as _namespace
from graphmagic.nn import bidirectional_dynamic_rnn as _bidirectional
from graphmagic.nn import dynamic_rnn, embedding_lookup, rnn_cell, static_bidirectional_rnn, static_rnn
from graphmagic.nn.rnn_cell import RNNCell as _RNNCell
from graphmagic.ops.concat import concat as _concat
from graphmagic.ops.reshaping import reshape as _reshape
from graphmagic.ops.variable_scope import get_variable as _get_variable
from graphmagic.ops.variable_scope import variable_scope as _variable_scope

__all__ = [
    "EmbeddingWrapper",
    "InputProjectionWrapper",
    "OutputProjectionWrapper",
    "dynamic_rnn",
    "stack_bidirectional_dynamic_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
]


class _Around(_RNNCell):
    """A cell around another one, with its state."""

    def __init__(self, cell: _Any, **options: _Any) -> None:
        super().__init__(**options)
        self._cell = cell

    @property
    def state_size(self) -> _Any:
        """That of the cell inside."""
        return self._cell.state_size

    @property
    def output_size(self) -> _Any:
        """That of the cell inside."""
        return self._cell.output_size

    def zero_state(self, batch_size: _Any, dtype: _Any) -> _Any:
        """The first state of the cell inside."""
        return self._cell.zero_state(batch_size, dtype)


class OutputProjectionWrapper(_Around):
    """Makes weighted sums of a cell's outputs.

    Args:
        cell: an `RNNCell`.
        output_size: how many sums.
        activation: applied to them.
        reuse: use the variables that are there.

    >>> import graphmagic as tf
    >>> cell = tf.contrib.rnn.OutputProjectionWrapper(tf.contrib.rnn.BasicRNNCell(3), 7)
    >>> outputs, state = tf.nn.dynamic_rnn(cell, tf.zeros([2, 4, 5]), dtype=tf.float32)
    >>> outputs.shape.as_list(), state.shape.as_list()
    ([2, 4, 7], [2, 3])
    """

    def __init__(self, cell: _Any, output_size: int, activation: _Any = None, reuse: _Any = None) -> None:
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        super().__init__(cell, _reuse=reuse)
        self._size, self._activation = output_size, activation

    @property
    def output_size(self) -> int:
        """How many sums."""
        return self._size

    def call(self, inputs: _Any, state: _Any) -> _Any:
        """A step of the cell, then the sums."""
        output, new_state = self._cell(inputs, state)
        summed = _linear(output, self._size)
        return summed if self._activation is None else self._activation(summed), new_state


class InputProjectionWrapper(_Around):
    """Makes weighted sums of the inputs for a cell; arguments as `OutputProjectionWrapper`."""

    def __init__(
        self, cell: _Any, num_proj: int, activation: _Any = None, input_size: _Any = None, reuse: _Any = None
    ) -> None:
        super().__init__(cell, _reuse=reuse)
        self._size, self._activation = num_proj, activation

    def call(self, inputs: _Any, state: _Any) -> _Any:
        """The sums, then a step of the cell."""
        summed = _linear(inputs, self._size)
        return self._cell(summed if self._activation is None else self._activation(summed), state)


class EmbeddingWrapper(_Around):
    """Gives a cell the vectors of words.

    Args:
        cell: an `RNNCell`.
        embedding_classes: how many words there are.
        embedding_size: how long their vectors are.
        initializer: of the vectors; uniform numbers of variance 1 if None.
        reuse: use the variables that are there.
    """

    def __init__(
        self,
        cell: _Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: _Any = None,
        reuse: _Any = None,
    ) -> None:
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                f"Both embedding_classes and embedding_size must be > 0: {embedding_classes}, {embedding_size}."
            )
        super().__init__(cell, _reuse=reuse)
        self._dtype = _float32  # that of the vectors; the inputs are numbers of words
        self._classes, self._size, self._initializer = embedding_classes, embedding_size, initializer

    def call(self, inputs: _Any, state: _Any) -> _Any:
        """The vectors, then a step of the cell."""
        from graphmagic.ops.initializers import random_uniform_initializer

        start = self._initializer or random_uniform_initializer(-(3**0.5), 3**0.5)
        table = _get_variable("embedding", [self._classes, self._size], dtype=_float32, initializer=start)
        return self._cell(embedding_lookup(table, _reshape(inputs, [-1])), state)


def stack_bidirectional_dynamic_rnn(
    cells_fw: _Any, cells_bw: _Any, inputs: _Any, initial_states_fw: _Any = None, initial_states_bw: _Any = None,
    dtype: _Any = None, sequence_length: _Any = None, parallel_iterations: int | None = None,
    time_major: bool = False, scope: _Any = None,
) -> tuple[_Any, _Any, _Any]:  # fmt: skip
    """Several `tf.nn.bidirectional_dynamic_rnn`, one upon the other.

    Args:
        cells_fw: the cells that go forward, one for each layer.
        cells_bw: the cells that go backward.
        inputs: shape ``[batch, time, depth]``.
        initial_states_fw: their first states.
        initial_states_bw: their first states.
        dtype: the type of the first states.
        sequence_length: how long each sequence is.
        parallel_iterations: accepted for old programs.
        time_major: whether time comes first.
        scope: the name of the scope.

    Returns:
        The outputs of the last layer, both directions side by side, and the last states.
    """
    states_fw, states_bw, found = [], [], inputs
    with _variable_scope(scope or "stack_bidirectional_rnn"):
        for number, (forward, backward) in enumerate(zip(cells_fw, cells_bw, strict=True)):
            with _variable_scope(f"cell_{number}"):
                outputs, (state_fw, state_bw) = _bidirectional(
                    forward,
                    backward,
                    found,
                    sequence_length=sequence_length,
                    initial_state_fw=None if initial_states_fw is None else initial_states_fw[number],
                    initial_state_bw=None if initial_states_bw is None else initial_states_bw[number],
                    dtype=dtype,
                    time_major=time_major,
                )
                found = _concat(outputs, 2)
            states_fw.append(state_fw)
            states_bw.append(state_bw)
    return found, tuple(states_fw), tuple(states_bw)


_other_names, _ = _namespace(__name__)


def __getattr__(name: str) -> _Any:
    if not name.startswith("_") and hasattr(rnn_cell, name):
        return getattr(rnn_cell, name)
    return _other_names(name)
