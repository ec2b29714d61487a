"""Constants, and how Python and NumPy values become constants."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import infer_shapes
from graphmagic.graph.convert import convert_to_tensor, register_tensor_conversion_function
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["constant"]

const_op = OpDef("Const", " -> output:dtype", differentiable=False)


@const_op.kernel
def const_kernel(*, value: Any) -> Any:
    return value


@const_op.shape_rule
def const_shape(*, value: Any) -> Any:
    return value.shape


def constant(
    value: Any, dtype: Any = None, shape: Any = None, name: str = "Const", verify_shape: bool = False
) -> Tensor:
    """A tensor that always has the same value.

    Args:
        value: a number, string, list or array.
        dtype: its type; by default float32 for Python floats, int32 for Python integers, an array's own type.
        shape: its shape; if it has more elements than `value`, the last element is repeated.
        name: the operation's name.
        verify_shape: refuse to repeat elements.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: `value` does not have one type, or not `dtype`.
        ValueError: `value` has more elements than `shape`, or is ragged.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.constant(7.0, shape=[2, 2]))
    array([[7., 7.],
           [7., 7.]], dtype=float32)
    """
    array = make_array(value, None if dtype is None else as_dtype(dtype).base_dtype)
    if shape is not None:
        array = fit_array(array, as_shape(shape), verify_shape)
    return make_constant(array, name)


def make_constant(array: np.ndarray[Any, Any], name: str | None) -> Tensor:
    """A Const operation that holds a private copy of `array`."""
    value = np.array(array)
    value.flags.writeable = False
    dtype = as_dtype(value.dtype)
    op = get_default_graph().create_op(
        const_op, (), [dtype], {"dtype": dtype, "value": value}, name or "Const", infer_shapes
    )
    return op.outputs[0]


def fit_array(array: np.ndarray[Any, Any], shape: TensorShape, verify: bool) -> np.ndarray[Any, Any]:
    """The array in another shape; the last element is repeated if there are too few."""
    size = shape.num_elements()
    if size is None:
        raise ValueError(f"A constant needs a fully defined shape, not {shape}.")
    if verify and TensorShape(array.shape) != shape:
        raise TypeError(f"Expected Tensor's shape: {tuple(shape.as_list())}, but got {array.shape}.")
    if size == 0:
        return np.empty(shape.as_list(), array.dtype)
    if array.size > size or array.size == 0:
        raise ValueError(
            f"Too many elements provided. Takes at most {size:d}, but got {array.size:d}."
            if array.size
            else f"You must specify at least one value for a constant of shape {shape}."
        )
    flat = array.ravel()
    if array.size < size:
        flat = np.concatenate([flat, np.repeat(flat[-1:], size - array.size)])
    return flat.reshape(shape.as_list())


def make_array(value: Any, dtype: DType | None) -> np.ndarray[Any, Any]:
    """The array of a constant: TensorFlow's default types, and its errors where the elements do not fit.

    >>> make_array([1, 2.5], None).dtype, make_array([1, 2], dtypes.float64).dtype
    (dtype('float32'), dtype('float64'))
    """
    if value is None:
        raise ValueError("None values not supported.")
    if _is_symbolic(value) and not isinstance(value, (np.ndarray, np.generic)):
        raise TypeError("Expected any non-tensor type, but got a tensor instead.")
    if isinstance(value, (np.ndarray, np.generic)):
        return _from_numpy(np.asarray(value), dtype)
    if isinstance(value, (TensorShape, Dimension)):
        value = _shape_values(value)
    if dtype is dtypes.string:
        return _string_array(value)
    if dtype is not None:
        _check_leaves(value, dtype)
    try:
        array = np.array(value) if dtype is None else _as_exact(value, dtype)
    except UnicodeDecodeError:  # text and bytes side by side
        return _string_array(value)
    except (ValueError, TypeError, OverflowError) as error:
        raise _conversion_error(value, error) from None
    if array.dtype == object:
        raise _conversion_error(value, None)
    if dtype is not None:
        return array
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64 and (array.size == 0 or (array.min() >= -(2**31) and array.max() < 2**31)):
        return array.astype(np.int32)
    if array.dtype.kind in "SU":
        if not all(isinstance(leaf, (str, bytes)) for leaf in _leaves(value)):
            raise _conversion_error(value, None)
        return _string_array(value)
    return array


def _from_numpy(array: np.ndarray[Any, Any], dtype: DType | None) -> np.ndarray[Any, Any]:
    if array.dtype.kind in "SUO":
        if dtype is not None and dtype is not dtypes.string:
            raise TypeError(f"Expected {dtype.name}, but got {array!r} of type '{type(array).__name__}'.")
        return _string_array(array)
    if dtype is None:
        return array.astype(as_dtype(array.dtype).numpy, copy=False)
    if dtype is dtypes.string:
        raise TypeError(f"Expected string, but got {array!r} of type '{type(array).__name__}'.")
    return array.astype(dtype.numpy)


def _shape_values(value: Any) -> Any:
    if isinstance(value, Dimension):
        if value.value is None:
            raise ValueError("Cannot convert an unknown Dimension to a Tensor: ?")
        return value.value
    if not value.is_fully_defined():
        raise ValueError(f"Cannot convert a partially known TensorShape {value} to a Tensor.")
    return value.as_list()


def _leaves(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _fits(leaf: Any, dtype: DType) -> bool:
    if isinstance(leaf, np.ndarray):
        return True
    if dtype.is_floating or dtype.is_complex:
        return isinstance(leaf, (bool, int, float, complex, np.number, np.bool_))
    if dtype.is_integer:
        return isinstance(leaf, (bool, int, np.integer, np.bool_, Dimension))
    if dtype.is_bool:
        return isinstance(leaf, (bool, np.bool_))
    return True


def _check_leaves(value: Any, dtype: DType) -> None:
    for leaf in _leaves(value):
        if not _fits(leaf, dtype):
            shown = leaf if isinstance(leaf, str) else repr(leaf)
            raise TypeError(f"Expected {dtype.name}, but got {shown} of type '{type(leaf).__name__}'.")


def _as_exact(value: Any, dtype: DType) -> np.ndarray[Any, Any]:
    array = np.array(value)
    if dtype.is_integer and array.size and array.dtype.kind in "iu":
        low, high = dtype.limits
        if array.min() < low or array.max() > high:
            raise ValueError(
                f"Can't convert Python sequence with out-of-range integer to Tensor of type {dtype.name}"
            )
    return array.astype(dtype.numpy)


def _conversion_error(value: Any, cause: Exception | None) -> Exception:
    if cause is not None and "inhomogeneous" in str(cause):
        return ValueError(f"Can't convert non-rectangular Python sequence to Tensor: {value!r}")
    if cause is not None and "out-of-range" in str(cause):
        return cause
    return TypeError(
        f"Failed to convert elements of {value!r} to Tensor. Consider casting elements to a supported type. "
        "See https://www.tensorflow.org/api_docs/python/tf/dtypes for supported TF dtypes."
    )


def _string_array(value: Any) -> np.ndarray[Any, Any]:
    if isinstance(value, (str, bytes)):
        array = np.empty((), object)
        array[()] = _as_bytes(value)
        return array
    source = np.array(value, dtype=object)
    array = np.empty(source.shape, object)
    for index, item in np.ndenumerate(source):
        array[index] = _as_bytes(item)
    return array


def _as_bytes(item: Any) -> bytes:
    if isinstance(item, str):
        return item.encode()
    if isinstance(item, bytes):
        return bytes(item)
    raise TypeError(f"Expected string, but got {item!r} of type '{type(item).__name__}'.")


def _convert_value(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    return make_constant(make_array(value, dtype), name)


def _convert_shape(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    return make_constant(make_array(value, dtype or dtypes.int32), name or "shape_as_tensor")


def _convert_list(value: Any, dtype: DType | None, name: str | None, as_ref: bool) -> Any:
    """A list with tensors among its elements becomes a stack of them."""
    if not any(_is_symbolic(leaf) for leaf in _leaves(value)):
        return NotImplemented
    symbolic = next(leaf for leaf in _leaves(value) if _is_symbolic(leaf))
    return _packed(value, dtype or symbolic.dtype.base_dtype, name or "packed", dtype is not None)


def _packed(value: Any, dtype: DType, name: str, cast: bool) -> Any:
    """A stack of the elements, or a list if there is no tensor among them. Each list has a name scope, as in TensorFlow.

    Tensors of other types are cast where the type was asked for.
    """
    from graphmagic.ops.stacking import pack

    with get_default_graph().name_scope(name) as scope:
        parts = [
            _packed(v, dtype, str(i), cast) if isinstance(v, (list, tuple)) else v
            for i, v in enumerate(value)
        ]
        if not any(_is_symbolic(part) for part in parts):
            return parts
        elements = [
            (_in_type(v, dtype) if cast else v)
            if _is_symbolic(v)
            else convert_to_tensor(v, dtype, name=str(i))
            for i, v in enumerate(parts)
        ]
        return pack(elements, axis=0, name=scope)


def _in_type(tensor: Any, dtype: DType) -> Any:
    """A tensor of a list that shall have a type: numbers are cast, as in TensorFlow."""
    from graphmagic.ops.casting import cast

    return tensor if dtypes.string in (dtype, tensor.dtype.base_dtype) else cast(tensor, dtype)


def _is_symbolic(leaf: Any) -> bool:
    return isinstance(getattr(leaf, "dtype", None), DType)


register_tensor_conversion_function((list, tuple), _convert_list, 90)
register_tensor_conversion_function((TensorShape, Dimension), _convert_shape, 95)
register_tensor_conversion_function(object, _convert_value, 200)
