"""Unrolled decoders: plain ones, and ones that look back at what was read (Vinyals et al., 2014)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.contrib.linear import linear
from graphmagic.nn import conv2d, softmax
from graphmagic.ops.concat import concat
from graphmagic.ops.fill import zeros
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.stacking import stack
from graphmagic.ops.trigonometric import tanh
from graphmagic.ops.variable_scope import get_variable, get_variable_scope, variable_scope

__all__ = ["attention_decoder", "rnn_decoder"]


def rnn_decoder(
    decoder_inputs: Sequence[Any], initial_state: Any, cell: Any, loop_function: Callable[..., Any] | None = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:  # fmt: skip
    """A recurrent network, unrolled, whose outputs may become its inputs.

    Args:
        decoder_inputs: a list of matrices.
        initial_state: the first state.
        cell: an `RNNCell`.
        loop_function: makes an input of the last output and the number of the step; only the first input is used then.
        scope: the name of the scope.

    Returns:
        The list of outputs, and the last state.
    """
    with variable_scope(scope or "rnn_decoder"):
        state, outputs, last = initial_state, [], None
        for number, given in enumerate(decoder_inputs):
            if loop_function is not None and last is not None:
                with variable_scope("loop_function", reuse=True):
                    given = loop_function(last, number)  # noqa: PLW2901
            if number:
                get_variable_scope().reuse_variables()
            output, state = cell(given, state)
            outputs.append(output)
            if loop_function is not None:
                last = output
    return outputs, state


def attention_decoder(
    decoder_inputs: Sequence[Any], initial_state: Any, attention_states: Any, cell: Any,
    output_size: int | None = None, num_heads: int = 1, loop_function: Callable[..., Any] | None = None,
    dtype: Any = None, scope: Any = None, initial_state_attention: bool = False,
) -> tuple[list[Any], Any]:  # fmt: skip
    """`rnn_decoder` that looks back at what was read in each step.

    Args:
        decoder_inputs: a list of matrices.
        initial_state: the first state.
        attention_states: what was read, shape ``[batch, length, size]``.
        cell: an `RNNCell`.
        output_size: how long outputs are; as those of the cell if None.
        num_heads: how often it looks back in each step.
        loop_function: as in `rnn_decoder`.
        dtype: the type of the variables.
        scope: the name of the scope.
        initial_state_attention: whether it looks back before the first step too.

    Returns:
        The list of outputs, and the last state.

    Raises:
        ValueError: there are no inputs, no heads, or the size of what was read is not known.
    """
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.shape.ints is None or attention_states.shape.ints[2] is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    size = cell.output_size if output_size is None else output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype):
        look, nothing = _looking_back(attention_states, num_heads, shape(decoder_inputs[0])[0])
        state, outputs, last = initial_state, [], None
        found = look(initial_state) if initial_state_attention else nothing
        for number, given in enumerate(decoder_inputs):
            if number:
                get_variable_scope().reuse_variables()
            if loop_function is not None and last is not None:
                with variable_scope("loop_function", reuse=True):
                    given = loop_function(last, number)  # noqa: PLW2901
            joined = linear([given, *found], given.shape.ints[1])
            output, state = cell(joined, state)
            with variable_scope(
                get_variable_scope(), reuse=True if number or initial_state_attention else None
            ):
                found = look(state)
            with variable_scope("AttnOutputProjection"):
                output = linear([output, *found], size)
            if loop_function is not None:
                last = output
            outputs.append(output)
    return outputs, state


def _looking_back(states: Any, heads: int, batch: Any) -> tuple[Callable[[Any], list[Any]], list[Any]]:
    """The function that sums up what was read for a state, once for each head; and zeros, for before the first step."""
    length = states.shape.ints[1]
    length = shape(states)[1] if length is None else length
    width = states.shape.ints[2]
    hidden: Any = reshape(states, [-1, length, 1, width])
    features, vectors = [], []
    for head in range(heads):
        filters = get_variable(f"AttnW_{head}", [1, 1, width, width])
        features.append(conv2d(hidden, filters, [1, 1, 1, 1], "SAME"))
        vectors.append(get_variable(f"AttnV_{head}", [width]))

    def look(query: Any) -> list[Any]:
        parts = nest.flatten(query)
        whole = concat(parts, 1) if len(parts) > 1 else parts[0]
        found = []
        for head in range(heads):
            with variable_scope(f"Attention_{head}"):
                asked: Any = reshape(linear(whole, width), [-1, 1, 1, width])
                vector: Any = vectors[head]
                weights = softmax(reduce_sum(vector * tanh(features[head] + asked), [2, 3]))
                summed = reduce_sum(reshape(weights, [-1, length, 1, 1]) * hidden, [1, 2])
                found.append(reshape(summed, [-1, width]))
        return found

    nothing = []
    for _ in range(heads):
        empty = zeros(stack([batch, width]), states.dtype.base_dtype)
        empty.set_shape([None, width])
        nothing.append(empty)
    return look, nothing
