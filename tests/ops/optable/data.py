"""Input arrays: the same on every machine, all elements different, sizes chosen by the caller."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["EDGES", "EDGES16", "bools", "extremes", "floats", "ints", "strings"]

Array = np.ndarray[Any, Any]
_GOLDEN = 0.6180339887498949  # its multiples modulo 1 are spread evenly, in no visible order


def _spread(shape: tuple[int, ...], seed: int) -> Array:
    count = int(np.prod(shape, dtype=np.int64))
    return np.mod((np.arange(count) + 1 + 7 * seed) * _GOLDEN, 1).reshape(shape)


def floats(
    *shape: int, low: float = -2.0, high: float = 2.0, seed: int = 0, dtype: Any = np.float32
) -> Array:
    """Floats between `low` and `high`, with few digits."""
    return np.asarray(np.round(low + (high - low) * _spread(shape, seed), 4), dtype)


def ints(*shape: int, low: int = -6, high: int = 9, seed: int = 0, dtype: Any = np.int32) -> Array:
    """Integers from `low` to `high`, both included."""
    return np.asarray(np.floor(low + (high - low + 1) * _spread(shape, seed)), dtype)


def bools(*shape: int, seed: int = 0) -> Array:
    """Booleans, both kinds mixed."""
    return np.asarray(_spread(shape, seed) < 0.5)


def strings(*values: bytes) -> Array:
    """A vector of strings."""
    array = np.empty(len(values), object)
    array[:] = values
    return array


def extremes(dtype: Any) -> Array:
    """The integers of a type at which something may break."""
    info = np.iinfo(dtype)
    near_zero = [-1, 0, 1] if info.min else [0, 1]
    return np.array([info.min, info.min + 1, *near_zero, 7, info.max - 1, info.max], dtype)


EDGES = np.array([0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 1e30, 1e-30, -0.5], np.float32)
EDGES16 = np.array([0.0, -0.0, 1.0, -1.0, np.nan, np.inf, -np.inf, 6e4, 1e-4, -0.5], np.float16)
