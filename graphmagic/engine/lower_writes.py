"""Lowerings of updates of variables: the new value goes to memory that the variable held two values ago.

An array that a variable holds is never changed, so a reader keeps what it read and an interrupt leaves whole values.
Still no memory is allocated in the long run: when nobody but the variable referred to the old array, it is spare.
"""

from __future__ import annotations

import math
from collections.abc import Set
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from graphmagic.aligned import aligned_empty
from graphmagic.engine.holders import is_spare
from graphmagic.engine.lifetimes import FOREVER, Lifetimes
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import variable_shape
from graphmagic.engine.state import variable_of
from graphmagic.graph.node import Operation, Tensor

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["UPDATES", "find_gifts", "is_recycling", "lower_update", "scaled", "take_spare"]

MIN_RECYCLED_BYTES = 1 << 15  # NumPy allocates smaller arrays faster than reference counts are looked at


UPDATES = frozenset({"AssignAdd", "AssignSub", "ApplyGradientDescent"})


def is_recycling(op: Operation, shape: tuple[int, ...] | None) -> bool:
    """Whether an update writes its result to memory that the variable held before."""
    if op.type not in UPDATES or not shape or 0 in shape or not can_recycle():
        return False
    kind = op.inputs[-1].dtype.numpy
    return kind.kind in "fiu" and math.prod(shape) * kind.itemsize >= MIN_RECYCLED_BYTES


def lower_update(plan: Specialised, op: Operation) -> bool:
    """``variable = variable + delta``, ``- delta`` or ``- alpha * delta``, as one step that others cannot divide."""
    ref, delta = op.inputs[0], op.inputs[-1]
    shape, kind = plan.shape(delta), delta.dtype.numpy
    if not shape or plan.variable_shape(ref) != shape or kind.kind not in "fiu" or 0 in shape:
        return False
    if is_recycling(op, shape):
        _recycle(plan, op)
        return True
    slot = f"variables[{variable_of(ref).id}]"
    ufunc = plan.bind(np.add if op.type == "AssignAdd" else np.subtract)
    change = plan.text(delta)
    if op.type == "ApplyGradientDescent":
        change = f"{plan.bind(np.multiply)}({change}, {plan.text(op.inputs[1])})"
    plan.line(op, f"with lock: {slot} = {plan.fresh_reference(op.outputs[0])}{ufunc}({slot}, {change})")
    return True


def find_gifts(program: Program, lives: Lifetimes, irregular: Set[int]) -> dict[Tensor, Operation]:
    """Changes that nothing but one update of a variable uses: its new value is computed where they are.

    Args:
        program: the program.
        lives: its `lifetimes`.
        irregular: numbers of variables that may have another shape than was declared.
    """
    uses: dict[Tensor, int] = {}
    for op in program.steps:
        for root in {r for t in op.inputs for r in lives.roots.get(program.source(t), ())}:
            uses[root] = uses.get(root, 0) + 1
    gifts = {}
    for op in program.steps:
        if not op.opdef.writes or not op.inputs:
            continue
        delta = program.source(op.inputs[-1])
        shape = program.shapes.get(delta)
        if not is_recycling(op, shape) or variable_shape(op.inputs[0], irregular) != shape:
            continue
        if uses.get(delta) == 1 and delta not in lives.escaping and lives.last[delta] != FOREVER:
            gifts[delta] = op
    return gifts


def take_spare(plan: Specialised, op: Operation, update: Operation) -> str:
    """Add a line, for `op`, that gives the next value of the variable that `update` changes its memory."""
    delta = update.inputs[-1]
    shape, kind = plan.shape(delta), delta.dtype.numpy
    assert shape is not None
    spare, make = plan.spare(update), plan.bind(partial(aligned_empty, shape, kind))
    new = f"n{update.id}"
    plan.line(op, f"{new} = {spare}.pop() if {spare} else {make}()")
    return new


def scaled(plan: Specialised, op: Operation, factor: Tensor, text: str) -> str:
    """The text of the second factor of a product, times the rate of the descent along that product, if that is less work.

    Args:
        op: the product, whose result has memory already.
        factor: its second factor.
        text: the text of that.
    """
    update, shape, whole = plan.gifts.get(op.outputs[0]), plan.shape(factor), plan.shape(op.outputs[0])
    if update is None or update.type != "ApplyGradientDescent" or shape is None or whole is None:
        return text
    rate = update.inputs[1]
    if (
        plan.constant(rate) is None
        or 4 * math.prod(shape) > math.prod(whole)
        or factor.dtype.numpy.char not in "fd"
    ):
        return text
    name = plan.bind(plan.scratch(shape, factor.dtype.numpy))
    plan.line(op, f"{plan.bind(np.multiply)}({text}, {plan.text(rate)}, {name})")
    plan.scaled.add(update)
    return name


def _recycle(plan: Specialised, op: Operation) -> None:
    slot, old = f"variables[{variable_of(op.inputs[0]).id}]", f"o{op.id}"
    ufunc = plan.bind(np.add if op.type == "AssignAdd" else np.subtract)
    change = plan.text(op.inputs[-1])
    new = change if op in plan.donated_to else take_spare(plan, op, op)
    if op.type == "ApplyGradientDescent" and op not in plan.scaled:
        plan.line(op, f"{plan.bind(np.multiply)}({change}, {plan.text(op.inputs[1])}, {new})")
        change = new
    result = plan.fresh_reference(op.outputs[0])
    plan.line(op, f"with lock: {old} = {slot}; {ufunc}({old}, {change}, {new}); {slot} = {result}{new}")
    plan.line(op, f"if {is_spare(plan, old)}: {plan.spare(op)}.append({old})")
    plan.line(op, f"del {old}, {new}")
