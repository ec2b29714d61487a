"""What a benchmark is: one program text for graphmagic and TensorFlow, and the same by hand in NumPy and in JAX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Case", "Work"]

Work = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """A piece of work.

    Attributes:
        name: what it is called on the command line.
        what: what it does, for the table.
        with_graph: makes the work, given a module with TensorFlow 1's names.
        by_hand: makes the same work in NumPy, if that makes sense.
        with_jax: makes the same work with a compiled function of JAX, if that makes sense.
        aims: the ratio to each peer that is aimed at.
        in_a_process: measures all peers, each in a process of its own, instead of timing the work in turns; given their
            names it returns the figures.
    """

    name: str
    what: str
    with_graph: Callable[[Any], Work] | None = None
    by_hand: Callable[[], Work] | None = None
    with_jax: Callable[[], Work] | None = None
    aims: Mapping[str, float] = field(default_factory=dict)
    in_a_process: Callable[[list[str]], dict[str, list[float]]] | None = None
    unit: str = "us"
