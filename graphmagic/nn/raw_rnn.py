"""Recurrent networks whose inputs a function computes step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.nn.rnn_cell.base import check_cell
from graphmagic.ops.arithmetic import add
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import zeros
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import logical_not, logical_or
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.variable_scope import variable_scope
from graphmagic.ops.while_loop import while_loop
from graphmagic.shapes import TensorShape

__all__ = ["raw_rnn"]

LoopFunction = Callable[[Tensor, Any, Any, Any], tuple[Any, Any, Any, Any, Any]]


def raw_rnn(
    cell: Any, loop_fn: LoopFunction, parallel_iterations: int | None = None, swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """A recurrent network whose inputs and end a function decides at each step.

    Args:
        cell: the cell.
        loop_fn: ``loop_fn(time, cell_output, cell_state, loop_state)`` returns ``(finished, next_input,
            next_cell_state, emit_output, next_loop_state)``.  At time 0 the output and the states are None; then
            `next_cell_state` is the first state, and `emit_output` is what the outputs look like, None for the
            cell's outputs.
        parallel_iterations: accepted for old programs.
        swap_memory: accepted for old programs.
        scope: a variable scope or its name; ``rnn`` if None.

    Returns:
        (a `TensorArray` of outputs or a nest of them, the last state, the last loop state).  A sequence that is
        finished emits zeros and keeps its state.

    Raises:
        TypeError: `loop_fn` is no function.

    >>> import graphmagic as tf
    >>> cell = tf.nn.rnn_cell.BasicRNNCell(2)
    >>> def loop(time, output, state, loop_state):
    ...     first = cell.zero_state(3, tf.float32) if output is None else state
    ...     return tf.fill([3], time >= 4), tf.ones([3, 1]), first, output, None
    >>> outputs, last, _ = tf.nn.raw_rnn(cell, loop)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(outputs.stack()).shape
    (4, 3, 2)
    """
    check_cell("cell", cell)
    if not callable(loop_fn):
        raise TypeError(f"Argument `loop_fn` must be a callable. Received: loop_fn={loop_fn}.")
    with variable_scope(scope or "rnn"):
        return _loop(cell, loop_fn, parallel_iterations or 32)


def _loop(cell: Any, loop_fn: LoopFunction, parallel_iterations: int) -> tuple[Any, Any, Any]:
    time = constant(0, int32, name="time")
    finished, following, state, emitted, loop_state = loop_fn(time, None, None, None)
    first_input = nest.map_structure(convert_to_tensor, following)
    batch = _batch_size(nest.flatten(first_input)[0])
    nest.assert_same_structure(state, cell.state_size)
    state = nest.map_structure(convert_to_tensor, state)
    structure, nothing = _emissions(cell, emitted, batch, nest.flatten(state)[0].dtype)
    arrays = [
        TensorArray(zero.dtype, size=0, dynamic_size=True, element_shape=zero.shape) for zero in nothing
    ]
    keeps_state = loop_state is not None

    def step(time: Tensor, done: Any, inputs: Any, state: Any, written: Any, kept: Any) -> Any:
        output, moved = cell(inputs, state)
        now, upcoming, chosen, emit, carried = loop_fn(
            add(time, 1), output, moved, kept if keeps_state else None
        )
        flat = nest.flatten(output if emit is None else emit)
        rows = [
            where(done, zero, convert_to_tensor(value)) for zero, value in zip(nothing, flat, strict=True)
        ]
        held = nest.map_structure(lambda old, new: _chosen(done, old, new), state, chosen)
        return (
            add(time, 1),
            logical_or(done, now),
            nest.map_structure(convert_to_tensor, upcoming),
            held,
            tuple([array.write(time, row) for array, row in zip(written, rows, strict=True)]),
            carried if keeps_state else kept,
        )

    loop_state = loop_state if keeps_state else constant(0, int32)
    start = (time, convert_to_tensor(finished), first_input, state, tuple(arrays), loop_state)
    _, _, _, last, written, carried = while_loop(
        lambda time, done, *_: logical_not(reduce_all(done)),
        step,
        start,
        parallel_iterations=parallel_iterations,
    )
    return nest.pack_sequence_as(structure, list(written)), last, carried if keeps_state else None


def _batch_size(inputs: Tensor) -> Any:
    known = inputs.shape[0].value if inputs.shape.ndims else None
    return shape(inputs)[0] if known is None else known


def _chosen(done: Any, old: Any, new: Any) -> Any:
    """The old rows where the sequence is finished; a number has no rows."""
    if isinstance(new, TensorArray) or new.shape.ndims == 0:
        return new
    return where(done, old, new)


def _emissions(cell: Any, emitted: Any, batch: Any, dtype: Any) -> tuple[Any, list[Tensor]]:
    """What the outputs of a step look like, and zeros like them."""
    if emitted is None:
        sizes = nest.map_structure(lambda size: TensorShape(_listed(size)), cell.output_size)
        return cell.output_size, [zeros([batch, *s.as_list()], dtype) for s in nest.flatten(sizes)]
    found = nest.map_structure(convert_to_tensor, emitted)
    return emitted, [_zeros_for(batch, row) for row in nest.flatten(found)]


def _listed(size: Any) -> Any:
    return size if isinstance(size, (list, tuple, TensorShape)) else [size]


def _zeros_for(batch: Any, row: Tensor) -> Tensor:
    """Zeros for a batch of what one row looks like."""
    known = batch if isinstance(batch, int) else None
    result = (
        zeros_like(row) if row.shape.ndims is None else zeros(concat([[batch], shape(row)], 0), row.dtype)
    )
    result.set_shape(TensorShape([known]).concatenate(row.shape))
    return result
