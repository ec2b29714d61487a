"""Arrays as the tensor messages that attributes hold, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype, enum_name
from graphmagic.shapes import TensorShape

__all__ = ["array_of", "fill_shape", "fill_tensor", "shape_of"]

Array = np.ndarray[Any, Any]

# The field of a tensor message that holds single elements; the smaller integers share int_val.
_FIELDS = {
    "float16": "half_val",
    "float32": "float_val",
    "float64": "double_val",
    "int64": "int64_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
    "bool": "bool_val",
    "string": "string_val",
}


def fill_shape(proto: Any, shape: TensorShape) -> None:
    """Put a static shape into an empty message."""
    proto.SetInParent()
    if shape.ints is None:
        proto.unknown_rank = True
    for size in shape.ints or ():
        proto.dim.add(size=-1 if size is None else size)


def shape_of(proto: Any) -> TensorShape:
    """The static shape that a message says.

    >>> from graphmagic.graph.messages import message
    >>> proto = message("TensorShapeProto")()
    >>> fill_shape(proto, TensorShape([None, 3]))
    >>> shape_of(proto)
    TensorShape([Dimension(None), Dimension(3)])
    """
    if proto.unknown_rank:
        return TensorShape(None)
    return TensorShape([None if dim.size < 0 else dim.size for dim in proto.dim])


def fill_tensor(proto: Any, array: Array, spell_out: int = 0) -> None:
    """Put an array into an empty message.

    Args:
        proto: the message.
        array: the array.
        spell_out: write so many elements one by one, for people; the rest is missing.

    >>> from graphmagic.graph.messages import message
    >>> proto = message("TensorProto")()
    >>> fill_tensor(proto, np.array([1.5, 1.5], np.float32))
    >>> proto.float_val
    [1.5]
    """
    dtype = as_dtype(array.dtype)
    proto.dtype = dtype.as_datatype_enum
    fill_shape(proto.tensor_shape, TensorShape(array.shape))
    flat = array.ravel()
    if spell_out:
        _spell_out(proto, dtype, flat[:spell_out])
    elif dtype.name in ("string", "bool") or array.size == 1:
        _spell_out(proto, dtype, flat)
    elif array.size and _is_one_value(flat):
        _spell_out(proto, dtype, flat[:1])
    elif array.size:
        proto.tensor_content = flat.astype(flat.dtype.newbyteorder("<")).tobytes()


def _is_one_value(flat: Array) -> bool:
    """Whether one element can stand for all the rest; -0 is another value than 0."""
    return bool((flat == flat[0]).all()) and flat.tobytes() == flat[:1].tobytes() * len(flat)


def _spell_out(proto: Any, dtype: DType, flat: Array) -> None:
    if dtype.name == "float16":
        items = flat.view(np.uint16).tolist()
    elif dtype.is_complex:
        items = flat.view(flat.real.dtype).tolist()
    else:
        items = flat.tolist()
    getattr(proto, _FIELDS.get(dtype.name, "int_val")).extend(items)


def array_of(proto: Any) -> Array:
    """The array that a message holds.

    Raises:
        TypeError: its elements are of a type that graphmagic does not have.
        ValueError: it holds more or fewer elements than its shape says.

    >>> from graphmagic.graph.messages import message
    >>> proto = message("TensorProto")()
    >>> fill_tensor(proto, np.array([[1, 2]], np.int64))
    >>> array_of(proto)
    array([[1, 2]])
    """
    try:
        dtype = as_dtype(proto.dtype).base_dtype
    except TypeError:
        raise TypeError(f"graphmagic has no tensors of type {enum_name(proto.dtype)}") from None
    shape = [dim.size for dim in proto.tensor_shape.dim]
    size = int(np.prod(shape, dtype=np.int64))
    if proto.tensor_content and dtype.name != "string":
        stored = np.frombuffer(proto.tensor_content, dtype.numpy.newbyteorder("<"))
        return _fitted(stored.astype(dtype.numpy), size).reshape(shape)
    return _fitted(_spelled_out(proto, dtype), size).reshape(shape)


def _spelled_out(proto: Any, dtype: DType) -> Array:
    items = getattr(proto, _FIELDS.get(dtype.name, "int_val"))
    if dtype.name == "float16":
        return np.array(items, np.uint16).view(np.float16)
    if dtype.is_complex:
        return np.array(items, dtype.real_dtype.numpy).view(dtype.numpy)
    if dtype.name == "string":
        strings = np.empty(len(items), object)
        strings[:] = [bytes(item) for item in items]
        return strings
    return np.array(items, np.int64 if dtype.is_integer and dtype.name != "uint64" else dtype.numpy).astype(
        dtype.numpy
    )


def _fitted(flat: Array, size: int) -> Array:
    """The elements, the last one repeated as often as needed."""
    if len(flat) > size:
        raise ValueError(f"a tensor of {size} elements cannot hold {len(flat)} values")
    if len(flat) == size:
        return flat
    if not len(flat):
        missing = b"" if flat.dtype == object else 0
        return np.full(size, missing, flat.dtype)
    return np.concatenate([flat, np.repeat(flat[-1:], size - len(flat))])
