"""What a run of some fetches would execute, and how that shows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphmagic.draw.blocks import sources
from graphmagic.draw.model import Emphasis

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["Light", "executed_by"]


@dataclass(frozen=True)
class Light:
    """The spotlight of a picture.

    Attributes:
        executed: what a run executes, or None if the picture is of no run.
        marked: what it was asked for.
    """

    executed: Collection[Operation] | None
    marked: Collection[Operation]

    def on(self, shown: Iterable[Operation], needed: Iterable[Operation]) -> Emphasis:
        """How something stands out that shows some operations and is needed to run others."""
        if any(op in self.marked for op in shown):
            return Emphasis.FETCHED
        if self.executed is None:
            return Emphasis.PLAIN
        return Emphasis.LIT if any(op in self.executed for op in needed) else Emphasis.DIM


def executed_by(fetches: Iterable[Operation]) -> set[Operation]:
    """All operations that a run of `fetches` executes, feeds aside.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     used, unused = tf.constant(1.0, name="used"), tf.constant(2.0, name="unused")
    ...     y = tf.square(used, name="y")
    >>> sorted(op.name for op in executed_by([y.op]))
    ['used', 'y']
    """
    pending = list(fetches)
    executed = set(pending)
    while pending:
        op = pending.pop()
        for source in (*(t.op for t in (*op.inputs, *sources(op))), *op.control_inputs):
            if source not in executed:
                executed.add(source)
                pending.append(source)
    return executed
