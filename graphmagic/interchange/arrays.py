"""`tf.make_tensor_proto` and `tf.make_ndarray`: arrays as messages, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import as_dtype
from graphmagic.graph.messages import message
from graphmagic.graph.tensor_protos import array_of, fill_tensor
from graphmagic.ops.constant import fit_array, make_array
from graphmagic.shapes import as_shape

__all__ = ["make_ndarray", "make_tensor_proto"]


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """A value as the message that graph definitions hold.

    Args:
        values: a number, string, list or array.
        dtype: its type, as in `tf.constant`.
        shape: its shape; if it has more elements than `values`, the last element is repeated.
        verify_shape: refuse to repeat elements.
        allow_broadcast: repeat a single element only; the two cannot be asked for together.

    Returns:
        A ``TensorProto``.

    Raises:
        TypeError: `values` does not have one type, or not `dtype`.
        ValueError: `values` has more elements than `shape`, or is ragged.

    >>> import graphmagic as tf
    >>> tf.make_ndarray(tf.make_tensor_proto([1.5, 2.5]))
    array([1.5, 2.5], dtype=float32)
    """
    array = make_array(values, None if dtype is None else as_dtype(dtype).base_dtype)
    if shape is not None:
        array = fit_array(array, as_shape(shape), verify_shape)
    result = message("TensorProto")()
    fill_tensor(result, array)
    return result


def make_ndarray(tensor: Any) -> np.ndarray[Any, Any]:
    """The array that a message holds; see `make_tensor_proto`.

    Args:
        tensor: a ``TensorProto``.

    Raises:
        TypeError: its elements are of a type that graphmagic does not have.
        ValueError: it holds more elements than its shape says.
    """
    return array_of(tensor)
