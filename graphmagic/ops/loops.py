"""The operation behind `tf.while_loop`: run a block again and again, as long as another says so.

Its inputs are the first values of the loop variables and what the blocks use from outside, its outputs the last
values of the loop variables.  A gradient needs values from every iteration: each such tensor gets a loop variable
more, a list that the body pushes it to.  Runs that do not use that variable's last value do without it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic.dtypes import ANY, DType
from graphmagic.graph.apply import apply_op
from graphmagic.graph.block import Block, building, captures_of
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.constant import constant
from graphmagic.ops.variant import empty_list, push
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["exit_", "expose_in_loop", "loop_variable", "make_while", "trip_count"]

# ----- loop variables, as the blocks see them -----

loop_variable_op = OpDef("LoopVariable", " -> output:dtype", stateful=True, differentiable=False)


@loop_variable_op.shape_rule
def loop_variable_shape(*, shape: TensorShape) -> TensorShape:
    return shape


def loop_variable(block: Block, dtype: DType, shape: Any, name: str) -> Tensor:
    """A new parameter of a block, which must be the one that is being built."""
    tensor = apply_op(loop_variable_op, name=name, dtype=dtype.base_dtype, shape=as_shape(shape)).outputs[0]
    block.parameters.append(tensor)
    return tensor


# ----- the loop -----

while_op = OpDef(
    "While",
    "loop_vars:[T], input:[Tin] -> output:[T]",
    defaults={"back_prop": True, "parallel_iterations": 10},
    view=True,
    owns_blocks=True,
)


@while_op.shape_rule
def while_shape(variables: list[Tensor], captures: list[Tensor], *, body: Block) -> list[TensorShape]:
    return [t.shape for t in body.parameters]


@while_op.gradient
def while_grad(op: Operation, *dys: Tensor | None) -> list[Tensor | None]:
    from graphmagic import control_gradients

    return control_gradients.while_grad(op, *dys)


def make_while(inputs: Sequence[Tensor], condition: Block, body: Block, name: str, **attrs: Any) -> Operation:
    """Add the operation that runs two complete blocks."""
    captures, waits = captures_of([condition, body])
    graph = get_default_graph()
    op = apply_op(while_op, list(inputs), captures, name=name, cond=condition, body=body, **attrs)
    condition.owner = body.owner = op
    graph.add_control_inputs(op, waits)
    return op


# ----- what gradients need of a loop -----


def expose_in_loop(body: Block, tensor: Tensor) -> Tensor:
    """The output of a body's owner that is the list of a tensor's values in all iterations."""
    assert body.owner is not None
    return _add_variable(
        body.owner, "stack", lambda: empty_list(tensor.dtype), lambda chain: push(chain, tensor)
    )


def trip_count(op: Operation) -> Tensor:
    """The output of a loop that says how often its body ran."""
    found = op.attrs.get("_count")
    if found is None:
        found = op.attrs["_count"] = _add_variable(op, "count", lambda: constant(0, name="zero"), _plus_one)
    return found


def _plus_one(count: Tensor) -> Tensor:
    from graphmagic.ops.arithmetic import add

    return add(count, 1)


def _add_variable(
    op: Operation, name: str, start: Callable[[], Tensor], step: Callable[[Tensor], Tensor]
) -> Tensor:
    """Give a loop one more variable, without a change to what it computed before."""
    graph, scope = op.graph, op.name.rpartition("/")[0]
    condition, body = op.attrs["cond"], op.attrs["body"]
    with graph.as_default():
        with building(graph, op.block, scope, fresh=True):
            first = start()
        with building(graph, condition, scope, fresh=True):
            loop_variable(condition, first.dtype, first.shape, name)
        with building(graph, body, scope, fresh=True):
            body.outputs.append(step(loop_variable(body, first.dtype, first.shape, name)))
    position = len(op.outputs)
    tensor = Tensor(op, position, first.dtype)
    tensor._shape = first.shape
    op.outputs.append(tensor)
    op.inputs = (*op.inputs[:position], first, *op.inputs[position:])
    op.attrs["T"] = [*op.attrs["T"], first.dtype]
    graph.forget_consumers()
    return tensor


# ----- exit -----

exit_op = OpDef("Exit", "data:T -> output:T", types={"T": ANY}, view=True)


@exit_op.kernel
def exit_kernel(data: Any) -> Any:
    return data


exit_op.shape_rule(lambda data: data.shape)


@exit_op.gradient
def exit_grad(op: Operation, dy: Tensor) -> Tensor:
    return dy


def exit_(value: Tensor) -> Tensor:
    """A result of a loop under the name it has in TensorFlow 1."""
    return apply_op(exit_op, value).outputs[0]
