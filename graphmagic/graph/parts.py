"""Nests of values and the tensors in them: what goes into branches and loops, and comes out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor

__all__ = ["flat_tensors", "from_tensors", "shapes_of"]

COMPOSITES = IndexedSlices, SparseTensor


def flat_tensors(structure: Any) -> list[Tensor]:
    """The tensors of a nest; values become tensors, and a composite counts as the tensors it is made of."""
    return [tensor for leaf in nest.flatten(structure) for tensor in _tensors(leaf)]


def _tensors(leaf: Any) -> list[Tensor]:
    if isinstance(leaf, COMPOSITES):
        return leaf.fetch_parts()
    if hasattr(leaf, "flow"):
        return [leaf.flow]
    return [convert_to_tensor(leaf)]


def from_tensors(structure: Any, tensors: Sequence[Tensor]) -> Any:
    """A nest like `structure` made of other tensors, in the order of `flat_tensors`."""
    remaining = iter(tensors)
    return nest.pack_sequence_as(structure, [_rebuilt(leaf, remaining) for leaf in nest.flatten(structure)])


def _rebuilt(leaf: Any, tensors: Iterator[Tensor]) -> Any:
    if isinstance(leaf, COMPOSITES):
        return type(leaf)(*[next(tensors) for _ in leaf.fetch_parts()])
    if hasattr(leaf, "flow"):
        return leaf.with_flow(next(tensors))
    return next(tensors)


def shapes_of(structure: Any, invariants: Any) -> list[Any]:
    """For each tensor of a nest the shape that a nest of the same structure gives it."""
    shapes: list[Any] = []
    for leaf, shape in zip(nest.flatten(structure), invariants, strict=True):
        shapes += [shape] if len(_tensors(leaf)) == 1 else [None] * len(_tensors(leaf))
    return shapes
