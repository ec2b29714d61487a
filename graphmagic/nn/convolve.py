"""Convolution in NumPy: matrix products of the input, shifted, with the filters.

Only the last spatial dimension is unrolled: a row of ``kernel width * channels`` numbers stands for all positions of
a window along it, and the other positions are whole shifted blocks, multiplied one after the other and added up.
That copies the input `kernel width` times instead of once per element of the window, and the copies of a few images
stay in the cache.  Everything here has its channels last, ``[batch, *spatial, channels]``, filters are
``[*kernel, channels, outputs]``, and the number of spatial dimensions is free.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from graphmagic.nn.windows import Windows

__all__ = ["NARROW", "backwards", "convolve", "filter_gradient", "input_gradient", "product_tile"]

Array = np.ndarray[Any, Any]

_BLOCK_BYTES = 1 << 19  # unrolled images at a time: a quarter of a common second-level cache
NARROW = 16  # with fewer numbers per row, unrolling all dimensions makes better matrix products
_SMALL_PRODUCT = 1_000_000  # OpenBLAS multiplies matrices below this size without repacking them


def convolve(x: Array, filters: Array, win: Windows) -> Array:
    """The convolution of `x` with `filters`; fewer filter channels than channels means groups.

    >>> from graphmagic.nn.windows import windows
    >>> x = np.arange(5.0).reshape(1, 5, 1)
    >>> convolve(x, np.ones((3, 1, 1)), windows([5], [3], [1], [1], "VALID")).ravel()
    array([3., 6., 9.])
    """
    depth, width = filters.shape[-2:]
    groups = _groups(x, depth)
    kind = _working_type(x)
    out = np.zeros((len(x), *win.outputs, width), kind)
    if not out.size or not filters.size:
        return out.astype(x.dtype, copy=False)
    per_group = width // groups
    for group in range(groups):
        some = filters[..., group * per_group : (group + 1) * per_group].astype(kind, copy=False)
        part = x if groups == 1 else x[..., group * depth : (group + 1) * depth]
        target = out if groups == 1 else out[..., group * per_group : (group + 1) * per_group]
        for first, rows, matrix in _products(part, some, win, kind):
            count = rows.shape[0]
            _add_product(rows, matrix, target[first : first + count])
    return out.astype(x.dtype, copy=False)


def _products(x: Array, filters: Array, win: Windows, kind: Any) -> Iterator[tuple[int, Array, Array]]:
    """For blocks of images and positions of the window: the first image, its rows, and the filters there."""
    flat = filters.reshape(-1, filters.shape[-1])
    for first, _, position, rows in _rows(x, win, kind):
        yield first, rows, flat[position * rows.shape[2] : (position + 1) * rows.shape[2]]


def _add_product(rows: Array, matrix: Array, out: Array) -> None:
    images, points, inner = rows.shape
    tile = product_tile(points, inner * matrix.shape[1]) if rows.strides[2] == rows.itemsize else points
    tiled = rows.reshape(images, points // tile, tile, inner) if tile != points else rows
    out += np.matmul(tiled, matrix).reshape(out.shape)


def product_tile(points: int, cost: int) -> int:
    """Into how many rows at a time to cut a product, so that each piece is small enough not to be repacked."""
    if points * cost <= _SMALL_PRODUCT:
        return points
    best = max(
        (t for t in range(1, points + 1) if points % t == 0 and t * cost <= _SMALL_PRODUCT), default=points
    )
    return best if best >= 8 else points


def _rows(x: Array, win: Windows, kind: Any) -> Iterator[tuple[int, int, int, Array]]:
    """Blocks of images, unrolled: (first image, images, position, rows of shape ``[images, points, numbers]``).

    A position says which of the blocks of rows of the filter matrix belongs to the rows.
    """
    depth = x.shape[-1]
    inner = win.kernel[-1] * depth
    narrow = inner < NARROW and len(win.kernel) > 1
    copies = int(np.prod(win.kernel)) if narrow else win.kernel[-1]
    image_bytes = copies * depth * int(np.prod(win.padded, dtype=np.int64)) * np.dtype(kind).itemsize
    step = max(1, min(len(x), _BLOCK_BYTES // max(image_bytes, 1)))
    padded = np.zeros((step, *win.padded, depth), kind)
    inside = (slice(None), *[slice(a, a + n) for n, (a, _) in zip(win.inputs, win.pads, strict=True)])
    points = int(np.prod(win.outputs))
    for first in range(0, len(x), step):
        count = min(step, len(x) - first)
        padded[inside][:count] = x[first : first + count]
        if narrow:
            yield first, count, 0, _unroll_all(padded[:count], win)
            continue
        unrolled = _unroll_last(padded[:count], win)
        for position, where in enumerate(np.ndindex(win.kernel[:-1])):
            rows = unrolled[_shifted(where, win)]
            yield first, count, position, rows.reshape(count, points, inner)


def _unroll_last(padded: Array, win: Windows) -> Array:
    """The window's positions along the last dimension side by side: ``[n, *leading, outputs, kernel * channels]``."""
    shape = (*padded.shape[:-2], win.outputs[-1], win.kernel[-1], padded.shape[-1])
    step = padded.strides[-2]
    strides = (*padded.strides[:-2], step * win.strides[-1], step * win.dilations[-1], padded.strides[-1])
    view = as_strided(padded, shape, strides, writeable=False)
    return np.ascontiguousarray(view).reshape(*shape[:-2], shape[-2] * shape[-1])


