"""Memory that a plan uses again and again: aligned arrays, and the arena that lends them out."""

from __future__ import annotations

import math
import sys
from collections import deque
from functools import partial
from typing import Any

import numpy as np

from graphmagic.aligned import ALIGNMENT, aligned_empty

__all__ = ["ALONE", "Arena", "Pool", "can_recycle", "is_recyclable", "owns_memory"]


class Arena:
    """Blocks of memory that are taken and given back while a plan is being written, not while it runs.

    Attributes:
        allocated: bytes in all blocks.
        requested: bytes that would have been allocated without using any twice.

    >>> arena = Arena()
    >>> one = arena.take((100,), np.dtype(np.float32))
    >>> arena.give_back(one)
    >>> two = arena.take((10, 10), np.dtype(np.int32))
    >>> np.shares_memory(one, two), arena.allocated, arena.requested
    (True, 448, 896)
    """

    def __init__(self) -> None:
        self.allocated = 0
        self.requested = 0
        self._free: dict[int, list[np.ndarray[Any, Any]]] = {}
        self._blocks: dict[int, np.ndarray[Any, Any]] = {}

    def take(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
        """An array in a free block of its size, the one last given back (it is in the cache), or in a new one."""
        size = math.prod(shape) * dtype.itemsize
        rounded = -(-size // ALIGNMENT) * ALIGNMENT
        self.requested += rounded
        free = self._free.get(rounded)
        if free:
            block = free.pop()
        else:
            block = aligned_empty((rounded,), np.uint8)
            self.allocated += rounded
        array = block[:size].view(dtype).reshape(shape)
        self._blocks[id(array)] = block
        return array

    def adopt(self, array: np.ndarray[Any, Any]) -> bool:
        """Treat an array from elsewhere as if `take` had returned it, if it lies flat in memory."""
        if array.size < 2 or not array.flags.c_contiguous or array.dtype.hasobject:
            return False
        self._blocks[id(array)] = array.reshape(-1).view(np.uint8)
        return True

    def note_reuse(self, array: np.ndarray[Any, Any]) -> None:
        """Count an array that is used for another value, without having been given back in between."""
        self.requested += self._blocks[id(array)].nbytes

    def give_back(self, array: np.ndarray[Any, Any]) -> None:
        """Make the block of an array that `take` returned free for others."""
        block = self._blocks.pop(id(array))
        self._free.setdefault(block.nbytes, []).append(block)


MOST_POOLED_BYTES = 1 << 26


def _base_count(array: Any) -> int:
    return sys.getrefcount(array.base)


def _counts_alone() -> tuple[int, int]:
    array = aligned_empty((1,), np.uint8)
    return sys.getrefcount(array), _base_count(array)


# Measured rather than written down: interpreters differ in what counts as a reference.
ALONE, _BASE_ALONE = _counts_alone()


def can_recycle() -> bool:
    """Whether reference counts tell that nobody else holds an array: not without the global interpreter lock."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def is_recyclable(array: Any) -> bool:
    """Whether nobody but its single holder can reach an array's memory, and it came from `aligned_empty`.

    The holder has to look at the reference count of the array itself: here it is one more already.

    >>> a = aligned_empty((4,), np.float32)
    >>> is_recyclable(a), is_recyclable(np.empty(4)), [a[:2], is_recyclable(a)][1]
    (True, False, False)
    """
    if _base_count(array) != _BASE_ALONE or type(array.base) is not np.ndarray:
        return False
    return bool(array.flags.carray and array.base.dtype == np.uint8 and array.base.base is None)


def owns_memory(array: Any) -> bool:
    """Whether nobody can reach an array's memory who does not refer to the array itself.

    >>> a = np.zeros(4)
    >>> owns_memory(a), owns_memory(a[:2]), owns_memory(aligned_empty((4,), np.float32))
    (True, False, True)
    """
    return type(array) is np.ndarray and (array.base is None or is_recyclable(array))


class Pool:
    """New arrays of one shape for a result that a loop computes again and again; those of earlier runs come back.

    What a loop keeps, for its gradients perhaps, must be new arrays.  When reference counts say that nobody keeps the
    oldest one any more, it serves again: its memory is aligned, and the system need not clear it once more.

    Args:
        shape: the shape of the arrays.
        dtype: their type.

    >>> pool = Pool((2, 3), np.dtype(np.float32))
    >>> one, two = pool.take(), pool.take()
    >>> place = id(one)
    >>> del one
    >>> id(pool.take()) == place
    True
    """

    def __init__(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> None:
        self._make = partial(aligned_empty, shape, dtype)
        self._arrays: deque[np.ndarray[Any, Any]] = deque(
            maxlen=max(2, MOST_POOLED_BYTES // (math.prod(shape) * dtype.itemsize))
        )

    def take(self) -> np.ndarray[Any, Any]:
        """An array that nobody else refers to, with any contents."""
        arrays = self._arrays
        if arrays:
            array = arrays[0]
            arrays.rotate(-1)
            if sys.getrefcount(array) == ALONE + 1 and _base_count(array) == _BASE_ALONE:
                return array
        array = self._make()
        arrays.append(array)
        return array
