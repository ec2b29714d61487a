"""The passes: pure functions from a `Program` to a better one with the same results."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import replace
from functools import reduce
from typing import Any

import numpy as np

from graphmagic.engine.program import Program
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
            stack += [t.op for t in op.inputs if t not in fed]
            stack += op.control_inputs
    return replace(program, steps=tuple(sorted(needed, key=lambda o: o.id)))


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
    waiting: dict[Operation, int] = {}
    followers: dict[Operation, list[Operation]] = {op: [] for op in program.steps}
    for op in program.steps:
        before = {t.op for t in op.inputs if t not in fed} | set(op.control_inputs)
        before &= members
        waiting[op] = len(before)
        for earlier in before:
            followers[earlier].append(op)
    ready = [(op.opdef.writes, op.id, op) for op in program.steps if not waiting[op]]
    heapq.heapify(ready)
    steps: list[Operation] = []
    while ready:
        op = heapq.heappop(ready)[2]
        steps.append(op)
        for later in followers[op]:
            waiting[later] -= 1
            if not waiting[later]:
                heapq.heappush(ready, (later.opdef.writes, later.id, later))
    return replace(program, steps=tuple(steps))


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
    steps: list[Operation] = []
    for op in program.steps:
        values = None if fed.intersection(op.outputs) else _folded(op, constants, fed)
        if values is None:
            steps.append(op)
        else:
            constants.update(zip(op.outputs, values, strict=True))
    return replace(program, steps=tuple(steps), constants=constants)


def _folded(op: Operation, constants: dict[Tensor, Any], fed: set[Tensor]) -> list[Any] | None:
    if op.opdef.stateful or op.control_inputs or not op.outputs or op.opdef.kernel_function is None:
        return None
    if any(t in fed or t not in constants for t in op.inputs) or "state" in op.opdef.kernel_attrs:
        return None
    if any((t.shape.num_elements() or 0) > MAX_FOLDED_ELEMENTS for t in op.outputs):
        return None
    keywords = kernel_keywords(op)
    try:
        with np.errstate(all="ignore"):
            result = op.opdef.kernel_function(
                *group_by_argument(op, [constants[t] for t in op.inputs]), **keywords
            )
    except Exception:
        return None
    results = list(result) if isinstance(result, tuple) else [result]
    return (
        None if any(np.size(r) > MAX_FOLDED_ELEMENTS for r in results) else [np.asarray(r) for r in results]
    )


def kernel_keywords(op: Operation, state: Any = None) -> dict[str, Any]:
    """The keyword arguments of an operation's kernel."""
    special = {"op": op, "state": state}
    found: dict[str, Any] = {}
    for key in op.opdef.kernel_attrs:
        if key in special:
            found[key] = special[key]
        else:
            found[key] = op.outputs[0].dtype.numpy if key == "dtype" else op.attrs.get(key)
    return found


def drop_unused(program: Program) -> Program:
    """Drop operations and constants that nothing uses any more, after others have been computed away.

    >>> import graphmagic as tf
    >>> y = tf.constant(2.0) * 3.0
    >>> folded = fold_constants(order(prune(Program((y,), ()))))
    >>> len(folded.constants), len(drop_unused(folded).constants)
    (3, 1)
    """
    fed, members = set(program.feeds), set(program.steps)
    needed: set[Operation] = set()
    used: set[Tensor] = set(program.fetches)
    stack = [t.op for t in program.fetches if t not in fed] + list(program.targets)
    while stack:
        op = stack.pop()
        if op in needed or op not in members:
            continue
        needed.add(op)
        used.update(op.inputs)
        stack += [t.op for t in op.inputs if t not in fed]
        stack += op.control_inputs
    constants = {t: v for t, v in program.constants.items() if t in used or t in program.watches}
    return replace(program, steps=tuple(op for op in program.steps if op in needed), constants=constants)


PASSES = (prune, order, fold_constants, drop_unused)


def improve(program: Program, passes: Iterable[Any] = PASSES) -> Program:
    """Apply passes one after the other."""
    return reduce(lambda current, one_pass: one_pass(current), passes, program)
