"""A cell that looks back at what was read in each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphmagic import nest
from graphmagic.contrib.seq2seq.attention import AttentionMechanism
from graphmagic.contrib.seq2seq.checks import check_batches
from graphmagic.dtypes import int32
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.layers import Dense
from graphmagic.nn.rnn_cell.base import RNNCell, check_cell, zeros_of_size
from graphmagic.ops.concat import concat
from graphmagic.ops.fill import zeros
from graphmagic.ops.identity import identity
from graphmagic.ops.linalg import matmul
from graphmagic.ops.reshaping import expand_dims, squeeze
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.shapes import TensorShape

__all__ = ["AttentionWrapper", "AttentionWrapperState"]

_TILING = (
    "Non-matching batch sizes between the memory (encoder output) and {what}.  Are you using the BeamSearchDecoder?  "
    "You may need to tile your {tiled} via the tf.contrib.seq2seq.tile_batch function with argument multiple=beam_width."
)


class _State(NamedTuple):
    cell_state: Any
    attention: Any
    time: Any
    alignments: Any
    alignment_history: Any
    attention_state: Any


class AttentionWrapperState(_State):
    """The state of an `AttentionWrapper`: that of its cell, what it found last, and how much each step mattered."""

    def clone(self, **changes: Any) -> AttentionWrapperState:
        """The same with other parts, such as ``cell_state=encoder_state``; their static shapes stay.

        Raises:
            ValueError: a part has another structure or shape.
        """

        def with_shape(old: Any, new: Any) -> Any:
            if hasattr(old, "set_shape") and hasattr(new, "set_shape"):
                new.set_shape(old.shape)
            return new

        return nest.map_structure(with_shape, self, self._replace(**changes))  # type: ignore[no-any-return]


class AttentionWrapper(RNNCell):
    """A cell that looks back at what was read in each step.

    Args:
        cell: an `RNNCell`.
        attention_mechanism: an `AttentionMechanism`, or a list of them.
        attention_layer_size: how long what it finds is after a layer, or a list; without a layer if None.
        alignment_history: whether the last state holds how much each step mattered, a `TensorArray`.
        cell_input_fn: makes the cell's input of the input and what was found last; both side by side if None.
        output_attention: whether the output is what was found; else it is the cell's.
        initial_cell_state: the cell's first state.
        name: the name of the scope.
        attention_layer: a layer that what was found goes through, or a list, instead of `attention_layer_size`.
        attention_fn: computes what is found, instead of the usual way.

    Raises:
        TypeError: one of them is of another kind.
        ValueError: there are not as many layers as mechanisms.

    >>> import graphmagic as tf
    >>> seq2seq = tf.contrib.seq2seq
    >>> attention = seq2seq.BahdanauAttention(3, tf.ones([2, 5, 4]))
    >>> cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(6), attention, attention_layer_size=7)
    >>> output, state = cell(tf.ones([2, 8]), cell.zero_state(2, tf.float32))
    >>> output.shape.as_list(), state.cell_state.shape.as_list(), state.alignments.shape.as_list()
    ([2, 7], [2, 6], [2, 5])
    """

    def __init__(
        self, cell: Any, attention_mechanism: Any, attention_layer_size: Any = None, alignment_history: bool = False,
        cell_input_fn: Callable[..., Any] | None = None, output_attention: bool = True,
        initial_cell_state: Any = None, name: str | None = None, attention_layer: Any = None,
        attention_fn: Callable[..., Any] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name=name)
        check_cell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._mechanisms = list(attention_mechanism) if self._is_multi else [attention_mechanism]
        for mechanism in self._mechanisms:
            if not isinstance(mechanism, AttentionMechanism):
                raise TypeError(
                    f"attention_mechanism must be an AttentionMechanism or list of multiple AttentionMechanism "
                    f"instances, saw type: {type(mechanism).__name__}"
                )
        if cell_input_fn is not None and not callable(cell_input_fn):
            raise TypeError(f"cell_input_fn must be callable, saw type: {type(cell_input_fn).__name__}")
        self._layers = self._layers_of(attention_layer_size, attention_layer)
        self._attention_size = self._found_size()
        self._cell, self._history, self._output_attention = cell, alignment_history, output_attention
        self._input = cell_input_fn or (lambda inputs, attention: concat([inputs, attention], -1))
        self._find = attention_fn or attention_of
        self._first: Any = None
        if initial_cell_state is not None:
            with name_scope(name or "AttentionWrapperInit"):
                self._first = nest.map_structure(
                    lambda s: identity(s, name="check_initial_cell_state"), initial_cell_state
                )

    def _layers_of(self, sizes: Any, layers: Any) -> list[Any]:
        """A layer for each mechanism, or None."""
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        if sizes is None and layers is None:
            return [None] * len(self._mechanisms)
        given = layers if sizes is None else sizes
        items = list(given) if isinstance(given, (list, tuple)) else [given]
        if len(items) != len(self._mechanisms):
            what = "attention_layer" if sizes is None else "attention_layer_size"
            raise ValueError(
                f"If provided, {what} must contain exactly one integer per attention_mechanism, saw: "
                f"{len(items)} vs {len(self._mechanisms)}"
            )
        if sizes is None:
            return items
        return [
            Dense(n, name="attention_layer", use_bias=False, dtype=mechanism.dtype)
            for n, mechanism in zip(items, self._mechanisms, strict=True)
        ]

    def _found_size(self) -> int:
        """How long what it finds is."""
        total = 0
        for layer, mechanism in zip(self._layers, self._mechanisms, strict=True):
            depth = mechanism.values.shape[-1].value
            if layer is not None:
                width = depth + (
                    mechanism.keys.shape[-1].value or 0
                )  # of the cell's output too: it does not matter
                depth = layer.compute_output_shape(TensorShape([None, width]))[-1].value
            total += int(depth)
        return total

    def _one_or_all(self, items: list[Any]) -> Any:
        return tuple(items) if self._is_multi else items[0]

    @property
    def output_size(self) -> Any:
        """How long outputs are."""
        return self._attention_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> Any:
        """The sizes of the parts of the state."""
        alignments = [m.alignments_size for m in self._mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_size,
            alignments=self._one_or_all(alignments),
            attention_state=self._one_or_all([m.state_size for m in self._mechanisms]),
            alignment_history=self._one_or_all([a if self._history else () for a in alignments]),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> AttentionWrapperState:
        """The first state: the cell's, and nothing found yet."""
        with name_scope(f"{type(self).__name__}ZeroState"):
            state = self._first
            if state is None:
                state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            message = f"When calling zero_state of AttentionWrapper {self.name}: " + _TILING.format(
                what="the requested batch size", tiled="encoder output"
            )
            first = nest.flatten(state)[-1]
            checks = check_batches(message, batch_size, first, *[m.values for m in self._mechanisms])
            with control_dependencies(checks):
                state = nest.map_structure(lambda s: identity(s, name="checked_cell_state"), state)
            alignments = [m.initial_alignments(batch_size, dtype) for m in self._mechanisms]
            return AttentionWrapperState(
                cell_state=state,
                time=zeros([], int32),
                attention=zeros_of_size(batch_size, self._attention_size, dtype),
                alignments=self._one_or_all(alignments),
                attention_state=self._one_or_all(
                    [m.initial_state(batch_size, dtype) for m in self._mechanisms]
                ),
                alignment_history=self._one_or_all([self._empty_history(a) for a in alignments]),
            )

    def _empty_history(self, alignments: Any) -> Any:
        if not self._history:
            return ()
        return TensorArray(alignments.dtype, size=0, dynamic_size=True, element_shape=alignments.shape)

    def call(self, inputs: Any, state: Any) -> tuple[Any, AttentionWrapperState]:
        """A step of the cell, then a look back.

        Raises:
            TypeError: `state` is no state of this cell.
        """
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                f"Expected state to be instance of AttentionWrapperState. Received type {type(state)} instead."
            )
        output, cell_state = self._cell(self._input(inputs, state.attention), state.cell_state)
        message = f"When applying AttentionWrapper {self.name}: " + _TILING.format(
            what="the query (decoder output)", tiled="memory input"
        )
        with control_dependencies(check_batches(message, output, *[m.values for m in self._mechanisms])):
            output = identity(output, name="checked_cell_output")
        before = list(state.attention_state) if self._is_multi else [state.attention_state]
        histories = list(state.alignment_history) if self._is_multi else [state.alignment_history]
        found = [
            self._find(mechanism, output, old, layer)
            for mechanism, old, layer in zip(self._mechanisms, before, self._layers, strict=True)
        ]
        attention = concat([f[0] for f in found], 1) if len(found) > 1 else found[0][0]
        if self._history:
            histories = [h.write(state.time, f[1]) for h, f in zip(histories, found, strict=True)]
        following = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._one_or_all([f[2] for f in found]),
            alignments=self._one_or_all([f[1] for f in found]),
            alignment_history=self._one_or_all(histories),
        )
        return (attention if self._output_attention else output), following


def attention_of(mechanism: Any, cell_output: Any, attention_state: Any, layer: Any) -> tuple[Any, Any, Any]:
    """What a mechanism finds for the output of a cell, how much each step mattered, and its next state."""
    alignments, following = mechanism(cell_output, attention_state)
    found: Any = squeeze(matmul(expand_dims(alignments, 1), mechanism.values), [1])
    attention = found if layer is None else layer(concat([cell_output, found], 1))
    return attention, alignments, following
