"""What one run did, operation by operation: the record behind `Session.trace`, `%trace` and `tf.RunMetadata`.

A trace keeps small values whole and of large ones what a person can take in: range, mean, a histogram, a small
picture.  So a trace is small whatever was run, and nothing that happens later changes it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphmagic.noted import Noted

if TYPE_CHECKING:
    from graphmagic.graph.graph import Graph
    from graphmagic.graph.node import Operation

__all__ = ["NodeTime", "Step", "Trace"]

_GRADIENTS = re.compile(r"(?:^|/)gradients(?:_\d+)?/")


@dataclass(frozen=True, slots=True)
class Step:
    """One execution of one operation.

    Attributes:
        op: the operation.
        started: seconds since the run began, the time that recording took left out.
        seconds: how long it took; for a branch or a loop with all that it ran.
        outputs: what its outputs were, in their order; None for those that nobody needed.
        was_fed: whether the caller gave the value, so that nothing was executed.
        iterations: for each loop around it, from outside in, the number of the iteration, from 0.
        note: what there is to add, such as the branch that was taken.
        failure: what went wrong, if this operation ended the run with an error.
    """

    op: Operation
    started: float
    seconds: float
    outputs: tuple[Noted | None, ...]
    was_fed: bool = False
    iterations: tuple[int, ...] = ()
    note: str = ""
    failure: str = ""

    @property
    def name(self) -> str:
        """The name of the operation."""
        return self.op.name

    @property
    def nbytes(self) -> int:
        """The size of its outputs in bytes."""
        return sum(output.nbytes for output in self.outputs if output is not None)

    @property
    def part(self) -> str:
        """Which part of the run it is: ``feed``, ``forward``, ``gradient``, ``update`` of a variable, or ``failure``."""
        if self.failure:
            return "failure"
        if self.was_fed:
            return "feed"
        if self.op.opdef.writes:
            return "update"
        block = self.op.block
        mirrors = block is not None and any(b.mirrors is not None for b in block.path())
        return "gradient" if mirrors or _GRADIENTS.search(self.op.name) else "forward"


@dataclass(frozen=True, slots=True)
class NodeTime:
    """How often an operation ran and how many seconds it took in all, what it ran inside left out."""

    op: Operation
    count: int
    seconds: float


@dataclass(frozen=True, eq=False)
class Trace:
    """One run as a film: it shows itself as a player in a notebook, and as a table in a terminal.

    Attributes:
        graph: the graph that was run.
        fetched: the names of what was asked for.
        result: the values that `Session.run` would have returned.
        steps: what was executed, in order of completion; first what was fed.
        seconds: how long all operations took.
        times: for each operation that ran, how often and how long.
        left_out: how many executions came after those in `steps`; only `times` knows of them.
        ending: how the run ended, if it did not come to its end; then there is no `result`.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None], name="x")
    >>> y = tf.square(x, name="y")
    >>> trace = tf.Session().trace(y, {x: [1.0, 2.0]})
    >>> trace.result
    array([1., 4.], dtype=float32)
    >>> [(step.name, step.part, step.outputs[0].value.tolist()) for step in trace.steps]
    [('x', 'feed', [1.0, 2.0]), ('y', 'forward', [1.0, 4.0])]
    """

    graph: Graph
    fetched: tuple[str, ...]
    result: Any
    steps: Sequence[Step]
    seconds: float
    times: Sequence[NodeTime] = field(default_factory=tuple)
    left_out: int = 0
    ending: str = ""

    def slowest(self, count: int = 10) -> list[NodeTime]:
        """The operations that took longest, the slowest first."""
        return sorted(self.times, key=lambda time: -time.seconds)[:count]

    def html(self, **drawing: Any) -> str:
        """The player as one piece of HTML that needs nothing from outside.

        Args:
            **drawing: how the graph is drawn: ``depth`` and ``direction`` as in `draw.picture`.
        """
        from graphmagic.draw.player import player

        return player(self, **drawing)

    def save(self, path: str | os.PathLike[str], **drawing: Any) -> Path:
        """Write the player as a page that any browser opens, also without a network.

        Args:
            path: where; by custom it ends in ``.html``.
            **drawing: how the graph is drawn: ``depth`` and ``direction`` as in `draw.picture`.

        Returns:
            The path.
        """
        from graphmagic.draw.player import page

        path = Path(path)
        path.write_text(page(self, **drawing), encoding="utf-8")
        return path

    def __repr__(self) -> str:
        from graphmagic.draw.run_table import run_text

        return run_text(self)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        return {"text/plain": repr(self), "text/html": self.html()}
