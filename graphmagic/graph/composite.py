"""Values that are several tensors at once: sparse gradients and sparse tensors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic.dtypes import DType
from graphmagic.graph.node import Operation, Tensor

__all__ = ["IndexedSlices", "IndexedSlicesValue"]


class IndexedSlicesValue(NamedTuple):
    """What a run returns for an `IndexedSlices`; see `IndexedSlices`."""

    values: np.ndarray[Any, Any]
    indices: np.ndarray[Any, Any]
    dense_shape: np.ndarray[Any, Any] | None


class IndexedSlices:
    """A few rows of a larger tensor: the gradient of `tf.gather`.

    Args:
        values: the rows, shape ``[n, ...]``.
        indices: where they belong, integers of shape ``[n]``; a row may occur more than once and then counts again.
        dense_shape: the shape of the whole tensor, an integer vector, or None.

    >>> import graphmagic as tf
    >>> rows = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([0, 2]), tf.constant([3, 1]))
    >>> tf.Session().run(tf.convert_to_tensor(rows))
    array([[1.],
           [0.],
           [2.]], dtype=float32)
    """

    COMPONENTS = ("values", "indices", "dense_shape")  # what `tf.nest` can see in it

    def __init__(self, values: Tensor, indices: Tensor, dense_shape: Tensor | None = None) -> None:
        self.values = values
        self.indices = indices
        self.dense_shape = dense_shape

    @property
    def name(self) -> str:
        """The name of the values."""
        return self.values.name

    @property
    def op(self) -> Operation:
        """The operation that makes the values."""
        return self.values.op

    @property
    def dtype(self) -> DType:
        """The type of the values."""
        return self.values.dtype

    @property
    def graph(self) -> Any:
        """The graph of the values."""
        return self.values.graph

    @property
    def device(self) -> str:
        """The device of the values."""
        return self.values.device

    def fetch_parts(self) -> list[Tensor]:
        """The tensors to fetch for this value."""
        return [self.values, self.indices] + ([] if self.dense_shape is None else [self.dense_shape])

    def fetch_value(self, parts: list[Any]) -> IndexedSlicesValue:
        """The fetched value from its parts."""
        return IndexedSlicesValue(parts[0], parts[1], parts[2] if len(parts) > 2 else None)

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def __str__(self) -> str:
        shape = "" if self.dense_shape is None else f", dense_shape={self.dense_shape}"
        return f"IndexedSlices(indices={self.indices}, values={self.values}{shape})"
