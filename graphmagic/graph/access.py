"""Whether a graph may still change, and which of its tensors and operations a run may replace or return."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.node import Operation, Tensor

__all__ = ["Access"]


class Access:
    """The part of a `Graph` that says what may be done with it.

    May be fed and fetched: all but what was excepted, and what is in blocks.
    """

    def __init__(self) -> None:
        super().__init__()
        self._finalized = False
        self._not_fed: set[Tensor] = set()
        self._not_fetched: set[Operation] = set()

    def finalize(self) -> None:
        """Make the graph read-only: creating an operation is an error from now on."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    @property
    def finalized(self) -> bool:
        """Whether the graph is read-only."""
        return self._finalized

    def _check_not_finalized(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    def prevent_feeding(self, tensor: Tensor) -> None:
        """From now on no run may replace the value of `tensor`."""
        self._not_fed.add(tensor)

    def is_feedable(self, tensor: Tensor) -> bool:
        """Whether a run may replace the value of `tensor`."""
        return tensor.op.block is None and tensor not in self._not_fed

    def prevent_fetching(self, op: Operation) -> None:
        """From now on no run may return `op` or its outputs; those that have been prepared go on."""
        self._not_fetched.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        """Whether a run may return a tensor or an operation."""
        op: Operation = tensor_or_op.op if isinstance(tensor_or_op, Tensor) else tensor_or_op
        return op.block is None and op not in self._not_fetched

    @property
    def building_function(self) -> bool:
        """Whether the graph is the body of a function: never, functions are blocks of a graph."""
        return False
