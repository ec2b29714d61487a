"""What the operations on strings share: elements as bytes, and functions applied to each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

__all__ = ["as_bytes", "byte_strings", "each", "string_array"]

Array = np.ndarray[Any, Any]


def as_bytes(item: Any) -> bytes:
    """An element of a string tensor as bytes; fed strings may be text.

    >>> as_bytes("é"), as_bytes(b"a")
    (b'\\xc3\\xa9', b'a')
    """
    return item.encode() if isinstance(item, str) else bytes(item)


def byte_strings(x: Any) -> list[bytes]:
    """The elements of a string tensor in the order of reading."""
    return [as_bytes(item) for item in np.asarray(x, object).ravel().tolist()]


def string_array(items: Sequence[Any], shape: Any) -> Array:
    """An array of objects: NumPy's own conversion would cut strings at zero bytes.

    >>> string_array([b"a", b"bc"], (2,))
    array([b'a', b'bc'], dtype=object)
    """
    array = np.empty(len(items), object)
    array[:] = items
    return array.reshape(shape)


def each(function: Callable[[bytes], Any], x: Any, dtype: Any = object) -> Array:
    """`function` of each element of a string tensor.

    >>> each(len, np.array([b"a", b"bc"], object), np.int32)
    array([1, 2], dtype=int32)
    """
    results = [function(item) for item in byte_strings(x)]
    if dtype is object:
        return string_array(results, np.shape(x))
    return np.array(results, dtype).reshape(np.shape(x))
