"""Which operations on images have kernels made for known shapes: in single precision, with their channels last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import dtypes, errors
from graphmagic.graph.node import Operation
from graphmagic.nn.conv_ops import conv2d_backprop_filter_op, conv2d_backprop_input_op, conv2d_op
from graphmagic.nn.convolve import backwards
from graphmagic.nn.pool_ops import max_pool_grad_op, max_pool_op
from graphmagic.nn.prepared_conv import FilterGradient, Forward, InputGradient
from graphmagic.nn.prepared_pool import LargestGradient, LargestOfFour
from graphmagic.nn.windows import Windows, explicit_pads, windows

__all__ = ["convolution_windows"]

Shape = tuple[int, ...]
Prepared = tuple[tuple[int, ...], Callable[..., Any]]


def _is_plain(op: Operation, shapes: Sequence[Shape]) -> bool:
    if op.attrs["data_format"] != "NHWC" or op.outputs[0].dtype.base_dtype is not dtypes.float32:
        return False
    return all(len(shape) == 4 and 0 not in shape for shape in shapes)


def convolution_windows(op: Operation, x: Shape, filters: Shape, out: Shape) -> Windows | None:
    """The windows of a convolution of `x` to `out`; None if it has groups or something else that is rare."""
    if not _is_plain(op, (x, filters, out)) or x[3] != filters[2] or out[3] != filters[3] or x[0] != out[0]:
        return None
    attrs = op.attrs
    pads = explicit_pads(attrs["explicit_paddings"] or (), "NHWC")
    strides, dilations = attrs["strides"], attrs["dilations"]
    if any(values[0] != 1 or values[3] != 1 for values in (strides, dilations)):
        return None
    try:
        win = windows(x[1:3], filters[:2], strides[1:3], dilations[1:3], attrs["padding"], pads)
    except errors.OpError:  # the kernel for all shapes will say so
        return None
    fits = win.outputs == tuple(out[1:3]) and all(pad >= 0 for pair in win.pads for pad in pair)
    return win if fits else None


@conv2d_op.prepared
def prepared_convolution(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """`Forward`."""
    x, filters = shapes
    win = convolution_windows(op, x, filters, result)
    return None if win is None else ((0, 1), Forward(x[0], x[3], filters[3], win, threads))


@conv2d_backprop_input_op.prepared
def prepared_input_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """`InputGradient`, where the gradient is a convolution itself."""
    _, filters, dy = shapes
    win = convolution_windows(op, result, filters, dy)
    back = None if win is None else backwards(win)
    if back is None:
        return None
    return (1, 2), InputGradient(dy[0], filters[2], filters[3], back, threads)


@conv2d_backprop_filter_op.prepared
def prepared_filter_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """`FilterGradient`, where windows move by one row at a time."""
    x, _, dy = shapes
    win = convolution_windows(op, x, result, dy)
    if win is None or win.strides[0] != 1:
        return None
    return (0, 2), FilterGradient(x[0], x[3], result[3], win, threads)


def _are_quarters(op: Operation, x: Shape) -> bool:
    """Whether windows of 2 x 2 lie side by side and cover everything."""
    steps = op.attrs["ksize"], op.attrs["strides"]
    if not _is_plain(op, (x,)) or any(list(values) != [1, 2, 2, 1] for values in steps):
        return False
    return x[1] % 2 == 0 and x[2] % 2 == 0 and op.attrs["padding"] in ("SAME", "VALID")


@max_pool_op.prepared
def prepared_largest(op: Operation, shapes: Sequence[Shape], result: Shape, threads: int) -> Prepared | None:
    """`LargestOfFour`."""
    return ((0,), LargestOfFour(shapes[0], threads)) if _are_quarters(op, shapes[0]) else None


@max_pool_grad_op.prepared
def prepared_largest_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """`LargestGradient`."""
    x, top, dy = shapes
    if not _are_quarters(op, x) or top != dy or top != (x[0], x[1] // 2, x[2] // 2, x[3]):
        return None
    return (0, 1, 2), LargestGradient(x, threads)
