"""What a trace keeps of a value: small arrays whole, of large ones a summary and a small picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["MISSING", "Noted", "note"]

WHOLE = 64
"""Arrays of at most this many elements are kept whole."""
PICTURED = 7
"""Arrays of fewer elements than this need no picture."""
SIDE = 32
"""The longest side of a picture, in cells."""
BINS = 24
MISSING = 255
"""The cell of a picture where there is no finite number."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What is known of a value once it is gone.

    Attributes:
        dtype: the name of its type.
        shape: its shape, None for what is no array.
        nbytes: its size in bytes.
        value: a copy, if it is small.
        low: the smallest finite element of a large numeric array.
        mean: the mean of its finite elements.
        high: its largest finite element.
        nans: how many elements are not a number.
        infinities: how many are infinite.
        histogram: how many finite elements there are in each of equal intervals from `low` to `high`.
        picture: rows of cells from 0 to 254, which stand for `scale`, or `MISSING`.
        scale: the values that the cells 0 and 254 stand for.
        slice: which part of the array the picture shows, such as ``[0, :, :]``; empty for all of it.
    """

    dtype: str
    shape: tuple[int, ...] | None
    nbytes: int
    value: Any = None
    low: float | None = None
    mean: float | None = None
    high: float | None = None
    nans: int = 0
    infinities: int = 0
    histogram: tuple[int, ...] = ()
    picture: np.ndarray[Any, Any] | None = None
    scale: tuple[float, float] = (0.0, 0.0)
    slice: str = ""


def note(value: Any) -> Noted:
    """What to keep of a value.

    >>> note(np.float32(2.5))
    Noted(dtype='float32', shape=(), nbytes=4, value=array(2.5, dtype=float32), low=None, ...)
    >>> large = note(np.arange(100.0).reshape(4, 25))
    >>> large.value, large.low, large.mean, large.high, large.picture.shape
    (None, 0.0, 49.5, 99.0, (4, 25))
    """
    if not isinstance(value, (np.ndarray, np.generic)):
        return Noted("variant", None, 0, value=None)
    array = np.asarray(value)
    name = "string" if array.dtype.hasobject else array.dtype.name
    nbytes = sum(map(len, array.ravel())) if array.dtype.hasobject else array.nbytes
    whole = np.array(array) if array.size <= WHOLE else None
    if array.dtype.kind not in "biuf" or array.size < PICTURED:
        return Noted(name, array.shape, nbytes, whole)
    with np.errstate(all="ignore"):
        return _numeric(array, name, whole)


def _numeric(array: np.ndarray[Any, Any], name: str, whole: Any) -> Noted:
    numbers = array.astype(np.float64)
    finite = np.isfinite(numbers)
    nans = int(np.count_nonzero(np.isnan(numbers)))
    infinities = int(numbers.size - np.count_nonzero(finite)) - nans
    known = numbers[finite]
    if not known.size:
        return Noted(name, array.shape, array.nbytes, whole, nans=nans, infinities=infinities)
    low, high = float(known.min()), float(known.max())
    # Around zero the colour tells the sign, so both ends are equally far from it.
    scale = (-max(-low, high), max(-low, high)) if low < 0 < high else (low, high)
    plane, part = _plane(numbers)
    return Noted(
        name,
        array.shape,
        array.nbytes,
        whole,
        low,
        float(known.mean()),
        high,
        nans,
        infinities,
        _histogram(known, low, high),
        _cells(plane, scale),
        scale,
        part,
    )


def _histogram(known: np.ndarray[Any, Any], low: float, high: float) -> tuple[int, ...]:
    """Counts in equal intervals; halved first, since the difference of two huge numbers could overflow."""
    span = high / 2 - low / 2
    if not span > 0:
        return ()
    places = ((known / 2 - low / 2) / span * BINS).astype(np.int64)
    return tuple(np.bincount(np.minimum(places, BINS - 1), minlength=BINS).tolist())


def _plane(array: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], str]:
    """Two dimensions of an array: two of one size that follow each other, as images have them, else the last two.

    The first dimension is most often that of the batch, so it comes last in the search.

    >>> plane, part = _plane(np.zeros((8, 28, 28, 1)))
    >>> plane.shape, part
    ((28, 28), '[0, :, :, 0]')
    >>> _plane(np.zeros((8, 8, 8, 16)))[1], _plane(np.zeros((5, 5, 1, 32)))[1], _plane(np.zeros((9, 7, 4)))[1]
    ('[0, :, :, 0]', '[:, :, 0, 0]', '[0, :, :]')
    """
    if array.ndim < 3:
        return np.atleast_2d(array), ""
    shape = array.shape
    square = [i for i in range(array.ndim - 1) if shape[i] == shape[i + 1] > 1]
    first = min(square, key=lambda i: (i == 0, i)) if square else array.ndim - 2
    index: list[Any] = [0] * array.ndim
    index[first] = index[first + 1] = slice(None)
    return array[tuple(index)], f"[{', '.join(':' if i == slice(None) else '0' for i in index)}]"


def _cells(plane: np.ndarray[Any, Any], scale: tuple[float, float]) -> np.ndarray[Any, Any]:
    """A plane as cells, every so many rows and columns of it if it is large."""
    rows, columns = (_sampled(size, SIDE * 2 if plane.shape[0] == 1 else SIDE) for size in plane.shape)
    numbers = plane[np.ix_(rows, columns)]
    span = scale[1] / 2 - scale[0] / 2
    shades = (numbers / 2 - scale[0] / 2) / span * 254 if span > 0 else np.full(numbers.shape, 127.0)
    cells = np.full(numbers.shape, MISSING, np.uint8)
    finite = np.isfinite(numbers)
    cells[finite] = np.clip(np.round(shades[finite]), 0, 254).astype(np.uint8)
    return cells


def _sampled(size: int, most: int) -> np.ndarray[Any, Any]:
    if size <= most:
        return np.arange(size)
    return np.linspace(0, size - 1, most).round().astype(np.int64)
