"""Which operations on images have kernels made for known shapes: in single precision, with their channels last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import dtypes, errors
from graphmagic.graph.node import Operation
from graphmagic.nn.conv_ops import conv2d_backprop_filter_op, conv2d_backprop_input_op, conv2d_op
from graphmagic.nn.convolve import backwards
from graphmagic.nn.image_chains import Layer, LayerGradient, LayerSizes, PoolGradient
from graphmagic.nn.pool_ops import max_pool_grad_op, max_pool_op
from graphmagic.nn.windows import Windows, explicit_pads, windows

__all__ = ["are_quarters", "convolution_windows", "is_plain", "layer_sizes"]

Shape = tuple[int, ...]
Prepared = tuple[tuple[int, ...], Callable[..., Any]]


def is_plain(op: Operation, shapes: Sequence[Shape]) -> bool:
    """Whether an operation computes images in single precision, none of them empty, channels last."""
    if op.attrs.get("data_format", "NHWC") != "NHWC" or op.outputs[0].dtype.base_dtype is not dtypes.float32:
        return False
    return all(len(shape) == 4 and 0 not in shape for shape in shapes)


def convolution_windows(op: Operation, x: Shape, filters: Shape, out: Shape) -> Windows | None:
    """The windows of a convolution of `x` to `out`; None if it has groups or something else that is rare."""
    if not is_plain(op, (x, filters, out)) or x[3] != filters[2] or out[3] != filters[3] or x[0] != out[0]:
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


def layer_sizes(op: Operation, x: Shape, filters: Shape, out: Shape) -> LayerSizes | None:
    """The sizes of a convolution alone."""
    win = convolution_windows(op, x, filters, out)
    return None if win is None else LayerSizes(x[0], out[1:], x[3], win)


@conv2d_op.prepared
def prepared_convolution(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """A `Layer` of a convolution."""
    sizes = layer_sizes(op, shapes[0], shapes[1], result)
    if sizes is None:
        return None
    layer = Layer(sizes, threads)
    return (0, 1), lambda x, filters, out: layer(x, filters, None, out, None)


@conv2d_backprop_input_op.prepared
def prepared_input_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """A `LayerGradient`, where the gradient is a convolution itself."""
    sizes = layer_sizes(op, result, shapes[1], shapes[2])
    if sizes is None or sizes.win is None or backwards(sizes.win) is None:
        return None
    gradient = LayerGradient(sizes, frozenset({"images"}), threads)
    return (1, 2), lambda filters, dy, out: gradient(dy, None, None, None, filters, None, None, None, out)


@conv2d_backprop_filter_op.prepared
def prepared_filter_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """A `LayerGradient`, where windows move by one row at a time."""
    sizes = layer_sizes(op, shapes[0], result, shapes[2])
    if sizes is None or sizes.win is None or sizes.win.strides[0] != 1:
        return None
    gradient = LayerGradient(sizes, frozenset({"filters"}), threads)
    return (0, 2), lambda x, dy, out: gradient(dy, None, None, x, None, None, None, out, None)


def are_quarters(op: Operation, x: Shape) -> bool:
    """Whether windows of 2 x 2 lie side by side and cover everything."""
    steps = op.attrs["ksize"], op.attrs["strides"]
    if not is_plain(op, (x,)) or any(list(values) != [1, 2, 2, 1] for values in steps):
        return False
    return x[1] % 2 == 0 and x[2] % 2 == 0 and op.attrs["padding"] in ("SAME", "VALID")


@max_pool_op.prepared
def prepared_largest(op: Operation, shapes: Sequence[Shape], result: Shape, threads: int) -> Prepared | None:
    """A `Layer` of pooling."""
    (x,) = shapes
    if not are_quarters(op, x):
        return None
    layer = Layer(LayerSizes(x[0], x[1:], pools=True), threads)
    return (0,), lambda x, out: layer(x, None, None, out, None)


@max_pool_grad_op.prepared
def prepared_largest_gradient(
    op: Operation, shapes: Sequence[Shape], result: Shape, threads: int
) -> Prepared | None:
    """`PoolGradient`."""
    x, top, dy = shapes
    if not are_quarters(op, x) or top != dy or top != (x[0], x[1] // 2, x[2] // 2, x[3]):
        return None
    return (0, 1, 2), PoolGradient(LayerSizes(x[0], x[1:], pools=True), threads)
