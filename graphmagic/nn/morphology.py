"""Dilation and erosion of images in shades of grey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.windows import PADDINGS, Windows, static_output, windows
from graphmagic.ops.arguments import one_of, shape_text
from graphmagic.ops.arithmetic import negative
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.reversing import reverse
from graphmagic.shapes import TensorShape, unknown_shape

__all__ = ["dilation2d", "erosion2d"]

Array = np.ndarray[Any, Any]
_DECLARED: dict[str, Any] = {"types": {"T": dtypes.REALS}, "choices": {"padding": PADDINGS}}
dilation_op = OpDef("Dilation2D", "input:T, filter:T -> output:T", **_DECLARED)
input_op = OpDef("Dilation2DBackpropInput", "input:T, filter:T, out_backprop:T -> in_backprop:T", **_DECLARED)
filter_op = OpDef(
    "Dilation2DBackpropFilter", "input:T, filter:T, out_backprop:T -> filter_backprop:T", **_DECLARED
)


def _geometry(x: Array, filters: Array, strides: Any, rates: Any, padding: str) -> Windows:
    if x.ndim != 4:
        raise invalid(f"input must be 4-dimensional: {shape_text(x)}")
    if filters.ndim != 3:
        raise invalid(f"filter must be 3-dimensional: {shape_text(filters)}")
    if x.shape[3] != filters.shape[2]:
        raise invalid(f"input and filter must have the same depth: {x.shape[3]} vs {filters.shape[2]}")
    return windows(x.shape[1:3], filters.shape[:2], strides[1:3], rates[1:3], padding)


def _taps(win: Windows) -> Iterator[tuple[int, int, slice, slice]]:
    """Each element of the filter, and the elements of the padded images that it is added to."""
    for row in range(win.kernel[0]):
        for column in range(win.kernel[1]):
            places = [
                slice(tap * gap, tap * gap + stride * (count - 1) + 1, stride)
                for tap, gap, stride, count in zip(
                    (row, column), win.dilations, win.strides, win.outputs, strict=True
                )
            ]
            yield row, column, places[0], places[1]


def _largest(x: Array, filters: Array, win: Windows) -> tuple[Array, Array]:
    """The largest sums, and the number of the element of the filter that gave each: the first of several."""
    low = np.iinfo(x.dtype).min if x.dtype.kind in "iu" else np.finfo(x.dtype).min
    padded = np.pad(x, ((0, 0), *win.pads, (0, 0)))
    inside = np.pad(np.ones(x.shape[1:3], bool), win.pads)
    best = np.full((len(x), *win.outputs, x.shape[3]), low, x.dtype)
    winner = np.zeros(best.shape, np.int64)
    for number, (row, column, rows, columns) in enumerate(_taps(win)):
        sums = padded[:, rows, columns] + filters[row, column]
        better = (sums > best) & inside[rows, columns][None, :, :, None]
        best, winner = np.where(better, sums, best), np.where(better, number, winner)
    return best, winner


@dilation_op.kernel
def dilation_kernel(x: Any, filters: Any, *, strides: Any, rates: Any, padding: str) -> Array:
    return _largest(x, filters, _geometry(x, filters, strides, rates, padding))[0]


@input_op.kernel
def input_kernel(x: Any, filters: Any, dy: Any, *, strides: Any, rates: Any, padding: str) -> Array:
    win = _geometry(x, filters, strides, rates, padding)
    winner = _largest(x, filters, win)[1]
    result = np.zeros((len(x), *win.padded, x.shape[3]), x.dtype)
    for number, (_, _, rows, columns) in enumerate(_taps(win)):
        result[:, rows, columns] += np.where(winner == number, dy, 0)
    (top, _), (left, _) = win.pads
    return np.ascontiguousarray(result[:, top : top + x.shape[1], left : left + x.shape[2]])


@filter_op.kernel
def filter_kernel(x: Any, filters: Any, dy: Any, *, strides: Any, rates: Any, padding: str) -> Array:
    win = _geometry(x, filters, strides, rates, padding)
    winner = _largest(x, filters, win)[1]
    sums = [
        np.where(winner == number, dy, 0).sum((0, 1, 2)) for number in range(win.kernel[0] * win.kernel[1])
    ]
    return np.array(sums, x.dtype).reshape(filters.shape)


@dilation_op.shape_rule
def dilation_shape(x: Tensor, filters: Tensor, *, strides: Any, rates: Any, padding: str) -> TensorShape:
    batch, *sizes, depth = of_rank(x.shape, 4).as_list()
    *taps, channels = of_rank(filters.shape, 3).as_list()
    if not (x.shape.is_fully_defined() and filters.shape.is_fully_defined()):
        return unknown_shape(4)
    if depth != channels:
        raise ValueError(f"Dimensions must be equal, but are {depth} and {channels}")
    pooled = [
        static_output(size, tap, stride, rate, padding)
        for size, tap, stride, rate in zip(sizes, taps, strides[1:3], rates[1:3], strict=True)
    ]
    return TensorShape([batch, *pooled, depth])


input_op.shape_rule(lambda x, filters, dy: x.shape)
filter_op.shape_rule(lambda x, filters, dy: filters.shape)


@dilation_op.gradient
def dilation_grad(op: Operation, dy: Tensor) -> list[Tensor]:
    attrs = {key: op.attrs[key] for key in ("strides", "rates", "padding")}
    return [apply_op(opdef, *op.inputs, dy, **attrs).outputs[0] for opdef in (input_op, filter_op)]


def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Sequence[int] | None = None,
    rates: Sequence[int] | None = None,
    padding: str | None = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Sequence[int] | None = None,
) -> Tensor:
    """The largest sum of image and filter under each position of the filter, channel by channel.

    Args:
        input: images, shape ``[batch, height, width, depth]``.
        filter: shape ``[height, width, depth]``.
        strides: how far the filter moves, ``[1, rows, columns, 1]``.
        rates: how far apart its elements are, ``[1, rows, columns, 1]``.
        padding: ``"SAME"`` or ``"VALID"``.
        name: the operation's name.
        filters: the new name of `filter`.
        dilations: the new name of `rates`.

    Returns:
        A `Tensor` of images.

    Raises:
        ValueError: the depths differ, or the padding is neither.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.constant([1.0, 5.0, 2.0]), [1, 1, 3, 1])
    >>> ones = [1, 1, 1, 1]
    >>> tf.Session().run(tf.nn.dilation2d(image, tf.zeros([1, 2, 1]), ones, ones, "SAME")).ravel()
    array([5., 5., 2.], dtype=float32)
    """
    return apply_op(
        dilation_op,
        input,
        one_of("filters", filters, "filter", filter),
        name=name,
        strides=strides,
        rates=one_of("dilations", dilations, "rates", rates),
        padding=padding,
    ).outputs[0]


def erosion2d(
    value: Any,
    kernel: Any,
    strides: Sequence[int],
    rates: Sequence[int],
    padding: str,
    name: str | None = None,
) -> Tensor:
    """The smallest difference of image and filter under each position: `dilation2d` of the negative image.

    Args:
        value: images, shape ``[batch, height, width, depth]``.
        kernel: shape ``[height, width, depth]``.
        strides: how far the filter moves, ``[1, rows, columns, 1]``.
        rates: how far apart its elements are, ``[1, rows, columns, 1]``.
        padding: ``"SAME"`` or ``"VALID"``.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.constant([1.0, 5.0, 2.0]), [1, 1, 3, 1])
    >>> ones = [1, 1, 1, 1]
    >>> tf.Session().run(tf.nn.erosion2d(image, tf.zeros([1, 2, 1]), ones, ones, "SAME")).ravel()
    array([1., 2., 2.], dtype=float32)
    """
    turned = reverse(kernel, [0, 1])
    dilated = apply_op(dilation_op, negative(value), turned, strides=strides, rates=rates, padding=padding)
    return negative(dilated.outputs[0], name=name or "erosion2d")
