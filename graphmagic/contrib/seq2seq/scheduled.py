"""Training with some of the network's own words instead of the true ones (Bengio et al., 2015)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.contrib.seq2seq.helper import TrainingHelper, drawn, vectors_of
from graphmagic.dtypes import DType, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.cond import cond
from graphmagic.ops.fill import fill
from graphmagic.ops.gather_nd import gather_nd, scatter_nd
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import greater, less, less_equal
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_uniform
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.tensor_array import TensorArray

__all__ = ["ScheduledEmbeddingTrainingHelper", "ScheduledOutputTrainingHelper"]


def _probability(value: Any) -> Tensor:
    tensor = convert_to_tensor(value, name="sampling_probability")
    if tensor.shape.ndims not in (0, 1):
        raise ValueError(
            f"sampling_probability must be either a scalar or a vector. saw shape: {tensor.shape}"
        )
    return tensor


def _mixed(chosen: Any, own: Callable[[Any], Any], given: Any) -> Tensor:
    """Rows of `given`, with those of `own` where `chosen` says so."""
    mine, true = cast(where(chosen), int32), cast(where(~chosen), int32)
    whole = shape(given)
    return scatter_nd(mine, own(mine), whole) + scatter_nd(true, gather_nd(given, true), whole)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """A `TrainingHelper` that sometimes gives the cell the vector of a word drawn from its own outputs.

    Args:
        inputs: a tensor of shape ``[batch, time, depth]``.
        sequence_length: how long each sequence is, an int32 vector.
        embedding: a function of words' numbers, or a matrix with a vector in each row.
        sampling_probability: how probable that is, a scalar, or a vector with one number for each sequence.
        time_major: whether time comes first.
        seed: the seed of the words.
        scheduling_seed: the seed of whether.
        name: the name of the scope.

    Raises:
        ValueError: the probability is neither scalar nor vector.
    """

    def __init__(
        self, inputs: Any, sequence_length: Any, embedding: Any, sampling_probability: Any, time_major: bool = False,
        seed: Any = None, scheduling_seed: Any = None, name: str | None = None,
    ) -> None:  # fmt: skip
        with name_scope(name or "ScheduledEmbeddingSamplingWrapper"):
            self._vectors = vectors_of(embedding)
            self._chance = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """Words of its own, -1 for the true ones."""
        with name_scope(name or "ScheduledEmbeddingTrainingHelperSample"):
            luck = random_uniform([self.batch_size], seed=self._scheduling_seed, dtype=self._chance.dtype)
            return where(less(luck, self._chance), drawn(outputs, self._seed), fill([self.batch_size], -1))

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """The true inputs, or vectors of the words."""
        with name_scope(name or "ScheduledEmbeddingTrainingHelperNextInputs"):
            finished, given, state = super().next_inputs(time, outputs, state, sample_ids)
            following = cond(
                reduce_all(finished),
                lambda: identity(given),
                lambda: _mixed(
                    greater(sample_ids, -1), lambda mine: self._vectors(gather_nd(sample_ids, mine)), given
                ),
            )
            following.set_shape(given.shape)
            return finished, following, state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """A `TrainingHelper` that sometimes gives the cell its own outputs.

    Args:
        inputs: a tensor of shape ``[batch, time, depth]``.
        sequence_length: how long each sequence is, an int32 vector.
        sampling_probability: how probable that is, a scalar, or a vector with one number for each sequence.
        time_major: whether time comes first.
        seed: the seed of whether.
        next_inputs_fn: makes inputs of outputs, a function or a layer; they are the outputs themselves if None.
        auxiliary_inputs: what is joined to the inputs in each step, shaped like them but for the depth.
        name: the name of the scope.

    Raises:
        ValueError: the probability is neither scalar nor vector.
    """

    def __init__(
        self, inputs: Any, sequence_length: Any, sampling_probability: Any, time_major: bool = False, seed: Any = None,
        next_inputs_fn: Any = None, auxiliary_inputs: Any = None, name: str | None = None,
    ) -> None:  # fmt: skip
        with name_scope(name or "ScheduledOutputTrainingHelper"):
            self._chance = _probability(sampling_probability)
            self._seed, self._next = seed, next_inputs_fn
            whole, self._extra = inputs, None
            if auxiliary_inputs is not None:
                extra = convert_to_tensor(auxiliary_inputs, name="auxiliary_inputs")
                whole = concat([convert_to_tensor(inputs, name="inputs"), extra], -1)
                self._extra = _by_time(extra, time_major)
            super().__init__(whole, sequence_length, time_major)

    @property
    def sample_ids_dtype(self) -> DType:
        """1 for its own outputs, 0 for the true inputs."""
        return int32

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """For each sequence whether it gets its own output."""
        with name_scope(name or "ScheduledOutputTrainingHelperSample"):
            luck = random_uniform([self.batch_size], seed=self._seed, dtype=self._chance.dtype)
            return cast(less(luck, self._chance), int32)

    def _own(self, outputs: Any, following: Any) -> Any:
        made = outputs if self._next is None else self._next(outputs)
        return made if self._extra is None else concat([made, self._extra.read(following)], -1)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """The true inputs, or its own outputs."""
        with name_scope(name or "ScheduledOutputTrainingHelperNextInputs"):
            finished, given, state = super().next_inputs(time, outputs, state, sample_ids)
            following = cond(
                reduce_all(finished) | reduce_all(less_equal(sample_ids, 0)),
                lambda: identity(given),
                lambda: where(cast(sample_ids, "bool"), self._own(outputs, time + 1), given),
            )
            following.set_shape(given.shape)
            return finished, following, state


def _by_time(x: Tensor, time_major: bool) -> TensorArray:
    from graphmagic.nn.rnn_steps import transposed

    ordered = x if time_major else transposed(x)
    return TensorArray(x.dtype, size=shape(ordered)[0], element_shape=ordered.shape[1:]).unstack(ordered)
