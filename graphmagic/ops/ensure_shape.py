"""Saying what shape a tensor has, and checking it: `tf.ensure_shape`."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.errors import InvalidArgumentError
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["ensure_shape"]

ensure_shape_op = OpDef("EnsureShape", "input:T -> output:T", view=True)


@ensure_shape_op.kernel
def ensure_shape_kernel(x: Any, *, op: Operation, shape: TensorShape) -> Any:
    if not shape.is_compatible_with(np.shape(x)):
        actual = shape_text(x)
        raise InvalidArgumentError(
            None,
            None,
            f"Shape of tensor {op.inputs[0].op.name} {actual} is not compatible "
            f"with expected shape {shape.bracketed()}.",
        )
    return x


@ensure_shape_op.shape_rule
def ensure_shape_shape(x: Tensor, *, shape: TensorShape) -> TensorShape:
    found, wanted = x.shape.ints, shape.ints
    if found is not None and wanted is not None:
        if len(found) != len(wanted):
            raise ValueError(f"Shape must be rank {len(wanted)} but is rank {len(found)}")
        for axis, (a, b) in enumerate(zip(wanted, found, strict=True)):
            if a is not None and b is not None and a != b:
                raise ValueError(
                    f"Dimension {axis} in both shapes must be equal, but are {a} and {b}. "
                    f"Shapes are {shape.bracketed()} and {x.shape.bracketed()}."
                )
    return x.shape.merge_with(shape)


@ensure_shape_op.gradient
def ensure_shape_grad(op: Operation, dy: Tensor) -> Tensor:
    return dy


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """A tensor that is known to have a shape, because running it fails if it does not.

    Args:
        x: a tensor.
        shape: the shape, perhaps with unknown dimensions.
        name: the operation's name.

    Raises:
        ValueError: the tensor is known to have another shape.

    >>> import graphmagic as tf
    >>> tf.ensure_shape(tf.placeholder(tf.float32), [None, 3]).shape
    TensorShape([Dimension(None), Dimension(3)])
    """
    return apply_op(ensure_shape_op, x, name=name or "EnsureShape", shape=as_shape(shape)).outputs[0]
