"""Convolution of a few images of known sizes at a time: all views and buffers are made once.

The method is that of `convolve`: for so many images that everything stays in the cache, the columns of the window are
laid side by side, and one matrix product for each of its rows is added up.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from graphmagic.aligned import aligned_empty
from graphmagic.nn.convolve import NARROW, product_tile
from graphmagic.nn.windows import Windows

__all__ = ["Convolution", "FilterSum", "images_at_a_time"]

Array = np.ndarray[Any, Any]

BLOCK_BYTES = 1 << 20  # unrolled images at a time: half of a common second-level cache


def images_at_a_time(depth: int, win: Windows) -> int:
    """How many images of `depth` channels, unrolled for these windows, stay in the cache.

    >>> from graphmagic.nn.windows import windows
    >>> images_at_a_time(32, windows([14, 14], [5, 5], [1, 1], [1, 1], "SAME"))
    6
    """
    is_narrow = win.kernel[1] * depth < NARROW
    rows = win.kernel[0] * win.outputs[0] if is_narrow else win.padded[0]
    return max(1, BLOCK_BYTES // max(1, 4 * rows * win.outputs[1] * win.kernel[1] * depth))


class _Unrolled:
    """Buffers for some images: padded, and with the columns of the window side by side."""

    def __init__(self, images: int, depth: int, win: Windows) -> None:
        self.win, self.images = win, images
        (above, _), (left, _) = win.pads
        (height, width), (rows, columns) = win.inputs, win.kernel
        self.is_narrow = columns * depth < NARROW
        self.inner = (rows if self.is_narrow else 1) * columns * depth
        self.padded = aligned_empty((images, *win.padded, depth), np.float32)
        self.padded[...] = 0
        self.inside = self.padded[:, above : above + height, left : left + width]
        step, gap = self.padded.strides, win.dilations
        if self.is_narrow:
            shape = (rows, columns, depth, images, *win.outputs)
            strides = (step[1] * gap[0], step[2] * gap[1], step[3], step[0], step[1] * win.strides[0])
            self.view = as_strided(self.padded, shape, (*strides, step[2] * win.strides[1]))
        else:
            shape = (images, win.padded[0], win.outputs[1], columns, depth)
            strides = (step[0], step[1], step[2] * win.strides[1], step[2] * gap[1], step[3])
            self.view = as_strided(self.padded, shape, strides)
        self.columns = aligned_empty(self.view.shape, np.float32)

    def fill(self, x: Array) -> None:
        """Lay out some images."""
        count = len(x)
        np.copyto(self.inside[:count], x)
        if self.is_narrow:
            np.copyto(self.columns[:, :, :, :count], self.view[:, :, :, :count])
        else:
            np.copyto(self.columns[:count], self.view[:count])

    def matrices(self, count: int) -> list[Array]:
        """For each row of the window (or for all of it) a matrix for each image: a row for each output."""
        points = self.win.outputs[0] * self.win.outputs[1]
        if self.is_narrow:
            flat = self.columns.reshape(self.inner, self.images, points)
            return [flat[:, :count].transpose(1, 2, 0)]
        found = []
        image, row, column = self.columns.strides[:3]
        for position in range(self.win.kernel[0]):
            first = self.columns[:, position * self.win.dilations[0] :]
            strides = (image, row * self.win.strides[0], column, self.columns.itemsize)
            rows = as_strided(first, (count, *self.win.outputs, self.inner), strides)
            found.append(rows.reshape(count, points, self.inner) if self.win.strides[0] == 1 else rows)
        return found


class Convolution:
    """``convolve`` for a few float32 images of known sizes, channels last, without groups.

    Args:
        images: how many images at a time, at most.
        depth: how many channels they have.
        width: how many filters.
        win: the windows.

    >>> from graphmagic.nn.windows import windows
    >>> win = windows([1, 5], [1, 3], [1, 1], [1, 1], "VALID")
    >>> x, out = np.arange(5, dtype=np.float32).reshape(1, 1, 5, 1), np.empty((1, 1, 3, 1), np.float32)
    >>> Convolution(1, 1, 1, win)(x, np.ones((1, 3, 1, 1), np.float32), out)
    >>> out.ravel()
    array([3., 6., 9.], dtype=float32)
    """

    def __init__(self, images: int, depth: int, width: int, win: Windows) -> None:
        self._buffers = _Unrolled(images, depth, win)
        self._width = width
        self._views: dict[int, Any] = {}

    def __call__(self, x: Array, filters: Array, out: Array) -> None:
        """Compute into `out`, which lies flat in memory, as the filters do."""
        count = len(x)
        if count not in self._views:
            self._views[count] = self._make_views(count)
        matrices, more, shape = self._views[count]
        parts = filters.reshape(-1, self._buffers.inner, self._width)
        self._buffers.fill(x)
        target = out.reshape(shape)
        np.matmul(matrices[0], parts[0], target)
        for rows, some in zip(matrices[1:], parts[1:], strict=True):
            np.matmul(rows, some, more)
            np.add(target, more, target)

    def _make_views(self, count: int) -> Any:
        inner = self._buffers.inner
        matrices = self._buffers.matrices(count)
        if matrices[0].ndim == 3 and not self._buffers.is_narrow:
            points = matrices[0].shape[1]
            tile = product_tile(points, inner * self._width)
            matrices = [m.reshape(count, points // tile, tile, inner) for m in matrices]
        shape = (*matrices[0].shape[:-1], self._width)
        more = aligned_empty(shape if len(matrices) > 1 else (0,), np.float32)
        return matrices, more, shape


class FilterSum:
    """``filter_gradient``, added up over a few images at a time; arguments as `Convolution`.

    Windows move by one row at a time.

    Attributes:
        total: the sum since `begin`, in the order of the filters.
    """

    def __init__(self, images: int, depth: int, width: int, win: Windows) -> None:
        self._buffers = _Unrolled(images, depth, win)
        self._points, self._width = win.outputs[0] * win.outputs[1], width
        self._views: dict[int, Any] = {}
        count = 1 if self._buffers.is_narrow else win.kernel[0]
        self.total = aligned_empty((count, self._buffers.inner, width), np.float32)

    def begin(self) -> None:
        """Start the sum anew."""
        self.total[...] = 0

    def __call__(self, x: Array, dy: Array) -> None:
        """Add the gradient of some images; `dy` lies flat in memory."""
        count = len(x)
        if count not in self._views:
            self._views[count] = self._make_views(count)
        matrices, products, is_tiled = self._views[count]
        self._buffers.fill(x)
        some = dy.reshape(
            (count, 1, self._points, self._width) if is_tiled else (count, self._points, self._width)
        )
        for rows, target in zip(matrices, self.total, strict=True):
            np.matmul(rows, some, products)
            for product in products.reshape(count, *target.shape):
                np.add(target, product, target)

    def _make_views(self, count: int) -> Any:
        inner, points = self._buffers.inner, self._points
        matrices = [m.transpose(0, 2, 1) for m in self._buffers.matrices(count)]
        tile = product_tile(inner, points * self._width)
        tiled = [m.reshape(count, inner // tile, tile, points) for m in matrices] if tile < inner else None
        if tiled is not None and not all(
            np.may_share_memory(a, b) for a, b in zip(tiled, matrices, strict=True)
        ):
            tiled = None  # the cut would be a copy
        shape = (count, inner // tile, tile, self._width) if tiled else (count, inner, self._width)
        return tiled or matrices, aligned_empty(shape, np.float32), bool(tiled)
