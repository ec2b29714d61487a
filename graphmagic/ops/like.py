"""Zeros and ones of the shape of another tensor."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.queries import shape

zeros_like_op = OpDef("ZerosLike", "x:T -> y:T", differentiable=False)


@zeros_like_op.kernel
def zeros_like_kernel(x: Any) -> Any:
    if x.dtype == object:
        return np.full(np.shape(x), b"", object)
    return np.zeros(np.shape(x), x.dtype)


zeros_like_op.shape_rule(same_shape)


def zeros_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Zeros of the shape and type of another tensor.

    Args:
        tensor: a tensor.
        dtype: another type than that of `tensor`.
        name: the operation's name.
        optimize: make a constant where the shape is known.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.zeros_like([1.5, 2.5]))
    array([0., 0.], dtype=float32)
    """
    from graphmagic.ops.fill import zeros

    with get_default_graph().name_scope(name or "zeros_like") as scope:
        x = convert_to_tensor(tensor, name="tensor")
        kind = x.dtype.base_dtype if dtype is None else as_dtype(dtype)
        if optimize and x.shape.is_fully_defined():
            return zeros(x.shape, kind, name=scope)
        if kind is x.dtype.base_dtype:
            return apply_op(zeros_like_op, x, name=scope).outputs[0]
        return zeros(shape(x), kind, name=scope)


def ones_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Ones of the shape and type of another tensor; arguments as `zeros_like`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.ones_like([1.5, 2.5]))
    array([1., 1.], dtype=float32)
    """
    from graphmagic.ops.fill import fill_with_one

    with get_default_graph().name_scope(name or "ones_like") as scope:
        x = convert_to_tensor(tensor, name="tensor")
        kind = x.dtype.base_dtype if dtype is None else as_dtype(dtype)
        result = fill_with_one(shape(x), kind, scope)
        result.set_shape(x.shape)
        return result
