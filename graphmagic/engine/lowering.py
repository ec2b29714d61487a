"""How operations become lines of a specialised plan: the table, and element-wise operations.

A lowering gets the plan being written and an operation, and either adds the lines that compute it and returns
True, or does nothing and returns False: then the operation's kernel is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.engine.lower_arrays import lower_concat, lower_matmul, lower_mean, lower_reduction, lower_view
from graphmagic.engine.lower_chains import lower_chain
from graphmagic.engine.lower_fused import lower_fused
from graphmagic.engine.lower_losses import lower_xent
from graphmagic.engine.lower_prepared import lower_prepared
from graphmagic.engine.lower_rows import lower_rows
from graphmagic.engine.lower_steps import lower_step
from graphmagic.engine.lower_writes import lower_update
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.recipes import ALIKE, MASK, OUT, Call, call_text, overwritable, recipe
from graphmagic.graph.node import Operation

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["LOWERINGS", "lower"]

Lowering = Callable[["Specialised", Operation], bool]

# Python's operators are the fastest way to compute with NumPy's scalars, 5 to 10 times as fast as ufuncs.
OPERATORS = {"Add": "+", "AddV2": "+", "Sub": "-", "Mul": "*", "RealDiv": "/"}
OPERATORS |= {
    "Less": "<",
    "LessEqual": "<=",
    "Greater": ">",
    "GreaterEqual": ">=",
    "LogicalAnd": "&",
    "LogicalOr": "|",
}


def lower(plan: Specialised, op: Operation) -> bool:
    """Add the lines that compute an operation with what is known of its shapes; False if there is no better way."""
    lowering = LOWERINGS.get(op.type)
    if lowering is None:
        if op.opdef.elementwise:
            lowering = lower_recipe
        elif op.opdef.view:
            lowering = lower_view
        elif op.opdef.prepare_function is not None:
            lowering = lower_prepared
        elif op.opdef.step_function is not None:
            lowering = lower_step
        elif op.opdef.rows_function is not None and can_recycle():
            lowering = lower_rows
    return lowering is not None and _is_plain(plan, op) and lowering(plan, op)


def _is_plain(plan: Specialised, op: Operation) -> bool:
    """Whether all results are numbers of known shape, in arrays that are not empty."""
    for tensor in op.outputs:
        shape = plan.shape(tensor)
        if not tensor.dtype.is_ref_dtype and (shape is None or 0 in shape):
            return False
        if tensor.dtype.numpy.kind not in "biufc":
            return False
    return True


def lower_recipe(plan: Specialised, op: Operation) -> bool:
    """Calls that write into the arena, over one of the inputs where they may."""
    calls, result = recipe(op), op.outputs[0]
    shapes = [plan.shape(t) for t in op.inputs]
    if calls is None or None in shapes or (op.type in ALIKE and len(set(shapes)) > 1):
        return False
    if np.broadcast_shapes(*shapes) != plan.shape(result):  # type: ignore[arg-type]
        return False
    if plan.shape(result) == ():
        return (
            len(calls) == 1 and isinstance(calls[0].function, np.ufunc) and _lower_scalar(plan, op, calls[0])
        )
    names: dict[Any, str] = {index: plan.text(t) for index, t in enumerate(op.inputs)}
    if any(call.target == MASK for call in calls):
        names[MASK] = plan.bind(plan.scratch(plan.shape(result) or (), np.dtype(bool)))
    if not plan.is_private_result(result):
        over = overwritable(calls)
        needed = {names[i] for i in range(len(op.inputs)) if i not in over}
        candidates = [t for i, t in enumerate(op.inputs) if names[i] not in needed]
        plan.place(result, over=candidates, others=op.inputs)
        names[OUT] = plan.text(result)
    elif plan.is_pooled(result):
        names[OUT] = plan.target(op, result)
    elif calls[0].function is np.copyto:
        return False
    for call in calls:
        _add_call(plan, op, call, names)
    return True


def _add_call(plan: Specialised, op: Operation, call: Call, names: dict[Any, str]) -> None:
    function = plan.bind(call.function)
    operands = [names[o] if isinstance(o, (int, str)) else plan.bind(o) for o in call.operands]
    if call.target in names:
        plan.line(op, call_text(function, call, operands, names[call.target]))
    else:  # a result that the caller gets: the first call makes it
        names[OUT] = plan.fresh(op.outputs[0])
        plan.line(op, f"{names[OUT]} = {function}({', '.join(operands)})")


def _lower_scalar(plan: Specialised, op: Operation, call: Call) -> bool:
    arguments = [plan.scalar(op.inputs[o]) if isinstance(o, int) else plan.bind(o) for o in call.operands]
    operator = OPERATORS.get(op.type)
    if operator is not None and all(t.dtype.numpy.kind in "biuf" for t in op.inputs):
        text = f" {operator} ".join(arguments)
    elif op.type == "Neg":
        text = f"-{arguments[0]}"
    elif op.type == "Square":
        text = f"{arguments[0]} * {arguments[0]}"
    else:
        text = f"{plan.bind(call.function)}({', '.join(arguments)})"
    plan.line(op, f"{plan.computed_scalar(op.outputs[0])} = {text}")
    return True


LOWERINGS: dict[str, Lowering] = {
    "Fused": lower_fused,
    "Chain": lower_chain,
    "BiasAdd": lower_recipe,
    "MatMul": lower_matmul,
    "Sum": lower_reduction(np.add),
    "Max": lower_reduction(np.maximum),
    "Min": lower_reduction(np.minimum),
    "Mean": lower_mean,
    "ConcatV2": lower_concat,
    "Unbroadcast": lower_view,
    "SoftmaxCrossEntropyWithLogits": lower_xent,
    "AssignAdd": lower_update,
    "AssignSub": lower_update,
    "ApplyGradientDescent": lower_update,
}
