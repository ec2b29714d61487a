"""Tensors of which only the elements that are not zero are kept."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["SparseTensor", "SparseTensorValue"]


class SparseTensorValue(NamedTuple):
    """What a run returns for a `SparseTensor`, and what may be fed for one.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.SparseTensor(indices=[[0, 1]], values=[2.0], dense_shape=[2, 3])).indices
    array([[0, 1]])
    """

    indices: np.ndarray[Any, Any]
    values: np.ndarray[Any, Any]
    dense_shape: np.ndarray[Any, Any]


class SparseTensor:
    """A tensor given by where its elements are and what they are; all others are zero.

    Args:
        indices: int64 of shape ``[n, rank]``: the place of each element, in the order of reading.
        values: the elements, shape ``[n]``.
        dense_shape: the shape of the whole, int64 of shape ``[rank]``.

    Raises:
        ValueError: the three do not fit together.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor(indices=[[0, 1]], values=[2.0], dense_shape=[2, 3])
    >>> tf.Session().run(tf.sparse_tensor_to_dense(x))
    array([[0., 2., 0.],
           [0., 0., 0.]], dtype=float32)
    """

    COMPONENTS = ("indices", "values", "dense_shape")  # what `tf.nest` can see in it

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with get_default_graph().name_scope("SparseTensor"):
            self._indices = convert_to_tensor(indices, dtypes.int64, name="indices")
            self._values = convert_to_tensor(values, name="values")
            self._dense_shape = convert_to_tensor(dense_shape, dtypes.int64, name="dense_shape")
        self._static_shape: TensorShape | None = None
        rows, columns = self._indices.shape.with_rank(2)
        (count,) = self._values.shape.with_rank(1)
        (rank,) = self._dense_shape.shape.with_rank(1)
        rows.assert_is_compatible_with(count)
        columns.assert_is_compatible_with(rank)

    @classmethod
    def from_value(cls, sparse_tensor_value: Any) -> SparseTensor:
        """A `SparseTensor` of the parts of another, or of a `SparseTensorValue`.

        Raises:
            TypeError: it is neither.
        """
        value = sparse_tensor_value
        if not isinstance(value, (SparseTensor, SparseTensorValue)):
            raise TypeError(
                f"Argument sparse_tensor_value={value} is neither a SparseTensor nor SparseTensorValue. "
                f"Received type: {type(value).__name__}"
            )
        return cls(value.indices, value.values, value.dense_shape)

    @property
    def indices(self) -> Tensor:
        """The place of each element."""
        return self._indices

    @property
    def values(self) -> Tensor:
        """The elements."""
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        """The shape of the whole, a vector of integers."""
        return self._dense_shape

    @property
    def op(self) -> Operation:
        """The operation that makes the values."""
        return self._values.op

    @property
    def dtype(self) -> DType:
        """The type of the elements."""
        return self._values.dtype

    @property
    def graph(self) -> Any:
        """The graph of the three tensors."""
        return self._values.graph

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape while building."""
        return partial_shape(self._dense_shape) if self._static_shape is None else self._static_shape

    def get_shape(self) -> TensorShape:
        """What is known of the shape while building."""
        return self.shape

    def set_static_shape(self, shape: Any) -> None:
        """Say what is known of the shape, where `dense_shape` is fed."""
        self._static_shape = as_shape(shape)

    def with_values(self, new_values: Any) -> SparseTensor:
        """Other elements at the same places."""
        return SparseTensor(self._indices, new_values, self._dense_shape)

    def consumers(self) -> list[Operation]:
        """The operations that take one of the three tensors."""
        return list(dict.fromkeys(op for part in self.fetch_parts() for op in part.consumers()))

    def eval(self, feed_dict: Any = None, session: Any = None) -> SparseTensorValue:
        """The value in a session, as `Tensor.eval`."""
        indices, values, shape = [part.eval(feed_dict, session) for part in self.fetch_parts()]
        return SparseTensorValue(indices, values, shape)

    def __repr__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, dense_shape={self._dense_shape})"
        )

    def fetch_parts(self) -> list[Tensor]:
        """The tensors to fetch or to feed for this value."""
        return [self._indices, self._values, self._dense_shape]

    def fetch_value(self, parts: list[Any]) -> SparseTensorValue:
        """The fetched value from its parts."""
        return SparseTensorValue(*parts)

    def __str__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, dense_shape={self._dense_shape})"
        )
