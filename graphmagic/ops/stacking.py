"""Joining tensors along a new dimension, and taking them apart again."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_all, merged_shape
from graphmagic.ops.reshaping import expand_dims
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


pack_op = OpDef("Pack", "values:N*T -> output:T", defaults={"axis": 0})


@pack_op.kernel
def pack_kernel(values: Any, *, axis: int) -> Any:
    for index, other in enumerate(values):
        if np.shape(other) != np.shape(values[0]):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Shapes of all inputs must match: values[0].shape = {shape_text(values[0])} != "
                f"values[{index}].shape = {shape_text(other)}",
            )
    rank = np.ndim(values[0])
    if not -rank - 1 <= axis <= rank:
        raise invalid(f"axis = {axis} not in [{-rank - 1}, {rank + 1})")
    return np.stack(values, axis)


@pack_op.shape_rule
def pack_shape(values: list[Tensor], *, axis: int) -> TensorShape:
    shape = merged_all(values)
    if shape.ints is None:
        return TensorShape(None)
    if not -len(shape) - 1 <= axis <= len(shape):
        raise ValueError(f"Invalid axis {axis}: must be in the interval [{-len(shape) - 1}, {len(shape)}]")
    dims = list(shape.ints)
    dims.insert(axis if axis >= 0 else axis + len(dims) + 1, len(values))
    return TensorShape(dims)


@pack_op.gradient
def pack_grad(op: Operation, dy: Tensor) -> Grads:
    return tuple(unstack(dy, len(op.inputs), op.attrs["axis"]))


def pack(values: Any, axis: int = 0, name: str | None = None) -> Tensor:
    """Join tensors of one shape along a new dimension; see `stack`."""
    return apply_op(pack_op, values, name=name, axis=axis).outputs[0]


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Join tensors of one shape along a new dimension.

    Args:
        values: a list of tensors of one type and shape.
        axis: where the new dimension goes.
        name: the operation's name.

    Returns:
        A `Tensor` of one rank more.

    Raises:
        ValueError: the shapes differ, or the axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.stack([[1, 2], [3, 4]], axis=1))
    array([[1, 3],
           [2, 4]], dtype=int32)
    """
    if isinstance(values, Tensor) and axis == 0:
        return values
    if not isinstance(values, (list, tuple)):
        values = unstack(values)
    if axis == 0 and values:
        return convert_to_tensor(list(values), name=name)
    rank = (
        convert_to_tensor(values[0], name=name).shape.ndims if values else None
    )  # TensorFlow makes this node too
    if rank is not None and not -rank - 1 <= axis <= rank:
        raise ValueError(f"Argument `axis` = {axis} not in range [{-rank - 1}, {rank + 1})")
    return pack(list(values), axis, name)


unpack_op = OpDef("Unpack", "value:T -> output:num*T", defaults={"axis": 0})


@unpack_op.kernel
def unpack_kernel(value: Any, *, num: int, axis: int) -> Any:
    if not -value.ndim <= axis < value.ndim:
        raise invalid(f"axis = {axis} not in [{-value.ndim}, {value.ndim})")
    if value.shape[axis] != num:
        raise errors.InvalidArgumentError(
            None, None, f"Input shape axis {axis} must equal {num}, got shape {shape_text(value)}"
        )
    return tuple([np.take(value, i, axis) for i in range(num)])


@unpack_op.shape_rule
def unpack_shape(value: Tensor, *, num: int, axis: int) -> list[TensorShape]:
    if value.shape.ints is None:
        return [TensorShape(None)] * num
    dims = list(value.shape.ints)
    if not -len(dims) <= axis < len(dims):
        raise ValueError(f"Invalid axis: {axis}; must be in [{-len(dims)},{len(dims)})")
    if dims[axis] not in (None, num):
        raise ValueError(f"Dimension must be {num} but is {dims[axis]}")
    del dims[axis]
    return [TensorShape(dims)] * num


@unpack_op.gradient
def unpack_grad(op: Operation, *dys: Tensor) -> Tensor:
    return stack(list(dys), op.attrs["axis"])


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Tensor]:
    """Take a tensor apart along a dimension.

    Args:
        value: a tensor of rank 1 or more.
        num: how many parts; taken from the shape if None.
        axis: the dimension.
        name: the operation's name.

    Returns:
        A list of tensors of one rank less.

    Raises:
        ValueError: the number of parts is not known, or does not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unstack([[1, 2], [3, 4]]))
    [array([1, 2], dtype=int32), array([3, 4], dtype=int32)]
    """
    value = convert_to_tensor(value)
    if num is None:
        shape = value.shape.ints
        if shape is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value.shape}")
        if not -len(shape) <= axis < len(shape):
            raise ValueError(f"Argument `axis` = {axis} not in range [{-len(shape)}, {len(shape)})")
        num = shape[axis]
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value.shape}")
    return list(apply_op(unpack_op, value, name=name, num=num, axis=axis).outputs)


# ----- parallel_stack -----

parallel_concat_op = OpDef("ParallelConcat", "values:N*T -> output:T")


@parallel_concat_op.kernel
def parallel_concat_kernel(values: Any) -> Any:
    return np.concatenate(values)


@parallel_concat_op.shape_rule
def parallel_concat_shape(values: list[Tensor], *, shape: TensorShape) -> TensorShape:
    if not shape.is_fully_defined():
        raise ValueError("shape attr must be fully defined.")
    row = TensorShape([1]).concatenate(shape[1:])
    for index, tensor in enumerate(values):
        try:
            merged_shape(tensor.shape, row)
        except ValueError as error:
            raise ValueError(f"{error}\n\tFrom merging shape {index} with other shapes.") from None
    return shape


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """Join tensors of one known shape along a new first dimension, as each becomes ready.

    Args:
        values: a list of tensors of one type and known shape.
        name: the operation's name.

    Returns:
        A `Tensor` of one rank more.

    Raises:
        ValueError: a shape is not known.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.parallel_stack([[1, 2], [3, 4]]))
    array([[1, 2],
           [3, 4]], dtype=int32)
    """
    with get_default_graph().name_scope(name):
        first = convert_to_tensor(values[0])
        whole = TensorShape([len(values)]).concatenate(first.shape)
        rows = [expand_dims(v, 0) for v in (first, *values[1:])]
        return apply_op(parallel_concat_op, rows, shape=whole).outputs[0]
