"""Vectors with one element switched on."""

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
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, size_from
from graphmagic.shapes import TensorShape

__all__ = ["one_hot"]

one_hot_op = OpDef(
    "OneHot",
    "indices:TI, depth:int32, on_value:T, off_value:T -> output:T",
    types={"TI": (dtypes.uint8, dtypes.int8, *dtypes.INDICES)},
    defaults={"axis": -1},
    differentiable=False,
    value_inputs=("depth",),
)


@one_hot_op.kernel
def one_hot_kernel(indices: Any, depth: Any, on_value: Any, off_value: Any, *, axis: int) -> Any:
    if not -1 <= axis <= np.ndim(indices):
        raise invalid(f"Expected axis to be -1 or between [0, {np.ndim(indices) + 1}).  But received: {axis}")
    for name, value in (("depth", depth), ("on_value", on_value), ("off_value", off_value)):
        if np.ndim(value):
            raise invalid(f"{name} must be a scalar, but got: {shape_text(value)}")
    marks = np.equal(np.expand_dims(indices, -1), np.arange(int(depth)))
    result = np.where(marks, on_value, off_value)
    return np.moveaxis(result, -1, axis) if axis != -1 else result


@one_hot_op.shape_rule
def one_hot_shape(
    indices: Tensor, depth: Tensor, on_value: Tensor, off_value: Tensor, *, axis: int
) -> TensorShape:
    if axis < -1:
        raise ValueError("axis must be >= -1")
    size = size_from(depth, 1)
    if indices.shape.ints is None:
        return TensorShape(None)
    dims = list(indices.shape.ints)
    dims.insert(len(dims) if axis == -1 else axis, size)
    return TensorShape(dims)


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """Vectors with one element switched on.

    Args:
        indices: which element, integers of any shape; an index out of range switches nothing on.
        depth: the length of the vectors.
        on_value: the value switched on; 1 if None.
        off_value: the value elsewhere; 0 if None.
        axis: where the new dimension goes; last if None.
        dtype: the type; that of the values, else float32.
        name: the operation's name.

    Returns:
        A `Tensor` of one rank more than `indices`.

    Raises:
        TypeError: the values do not have one type.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.one_hot([0, 2], 3))
    array([[1., 0., 0.],
           [0., 0., 1.]], dtype=float32)
    """
    with get_default_graph().name_scope(name or "one_hot") as scope:
        kind = None if dtype is None else as_dtype(dtype)
        on = None if on_value is None else convert_to_tensor(on_value, dtype_hint=kind, name="on_value")
        off = None if off_value is None else convert_to_tensor(off_value, dtype_hint=kind, name="off_value")
        for value, label in ((on, "on_value"), (off, "off_value")):
            if value is not None and kind not in (None, value.dtype.base_dtype):
                raise TypeError(
                    f"dtype {value.dtype.base_dtype} of {label} does not match dtype parameter {dtype}"
                )
        if on is not None and off is not None and on.dtype.base_dtype is not off.dtype.base_dtype:
            raise TypeError(
                f"dtype {on.dtype.base_dtype} of on_value does not match dtype {off.dtype.base_dtype} of off_value"
            )
        kind = kind or next((t.dtype.base_dtype for t in (on, off) if t is not None), dtypes.float32)
        on = convert_to_tensor(_unit(1, kind), kind, name="on_value") if on is None else on
        off = convert_to_tensor(_unit(0, kind), kind, name="off_value") if off is None else off
        return apply_op(
            one_hot_op, indices, depth, on, off, name=scope, axis=-1 if axis is None else axis
        ).outputs[0]


def _unit(value: int, kind: Any) -> Any:
    return bool(value) if kind.is_bool else value
