"""The lines of operations that write variables, whatever the shapes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphmagic.engine.state import variable_of
from graphmagic.graph.node import Operation

if TYPE_CHECKING:
    from graphmagic.engine.emit import Emitted

__all__ = ["emit_write"]


def emit_write(plan: Emitted, op: Operation) -> None:
    """Write the line that stores another array as a variable's value; what is stored nobody else can change."""
    refs = [t for t, arg in zip(op.inputs, op.opdef.inputs, strict=True) if arg.is_ref]
    slots = [f"variables[{variable_of(ref).id}]" for ref in refs]
    slot = slots[0]
    values = [plan.text(t) for t in op.inputs[len(slots) :]]
    result = plan.result(op.outputs[0])
    kernel = plan.kernel(op)
    if op.type == "Assign":
        fits = _fits_for_sure(plan, op)
        if not fits and not op.attrs["validate_shape"]:
            plan.note_irregular(variable_of(op.inputs[0]))
        new = values[0] if fits else f"{kernel}(None, {values[0]})"
        keep = new if plan.is_private(op.inputs[1]) else f"stored({new})"
        plan.line(op, f"with lock: {slot} = {result} = {keep}")
    elif not op.outputs[0].dtype.is_ref_dtype:  # its result is the value from before the write
        plan.line(op, f"with lock: {result} = {slot}; {slot} = {kernel}({', '.join([result, *values])})")
    else:
        call = f"{kernel}({', '.join([*slots, *values])})"
        if len(slots) == 1:
            plan.line(op, f"with lock: {slot} = {result} = {call}")
        else:
            plan.line(op, f"with lock: {', '.join(slots)} = {call}; {result} = {slot}")
    plan.note_held(op.outputs[0])
    if op.type == "Assign" and plan.is_private(op.inputs[1]):
        plan.note_held(op.inputs[1])


def _fits_for_sure(plan: Emitted, op: Operation) -> bool:
    ref, value = op.inputs
    return ref.shape.is_fully_defined() and value.shape == ref.shape and not plan.is_given(value)
