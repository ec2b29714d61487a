"""What shapes convolutions take and give, while building and while running."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.dimension import Dim
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Tensor
from graphmagic.nn.windows import Windows, arranged, channels, explicit_pads, spatial, static_output
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.shapes import TensorShape

__all__ = ["ConvolutionShapes"]

Array = np.ndarray[Any, Any]

_LABELS = {  # what error messages call them
    "Conv2DBackpropInput": "Conv2DCustomBackpropInput",
    "Conv2DBackpropFilter": "Conv2DCustomBackpropFilter",
    "DepthwiseConv2dNativeBackpropInput": "DepthwiseConv2DBackpropInput",
    "DepthwiseConv2dNativeBackpropFilter": "DepthwiseConv2DBackpropFilter",
}


@dataclass(frozen=True, kw_only=True)
class ConvolutionShapes:
    """The checks and the shape rules of one kind of convolution.

    Attributes:
        names: the types of the forward operation and of the gradients for input and filter.
        rank: the rank of the input.
        depthwise: whether each channel has filters of its own.
    """

    names: tuple[str, str, str]
    rank: int
    depthwise: bool = False

    # ----- while running -----

    def check_rank(self, x: Array, filters: Array) -> None:
        """Raise unless input and filter have the rank that they need."""
        for array, what in ((x, "input"), (filters, "filter")):
            if array.ndim != self.rank:
                shown = f"convolution {what} must be 4-dimensional: {shape_text(array)}"
                raise invalid(shown if self.rank == 4 else f"{what} must be {self.rank}-dimensional")

    def check_ranks(self, index: int, **ranks: int) -> None:
        """Raise unless the arrays of a gradient operation have the rank that they need."""
        for what, rank in ranks.items():
            if rank != self.rank:
                label = _LABELS.get(self.names[index], self.names[index])
                name = "filter_sizes" if what == "filter" and self.rank == 5 else what
                raise invalid(
                    f"{label}: {what} must be 4-dimensional"
                    if self.rank == 4
                    else f"{name} tensor must have {self.rank} dimensions"
                )

    def check_depth(self, depth: int, filter_depth: int) -> None:
        """Raise unless the channels of the input fit those of the filter."""
        if self.depthwise and depth != filter_depth:
            raise invalid(f"input and filter must have the same depth: {depth} vs {filter_depth}")
        if filter_depth and depth % filter_depth:
            what = "input" if self.rank == 4 else "Input"
            raise invalid(f"{what} depth must be evenly divisible by filter depth: {depth} vs {filter_depth}")

    def check_backprop(
        self, index: int, sizes: Any, dy: Array, win: Windows, data_format: str, filter_sizes: Any, width: int
    ) -> None:
        """Raise unless `dy` has the shape that the forward operation would have given."""
        label = _LABELS.get(self.names[index], self.names[index])
        if dy.shape[0] != sizes[0]:
            raise invalid(
                f"{label}: input and out_backprop must have the same batch size. "
                f"Input batch: {sizes[0]}, outbackprop batch: {dy.shape[0]}, batch_dim: 0"
            )
        wanted = filter_sizes[-1] * (filter_sizes[-2] if self.depthwise else 1)
        if width != wanted:
            raise invalid(f"{label}: filter and out_backprop must have the same out_depth")
        for axis, (found, expected) in enumerate(
            zip(spatial(dy.shape, data_format), win.outputs, strict=True)
        ):
            if found != expected:
                raise invalid(
                    f"{label}: Size of out_backprop doesn't match computed: actual = {found}, computed = {expected} "
                    f"spatial_dim: {axis + 1} input: {win.inputs[axis]} filter: {win.kernel[axis]} "
                    f"output: {found} stride: {win.strides[axis]} dilation: {win.dilations[axis]}"
                )

    # ----- while building -----

    def forward_shape(self) -> Callable[..., TensorShape]:
        """The shape rule of the forward operation."""

        def rule(
            x: Tensor,
            filters: Tensor,
            *,
            strides: Any,
            padding: str,
            data_format: str,
            dilations: Any,
            explicit_paddings: Any,
        ) -> TensorShape:
            inputs = of_rank(x.shape, self.rank).as_list()
            taps = of_rank(filters.shape, self.rank).as_list()
            depth = channels(inputs, data_format)
            self._check_static_depth(depth, taps[-2])
            self._check_groups(depth, taps[-2], taps[-1])
            if self.depthwise and taps[-2] is None:
                taps[-2] = depth
            pads = explicit_pads(explicit_paddings or (), data_format) or ((0, 0),) * (self.rank - 2)
            sizes = [
                static_output(size, tap, stride, gap, padding, pad)
                for size, tap, stride, gap, pad in zip(
                    spatial(inputs, data_format),
                    taps[:-2],
                    spatial(strides, data_format),
                    spatial(dilations, data_format),
                    pads,
                    strict=True,
                )
            ]
            return TensorShape(arranged(inputs[0], sizes, self._width(taps), data_format))

        return rule

    def _width(self, taps: list[Dim]) -> Dim:
        if not self.depthwise:
            return taps[-1]
        return None if taps[-1] is None or taps[-2] is None else taps[-1] * taps[-2]

    def _check_static_depth(self, depth: Dim, filter_depth: Dim) -> None:
        if depth is None or filter_depth is None:
            return
        if self.depthwise and depth != filter_depth:
            raise ValueError(f"Dimensions must be equal, but are {depth} and {filter_depth}")
        if filter_depth and depth % filter_depth:
            raise ValueError(
                f"Depth of input ({depth}) is not a multiple of input depth of filter ({filter_depth})"
            )

    def _check_groups(self, depth: Dim, filter_depth: Dim, depth_out: Dim) -> None:
        """The filters are divided evenly among the groups of channels that they do not cover together."""
        if None in (depth, filter_depth, depth_out) or self.depthwise or not filter_depth:
            return
        groups = (depth or 0) // filter_depth
        if groups and (depth_out or 0) % groups:
            raise ValueError(
                f"Depth of output ({depth_out}) is not a multiple of the number of groups ({groups})"
            )

    def input_shape(self) -> Callable[..., TensorShape]:
        """The shape rule of the gradient for the input."""

        def rule(input_sizes: Tensor, filters: Tensor, dy: Tensor, *, data_format: str) -> TensorShape:
            if self.names[1] == "Conv2DBackpropInput":
                self._check_static_backprop(input_sizes, filters, dy, data_format)
            sizes = partial_shape(input_sizes)
            if sizes.ndims == self.rank - 2:
                depth = filters.shape.ints[-2] if filters.shape.ints else None
                sizes = TensorShape(arranged(None, sizes.as_list(), depth, data_format))
            sizes = of_rank(sizes, self.rank)
            batch = dy.shape.ints[0] if dy.shape.ints else None
            found = sizes.as_list()[0]
            if None not in (batch, found) and batch != found:
                raise ValueError(f"Dimensions must be equal, but are {found} and {batch}")
            return TensorShape([batch if found is None else found, *sizes.as_list()[1:]])

        return rule

    def _check_static_backprop(
        self, input_sizes: Tensor, filters: Tensor, dy: Tensor, data_format: str
    ) -> None:
        grad, taps = of_rank(dy.shape, self.rank), of_rank(filters.shape, self.rank).as_list()
        width, wanted = channels(grad.as_list(), data_format), self._width(taps)
        if width is not None and wanted is not None and width != wanted:
            raise ValueError(f"Dimensions must be equal, but are {width} and {wanted}")
        count = input_sizes.shape.ints[0] if input_sizes.shape.ints else None
        if count not in (None, self.rank, self.rank - 2):
            raise ValueError(
                f"{self.names[1]} requires input_sizes to contain {self.rank} values or {self.rank - 2} values, "
                f"but got: {count}"
            )

    def filter_shape(self) -> Callable[..., TensorShape]:
        """The shape rule of the gradient for the filter."""

        def rule(x: Tensor, filter_sizes: Tensor, dy: Tensor) -> TensorShape:
            return of_rank(partial_shape(filter_sizes), self.rank)

        return rule
