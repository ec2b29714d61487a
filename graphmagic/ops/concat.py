"""Joining tensors along a dimension they have."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import fill, queries, slicing
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import add
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, merged_shape, of_rank, of_rank_at_least
from graphmagic.ops.division import floormod
from graphmagic.ops.identity import identity
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import equal
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


concat_op = OpDef(
    "ConcatV2",
    "values:N*T, axis:Tidx -> output:T",
    types={"Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32},
    value_inputs=("axis",),
)


@concat_op.kernel
def concat_kernel(values: Any, axis: Any) -> Any:
    try:
        return np.concatenate(values, int(axis))
    except ValueError:
        raise invalid("ConcatOp : " + _what_is_wrong(values, int(axis))) from None


def _what_is_wrong(values: Any, axis: int) -> str:
    first = values[0]
    if first.ndim == 0:
        return "Can't concatenate scalars (use tf.stack instead)"
    if not -first.ndim <= axis < first.ndim:
        return f"Expected concatenating dimensions in the range [{-first.ndim}, {first.ndim}), but got {axis}"
    for index, other in enumerate(values):
        shapes = f"shape[0] = {shape_text(first)} vs. shape[{index}] = {shape_text(other)}"
        if other.ndim != first.ndim:
            return f"Ranks of all input tensors should match: {shapes}"
        for i, (a, b) in enumerate(zip(first.shape, other.shape, strict=True)):
            if i != axis % first.ndim and a != b:
                return f"Dimension {i} in both shapes must be equal: {shapes}"
    return "the shapes do not fit"


@concat_op.shape_rule
def concat_shape(values: list[Tensor], axis: Tensor) -> TensorShape:
    of_rank(axis.shape, 0)
    rank = next((len(v.shape.ints) for v in values if v.shape.ints is not None), None)
    if rank is None:
        return TensorShape(None)
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    shapes = [of_rank(tensor.shape, rank) for tensor in values]
    where = static_value(axis)
    if where is None:
        return unknown_shape(rank)
    position = int(where)
    of_rank_at_least(shapes[0], position + 1 if position >= 0 else -position)
    position %= rank
    before, after = unknown_shape(position), unknown_shape(rank - position - 1)
    total: int | None = 0
    for shape in shapes:
        before, after = merged_shape(before, shape[:position]), merged_shape(after, shape[position + 1 :])
        size = shape[position].value
        total = None if total is None or size is None else total + size
    return before.concatenate([total]).concatenate(after)


@concat_op.gradient
def concat_grad(op: Operation, dy: Tensor) -> Grads:
    """Cut the gradient at the borders between the inputs."""
    values, axis = op.inputs[:-1], op.inputs[-1]
    if len(values) == 1:
        return dy, None
    rank = values[0].shape.ndims
    position = floormod(axis, queries.rank(values[0]) if rank is None else rank)
    begin: Any = None
    parts: list[Tensor | None] = []
    for value in values:
        shape = queries.shape(value)
        if begin is None:
            begin = zeros_like(shape)
        parts.append(slicing.slice(dy, begin, shape))
        marks = cast(equal(fill.range(0, queries.size(shape)), position), dtypes.int32)
        begin = add(begin, marks * shape)
    return (*parts, None)


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Join tensors along a dimension they have.

    Args:
        values: a list of tensors of one type, of equal shapes except along `axis`.
        axis: the dimension.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.concat([[[1, 2]], [[3, 4]]], axis=0))
    array([[1, 2],
           [3, 4]], dtype=int32)
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with get_default_graph().name_scope(name) as scope:
            axis_tensor = convert_to_tensor(axis, dtypes.int32, name="concat_dim")
            axis_tensor.shape.assert_is_compatible_with([])
            return identity(values[0], name=scope)
    return apply_op(concat_op, list(values), axis, name=name).outputs[0]
