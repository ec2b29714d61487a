"""Decoding step by step until every sequence has ended: `dynamic_decode`, and what it asks of a decoder."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.nn.rnn_cell.base import zeros_of_size
from graphmagic.nn.rnn_steps import transposed
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import fill
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import less_equal, logical_not, logical_or
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.variable_scope import variable_scope
from graphmagic.ops.while_loop import while_loop
from graphmagic.shapes import TensorShape

__all__ = ["Decoder", "dynamic_decode"]


class Decoder:
    """What `dynamic_decode` runs: a first input and state, and a step from there.

    A decoder of your own derives from this class and defines everything but `finalize` and `tracks_own_finished`.
    """

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        raise NotImplementedError

    @property
    def output_size(self) -> Any:
        """The sizes of a step's outputs, without the batch, nested like them."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> Any:
        """The types of a step's outputs, nested like them."""
        raise NotImplementedError

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        """Called once, before the loop.

        Returns:
            Which sequences have ended already, the first inputs, the first state.
        """
        raise NotImplementedError

    def step(
        self, time: Tensor, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """One step.

        Args:
            time: the number of the step, int32.
            inputs: what goes into it.
            state: the state before it.
            name: the name of the scope.

        Returns:
            The outputs, the next state, the next inputs, and which sequences have ended.
        """
        raise NotImplementedError

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> tuple[Any, Any]:
        """What becomes of all outputs and the last state after the loop; by default they stay."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether `step` itself remembers which sequences ended in earlier steps."""
        return False


def dynamic_decode(
    decoder: Decoder, output_time_major: bool = False, impute_finished: bool = False,
    maximum_iterations: Any = None, parallel_iterations: int = 32, swap_memory: bool = False, scope: Any = None,
) -> tuple[Any, Any, Tensor]:  # fmt: skip
    """Run a decoder until all sequences have ended.

    Args:
        decoder: the decoder.
        output_time_major: whether outputs have time first, then the batch.
        impute_finished: whether outputs after the end of a sequence are zeros, and its state stays.
        maximum_iterations: the most steps, an int32 scalar.
        parallel_iterations: accepted for old programs.
        swap_memory: accepted for old programs.
        scope: a variable scope or its name; ``decoder`` if None.

    Returns:
        The outputs of all steps, the last state, and how long each sequence is.

    Raises:
        TypeError: `decoder` is no decoder.
        ValueError: `maximum_iterations` is no scalar.

    >>> import graphmagic as tf
    >>> seq2seq = tf.contrib.seq2seq
    >>> cell = tf.nn.rnn_cell.GRUCell(3)
    >>> helper = seq2seq.TrainingHelper(tf.ones([2, 5, 4]), [5, 2])
    >>> decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32))
    >>> outputs, state, lengths = seq2seq.dynamic_decode(decoder)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     found = sess.run([outputs, lengths])
    >>> found[0].rnn_output.shape, found[1]
    ((2, 5, 3), array([5, 2], dtype=int32))
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with variable_scope(scope, "decoder"):
        limit = None
        if maximum_iterations is not None:
            limit = convert_to_tensor(maximum_iterations, int32, name="maximum_iterations")
            if limit.shape.ndims != 0:
                raise ValueError("maximum_iterations must be a scalar")
        outputs, state, lengths = _Loop(decoder, impute_finished).run(limit, parallel_iterations)
        with suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(transposed, outputs)
        return outputs, state, lengths


class _Loop:
    """The loop over the steps of a decoder."""

    def __init__(self, decoder: Decoder, impute_finished: bool) -> None:
        self.decoder = decoder
        self.impute = impute_finished
        self.zeros: Any = None

    def run(self, limit: Tensor | None, parallel_iterations: int) -> tuple[Any, Any, Tensor]:
        """The outputs with time first, the last state, the lengths."""
        decoder = self.decoder
        finished, inputs, state = decoder.initialize()
        sizes, kinds, batch = decoder.output_size, decoder.output_dtype, decoder.batch_size
        self.zeros = nest.map_structure(lambda s, d: zeros_of_size(batch, s, d), sizes, kinds)
        if limit is not None:
            finished = logical_or(finished, less_equal(limit, 0))
        lengths = zeros_like(finished, dtype=int32)
        arrays = nest.map_structure(
            lambda zero, d: TensorArray(d, size=0, dynamic_size=True, element_shape=zero.shape),
            self.zeros,
            kinds,
        )
        found = while_loop(
            lambda time, written, state, inputs, finished, lengths: logical_not(reduce_all(finished)),
            self._step,
            (constant(0, int32), arrays, state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=limit,
        )
        return nest.map_structure(lambda array: array.stack(), found[1]), found[2], found[5]

    def _step(self, time: Any, written: Any, state: Any, inputs: Any, finished: Any, lengths: Any) -> Any:
        outputs, moved, following, ended = self.decoder.step(time, inputs, state)
        own = self.decoder.tracks_own_finished
        done = ended if own else logical_or(ended, finished)
        own_lengths = getattr(moved, "lengths", None) if own else None
        if own_lengths is not None:
            lengths = cast(own_lengths, int32)
        else:
            lengths = where(logical_not(finished), fill(shape(lengths), time + 1), lengths)
        nest.assert_same_structure(state, moved)
        nest.assert_same_structure(written, outputs)
        nest.assert_same_structure(inputs, following)
        if self.impute:
            outputs = nest.map_structure(lambda new, zero: where(finished, zero, new), outputs, self.zeros)
            moved = nest.map_structure(lambda new, old: _unless(finished, new, old), moved, state)
        written = nest.map_structure(lambda array, new: array.write(time, new), written, outputs)
        return time + 1, written, moved, following, done, lengths


def _unless(finished: Any, new: Any, old: Any) -> Any:
    """The new part of a state, the old one for sequences that have ended."""
    if isinstance(old, TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.ndims == 0 else where(finished, old, new)


def as_shape_of(size: Any) -> TensorShape:
    """The size of an output as a shape."""
    return (
        size
        if isinstance(size, TensorShape)
        else TensorShape(size if isinstance(size, (list, tuple)) else [size])
    )
