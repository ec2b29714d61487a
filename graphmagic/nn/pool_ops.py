"""The operations of pooling and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.pool_kernels import (
    average,
    average_gradient,
    first_maxima,
    maximum,
    maximum_gradient,
    maximum_gradient_gradient,
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
    static_output,
    windows,
)
from graphmagic.ops.arithmetic import add
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.fill import range as sequence
from graphmagic.ops.gather import unsorted_segment_sum
from graphmagic.ops.like import zeros_like
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape

Array = np.ndarray[Any, Any]
Grads = tuple[Tensor | None, ...]
_ATTRS = ("ksize", "strides", "padding", "explicit_paddings", "data_format")


def _geometry(
    sizes: Sequence[int], ksize: Any, strides: Any, padding: str, data_format: str, explicit: Any
) -> Windows:
    rank = len(ksize)
    if len(sizes) != rank:
        raise invalid(f"tensor_in must be {rank}-dimensional")
    for values, what in ((ksize, "windows"), (strides, "strides")):
        if values[0] != 1 or channels(values, data_format) != 1:
            raise errors.UnimplementedError(
                None, None, f"Pooling is not yet supported on the batch or depth dimension: {what} {values}."
            )
    return windows(
        spatial(sizes, data_format),
        spatial(ksize, data_format),
        spatial(strides, data_format),
        (1,) * (rank - 2),
        padding,
        explicit_pads(explicit or (), data_format),
    )


def _check_images(x: Array, ksize: Any) -> None:
    if len(ksize) == 4 and x.ndim != 4:
        raise invalid(f"tensor_in_shape must have 2 spatial dimensions. {x.ndim} 0")


def pooled_shape(
    x: Tensor, ksize: Any, strides: Any, padding: str, data_format: str, explicit: Any = None
) -> TensorShape:
    """The static shape of pooling.

    Raises:
        ValueError: the rank is wrong, or a window is larger than the input.
    """
    rank = len(ksize)
    sizes = of_rank(x.shape, rank).as_list()
    pads = explicit_pads(explicit or (), data_format) or ((0, 0),) * (rank - 2)
    pooled = [
        static_output(size, taps, stride, 1, padding, pad)
        for size, taps, stride, pad in zip(
            spatial(sizes, data_format),
            spatial(ksize, data_format),
            spatial(strides, data_format),
            pads,
            strict=True,
        )
    ]
    return TensorShape(arranged(sizes[0], pooled, channels(sizes, data_format), data_format))


def _declare(name: str, signature: str, rank: int, types: Any, explicit: bool) -> OpDef:
    defaults: dict[str, Any] = {"data_format": FORMATS[rank][0]}
    if explicit:
        defaults["explicit_paddings"] = []
    choices = {"padding": (*PADDINGS, "EXPLICIT") if explicit else PADDINGS, "data_format": FORMATS[rank]}
    return OpDef(name, signature, types={"T": types}, defaults=defaults, choices=choices)


def _shared(op: Operation) -> dict[str, Any]:
    return {key: op.attrs[key] for key in _ATTRS if key in op.attrs}


# ----- maxima -----


def _declare_maximum(name: str, rank: int, types: Any) -> tuple[OpDef, OpDef, OpDef]:
    explicit = rank == 4
    forward = _declare(name, "input:T -> output:T", rank, types, explicit)
    triple = "orig_input:T, orig_output:T, grad:T -> output:T"
    first = triple if explicit else "orig_input:TInput, orig_output:TInput, grad:T -> output:T"
    grad = _declare(f"{name}Grad", first, rank, dtypes.REALS, explicit)
    grad_grad = _declare(f"{name}GradGrad", triple, rank, dtypes.REALS, False)

    @forward.kernel
    def max_pool_kernel(
        x: Any, *, ksize: Any, strides: Any, padding: str, data_format: str, explicit_paddings: Any
    ) -> Array:
        _check_images(x, ksize)
        win = _geometry(x.shape, ksize, strides, padding, data_format, explicit_paddings)
        return in_layout(maximum(channels_last(x, data_format), win), data_format)

    def routed(compute: Any) -> Any:
        def kernel(
            x: Any,
            top: Any,
            change: Any,
            *,
            ksize: Any,
            strides: Any,
            padding: str,
            data_format: str,
            explicit_paddings: Any,
        ) -> Array:
            win = _geometry(x.shape, ksize, strides, padding, data_format, explicit_paddings)
            arrays = [channels_last(a, data_format) for a in (x, top, change)]
            return in_layout(compute(*arrays, win), data_format)

        return kernel

    grad.kernel(routed(maximum_gradient))
    grad_grad.kernel(routed(maximum_gradient_gradient))

    @forward.shape_rule
    def max_pool_shape(
        x: Tensor, *, ksize: Any, strides: Any, padding: str, data_format: str, explicit_paddings: Any
    ) -> TensorShape:
        return pooled_shape(x, ksize, strides, padding, data_format, explicit_paddings)

    grad.shape_rule(lambda x, top, dy: of_rank(x.shape, rank))

    @grad_grad.shape_rule
    def max_pool_grad_grad_shape(
        x: Tensor, top: Tensor, ddx: Tensor, *, ksize: Any, strides: Any, padding: str, data_format: str
    ) -> TensorShape:
        return pooled_shape(x, ksize, strides, padding, data_format)

    @forward.gradient
    def max_pool_grad(op: Operation, dy: Tensor) -> Tensor:
        return apply_op(grad, op.inputs[0], op.outputs[0], dy, **_shared(op)).outputs[0]

    @grad.gradient
    def max_pool_grad_grad(op: Operation, ddx: Tensor) -> Grads:
        x, top, _ = op.inputs
        attrs = _shared(op)
        if attrs.pop("explicit_paddings", None):
            raise LookupError("max_pool with explicit padding has no second derivative")
        picked = apply_op(grad_grad, x, top, ddx, **attrs).outputs[0]
        return zeros_like(x), zeros_like(top), picked

    @grad_grad.gradient
    def max_pool_grad_grad_grad(op: Operation, dy: Tensor) -> Grads:
        x, top, _ = op.inputs
        return zeros_like(x), zeros_like(top), apply_op(grad, x, top, dy, **_shared(op)).outputs[0]

    return forward, grad, grad_grad


_MAX_TYPES = (
    *dtypes.REAL_FLOATS,
    dtypes.int32,
    dtypes.int64,
    dtypes.uint8,
    dtypes.int16,
    dtypes.int8,
    dtypes.uint16,
)
max_pool_op, max_pool_grad_op, max_pool_grad_grad_op = _declare_maximum("MaxPool", 4, _MAX_TYPES)
max_pool3d_op, max_pool3d_grad_op, max_pool3d_grad_grad_op = _declare_maximum(
    "MaxPool3D", 5, dtypes.REAL_FLOATS
)

argmax_op = OpDef(
    "MaxPoolWithArgmax",
    "input:T -> output:T, argmax:Targmax",
    types={"T": dtypes.REALS, "Targmax": dtypes.INDICES},
    defaults={"Targmax": dtypes.int64, "include_batch_in_index": False},
    choices={"padding": PADDINGS},
)


@argmax_op.kernel
def argmax_kernel(
    x: Any,
    *,
    ksize: Any,
    strides: Any,
    padding: str,
    include_batch_in_index: bool,
    Targmax: Any,  # noqa: N803
) -> tuple[Array, Array]:
    if x.ndim != 4:
        raise invalid("tensor_in must be 4-dimensional (2)")
    win = _geometry(x.shape, ksize, strides, padding, "NHWC", None)
    top, places = first_maxima(x, win, include_batch_in_index)
    return top, places.astype(Targmax.numpy)


@argmax_op.shape_rule
def argmax_shape(x: Tensor, *, ksize: Any, strides: Any, padding: str) -> list[TensorShape]:
    return [pooled_shape(x, ksize, strides, padding, "NHWC")] * 2


@argmax_op.gradient
def argmax_grad(op: Operation, dy: Tensor, _: Any) -> Tensor:
    """Each element's gradient goes to the place that the second output names."""
    x, places = op.inputs[0], cast(op.outputs[1], dtypes.int64)
    sizes: Any = cast(shape(x), dtypes.int64)
    per_image = sizes[1] * sizes[2] * sizes[3]
    total = per_image * sizes[0]
    if not op.attrs["include_batch_in_index"]:
        places = add(places, reshape(sequence(total, delta=per_image), [-1, 1, 1, 1]))
    flat = unsorted_segment_sum(reshape(dy, [-1]), reshape(places, [-1]), total)
    return reshape(flat, shape(x))


