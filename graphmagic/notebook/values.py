"""Values in few characters: a scalar, a small array, the summary of a large one, the trend of a series."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["digest", "number", "scalar", "sparkline", "summarize", "trend"]

BARS = "▁▂▃▄▅▆▇█"
SHOWN = 6
LONGEST_STRING = 32


def summarize(value: Any) -> str:
    """A value in one line: whole if it is small, else its range and mean.

    >>> summarize(np.float32(0.1)), summarize(np.array([[1, 2], [3, 4]]))
    ('0.1', '[[1, 2], [3, 4]]')
    >>> summarize(np.arange(10.0))
    'min 0, mean 4.5, max 9'
    >>> summarize(np.array([1.0] * 8 + [np.nan]))
    'min 1, mean 1, max 1, 1 NaN'
    """
    array = np.asarray(value)
    if array.size == 0:
        return "no elements"
    if array.size <= SHOWN:
        return _nested(array.tolist())
    if array.dtype.kind in "fiu":
        return _numeric(array)
    if array.dtype.kind == "b":
        return f"{np.count_nonzero(array)} of {array.size} True"
    head = ", ".join(_element(item) for item in array.ravel()[:2].tolist())
    return f"{head}, … ({array.size} values)"


def _nested(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_nested, value))}]"
    return _element(value)


def _element(value: Any) -> str:
    if isinstance(value, float):
        return number(value)
    text = repr(value)
    return text if len(text) <= LONGEST_STRING else text[: LONGEST_STRING - 1] + "…"


def _numeric(array: np.ndarray[Any, Any]) -> str:
    strange = []
    if array.dtype.kind == "f":
        finite = np.isfinite(array)
        if not finite.all():
            nans = int(np.count_nonzero(np.isnan(array)))
            infinities = array.size - int(np.count_nonzero(finite)) - nans
            strange = [f"{count} {word}" for count, word in ((nans, "NaN"), (infinities, "Inf")) if count]
            array = array[finite]
    if array.size == 0:
        return ", ".join(strange)
    mean = array.mean(dtype=np.float64)
    return ", ".join(
        [f"min {number(array.min())}", f"mean {number(mean)}", f"max {number(array.max())}", *strange]
    )


def number(value: Any) -> str:
    """A number with at most four significant digits; integers are left whole.

    >>> number(3.14159), number(123456), number(float("nan")), number(1e-7)
    ('3.142', '123456', 'NaN', '1e-07')
    """
    if isinstance(value, (int, np.integer)):
        return str(value)
    if np.isnan(value):
        return "NaN"
    if np.isinf(value):
        return "Inf" if value > 0 else "-Inf"
    return f"{float(value):.4g}"


def scalar(value: Any) -> float | None:
    """The value as a number for a trend, or None if it is no single number."""
    if value is None or np.ndim(value) != 0 or np.asarray(value).dtype.kind not in "fiub":
        return None
    return float(value)


def sparkline(series: Sequence[float], width: int = 10) -> str:
    """A series as a row of bars; what is not finite leaves a gap.

    >>> sparkline([0, 1, 2, 3, 4, 5, 6, 7])
    '▁▂▃▄▅▆▇█'
    >>> sparkline([2.0, 2.0])
    '▄▄'
    """
    numbers = np.asarray(series, dtype=np.float64)
    if len(numbers) > width:
        numbers = numbers[np.linspace(0, len(numbers) - 1, width).round().astype(int)]
    finite = numbers[np.isfinite(numbers)]
    if finite.size == 0:
        return ""
    low, high = finite.min(), finite.max()
    # Halved first: the difference of two huge floats could overflow.
    span = high / 2 - low / 2
    if span == 0:
        return "".join(BARS[3] if np.isfinite(x) else " " for x in numbers)
    top = len(BARS) - 1
    return "".join(BARS[round((x / 2 - low / 2) / span * top)] if np.isfinite(x) else " " for x in numbers)


def trend(series: Sequence[float]) -> str:
    """How a scalar went, if it changed: bars, then its first and last value in figures.

    >>> trend([4.0, 2.0, 1.0])
    '█▃▁ 4 → 1'
    >>> trend([4.0, 4.0])
    ''
    """
    if len(set(series)) < 2:
        return ""
    return f"{sparkline(series)} {number(series[0])} → {number(series[-1])}".strip()


def digest(value: Any) -> bytes | None:
    """A fingerprint that tells whether a value changed, without keeping a copy of it.

    >>> digest(np.zeros(3)) == digest(np.zeros(3)), digest(np.zeros(3)) == digest(np.ones(3)), digest(None)
    (True, False, None)
    """
    if value is None:
        return None
    array = np.ascontiguousarray(value)
    content: Any = repr(array.tolist()).encode() if array.dtype.hasobject else array.view(np.uint8)
    return hashlib.blake2b(content, digest_size=16).digest()
