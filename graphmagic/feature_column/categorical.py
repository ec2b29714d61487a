"""Columns of categories: numbers as they are, words of a vocabulary, hashes of words, and weights for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType, float32, int64
from graphmagic.feature_column.base import MISSING, CategoricalColumn, check_string, feature, identifiers
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.hashing import farm_fingerprint64
from graphmagic.ops.like import ones_like
from graphmagic.ops.logic import greater_equal, less, logical_and
from graphmagic.ops.py_func import py_func
from graphmagic.ops.sparse_values import sparse_tensor_to_dense
from graphmagic.parsing import VarLenFeature

__all__ = [
    "categorical_column_with_hash_bucket",
    "categorical_column_with_identity",
    "categorical_column_with_vocabulary_file",
    "categorical_column_with_vocabulary_list",
    "mapped",
    "weighted_categorical_column",
]


def mapped(function: Callable[..., Any], inputs: list[Any], name: str) -> Tensor:
    """A Python function of arrays, whose result has the shape of the first, as an operation for int64 results."""
    result: Any = py_func(function, inputs, int64, stateful=False, name=name)
    result.set_shape(inputs[0].shape)
    return result  # type: ignore[no-any-return]


@dataclass(frozen=True)
class KeyedColumn(CategoricalColumn):
    """A column of categories of one feature."""

    key: str

    @property
    def name(self) -> str:
        """The feature's name."""
        return self.key

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return {self.key: VarLenFeature(getattr(self, "dtype", int64))}


@dataclass(frozen=True)
class IdentityCategoricalColumn(KeyedColumn):
    """What `categorical_column_with_identity` makes."""

    number_buckets: int
    default_value: int | None

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        return self.number_buckets

    def ids(self, features: Any) -> tuple[Tensor, None]:
        """The numbers as they are."""
        given = identifiers(features, self.key)
        if not given.dtype.is_integer:
            raise ValueError(
                f"Invalid input, not integer. key: {self.key} dtype: {given.dtype.base_dtype.name}"
            )
        numbers = cast(given, int64)
        if self.default_value is None:
            return numbers, None
        good = logical_and(greater_equal(numbers, np.int64(0)), less(numbers, np.int64(self.number_buckets)))
        return where(good, numbers, multiply(ones_like(numbers), self.default_value)), None


def categorical_column_with_identity(
    key: str, num_buckets: int, default_value: int | None = None
) -> IdentityCategoricalColumn:
    """A column of categories that are numbers already.

    Args:
        key: the name of the feature.
        num_buckets: how many categories there are.
        default_value: the category for other numbers; they are errors if None.

    Raises:
        ValueError: there are no categories, or the default is none of them.

    >>> import graphmagic as tf
    >>> size = tf.feature_column.indicator_column(tf.feature_column.categorical_column_with_identity("size", 3))
    >>> tf.Session().run(tf.feature_column.input_layer({"size": [[2], [0]]}, [size]))
    array([[0., 0., 1.],
           [1., 0., 0.]], dtype=float32)
    """
    check_string(key)
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(f"default_value {default_value} not in range [0, {num_buckets}), column_name {key}")
    return IdentityCategoricalColumn(key, num_buckets, default_value)


@dataclass(frozen=True)
class HashedCategoricalColumn(KeyedColumn):
    """What `categorical_column_with_hash_bucket` makes."""

    hash_bucket_size: int
    dtype: DType

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        return self.hash_bucket_size

    def ids(self, features: Any) -> tuple[Tensor, None]:
        """The hashes of the words."""
        words, size = identifiers(features, self.key), self.hash_bucket_size

        def hashed(array: Any) -> Any:
            def number(word: Any) -> int:
                text = word if isinstance(word, bytes) else str(word).encode()
                is_missing = word == b"" or (not isinstance(word, bytes) and word == MISSING)
                return MISSING if is_missing else farm_fingerprint64(text) % size

            return np.vectorize(number, otypes=[np.int64])(array)

        return mapped(hashed, [words], "lookup"), None


def categorical_column_with_hash_bucket(
    key: str, hash_bucket_size: int, dtype: DType = dtypes.string
) -> HashedCategoricalColumn:
    """A column of categories that are hashes of words; different words may get the same.

    Args:
        key: the name of the feature.
        hash_bucket_size: how many categories there are.
        dtype: the type of the feature, strings or integers.

    Raises:
        ValueError: there are no categories.

    >>> import graphmagic as tf
    >>> city = tf.feature_column.categorical_column_with_hash_bucket("city", 4)
    >>> tf.Session().run(city.ids({"city": [["Paris"], ["Rome"]]})[0]).ravel()
    array([2, 1])
    """
    check_string(key)
    if hash_bucket_size is None or hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be at least 1. hash_bucket_size: {hash_bucket_size}, key: {key}"
        )
    return HashedCategoricalColumn(key, hash_bucket_size, dtype)