def _unroll_all(padded: Array, win: Windows) -> Array:
    """All positions of the window side by side, as the transpose of a matrix with one row per position."""
    steps = padded.strides[1:-1]
    shape = (*win.kernel, padded.shape[-1], len(padded), *win.outputs)
    strides = (
        *[s * d for s, d in zip(steps, win.dilations, strict=True)],
        padded.strides[-1],
        padded.strides[0],
        *[s * t for s, t in zip(steps, win.strides, strict=True)],
    )
    columns = np.ascontiguousarray(as_strided(padded, shape, strides, writeable=False))
    return columns.reshape(-1, len(padded), int(np.prod(win.outputs))).transpose(1, 2, 0)


def _shifted(where: tuple[int, ...], win: Windows) -> tuple[slice, ...]:
    """The index of the elements that a position of the window meets, along the dimensions that `where` has."""
    parts = [slice(None)]
    for k, stride, gap, count in zip(where, win.strides, win.dilations, win.outputs, strict=False):
        parts.append(slice(k * gap, k * gap + (count - 1) * stride + 1, stride))
    return tuple(parts)


def _groups(x: Array, depth: int) -> int:
    return x.shape[-1] // depth if depth else 1


def _working_type(x: Array) -> Any:
    """Half precision is computed in single precision and rounded once at the end."""
    return np.float32 if x.dtype == np.float16 else x.dtype


def filter_gradient(x: Array, dy: Array, depth: int, win: Windows) -> Array:
    """The gradient of `convolve` with respect to its filters, which have `depth` channels.

    >>> from graphmagic.nn.windows import windows
    >>> x = np.arange(5.0).reshape(1, 5, 1)
    >>> filter_gradient(x, np.ones((1, 3, 1)), 1, windows([5], [3], [1], [1], "VALID")).ravel()
    array([3., 6., 9.])
    """
    groups, kind, width = _groups(x, depth), _working_type(x), dy.shape[-1]
    out = np.zeros((int(np.prod(win.kernel)) * depth, width), kind)
    per_group = width // max(groups, 1)
    dys = dy.astype(kind, copy=False).reshape(len(dy), int(np.prod(win.outputs)), width)
    for group in range(groups if out.size and dy.size else 0):
        part = x if groups == 1 else x[..., group * depth : (group + 1) * depth]
        columns = slice(group * per_group, (group + 1) * per_group)
        for first, count, position, rows in _rows(part, win, kind):
            inner = rows.shape[2]
            product = np.matmul(rows.transpose(0, 2, 1), dys[first : first + count, :, columns])
            out[position * inner : (position + 1) * inner, columns] += np.add.reduce(product, 0)
    return out.reshape(*win.kernel, depth, width).astype(x.dtype, copy=False)


def input_gradient(dy: Array, filters: Array, depth: int, win: Windows) -> Array:
    """The gradient of `convolve` with respect to its input, which has `depth` channels.

    >>> from graphmagic.nn.windows import windows
    >>> win = windows([5], [3], [1], [1], "VALID")
    >>> input_gradient(np.ones((1, 3, 1)), np.ones((3, 1, 1)), 1, win).ravel()
    array([1., 2., 3., 2., 1.])
    """
    groups = depth // filters.shape[-2] if filters.shape[-2] else 1
    if groups > 1:
        parts = zip(np.split(dy, groups, -1), np.split(filters, groups, -1), strict=True)
        return np.concatenate([input_gradient(g, w, depth // groups, win) for g, w in parts], -1)
    back = backwards(win)
    if back is not None:
        flipped = np.flip(filters, tuple(range(len(win.kernel)))).swapaxes(-1, -2)
        return convolve(dy, np.ascontiguousarray(flipped), back)
    return _scattered(dy, filters, depth, win)


def backwards(win: Windows) -> Windows | None:
    """The windows of the convolution that is the gradient, where it is one: without strides."""
    pads = tuple([(e - 1 - a, e - 1 - b) for e, (a, b) in zip(win.extents, win.pads, strict=True)])
    if set(win.strides) - {1} or any(p < 0 for pair in pads for p in pair):
        return None
    return Windows(win.outputs, win.kernel, win.strides, win.dilations, pads, win.inputs)


def _scattered(dy: Array, filters: Array, depth: int, win: Windows) -> Array:
    """Each window's gradients added to the elements it met, position by position."""
    kind = _working_type(dy)
    padded = np.zeros((len(dy), *win.padded, depth), kind)
    rows = dy.astype(kind, copy=False).reshape(-1, dy.shape[-1])
    matrices = filters.astype(kind, copy=False).reshape(-1, depth, filters.shape[-1])
    for position, where in enumerate(np.ndindex(win.kernel) if dy.size else ()):
        met = np.matmul(rows, matrices[position].T)
        padded[_shifted(where, win)] += met.reshape(*dy.shape[:-1], depth)
    inside = (slice(None), *[slice(a, a + n) for n, (a, _) in zip(win.inputs, win.pads, strict=True)])
    return np.ascontiguousarray(padded[inside]).astype(dy.dtype, copy=False)
