"""Text and bytes under either version of Python, and TensorFlow's switches between versions (``tf.compat``)."""

from __future__ import annotations

import numbers as _numbers
import os as _os
from typing import Any as _Any

from graphmagic.dimension import Dimension as _Dimension
from graphmagic.names import namespace as _namespace

__all__ = [
    "as_bytes",
    "as_str",
    "as_str_any",
    "as_text",
    "dimension_at_index",
    "dimension_value",
    "forward_compatible",
    "path_to_str",
]

bytes_or_text_types = (bytes, str)
integral_types = (_numbers.Integral,)
real_types = (_numbers.Real,)
complex_types = (_numbers.Complex,)


def as_bytes(bytes_or_text: _Any, encoding: str = "utf-8") -> bytes:
    """Text as bytes; bytes stay.

    >>> as_bytes("é")
    b'\\xc3\\xa9'
    """
    if isinstance(bytes_or_text, (bytes, bytearray)):
        return bytes(bytes_or_text)
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: _Any, encoding: str = "utf-8") -> str:
    """Bytes as text; text stays.

    >>> as_text(b"graph")
    'graph'
    """
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value: _Any) -> str:
    """Anything as text."""
    return as_text(value) if isinstance(value, bytes) else str(value)


def dimension_value(dimension: _Any) -> int | None:
    """A static size as an integer, None if it is not known.

    >>> import graphmagic as tf
    >>> dimension_value(tf.TensorShape([3, None])[0])
    3
    """
    value: int | None = getattr(dimension, "value", dimension)
    return value


def dimension_at_index(shape: _Any, index: int) -> _Any:
    """A `Dimension` of a static shape, also of one whose rank is not known; see `dimension_value`."""
    return _Dimension(None) if shape.ndims is None else shape.dims[index]


def forward_compatible(year: int, month: int, day: int) -> bool:
    """False: what TensorFlow was to do from some day on, graphmagic does not.

    >>> forward_compatible(2019, 10, 1)
    False
    """
    return False


def path_to_str(path: _Any) -> str:
    """A path as text; see `as_text`."""
    return as_text(_os.fspath(path))


_other_name, __dir__ = _namespace(__name__)


def __getattr__(name: str) -> _Any:
    if name == "v1":
        import graphmagic

        return graphmagic
    return _other_name(name)
