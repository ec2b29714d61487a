"""Branches and loops as Python's own ``if`` and ``while`` in the function of a plan.

The function for ``tf.while_loop(lambda i: i < n, lambda i: i + 2, [0])`` reads::

    def run(f0):
        v1 = c0
        while True:
            v1_2 = v1 < f0
            if not v1_2: break
            v2_2 = v1 + c3
            v1 = v2_2
        return (handed_over(v1),), ()
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic import errors
from graphmagic.engine.passes import improve
from graphmagic.engine.program import Inner, Program
from graphmagic.graph.block import Block
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor
from graphmagic.shapes import TensorShape

if TYPE_CHECKING:
    from graphmagic.engine.emit import Emitted

__all__ = ["emit_control", "emit_functions", "mismatch", "truth"]

# Python has a limit of 20 loops in each other, and 100 levels of indentation.
MAX_DEPTH = 12


def emit_control(plan: Emitted, op: Operation, inner: Inner) -> None:
    """Write a branch or a loop."""
    names = [plan.variable(op.outputs[i]) for i in inner.kept]
    outside = {t: plan.passed(t) for t in _captures(op, inner)}
    if op.type == "If":
        _emit_branch(plan, op, inner, names, outside)
    elif (failure := mismatch(op, inner.kept)) is not None:
        plan.line(op, f"{''.join([f'{name}, ' for name in names])}= {plan.bind(failure)}()")
    else:
        _emit_loop(plan, op, inner, names, outside)
    plan.note_results([op.outputs[i] for i in inner.kept])


def _captures(op: Operation, inner: Inner) -> list[Tensor]:
    """What the blocks use from outside."""
    first = len(inner.kept) if op.type == "While" else 0
    return list(dict.fromkeys(t for program in inner.programs for t in program.feeds[first:]))


def _emit_branch(
    plan: Emitted, op: Operation, inner: Inner, names: list[str], outside: dict[Tensor, str]
) -> None:
    predicate = plan.passed(op.inputs[0])
    plan.line(op, f"if {predicate if plan.is_single(op.inputs[0]) else f'{plan.bind(truth)}({predicate})'}:")
    for keyword, program in zip(("", "else:"), inner.programs, strict=True):
        if keyword:
            plan.line(op, keyword)
        with plan.sheet.indented():
            before = len(plan.sheet.lines)
            _assign(plan, op, names, _part(plan, op, program, outside))
            if len(plan.sheet.lines) == before:
                plan.line(op, "pass")


def _emit_loop(
    plan: Emitted, op: Operation, inner: Inner, names: list[str], outside: dict[Tensor, str]
) -> None:
    _assign(plan, op, names, [plan.passed(op.inputs[i], op.outputs[i]) for i in inner.kept])
    test, body = inner.programs
    plan.line(op, "while True:")
    with plan.sheet.indented():
        [go_on] = _part(plan, op, test, {**outside, **dict(zip(test.feeds, names, strict=False))})
        plan.line(op, f"if not {go_on}: break")
        results = _part(plan, op, body, {**outside, **dict(zip(body.feeds, names, strict=False))})
        _assign(plan, op, names, results)


def _part(plan: Emitted, op: Operation, program: Program, given: Mapping[Tensor, str]) -> list[str]:
    """Write a part of a branch or a loop.

    Returns:
        The texts of its results.
    """
    if plan.sheet.depth <= MAX_DEPTH:
        return plan.written(program, given).results
    names = [plan.sheet.variable() for _ in program.fetches]
    arguments = ", ".join([given[t] for t in program.feeds])
    call = f"{plan.bind(plan.called(program).function)}({arguments})"
    plan.line(op, f"{', '.join(names)}{', = ' if names else ''}{call}")
    return names


def _assign(plan: Emitted, op: Operation, names: Sequence[str], values: Sequence[str]) -> None:
    """All at once, since a value may be another variable."""
    pairs = [(name, value) for name, value in zip(names, values, strict=True) if name not in (value, "_")]
    if pairs:
        plan.line(op, f"{', '.join([n for n, _ in pairs])} = {', '.join([v for _, v in pairs])}")


def truth(predicate: Any) -> Any:
    """A predicate, which must be a single value."""
    if np.ndim(predicate):
        shape = TensorShape(np.shape(predicate)).bracketed()
        raise errors.InvalidArgumentError(
            None, None, f"The second input must be a scalar, but it has shape {shape}"
        )
    return predicate


def mismatch(op: Operation, kept: Sequence[int]) -> Callable[[], Any] | None:
    """What fails if the body does not give a variable its type; TensorFlow 1 notices as late."""
    scope = op.name.rpartition("/")[0]
    for i in kept:
        wanted, found = op.outputs[i].dtype.base_dtype, op.attrs["body"].outputs[i].dtype.base_dtype
        if wanted is not found:
            suffix = f"_{i}" if i else ""
            text = (
                f"Input 1 of node {scope}/Merge{suffix} was passed {_type_name(found.name)} from "
                f"{scope}/NextIteration{suffix}:0 incompatible with expected {_type_name(wanted.name)}."
            )

            def fail(text: str = text) -> Any:
                raise errors.InvalidArgumentError(None, None, text)

            return fail
    return None


def _type_name(name: str) -> str:
    return {"float32": "float", "float64": "double", "float16": "half"}.get(name, name)


def emit_functions(plan: Emitted, op: Operation) -> None:
    """Write a call of an operation that keeps its blocks as functions, to call them for as long as it lives."""
    assert op.opdef.compile_function is not None
    captures: list[Tensor] = group_by_argument(op, list(op.inputs))[-1]
    known = {t: value for t in captures if (value := plan.constant(t)) is not None}
    given = [t for t in captures if t not in known and not t.dtype.is_ref_dtype]

    def compile_block(block: Block, outputs: Sequence[Tensor], parameters: Sequence[Tensor] = ()) -> Any:
        program = Program(tuple(outputs), (), (*parameters, *given), constants=known)
        return plan.function_of(improve(program)).function

    live = [i for i, t in enumerate(op.outputs) if plan.is_wanted(t)]
    inputs, outputs, kernel = op.opdef.compile_function(op, live, compile_block)
    arguments = ", ".join([plan.text(t) for t in (*inputs, *given)])
    results = "".join([f"{plan.result(t)}, " for t in outputs])
    plan.line(op, f"{results + '= ' if results else ''}{plan.bind(kernel)}({arguments})")
    plan.note_results(outputs)
