"""What all feature columns have in common: a name, the features they read, and what they make of them."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.sparse_values import sparse_tensor_to_dense

__all__ = ["CategoricalColumn", "DenseColumn", "FeatureColumn", "check_string", "feature", "identifiers"]

MISSING = -1


class FeatureColumn:
    """Says what a model reads of the features: which of them, and how."""

    @property
    def name(self) -> str:
        """Its name, which its variables are called after."""
        raise NotImplementedError

    @property
    def scope_name(self) -> str:
        """The scope of its variables."""
        return self.name

    @property
    def parse_spec(self) -> dict[str, Any]:
        """What `tf.parse_example` needs to read it."""
        raise NotImplementedError


class DenseColumn(FeatureColumn):
    """A feature column with a number of floats for each example."""

    @property
    def width(self) -> int:
        """How many floats."""
        raise NotImplementedError

    def dense(self, features: Any, trainable: bool, collections: list[str]) -> Tensor:
        """The floats: shape ``[batch, width]``."""
        raise NotImplementedError


class CategoricalColumn(FeatureColumn):
    """A feature column with any number of categories for each example."""

    @property
    def num_buckets(self) -> int:
        """How many categories there are."""
        raise NotImplementedError

    def ids(self, features: Any) -> tuple[Tensor, Tensor | None]:
        """The numbers of the categories, -1 for none: shape ``[batch, most per example]``; and their weights."""
        raise NotImplementedError


def feature(features: Any, key: str) -> Any:
    """A feature by its name, at least as a matrix.

    Raises:
        ValueError: there is none of that name, or it is a single value.
    """
    if key not in features:
        raise ValueError(f"Feature {key} is not in features dictionary.")
    found = features[key]
    if isinstance(found, SparseTensor):
        return found
    tensor = convert_to_tensor(found)
    if tensor.shape.ndims == 0:
        raise ValueError(f"Feature (key: {key}) cannot have rank 0. Given: {tensor}")
    return expand_dims(tensor, -1) if tensor.shape.ndims == 1 else tensor


def identifiers(features: Any, key: str) -> Tensor:
    """A categorical feature as a dense tensor; where a sparse one has nothing there is ``""`` or -1."""
    found = feature(features, key)
    if not isinstance(found, SparseTensor):
        tensor: Tensor = found
        return tensor
    nothing: Any = "" if found.dtype.base_dtype is dtypes.string else MISSING
    return sparse_tensor_to_dense(found, default_value=nothing)


def check_string(key: Any) -> None:
    """Raise `ValueError` unless the name of a feature is a text."""
    if not isinstance(key, str):
        raise ValueError(f"key must be a string. Got: type {type(key)}. Given key: {key}.")
