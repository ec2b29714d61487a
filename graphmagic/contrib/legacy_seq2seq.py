"""Sequences to sequences, unrolled, as in 2016 (``tf.contrib.legacy_seq2seq``)."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

from graphmagic.contrib.attention import attention_decoder, rnn_decoder
from graphmagic.contrib.linear import linear
from graphmagic.contrib.rnn import EmbeddingWrapper, OutputProjectionWrapper
from graphmagic.dtypes import float32
from graphmagic.graph.default import name_scope
from graphmagic.names import namespace as _namespace
from graphmagic.nn import embedding_lookup, sparse_softmax_cross_entropy_with_logits, static_rnn, xw_plus_b
from graphmagic.ops.arithmetic import add_n
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.cond import cond
from graphmagic.ops.division import divide
from graphmagic.ops.extremes import argmax
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable_scope import get_variable, get_variable_scope, variable_scope

__all__ = [
    "attention_decoder",
    "basic_rnn_seq2seq",
    "embedding_attention_decoder",
    "embedding_attention_seq2seq",
    "embedding_rnn_decoder",
    "embedding_rnn_seq2seq",
    "embedding_tied_rnn_seq2seq",
    "linear",
    "model_with_buckets",
    "rnn_decoder",
    "sequence_loss",
    "sequence_loss_by_example",
    "tied_rnn_seq2seq",
]


def _feeding_back(
    embedding: Any, projection: Any = None, update_embedding: bool = True
) -> Callable[..., Any]:
    """The function that makes the next input of the last output: the vector of the most probable word."""

    def loop_function(prev: Any, _: int) -> Any:
        if projection is not None:
            prev = xw_plus_b(prev, projection[0], projection[1])
        found = embedding_lookup(embedding, argmax(prev, 1))
        return found if update_embedding else stop_gradient(found)

    return loop_function


def basic_rnn_seq2seq(
    encoder_inputs: Sequence[Any],
    decoder_inputs: Sequence[Any],
    cell: Any,
    dtype: Any = float32,
    scope: Any = None,
) -> Any:
    """A recurrent network reads one sequence, another of the same kind goes on with the other.

    Args:
        encoder_inputs: a list of matrices.
        decoder_inputs: a list of matrices.
        cell: an `RNNCell`.
        dtype: the type of the first state.
        scope: the name of the scope.

    Returns:
        The list of the second network's outputs, and its last state.
    """
    with variable_scope(scope or "basic_rnn_seq2seq"):
        encoder = copy.deepcopy(cell)
        _, state = static_rnn(encoder, encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: Sequence[Any], decoder_inputs: Sequence[Any], cell: Any, loop_function: Any = None,
    dtype: Any = float32, scope: Any = None,
) -> Any:  # fmt: skip
    """`basic_rnn_seq2seq`, but both networks share their weights."""
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def embedding_rnn_decoder(
    decoder_inputs: Sequence[Any], initial_state: Any, cell: Any, num_symbols: int, embedding_size: int,
    output_projection: Any = None, feed_previous: bool = False, update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> Any:  # fmt: skip
    """`rnn_decoder` for words.

    Args:
        decoder_inputs: a list of vectors of words' numbers.
        initial_state: the first state.
        cell: an `RNNCell`.
        num_symbols: how many words there are.
        embedding_size: how long their vectors are.
        output_projection: weights and biases that make logits of outputs.
        feed_previous: whether the most probable word is the next input, after the first.
        update_embedding_for_previous: whether these inputs train the vectors too.
        scope: the name of the scope.
    """
    with variable_scope(scope or "embedding_rnn_decoder"):
        table = get_variable("embedding", [num_symbols, embedding_size])
        back = (
            _feeding_back(table, output_projection, update_embedding_for_previous) if feed_previous else None
        )
        inputs = [embedding_lookup(table, word) for word in decoder_inputs]
        return rnn_decoder(inputs, initial_state, cell, loop_function=back)


def _either(
    feed_previous: Any, decode: Callable[[bool], tuple[Any, Any]], state_like: Any
) -> tuple[Any, Any]:
    """What a decoder gives, whether it is known now or only in a run that it gets its own words."""
    if isinstance(feed_previous, bool):
        return decode(feed_previous)
    from graphmagic import nest

    count: list[int] = []
    packed: list[Any] = []

    def decoded(own_words: bool) -> list[Any]:
        with variable_scope(get_variable_scope(), reuse=True if own_words is False else None):
            outputs, state = decode(own_words)
        count[:], packed[:] = [len(outputs)], [state]
        return [*outputs, *nest.flatten(state)]

    found = cond(feed_previous, lambda: decoded(True), lambda: decoded(False))
    outputs, flat = found[: count[0]], found[count[0] :]
    return list(outputs), nest.pack_sequence_as(packed[0], list(flat))


def embedding_rnn_seq2seq(
    encoder_inputs: Sequence[Any], decoder_inputs: Sequence[Any], cell: Any, num_encoder_symbols: int,
    num_decoder_symbols: int, embedding_size: int, output_projection: Any = None, feed_previous: Any = False,
    dtype: Any = None, scope: Any = None,
) -> Any:  # fmt: skip
    """`basic_rnn_seq2seq` for words.

    Args:
        encoder_inputs: a list of vectors of words' numbers.
        decoder_inputs: a list of vectors of words' numbers.
        cell: an `RNNCell`.
        num_encoder_symbols: how many words there are to read.
        num_decoder_symbols: how many there are to write.
        embedding_size: how long their vectors are.
        output_projection: weights and biases that make logits of outputs; without them outputs are logits.
        feed_previous: whether the most probable word is the next input, a boolean or a boolean tensor.
        dtype: the type of the first state.
        scope: the name of the scope.

    Returns:
        The list of outputs, and the last state.
    """
    with variable_scope(scope or "embedding_rnn_seq2seq") as opened:
        kind = dtype or opened.dtype or float32
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        _, state = static_rnn(encoder, encoder_inputs, dtype=kind)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(own_words: bool) -> tuple[Any, Any]:
            result: tuple[Any, Any] = embedding_rnn_decoder(
                decoder_inputs, state, cell, num_decoder_symbols, embedding_size, output_projection, own_words
            )
            return result

        return _either(feed_previous, decode, state)


def embedding_tied_rnn_seq2seq(
    encoder_inputs: Sequence[Any], decoder_inputs: Sequence[Any], cell: Any, num_symbols: int, embedding_size: int,
    num_decoder_symbols: int | None = None, output_projection: Any = None, feed_previous: bool = False,
    dtype: Any = None, scope: Any = None,
) -> Any:  # fmt: skip
    """`tied_rnn_seq2seq` for words of one language; arguments as `embedding_rnn_seq2seq`."""
    with variable_scope(scope or "embedding_tied_rnn_seq2seq"):
        table = get_variable("embedding", [num_symbols, embedding_size])
        read = [embedding_lookup(table, word) for word in encoder_inputs]
        written = [embedding_lookup(table, word) for word in decoder_inputs]
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols or num_symbols)
        back = _feeding_back(table, output_projection) if feed_previous else None
        return tied_rnn_seq2seq(read, written, cell, back, dtype or float32)


def embedding_attention_decoder(
    decoder_inputs: Sequence[Any], initial_state: Any, attention_states: Any, cell: Any, num_symbols: int,
    embedding_size: int, num_heads: int = 1, output_size: int | None = None, output_projection: Any = None,
    feed_previous: bool = False, update_embedding_for_previous: bool = True, dtype: Any = None, scope: Any = None,
    initial_state_attention: bool = False,
) -> Any:  # fmt: skip
    """`attention_decoder` for words; arguments as there and as `embedding_rnn_decoder`."""
    size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "embedding_attention_decoder"):
        table = get_variable("embedding", [num_symbols, embedding_size])
        back = (
            _feeding_back(table, output_projection, update_embedding_for_previous) if feed_previous else None
        )
        inputs = [embedding_lookup(table, word) for word in decoder_inputs]
        return attention_decoder(
            inputs, initial_state, attention_states, cell, output_size=size, num_heads=num_heads, loop_function=back,
            initial_state_attention=initial_state_attention,
        )  # fmt: skip


def embedding_attention_seq2seq(
    encoder_inputs: Sequence[Any], decoder_inputs: Sequence[Any], cell: Any, num_encoder_symbols: int,
    num_decoder_symbols: int, embedding_size: int, num_heads: int = 1, output_projection: Any = None,
    feed_previous: Any = False, dtype: Any = None, scope: Any = None, initial_state_attention: bool = False,
) -> Any:  # fmt: skip
    """`embedding_rnn_seq2seq` whose second network looks back at all that was read (Bahdanau et al., 2014).

    Arguments as there; `num_heads` is how often it looks back in each step.
    """
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as opened:
        kind = dtype or opened.dtype or float32
        encoder = EmbeddingWrapper(copy.deepcopy(cell), num_encoder_symbols, embedding_size)
        outputs, state = static_rnn(encoder, encoder_inputs, dtype=kind)
        read = concat([reshape(output, [-1, 1, cell.output_size]) for output in outputs], 1)
        size = None
        if output_projection is None:
            cell, size = OutputProjectionWrapper(cell, num_decoder_symbols), num_decoder_symbols

        def decode(own_words: bool) -> tuple[Any, Any]:
            result: tuple[Any, Any] = embedding_attention_decoder(
                decoder_inputs, state, read, cell, num_decoder_symbols, embedding_size, num_heads, size,
                output_projection, own_words, initial_state_attention=initial_state_attention,
            )  # fmt: skip
            return result

        return _either(feed_previous, decode, state)


def sequence_loss_by_example(
    logits: Sequence[Any], targets: Sequence[Any], weights: Sequence[Any], average_across_timesteps: bool = True,
    softmax_loss_function: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """The weighted cross entropies of sequences, one number for each.

    Args:
        logits: a list of matrices, one for each step.
        targets: a list of vectors of classes.
        weights: a list of vectors of weights.
        average_across_timesteps: divide by the sum of the weights.
        softmax_loss_function: a function of ``labels`` and ``logits`` instead of the usual one.
        name: the name of the scope.

    Raises:
        ValueError: the lists have different lengths.
    """
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with name_scope(name or "sequence_loss_by_example"):
        terms: list[Any] = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                each: Any = sparse_softmax_cross_entropy_with_logits(
                    labels=reshape(target, [-1]), logits=logit
                )
            else:
                each = softmax_loss_function(labels=target, logits=logit)
            terms.append(each * weight)
        total = add_n(terms)
        return divide(total, add_n(list(weights)) + 1e-12) if average_across_timesteps else total


def sequence_loss(
    logits: Sequence[Any], targets: Sequence[Any], weights: Sequence[Any], average_across_timesteps: bool = True,
    average_across_batch: bool = True, softmax_loss_function: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """The weighted cross entropy of sequences, one number; arguments as `sequence_loss_by_example`."""
    with name_scope(name or "sequence_loss"):
        each = sequence_loss_by_example(
            logits, targets, weights, average_across_timesteps, softmax_loss_function
        )
        cost = reduce_sum(each)
        if not average_across_batch:
            return cost
        return divide(cost, cast(shape(targets[0])[0], cost.dtype.base_dtype))


def model_with_buckets(
    encoder_inputs: Sequence[Any], decoder_inputs: Sequence[Any], targets: Sequence[Any], weights: Sequence[Any],
    buckets: Sequence[Any], seq2seq: Callable[..., Any], softmax_loss_function: Any = None,
    per_example_loss: bool = False, name: str | None = None,
) -> tuple[list[Any], list[Any]]:  # fmt: skip
    """One model for sequences of several lengths, sharing weights.

    Args:
        encoder_inputs: inputs of the first network, as many as the longest bucket needs.
        decoder_inputs: inputs of the second one.
        targets: a list of vectors of classes.
        weights: a list of vectors of weights.
        buckets: pairs of lengths, from short to long.
        seq2seq: a function of two lists of inputs that gives outputs and a state.
        softmax_loss_function: as in `sequence_loss_by_example`.
        per_example_loss: whether losses are for each sequence.
        name: the name of the scope.

    Returns:
        The outputs and the losses, a list with one entry for each bucket.

    Raises:
        ValueError: there are less inputs than the longest bucket needs.
    """
    longest = buckets[-1]
    for what, found, needed in (
        ("encoder_inputs", encoder_inputs, longest[0]),
        ("targets", targets, longest[1]),
        ("weights", weights, longest[1]),
    ):
        if len(found) < needed:
            raise ValueError(
                f"Length of {what} ({len(found)}) must be at least that of last bucket ({needed})."
            )
    outputs, losses = [], []
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    with name_scope(name or "model_with_buckets"):
        for number, (read, written) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if number else None):
                found, _ = seq2seq(encoder_inputs[:read], decoder_inputs[:written])
                outputs.append(found)
                losses.append(
                    loss(
                        found,
                        targets[:written],
                        weights[:written],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses


__getattr__, __dir__ = _namespace(__name__)
