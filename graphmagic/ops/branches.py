"""The operation behind `tf.cond`: run one of two blocks, whichever a predicate says.

Its inputs are the predicate and what the blocks use from outside, its outputs what both blocks give.  A gradient may
need a value from inside a branch: it is added to the outputs as an optional value, empty when the other branch ran.
"""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import ANY, DType, variant
from graphmagic.graph.apply import apply_op
from graphmagic.graph.block import Block, building, captures_of
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.variant import optional_none, optional_of
from graphmagic.shapes import TensorShape

__all__ = ["expose_in_branch", "make_if", "merge", "merge_op"]

BRANCHES = ("then_branch", "else_branch")

if_op = OpDef("If", "cond:bool, input:[Tin] -> output:[Tout]", view=True, owns_blocks=True)


@if_op.shape_rule
def if_shape(
    pred: Tensor, captures: list[Tensor], *, then_branch: Block, else_branch: Block
) -> list[TensorShape]:
    return [
        _common_shape(a.shape, b.shape) for a, b in zip(then_branch.outputs, else_branch.outputs, strict=True)
    ]


@if_op.gradient
def if_grad(op: Operation, *dys: Tensor | None) -> list[Tensor | None]:
    from graphmagic import control_gradients

    return control_gradients.if_grad(op, *dys)


def _common_shape(a: TensorShape, b: TensorShape) -> TensorShape:
    """What two shapes have in common.

    >>> _common_shape(TensorShape([2, 3]), TensorShape([2, 4]))
    TensorShape([Dimension(2), Dimension(None)])
    """
    if a.ints is None or b.ints is None or len(a.ints) != len(b.ints):
        return TensorShape(None)
    return TensorShape([x if x == y else None for x, y in zip(a.ints, b.ints, strict=True)])


def make_if(pred: Tensor, then: Block, otherwise: Block, name: str) -> Operation:
    """Add the operation that runs one of two complete blocks."""
    captures, waits = captures_of([then, otherwise])
    graph = get_default_graph()
    op = apply_op(
        if_op,
        pred,
        captures,
        name=name,
        Tout=[t.dtype.base_dtype for t in then.outputs],
        then_branch=then,
        else_branch=otherwise,
    )
    then.owner = otherwise.owner = op
    graph.add_control_inputs(op, waits)
    return op


def expose_in_branch(branch: Block, tensor: Tensor) -> Tensor:
    """The output of a branch's owner that is the optional value of a tensor inside the branch."""
    op = branch.owner
    assert op is not None
    graph = op.graph
    scope = op.name.rpartition("/")[0]
    for key in BRANCHES:
        block: Block = op.attrs[key]
        with graph.as_default(), building(graph, block, scope, fresh=True):
            block.outputs.append(optional_of(tensor) if block is branch else optional_none())
    return _add_output(op, "Tout", variant, TensorShape([]))


def _add_output(op: Operation, types: str, dtype: DType, shape: TensorShape) -> Tensor:
    """One more output of an operation; plans made before know nothing of it."""
    tensor = Tensor(op, len(op.outputs), dtype)
    tensor._shape = shape
    op.outputs.append(tensor)
    op.attrs[types] = [*op.attrs[types], dtype]
    return tensor


# ----- merge -----

merge_op = OpDef("Merge", "inputs:N*T -> output:T", types={"T": ANY}, view=True)


@merge_op.kernel
def merge_kernel(inputs: Any) -> Any:
    return inputs[0]


merge_op.shape_rule(lambda inputs: inputs[0].shape)


@merge_op.gradient
def merge_grad(op: Operation, dy: Tensor) -> Tensor:
    return dy


def merge(value: Tensor) -> Tensor:
    """A result of a `cond` under the name it has in TensorFlow 1."""
    return apply_op(merge_op, [value]).outputs[0]
