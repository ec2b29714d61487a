"""Choosing between two tensors, and listing where a condition holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import check_same_sizes, invalid, merged_shape
from graphmagic.ops.like import zeros_like
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


select_op = OpDef("Select", "condition:bool, t:T, e:T -> output:T", elementwise=True)


@select_op.kernel
def select_kernel(condition: Any, t: Any, e: Any, *, op: Operation) -> Any:
    if np.ndim(condition) == 1 and np.ndim(t) > 1:  # a vector chooses whole rows
        if len(condition) != len(t):
            raise invalid(
                f"Number of batches of 'then' must match size of 'cond', but saw: {len(t)} vs. {len(condition)}"
            )
        check_same_sizes(op, (t, e))
        condition = np.reshape(condition, (-1, *[1] * (np.ndim(t) - 1)))
    else:
        check_same_sizes(op, (condition, t, e) if np.ndim(condition) else (t, e))
    return np.where(condition, t, e)


@select_op.shape_rule
def select_shape(condition: Tensor, t: Tensor, e: Tensor) -> TensorShape:
    shape = merged_shape(t.shape, e.shape)
    if condition.shape.ndims in (None, 0) or shape.ints is None:
        return shape
    if condition.shape.ndims == 1 and len(shape) > 1:
        merged_shape(condition.shape, shape[:1])
        return shape
    return merged_shape(shape, condition.shape)


@select_op.gradient
def select_grad(op: Operation, dy: Tensor) -> Grads:
    condition = op.inputs[0]
    zeros = zeros_like(dy)
    return None, where(condition, dy, zeros), where(condition, zeros, dy)


where_op = OpDef(
    "Where", "input:T -> index:int64", types={"T": (*dtypes.NUMBERS, dtypes.bool)}, differentiable=False
)


@where_op.kernel
def where_kernel(x: Any) -> Any:
    if np.ndim(x) == 0:
        raise invalid("WhereOp : Unhandled input dimensions: 0")
    return np.argwhere(x).astype(np.int64)


@where_op.shape_rule
def where_shape(x: Tensor) -> TensorShape:
    return TensorShape([None, x.shape.ndims])


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose between `x` and `y` element by element, or list where `condition` holds.

    Args:
        condition: booleans of the shape of `x`, or a vector that chooses rows, or a scalar.
        x: values where `condition` is true.
        y: values where it is false, same shape and type.
        name: the operation's name.

    Returns:
        A `Tensor` like `x`; without `x` and `y` the positions of true elements, int64 of shape ``[n, rank]``.

    Raises:
        ValueError: only one of `x` and `y` is given, or the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.where([True, False], [1, 2], [10, 20]))
    array([ 1, 20], dtype=int32)
    """
    if x is None and y is None:
        with get_default_graph().name_scope(name or "Where") as scope:
            return apply_op(where_op, condition, name=scope).outputs[0]
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return apply_op(select_op, condition, x, y, name=name).outputs[0]
