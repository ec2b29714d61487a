"""Recurrent networks written out step by step: `tf.nn.static_rnn`, `tf.nn.static_bidirectional_rnn`."""

from __future__ import annotations

from typing import Any

from graphmagic import nest
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.nn.rnn_cell.base import check_cell, zeros_of_size
from graphmagic.nn.rnn_steps import Lengths, batch_size_of, first_state, reversed_sequence, state_dtype
from graphmagic.ops.concat import concat
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["static_bidirectional_rnn", "static_rnn"]


def static_rnn(
    cell: Any,
    inputs: Any,
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any]:
    """A recurrent network over a fixed number of time steps, each with operations of its own.

    Args:
        cell: the cell, from `tf.nn.rnn_cell`.
        inputs: for each time step a tensor of shape ``[batch, depth]``.
        initial_state: the state to start from; zeros if None.
        dtype: the type of those zeros.
        sequence_length: the length of each sequence of the batch; beyond it the output is zero and the state stays.
        scope: a variable scope or its name; ``rnn`` if None.

    Returns:
        A list of the outputs, and the last state.

    Raises:
        TypeError: `cell` is no cell, or `inputs` no list.
        ValueError: there are no inputs, their depth is not known, or neither `initial_state` nor `dtype` is given.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     cell = tf.nn.rnn_cell.BasicRNNCell(3)
    ...     outputs, state = tf.nn.static_rnn(cell, [tf.zeros([4, 2])] * 5, dtype=tf.float32)
    >>> len(outputs), state.shape.as_list(), outputs[-1] is state
    (5, [4, 3], True)
    """
    check_cell("cell", cell)
    _check_inputs(inputs)
    with variable_scope(scope or "rnn") as current:
        flat = [convert_to_tensor(leaf) for leaf in nest.flatten(inputs)]
        for tensor in flat:
            if tensor.shape.ndims and None in tensor.shape.as_list()[1:]:
                axis = tensor.shape.as_list()[1:].index(None)
                raise ValueError(
                    f"Input size (dimension {axis} of input {tensor}) must be accessible via shape inference, "
                    "but saw value None."
                )
        batch_size = batch_size_of(flat, 0)
        state = first_state(cell, initial_state, batch_size, dtype)
        ends = None
        if sequence_length is not None:
            lengths = convert_to_tensor(sequence_length, name="sequence_length")
            if lengths.shape.ndims not in (None, 1):
                raise ValueError(
                    f"Argument `sequence_length` must be a vector of length {batch_size}. "
                    f"Received sequence_length={lengths}."
                )
            kind = state_dtype(dtype, state)
            ends = Lengths(
                lengths,
                nest.map_structure(lambda size: zeros_of_size(batch_size, size, kind), cell.output_size),
            )
        outputs = []
        for time, step_inputs in enumerate(inputs):
            if time:
                current.reuse_variables()
            output, state = _step(cell, step_inputs, state, time, ends)
            outputs.append(output)
        return outputs, state


def _step(cell: Any, inputs: Any, state: Any, time: int, ends: Lengths | None) -> tuple[Any, Any]:
    if ends is not None:
        return ends.conditional_step(time, state, lambda: cell(inputs, state))
    output, following = cell(inputs, state)
    return output, following


def _check_inputs(inputs: Any) -> None:
    if not nest.is_nested(inputs):
        raise TypeError(f"Argument `inputs` must be a sequence. Received: {inputs}")
    if not inputs:
        raise ValueError("Argument `inputs` must not be empty.")


def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """Two recurrent networks over a fixed number of time steps: one reads them forwards, the other backwards.

    Args:
        cell_fw: the cell that reads forwards.
        cell_bw: the cell that reads backwards.
        inputs: for each time step a tensor of shape ``[batch, depth]``.
        initial_state_fw: the state that the first starts from.
        initial_state_bw: the state that the second starts from.
        dtype: the type of zeros to start from.
        sequence_length: the length of each sequence of the batch.
        scope: a variable scope or its name; ``bidirectional_rnn`` if None.

    Returns:
        For each time step the outputs of both side by side, and the last state of each.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     cells = [tf.nn.rnn_cell.GRUCell(size) for size in (3, 4)]
    ...     outputs, _, _ = tf.nn.static_bidirectional_rnn(*cells, [tf.zeros([2, 1])] * 5, dtype=tf.float32)
    >>> len(outputs), outputs[0].shape.as_list()
    (5, [2, 7])
    """
    check_cell("cell_fw", cell_fw)
    check_cell("cell_bw", cell_bw)
    _check_inputs(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            forward, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=fw_scope
            )
        with variable_scope("bw") as bw_scope:
            mirrored = reversed_sequence(inputs, sequence_length)
            backward, state_bw = static_rnn(
                cell_bw, mirrored, initial_state_bw, dtype, sequence_length, scope=bw_scope
            )
    backward = reversed_sequence(backward, sequence_length)
    outputs = [
        nest.map_structure(lambda a, b: concat([a, b], 1), a, b)
        for a, b in zip(forward, backward, strict=True)
    ]
    return outputs, state_fw, state_bw
