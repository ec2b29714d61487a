"""Beam search: keeping the best beginnings of a sequence instead of one (scores: Wu et al., 2016)."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphmagic import nest
from graphmagic.contrib.seq2seq.attention_wrapper import AttentionWrapperState
from graphmagic.contrib.seq2seq.basic_decoder import check_layer
from graphmagic.contrib.seq2seq.beams import chosen_beams, gather_tree_from_array, merged, parted
from graphmagic.contrib.seq2seq.decoder import Decoder
from graphmagic.contrib.seq2seq.helper import vectors_of
from graphmagic.contrib.seq2seq.scores import Weights, masked, scores_of
from graphmagic.contrib.seq2seq.trees import gather_tree
from graphmagic.dtypes import bool as bool_
from graphmagic.dtypes import int32, int64
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.nn import log_softmax
from graphmagic.nn.rnn_cell.base import check_cell
from graphmagic.nn.top_k import top_k
from graphmagic.ops.batch_gather import batch_gather
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.cond import cond
from graphmagic.ops.division import floordiv, floormod
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.fill import fill, zeros
from graphmagic.ops.identity import identity
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import equal, logical_not, logical_or
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape, size
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.stacking import stack
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.tile import tile
from graphmagic.shapes import TensorShape

__all__ = [
    "BeamSearchDecoder",
    "BeamSearchDecoderOutput",
    "BeamSearchDecoderState",
    "FinalBeamSearchDecoderOutput",
]


class BeamSearchDecoderState(NamedTuple):
    """The state of a search: that of the cell, and of each beam its probability, end, length and coverage."""

    cell_state: Any
    log_probs: Any
    finished: Any
    lengths: Any
    accumulated_attention_probs: Any


class BeamSearchDecoderOutput(NamedTuple):
    """What a step gives: the scores of the best beams, their words, and which beam each goes on."""

    scores: Any
    predicted_ids: Any
    parent_ids: Any


class FinalBeamSearchDecoderOutput(NamedTuple):
    """What a search gives: the words of the beams, the best beam first, and the outputs of all steps."""

    predicted_ids: Any
    beam_search_decoder_output: Any


class BeamSearchDecoder(Decoder):
    """A decoder that keeps the best beginnings of each sequence.

    The initial state has each sequence `beam_width` times, as `tile_batch` makes it.

    Args:
        cell: an `RNNCell`.
        embedding: a function of words' numbers, or a matrix with a vector in each row.
        start_tokens: the words to start with, an int32 vector.
        end_token: the word that ends a sequence, an int32 scalar.
        initial_state: the first state of the cell.
        beam_width: how many beginnings.
        output_layer: a layer, such as `tf.layers.Dense`, that makes logits of the cell's outputs.
        length_penalty_weight: how much long sequences are preferred; 0 is not at all.
        coverage_penalty_weight: how much it costs not to have looked at all that was read.
        reorder_tensor_arrays: whether arrays in the last state are put in the order of the words.

    Raises:
        TypeError: the cell or the layer is none.
        ValueError: the tokens have other ranks.

    >>> import graphmagic as tf
    >>> tf.set_random_seed(1)
    >>> seq2seq = tf.contrib.seq2seq
    >>> cell, table = tf.nn.rnn_cell.GRUCell(3), tf.ones([5, 2])
    >>> state = seq2seq.tile_batch(cell.zero_state(2, tf.float32), 4)
    >>> decoder = seq2seq.BeamSearchDecoder(cell, table, [0, 0], 1, state, 4, tf.layers.Dense(5))
    >>> outputs, _, _ = seq2seq.dynamic_decode(decoder, maximum_iterations=6)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(outputs.predicted_ids).shape
    (2, 6, 4)
    """

    def __init__(
        self, cell: Any, embedding: Any, start_tokens: Any, end_token: Any, initial_state: Any, beam_width: int,
        output_layer: Any = None, length_penalty_weight: Any = 0.0, coverage_penalty_weight: Any = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:  # fmt: skip
        check_cell("cell", cell)
        check_layer("output_layer", output_layer)
        self._cell, self._output_layer, self._width = cell, output_layer, beam_width
        self._reorder = reorder_tensor_arrays
        self._weights = Weights(length_penalty_weight, coverage_penalty_weight)
        self._vectors = vectors_of(embedding)
        starts = convert_to_tensor(start_tokens, int32, name="start_tokens")
        if starts.shape.ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._end_token = convert_to_tensor(end_token, int32, name="end_token")
        if self._end_token.shape.ndims != 0:
            raise ValueError("end_token must be a scalar")
        rows = starts.shape.as_list()[0]
        self._batch_size: Any = size(starts) if rows is None else rows
        self._initial_cell_state = nest.map_structure(self._parted, initial_state)
        self._start_inputs = self._vectors(tile(expand_dims(starts, 1), [1, beam_width]))

    def _parted(self, t: Any) -> Any:
        return parted(t, self._batch_size, self._width)

    def _first_beam(self, on: Any, off: Any, dtype: Any) -> Any:
        """A value for the first beam of each sequence, another one for the others."""
        return one_hot(zeros(stack([self._batch_size]), int32), self._width, on, off, dtype=dtype)

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """Beams change places, so a beam that has ended may be followed by one that has not."""
        return True

    @property
    def output_size(self) -> Any:
        """The sizes of a step's outputs."""
        return BeamSearchDecoderOutput(*[TensorShape([self._width])] * 3)

    @property
    def output_dtype(self) -> Any:
        """The types of a step's outputs."""
        return BeamSearchDecoderOutput(nest.flatten(self._initial_cell_state)[0].dtype, int32, int32)

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        """Only one beam counts in the beginning, since all are the same."""
        kind = nest.flatten(self._initial_cell_state)[0].dtype
        finished = self._first_beam(False, True, bool_)
        attention = self._attention(self._initial_cell_state)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=self._first_beam(0.0, float("-inf"), kind),
            finished=finished,
            lengths=zeros(stack([self._batch_size, self._width]), int64),
            accumulated_attention_probs=() if attention is None else zeros_like(attention),
        )
        state.lengths.set_shape(finished.shape)
        return finished, self._start_inputs, state

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> tuple[Any, Any]:
        """Whole sequences."""
        longest = cast(reduce_max(final_state.lengths, axis=1), int32)
        words = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder:
            final_state = final_state._replace(
                cell_state=nest.map_structure(
                    lambda t: (
                        gather_tree_from_array(t, outputs.parent_ids, final_state.lengths)
                        if isinstance(t, TensorArray)
                        else t
                    ),
                    final_state.cell_state,
                )
            )
        return FinalBeamSearchDecoderOutput(words, outputs), final_state

    def step(self, time: Any, inputs: Any, state: Any, name: str | None = None) -> tuple[Any, Any, Any, Any]:
        """A step of the cell for all beams, then the choice of the best ones."""
        with name_scope(name or "BeamSearchDecoderStep"):
            outputs, moved = self._cell(
                nest.map_structure(merged, inputs), nest.map_structure(merged, state.cell_state)
            )
            logits = self._parted(outputs)
            moved = nest.map_structure(self._parted, moved)
            if self._output_layer is not None:
                logits = self._output_layer(logits)
            best, following = self._choose(logits, moved, state)
            upcoming = cond(
                reduce_all(following.finished),
                lambda: identity(self._start_inputs),
                lambda: self._vectors(best.predicted_ids),
            )
            upcoming.set_shape(self._start_inputs.shape)
        return best, following, upcoming, following.finished

    def _choose(self, logits: Any, cell_state: Any, state: Any) -> tuple[Any, Any]:
        """The best beams of all those that go on by one word."""
        classes = logits.shape[-1].value
        words: Any = shape(logits)[-1] if classes is None else classes
        total = expand_dims(state.log_probs, 2) + masked(log_softmax(logits), self._end_token, state.finished)
        open_ones = cast(logical_not(state.finished), int64)
        ends = fill(shape(state.finished), self._end_token)
        added = one_hot(ends, words, 0, 1, dtype=int64) * expand_dims(open_ones, 2)
        lengths = added + expand_dims(state.lengths, 2)
        attention = self._attention(cell_state)
        if attention is not None:
            attention = state.accumulated_attention_probs + attention * expand_dims(
                cast(open_ones, attention.dtype), 2
            )
        scores = scores_of(total, lengths, self._weights, attention)
        flat_scores = reshape(scores, stack([self._batch_size, -1]))
        best, places = top_k(flat_scores, k=self._width)
        flat = reshape(total, stack([self._batch_size, -1]))
        chosen = cast(floormod(places, words), int32)
        parents = cast(floordiv(places, words), int32)

        def of_parents(t: Any) -> Any:
            return chosen_beams(t, parents, self._batch_size, self._width)

        ended = of_parents(state.finished)
        following = BeamSearchDecoderState(
            cell_state=nest.map_structure(of_parents, cell_state),
            log_probs=batch_gather(flat, places),
            finished=logical_or(ended, equal(chosen, self._end_token)),
            lengths=of_parents(state.lengths) + cast(logical_not(ended), int64),
            accumulated_attention_probs=() if attention is None else of_parents(attention),
        )
        return BeamSearchDecoderOutput(best, chosen, parents), following

    def _attention(self, cell_state: Any) -> Any:
        """How much each step of what was read matters to each beam, if that is asked for."""
        if not self._weights.has_coverage:
            return None
        found = _wrapper_states(cell_state)
        if not found:
            return None
        parts = [part for state in found for part in nest.flatten(state.alignments)]
        return concat(parts, -1) if len(parts) > 1 else parts[0]


def _wrapper_states(state: Any) -> list[Any]:
    """The states of attention wrappers in the state of a cell."""
    if isinstance(state, AttentionWrapperState):
        return [state]
    if isinstance(state, (tuple, list)):
        return [found for item in state for found in _wrapper_states(item)]
    return []
