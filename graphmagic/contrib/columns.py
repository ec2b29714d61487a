"""Feature columns under the names that they had in ``tf.contrib.layers``; see `tf.feature_column`."""

from __future__ import annotations

from typing import Any

from graphmagic import feature_column as columns
from graphmagic.dtypes import float32, int64, string
from graphmagic.feature_column import bucketized_column, crossed_column, embedding_column

__all__ = [
    "bucketized_column",
    "create_feature_spec_for_parsing",
    "crossed_column",
    "embedding_column",
    "one_hot_column",
    "real_valued_column",
    "sparse_column_with_hash_bucket",
    "sparse_column_with_integerized_feature",
    "sparse_column_with_keys",
]


def real_valued_column(
    column_name: str,
    dimension: int = 1,
    default_value: Any = None,
    dtype: Any = float32,
    normalizer: Any = None,
) -> Any:
    """`tf.feature_column.numeric_column`; an empty name is that of features that come as an array.

    >>> real_valued_column("age").name
    'age'
    """
    return columns.numeric_column(column_name or "x", (dimension,), default_value, dtype, normalizer)


def sparse_column_with_keys(
    column_name: str, keys: Any, default_value: int = -1, combiner: str = "sum", dtype: Any = string
) -> Any:
    """`tf.feature_column.categorical_column_with_vocabulary_list`."""
    return columns.categorical_column_with_vocabulary_list(column_name, keys, dtype, default_value)


def sparse_column_with_hash_bucket(
    column_name: str, hash_bucket_size: int, combiner: str = "sum", dtype: Any = string, hash_keys: Any = None
) -> Any:
    """`tf.feature_column.categorical_column_with_hash_bucket`."""
    return columns.categorical_column_with_hash_bucket(column_name, hash_bucket_size, dtype)


def sparse_column_with_integerized_feature(
    column_name: str, bucket_size: int, combiner: str = "sum", dtype: Any = int64
) -> Any:
    """`tf.feature_column.categorical_column_with_identity`."""
    return columns.categorical_column_with_identity(column_name, bucket_size)


def one_hot_column(sparse_id_column: Any) -> Any:
    """`tf.feature_column.indicator_column`."""
    return columns.indicator_column(sparse_id_column)


def create_feature_spec_for_parsing(feature_columns: Any) -> Any:
    """`tf.feature_column.make_parse_example_spec`."""
    return columns.make_parse_example_spec(list(feature_columns))
