"""How operations become lines of a specialised plan: the table, and element-wise operations.

A lowering gets the plan being written and an operation, and either adds the lines that compute it and returns
True, or does nothing and returns False: then the operation's kernel is called.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.engine.lower_arrays import lower_matmul, lower_mean, lower_reduction, lower_view
from graphmagic.engine.lower_losses import lower_xent
from graphmagic.engine.lower_writes import lower_update
from graphmagic.graph.node import Operation, Tensor

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["LOWERINGS", "lower"]

Lowering = Callable[["Specialised", Operation], bool]

# Python's operators are the fastest way to compute with NumPy's scalars, 5 to 10 times as fast as ufuncs.
OPERATORS = {"Add": "+", "AddV2": "+", "Sub": "-", "Mul": "*", "RealDiv": "/"}
KEYWORD_OUT = frozenset({np.maximum, np.minimum})  # NumPy wants their third argument by name


def lower(plan: Specialised, op: Operation) -> bool:
    """Add the lines that compute an operation with what is known of its shapes; False if there is no better way."""
    lowering = LOWERINGS.get(op.type)
    if lowering is None:
        if isinstance(op.opdef.kernel_function, np.ufunc) and op.opdef.elementwise:
            lowering = lower_ufunc
        elif op.opdef.view:
            lowering = lower_view
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


def lower_ufunc(plan: Specialised, op: Operation) -> bool:
    """A ufunc writes its result into the arena, over one of its inputs where it may."""
    return _lower_ufunc(plan, op, op.opdef.kernel_function)


def _lower_ufunc(plan: Specialised, op: Operation, ufunc: Any) -> bool:
    result = op.outputs[0]
    shapes = [plan.shape(t) for t in op.inputs]
    if None in shapes or np.broadcast_shapes(*shapes) != plan.shape(result):  # type: ignore[arg-type]
        return False
    kinds = (*[t.dtype.base_dtype.numpy for t in op.inputs], None)
    if ufunc.nin != len(op.inputs) or ufunc.resolve_dtypes(kinds)[-1] != result.dtype.numpy:
        return False
    if plan.shape(result) == ():
        return _lower_scalar(plan, op, ufunc)
    arguments = ", ".join([plan.text(t) for t in op.inputs])
    if plan.is_private_result(result):
        plan.line(op, f"{plan.fresh(result)} = {plan.bind(ufunc)}({arguments})")
        return True
    plan.place(result, over=op.inputs, others=op.inputs)
    out = f"out={plan.text(result)}" if ufunc in KEYWORD_OUT else plan.text(result)
    plan.line(op, f"{plan.bind(ufunc)}({arguments}, {out})")
    return True


def _lower_scalar(plan: Specialised, op: Operation, ufunc: Any) -> bool:
    arguments = [plan.scalar(t) for t in op.inputs]
    operator = OPERATORS.get(op.type)
    if operator is not None and op.outputs[0].dtype.numpy.kind in "iuf":
        text = f" {operator} ".join(arguments)
    elif op.type == "Neg":
        text = f"-{arguments[0]}"
    elif op.type == "Square":
        text = f"{arguments[0]} * {arguments[0]}"
    else:
        text = f"{plan.bind(ufunc)}({', '.join(arguments)})"
    plan.line(op, f"{plan.computed_scalar(op.outputs[0])} = {text}")
    return True


# ----- element-wise operations of several ufuncs -----


def lower_chain(*steps: Callable[[np.dtype[Any]], tuple[Any, ...]]) -> Lowering:
    """The lowering of an operation that is ufuncs applied one after the other to its input.

    Args:
        *steps: of the element type, the ufunc and its second operand, if any.
    """

    def lowering(plan: Specialised, op: Operation) -> bool:
        value, result = op.inputs[0], op.outputs[0]
        shape = plan.shape(result)
        if shape == () or plan.shape(value) != shape or plan.is_private_result(result):
            return False
        current = plan.text(value)
        plan.place(result, over=[value], others=[value])
        out = plan.text(result)
        for step in steps:
            ufunc, *operands = step(result.dtype.numpy)
            arguments = ", ".join([current, *map(plan.bind, operands)])
            plan.line(op, f"{plan.bind(ufunc)}({arguments}, out={out})")
            current = out
        return True

    return lowering


def lower_relu_grad(plan: Specialised, op: Operation) -> bool:
    """The gradient where the features are positive: a comparison into scratch memory, and a product."""
    gradients, features = op.inputs
    result = op.outputs[0]
    shape, shapes = plan.shape(result), {plan.shape(gradients), plan.shape(features)}
    if shape == () or shapes != {shape} or plan.is_private_result(result):
        return False
    mask = plan.bind(plan.scratch(shape, np.dtype(bool)))  # type: ignore[arg-type]
    dy, x = plan.text(gradients), plan.text(features)
    plan.place(result, over=op.inputs, others=op.inputs)
    zero = plan.bind(np.zeros((), result.dtype.numpy))
    plan.line(op, f"{plan.bind(np.greater)}({x}, {zero}, {mask})")
    plan.line(op, f"{plan.bind(np.multiply)}({dy}, {mask}, {plan.text(result)})")
    return True


def lower_squared_difference(plan: Specialised, op: Operation) -> bool:
    """A difference, squared where it is."""
    result = op.outputs[0]
    if plan.shape(result) == () or plan.is_private_result(result) or not _lower_ufunc(plan, op, np.subtract):
        return False
    out = plan.text(result)
    plan.line(op, f"{plan.bind(np.square)}({out}, {out})")
    return True


def lower_cast(plan: Specialised, op: Operation) -> bool:
    """A conversion is an assignment to an array of the new type."""
    value, result = op.inputs[0], op.outputs[0]
    if plan.shape(result) in ((), None) or plan.shape(value) != plan.shape(result):
        return False
    if plan.is_private_result(result) or value.dtype.numpy.kind == "c":
        return False
    current = plan.text(value)
    plan.place(result)
    plan.line(op, f"{plan.bind(np.copyto)}({plan.text(result)}, {current}, 'unsafe')")
    return True


def lower_add_n(plan: Specialised, op: Operation) -> bool:
    """Sums go to one buffer, which must not be that of an operand still to come."""
    result, values = op.outputs[0], op.inputs
    shape = plan.shape(result)
    if shape == () or len(values) < 2 or plan.is_private_result(result):
        return False
    if any(plan.shape(t) != shape for t in values):
        return False
    texts = [plan.text(t) for t in values]
    plan.place(result, over=_not_among(values[:2], values[2:]), others=values)
    add, out = plan.bind(np.add), plan.text(result)
    plan.line(op, f"{add}({texts[0]}, {texts[1]}, {out})")
    for text in texts[2:]:
        plan.line(op, f"{add}({out}, {text}, {out})")
    return True


def _not_among(candidates: tuple[Tensor, ...], others: tuple[Tensor, ...]) -> list[Tensor]:
    return [] if others else list(candidates)


LOWERINGS: dict[str, Lowering] = {
    "Relu": lower_chain(lambda kind: (np.maximum, np.zeros((), kind))),
    "Sigmoid": lower_chain(
        lambda kind: (np.negative,),
        lambda kind: (np.exp,),
        lambda kind: (np.add, np.ones((), kind)),
        lambda kind: (np.reciprocal,),
    ),
    "ReluGrad": lower_relu_grad,
    "SquaredDifference": lower_squared_difference,
    "Cast": lower_cast,
    "AddN": lower_add_n,
    "MatMul": lower_matmul,
    "Sum": lower_reduction(np.add),
    "Max": lower_reduction(np.maximum),
    "Min": lower_reduction(np.minimum),
    "Mean": lower_mean,
    "Unbroadcast": lower_view,
    "SoftmaxCrossEntropyWithLogits": lower_xent,
    "AssignAdd": lower_update,
    "AssignSub": lower_update,
    "ApplyGradientDescent": lower_update,
}
