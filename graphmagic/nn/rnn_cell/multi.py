"""Cells on top of each other: MultiRNNCell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic import nest
from graphmagic.graph.graph import get_default_graph
from graphmagic.nn.rnn_cell.base import RNNCell
from graphmagic.ops.concat import concat
from graphmagic.ops.slicing import slice as slice_
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["MultiRNNCell"]


class MultiRNNCell(RNNCell):
    """Several cells as one: the output of each is the input of the next.

    Args:
        cells: the cells, the lowest first.
        state_is_tuple: whether the state is a tuple of the cells' states, not one tensor with all side by side.

    Raises:
        ValueError: there are no cells, or one has a tuple as its state although `state_is_tuple` is not set.
        TypeError: `cells` is no list.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(n) for n in (4, 2)])
    >>> cell.state_size, cell.output_size
    ((4, 2), 2)
    """

    def __init__(self, cells: Sequence[Any], state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_nested(cells):
            raise TypeError(f"cells must be a list or tuple, but received: {cells}.")
        self._cells = cells
        self._state_is_tuple = state_is_tuple
        if not state_is_tuple and any(nest.is_nested(c.state_size) for c in cells):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set. "
                f"State sizes are: {[c.state_size for c in cells]}"
            )

    @property
    def state_size(self) -> Any:
        """The sizes of the cells' states."""
        sizes = tuple([cell.state_size for cell in self._cells])
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        """The size of the output of the last cell."""
        return self._cells[-1].output_size

    @property
    def weights(self) -> list[Variable]:
        """The variables of all cells."""
        return [v for cell in self._cells for v in getattr(cell, "weights", [])]

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """A state of zeros; arguments as for `RNNCell`."""
        with get_default_graph().name_scope(f"{type(self).__name__}ZeroState"):
            if self._state_is_tuple:
                return tuple([cell.zero_state(batch_size, dtype) for cell in self._cells])
            return super().zero_state(batch_size, dtype)

    def call(self, inputs: Any, state: Any) -> Any:
        """One step of all cells."""
        if self._state_is_tuple and not nest.is_nested(state):
            raise ValueError(
                f"Expected state to be a tuple of length {len(self.state_size)}, but received: {state}"
            )
        states: list[Any] = []
        position = 0
        for number, cell in enumerate(self._cells):
            with variable_scope(f"cell_{number}"):
                if self._state_is_tuple:
                    current = state[number]
                else:
                    current = slice_(state, [0, position], [-1, cell.state_size])
                    position += cell.state_size
                inputs, following = cell(inputs, current)
                states.append(following)
        return inputs, tuple(states) if self._state_is_tuple else concat(states, 1)
