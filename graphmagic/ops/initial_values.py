"""What variables begin with."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.apply import infer_shapes
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph, GraphKeys
from graphmagic.graph.node import Operation, Tensor

__all__ = ["guarded", "initial_tensor"]


def initial_tensor(graph: Graph, initial_value: Any, dtype: DType | None) -> Tensor:
    try:
        if callable(initial_value):
            with graph.name_scope("Initializer"):
                return convert_to_tensor(initial_value(), dtype, name="initial_value")
        return convert_to_tensor(initial_value, dtype, name="initial_value")
    except ValueError as error:
        if "Tensor conversion requested" in str(error):
            raise ValueError(f"initial_value: {error}") from None
        raise


def guarded(value: Tensor) -> Tensor:
    """`value` with reads of other variables replaced by their `initialized_value`.

    So ``tf.Variable(other * 2)`` works in one run of all initializers, as it does since TensorFlow 1.3.
    """
    if not value.op.inputs:
        return value
    variables = {v.op: v for v in value.graph.get_collection(GraphKeys.GLOBAL_VARIABLES)}
    replaced: dict[Operation, list[Tensor]] = {}
    stack = [value.op]
    while stack:
        op = stack[-1]
        missing = [t.op for t in op.inputs if t.op not in replaced]
        if op in replaced or missing:
            stack += missing
            if op in replaced:
                stack.pop()
            continue
        replaced[op] = _without_reads(op, variables, replaced)
        stack.pop()
    return replaced[value.op][value.value_index]


def _without_reads(
    op: Operation, variables: dict[Operation, Any], replaced: dict[Operation, list[Tensor]]
) -> list[Tensor]:
    source = op.inputs[0].op if op.type == "Identity" else None
    if source in variables and not op.control_inputs:
        return [variables[source].initialized_value()]
    inputs = [replaced[t.op][t.value_index] for t in op.inputs]
    if all(a is b for a, b in zip(inputs, op.inputs, strict=True)) or op.opdef.ref_inputs:
        return op.outputs
    types = [t.dtype for t in op.outputs]
    grouped = group_by_argument(op, inputs)
    return op.graph.create_op(op.opdef, grouped, types, dict(op.attrs), op.type, infer_shapes).outputs
