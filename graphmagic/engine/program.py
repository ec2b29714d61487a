"""A program: what a run computes, as immutable data that passes improve one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphmagic.graph.node import Operation, Tensor

__all__ = ["Program"]


@dataclass(frozen=True)
class Program:
    """What one run computes.

    Attributes:
        fetches: the tensors to return.
        targets: the operations to run for their effect.
        feeds: the tensors whose values the caller gives.
        watches: tensors whose values are noted if the program computes them anyway.
        steps: the operations to run, in order.
        constants: values that are known already, by tensor.
    """

    fetches: tuple[Tensor, ...]
    targets: tuple[Operation, ...]
    feeds: tuple[Tensor, ...] = ()
    watches: tuple[Tensor, ...] = ()
    steps: tuple[Operation, ...] = ()
    constants: Mapping[Tensor, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{op.name} = {op.type}({', '.join(t.name for t in op.inputs)})" for op in self.steps]
        return "\n".join(lines)
