"""Who shares memory with whom in a program, and how long each piece of memory is needed."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

from graphmagic.engine.program import Program
from graphmagic.engine.simplify import has_effects
from graphmagic.graph.node import Operation, Tensor

__all__ = ["FOREVER", "Lifetimes", "last_uses", "lifetimes"]

FOREVER = 1 << 60


@dataclass(frozen=True)
class Lifetimes:
    """What is known about the memory of the values of a program.

    A *root* is a tensor that may own memory; others may be views of it.

    Attributes:
        roots: for each tensor, the roots whose memory it may lie in.
        last: for each root, the position of the last step that needs its memory.
        escaping: roots whose memory may be kept by someone when the run is over.
    """

    roots: Mapping[Tensor, frozenset[Tensor]]
    last: Mapping[Tensor, int]
    escaping: Set[Tensor]

    def dying(self) -> dict[int, list[Tensor]]:
        """For each position, the roots whose memory the step there is the last to need."""
        found: dict[int, list[Tensor]] = {}
        for root, position in self.last.items():
            if position != FOREVER:
                found.setdefault(position, []).append(root)
        return found


def lifetimes(program: Program, follow_views: bool = True, hand_over_views: bool = False) -> Lifetimes:
    """Find out what shares memory with what, and until when it is needed.

    Args:
        program: the program.
        follow_views: False forgets that views keep memory in use, which is wrong, as tests show.
        hand_over_views: whether fetches are returned as they are, even if they are views of something.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [2, 3])
    >>> y = tf.square(x)
    >>> z = tf.transpose(y)
    >>> found = lifetimes(Program((z,), (), feeds=(x,), steps=(y.op, z.op)))
    >>> y in found.roots[z], found.last[y] == FOREVER
    (True, True)
    """
    source = program.source
    roots: dict[Tensor, frozenset[Tensor]] = {t: frozenset([t]) for t in (*program.feeds, *program.constants)}
    last: dict[Tensor, int] = {}
    escaping: set[Tensor] = set()
    for position, op in enumerate(program.steps):
        used = [root for t in op.inputs for root in roots.get(source(t), ())]
        last.update(dict.fromkeys(used, position))
        if has_effects(op) and not op.opdef.writes:
            escaping.update(used)
        shared = frozenset(used) if follow_views and may_share(op) else frozenset()
        for tensor in op.outputs:
            roots.setdefault(tensor, shared | {tensor})
            last.setdefault(tensor, position)
    for tensor in map(source, (*program.fetches, *program.watches)):
        last.update(dict.fromkeys(roots.get(tensor, ()), FOREVER))
    escaping.update(map(source, program.fetches))
    if hand_over_views:
        escaping.update(root for t in map(source, program.fetches) for root in roots.get(t, ()))
    return Lifetimes(roots, last, escaping)


def may_share(op: Operation) -> bool:
    """Whether the results of an operation may lie in the memory of its inputs."""
    return op.opdef.view or has_effects(op)


def last_uses(program: Program) -> dict[Tensor, int]:
    """For each tensor that is not needed after the last step, the position of the last one that needs it.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> y = tf.square(x)
    >>> z = tf.sqrt(y)
    >>> last_uses(Program((z,), (), feeds=(x,), steps=(y.op, z.op))) == {y: 1}
    True
    """
    same = program.same
    last: dict[Tensor, int] = {}
    for position, op in enumerate(program.steps):
        for tensor in op.inputs:
            last[same.get(tensor, tensor)] = position
        for tensor in op.outputs:
            last[same.get(tensor, tensor)] = position
    for tensor in (*map(program.source, (*program.fetches, *program.watches)), *program.feeds):
        last.pop(tensor, None)
    return last
