"""Floats from categories: `indicator_column` and `embedding_column`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.feature_column.base import CategoricalColumn, DenseColumn
from graphmagic.graph.default import add_to_collection, get_collection
from graphmagic.graph.node import Tensor
from graphmagic.nn.embedding import embedding_lookup
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.casting import cast
from graphmagic.ops.elementary import sqrt, square
from graphmagic.ops.initializers import truncated_normal_initializer
from graphmagic.ops.logic import greater_equal
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.variable_scope import get_variable

__all__ = ["combined", "embedding_column", "indicator_column", "shared_embedding_columns"]


def combined(
    table: Any, ids: Tensor, weights: Tensor | None, combiner: str, max_norm: float | None = None
) -> Tensor:
    """The rows of a table for the categories of each example, summed or averaged; negative ids count nothing."""
    counts: Any = cast(greater_equal(ids, np.int64(0)), dtypes.float32)
    if weights is not None:
        counts = counts * weights
    rows: Any = embedding_lookup(table, maximum(ids, np.int64(0)), max_norm=max_norm)
    total = reduce_sum(rows * expand_dims(counts, -1), -2)
    if combiner == "sum":
        return total
    if combiner == "mean":
        return div_no_nan(total, reduce_sum(counts, -1, keepdims=True))
    return div_no_nan(total, sqrt(reduce_sum(square(counts), -1, keepdims=True)))


@dataclass(frozen=True)
class IndicatorColumn(DenseColumn):
    """What `indicator_column` makes."""

    categorical_column: CategoricalColumn

    @property
    def name(self) -> str:
        """The name of the categories and ``_indicator``."""
        return f"{self.categorical_column.name}_indicator"

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return self.categorical_column.parse_spec

    @property
    def width(self) -> int:
        """A float for each category."""
        return self.categorical_column.num_buckets

    def dense(self, features: Any, trainable: bool, collections: list[str]) -> Tensor:
        """How often each category is there, or its weight."""
        ids, weights = self.categorical_column.ids(features)
        marked: Any = one_hot(ids, self.width, 1.0, 0.0)
        if weights is not None:
            marked = marked * expand_dims(weights, -1)
        return reduce_sum(marked, -2)


def indicator_column(categorical_column: CategoricalColumn) -> IndicatorColumn:
    """A float for each category: how often an example has it.

    Args:
        categorical_column: the categories.

    >>> import graphmagic as tf
    >>> word = tf.feature_column.categorical_column_with_identity("word", 3)
    >>> x = tf.feature_column.input_layer({"word": [[0, 2, 2]]}, [tf.feature_column.indicator_column(word)])
    >>> tf.Session().run(x)
    array([[1., 0., 2.]], dtype=float32)
    """
    if not isinstance(categorical_column, CategoricalColumn):
        raise ValueError(
            f"Unsupported input type. Input must be a CategoricalColumn. Given: {categorical_column}"
        )
    return IndicatorColumn(categorical_column)


@dataclass(frozen=True)
class EmbeddingColumn(DenseColumn):
    """What `embedding_column` makes."""

    categorical_column: CategoricalColumn
    dimension: int
    combiner: str
    initializer: Any
    max_norm: float | None
    trainable: bool
    shared_name: str | None = None

    @property
    def name(self) -> str:
        """The name of the categories and ``_embedding``."""
        suffix = "_shared_embedding" if self.shared_name else "_embedding"
        return f"{self.categorical_column.name}{suffix}"

    @property
    def scope_name(self) -> str:
        """The scope of its table: one for all that share it."""
        return self.shared_name or self.name

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return self.categorical_column.parse_spec

    @property
    def width(self) -> int:
        """How many floats each category has."""
        return self.dimension

    def dense(self, features: Any, trainable: bool, collections: list[str]) -> Tensor:
        """The floats of the example's categories, combined."""
        ids, weights = self.categorical_column.ids(features)
        options: dict[str, Any] = {
            "shape": [self.categorical_column.num_buckets, self.dimension],
            "initializer": self.initializer,
            "trainable": self.trainable and trainable,
            "collections": collections or None,
        }
        shared = get_collection(self.shared_name) if self.shared_name else []
        table = shared[0] if shared else get_variable("embedding_weights", **options)
        if self.shared_name and not shared:
            add_to_collection(self.shared_name, table)
        return combined(table, ids, weights, self.combiner, self.max_norm)


def embedding_column(
    categorical_column: CategoricalColumn,
    dimension: int,
    combiner: str = "mean",
    initializer: Any = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> EmbeddingColumn:
    """A number of floats for each category, which are learned.

    Args:
        categorical_column: the categories.
        dimension: how many floats.
        combiner: ``mean``, ``sum`` or ``sqrtn``: what becomes of several categories of one example.
        initializer: of the floats; truncated normal numbers if None.
        ckpt_to_load_from: a checkpoint to take them from.
        tensor_name_in_ckpt: their name there.
        max_norm: how long the vector of a category may be.
        trainable: whether training changes them.

    Raises:
        ValueError: `dimension` is not positive, or one of the two names for a checkpoint is missing.

    >>> import graphmagic as tf
    >>> word = tf.feature_column.categorical_column_with_identity("word", 3)
    >>> column = tf.feature_column.embedding_column(word, 2, initializer=tf.ones_initializer())
    >>> x = tf.feature_column.input_layer({"word": [[0, 2]]}, [column])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(x)
    array([[1., 1.]], dtype=float32)
    """
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (ckpt_to_load_from is None) != (tensor_name_in_ckpt is None):
        raise ValueError("Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them.")
    if initializer is not None and not callable(initializer):
        raise ValueError(
            f"initializer must be callable if specified. Embedding of column_name: {categorical_column.name}"
        )
    if ckpt_to_load_from is not None:
        from graphmagic.train.checkpoint_state import load_variable

        values = load_variable(ckpt_to_load_from, str(tensor_name_in_ckpt))

        def initializer(shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
            return values

    found = initializer or truncated_normal_initializer(0.0, 1 / math.sqrt(dimension))
    return EmbeddingColumn(categorical_column, dimension, combiner, found, max_norm, trainable)


def shared_embedding_columns(
    categorical_columns: Any,
    dimension: int,
    combiner: str = "mean",
    initializer: Any = None,
    shared_embedding_collection_name: str | None = None,
    ckpt_to_load_from: str | None = None,
    tensor_name_in_ckpt: str | None = None,
    max_norm: float | None = None,
    trainable: bool = True,
) -> list[EmbeddingColumn]:
    """Columns as by `embedding_column` that share one table; arguments as there.

    >>> import graphmagic as tf
    >>> words = [tf.feature_column.categorical_column_with_identity(key, 3) for key in ("first", "second")]
    >>> columns = tf.feature_column.shared_embedding_columns(words, 2)
    >>> x = tf.feature_column.input_layer({"first": [[0]], "second": [[1]]}, columns)
    >>> [v.name for v in tf.global_variables()]
    ['input_layer/first_second_shared_embedding/embedding_weights:0']
    """
    names = sorted(column.name for column in categorical_columns)
    shared = shared_embedding_collection_name or f"{'_'.join(names)}_shared_embedding"
    columns = []
    for column in categorical_columns:
        one = embedding_column(
            column, dimension, combiner, initializer, ckpt_to_load_from, tensor_name_in_ckpt, max_norm, trainable
        )  # fmt: skip
        columns.append(
            EmbeddingColumn(
                column, dimension, combiner, one.initializer, max_norm, trainable, shared_name=shared
            )
        )
    return columns
