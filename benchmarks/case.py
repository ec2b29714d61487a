"""What a benchmark is: one program text for graphmagic and TensorFlow, and the same by hand in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Case"]

Work = Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """A piece of work.

    Attributes:
        name: what it is called on the command line.
        what: what it does, for the table.
        with_graph: makes the work, given a module with TensorFlow 1's names.
        by_hand: makes the same work in NumPy, if that makes sense.
    """

    name: str
    what: str
    with_graph: Callable[[Any], Work]
    by_hand: Callable[[], Work] | None = None