@dataclass(frozen=True)
class VocabularyListCategoricalColumn(KeyedColumn):
    """What `categorical_column_with_vocabulary_list` makes."""

    vocabulary_list: tuple[Any, ...]
    dtype: DType
    default_value: int
    num_oov_buckets: int

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        return len(self.vocabulary_list) + self.num_oov_buckets

    def ids(self, features: Any) -> tuple[Tensor, None]:
        """The places of the words in the vocabulary."""
        words = identifiers(features, self.key)
        if words.dtype.is_integer != self.dtype.is_integer:
            raise ValueError(
                "Column dtype and SparseTensors dtype must be compatible. "
                f"key: {self.key}, column dtype: {self.dtype}, tensor dtype: {words.dtype.base_dtype}"
            )
        known = {w.encode() if isinstance(w, str) else w: i for i, w in enumerate(self.vocabulary_list)}
        extra, default = self.num_oov_buckets, self.default_value

        def number(word: Any) -> int:
            if word in known:
                return known[word]
            if word in (b"", MISSING):
                return MISSING
            text = word if isinstance(word, bytes) else str(word).encode()
            return len(known) + farm_fingerprint64(text) % extra if extra else default

        return mapped(np.vectorize(number, otypes=[np.int64]), [words], "lookup"), None


def categorical_column_with_vocabulary_list(
    key: str,
    vocabulary_list: Any,
    dtype: DType | None = None,
    default_value: int = -1,
    num_oov_buckets: int = 0,
) -> VocabularyListCategoricalColumn:
    """A column of categories that are the words of a list.

    Args:
        key: the name of the feature.
        vocabulary_list: the words, or numbers.
        dtype: the type of the feature; that of the words if None.
        default_value: the category of other words; -1 ignores them.
        num_oov_buckets: how many categories more there are for other words.

    Raises:
        ValueError: there are no words, or one is there twice.

    >>> import graphmagic as tf
    >>> colour = tf.feature_column.categorical_column_with_vocabulary_list("colour", ["red", "green", "blue"])
    >>> shown = tf.feature_column.indicator_column(colour)
    >>> tf.Session().run(tf.feature_column.input_layer({"colour": [["blue"], ["pink"]]}, [shown]))
    array([[0., 0., 1.],
           [0., 0., 0.]], dtype=float32)
    """
    check_string(key)
    words = tuple(vocabulary_list) if vocabulary_list is not None else ()
    if not words:
        raise ValueError(f"vocabulary_list {vocabulary_list} must be non-empty, column_name: {key}")
    if len(set(words)) != len(words):
        raise ValueError(f"Duplicate keys in vocabulary_list: {vocabulary_list}, column_name: {key}")
    if num_oov_buckets and default_value != -1:
        raise ValueError(f"Can't specify both num_oov_buckets and default_value in {key}.")
    if num_oov_buckets < 0:
        raise ValueError(f"Invalid num_oov_buckets {num_oov_buckets} in {key}.")
    found = dtypes.string if isinstance(words[0], (str, bytes)) else int64
    return VocabularyListCategoricalColumn(key, words, dtype or found, default_value, num_oov_buckets)


def categorical_column_with_vocabulary_file(
    key: str,
    vocabulary_file: str,
    vocabulary_size: int | None = None,
    num_oov_buckets: int = 0,
    default_value: int | None = None,
    dtype: DType = dtypes.string,
) -> VocabularyListCategoricalColumn:
    """A column of categories that are the lines of a file; see `categorical_column_with_vocabulary_list`.

    Args:
        key: the name of the feature.
        vocabulary_file: the path of a file with a word in each line.
        vocabulary_size: how many lines to use; all if None.
        num_oov_buckets: how many categories more there are for other words.
        default_value: the category of other words; they are ignored if None.
        dtype: the type of the feature.

    Raises:
        ValueError: the file has not enough lines.
    """
    check_string(key)
    lines: list[Any] = Path(vocabulary_file).read_text(encoding="utf-8").splitlines()
    if vocabulary_size is not None and len(lines) < vocabulary_size:
        raise ValueError(f"{vocabulary_file} has {len(lines)} lines, vocabulary_size is {vocabulary_size}")
    words = lines[:vocabulary_size] if dtype is dtypes.string else [int(w) for w in lines[:vocabulary_size]]
    default = -1 if default_value is None else default_value
    return categorical_column_with_vocabulary_list(key, words, dtype, default, num_oov_buckets)


@dataclass(frozen=True)
class WeightedCategoricalColumn(CategoricalColumn):
    """What `weighted_categorical_column` makes."""

    categorical_column: CategoricalColumn
    weight_feature_key: str
    dtype: DType

    @property
    def name(self) -> str:
        """The names of both features."""
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        return {**self.categorical_column.parse_spec, self.weight_feature_key: VarLenFeature(self.dtype)}

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        return self.categorical_column.num_buckets

    def ids(self, features: Any) -> tuple[Tensor, Tensor]:
        """The categories, and the weights."""
        weights = feature(features, self.weight_feature_key)
        if isinstance(weights, SparseTensor):
            weights = sparse_tensor_to_dense(weights)
        return self.categorical_column.ids(features)[0], cast(weights, float32)


def weighted_categorical_column(
    categorical_column: CategoricalColumn, weight_feature_key: str, dtype: DType = float32
) -> WeightedCategoricalColumn:
    """A column of categories that count as much as another feature says.

    Args:
        categorical_column: the categories.
        weight_feature_key: the name of the feature with the weights, one for each category.
        dtype: the type of the weights.

    Raises:
        ValueError: the type holds no numbers.

    >>> import graphmagic as tf
    >>> word = tf.feature_column.categorical_column_with_identity("word", 3)
    >>> counted = tf.feature_column.indicator_column(tf.feature_column.weighted_categorical_column(word, "times"))
    >>> features = {"word": [[0, 2]], "times": [[3.0, 5.0]]}
    >>> tf.Session().run(tf.feature_column.input_layer(features, [counted]))
    array([[3., 0., 5.]], dtype=float32)
    """
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, dtype)
