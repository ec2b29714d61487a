"""Pooling in NumPy, in any number of dimensions, channels last.

Maxima and sums over a window are taken along one dimension after the other.  Nothing is padded: each position of the
window meets the outputs for which it lies inside the input.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graphmagic.nn.windows import Windows

__all__ = [
    "average",
    "average_gradient",
    "first_maxima",
    "maximum",
    "maximum_gradient",
    "maximum_gradient_gradient",
]

Array = np.ndarray[Any, Any]
Index = tuple[slice, ...]


def _meeting(win: Windows, axis: int, k: int) -> tuple[slice, slice] | None:
    """Which inputs position `k` of the window meets along a dimension, and in which outputs; None if in none."""
    size, stride, before, count = (
        win.inputs[axis],
        win.strides[axis],
        win.pads[axis][0],
        win.outputs[axis],
    )
    offset = k * win.dilations[axis] - before
    first = max(0, -(offset // stride)) if offset < 0 else 0
    last = min(count - 1, (size - 1 - offset) // stride)
    if last < first:
        return None
    start = first * stride + offset
    return slice(start, start + (last - first) * stride + 1, stride), slice(first, last + 1)


def _along(axis: int, where: slice) -> Index:
    return (*[slice(None)] * (axis + 1), where)


def _positions(win: Windows) -> Iterator[tuple[tuple[int, ...], Index, Index]]:
    """Each position of the window in row-major order, with the inputs it meets and the outputs that it belongs to."""
    for where in np.ndindex(win.kernel):
        pairs = [_meeting(win, axis, k) for axis, k in enumerate(where)]
        if all(pairs):
            met = [pair for pair in pairs if pair is not None]
            yield where, (slice(None), *[a for a, _ in met]), (slice(None), *[b for _, b in met])


def maximum(x: Array, win: Windows) -> Array:
    """The largest element of each window; NaN never wins, as in TensorFlow.

    >>> from graphmagic.nn.windows import windows
    >>> maximum(np.array([[[1], [3], [2]]]), windows([3], [2], [1], [1], "SAME")).ravel()
    array([3, 3, 2])
    """
    for axis in range(len(win.kernel)):
        shape = (*x.shape[: axis + 1], win.outputs[axis], *x.shape[axis + 2 :])
        out = np.full(shape, _lowest(x), x.dtype)
        for k in range(win.kernel[axis]):
            pair = _meeting(win, axis, k)
            if pair is not None:
                target = out[_along(axis, pair[1])]
                np.fmax(target, x[_along(axis, pair[0])], out=target)
        x = out
    return x


def _lowest(x: Array) -> Any:
    return np.finfo(x.dtype).min if x.dtype.kind == "f" else np.iinfo(x.dtype).min


def _winners(x: Array, top: Array, win: Windows) -> Iterator[tuple[Index, Index, Array]]:
    """For each position of the window: its inputs, its outputs, and where it wins.

    As in TensorFlow 1, the winner is the first element that is as large as the maximum, but NaN in the first place
    wins, and so does whatever is there if nothing reaches the least of all numbers.
    """
    free, begins = np.ones(top.shape, bool), np.ones(top.shape, bool)
    unreached = np.zeros(top.shape, bool)
    if np.any(top == _lowest(x)):
        unreached[...] = True
        for _, inputs, outputs in _positions(win):
            unreached[outputs] &= np.not_equal(x[inputs], top[outputs])
    for _, inputs, outputs in _positions(win):
        wins = np.equal(x[inputs], top[outputs])
        wins |= begins[outputs] & (unreached[outputs] | ~np.less(x[inputs], top[outputs]))
        wins &= free[outputs]
        begins[outputs] = False
        free[outputs] &= ~wins
        yield inputs, outputs, wins


def maximum_gradient(x: Array, top: Array, dy: Array, win: Windows) -> Array:
    """The gradient of `maximum`: all of it goes to the first of equal maxima, in row-major order.

    >>> from graphmagic.nn.windows import windows
    >>> x = np.array([[[1.0], [1.0]]])
    >>> maximum_gradient(x, x[:, :1], np.array([[[5.0]]]), windows([2], [2], [2], [1], "VALID")).ravel()
    array([5., 0.])
    """
    out = np.zeros(x.shape, dy.dtype)
    for inputs, outputs, wins in _winners(x, top, win):
        out[inputs] += np.where(wins, dy[outputs], 0)
    return out


def maximum_gradient_gradient(x: Array, top: Array, ddx: Array, win: Windows) -> Array:
    """The elements of `ddx` at the places where `maximum` found its results."""
    out = np.zeros(top.shape, ddx.dtype)
    for inputs, outputs, wins in _winners(x, top, win):
        out[outputs] += np.where(wins, ddx[inputs], 0)
    return out


def first_maxima(x: Array, win: Windows, with_batch: bool) -> tuple[Array, Array]:
    """The maxima, and where they are: positions in the flattened image, or in the flattened batch.

    >>> from graphmagic.nn.windows import windows
    >>> first_maxima(np.array([[[1], [3], [2]]]), windows([3], [2], [1], [1], "VALID"), False)[1].ravel()
    array([1, 1])
    """
    top = maximum(x, win)
    places = np.arange(x.size if with_batch else x[:1].size).reshape(x.shape if with_batch else x[:1].shape)
    out = np.zeros(top.shape, np.int64)
    for inputs, outputs, wins in _winners(x, top, win):
        out[outputs] += places[inputs] * wins
    return top, out


def _counts(win: Windows, ndim: int, kind: Any) -> Array:
    """How many elements of the input each window covers."""
    total = np.ones((1,) * ndim, kind)
    for axis in range(len(win.kernel)):
        count = np.zeros(win.outputs[axis], kind)
        for k in range(win.kernel[axis]):
            pair = _meeting(win, axis, k)
            if pair is not None:
                count[pair[1]] += 1
        total = total * count.reshape((1,) * (axis + 1) + (-1,) + (1,) * (ndim - axis - 2))
    return total


def average(x: Array, win: Windows) -> Array:
    """The mean of each window's elements; padding does not count.

    >>> from graphmagic.nn.windows import windows
    >>> average(np.array([[[1.0], [3.0], [2.0]]]), windows([3], [2], [1], [1], "SAME")).ravel()
    array([2. , 2.5, 2. ])
    """
    kind = np.result_type(x, np.float32)
    total = x.astype(kind, copy=False)
    for axis in range(len(win.kernel)):
        shape = (*total.shape[: axis + 1], win.outputs[axis], *total.shape[axis + 2 :])
        out = np.zeros(shape, kind)
        for k in range(win.kernel[axis]):
            pair = _meeting(win, axis, k)
            if pair is not None:
                out[_along(axis, pair[1])] += total[_along(axis, pair[0])]
        total = out
    mean: Array = np.true_divide(total, _counts(win, x.ndim, kind))
    return mean.astype(x.dtype, copy=False)


def average_gradient(dy: Array, win: Windows) -> Array:
    """The gradient of `average`: each window's share spread over its elements."""
    kind = np.result_type(dy, np.float32)
    spread = np.true_divide(dy, _counts(win, dy.ndim, kind))
    for axis in range(len(win.kernel)):
        shape = (*spread.shape[: axis + 1], win.inputs[axis], *spread.shape[axis + 2 :])
        out = np.zeros(shape, kind)
        for k in range(win.kernel[axis]):
            pair = _meeting(win, axis, k)
            if pair is not None:
                out[_along(axis, pair[0])] += spread[_along(axis, pair[1])]
        spread = out
    return spread.astype(dy.dtype, copy=False)
