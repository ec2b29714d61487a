"""Helpers: what a decoder's cell gets as its next input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.dtypes import DType, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.nn.embedding import embedding_lookup
from graphmagic.nn.rnn_steps import transposed
from graphmagic.ops.casting import cast
from graphmagic.ops.cond import cond
from graphmagic.ops.extremes import argmax
from graphmagic.ops.identity import identity
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import equal, greater_equal
from graphmagic.ops.queries import shape, size
from graphmagic.ops.random_choice import multinomial
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.tile import tile
from graphmagic.shapes import TensorShape

__all__ = [
    "CustomHelper",
    "GreedyEmbeddingHelper",
    "Helper",
    "InferenceHelper",
    "SampleEmbeddingHelper",
    "TrainingHelper",
]


class Helper:
    """Says with what decoding starts, chooses from each step's outputs, and makes the next inputs.

    A helper of your own derives from this class, or is a `CustomHelper`.
    """

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        raise NotImplementedError("batch_size has not been implemented")

    @property
    def sample_ids_shape(self) -> TensorShape:
        """The shape of what is chosen in a step, without the batch."""
        return TensorShape([])

    @property
    def sample_ids_dtype(self) -> DType:
        """The type of what is chosen."""
        return int32

    def initialize(self, name: str | None = None) -> tuple[Any, Any]:
        """Which sequences have ended already, and the first inputs."""
        raise NotImplementedError

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """What is chosen from a step's outputs."""
        raise NotImplementedError

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """Which sequences have ended, the next inputs, the next state."""
        raise NotImplementedError


class CustomHelper(Helper):
    """A helper made of three functions.

    Args:
        initialize_fn: returns which sequences have ended, and the first inputs.
        sample_fn: ``sample_fn(time, outputs, state)`` returns what is chosen.
        next_inputs_fn: ``next_inputs_fn(time, outputs, state, sample_ids)`` returns which sequences have ended, the
            next inputs and the next state.
        sample_ids_shape: the shape of what is chosen, without the batch; a scalar's if None.
        sample_ids_dtype: its type; int32 if None.
    """

    def __init__(
        self, initialize_fn: Callable[[], Any], sample_fn: Callable[..., Any], next_inputs_fn: Callable[..., Any],
        sample_ids_shape: Any = None, sample_ids_dtype: Any = None,
    ) -> None:  # fmt: skip
        self._initialize, self._sample, self._next = initialize_fn, sample_fn, next_inputs_fn
        self._shape, self._dtype = TensorShape(sample_ids_shape or []), sample_ids_dtype or int32
        self._batch_size: Any = None

    @property
    def batch_size(self) -> Any:
        """How many sequences there are, known once decoding has begun."""
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """The shape of what is chosen, without the batch."""
        return self._shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of what is chosen."""
        return self._dtype

    def initialize(self, name: str | None = None) -> tuple[Any, Any]:
        """What the first function returns."""
        with name_scope(name or "CustomHelperInitialize"):
            finished, inputs = self._initialize()
            if self._batch_size is None:
                self._batch_size = size(finished)
        return finished, inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """What the second function returns."""
        with name_scope(name or "CustomHelperSample"):
            return self._sample(time=time, outputs=outputs, state=state)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """What the third function returns."""
        with name_scope(name or "CustomHelperNextInputs"):
            found: tuple[Any, Any, Any] = self._next(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )
            return found


class TrainingHelper(Helper):
    """Gives the cell the true inputs, step by step.

    Args:
        inputs: a tensor of shape ``[batch, time, depth]``, or a nest of them.
        sequence_length: how long each sequence is, an int32 vector.
        time_major: whether time comes first.
        name: the name of the scope.

    Raises:
        ValueError: `sequence_length` is no vector.
    """

    def __init__(
        self, inputs: Any, sequence_length: Any, time_major: bool = False, name: str | None = None
    ) -> None:
        with name_scope(name or "TrainingHelper"):
            self.inputs = nest.map_structure(lambda x: convert_to_tensor(x, name="inputs"), inputs)
            ordered = self.inputs if time_major else nest.map_structure(transposed, self.inputs)
            self._arrays = nest.map_structure(_unstacked, ordered)
            self.sequence_length = convert_to_tensor(sequence_length, name="sequence_length")
            if self.sequence_length.shape.ndims != 1:
                raise ValueError(
                    f"Expected sequence_length to be a vector, but received shape: {self.sequence_length.shape}"
                )
            self._nothing = nest.map_structure(lambda x: zeros_like(x[0, :]), ordered)
            self._batch_size = size(self.sequence_length)

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    def _read(self, finished: Any, time: Any) -> Any:
        """The inputs of a step, zeros after the end of all sequences."""
        return cond(
            reduce_all(finished),
            lambda: nest.map_structure(identity, self._nothing),
            lambda: nest.map_structure(lambda array: array.read(time), self._arrays),
        )

    def initialize(self, name: str | None = None) -> tuple[Any, Any]:
        """Sequences of length 0 have ended; the others begin with their first inputs."""
        with name_scope(name or "TrainingHelperInitialize"):
            finished = equal(0, self.sequence_length)
            return finished, self._read(finished, 0)

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """The most probable number."""
        with name_scope(name or "TrainingHelperSample"):
            return cast(argmax(outputs, axis=-1), int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """The true inputs of the next step."""
        with name_scope(name or "TrainingHelperNextInputs"):
            following = time + 1
            finished = greater_equal(following, self.sequence_length)
            return finished, self._read(finished, following), state


class GreedyEmbeddingHelper(Helper):
    """Gives the cell the vector of the most probable word.

    Args:
        embedding: a function of words' numbers, or a matrix with a vector in each row.
        start_tokens: the words to start with, an int32 vector.
        end_token: the word that ends a sequence, an int32 scalar.

    Raises:
        ValueError: these have other ranks.
    """

    def __init__(self, embedding: Any, start_tokens: Any, end_token: Any) -> None:
        self._vectors = vectors_of(embedding)
        self._start_tokens = convert_to_tensor(start_tokens, int32, name="start_tokens")
        self._end_token = convert_to_tensor(end_token, int32, name="end_token")
        if self._start_tokens.shape.ndims != 1:
            raise ValueError("start_tokens must be a vector")
        self._batch_size = size(self._start_tokens)
        if self._end_token.shape.ndims != 0:
            raise ValueError("end_token must be a scalar")
        self._start_inputs = self._vectors(self._start_tokens)

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    def initialize(self, name: str | None = None) -> tuple[Any, Any]:
        """No sequence has ended; all begin with the vectors of the first words."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """The most probable word."""
        if not isinstance(outputs, Tensor):
            raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
        return argmax(outputs, axis=-1, output_type=int32)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """The vectors of the chosen words; a sequence ends with its last word."""
        finished = equal(sample_ids, self._end_token)
        following = cond(
            reduce_all(finished), lambda: identity(self._start_inputs), lambda: self._vectors(sample_ids)
        )
        return finished, following, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Gives the cell the vector of a word drawn by its probability; arguments as `GreedyEmbeddingHelper`, and

    Args:
        embedding: a function of words' numbers, or a matrix with a vector in each row.
        start_tokens: the words to start with, an int32 vector.
        end_token: the word that ends a sequence, an int32 scalar.
        softmax_temperature: what logits are divided by; small numbers prefer probable words.
        seed: the seed of the choice.
    """

    def __init__(
        self, embedding: Any, start_tokens: Any, end_token: Any, softmax_temperature: Any = None, seed: Any = None
    ) -> None:  # fmt: skip
        super().__init__(embedding, start_tokens, end_token)
        self._temperature, self._seed = softmax_temperature, seed

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """A word, drawn."""
        if not isinstance(outputs, Tensor):
            raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
        return drawn(outputs if self._temperature is None else outputs / self._temperature, self._seed)


