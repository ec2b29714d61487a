"""The pass that opens branches and loops: what they run becomes programs, improved like the program around them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from graphmagic.dtypes import variant
from graphmagic.engine.program import Inner, Program
from graphmagic.graph.block import Block
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor

__all__ = ["block_opener", "opened"]


def block_opener(improve: Callable[[Program], Program]) -> Callable[[Program], Program]:
    """The pass, given the passes that the insides go through.

    >>> import graphmagic as tf
    >>> from graphmagic.engine.passes import PASSES, improve
    >>> x = tf.placeholder(tf.float32)
    >>> _, y = tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, y * x), [0, x])
    >>> [inner] = improve(Program((y,), (), feeds=(x,))).inner.values()
    >>> [[op.type for op in program.steps] for program in inner.programs]
    [['Less'], ['Add', 'Mul']]
    """

    def open_blocks(program: Program) -> Program:
        owners = [op for op in program.steps if op.type in ("If", "While")]
        if not owners:
            return program
        used = program.used()
        inner = {op: opened(op, program, used, improve) for op in owners}
        return replace(program, inner=inner)

    return open_blocks


def opened(
    op: Operation, program: Program, used: set[Tensor], improve: Callable[[Program], Program]
) -> Inner:
    """What a branch or a loop runs.

    Args:
        op: the operation.
        program: the program that it is in, of which the constants count.
        used: the tensors that are needed of what the program computes.
        improve: the passes for what is inside.
    """
    waited_for = _waited_for(op, program)
    live = [i for i, t in enumerate(op.outputs) if t in used | waited_for and t not in program.feeds]
    captures: list[Tensor] = group_by_argument(op, list(op.inputs))[-1]
    sources = {t: program.source(t) for t in captures}
    known = {t: program.constants[s] for t, s in sources.items() if s in program.constants}
    given = [t for t in sources if t not in known and not t.dtype.is_ref_dtype]

    def part(outputs: Iterable[Tensor], parameters: Sequence[Tensor] = ()) -> Program:
        return improve(Program(tuple(outputs), (), feeds=(*parameters, *given), constants=known))

    if op.type == "If":
        branches = op.attrs["then_branch"], op.attrs["else_branch"]
        return Inner(tuple([part([b.outputs[i] for i in live]) for b in branches]), tuple(live))
    condition, body = op.attrs["cond"], op.attrs["body"]
    kept = _needed_variables(condition, body, live)
    test = part(condition.outputs, [condition.parameters[i] for i in kept])
    step = part([body.outputs[i] for i in kept], [body.parameters[i] for i in kept])
    return Inner((test, step), tuple(kept))


def _waited_for(op: Operation, program: Program) -> set[Tensor]:
    """The results of a branch or a loop that other operations wait for: what they need is run for its effects."""
    waited = {c for step in (*program.steps, *program.targets) for c in step.control_inputs} | set(
        program.targets
    )
    own = [t for t in op.outputs if t.dtype is not variant]
    if op in waited:
        return set(own)
    return {
        t
        for t in own
        if any(named in waited for named in op.graph.consumers(t) if named.type in ("Merge", "Exit"))
    }


def _needed_variables(condition: Block, body: Block, live: Sequence[int]) -> list[int]:
    """The loop variables that matter for some of the results, and for how long the loop goes on."""
    wanted = set(live) | _used_parameters(condition, condition.outputs)
    waiting = list(wanted)
    while waiting:
        more = _used_parameters(body, [body.outputs[waiting.pop()]]) - wanted
        wanted |= more
        waiting += more
    return sorted(wanted)


def _used_parameters(block: Block, outputs: Sequence[Tensor]) -> set[int]:
    """The positions of the parameters that some tensors of a block depend on."""
    position = {t.op: i for i, t in enumerate(block.parameters)}
    done: set[Operation] = set()
    stack = [t.op for t in outputs if t.op.block is block]
    while stack:
        op = stack.pop()
        if op not in done:
            done.add(op)
            stack += [t.op for t in op.inputs if t.op.block is block]
            stack += [c for c in op.control_inputs if c.block is block]
    return {position[op] for op in done if op in position}
