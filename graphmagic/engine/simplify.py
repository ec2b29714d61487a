"""Passes that find values which need no computation of their own: identities, and what is computed twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from graphmagic.engine.keywords import kernel_keywords
from graphmagic.engine.program import Program
from graphmagic.graph.node import Operation, Tensor

__all__ = ["has_effects", "merge_equal", "skip_identities"]

MAX_COMPARED_BYTES = 1024  # larger constants are rarely equal, and comparing them takes time

RENAMES = frozenset({"Identity", "Merge", "Exit"})  # they only give a value another name
ALWAYS_THE_SAME = RENAMES | {"StopGradient", "PreventGradient"}
SAME_IF_SHAPE_STAYS = frozenset({"Reshape", "Squeeze", "ExpandDims", "Unbroadcast"})
MAY_CHANGE_NOTHING = ALWAYS_THE_SAME | SAME_IF_SHAPE_STAYS | {"Cast", "Transpose", "BroadcastTo"}


def has_effects(op: Operation) -> bool:
    """Whether an operation does, or depends on, more than its inputs and attributes say.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> [has_effects(op) for op in (v.initializer, v.op, (v + 1.0).op)]
    [True, True, False]
    """
    if op.opdef.stateful or op.opdef.owns_blocks or "state" in op.opdef.kernel_attrs:
        return True
    return True in [tensor.dtype.stands_for_state for tensor in (*op.inputs, *op.outputs)]


def skip_identities(program: Program) -> Program:
    """Take the input for the output of operations that change nothing.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [2, 3])
    >>> same = tf.identity(x)
    >>> y = tf.square(tf.reshape(same, [2, 3]))
    >>> program = skip_identities(Program((y,), (), steps=(x.op, same.op, y.op.inputs[0].op, y.op)))
    >>> [op.type for op in program.steps], program.source(y.op.inputs[0]) is x
    (['Placeholder', 'Square'], True)
    """
    fed = set(program.feeds)
    steps: list[Operation] = []
    same = dict(program.same)
    current = replace(program, same=same)
    for op in program.steps:
        if op.opdef.name not in MAY_CHANGE_NOTHING:
            steps.append(op)
        elif len(op.outputs) == 1 and op.outputs[0] not in fed and _changes_nothing(op, current):
            same[op.outputs[0]] = current.source(op.inputs[0])
        else:
            steps.append(op)
    return replace(program, steps=tuple(steps), same=same)


def _changes_nothing(op: Operation, program: Program) -> bool:
    if op.control_inputs or not op.inputs or has_effects(op):
        return False
    value = op.inputs[0]
    if op.type in ALWAYS_THE_SAME:
        return True
    if op.type == "Cast":
        return value.dtype.base_dtype is op.outputs[0].dtype
    if op.type == "Transpose":
        order = program.constants.get(program.source(op.inputs[1]))
        if order is None or value.shape.ndims not in (None, order.size):
            return False
        settled = program.shape_of(value)
        is_as_long = value.shape.ndims is not None or (settled is not None and len(settled) == order.size)
        return is_as_long and np.array_equal(order, np.arange(order.size))
    if op.type == "BroadcastTo":
        target = program.constants.get(program.source(op.inputs[1]))
        return target is not None and program.shape_of(value) == tuple(target.tolist())
    if op.type in SAME_IF_SHAPE_STAYS:
        shape = program.shape_of(value)
        return shape is not None and shape == _shape_after(op, program)
    return False


def _shape_after(op: Operation, program: Program) -> tuple[int, ...] | None:
    """The shape of a result, without taking the word of a static shape that a constant could contradict."""
    return program.shapes.get(op.outputs[0]) if program.shapes else program.shape_of(op.outputs[0])


def merge_equal(program: Program) -> Program:
    """Compute only once what several operations compute alike, and keep only one of equal constants.

    Operations with effects, those that read variables, and those that wait for others are left alone.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> one, two = tf.square(x), tf.square(x)
    >>> merged = merge_equal(Program((one, two), (), feeds=(x,), steps=(one.op, two.op)))
    >>> [op.name for op in merged.steps], merged.source(two) is one
    (['Square'], True)
    """
    fed = set(program.feeds)
    same = _same_constants(program)
    first: dict[Any, Operation] = {}
    steps: list[Operation] = []
    for op in program.steps:
        key = None if not fed.isdisjoint(op.outputs) else _key(op, same)
        earlier = op if key is None else first.setdefault(key, op)
        if earlier is op:
            steps.append(op)
        else:
            same.update(zip(op.outputs, earlier.outputs, strict=True))
    resolved = {t: same.get(source, source) for t, source in same.items()}
    return replace(program, steps=tuple(steps), same=resolved)


def _same_constants(program: Program) -> dict[Tensor, Tensor]:
    first: dict[Any, Tensor] = {}
    same = dict(program.same)
    for tensor, value in program.constants.items():
        if value.dtype.kind in "biufc" and value.nbytes <= MAX_COMPARED_BYTES:
            key = value.dtype, value.shape, value.tobytes()
            earlier = first.setdefault(key, tensor)
            if earlier is not tensor:
                same[tensor] = earlier
    return {t: same.get(source, source) for t, source in same.items()}


def _key(op: Operation, same: Mapping[Tensor, Tensor]) -> Any:
    """What equal operations have in common, None for one that must not be merged."""
    if not op.outputs or op.control_inputs or has_effects(op) or "op" in op.opdef.kernel_attrs:
        return None
    keywords = tuple(sorted(kernel_keywords(op).items())) if op.opdef.kernel_attrs else ()
    inputs, types = [same.get(t, t) for t in op.inputs], [t.dtype.name for t in op.outputs]
    key = op.opdef, *inputs, keywords, *types
    try:
        hash(key)
    except TypeError:
        return None
    return key
