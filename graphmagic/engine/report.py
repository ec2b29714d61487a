"""What a plan does, for people: what each pass changed, how much memory it needs, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphmagic.engine.fusion import fuse
from graphmagic.engine.image_chains import chain_images
from graphmagic.engine.passes import PASSES, drop_unused
from graphmagic.engine.plan import Plan
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import settle_shapes
from graphmagic.engine.simplify import merge_equal, skip_identities
from graphmagic.engine.state import State
from graphmagic.graph.node import Operation, Tensor

__all__ = ["PassNote", "PlanReport", "report"]


@dataclass(frozen=True)
class PassNote:
    """How many operations there were before and after a pass, and constants after it."""

    name: str
    before: int
    after: int
    constants: int


@dataclass(frozen=True)
class PlanReport:
    """A plan, laid open; it displays itself as text, in a notebook with a picture of the graph: lit is what runs.

    Attributes:
        passes: what each pass changed, in order.
        source: the Python function that runs.
        arena_bytes: the memory of the plan's buffers; 0 if it is not specialised to shapes.
        requested_bytes: what the buffers would take if none was used twice.
        in_arena: how many results are in buffers.
        fetches: the tensors and operations that it computes.
    """

    passes: tuple[PassNote, ...]
    source: str
    arena_bytes: int = 0
    requested_bytes: int = 0
    in_arena: int = 0
    fetches: tuple[Tensor | Operation, ...] = ()

    def __str__(self) -> str:
        width = max(len(note.name) for note in self.passes)
        lines = [f"{'pass':<{width}}  operations  constants"]
        lines += [
            f"{n.name:<{width}}  {f'{n.before} -> {n.after}':>10}  {n.constants:>9}" for n in self.passes
        ]
        if self.in_arena:
            saved = self.requested_bytes - self.arena_bytes
            lines.append(
                f"{self.in_arena} results in {self.arena_bytes} bytes of buffers, {saved} bytes saved"
            )
        return "\n".join([*lines, "", self.source.rstrip()])

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        if not self.fetches:
            return {"text/plain": str(self)}
        from graphmagic import draw

        picture = draw.picture(self.fetches[0].graph, name="plan", fetches=self.fetches)
        return picture._repr_mimebundle_(include, exclude) | {"text/plain": str(self)}


def report(program: Program, shapes: Sequence[tuple[int, ...]] | None = None) -> PlanReport:
    """What becomes of a program.

    Args:
        program: fetches, targets and feeds.
        shapes: the shapes of the feeds; None shows the function for all shapes.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> print(report(Program((tf.reduce_sum(tf.tanh(x) * 2.0, 1),), (), feeds=(x,)), [(3, 5)]))
    pass             operations  constants
    prune                0 -> 5          0
    order                5 -> 5          0
    fold_constants       5 -> 3          2
    skip_identities      3 -> 3          2
    merge_equal          3 -> 3          2
    drop_unused          3 -> 3          2
    open_blocks          3 -> 3          2
    settle_shapes        3 -> 3          2
    skip_identities      3 -> 3          2
    merge_equal          3 -> 3          2
    drop_unused          3 -> 3          2
    chain_images         3 -> 3          2
    fuse                 3 -> 3          2
    2 results in 64 bytes of buffers, 64 bytes saved
    <BLANKLINE>
    def run(f0):
        k3(f0, b2)
        k4(b2, c0, b2)
        v5 = k5(b2, (1,), k6, None, False)
        return (handed_over(v5),), ()
    """
    passes: list[Any] = list(PASSES)
    if shapes is not None:

        def settle(current: Program) -> Program:
            return settle_shapes(current, shapes)

        settle.__name__ = "settle_shapes"
        passes += [settle, skip_identities, merge_equal, drop_unused, chain_images, fuse]
    notes, current = [], program
    for one_pass in passes:
        improved = one_pass(current)
        notes.append(
            PassNote(one_pass.__name__, len(current.steps), len(improved.steps), len(improved.constants))
        )
        current = improved
    plan = Plan(program, State())
    fetches: tuple[Tensor | Operation, ...] = (*program.fetches, *program.targets)
    if shapes is None:
        return PlanReport(tuple(notes), plan.source, fetches=fetches)
    special = plan.specialised(shapes)
    arena = special.arena
    buffers = arena.allocated, arena.requested, len(special.static)
    return PlanReport(tuple(notes), special.source, *buffers, fetches)
