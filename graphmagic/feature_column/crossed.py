"""`crossed_column`: a category for each combination of categories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import int64
from graphmagic.feature_column.base import MISSING, CategoricalColumn, feature, identifiers
from graphmagic.feature_column.categorical import HashedCategoricalColumn
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.hashing import farm_fingerprint64
from graphmagic.ops.py_func import py_func
from graphmagic.parsing import VarLenFeature

__all__ = ["crossed_column"]

HASH_KEY = 0xDECAFCAFFE
_FACTOR = 0xC6A4A7935BD1E995
_MASK = (1 << 64) - 1


def _shift_mix(x: int) -> int:
    return x ^ (x >> 47)


def joined_fingerprint(one: int, other: int) -> int:
    """The fingerprint of two fingerprints, as TensorFlow's ``FingerprintCat64`` computes it.

    >>> joined_fingerprint(1, 2) != joined_fingerprint(2, 1)
    True
    """
    result = one ^ _FACTOR ^ (_shift_mix(other * _FACTOR & _MASK) * _FACTOR & _MASK)
    result = result * _FACTOR & _MASK
    return _shift_mix(_shift_mix(result) * _FACTOR & _MASK)


def _fingerprint(value: Any) -> int:
    return farm_fingerprint64(value) if isinstance(value, bytes) else int(value) & _MASK


@dataclass(frozen=True)
class CrossedColumn(CategoricalColumn):
    """What `crossed_column` makes."""

    keys: tuple[Any, ...]
    hash_bucket_size: int
    hash_key: int | None

    def _leaves(self) -> Iterator[Any]:
        for key in self.keys:
            if isinstance(key, CrossedColumn):
                yield from key._leaves()
            else:
                yield key

    @property
    def name(self) -> str:
        """The names of what is crossed."""
        return "_X_".join(sorted(leaf if isinstance(leaf, str) else leaf.name for leaf in self._leaves()))

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        spec: dict[str, Any] = {}
        for leaf in self._leaves():
            spec.update({leaf: VarLenFeature(dtypes.string)} if isinstance(leaf, str) else leaf.parse_spec)
        return spec

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        return self.hash_bucket_size

    def ids(self, features: Any) -> tuple[Tensor, None]:
        """The hashes of the combinations."""
        sparse, dense = [], []
        for leaf in self._leaves():
            if not isinstance(leaf, str):
                sparse.append(leaf.ids(features)[0])
            elif isinstance(feature(features, leaf), SparseTensor):
                sparse.append(identifiers(features, leaf))
            else:
                dense.append(identifiers(features, leaf))
        start, size = HASH_KEY if self.hash_key is None else self.hash_key, self.hash_bucket_size

        def crossed(*columns: Any) -> Any:
            rows = [
                [_combination(values, start, size) for values in product(*parts)]
                for parts in zip(*[np.reshape(c, (len(c), -1)).tolist() for c in columns], strict=True)
            ]
            return np.array(rows, np.int64)

        # TensorFlow takes sparse columns before dense ones.
        result: Any = py_func(crossed, sparse + dense, int64, stateful=False, name="cross")
        result.set_shape([(sparse + dense)[0].shape[0], None])
        return result, None


def _combination(values: tuple[Any, ...], start: int, size: int) -> int:
    if any(value in (b"", MISSING) for value in values):
        return MISSING
    result = start
    for value in values:
        result = joined_fingerprint(result, _fingerprint(value))
    return result % size


def crossed_column(keys: Any, hash_bucket_size: int, hash_key: int | None = None) -> CrossedColumn:
    """A column of categories that are hashes of combinations of categories.

    Args:
        keys: names of features, or columns of categories; at least two.
        hash_bucket_size: how many categories there are.
        hash_key: another beginning for the hashes.

    Raises:
        ValueError: there are less than two keys, or one cannot be crossed.

    >>> import graphmagic as tf
    >>> both = tf.feature_column.crossed_column(["sex", "class"], 100)
    >>> both.name
    'class_X_sex'
    >>> features = {"sex": [["f"], ["m"]], "class": [["first"], ["third"]]}
    >>> tf.Session().run(both.ids(features)[0]).shape
    (2, 1)
    """
    if not hash_bucket_size or hash_bucket_size < 1:
        raise ValueError(f"hash_bucket_size must be > 1. hash_bucket_size: {hash_bucket_size}")
    if not keys or len(keys) < 2:
        raise ValueError(f"keys must be a list with length > 1. Given: {keys}")
    for key in keys:
        if not isinstance(key, (str, CategoricalColumn)):
            raise ValueError(
                f"Unsupported key type. All keys must be either string, or categorical column except "
                f"HashedCategoricalColumn. Given: {key}"
            )
        if isinstance(key, HashedCategoricalColumn):
            raise ValueError(
                "categorical_column_with_hash_bucket is not supported for crossing. Hashing before crossing will "
                f"increase probability of collision. Instead, use the feature name as a string. Given: {key}"
            )
    return CrossedColumn(tuple(keys), hash_bucket_size, hash_key)
