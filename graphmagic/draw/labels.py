"""Short, honest texts for shapes, types and values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from graphmagic.dtypes import DType
    from graphmagic.graph import Operation
    from graphmagic.shapes import TensorShape

__all__ = [
    "SMALL",
    "count",
    "edge_shape",
    "printable",
    "relative",
    "shape_text",
    "shorten",
    "site_text",
    "typed",
    "value_text",
]

SMALL = 6
"""Arrays of at most this many elements are written out."""


def printable(text: str) -> str:
    r"""The text with every character that does not print written as its Python escape.

    Control characters would make an SVG malformed, and marks that turn the writing direction would let a name
    look like another.

    >>> printable("naïve \N{SNOWMAN}"), printable("a\nb\x00")
    ('naïve ☃', 'a\\nb\\x00')
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shorten(text: str, width: int = 40) -> str:
    """The text, cut in the middle if it is longer than `width`.

    >>> shorten("abcdefghij", 7)
    'abc…hij'
    """
    if len(text) <= width:
        return text
    head = width // 2
    return f"{text[:head]}…{text[len(text) - (width - 1 - head) :]}"


def relative(path: str, cluster: str) -> str:
    """A name as it is called inside a frame.

    >>> relative("net/layer/w", "net"), relative("net", "net"), relative("x", "")
    ('layer/w', 'net', 'x')
    """
    if path == cluster:
        return path.rpartition("/")[2]
    return path.removeprefix(f"{cluster}/") if cluster else path


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "variable"), count(1200, "operation")
    ('1 variable', '1,200 operations')
    """
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def shape_text(shape: TensorShape) -> str:
    """A static shape in brackets: `[?, 3]`, `scalar`, or `unknown shape`."""
    if shape.ndims is None:
        return "unknown shape"
    return _bracketed(shape.as_list()) if shape.ndims else "scalar"


def edge_shape(shape: TensorShape) -> str:
    """The shape for the side of an arrow, where scalars go without saying."""
    if shape.ndims is None:
        return "?"
    return _bracketed(shape.as_list()) if shape.ndims else ""


def typed(dtype: DType, shape: TensorShape) -> str:
    """Type and shape on one line: `float32 [?, 3]`."""
    return f"{dtype.base_dtype.name} {shape_text(shape)}"


def _bracketed(dims: Any) -> str:
    return "[" + ", ".join("?" if d is None else str(d) for d in dims) + "]"


def value_text(value: Any, shape: bool = True) -> str:
    """A value on one line: small ones written out, arrays summarised.

    Args:
        value: anything that NumPy makes an array of.
        shape: whether a summary starts with the shape.

    >>> value_text(np.float32(0.1)), value_text([1, 2, 3]), value_text(True)
    ('0.1', '[1, 2, 3]', 'True')
    >>> value_text(np.full((784, 10), 0.01))
    '[784, 10] all 0.01'
    >>> value_text(np.arange(7), shape=False)
    'mean 3'
    >>> value_text(np.array([1.0, np.nan] * 4))
    '[8] has NaN'
    """
    array = np.asarray(value)
    if array.ndim == 0:
        return _scalar(array[()])
    if array.shape == (0,):
        return "[]"
    if 0 < array.size <= SMALL and not (array.size > 2 and array.ndim > 1 and _same(array)):
        return shorten(_nested(array), 48)
    return f"{_bracketed(array.shape)} {_summary(array)}" if shape else _summary(array)


def _scalar(item: Any) -> str:
    """One element; floats to 4 digits, texts in quotes."""
    if isinstance(item, bytes):
        item = item.decode("utf-8", "backslashreplace")
    if isinstance(item, (float, np.floating)):
        return f"{float(item):.4g}"
    if isinstance(item, (complex, np.complexfloating)):
        return f"{complex(item):.4g}"
    return shorten(repr(str(item)) if isinstance(item, str) else str(item), 24)


def _nested(array: np.ndarray[Any, Any]) -> str:
    if array.ndim == 1:
        return "[" + ", ".join(_scalar(item) for item in array) + "]"
    return "[" + ", ".join(_nested(row) for row in array) + "]"


def _same(array: np.ndarray[Any, Any]) -> bool:
    return bool(np.all(array == array.flat[0]))


def _summary(array: np.ndarray[Any, Any]) -> str:
    """What can be said about a large array in two words."""
    if array.size == 0:
        return "empty"
    if array.dtype.kind not in "biufc":
        return f"{array.size:,} elements"
    if _same(array):
        return f"all {_scalar(array.flat[0])}"
    if array.dtype.kind in "fc" and not bool(np.all(np.isfinite(array))):
        return "has NaN" if bool(np.isnan(array).any()) else "has infinities"
    if array.dtype.kind == "b":
        return f"{int(array.sum()):,} True"
    with np.errstate(all="ignore"):
        return f"mean {_scalar(array.mean(dtype=np.complex128 if array.dtype.kind == 'c' else np.float64))}"


def site_text(op: Operation) -> str:
    """Where an operation was created: `cell In[3], line 2: foo = ...`."""
    line = op.site.line_text
    return f"{op.site}: {line}" if line else str(op.site)
