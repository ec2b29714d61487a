"""Largest elements of windows that lie side by side, and their gradient, for images of known sizes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from graphmagic.parallel import Contest, both

__all__ = ["LargestGradient", "LargestOfFour"]

Array = np.ndarray[Any, Any]
LOWEST = np.array(np.finfo(np.float32).min, np.float32)
IMAGES = 2  # at a time, so that they stay in the cache


class _Batch:
    """Work on some images after the others; halves of a batch in two threads if that is faster."""

    def __init__(self, shape: tuple[int, ...], threads: int) -> None:
        self.batch, height, width, self.depth = shape
        self.height, self.width = height // 2, width // 2
        self._memory = [self._buffers() for _ in range(2 if threads > 1 and self.batch > 1 else 1)]
        self._run: Callable[..., Any] = self._alone
        if len(self._memory) > 1:
            self._run = Contest(self._alone, self._in_halves)

    def _buffers(self) -> Any:
        raise NotImplementedError

    def _some(self, buffers: Any, part: slice, *arrays: Array) -> None:
        raise NotImplementedError

    def _alone(self, *arrays: Array) -> None:
        self._work(self._memory[0], 0, self.batch, *arrays)

    def _in_halves(self, *arrays: Array) -> None:
        middle = self.batch // 2
        both(
            partial(self._work, self._memory[0], 0, middle, *arrays),
            partial(self._work, self._memory[1], middle, self.batch, *arrays),
        )

    def _work(self, buffers: Any, first: int, last: int, *arrays: Array) -> None:
        for start in range(first, last, IMAGES):
            self._some(buffers, slice(start, min(start + IMAGES, last)), *arrays)

    def _quarters(self, x: Array) -> list[Array]:
        """The elements of each window, position by position, in row-major order."""
        parts = x.reshape(len(x), self.height, 2, self.width, 2, self.depth)
        return [parts[:, :, row, :, column] for row in (0, 1) for column in (0, 1)]


class LargestOfFour(_Batch):
    """The largest element of each window of 2 x 2 that has no neighbour's elements; NaN never wins.

    Args:
        shape: of the images: batch, height, width, channels; height and width are even.
        threads: how many threads there may be.

    >>> x, out = np.arange(8, dtype=np.float32).reshape(1, 2, 4, 1), np.empty((1, 1, 2, 1), np.float32)
    >>> LargestOfFour(x.shape, 1)(x, out)
    >>> out.ravel()
    array([5., 7.], dtype=float32)
    """

    def __call__(self, x: Array, out: Array) -> None:
        """Compute into `out`."""
        self._run(np.ascontiguousarray(x), out)

    def _buffers(self) -> Array:
        return np.empty((IMAGES, self.height, 2 * self.width * self.depth), np.float32)

    def _some(self, buffers: Array, part: slice, *arrays: Array) -> None:
        x, out = (array[part] for array in arrays)
        rows, half = x.reshape(len(x), self.height, 2, -1), buffers[: len(x)]
        np.fmax(rows[:, :, 0], rows[:, :, 1], out=half)
        columns = half.reshape(len(x), self.height, self.width, 2, self.depth)
        np.fmax(columns[:, :, :, 0], columns[:, :, :, 1], out=out)
        np.fmax(out, LOWEST, out=out)


class LargestGradient(_Batch):
    """The gradient of `LargestOfFour`: all of it goes to the first of equal elements; arguments as there."""

    def __call__(self, x: Array, top: Array, dy: Array, out: Array) -> None:
        """Compute into `out`, from the images, their largest elements, and the incoming gradient."""
        self._run(np.ascontiguousarray(x), top, dy, out)

    def _buffers(self) -> tuple[Array, Array]:
        shape = (IMAGES, self.height, self.width, self.depth)
        return np.empty(shape, bool), np.empty(shape, bool)

    def _some(self, buffers: Any, part: slice, *arrays: Array) -> None:
        x, top, dy, out = (array[part] for array in arrays)
        wins, lost = (buffer[: len(x)] for buffer in buffers)
        targets = self._quarters(out)
        for position, (elements, target) in enumerate(zip(self._quarters(x), targets, strict=True)):
            # not smaller, instead of equal, so that NaN in the first place wins, as in TensorFlow
            if position == 0:
                np.less(elements, top, lost)
                np.logical_not(lost, wins)
            else:
                np.less(elements, top, wins)
                np.greater(lost, wins, wins)  # still free, and not smaller
                np.greater(lost, wins, lost)
            np.multiply(dy, wins, target)
