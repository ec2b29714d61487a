"""The passes: pure functions from a `Program` to a better one with the same results."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from graphmagic.dtypes import resource, variant
from graphmagic.engine.blocks import block_opener
from graphmagic.engine.keywords import kernel_keywords
from graphmagic.engine.program import Program
from graphmagic.engine.simplify import has_effects, merge_equal, skip_identities
from graphmagic.graph.block import writes
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor

__all__ = ["PASSES", "drop_unused", "fold_constants", "improve", "kernel_keywords", "order", "prune"]

MAX_FOLDED_ELEMENTS = 1 << 20  # a folded value lives as long as its plan; larger ones are computed anew


def prune(program: Program) -> Program:
    """Keep only the operations that the fetches and targets need, given the feeds.

    >>> import graphmagic as tf
    >>> a, b = tf.constant(1, name="a"), tf.constant(2, name="b")
    >>> total = tf.add(a, a, name="total")
    >>> prune(Program(fetches=(total,), targets=())).steps == (a.op, total.op)
    True
    >>> prune(Program(fetches=(total,), targets=(), feeds=(total,))).steps
    ()
    """
    fed = set(program.feeds)
    needed: set[Operation] = set()
    stack = [t.op for t in program.fetches if t not in fed] + list(program.targets)
    while stack:
        op = stack.pop()
        if op not in needed:
            needed.add(op)
            stack += [t.op for t in op.inputs if t not in fed and t.op.block is op.block]
            stack += [c for c in op.control_inputs if c.block is op.block and not _is_fed_placeholder(c, fed)]
    return replace(program, steps=tuple(sorted(needed, key=lambda o: o.id)))


def _is_fed_placeholder(op: Operation, fed: set[Tensor]) -> bool:
    """Whether there is nothing to wait for: feeding a placeholder stands for running it."""
    return op.type == "Placeholder" and op.outputs[0] in fed


def order(program: Program) -> Program:
    """Put the operations in an order that respects inputs and control inputs, the same in every run.

    Among the operations that are ready, the one created first goes first; operations that write variables wait until
    nothing else is ready, so that what does not wait for a write sees the value from before it.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0, name="v")
    >>> change, later = v.assign_add(1.0, name="change"), tf.identity(v, name="later")
    >>> [op.name for op in order(prune(Program((later,), (change.op,)))).steps][-2:]
    ['later', 'change']
    """
    fed, members = set(program.feeds), set(program.steps)
    if _is_ordered(program):
        return program
    waiting: dict[Operation, int] = {}
    followers: dict[Operation, list[Operation]] = {op: [] for op in program.steps}
    for op in program.steps:
        before = {t.op for t in op.inputs if t not in fed} | set(op.control_inputs)
        before &= members
        waiting[op] = len(before)
        for earlier in before:
            followers[earlier].append(op)
    ready = [(writes(op), op.id, op) for op in program.steps if not waiting[op]]
    heapq.heapify(ready)
    steps: list[Operation] = []
    while ready:
        op = heapq.heappop(ready)[2]
        steps.append(op)
        for later in followers[op]:
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, (writes(later), later.id, later))
    return replace(program, steps=tuple(steps))


def _is_ordered(program: Program) -> bool:
    """Whether the operations are in that order already, as they are if none writes and all come as they were created."""
    before = -1
    for op in program.steps:
        number = op.id
        if op.opdef.writes or op.opdef.owns_blocks or number < before:
            return False
        for tensor in op.inputs:
            if tensor.op.id > number:
                return False
        for earlier in op.control_inputs:
            if earlier.id > number:
                return False
        before = number
    return True


def fold_constants(program: Program) -> Program:
    """Compute now what is the same in every run.

    >>> import graphmagic as tf
    >>> y = tf.constant(2.0) * 3.0 + tf.placeholder(tf.float32)
    >>> folded = fold_constants(order(prune(Program((y,), ()))))
    >>> [op.type for op in folded.steps], [float(v) for v in folded.constants.values()][-1]
    (['Placeholder', 'Add'], 6.0)
    """
    fed = set(program.feeds)
    constants: dict[Tensor, Any] = dict(program.constants)
    current = replace(program, constants=constants)
    steps: list[Operation] = []
    for op in program.steps:
        values = None if not fed.isdisjoint(op.outputs) else folded(op, current)
        if values is None:
            steps.append(op)
        else:
            constants.update(zip(op.outputs, values, strict=True))
    return replace(program, steps=tuple(steps), constants=constants)


def folded(op: Operation, program: Program) -> list[Any] | None:
    """The values of an operation's outputs if they are the same in every run, else None."""
    constants, same = program.constants, program.same
    inputs = [same.get(t, t) for t in op.inputs]
    for tensor in inputs:
        if tensor not in constants:
            return None
    if op.opdef.stateful or op.control_inputs or not op.outputs or op.opdef.kernel_function is None:
        return None
    if any(t.dtype.base_dtype in (resource, variant) for t in op.outputs):
        return None
    if "state" in op.opdef.kernel_attrs:
        return None
    if any((t.shape.num_elements() or 0) > MAX_FOLDED_ELEMENTS for t in op.outputs):
        return None
    keywords = kernel_keywords(op)
    try:
        with np.errstate(all="ignore"):
            result = op.opdef.kernel_function(
                *group_by_argument(op, [constants[t] for t in inputs]), **keywords
            )
    except Exception:
        return None
    results = list(result) if isinstance(result, (tuple, list)) else [result]
    return (
        None if any(np.size(r) > MAX_FOLDED_ELEMENTS for r in results) else [np.asarray(r) for r in results]
    )


def drop_unused(program: Program) -> Program:
    """Drop operations and constants that nothing uses any more, after others have been computed away.

    >>> import graphmagic as tf
    >>> y = tf.constant(2.0) * 3.0
    >>> folded = fold_constants(order(prune(Program((y,), ()))))
    >>> len(folded.constants), len(drop_unused(folded).constants)
    (3, 1)
    """
    fed, members = set(program.feeds), set(program.steps)
    seen: set[Operation] = set()
    is_special = bool(program.shapes)
    roots = (*program.fetches, *program.watches) if is_special else program.fetches
    used: set[Tensor] = {program.source(t) for t in roots}
    stack = [t.op for t in used if t not in fed] + list(program.targets)
    if is_special:  # a value may be unused since only its shape matters, but not so its effects
        stack += [op for op in program.steps if has_effects(op)]
    while stack:
        op = stack.pop()
        if op in seen or any(t in program.constants for t in op.outputs):
            continue
        seen.add(op)
        inputs = [t for t in map(program.source, op.inputs) if t not in fed]
        if op in members:
            used.update(map(program.source, op.inputs))
        stack += [t.op for t in inputs]
        stack += op.control_inputs
    kept = used.union(map(program.source, program.watches))
    constants = {t: v for t, v in program.constants.items() if t in kept}
    return replace(program, steps=tuple(op for op in program.steps if op in seen), constants=constants)


def improve(program: Program, passes: Iterable[Any] | None = None) -> Program:
    """Apply passes one after the other, all of them if none are named."""
    return reduce(lambda current, one_pass: one_pass(current), PASSES if passes is None else passes, program)


open_blocks = block_opener(improve)
PASSES = (prune, order, fold_constants, skip_identities, merge_equal, drop_unused, open_blocks)
