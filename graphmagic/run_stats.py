"""What a traced run tells as TensorFlow's messages: `tf.RunMetadata` with its statistics of steps and nodes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from graphmagic.dtypes import as_dtype
from graphmagic.graph.node import Operation
from graphmagic.noted import Noted
from graphmagic.tracing import Step

__all__ = ["fill_step_stats"]

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"
MICRO = 1_000_000
NANO = 1_000_000_000


def fill_step_stats(step_stats: Any, steps: Sequence[Step]) -> None:
    """Write the steps of a run into a ``StepStats`` message.

    Args:
        step_stats: the message, as TensorFlow fills it: one device, and for each execution of an operation a node.
        steps: what was executed.
    """
    device = step_stats.dev_stats.add(device=DEVICE)
    began = time.time() - sum(step.seconds for step in steps if not step.note)
    fed = {step.op: f"_arg_{step.name}_0_{number}" for number, step in enumerate(steps) if step.was_fed}
    for step in sorted(steps, key=lambda step: step.started):
        _fill_node(device.node_stats.add(), step, began, fed)


def _fill_node(node: Any, step: Step, began: float, fed: dict[Operation, str]) -> None:
    start, taken = began + step.started, step.seconds
    node.node_name = fed.get(step.op, step.name)
    node.timeline_label = _label(step, fed)
    node.all_start_micros = node.scheduled_micros = int(start * MICRO)
    node.all_start_nanos = node.scheduled_nanos = int(start * NANO)
    node.op_end_rel_micros = node.all_end_rel_micros = max(1, round(taken * MICRO))
    node.op_end_rel_nanos = node.all_end_rel_nanos = round(taken * NANO)
    for slot, output in enumerate(step.outputs):
        if output is not None and output.shape is not None:
            _fill_output(node.output.add(), slot, output)


def _label(step: Step, fed: dict[Operation, str]) -> str:
    """``name = Type(input, ^control input)``, which tools take apart again."""
    if step.was_fed:
        return f"{fed[step.op]} = _Arg()"
    inputs = [
        fed.get(t.op, t.op.name) + (f":{t.value_index}" if t.value_index else "") for t in step.op.inputs
    ]
    inputs += [f"^{op.name}" for op in step.op.control_inputs]
    return f"{step.name} = {step.op.type}({', '.join(inputs)})"


def _fill_output(message: Any, slot: int, output: Noted) -> None:
    message.slot = slot
    description = message.tensor_description
    description.dtype = as_dtype(output.dtype).as_datatype_enum
    for size in output.shape or ():
        description.shape.dim.add(size=size)
    description.shape.SetInParent()
    allocation = description.allocation_description
    allocation.requested_bytes = allocation.allocated_bytes = output.nbytes
    allocation.allocator_name = "cpu"