# ----- means -----


def _declare_average(name: str, rank: int) -> tuple[OpDef, OpDef]:
    forward = _declare(name, "value:T -> output:T", rank, dtypes.REAL_FLOATS, False)
    grad = _declare(
        f"{name}Grad", "orig_input_shape:int32, grad:T -> output:T", rank, dtypes.REAL_FLOATS, False
    )

    @forward.kernel
    def avg_pool_kernel(x: Any, *, ksize: Any, strides: Any, padding: str, data_format: str) -> Array:
        _check_images(x, ksize)
        win = _geometry(x.shape, ksize, strides, padding, data_format, None)
        return in_layout(average(channels_last(x, data_format), win), data_format)

    @grad.kernel
    def avg_pool_grad_kernel(
        sizes: Any, dy: Any, *, ksize: Any, strides: Any, padding: str, data_format: str
    ) -> Array:
        win = _geometry([int(n) for n in sizes], ksize, strides, padding, data_format, None)
        return in_layout(average_gradient(channels_last(dy, data_format), win), data_format)

    @forward.shape_rule
    def avg_pool_shape(x: Tensor, *, ksize: Any, strides: Any, padding: str, data_format: str) -> TensorShape:
        return pooled_shape(x, ksize, strides, padding, data_format)

    grad.shape_rule(lambda sizes, dy: of_rank(partial_shape(sizes), rank))

    @forward.gradient
    def avg_pool_grad(op: Operation, dy: Tensor) -> Tensor:
        return apply_op(grad, shape(op.inputs[0]), dy, **_shared(op)).outputs[0]

    @grad.gradient
    def avg_pool_grad_grad(op: Operation, dy: Tensor) -> Grads:
        return None, apply_op(forward, dy, **_shared(op)).outputs[0]

    return forward, grad


avg_pool_op, avg_pool_grad_op = _declare_average("AvgPool", 4)
avg_pool3d_op, avg_pool3d_grad_op = _declare_average("AvgPool3D", 5)
