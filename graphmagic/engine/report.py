"""What a plan does, for people: what each pass changed, how much memory it needs, and its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from graphmagic.engine.footprint import size_of
from graphmagic.engine.passes import PASSES
from graphmagic.engine.plan import Plan
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import specialising
from graphmagic.engine.state import State
from graphmagic.graph.node import Operation, Tensor

__all__ = ["PassNote", "PlanReport", "report"]


@dataclass(frozen=True)
class PassNote:
    """What a pass changed.

    Attributes:
        name: the pass.
        before: how many operations there were, before the first pass in the whole graph.
        after: how many are left.
        constants: how many values are known after it.
        saved: by how many bytes there is less to compute and to keep; of values whose shape is known.
    """

    name: str
    before: int
    after: int
    constants: int
    saved: int = 0


@dataclass(frozen=True)
class PlanReport:
    """A plan, laid open; it displays itself as text, in a notebook with a picture of the graph: lit is what runs.

    Attributes:
        passes: what each pass changed, in order.
        source: the Python function that runs.
        arena_bytes: the memory of the plan's buffers; 0 if it is not specialised to shapes.
        requested_bytes: what the buffers would take if none was used twice.
        in_arena: how many results are in buffers.
        views: how many results may lie in the memory of others.
        fetches: the tensors and operations that it computes.
    """

    passes: tuple[PassNote, ...]
    source: str
    arena_bytes: int = 0
    requested_bytes: int = 0
    in_arena: int = 0
    views: int = 0
    fetches: tuple[Tensor | Operation, ...] = ()

    def __str__(self) -> str:
        width = max(len(note.name) for note in self.passes)
        lines = [f"{'pass':<{width}}  operations  constants  bytes saved"]
        lines += [
            f"{n.name:<{width}}  {f'{n.before} -> {n.after}':>10}  {n.constants:>9}  {n.saved:>11}"
            for n in self.passes
        ]
        if self.views:
            lines.append(f"{self.views} results in the memory of others")
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
    pass             operations  constants  bytes saved
    prune                6 -> 5          0            0
    order                5 -> 5          0            0
    fold_constants       5 -> 3          2            8
    skip_identities      3 -> 3          2            0
    merge_equal          3 -> 3          2            0
    drop_unused          3 -> 3          2            0
    open_blocks          3 -> 3          2            0
    settle_shapes        3 -> 3          2            0
    skip_identities      3 -> 3          2            0
    merge_equal          3 -> 3          2            0
    drop_unused          3 -> 3          2            0
    chain_images         3 -> 3          2            0
    narrow_products      3 -> 3          2            0
    fuse                 3 -> 3          2            0
    2 results in 64 bytes of buffers, 64 bytes saved
    <BLANKLINE>
    def run(f0):
        k3(f0, b2)
        k4(b2, c0, b2)
        v5 = k5(b2, (1,), k6, None, False)
        return (handed_over(v5),), ()
    """
    passes: list[tuple[str, Any]] = [(one_pass.__name__, one_pass) for one_pass in PASSES]
    if shapes is not None:
        passes += specialising(shapes).items()
    fetches: tuple[Tensor | Operation, ...] = (*program.fetches, *program.targets)
    stages = [replace(program, steps=tuple(fetches[0].graph.get_operations()) if fetches else ())]
    for _, one_pass in passes:
        stages.append(one_pass(stages[-1]))
    notes = _notes([name for name, _ in passes], stages)
    plan = Plan(program, State())
    if shapes is None:
        return PlanReport(notes, plan.source, fetches=fetches)
    special = plan.specialised(shapes)
    arena = special.arena
    views = [t for t, roots in special.lives.roots.items() if not roots <= {t}]
    buffers = arena.allocated, arena.requested, len(special.static), len(views)
    return PlanReport(notes, special.source, *buffers, fetches)


def _notes(names: Sequence[str], stages: Sequence[Program]) -> tuple[PassNote, ...]:
    """What each pass changed; the shapes that are known in the end count all the time."""
    last = stages[-1]
    sizes = [_computed(replace(stage, shapes=last.shapes, same=last.same)) for stage in stages]
    return tuple(
        PassNote(name, len(before.steps), len(after.steps), len(after.constants), size - left)
        for name, before, after, size, left in zip(names, stages, stages[1:], sizes, sizes[1:], strict=False)
    )


def _computed(program: Program) -> int:
    """The bytes of all values that a program computes."""
    computed = {t for op in program.steps if not op.opdef.view for t in op.outputs}
    return sum(size_of(program, t) for t in computed.difference(program.feeds))
