"""Recurrent networks as loops: `tf.nn.dynamic_rnn`, `tf.nn.bidirectional_dynamic_rnn`."""

from __future__ import annotations

from typing import Any

from graphmagic import nest
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.rnn_cell.base import check_cell, zeros_of_size
from graphmagic.nn.rnn_steps import Lengths, batch_size_of, first_state, state_dtype, transposed
from graphmagic.ops.arithmetic import add, maximum, minimum
from graphmagic.ops.asserting import Assert
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import equal, less
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.reversing import reverse, reverse_sequence
from graphmagic.ops.stacking import stack
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.variable_scope import variable_scope
from graphmagic.ops.while_loop import while_loop
from graphmagic.shapes import TensorShape

__all__ = ["bidirectional_dynamic_rnn", "dynamic_rnn"]


def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """A recurrent network over sequences, as a loop over the time steps.

    Args:
        cell: the cell, from `tf.nn.rnn_cell`.
        inputs: a tensor of shape ``[batch, time, depth]``, or a nest of them.
        sequence_length: the length of each sequence of the batch; beyond it the output is zero and the state stays.
        initial_state: the state to start from; zeros if None.
        dtype: the type of those zeros and of the output.
        parallel_iterations: accepted for old programs.
        swap_memory: accepted for old programs.
        time_major: whether shapes are ``[time, batch, depth]``.
        scope: a variable scope or its name; ``rnn`` if None.

    Returns:
        The outputs of all steps, shaped like `inputs`, and the last state.

    Raises:
        TypeError: `cell` is no cell.
        ValueError: neither `initial_state` nor `dtype` is given, or the depth is not known.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     x = tf.placeholder(tf.float32, [None, 5, 2])
    ...     outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(3), x, dtype=tf.float32)
    >>> outputs.shape, state.shape
    (TensorShape([Dimension(None), Dimension(5), Dimension(3)]), TensorShape([Dimension(None), Dimension(3)]))
    """
    check_cell("cell", cell)
    with variable_scope(scope or "rnn"):
        flat = [convert_to_tensor(leaf) for leaf in nest.flatten(inputs)]
        if not time_major:
            flat = [transposed(tensor) for tensor in flat]
        lengths = None if sequence_length is None else _as_lengths(sequence_length)
        batch_size = batch_size_of(flat, 1)
        state = first_state(cell, initial_state, batch_size, dtype)
        if lengths is not None:
            with get_default_graph().control_dependencies([_check_lengths(lengths, batch_size)]):
                lengths = identity(lengths, name="CheckSeqLen")
        loop = _TimeLoop(cell, nest.pack_sequence_as(inputs, flat), batch_size, state_dtype(dtype, state))
        outputs, last = loop.run(state, lengths, parallel_iterations or 32)
        return (outputs if time_major else nest.map_structure(transposed, outputs)), last


def _as_lengths(sequence_length: Any) -> Tensor:
    lengths = cast(sequence_length, int32)
    if lengths.shape.ndims not in (None, 1):
        raise ValueError(
            "Argument sequence_length must be a vector of length batch_size. "
            f"Received sequence_length={lengths} of shape: {lengths.shape}"
        )
    return identity(lengths, name="sequence_length")


def _check_lengths(lengths: Tensor, batch_size: Any) -> Any:
    found, wanted = shape(lengths), stack([batch_size])
    data = [f"Expected shape for Tensor {lengths.name} is ", wanted, " but saw shape: ", found]
    return Assert(reduce_all(equal(found, wanted)), data)


