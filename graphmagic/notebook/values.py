"""Values in few characters: a scalar, a small array, the summary of a large one, the trend of a series."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = [
    "digest",
    "histogram",
    "is_finite",
    "memory",
    "norm",
    "number",
    "scalar",
    "seconds_in_words",
    "sparkline",
    "summarize",
    "trend",
]

BARS = "▁▂▃▄▅▆▇█"
SHOWN = 6
LONGEST_STRING = 32
SAMPLED = 8192


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
    low, mean, high = array.min(), array.mean(dtype=np.float64), array.max()
    # Of numbers around zero the last digits of the mean are noise, and differ from machine to machine.
    if abs(mean) < 1e-7 * max(abs(float(low)), abs(float(high))):
        mean = 0.0
    return ", ".join([f"min {number(low)}", f"mean {number(mean)}", f"max {number(high)}", *strange])


def histogram(value: Any, bins: int = 8) -> str:
    """How the numbers of an array spread from its minimum to its maximum, as bars; "" if it is shown whole.

    >>> histogram(np.array([0.0] * 4 + [1.0, 5.0, 6.0, 7.0]))
    '█▂   ▂▂▂'
    >>> histogram(np.ones(9)), histogram(np.ones(3))
    ('', '')
    """
    array = np.asarray(value)
    if array.size <= SHOWN or array.dtype.kind not in "fiu":
        return ""
    # Of a large array a part gives the same eight bars, at a cost that a live panel can afford.
    numbers = array.ravel()[:: -(-array.size // SAMPLED)].astype(np.float64, copy=False)
    numbers = numbers[np.isfinite(numbers)]
    if numbers.size == 0:
        return ""
    low, high = numbers.min() / 2, numbers.max() / 2
    if high == low:
        return ""
    places = np.minimum((numbers / 2 - low) / (high - low) * bins, bins - 1).astype(int)
    counts = np.bincount(places, minlength=bins)
    return "".join(
        BARS[-(-count * len(BARS) // counts.max()) - 1] if count else " " for count in counts.tolist()
    )


def is_finite(value: Any) -> bool:
    """Whether there is no NaN and no infinity among the numbers of a value.

    >>> is_finite(np.ones(3)), is_finite(np.array([1.0, np.nan])), is_finite(np.array(["text"]))
    (True, False, True)
    """
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


def norm(value: Any) -> float | None:
    """The length of an array as a vector, or None if it is no array of numbers.

    >>> norm(np.array([3.0, 4.0])), norm(np.float32(3.0)), norm(None)
    (5.0, None, None)
    """
    if value is None or np.ndim(value) == 0 or value.dtype.kind not in "fiu":
        return None
    flat = value.ravel()
    if flat.dtype.kind != "f" or flat.dtype.itemsize < 4:
        flat = flat.astype(np.float64)
    return float(np.sqrt(np.dot(flat, flat)))


def memory(nbytes: int) -> str:
    """A number of bytes in few characters.

    >>> memory(17), memory(31_400), memory(2_500_000)
    ('17 bytes', '31.4 kB', '2.5 MB')
    """
    size, unit = float(nbytes), 0
    while size >= 999.5 and unit < 4:
        size, unit = size / 1000, unit + 1
    return f"{size:.3g} {('bytes', 'kB', 'MB', 'GB', 'TB')[unit]}"


def seconds_in_words(seconds: float) -> str:
    """A time in few characters.

    >>> [seconds_in_words(x) for x in (2e-5, 0.0123, 3.14159, 75.0, 4000.0)]
    ['20 µs', '12 ms', '3.1 s', '1 min 15 s', '1 h 6 min']
    """
    if seconds >= 3600:
        return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60)} min"
    if seconds >= 60:
        return f"{int(seconds // 60)} min {int(seconds % 60)} s"
    for factor, unit in ((1, "s"), (1e3, "ms")):
        if seconds * factor >= 1:
            return f"{seconds * factor:.{1 if seconds * factor < 10 else 0}f} {unit}"
    return f"{seconds * 1e6:.0f} µs"


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


def trend(series: Sequence[float]) -> tuple[str, str]:
    """How a number went, if it changed: bars, and its first and last value in figures.

    >>> trend([4.0, 2.0, 1.0])
    ('█▃▁', '4 → 1')
    >>> trend([4.0, 4.0]), trend([float("nan"), float("nan")])
    (('', ''), ('', ''))
    """
    if len(set(series)) < 2 or np.isnan(series).all():
        return "", ""
    return sparkline(series), f"{number(series[0])} → {number(series[-1])}"


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
