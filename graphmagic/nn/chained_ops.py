"""Which operations on images have one kernel for several of them: layers with a relu, and their gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from graphmagic.graph.node import Operation, Tensor
from graphmagic.nn.activations import relu_grad_op, relu_op
from graphmagic.nn.convolve import backwards
from graphmagic.nn.image_chains import Layer, LayerGradient, LayerSizes
from graphmagic.nn.prepared_ops import Shape, are_quarters, is_plain, layer_sizes

__all__: list[str] = []

Shapes = Callable[[Tensor], Shape | None]
MakeKernel = Callable[[int], Callable[..., None]]


def _known(shape: Shapes, tensors: list[Tensor]) -> list[Shape] | None:
    """The shapes of images, filters ..., None if one is not known or empty."""
    found = [s for s in map(shape, tensors) if s is not None and 0 not in s]
    return found if len(found) == len(tensors) else None


def _convolved(op: Operation, tensors: list[Tensor], shape: Shapes) -> LayerSizes | None:
    """The sizes of a convolution, given its images, filters and result."""
    shapes = _known(shape, tensors)
    return None if shapes is None else layer_sizes(op, *shapes)


def _adds_to_channels(op: Operation, shape: Shapes) -> bool:
    """Whether an addition is that of a number for each channel."""
    value, bias = map(shape, op.inputs)
    return value is not None and bias == value[-1:] and op.attrs.get("data_format", "NHWC") == "NHWC"


def _sums_channels(op: Operation, shape: Shapes) -> bool:
    """Whether a sum leaves a number for each channel."""
    value, total = shape(op.inputs[0]), shape(op.outputs[0])
    return value is not None and total == value[-1:] and op.attrs.get("data_format", "NHWC") == "NHWC"


@relu_op.chained
def layer(members: Mapping[str, Operation], shape: Shapes) -> MakeKernel | None:
    """A `Layer`."""
    relu, pool = members["relu"], members.get("pool")
    convolution, bias = members.get("convolution"), members.get("bias")
    sizes = _middle(relu, shape)
    if sizes is not None and convolution is not None:
        sizes = _convolved(convolution, [*convolution.inputs, convolution.outputs[0]], shape)
    if sizes is None or (bias is not None and not _adds_to_channels(bias, shape)):
        return None
    if pool is not None and not are_quarters(pool, (sizes.batch, *sizes.middle)):
        return None
    made = replace(sizes, rectifies=True, pools=pool is not None)
    return lambda threads: Layer(made, threads)


def _middle(relu: Operation, shape: Shapes) -> LayerSizes | None:
    shapes = _known(shape, [relu.outputs[0]])
    if shapes is None or not is_plain(relu, shapes):
        return None
    return LayerSizes(shapes[0][0], shapes[0][1:])


@relu_grad_op.chained
def layer_gradient(members: Mapping[str, Operation], shape: Shapes) -> MakeKernel | None:
    """A `LayerGradient`."""
    relu, bias = members["relu"], members.get("bias")
    to_filters, to_images = members.get("filters"), members.get("images")
    sizes = _middle(relu, shape)
    if sizes is None or len(set(map(shape, relu.inputs))) > 1 or (bias and not _sums_channels(bias, shape)):
        return None
    found = [sizes]
    if to_filters is not None:
        x, _, dy = to_filters.inputs
        sizes = _convolved(to_filters, [x, to_filters.outputs[0], dy], shape)
        if sizes is None or sizes.win is None or sizes.win.strides[0] != 1:
            return None
        found.append(sizes)
    if to_images is not None:
        _, filters, dy = to_images.inputs
        sizes = _convolved(to_images, [to_images.outputs[0], filters, dy], shape)
        if sizes is None or sizes.win is None or backwards(sizes.win) is None:
            return None
        found.append(sizes)
    if len(set(found[1:])) > 1:  # two convolutions use the relu's gradient
        return None
    made = replace(found[-1], rectifies=True, pools="pool" in members)
    wanted = frozenset(members) & {"bias", "filters", "images"}
    return lambda threads: LayerGradient(made, wanted, threads)
