"""The operations of convolution: each kind comes with the two operations that are its gradients."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import DType
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.conv_shapes import ConvolutionShapes
from graphmagic.nn.convolve import convolve, filter_gradient, input_gradient
from graphmagic.nn.depthwise_kernels import (
    convolve_depthwise,
    depthwise_filter_gradient,
    depthwise_input_gradient,
)
from graphmagic.nn.windows import (
    FORMATS,
    PADDINGS,
    Windows,
    arranged,
    channels,
    channels_last,
    explicit_pads,
    in_layout,
    spatial,
    windows,
)
from graphmagic.ops.queries import shape

Array = np.ndarray[Any, Any]
Grads = tuple[Tensor | None, ...]
_ATTRS = ("strides", "padding", "explicit_paddings", "use_cudnn_on_gpu", "data_format", "dilations")


@dataclass(frozen=True, kw_only=True)
class Kind(ConvolutionShapes):
    """One kind of convolution: its three operations and how they compute.

    Attributes:
        types: the types of numbers it takes.
        defaults: the attributes besides strides, padding, dilations and layout.
        compute: the three NumPy functions, in the order of `names`.
    """

    types: Sequence[DType]
    defaults: dict[str, Any]
    compute: tuple[Callable[..., Array], Callable[..., Array], Callable[..., Array]]

    def declare(self) -> tuple[OpDef, OpDef, OpDef]:
        """Make the three declarations."""
        forward = self._opdef(0, "input:T, filter:T -> output:T")
        forward.kernel(self._forward_kernel())
        forward.shape_rule(self.forward_shape())
        to_input = self._opdef(1, "input_sizes:{}, filter:T, out_backprop:T -> output:T")
        to_input.kernel(self._input_kernel())
        to_input.shape_rule(self.input_shape())
        to_filter = self._opdef(2, "input:T, filter_sizes:int32, out_backprop:T -> output:T")
        to_filter.kernel(self._filter_kernel())
        to_filter.shape_rule(self.filter_shape())
        _declare_gradients(forward, to_input, to_filter)
        return forward, to_input, to_filter

    def _opdef(self, index: int, signature: str) -> OpDef:
        sizes = "Tshape" if self.rank == 5 else "int32"
        types: dict[str, Sequence[DType]] = {"T": self.types}
        defaults = {"dilations": [1] * self.rank, "data_format": FORMATS[self.rank][0], **self.defaults}
        if self.rank == 5 and index == 1:
            types["Tshape"] = dtypes.INDICES
            defaults["Tshape"] = dtypes.int32
        paddings = (*PADDINGS, "EXPLICIT") if "explicit_paddings" in self.defaults else PADDINGS
        choices = {"padding": paddings, "data_format": FORMATS[self.rank]}
        return OpDef(
            self.names[index],
            signature.format(sizes),
            types=types,
            defaults=defaults,
            choices=choices,
            shape_inputs=("input_sizes",) if index == 1 else (),
        )

    # ----- kernels -----

    def _forward_kernel(self) -> Callable[..., Array]:
        def kernel(
            x: Any,
            filters: Any,
            *,
            strides: Any,
            padding: str,
            data_format: str,
            dilations: Any,
            explicit_paddings: Any,
        ) -> Array:
            self.check_rank(x, filters)
            self.check_depth(channels(x.shape, data_format), filters.shape[-2])
            win = _windows(x.shape, filters, strides, padding, data_format, dilations, explicit_paddings)
            return in_layout(self.compute[0](channels_last(x, data_format), filters, win), data_format)

        return kernel

    def _input_kernel(self) -> Callable[..., Array]:
        def kernel(
            input_sizes: Any,
            filters: Any,
            dy: Any,
            *,
            strides: Any,
            padding: str,
            data_format: str,
            dilations: Any,
            explicit_paddings: Any,
        ) -> Array:
            self.check_ranks(1, filter=filters.ndim, out_backprop=dy.ndim)
            sizes = [int(n) for n in input_sizes]
            if len(sizes) == self.rank - 2:
                sizes = arranged(len(dy), sizes, filters.shape[-2], data_format)
            win = _windows(sizes, filters, strides, padding, data_format, dilations, explicit_paddings)
            depth = channels(sizes, data_format)
            self.check_depth(depth, filters.shape[-2])
            width = channels(dy.shape, data_format)
            self.check_backprop(1, sizes, dy, win, data_format, filters.shape, width)
            result = self.compute[1](channels_last(dy, data_format), filters, depth, win)
            return in_layout(result, data_format)

        return kernel

    def _filter_kernel(self) -> Callable[..., Array]:
        def kernel(
            x: Any,
            filter_sizes: Any,
            dy: Any,
            *,
            strides: Any,
            padding: str,
            data_format: str,
            dilations: Any,
            explicit_paddings: Any,
        ) -> Array:
            self.check_ranks(2, input=x.ndim, filter_sizes=len(filter_sizes), out_backprop=dy.ndim)
            sizes = tuple([int(n) for n in filter_sizes])
            template = np.broadcast_to(np.zeros((), x.dtype), sizes)
            win = _windows(x.shape, template, strides, padding, data_format, dilations, explicit_paddings)
            self.check_depth(channels(x.shape, data_format), sizes[-2])
            width = channels(dy.shape, data_format)
            self.check_backprop(2, x.shape, dy, win, data_format, sizes, width)
            return self.compute[2](
                channels_last(x, data_format), channels_last(dy, data_format), sizes[-2], win
            )

        return kernel


def _declare_gradients(forward: OpDef, to_input: OpDef, to_filter: OpDef) -> None:
    """Each of the three is linear in both its arguments, so their gradients are one another."""

    def like(op: Operation, opdef: OpDef, *inputs: Any) -> Tensor:
        attrs = {key: op.attrs[key] for key in _ATTRS if key in op.attrs}
        return apply_op(opdef, *inputs, **attrs).outputs[0]

    @forward.gradient
    def convolution_grad(op: Operation, dy: Tensor) -> Grads:
        x, filters = op.inputs
        return like(op, to_input, shape(x), filters, dy), like(op, to_filter, x, shape(filters), dy)

    @to_input.gradient
    def input_gradient_grad(op: Operation, dy: Tensor) -> Grads:
        _, filters, out = op.inputs
        return None, like(op, to_filter, dy, shape(filters), out), like(op, forward, dy, filters)

    @to_filter.gradient
    def filter_gradient_grad(op: Operation, dy: Tensor) -> Grads:
        x, _, out = op.inputs
        return like(op, to_input, shape(x), dy, out), None, like(op, forward, x, dy)


def _windows(
    sizes: Sequence[int],
    filters: Array,
    strides: Sequence[int],
    padding: str,
    data_format: str,
    dilations: Sequence[int],
    explicit: Sequence[int] | None,
) -> Windows:
    for values, what in ((strides, "strides"), (dilations, "dilations")):
        if values[0] != 1 or channels(values, data_format) != 1:
            raise errors.UnimplementedError(
                None,
                None,
                f"Current implementation does not yet support {what} in the batch and depth dimensions.",
            )
    return windows(
        spatial(sizes, data_format),
        filters.shape[:-2],
        spatial(strides, data_format),
        spatial(dilations, data_format),
        padding,
        explicit_pads(explicit or (), data_format),
    )


_PLAIN = (convolve, input_gradient, filter_gradient)
_EXPLICIT: dict[str, Any] = {"explicit_paddings": []}

conv2d_op, conv2d_backprop_input_op, conv2d_backprop_filter_op = Kind(
    names=("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter"),
    rank=4,
    types=(*dtypes.REAL_FLOATS, dtypes.int32),
    defaults={"use_cudnn_on_gpu": True, **_EXPLICIT},
    compute=_PLAIN,
).declare()

conv3d_op, conv3d_backprop_input_op, conv3d_backprop_filter_op = Kind(
    names=("Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"),
    rank=5,
    types=dtypes.REAL_FLOATS,
    defaults={},
    compute=_PLAIN,
).declare()

depthwise_op, depthwise_backprop_input_op, depthwise_backprop_filter_op = Kind(
    names=(
        "DepthwiseConv2dNative",
        "DepthwiseConv2dNativeBackpropInput",
        "DepthwiseConv2dNativeBackpropFilter",
    ),
    rank=4,
    depthwise=True,
    types=dtypes.REAL_FLOATS,
    defaults=_EXPLICIT,
    compute=(convolve_depthwise, depthwise_input_gradient, depthwise_filter_gradient),
).declare()
