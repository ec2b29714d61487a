"""What can be known of a tensor's value while the graph is being built."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic.dtypes import resource, variant
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.shapes import TensorShape, unknown_shape

__all__ = ["Planned", "UnusableShapeError", "group_by_argument", "partial_shape", "static_value"]

MAX_ELEMENTS = 1024  # larger values do not decide shapes, and building a graph must stay cheap
MAX_NODES = 256

Array = np.ndarray[Any, Any]


class UnusableShapeError(ValueError):
    """An integer vector that is to be a shape holds what no shape can."""


def static_value(tensor: Tensor) -> Array | None:
    """The value of a tensor that does not depend on feeds, variables or chance; None if not known.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     x = tf.zeros([2, 3])
    ...     static_value(tf.shape(x) * 2), static_value(tf.placeholder(tf.int32))
    (array([4, 6], dtype=int32), None)
    """
    values: dict[Operation, list[Array] | None] = {}
    stack = [tensor.op]
    while stack:
        op = stack[-1]
        if op in values:
            stack.pop()
            continue
        known = _known_at_once(op)
        if known is not None or op.inputs == () or not _is_foldable(op):
            values[op] = known
            continue
        missing = [t.op for t in op.inputs if t.op not in values]
        if missing and len(values) + len(stack) > MAX_NODES:
            return None
        if missing:
            stack += missing
        else:
            values[op] = _evaluate(op, values)
    found = values[tensor.op]
    return None if found is None else found[tensor.value_index]


def get_static_value(tensor: Any, partial: bool = False) -> Array | None:
    """The value of a tensor as an array if it is known without running anything, else None.

    Args:
        tensor: a tensor.
        partial: for a stack of numbers some of which are known, give these and None for the others.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     rows = tf.placeholder(tf.int32, [])
    ...     tf.get_static_value(tf.stack([rows, 3])), tf.get_static_value(tf.stack([rows, 3]), partial=True)
    (None, array([None, 3], dtype=object))
    """
    found = static_value(tensor)
    if found is not None or not partial or tensor.op.type != "Pack":
        return found
    parts = [get_static_value(part, partial) for part in tensor.op.inputs]
    if not any(part is not None for part in parts):
        return None
    return np.array([part if part is None or part.ndim else part.item() for part in parts], object)


def _known_at_once(op: Operation) -> list[Array] | None:
    if op.type == "Const":
        value = op.attrs["value"]
        return [value] if value.size <= MAX_ELEMENTS else None
    if op.type == "Shape" and op.inputs[0].shape.is_fully_defined():
        return [np.array(op.inputs[0].shape.as_list(), op.outputs[0].dtype.as_numpy_dtype)]
    if op.type == "Size" and (count := op.inputs[0].shape.num_elements()) is not None:
        return [np.array(count, op.outputs[0].dtype.as_numpy_dtype)]
    if op.type == "Rank" and op.inputs[0].shape.ndims is not None:
        return [np.array(op.inputs[0].shape.ndims, np.int32)]
    if op.type == "StridedSlice" and op.inputs[0].op.type == "Shape":
        return _one_dimension(op)
    return None


def _one_dimension(op: Operation) -> list[Array] | None:
    """The size that ``tf.shape(x)[i]`` picks, where that is known though the whole shape is not."""
    sizes, begin = op.inputs[0].op.inputs[0].shape.ints, op.inputs[1].op
    if (
        sizes is None
        or begin.type != "Const"
        or op.attrs["shrink_axis_mask"] != 1
        or len(begin.attrs["value"]) != 1
    ):
        return None
    index = int(begin.attrs["value"][0])
    size = sizes[index] if -len(sizes) <= index < len(sizes) else None
    return None if size is None else [np.array(size, op.outputs[0].dtype.as_numpy_dtype)]


def _is_foldable(op: Operation) -> bool:
    kernel_needs = {"op", "state"} & set(op.opdef.kernel_attrs)
    sizes = [t.shape.num_elements() for t in op.outputs]
    small = all(size is None or size <= MAX_ELEMENTS for size in sizes)
    arrays = all(t.dtype.base_dtype not in (resource, variant) for t in op.outputs)
    return (
        not op.opdef.stateful
        and op.opdef.kernel_function is not None
        and not kernel_needs
        and small
        and arrays
    )


def _evaluate(op: Operation, values: dict[Operation, list[Array] | None]) -> list[Array] | None:
    arrays = []
    for tensor in op.inputs:
        found = values[tensor.op]
        if found is None:
            return None
        arrays.append(found[tensor.value_index])
    kernel = op.opdef.kernel_function
    assert kernel is not None
    keywords = {
        k: op.outputs[0].dtype.numpy if k == "dtype" else op.attrs.get(k) for k in op.opdef.kernel_attrs
    }
    try:
        with np.errstate(all="ignore"):
            result = kernel(*group_by_argument(op, arrays), **keywords)
    except Exception:
        return None
    results = list(result) if isinstance(result, (tuple, list)) else [result]
    return [np.asarray(r, t.dtype.as_numpy_dtype) for r, t in zip(results, op.outputs, strict=True)]


class Planned(NamedTuple):
    """What is known of an operation before it is made."""

    opdef: OpDef
    attrs: dict[str, Any]


def group_by_argument(op: Operation | Planned, items: list[Any]) -> list[Any]:
    """Regroup one item per input tensor into one entry per argument of the signature."""
    if not op.opdef.takes_lists:
        return items
    grouped: list[Any] = []
    position = 0
    for arg in op.opdef.inputs:
        if arg.is_list:
            count = op.attrs[arg.number_attr] if arg.number_attr else len(op.attrs[arg.type_attr])
            grouped.append(items[position : position + count])
            position += count
        else:
            grouped.append(items[position])
            position += 1
    return grouped


def partial_shape(tensor: Tensor) -> TensorShape:
    """The shape that an integer vector stands for, as far as it is known; -1 means unknown.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     x = tf.placeholder(tf.float32, [None, 3])
    ...     partial_shape(tf.stack([tf.shape(x)[0], 6]))
    TensorShape([Dimension(None), Dimension(6)])
    """
    value = static_value(tensor)
    if value is not None:
        for size in value.ravel().tolist():
            if size < -1:
                raise UnusableShapeError(f"Invalid value in tensor used for shape: {size}")
        return TensorShape([None if d < 0 else int(d) for d in value.ravel()])
    op = tensor.op
    if op.type == "Shape":
        return op.inputs[0].shape
    if op.type == "Cast":
        return partial_shape(op.inputs[0])
    if op.type == "Pack":
        scalars = [static_value(t) for t in op.inputs]
        return TensorShape([None if s is None or s < 0 else int(s) for s in scalars])
    if op.type == "ConcatV2":
        joined = TensorShape([])
        for part in op.inputs[:-1]:
            joined = joined.concatenate(partial_shape(part))
        return joined
    if op.type == "StridedSlice":
        sliced = _sliced_shape(op)
        if sliced is not None:
            return sliced
    length = tensor.shape.ints[0] if tensor.shape.ints else None
    return unknown_shape(length)


def _sliced_shape(op: Operation) -> TensorShape | None:
    begin, end, strides = (static_value(t) for t in op.inputs[1:])
    if begin is None or end is None or strides is None or len(begin) != 1 or op.attrs.get("shrink_axis_mask"):
        return None
    first = None if op.attrs["begin_mask"] else int(begin[0])
    last = None if op.attrs["end_mask"] else int(end[0])
    whole = partial_shape(op.inputs[0])
    return None if whole.ints is None else TensorShape(whole.ints[first : last : int(strides[0])])
