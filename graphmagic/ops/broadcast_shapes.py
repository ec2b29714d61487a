"""The shape that two shapes broadcast to, computed when the graph is built or when it runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.shapes import TensorShape, as_shape, broadcast_static

__all__ = ["broadcast_dynamic_shape", "broadcast_static_shape"]

broadcast_args_op = OpDef(
    "BroadcastArgs",
    "s0:T, s1:T -> r0:T",
    types={"T": dtypes.INDICES},
    defaults={"T": dtypes.int32},
    differentiable=False,
)


@broadcast_args_op.kernel
def broadcast_args_kernel(s0: Any, s1: Any, *, dtype: Any) -> Any:
    for index, sizes in enumerate((s0, s1)):
        if sizes.ndim != 1:
            raise invalid(f"In[{index}] must be a vector.{shape_text(sizes)}")
    try:
        return np.array(np.broadcast_shapes(tuple(s0), tuple(s1)), dtype)
    except ValueError:
        raise invalid(
            f"Incompatible shapes: [{','.join(map(str, s0))}] vs. [{','.join(map(str, s1))}]"
        ) from None


@broadcast_args_op.shape_rule
def broadcast_args_shape(s0: Tensor, s1: Tensor) -> TensorShape:
    lengths = [of_rank(s.shape, 1).ints[0] for s in (s0, s1)]  # type: ignore[index]
    return TensorShape([None if None in lengths else max(lengths)])  # type: ignore[type-var]


broadcast_gradient_args_op = OpDef(
    "BroadcastGradientArgs",
    "s0:T, s1:T -> r0:T, r1:T",
    types={"T": dtypes.INDICES},
    defaults={"T": dtypes.int32},
    differentiable=False,
)


@broadcast_gradient_args_op.kernel
def broadcast_gradient_args_kernel(s0: Any, s1: Any, *, dtype: Any) -> Any:
    """The axes to sum over in the gradients of two operands that broadcast; graphs from TensorFlow have this."""
    whole = broadcast_args_kernel(s0, s1, dtype=dtype)
    if np.array_equal(s0, s1):
        return [np.empty(0, dtype), np.empty(0, dtype)]
    rank = len(whole)
    padded = [np.concatenate([np.ones(rank - len(s), s.dtype), s]) for s in (s0, s1)]
    added = [np.arange(rank) < rank - len(s) for s in (s0, s1)]
    return [np.flatnonzero((p == 1) | new).astype(dtype) for p, new in zip(padded, added, strict=True)]


@broadcast_gradient_args_op.shape_rule
def broadcast_gradient_args_shape(s0: Tensor, s1: Tensor) -> list[TensorShape]:
    for s in (s0, s1):
        of_rank(s.shape, 1)
    return [TensorShape([None]), TensorShape([None])]


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """The shape that two shapes broadcast to, when the graph runs.

    Args:
        shape_x: a vector of integers.
        shape_y: another.

    Returns:
        A vector of integers.

    Raises:
        InvalidArgumentError: the shapes are not compatible, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.broadcast_dynamic_shape([2, 1], [3]))
    array([2, 3], dtype=int32)
    """
    return apply_op(broadcast_args_op, convert_to_tensor(shape_x, name="s0"), shape_y).outputs[0]


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape that two static shapes broadcast to.

    Args:
        shape_x: a `TensorShape` or a list.
        shape_y: another.

    Returns:
        A `TensorShape`.

    Raises:
        ValueError: the shapes are not compatible.

    >>> import graphmagic as tf
    >>> tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3]))
    TensorShape([Dimension(2), Dimension(3)])
    """
    x, y = as_shape(shape_x), as_shape(shape_y)
    try:
        return broadcast_static(x, y)
    except ValueError:
        raise ValueError(
            "Incompatible shapes for broadcasting. Two shapes are compatible if for each dimension pair they are "
            f"either equal or one of them is 1. Received: {x} and {y}."
        ) from None