class _TimeLoop:
    """The loop over time steps of sequences whose first dimension is time."""

    def __init__(self, cell: Any, inputs: Any, batch_size: Any, dtype: Any) -> None:
        self.cell = cell
        self.inputs = inputs
        self.flat = nest.flatten(inputs)
        self.batch_size = batch_size
        self.dtype = dtype
        self.steps = shape(self.flat[0])[0]
        self.known = self._known_sizes()
        if self.known[1] is None:
            self.steps.graph.spared += (
                5  # TensorFlow asks for the batch size once more: a Shape and its slice
            )
        self.output_sizes = nest.flatten(cell.output_size)

    def _known_sizes(self) -> list[int | None]:
        """The number of steps and the batch size, as far as they are known."""
        first = self.flat[0].shape
        for tensor in self.flat:
            if tensor.shape.ndims is None or not TensorShape(tensor.shape.as_list()[2:]).is_fully_defined():
                raise ValueError(
                    "Input size (depth of inputs) must be accessible via shape inference, "
                    f"but saw value None for input={tensor}."
                )
            for axis, words in ((0, "Time steps"), (1, "Batch_size")):
                if tensor.shape.as_list()[axis] != first.as_list()[axis]:
                    raise ValueError(
                        f"{words} is not the same for all the elements in the input. "
                        f"Received {tensor.shape.as_list()[axis]} for input={tensor}."
                    )
        return list(first.as_list()[:2])

    def run(self, state: Any, lengths: Tensor | None, parallel_iterations: int) -> tuple[Any, Any]:
        """Build the loop: the outputs and the last state."""
        zero_output = nest.map_structure(
            lambda size: zeros_of_size(self.batch_size, size, self.dtype), self.cell.output_size
        )
        ends = None if lengths is None else Lengths(lengths, zero_output)
        bound = self.steps if ends is None else ends.longest
        time = constant(0, int32, name="time")
        with get_default_graph().name_scope("dynamic_rnn") as base:
            pass
        outputs = [
            TensorArray(
                self.dtype,
                size=self.steps,
                element_shape=TensorShape([self.known[1]]).concatenate(size),
                tensor_array_name=f"{base}output_{i}",
            )
            for i, size in enumerate(self.output_sizes)
        ]
        arrays = [
            TensorArray(
                t.dtype, size=self.steps, element_shape=t.shape[1:], tensor_array_name=f"{base}input_{i}"
            ).unstack(t)
            for i, t in enumerate(self.flat)
        ]

        def step(time: Tensor, written: Any, state: Any) -> Any:
            rows = [array.read(time) for array in arrays]
            for row, tensor in zip(rows, self.flat, strict=True):
                row.set_shape(tensor.shape[1:])
            inputs = nest.pack_sequence_as(self.inputs, rows)
            if ends is None:
                output, following = self.cell(inputs, state)
            else:
                output, following = ends.masked_step(time, state, lambda: self.cell(inputs, state))
            pairs = zip(written, nest.flatten(output), strict=True)
            return (
                add(time, 1, name="add"),
                tuple([array.write(time, value) for array, value in pairs]),
                following,
            )

        bound = minimum(self.steps, maximum(1, bound))
        _, written, last = while_loop(
            lambda time, *_: less(time, bound),
            step,
            (time, tuple(outputs), state),
            parallel_iterations=parallel_iterations,
            maximum_iterations=self.steps,
        )
        results = [array.stack() for array in written]
        for result, size in zip(results, self.output_sizes, strict=True):
            result.set_shape(TensorShape(self.known).concatenate(size))
            result.graph.spared += 1 + (
                None not in self.known
            )  # TensorFlow makes constants of the known sizes
        return nest.pack_sequence_as(self.cell.output_size, results), last


def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """Two recurrent networks over sequences: one reads them forwards, the other backwards.

    Args:
        cell_fw: the cell that reads forwards.
        cell_bw: the cell that reads backwards.
        inputs: a tensor of shape ``[batch, time, depth]``.
        sequence_length: the length of each sequence of the batch.
        initial_state_fw: the state that the first starts from.
        initial_state_bw: the state that the second starts from.
        dtype: the type of zeros to start from.
        parallel_iterations: accepted for old programs.
        swap_memory: accepted for old programs.
        time_major: whether shapes are ``[time, batch, depth]``.
        scope: a variable scope or its name; ``bidirectional_rnn`` if None.

    Returns:
        The outputs of both, in the order of time, and the last states of both.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     cells = [tf.nn.rnn_cell.GRUCell(size) for size in (3, 4)]
    ...     outputs, _ = tf.nn.bidirectional_dynamic_rnn(*cells, tf.zeros([2, 5, 1]), dtype=tf.float32)
    >>> [output.shape.as_list() for output in outputs]
    [[2, 5, 3], [2, 5, 4]]
    """
    check_cell("cell_fw", cell_fw)
    check_cell("cell_bw", cell_bw)
    time_axis, batch_axis = (0, 1) if time_major else (1, 0)

    def backwards(x: Any) -> Tensor:
        if sequence_length is None:
            return reverse(x, axis=[time_axis])
        return reverse_sequence(x, sequence_length, seq_axis=time_axis, batch_axis=batch_axis)

    rest = {"dtype": dtype, "parallel_iterations": parallel_iterations, "time_major": time_major}
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            forward, state_fw = dynamic_rnn(
                cell_fw, inputs, sequence_length, initial_state_fw, scope=fw_scope, **rest
            )
        with variable_scope("bw") as bw_scope:
            mirrored = nest.map_structure(backwards, inputs)
            backward, state_bw = dynamic_rnn(
                cell_bw, mirrored, sequence_length, initial_state_bw, scope=bw_scope, **rest
            )
    return (forward, nest.map_structure(backwards, backward)), (state_fw, state_bw)
