"""Conditional random fields over sequences (Lafferty et al., 2001; ``tf.contrib.crf``)."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.names import namespace as _namespace
from graphmagic.nn.dynamic_rnn import dynamic_rnn
from graphmagic.nn.rnn_cell import RNNCell
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.extremes import argmax, reduce_max
from graphmagic.ops.fill import range as range_
from graphmagic.ops.functional import scan
from graphmagic.ops.gather import gather
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import less_equal
from graphmagic.ops.meshes import sequence_mask
from graphmagic.ops.norms import reduce_logsumexp
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.reversing import reverse_sequence
from graphmagic.ops.transposing import transpose
from graphmagic.ops.variable_scope import get_variable

__all__ = [
    "CrfForwardRnnCell",
    "crf_binary_score",
    "crf_decode",
    "crf_log_likelihood",
    "crf_log_norm",
    "crf_multitag_sequence_score",
    "crf_sequence_score",
    "crf_unary_score",
    "viterbi_decode",
]


def crf_unary_score(tag_indices: Any, sequence_lengths: Any, inputs: Any) -> Any:
    """The sums of the scores of tags.

    Args:
        tag_indices: the tags, shape ``[batch, time]``.
        sequence_lengths: how long each sequence is.
        inputs: the scores of each tag, shape ``[batch, time, tags]``.

    Returns:
        One number for each sequence.
    """
    inputs = convert_to_tensor(inputs)
    tags = shape(inputs)[2] if inputs.shape[-1].value is None else inputs.shape[-1].value
    chosen = reduce_sum(inputs * one_hot(tag_indices, tags, dtype=inputs.dtype), 2)
    mask = sequence_mask(sequence_lengths, maxlen=shape(tag_indices)[1], dtype=inputs.dtype)
    return reduce_sum(chosen * mask, 1)


def crf_binary_score(tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """The sums of the scores of one tag after another.

    Args:
        tag_indices: the tags, shape ``[batch, time]``.
        sequence_lengths: how long each sequence is.
        transition_params: the score of each tag (columns) after each tag (rows).

    Returns:
        One number for each sequence.
    """
    tags: Any = cast(tag_indices, int32)
    table = convert_to_tensor(transition_params)
    count = shape(table)[0]
    scores = gather(reshape(table, [-1]), tags[:, :-1] * count + tags[:, 1:])
    mask: Any = sequence_mask(sequence_lengths, maxlen=shape(tags)[1], dtype=table.dtype)
    return reduce_sum(scores * mask[:, 1:], 1)


def crf_sequence_score(inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """The scores of sequences of tags, 0 for empty ones; arguments as `crf_log_likelihood`."""
    one_by_one = crf_unary_score(tag_indices, sequence_lengths, inputs)
    return one_by_one + crf_binary_score(tag_indices, sequence_lengths, transition_params)


def crf_multitag_sequence_score(
    inputs: Any, tag_bitmap: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """The logarithm of the sum of exponentials of the scores of all sequences of allowed tags.

    Args:
        inputs: the scores of each tag, shape ``[batch, time, tags]``.
        tag_bitmap: which tags are allowed, booleans of the same shape.
        sequence_lengths: how long each sequence is.
        transition_params: the score of each tag (columns) after each tag (rows).
    """
    scores = convert_to_tensor(inputs)
    never: Any = zeros_like(scores) + float("-inf")
    return crf_log_norm(where(tag_bitmap, scores, never), sequence_lengths, transition_params)


def crf_log_norm(inputs: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """The logarithms of the sums of exponentials of the scores of all sequences of tags.

    Args:
        inputs: the scores of each tag, shape ``[batch, time, tags]``.
        sequence_lengths: how long each sequence is; 0 for an empty one.
        transition_params: the score of each tag (columns) after each tag (rows).
    """
    scores: Any = convert_to_tensor(inputs)
    lengths = convert_to_tensor(sequence_lengths)
    rest = cast(maximum(lengths - 1, 0), int32)
    cell = CrfForwardRnnCell(transition_params)
    _, last = dynamic_rnn(cell, scores[:, 1:], rest, initial_state=scores[:, 0], dtype=scores.dtype)
    norm = reduce_logsumexp(last, [1])
    return where(less_equal(lengths, 0), zeros_like(norm), norm)


def crf_log_likelihood(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any = None
) -> tuple[Any, Any]:
    """The logarithms of the probabilities of sequences of tags.

    Args:
        inputs: the scores of each tag, shape ``[batch, time, tags]``.
        tag_indices: the tags, int32 of shape ``[batch, time]``.
        sequence_lengths: how long each sequence is.
        transition_params: the score of each tag (columns) after each tag (rows); the variable ``transitions`` if None.

    Returns:
        One number for each sequence, and the scores of one tag after another.

    >>> import graphmagic as tf
    >>> like, _ = tf.contrib.crf.crf_log_likelihood(tf.zeros([1, 3, 2]), [[0, 1, 1]], [3], tf.zeros([2, 2]))
    >>> print("%.4f %.4f" % (tf.Session().run(like)[0], -3 * np.log(2)))
    -2.0794 -2.0794
    """
    scores = convert_to_tensor(inputs)
    if transition_params is None:
        tags = scores.shape[2].value
        transition_params = get_variable("transitions", [tags, tags])
    found = crf_sequence_score(scores, tag_indices, sequence_lengths, transition_params)
    return found - crf_log_norm(scores, sequence_lengths, transition_params), transition_params


class CrfForwardRnnCell(RNNCell):
    """A step of the forward algorithm: its state are the logarithms of sums that end in each tag.

    Args:
        transition_params: the score of each tag (columns) after each tag (rows).
    """

    def __init__(self, transition_params: Any) -> None:
        super().__init__()
        self._table = expand_dims(transition_params, 0)
        self._tags = convert_to_tensor(transition_params).shape[0].value

    @property
    def state_size(self) -> Any:
        """How many tags there are."""
        return self._tags

    @property
    def output_size(self) -> Any:
        """How many tags there are."""
        return self._tags

    def call(self, inputs: Any, state: Any) -> Any:
        """The sums that end in each tag of the next step."""
        sums = inputs + reduce_logsumexp(expand_dims(state, 2) + self._table, [1])
        return sums, sums


def _picked(rows: Any, columns: Any) -> Tensor:
    """One number of each row."""
    width = shape(rows)[1]
    return gather(reshape(rows, [-1]), range_(shape(rows)[0]) * width + columns)


def crf_decode(potentials: Any, transition_params: Any, sequence_length: Any) -> tuple[Any, Any]:
    """The most probable tags (Viterbi, 1967).

    Args:
        potentials: the scores of each tag, shape ``[batch, time, tags]``.
        transition_params: the score of each tag (columns) after each tag (rows).
        sequence_length: how long each sequence is.

    Returns:
        The tags, int32 of shape ``[batch, time]``, 0 after the end; and their scores.

    >>> import graphmagic as tf
    >>> tags, score = tf.contrib.crf.crf_decode([[[1.0, 2.0], [5.0, 3.0]]], [[0.0, 0.0], [-9.0, 0.0]], [2])
    >>> tf.Session().run([tags, score])
    [array([[0, 0]], dtype=int32), array([6.], dtype=float32)]
    """
    scores: Any = convert_to_tensor(potentials)
    lengths: Any = cast(sequence_length, int32)
    rest = maximum(lengths - 1, 0)
    table = convert_to_tensor(transition_params)
    width = shape(scores)[2]
    # The scores of all steps, time first, and where the best way to each tag comes from.
    best = scan(
        lambda state, row: row + reduce_max(expand_dims(state, 2) + table, [1]),
        transpose(scores[:, 1:], [1, 0, 2]),
        initializer=scores[:, 0],
    )
    every = concat([expand_dims(scores[:, 0], 0), best], 0)
    before: Any = cast(argmax(expand_dims(every[:-1], 3) + table, 2), int32)
    batch = range_(shape(scores)[0])
    last = gather(reshape(every, [-1, width]), rest * shape(scores)[0] + batch)
    end = cast(argmax(last, 1), int32)
    # Back along it: for each sequence from its own end.
    backwards = transpose(reverse_sequence(transpose(before, [1, 0, 2]), rest, seq_axis=1), [1, 0, 2])
    path = scan(lambda tag, row: _picked(row, tag), backwards, initializer=end)
    tags = transpose(concat([expand_dims(end, 0), path], 0))
    whole: Any = reverse_sequence(tags, maximum(lengths, 1), seq_axis=1)
    mask: Any = sequence_mask(maximum(lengths, 1), maxlen=shape(scores)[1], dtype=int32)
    found = reduce_max(last, [1])
    return whole * mask, where(less_equal(lengths, 0), zeros_like(found), found)


def viterbi_decode(score: Any, transition_params: Any) -> tuple[list[int], Any]:
    """The most probable tags of one sequence, computed at once, without a graph.

    Args:
        score: the scores of each tag, an array of shape ``[time, tags]``.
        transition_params: the score of each tag (columns) after each tag (rows), an array.

    Returns:
        The tags, and their score.

    >>> viterbi_decode(np.array([[1.0, 2.0], [5.0, 3.0]]), np.array([[0.0, 0.0], [-9.0, 0.0]]))
    ([0, 0], np.float64(6.0))
    """
    best, before = np.zeros_like(score), np.zeros(np.shape(score), int)
    best[0] = score[0]
    for time in range(1, len(score)):
        paths = best[time - 1][:, None] + transition_params
        best[time], before[time] = score[time] + paths.max(0), paths.argmax(0)
    tags = [int(best[-1].argmax())]
    for row in before[:0:-1]:
        tags.append(int(row[tags[-1]]))
    return tags[::-1], best[-1].max()


__getattr__, __dir__ = _namespace(__name__)
