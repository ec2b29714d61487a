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

BLOCK_BYTES = 3 << 19  # what is computed at a time: less than a common second-level cache


def images_at_a_time(depth: int, width: int, win: Windows) -> int:
    """How many images of `depth` channels stay in the cache, unrolled for these windows, with products `width` wide.

    >>> from graphmagic.nn.windows import windows
    >>> images_at_a_time(32, 64, windows([14, 14], [5, 5], [1, 1], [1, 1], "SAME"))
    3
    """
    (rows, columns), (height, wide) = win.kernel, win.outputs
    is_narrow = columns * depth < NARROW
    unrolled = (rows * height if is_narrow else win.padded[0]) * wide * columns * depth
    products = (1 if is_narrow else rows) * height * wide * width
    return max(1, BLOCK_BYTES // max(1, 4 * (unrolled + products)))


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
        self.points = win.outputs[0] * win.outputs[1]
        self.columns = aligned_empty(self.view.shape, np.float32)

    def fill(self, x: Array) -> None:
        """Lay out some images."""
        count = len(x)
        np.copyto(self.inside[:count], x)
        if self.is_narrow:
            np.copyto(self.columns[:, :, :, :count], self.view[:, :, :, :count])
        else:
            np.copyto(self.columns[:count], self.view[:count])

    def matrices(self, count: int, tile: int) -> Array:
        """For each row of the window (or for all of it) and each image matrices with a row for each output.

        Args:
            count: how many images.
            tile: how many outputs a matrix has, if all of an image lie in equal steps.
        """
        if self.is_narrow:
            flat = self.columns.reshape(1, self.inner, self.images, self.points // tile, tile)
            return flat[:, :, :count].transpose(0, 2, 3, 4, 1)
        image, row, column = self.columns.strides[:3]
        (step, _), (gap, _) = self.win.strides, self.win.dilations
        cut, strides = self.win.outputs, (row * step, column)
        if step == 1:
            cut, strides = (self.points // tile, tile), (tile * column, column)
        shape = (self.win.kernel[0], count, *cut, self.inner)
        return as_strided(self.columns, shape, (row * gap, image, *strides, self.columns.itemsize))


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
        matrices, products, shape = self._views[count]
        self._buffers.fill(x)
        parts = filters.reshape(len(matrices), 1, 1, self._buffers.inner, self._width)
        target = out.reshape(shape)
        if len(matrices) == 1:
            np.matmul(matrices[0], parts[0], target)
        else:
            np.matmul(matrices, parts, products)
            np.add.reduce(products, 0, out=target)

    def _make_views(self, count: int) -> Any:
        buffers = self._buffers
        tile = buffers.points
        if not buffers.is_narrow:
            tile = product_tile(buffers.points, buffers.inner * self._width)
        matrices = buffers.matrices(count, tile)
        shape = (*matrices.shape[:-1], self._width)
        return matrices, aligned_empty(shape if len(matrices) > 1 else (0,), np.float32), shape[1:]


class FilterSum:
    """``filter_gradient``, added up over a few images at a time; arguments as `Convolution`.

    Windows move by one row at a time.

    Attributes:
        total: the sum since `begin`, in the order of the filters.
    """

    def __init__(self, images: int, depth: int, width: int, win: Windows) -> None:
        self._buffers = _Unrolled(images, depth, win)
        self._width = width
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
        matrices, products, by_image = self._views[count]
        self._buffers.fill(x)
        np.matmul(matrices, dy.reshape(count, 1, self._buffers.points, self._width), products)
        for product in by_image:
            np.add(self.total, product, self.total)

    def _make_views(self, count: int) -> Any:
        buffers = self._buffers
        matrices = buffers.matrices(count, buffers.points)[:, :, 0].swapaxes(-1, -2)
        tile = product_tile(buffers.inner, buffers.points * self._width)
        if buffers.is_narrow:
            tile = buffers.inner
        cut = (*matrices.shape[:2], buffers.inner // tile, tile, buffers.points)
        image = matrices.strides
        tiles = as_strided(matrices, cut, (*image[:2], image[2] * tile, *image[2:]))
        products = aligned_empty((*cut[:-1], self._width), np.float32)
        joined = products.reshape(*cut[:2], buffers.inner, self._width)
        return tiles, products, [joined[:, index] for index in range(count)]
