"""Asking a tensor for its shape, size and rank."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.constant import constant
from graphmagic.shapes import TensorShape

_SHAPE_TYPES: dict[str, Any] = {"types": {"out_type": dtypes.INDICES}, "defaults": {"out_type": dtypes.int32}}
shape_op = OpDef("Shape", "input:T -> output:out_type", differentiable=False, **_SHAPE_TYPES)


@shape_op.kernel
def shape_kernel(x: Any, *, dtype: Any) -> Any:
    return np.array(np.shape(x), dtype)


@shape_op.shape_rule
def shape_shape(x: Tensor) -> TensorShape:
    return TensorShape([x.shape.ndims])


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The shape that a tensor has when it is run, as a vector of integers.

    Args:
        input: a tensor.
        name: the operation's name.
        out_type: int32 or int64.

    Returns:
        A `Tensor` of shape ``[rank]``; a constant where the shape is known already.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None, 3])
    >>> tf.Session().run(tf.shape(x), {x: [[1, 2, 3], [4, 5, 6]]})
    array([2, 3], dtype=int32)
    """
    with get_default_graph().name_scope(name or "Shape") as scope:
        x = convert_to_tensor(input)
        if x.shape.is_fully_defined():
            return constant(x.shape.as_list(), out_type, name=scope)
        return apply_op(shape_op, x, name=scope, out_type=as_dtype(out_type)).outputs[0]


size_op = OpDef("Size", "input:T -> output:out_type", differentiable=False, **_SHAPE_TYPES)


@size_op.kernel
def size_kernel(x: Any, *, dtype: Any) -> Any:
    return np.asarray(np.size(x), dtype)


@size_op.shape_rule
def scalar_shape(x: Tensor) -> TensorShape:
    return TensorShape([])


def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The number of elements of a tensor when it is run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.size([[1, 2, 3], [4, 5, 6]]))
    np.int32(6)
    """
    with get_default_graph().name_scope(name or "Size") as scope:
        x = convert_to_tensor(input)
        count = x.shape.num_elements()
        if count is not None:
            return constant(count, out_type, name=scope)
        return apply_op(size_op, x, name=scope, out_type=as_dtype(out_type)).outputs[0]


rank_op = OpDef("Rank", "input:T -> output:int32", differentiable=False)


@rank_op.kernel
def rank_kernel(x: Any) -> Any:
    return np.asarray(np.ndim(x), np.int32)


rank_op.shape_rule(scalar_shape)


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of dimensions of a tensor when it is run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.rank([[1, 2], [3, 4]]))
    np.int32(2)
    """
    with get_default_graph().name_scope(name or "Rank") as scope:
        x = convert_to_tensor(input)
        if x.shape.ndims is not None:
            return constant(x.shape.ndims, dtypes.int32, name=scope)
        return apply_op(rank_op, x, name=scope).outputs[0]


shape_n_op = OpDef("ShapeN", "input:N*T -> output:N*out_type", differentiable=False, **_SHAPE_TYPES)


@shape_n_op.kernel
def shape_n_kernel(tensors: Any, *, dtype: Any) -> Any:
    return tuple([np.array(np.shape(x), dtype) for x in tensors])


@shape_n_op.shape_rule
def shape_n_shape(tensors: list[Tensor]) -> list[TensorShape]:
    return [TensorShape([x.shape.ndims]) for x in tensors]


def shape_n(input: Any, out_type: Any = dtypes.int32, name: str | None = None) -> list[Tensor]:
    """The shapes of several tensors of one type; see `shape`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.shape_n([[1, 2], [[3]]]))
    [array([2], dtype=int32), array([1, 1], dtype=int32)]
    """
    return list(apply_op(shape_n_op, input, name=name, out_type=as_dtype(out_type)).outputs)
