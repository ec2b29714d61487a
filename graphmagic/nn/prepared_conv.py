"""Convolution of images of known sizes: all views and buffers are made once, and halves of a batch may run in two threads.

The method is that of `convolve`: for a few images at a time, so that everything stays in the cache, the columns of the
window are laid side by side, and one matrix product for each of its rows is added up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from graphmagic.nn.convolve import NARROW, product_tile
from graphmagic.nn.windows import Windows
from graphmagic.parallel import Contest, both

__all__ = ["FilterGradient", "Forward", "InputGradient"]

Array = np.ndarray[Any, Any]
Job = tuple[int, int, Any]  # the first image, the one after the last, views of the buffers for so many images

BLOCK_BYTES = 1 << 19  # unrolled images at a time: a quarter of a common second-level cache


class _Unrolled:
    """Buffers for some images: padded, and with the columns of the window side by side."""

    def __init__(self, images: int, depth: int, win: Windows) -> None:
        self.win, self.depth, self.images = win, depth, images
        (above, _), (left, _) = win.pads
        (height, width), (rows, columns) = win.inputs, win.kernel
        self.is_narrow = columns * depth < NARROW
        self.inner = (rows if self.is_narrow else 1) * columns * depth
        self.padded = np.zeros((images, *win.padded, depth), np.float32)
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
        self.columns = np.empty(self.view.shape, np.float32)

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


def _images_at_a_time(batch: int, depth: int, win: Windows) -> int:
    is_narrow = win.kernel[1] * depth < NARROW
    rows = win.kernel[0] * win.outputs[0] if is_narrow else win.padded[0]
    return max(1, min(batch, BLOCK_BYTES // max(1, 4 * rows * win.outputs[1] * win.kernel[1] * depth)))


class _Batch:
    """Work on a batch, a few images at a time; halves of it in two threads if that is faster."""

    def __init__(self, batch: int, depth: int, win: Windows, threads: int) -> None:
        self.win, self.depth, self.batch = win, depth, batch
        self.images = _images_at_a_time(batch, depth, win)
        self._whole = self._part(0, batch)
        self._run: Callable[..., Any] = self._alone
        if threads > 1 and batch > 1:
            self._parts = [self._part(0, batch // 2), self._part(batch // 2, batch)]
            self._run = Contest(self._alone, self._in_halves)

    def _part(self, first: int, last: int) -> tuple[_Unrolled, list[Job]]:
        buffers = _Unrolled(min(self.images, last - first), self.depth, self.win)
        jobs, views = [], {}
        for start in range(first, last, buffers.images):
            stop = min(start + buffers.images, last)
            if stop - start not in views:
                views[stop - start] = self._views(buffers, stop - start)
            jobs.append((start, stop, views[stop - start]))
        return buffers, jobs

    def _views(self, buffers: _Unrolled, count: int) -> Any:
        raise NotImplementedError

    def _work(self, part: tuple[_Unrolled, list[Job]], *arrays: Any) -> Any:
        raise NotImplementedError

    def _alone(self, *arrays: Any) -> list[Any]:
        return [self._work(self._whole, *arrays)]

    def _in_halves(self, *arrays: Any) -> list[Any]:
        return list(both(*[partial(self._work, part, *arrays) for part in self._parts]))


class Forward(_Batch):
    """``convolve`` for float32 images of known sizes, channels last, without groups.

    Args:
        batch: how many images.
        depth: how many channels they have.
        width: how many filters.
        win: the windows.
        threads: how many threads there may be.

    >>> from graphmagic.nn.windows import windows
    >>> win = windows([1, 5], [1, 3], [1, 1], [1, 1], "VALID")
    >>> x, out = np.arange(5, dtype=np.float32).reshape(1, 1, 5, 1), np.empty((1, 1, 3, 1), np.float32)
    >>> Forward(1, 1, 1, win, 1)(x, np.ones((1, 3, 1, 1), np.float32), out)
    >>> out.ravel()
    array([3., 6., 9.], dtype=float32)
    """

    def __init__(self, batch: int, depth: int, width: int, win: Windows, threads: int) -> None:
        self.width = width
        super().__init__(batch, depth, win, threads)

    def __call__(self, x: Array, filters: Array, out: Array) -> None:
        """Compute into `out`, which lies flat in memory."""
        self._run(x, filters.reshape(-1, self.width), out)

    def _views(self, buffers: _Unrolled, count: int) -> Any:
        matrices = buffers.matrices(count)
        if matrices[0].ndim == 3 and not buffers.is_narrow:
            points = matrices[0].shape[1]
            tile = product_tile(points, buffers.inner * self.width)
            matrices = [m.reshape(count, points // tile, tile, buffers.inner) for m in matrices]
        shape = (*matrices[0].shape[:-1], self.width)
        return matrices, np.empty(shape, np.float32), shape

    def _work(self, part: tuple[_Unrolled, list[Job]], *arrays: Any) -> None:
        x, filters, out = arrays
        buffers, jobs = part
        parts = filters.reshape(-1, buffers.inner, self.width)
        for start, stop, (matrices, more, shape) in jobs:
            buffers.fill(x[start:stop])
            target = out[start:stop].reshape(shape)
            np.matmul(matrices[0], parts[0], target)
            for rows, some in zip(matrices[1:], parts[1:], strict=True):
                np.matmul(rows, some, more)
                np.add(target, more, target)


class InputGradient:
    """``input_gradient`` as a convolution with turned filters; `back` are its windows, other arguments as `Forward`."""

    def __init__(self, batch: int, depth: int, width: int, back: Windows, threads: int) -> None:
        self._turned = np.empty((*back.kernel, width, depth), np.float32)
        self._forward = Forward(batch, width, depth, back, threads)

    def __call__(self, filters: Array, dy: Array, out: Array) -> None:
        """Compute into `out`, which lies flat in memory."""
        np.copyto(self._turned, filters[::-1, ::-1].swapaxes(-1, -2))
        self._forward(dy, self._turned, out)


class FilterGradient(_Batch):
    """``filter_gradient``; arguments as `Forward`.  Windows move by one row at a time."""

    def __init__(self, batch: int, depth: int, width: int, win: Windows, threads: int) -> None:
        self.width = width
        super().__init__(batch, depth, win, threads)

    def __call__(self, x: Array, dy: Array, out: Array) -> None:
        """Compute into `out`, which lies flat in memory."""
        points = self.win.outputs[0] * self.win.outputs[1]
        parts = self._run(x, np.ascontiguousarray(dy).reshape(self.batch, points, self.width))
        target = out.reshape(parts[0].shape)
        if len(parts) == 1:
            np.copyto(target, parts[0])
        else:
            np.add(parts[0], parts[1], target)

    def _views(self, buffers: _Unrolled, count: int) -> Any:
        matrices = [m.transpose(0, 2, 1) for m in buffers.matrices(count)]
        inner, points = buffers.inner, matrices[0].shape[2]
        tile = product_tile(inner, points * self.width)
        tiled = [m.reshape(count, inner // tile, tile, points) for m in matrices] if tile < inner else None
        if tiled is not None and not all(
            np.may_share_memory(a, b) for a, b in zip(tiled, matrices, strict=True)
        ):
            tiled = None  # the cut would be a copy
        shape = (count, inner // tile, tile, self.width) if tiled else (count, inner, self.width)
        return tiled or matrices, np.empty(shape, np.float32), bool(tiled)

    def _work(self, part: tuple[_Unrolled, list[Job]], *arrays: Any) -> Any:
        x, dy = arrays
        buffers, jobs = part
        total = np.zeros((len(jobs[0][2][0]), buffers.inner, self.width), np.float32)
        for start, stop, (matrices, products, is_tiled) in jobs:
            buffers.fill(x[start:stop])
            some = dy[start:stop, None] if is_tiled else dy[start:stop]
            for rows, target in zip(matrices, total, strict=True):
                np.matmul(rows, some, products)
                for product in products.reshape(stop - start, *target.shape):
                    np.add(target, product, target)
        return total