class InferenceHelper(Helper):
    """Feeds back what a function draws from the outputs.

    Args:
        sample_fn: makes a sample of a step's outputs.
        sample_shape: the shape of a sample, without the batch.
        sample_dtype: the type of a sample.
        start_inputs: the first inputs.
        end_fn: says which samples end their sequences.
        next_inputs_fn: makes inputs of samples; they are the samples themselves if None.
    """

    def __init__(
        self, sample_fn: Callable[..., Any], sample_shape: Any, sample_dtype: Any, start_inputs: Any,
        end_fn: Callable[..., Any], next_inputs_fn: Any = None,
    ) -> None:  # fmt: skip
        self._sample, self._end, self._next = sample_fn, end_fn, next_inputs_fn
        self._shape, self._dtype = TensorShape(sample_shape), sample_dtype
        self._start_inputs = convert_to_tensor(start_inputs, name="start_inputs")
        self._batch_size = shape(start_inputs)[0]

    @property
    def batch_size(self) -> Any:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> TensorShape:
        """The shape of a sample, without the batch."""
        return self._shape

    @property
    def sample_ids_dtype(self) -> Any:
        """The type of a sample."""
        return self._dtype

    def initialize(self, name: str | None = None) -> tuple[Any, Any]:
        """No sequence has ended."""
        return tile([False], [self._batch_size]), self._start_inputs

    def sample(self, time: Any, outputs: Any, state: Any, name: str | None = None) -> Any:
        """What the function draws."""
        return self._sample(outputs)

    def next_inputs(
        self, time: Any, outputs: Any, state: Any, sample_ids: Any, name: str | None = None
    ) -> tuple[Any, Any, Any]:
        """The samples, or what the function makes of them."""
        following = sample_ids if self._next is None else self._next(sample_ids)
        return self._end(sample_ids), following, state


def vectors_of(embedding: Any) -> Callable[[Any], Any]:
    """The function that gives the vectors of words."""
    return embedding if callable(embedding) else lambda words: embedding_lookup(embedding, words)


def drawn(logits: Any, seed: Any) -> Any:
    """One class for each row of logits, drawn by its probability."""
    return cast(reshape(multinomial(logits, 1, seed=seed), [-1]), int32)


def _unstacked(x: Any) -> TensorArray:
    return TensorArray(x.dtype, size=shape(x)[0], element_shape=x.shape[1:]).unstack(x)
