"""Columns of numbers: `numeric_column`, and ranges of them: `bucketized_column`."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.dtypes import DType, float32, int64
from graphmagic.feature_column.base import CategoricalColumn, DenseColumn, check_string, feature
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.differences import searchsorted
from graphmagic.ops.fill import range as range_
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.parsing import FixedLenFeature

__all__ = ["BucketizedColumn", "NumericColumn", "bucketized_column", "numeric_column"]


@dataclass(frozen=True)
class NumericColumn(DenseColumn):
    """What `numeric_column` makes."""

    key: str
    shape: tuple[int, ...]
    default_value: Any
    dtype: DType
    normalizer_fn: Callable[[Any], Any] | None

    @property
    def name(self) -> str:
        """The feature's name."""
        return self.key

    @property
    def width(self) -> int:
        """How many floats each example has."""
        return int(np.prod(self.shape))

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return {self.key: FixedLenFeature(self.shape, self.dtype, self.default_value)}

    def values(self, features: Any) -> Tensor:
        """The numbers as floats, normalized."""
        found = feature(features, self.key)
        if isinstance(found, SparseTensor):
            raise ValueError(
                "The corresponding Tensor of numerical column must be a Tensor. SparseTensor is not supported. "
                f"key: {self.key}"
            )
        if self.normalizer_fn is not None:
            found = self.normalizer_fn(found)
        if not (found.dtype.is_floating or found.dtype.is_integer):
            raise ValueError(f"Feature {self.key} has no numbers but {found.dtype.base_dtype.name}")
        return cast(found, float32)

    def dense(self, features: Any, trainable: bool, collections: list[str]) -> Tensor:
        """The floats: shape ``[batch, width]``."""
        values = self.values(features)
        return reshape(values, (shape(values)[0], self.width))


def numeric_column(
    key: str,
    shape: Any = (1,),
    default_value: Any = None,
    dtype: DType = float32,
    normalizer_fn: Callable[[Any], Any] | None = None,
) -> NumericColumn:
    """A column of numbers.

    Args:
        key: the name of the feature.
        shape: the shape that each example has.
        default_value: for examples that lack it, when they are parsed.
        dtype: the type when they are parsed.
        normalizer_fn: applied to the numbers.

    Raises:
        ValueError: the type holds no numbers, or the shape is empty.
        TypeError: `normalizer_fn` is no function.

    >>> import graphmagic as tf
    >>> age = tf.feature_column.numeric_column("age", normalizer_fn=lambda x: x / 10.0)
    >>> x = tf.feature_column.input_layer({"age": [[20.0], [50.0]]}, [age])
    >>> tf.Session().run(x).ravel()
    array([2., 5.], dtype=float32)
    """
    check_string(key)
    sizes = tuple(shape) if hasattr(shape, "__iter__") else (shape,)
    if not all(isinstance(size, int) and size > 0 for size in sizes):
        raise ValueError(f"shape dimensions must be greater than 0. shape: {shape}")
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, key: {key}")
    if normalizer_fn is not None and not callable(normalizer_fn):
        raise TypeError(f"normalizer_fn must be a callable. Given: {normalizer_fn}")
    return NumericColumn(key, sizes, default_value, dtype, normalizer_fn)


@dataclass(frozen=True)
class BucketizedColumn(DenseColumn, CategoricalColumn):
    """What `bucketized_column` makes."""

    source_column: NumericColumn
    boundaries: tuple[float, ...]

    @property
    def name(self) -> str:
        """The feature's name and ``_bucketized``."""
        return f"{self.source_column.name}_bucketized"

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return self.source_column.parse_spec

    @property
    def width(self) -> int:
        """A float for each range of each number."""
        return (len(self.boundaries) + 1) * self.source_column.width

    @property
    def num_buckets(self) -> int:
        """A category for each range of each number."""
        return self.width

    def buckets(self, features: Any) -> Tensor:
        """The number of the range that each number is in: shape ``[batch, width]``."""
        values = self.source_column.dense(features, False, [])
        flat = reshape(values, [-1])
        return reshape(searchsorted(list(self.boundaries), flat, side="right", out_type=int64), shape(values))

    def dense(self, features: Any, trainable: bool, collections: list[str]) -> Tensor:
        """One float for each range, 1 for the range that the number is in."""
        marked = one_hot(self.buckets(features), len(self.boundaries) + 1, 1.0, 0.0)
        return reshape(marked, (shape(marked)[0], self.width))

    def ids(self, features: Any) -> tuple[Tensor, None]:
        """The numbers of the ranges."""
        starts = multiply(cast(range_(self.source_column.width), int64), len(self.boundaries) + 1)
        return add(self.buckets(features), starts), None


def bucketized_column(source_column: NumericColumn, boundaries: Any) -> BucketizedColumn:
    """A column that says in which range a number is.

    Args:
        source_column: a `numeric_column` of one dimension.
        boundaries: the ends of the ranges, in order; each belongs to the range above.

    Raises:
        ValueError: the source is another column, or the boundaries are not in order.

    >>> import graphmagic as tf
    >>> age = tf.feature_column.bucketized_column(tf.feature_column.numeric_column("age"), [18, 65])
    >>> x = tf.feature_column.input_layer({"age": [[20.0], [65.0]]}, [age])
    >>> tf.Session().run(x)
    array([[0., 1., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(
            f"source_column must be a column generated with numeric_column(). Given: {source_column}"
        )
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    ends = tuple(boundaries) if hasattr(boundaries, "__iter__") else ()
    if not ends:
        raise ValueError("boundaries must not be empty.")
    if any(a >= b for a, b in itertools.pairwise(ends)):
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, tuple([float(end) for end in ends]))
