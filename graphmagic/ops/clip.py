"""Limiting elements to a range."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import maximum, minimum
from graphmagic.ops.casting import cast


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """Elements below a minimum become the minimum, those above a maximum the maximum.

    Args:
        t: a tensor of real numbers, or `IndexedSlices`.
        clip_value_min: the minimum, a number or a tensor that broadcasts to the shape of `t`.
        clip_value_max: the maximum, likewise.
        name: the operation's name.

    Returns:
        The same kind of value as `t`.

    Raises:
        ValueError: the result would be of another shape than `t`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.clip_by_value([-2.0, 0.5, 3.0], -1.0, 1.0))
    array([-1. ,  0.5,  1. ], dtype=float32)
    """
    with get_default_graph().name_scope(name or "clip_by_value") as scope:
        values = convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name="t")
        limited = minimum(values, clip_value_max)
        values.shape.assert_is_compatible_with(limited.shape)
        result = maximum(limited, clip_value_min, name=scope)
        values.shape.assert_is_compatible_with(result.shape)
        return IndexedSlices(result, t.indices, t.dense_shape) if isinstance(t, IndexedSlices) else result


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Convert to another type, after limiting the elements to the range of that type.

    Args:
        value: a tensor of real numbers.
        dtype: the type to convert to.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.saturate_cast([-5.0, 7.0, 1000.0], tf.uint8))
    array([  0,   7, 255], dtype=uint8)
    """
    with get_default_graph().name_scope(name or "saturate_cast") as scope:
        x = convert_to_tensor(value, name="value")
        source, target = x.dtype.base_dtype, as_dtype(dtype).base_dtype
        if source.min < target.min:
            x = maximum(x, convert_to_tensor(target.min.astype(source.as_numpy_dtype), name="min"))
        if source.max > target.max:
            x = minimum(x, convert_to_tensor(_largest_within(source, target), name="max"))
        return cast(x, target, name=scope)


def _largest_within(source: DType, target: DType) -> Any:
    """The largest number of one type that another can hold: rounding its maximum may exceed it."""
    largest = target.max.astype(source.as_numpy_dtype)
    return largest if int(largest) <= int(target.max) else np.nextafter(largest, source.as_numpy_dtype(0))
