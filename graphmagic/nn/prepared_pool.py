"""Largest elements of windows of 2 x 2 that lie side by side, and their gradient, for a few images of known sizes."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.aligned import aligned_empty

__all__ = ["Largest", "Spread"]

Array = np.ndarray[Any, Any]
LOWEST = np.array(np.finfo(np.float32).min, np.float32)
ZERO = np.zeros((), np.float32)


def _quarters(x: Array, sizes: tuple[int, ...]) -> Array:
    """A view with the rows and columns of each window in front: ``[images, 2, 2, height, width, channels]``."""
    height, width, depth = sizes
    return x.reshape(len(x), height, 2, width, 2, depth).transpose(0, 2, 4, 1, 3, 5)


class Largest:
    """The largest element of each window; NaN never wins.

    Args:
        images: how many images at a time, at most.
        sizes: of the result: height, width, channels.
        rectifies: whether negative elements count as 0.  That is done last, on a quarter of the elements.

    >>> x, out = np.arange(8, dtype=np.float32).reshape(1, 2, 4, 1), np.empty((1, 1, 2, 1), np.float32)
    >>> winners = np.empty((1, 4, 1, 2, 1), np.int8)
    >>> largest = Largest(1, (1, 2, 1), False)
    >>> largest(x, out)
    >>> largest.find_winners(x, out, winners)
    >>> out.ravel(), winners[0, :, 0, 0, 0], winners[0, :, 0, 1, 0]
    (array([5., 7.], dtype=float32), array([ 0,  0,  0, -1], dtype=int8), array([ 0,  0,  0, -1], dtype=int8))
    """

    def __init__(self, images: int, sizes: tuple[int, ...], rectifies: bool) -> None:
        height, width, depth = self.sizes = sizes
        self._rectifies = rectifies
        self._half = aligned_empty((images, height, 2 * width * depth), np.float32)
        self._free = aligned_empty((images, *sizes), bool)
        self._active = aligned_empty((images, *sizes), bool)

    def __call__(self, x: Array, out: Array) -> None:
        """Compute into `out`."""
        count, (height, width, depth) = len(x), self.sizes
        rows, half = x.reshape(count, height, 2, -1), self._half[:count]
        np.fmax(rows[:, :, 0], rows[:, :, 1], half)
        columns = half.reshape(count, height, width, 2, depth)
        np.fmax(columns[:, :, :, 0], columns[:, :, :, 1], out)
        if self._rectifies:
            np.maximum(out, ZERO, out=out)
        np.fmax(out, LOWEST, out)

    def find_winners(self, x: Array, top: Array, winners: Array) -> None:
        """Where the first of the largest elements is.

        Args:
            x: the images.
            top: what this found in them.
            winners: is filled, for each position of the window, with numbers all of whose bits are 1 where it wins.
        """
        elements, wins, free = _quarters(x, self.sizes), winners.view(bool), self._free[: len(x)]
        np.equal(elements, top[:, None, None], wins.reshape(elements.shape))
        np.less(elements[:, 0, 0], top, free)
        if self._rectifies:
            self._begin_rectified(top, free, wins[:, 0])
        else:
            np.logical_not(free, wins[:, 0])  # so that NaN in the first place wins, as in TensorFlow 1
        for position in (1, 2, 3):
            np.logical_and(wins[:, position], free, wins[:, position])
            np.greater(free, wins[:, position], free)  # still free, and not taken
        if not self._rectifies:  # where nothing reaches the least of all numbers, the first place wins
            np.logical_or(wins[:, 0], free, wins[:, 0])
        np.negative(winners, winners)

    def _begin_rectified(self, top: Array, free: Array, first: Array) -> None:
        """Where nothing is above zero, the first element is as large as the others, and gets a gradient times zero.

        The gradient of NaN in the first place is times zero too: there nobody wins.  (If the gradient is not finite
        either, that is zero here, and NaN in one operation after the other.)
        """
        active = self._active[: len(top)]
        np.greater(top, ZERO, active)
        np.logical_and(free, active, free)
        np.less_equal(active, first, first)  # equal, or not active


class Spread:
    """The gradient of `Largest`: all of it goes to the first of equal elements, zeros to the others.

    Args:
        images: how many images at a time, at most.
        sizes: of the incoming gradient: height, width, channels.

    >>> winners = np.array([0, -1, 0, 0], np.int8).reshape(1, 4, 1, 1, 1)
    >>> out = np.empty((1, 2, 2, 1), np.float32)
    >>> Spread(1, (1, 1, 1))(np.full((1, 1, 1, 1), np.inf, np.float32), winners, out)
    >>> out.ravel()
    array([ 0., inf,  0.,  0.], dtype=float32)
    """

    def __init__(self, images: int, sizes: tuple[int, ...]) -> None:
        self._sizes = sizes
        self._mask = aligned_empty((images, 4, *sizes), np.int32)

    def __call__(self, dy: Array, winners: Array, out: Array) -> None:
        """Compute into `out` from the incoming gradient, which lies flat in memory."""
        mask, targets = self._mask[: len(dy)], _quarters(out.view(np.int32), self._sizes)
        np.copyto(mask, winners)
        np.bitwise_and(dy.view(np.int32)[:, None, None], mask.reshape(targets.shape), targets)
