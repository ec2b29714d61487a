"""Mechanisms of attention: how much each step of what was read matters to a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.contrib.seq2seq.basic_decoder import check_layer
from graphmagic.contrib.seq2seq.checks import check_batches
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.graph.node import Tensor
from graphmagic.layers import Dense
from graphmagic.nn import softmax
from graphmagic.ops.asserts import assert_positive
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import rsqrt, square
from graphmagic.ops.extremes import argmax
from graphmagic.ops.fill import ones
from graphmagic.ops.initializers import constant_initializer, ones_initializer, zeros_initializer
from graphmagic.ops.like import ones_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.meshes import sequence_mask
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims, reshape, squeeze
from graphmagic.ops.trigonometric import tanh
from graphmagic.ops.variable_scope import get_variable, variable_scope

__all__ = ["AttentionMechanism", "BahdanauAttention", "LuongAttention", "hardmax"]

Function = Callable[..., Any]


class AttentionMechanism:
    """What was read, as keys that queries are compared with and values that are summed up.

    Args:
        query_layer: a layer that queries go through; None for none.
        memory: what was read, shape ``[batch, time, depth]``.
        probability_fn: makes probabilities of scores; `tf.nn.softmax` if None.
        memory_sequence_length: how long each sequence is; what comes after it does not matter.
        memory_layer: a layer that makes the keys of what was read; they are the same if None.
        check_inner_dims_defined: whether the depth must be known.
        score_mask_value: the score of what comes after the end; minus infinity if None.
        name: the name of the scope.

    Raises:
        TypeError: a layer is none.
        ValueError: the depth is not known.
    """

    def __init__(
        self, query_layer: Any, memory: Any, probability_fn: Function | None = None,
        memory_sequence_length: Any = None, memory_layer: Any = None, check_inner_dims_defined: bool = True,
        score_mask_value: Any = None, name: str | None = None,
    ) -> None:  # fmt: skip
        check_layer("query_layer", query_layer)
        check_layer("memory_layer", memory_layer)
        self.query_layer, self.memory_layer = query_layer, memory_layer
        self._probabilities = probability_fn or softmax
        self._lengths: Any = None
        with name_scope(name or "BaseAttentionMechanismInit"):
            if memory_sequence_length is not None:
                self._lengths = convert_to_tensor(memory_sequence_length, name="memory_sequence_length")
            self.values = self._prepared(memory, check_inner_dims_defined)
            self.keys = self.values if memory_layer is None else memory_layer(self.values)
            self._mask_value = float("-inf") if score_mask_value is None else score_mask_value
            sizes = self.keys.shape.as_list()
            self.batch_size = shape(self.keys)[0] if sizes[0] is None else sizes[0]
            self.alignments_size = shape(self.keys)[1] if sizes[1] is None else sizes[1]

    @property
    def dtype(self) -> Any:
        """The type of what was read."""
        return self.keys.dtype

    @property
    def state_size(self) -> Any:
        """The size of the state, which is that of the alignments."""
        return self.alignments_size

    def _prepared(self, memory: Any, check_depth: bool) -> Any:
        """What was read, with zeros after the end of each sequence."""
        tensor: Any = convert_to_tensor(memory, name="memory")
        if check_depth and not tensor.shape[2:].is_fully_defined():
            raise ValueError(
                f"Expected memory {tensor.name} to have fully defined inner dims, but saw shape: {tensor.shape}"
            )
        if self._lengths is None:
            return tensor
        mask = sequence_mask(self._lengths, maxlen=shape(tensor)[1], dtype=tensor.dtype)
        checks = check_batches(
            "memory_sequence_length and memory tensor batch sizes do not match.", self._lengths, tensor
        )
        with control_dependencies(checks):
            wide = reshape(mask, concat([shape(mask), ones([tensor.shape.ndims - 2], int32)], 0))
            return tensor * wide

    def _aligned(self, score: Any, state: Any) -> Any:
        """The probabilities that belong to scores."""
        if self._lengths is not None:
            text = "All values in memory_sequence_length must greater than zero."
            with control_dependencies([assert_positive(self._lengths, message=text)]):
                mask = sequence_mask(self._lengths, maxlen=shape(score)[1])
                score = where(mask, score, self._mask_value * ones_like(score))
        return self._probabilities(score)

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """How much each step matters before the first query: nothing."""
        from graphmagic.nn.rnn_cell.base import zeros_of_size

        return zeros_of_size(batch_size, self.alignments_size, dtype)

    def initial_state(self, batch_size: Any, dtype: Any) -> Any:
        """The first state."""
        return self.initial_alignments(batch_size, dtype)

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """How much each step matters to a query, and the next state."""
        raise NotImplementedError


def _memory_layer(num_units: int, name: str, dtype: Any) -> Dense:
    return Dense(num_units, name=name, use_bias=False, dtype=dtype)


class LuongAttention(AttentionMechanism):
    """Attention by inner products (Luong et al., 2015).

    Args:
        num_units: the depth of the keys, which is that of the queries.
        memory: what was read, shape ``[batch, time, depth]``.
        memory_sequence_length: how long each sequence is; what comes after it does not matter.
        scale: whether scores are multiplied by a variable.
        probability_fn: makes probabilities of scores; `tf.nn.softmax` if None.
        score_mask_value: the score of what comes after the end; minus infinity if None.
        dtype: the type of the variables; float32 if None.
        name: the name of the scope.

    Raises:
        ValueError: a query has another depth than the keys.

    >>> import graphmagic as tf
    >>> attention = tf.contrib.seq2seq.LuongAttention(3, tf.ones([2, 5, 4]), memory_sequence_length=[5, 2])
    >>> found, _ = attention(tf.ones([2, 3]), attention.initial_state(2, tf.float32))
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(found)[1]
    array([0.5, 0.5, 0. , 0. , 0. ], dtype=float32)
    """

    def __init__(
        self, num_units: int, memory: Any, memory_sequence_length: Any = None, scale: bool = False,
        probability_fn: Function | None = None, score_mask_value: Any = None, dtype: Any = None,
        name: str = "LuongAttention",
    ) -> None:  # fmt: skip
        super().__init__(
            None, memory, probability_fn, memory_sequence_length, _memory_layer(num_units, "memory_layer", dtype),
            score_mask_value=score_mask_value, name=name,
        )  # fmt: skip
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """How much each step matters to a query."""
        with variable_scope(None, "luong_attention"):
            depth, units = query.shape[-1].value, self.keys.shape[-1].value
            if depth != units:
                raise ValueError(
                    f"Incompatible or unknown inner dimensions between query and keys.  Query ({query}) has units: "
                    f"{depth}.  Keys ({self.keys}) have units: {units}.  Perhaps you need to set num_units to the "
                    f"keys' dimension ({units})?"
                )
            score: Any = squeeze(matmul(expand_dims(query, 1), self.keys, transpose_b=True), [1])
            if self._scale:
                start = ones_initializer()
                score = get_variable("attention_g", dtype=query.dtype, initializer=start, shape=()) * score
            found = self._aligned(score, state)
        return found, found


class BahdanauAttention(AttentionMechanism):
    """Attention by a small network (Bahdanau et al., 2014; normalized: Salimans and Kingma, 2016).

    Args:
        num_units: the depth of the keys and of what is made of the queries.
        memory: what was read, shape ``[batch, time, depth]``.
        memory_sequence_length: how long each sequence is; what comes after it does not matter.
        normalize: whether the last weights have a norm of their own.
        probability_fn: makes probabilities of scores; `tf.nn.softmax` if None.
        score_mask_value: the score of what comes after the end; minus infinity if None.
        dtype: the type of the variables; float32 if None.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> attention = tf.contrib.seq2seq.BahdanauAttention(3, tf.ones([2, 5, 4]))
    >>> found, _ = attention(tf.ones([2, 7]), attention.initial_state(2, tf.float32))
    >>> found.shape.as_list(), [v.op.name for v in tf.global_variables()][-2:]
    ([2, 5], ['bahdanau_attention/query_layer/kernel', 'bahdanau_attention/attention_v'])
    """

    def __init__(
        self, num_units: int, memory: Any, memory_sequence_length: Any = None, normalize: bool = False,
        probability_fn: Function | None = None, score_mask_value: Any = None, dtype: Any = None,
        name: str = "BahdanauAttention",
    ) -> None:  # fmt: skip
        super().__init__(
            _memory_layer(num_units, "query_layer", dtype), memory, probability_fn, memory_sequence_length,
            _memory_layer(num_units, "memory_layer", dtype), score_mask_value=score_mask_value, name=name,
        )  # fmt: skip
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        """How much each step matters to a query."""
        with variable_scope(None, "bahdanau_attention"):
            asked: Any = expand_dims(self.query_layer(query), 1)
            vector: Any = get_variable("attention_v", [self._num_units], dtype=query.dtype)
            if self._normalize:
                start = constant_initializer((1.0 / self._num_units) ** 0.5)
                norm: Any = get_variable("attention_g", dtype=query.dtype, initializer=start, shape=())
                bias = get_variable(
                    "attention_b", [self._num_units], dtype=query.dtype, initializer=zeros_initializer()
                )
                vector = norm * vector * rsqrt(reduce_sum(square(vector)))
                asked = asked + bias
            found = self._aligned(reduce_sum(vector * tanh(self.keys + asked), [2]), state)
        return found, found


def hardmax(logits: Any, name: str | None = None) -> Tensor:
    """One for the largest of each row, zero for the others.

    Args:
        logits: a tensor with classes last.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.contrib.seq2seq.hardmax([[1.0, 3.0, 2.0]]))
    array([[0., 1., 0.]], dtype=float32)
    """
    with name_scope(name or "Hardmax"):
        tensor: Any = convert_to_tensor(logits, name="logits")
        classes = tensor.shape[-1].value
        depth = shape(tensor)[-1] if classes is None else classes
        return one_hot(argmax(tensor, -1), depth, dtype=tensor.dtype)
