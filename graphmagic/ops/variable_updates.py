"""The methods of a variable that write some of its elements, or count."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Tensor
from graphmagic.graph.operators import Operators
from graphmagic.ops import state, variable_scatter

__all__ = ["VariableUpdates"]


class VariableUpdates(Operators):
    """What `Variable` inherits: updates of rows given as `IndexedSlices`, of slices, and counting."""

    def scatter_update(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Write the rows of an `IndexedSlices`; see `tf.scatter_update`."""
        return variable_scatter.scatter_update(self, *_parts(sparse_delta), use_locking, name)

    def scatter_add(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Add the rows of an `IndexedSlices`; see `tf.scatter_add`."""
        return variable_scatter.scatter_add(self, *_parts(sparse_delta), use_locking, name)

    def scatter_sub(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Subtract the rows of an `IndexedSlices`; see `tf.scatter_sub`."""
        return variable_scatter.scatter_sub(self, *_parts(sparse_delta), use_locking, name)

    def scatter_mul(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Multiply by the rows of an `IndexedSlices`; see `tf.scatter_mul`."""
        return variable_scatter.scatter_mul(self, *_parts(sparse_delta), use_locking, name)

    def scatter_div(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Divide by the rows of an `IndexedSlices`; see `tf.scatter_div`."""
        return variable_scatter.scatter_div(self, *_parts(sparse_delta), use_locking, name)

    def scatter_min(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Lower to the rows of an `IndexedSlices`; see `tf.scatter_min`."""
        return variable_scatter.scatter_min(self, *_parts(sparse_delta), use_locking, name)

    def scatter_max(self, sparse_delta: Any, use_locking: bool = False, name: str | None = None) -> Tensor:
        """Raise to the rows of an `IndexedSlices`; see `tf.scatter_max`."""
        return variable_scatter.scatter_max(self, *_parts(sparse_delta), use_locking, name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Tensor:
        """Write elements or slices; see `tf.scatter_nd_update`."""
        return variable_scatter.scatter_nd_update(self, indices, updates, name=name)

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Tensor:
        """Add to elements or slices; see `tf.scatter_nd_add`."""
        return variable_scatter.scatter_nd_add(self, indices, updates, name=name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Tensor:
        """Subtract from elements or slices; see `tf.scatter_nd_sub`."""
        return variable_scatter.scatter_nd_sub(self, indices, updates, name=name)

    def count_up_to(self, limit: int) -> Tensor:
        """The value before it is increased by one; see `tf.count_up_to`."""
        return state.count_up_to(self, limit)


def _parts(sparse_delta: Any) -> tuple[Tensor, Tensor]:
    if not isinstance(sparse_delta, IndexedSlices):
        raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
    return sparse_delta.indices, sparse_delta.values
