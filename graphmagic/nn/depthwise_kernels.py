"""Depthwise convolution in NumPy: every channel has filters of its own, ``[*kernel, channels, multiplier]``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graphmagic.nn.windows import Windows

__all__ = ["convolve_depthwise", "depthwise_filter_gradient", "depthwise_input_gradient"]

Array = np.ndarray[Any, Any]


def _padded(x: Array, win: Windows) -> Array:
    if not any(map(any, win.pads)):
        return x
    return np.pad(x, [(0, 0), *win.pads, (0, 0)])


def _positions(win: Windows) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Each position of the window, and the index of the padded elements that it meets."""
    for where in np.ndindex(win.kernel):
        steps = zip(where, win.strides, win.dilations, win.outputs, strict=True)
        yield where, (slice(None), *[slice(k * d, k * d + (n - 1) * s + 1, s) for k, s, d, n in steps])


def convolve_depthwise(x: Array, filters: Array, win: Windows) -> Array:
    """The convolution of each channel with its own filters; results of one channel are neighbours.

    >>> from graphmagic.nn.windows import windows
    >>> x = np.arange(6.0).reshape(1, 3, 2)
    >>> convolve_depthwise(x, np.array([[[1.0], [10.0]]]), windows([3], [1], [1], [1], "VALID"))[0]
    array([[ 0., 10.],
           [ 2., 30.],
           [ 4., 50.]])
    """
    depth, multiplier = filters.shape[-2:]
    out = np.zeros((len(x), *win.outputs, depth, multiplier), np.result_type(x, np.float32))
    source = _padded(x, win)
    for where, met in _positions(win) if out.size else ():
        out += source[met][..., None] * filters[where]
    return out.reshape(*out.shape[:-2], depth * multiplier).astype(x.dtype, copy=False)


def depthwise_input_gradient(dy: Array, filters: Array, depth: int, win: Windows) -> Array:
    """The gradient of `convolve_depthwise` with respect to its input."""
    dys = dy.reshape(*dy.shape[:-1], depth, filters.shape[-1])
    out = np.zeros((len(dy), *win.padded, depth), np.result_type(dy, np.float32))
    for where, met in _positions(win) if dy.size else ():
        out[met] += np.add.reduce(dys * filters[where], -1)
    inside = (slice(None), *[slice(a, a + n) for n, (a, _) in zip(win.inputs, win.pads, strict=True)])
    return np.ascontiguousarray(out[inside]).astype(dy.dtype, copy=False)


def depthwise_filter_gradient(x: Array, dy: Array, depth: int, win: Windows) -> Array:
    """The gradient of `convolve_depthwise` with respect to its filters."""
    multiplier = dy.shape[-1] // max(depth, 1)
    out = np.zeros((*win.kernel, depth, multiplier), np.result_type(x, np.float32))
    source = _padded(x, win)
    dys = dy.reshape(-1, depth, multiplier)
    for where, met in _positions(win) if dy.size else ():
        out[where] = np.add.reduce(source[met].reshape(-1, depth, 1) * dys, 0, dtype=out.dtype)
    return out.astype(x.dtype, copy=False)
