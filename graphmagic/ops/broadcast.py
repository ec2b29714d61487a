"""Broadcasting: the shape rule that element-wise operations share, and how gradients come back through it."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid
from graphmagic.shapes import TensorShape, broadcast_static

__all__ = ["broadcast_shape", "broadcast_to", "same_shape", "unbroadcast"]


def broadcast_shape(x: Tensor, y: Tensor) -> TensorShape:
    """The static shape of an element-wise operation on two tensors."""
    return broadcast_static(x.shape, y.shape)


def same_shape(x: Tensor) -> TensorShape:
    """The static shape of an operation that keeps its input's shape."""
    return x.shape


broadcast_to_op = OpDef(
    "BroadcastTo",
    "input:T, shape:Tidx -> output:T",
    types={"Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32},
    view=True,
    shape_inputs=("shape",),
)


@broadcast_to_op.kernel
def broadcast_to_kernel(x: Any, shape: Any) -> Any:
    target = tuple(shape.tolist())
    for size in target:
        if size < 0:
            raise invalid(f"Dimension {size} must be >= 0")
    if np.ndim(x) > len(target):
        raise invalid(
            f"Rank of input ({np.ndim(x)}) must be no greater than rank of output shape ({len(target)})."
        )
    try:
        return np.broadcast_to(x, target)
    except ValueError:
        raise invalid(f"Incompatible shapes: {shape_text(x)} vs. [{','.join(map(str, target))}]") from None


@broadcast_to_op.shape_rule
def broadcast_to_shape(x: Tensor, shape: Tensor) -> TensorShape:
    target = partial_shape(shape)
    if x.shape.ndims is not None and target.ndims is not None and x.shape.ndims > target.ndims:
        raise ValueError(f"Shape must be at most rank {target.ndims} but is rank {x.shape.ndims}")
    both = broadcast_static(x.shape, target)
    return target if both.ints is None else target.merge_with(both)


@broadcast_to_op.gradient
def broadcast_to_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    return unbroadcast(dy, op.inputs[0]), None


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """Repeat a tensor along dimensions of size 1 (and new ones in front) until it has `shape`.

    Args:
        input: the tensor.
        shape: the wanted shape, a vector of integers.
        name: the operation's name.

    Returns:
        A `Tensor` of that shape.

    Raises:
        ValueError: the shapes are not compatible.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.broadcast_to([1, 2], [2, 2]))
    array([[1, 2],
           [1, 2]], dtype=int32)
    """
    return apply_op(broadcast_to_op, input, shape, name=name).outputs[0]


# The reverse of broadcasting, used by the gradient sweep for every operation at once.  TensorFlow writes five nodes
# for it (two shapes, their difference, a sum, a reshape); one node draws better and runs faster.
unbroadcast_op = OpDef("Unbroadcast", "dy:T, like:T -> output:T", view=True)


@unbroadcast_op.kernel
def unbroadcast_kernel(dy: Any, like: Any) -> Any:
    target = np.shape(like)
    if dy.shape == target:
        return dy
    extra = dy.ndim - len(target)
    kept = tuple(
        extra + axis for axis, size in enumerate(target) if size == 1 and dy.shape[extra + axis] != 1
    )
    total = np.add.reduce(dy, axis=(*range(extra), *kept), dtype=dy.dtype, keepdims=True)
    return np.reshape(total, target)


@unbroadcast_op.shape_rule
def unbroadcast_shape(dy: Tensor, like: Tensor) -> TensorShape:
    return like.shape


@unbroadcast_op.gradient
def unbroadcast_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    from graphmagic.ops.queries import shape

    return broadcast_to(dy, shape(op.inputs[0])), None


def unbroadcast(dy: Tensor, like: Tensor) -> Tensor:
    """Sum a gradient over the dimensions along which `like` was broadcast.

    >>> import graphmagic as tf
    >>> dy = tf.ones([2, 3])
    >>> unbroadcast(dy, tf.zeros([2, 3])) is dy
    True
    >>> tf.Session().run(unbroadcast(dy, tf.zeros([3])))
    array([2., 2., 2.], dtype=float32)
    """
    if dy.shape.is_fully_defined() and dy.shape == like.shape:
        return dy
    return apply_op(unbroadcast_op, dy, like).outputs[0]
