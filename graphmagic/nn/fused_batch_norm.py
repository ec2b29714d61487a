"""Batch normalization of images as one operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.backward import gradients
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.normalization import batch_normalization
from graphmagic.nn.windows import channels, channels_last, in_layout, is_channels_first
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.arithmetic import squared_difference
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.constant import constant
from graphmagic.ops.reduce import reduce_mean
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape

__all__ = ["fused_batch_norm"]

Array = np.ndarray[Any, Any]

_SHARED: dict[str, Any] = {
    "types": {"T": dtypes.REAL_FLOATS, "U": (dtypes.float32, dtypes.float64)},
    "choices": {"data_format": ("NHWC", "NCHW")},
}
_DEFAULTS: dict[str, Any] = {"epsilon": 0.0001, "data_format": "NHWC", "is_training": True}
_SMALLEST_EPSILON = 1.001e-5  # what the GPU library of the time required

fused_op = OpDef(
    "FusedBatchNormV3",
    "x:T, scale:U, offset:U, mean:U, variance:U -> y:T, batch_mean:U, batch_variance:U, "
    "reserve_space_1:U, reserve_space_2:U, reserve_space_3:U",
    defaults={**_DEFAULTS, "exponential_avg_factor": 1.0},
    **_SHARED,
)


def _moments(x: Array, kind: Any) -> tuple[Array, Array]:
    """Mean and variance of each channel, channels last."""
    flat = x.reshape(-1, x.shape[-1]).astype(kind, copy=False)
    mean = np.mean(flat, 0, dtype=kind)
    return mean, np.mean(np.square(flat - mean), 0, dtype=kind)


@fused_op.kernel
def fused_kernel(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any,
    variance: Any,
    *,
    epsilon: float,
    data_format: str,
    is_training: bool,
    exponential_avg_factor: float,
) -> tuple[Array, ...]:
    if x.ndim != 4:
        raise invalid(f"input must be 4 or 5-dimensional{shape_text(x)}")
    last, kind = channels_last(x, data_format), scale.dtype.type
    for array, name in ((scale, "scale"), (offset, "offset")):
        if array.size != last.shape[-1]:
            raise invalid(
                f"{name} must have the same number of elements as the channels of x, "
                f"got {array.size} and {last.shape[-1]}",
            )
    center, spread = _moments(last, scale.dtype) if is_training else (mean, variance)
    factor = np.multiply(scale, np.reciprocal(np.sqrt(spread + kind(epsilon))))
    y = (last.astype(kind, copy=False) - center) * factor + offset
    result = in_layout(np.ascontiguousarray(y, x.dtype), data_format)
    if not is_training:
        return (
            result,
            np.array(mean),
            np.array(variance),
            np.array(mean),
            np.array(variance),
            kind(0).reshape(1),
        )
    count = last.size // max(last.shape[-1], 1)
    unbiased = spread * kind(count / max(count - 1, 1))
    old, new = kind(1 - exponential_avg_factor), kind(exponential_avg_factor)
    if exponential_avg_factor != 1.0:
        return (
            result,
            old * mean + new * center,
            old * variance + new * unbiased,
            center,
            spread,
            np.zeros(1, kind),
        )
    return result, np.array(center), unbiased, center, spread, np.zeros(1, kind)


def _channel_shape(x: TensorShape, data_format: str, vectors: Sequence[Tensor]) -> tuple[TensorShape, Any]:
    """The shape of the images and the number of channels, as far as they are known."""
    images = of_rank(x, 4)
    depth = channels(images.as_list(), data_format)
    for vector in vectors:
        if vector.shape.ndims not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {vector.shape.ndims}")
        size = vector.shape.ints[0] if vector.shape.ints else None
        if depth is not None and size is not None and depth != size:
            raise ValueError(f"Dimensions must be equal, but are {depth} and {size}")
        depth = size if depth is None else depth
    sizes = images.as_list()
    sizes[1 if is_channels_first(data_format) else -1] = depth
    return TensorShape(sizes), depth


@fused_op.shape_rule
def fused_shape(
    x: Tensor,
    scale: Tensor,
    offset: Tensor,
    mean: Tensor,
    variance: Tensor,
    *,
    data_format: str,
    is_training: bool,
) -> list[TensorShape]:
    vectors = [scale, offset] if is_training else [scale, offset, mean, variance]
    images, depth = _channel_shape(x.shape, data_format, vectors)
    return [images, *[TensorShape([depth])] * 4, TensorShape([None])]


@fused_op.gradient
def fused_grad(op: Operation, dy: Tensor, *unused: Any) -> tuple[Tensor | None, ...]:
    """Only the normalized images have a gradient."""
    x, scale, _, mean, variance = op.inputs
    training = op.attrs["is_training"]
    center, spread = (op.outputs[3], op.outputs[4]) if training else (mean, variance)
    attrs = {key: op.attrs[key] for key in _DEFAULTS}
    found = apply_op(fused_grad_op, dy, x, scale, center, spread, op.outputs[5], **attrs).outputs
    return found[0], found[1], found[2], None, None


fused_grad_op = OpDef(
    "FusedBatchNormGradV3",
    "y_backprop:T, x:T, scale:U, reserve_space_1:U, reserve_space_2:U, reserve_space_3:U -> "
    "x_backprop:T, scale_backprop:U, offset_backprop:U, reserve_space_4:U, reserve_space_5:U",
    defaults=_DEFAULTS,
    **_SHARED,
)


@fused_grad_op.kernel
def fused_grad_kernel(
    dy: Any,
    x: Any,
    scale: Any,
    mean: Any,
    variance: Any,
    unused: Any,
    *,
    epsilon: float,
    data_format: str,
    is_training: bool,
) -> tuple[Array, ...]:
    if x.ndim != 4:
        raise invalid(f"input must be 4 or 5-dimensional{shape_text(x)}")
    kind = scale.dtype
    last = channels_last(x, data_format).astype(kind, copy=False)
    change = channels_last(dy, data_format).astype(kind, copy=False)
    axes = (0, 1, 2)
    inverse = np.reciprocal(np.sqrt(variance + kind.type(epsilon)))
    normalized = (last - mean) * inverse
    d_offset = np.add.reduce(change, axes)
    d_scale = np.add.reduce(change * normalized, axes)
    factor = scale * inverse
    if is_training:
        count = kind.type(max(last.size // max(last.shape[-1], 1), 1))
        change = change - d_offset / count - normalized * (d_scale / count)
    dx = in_layout(np.ascontiguousarray(change * factor, x.dtype), data_format)
    return dx, d_scale, d_offset, np.zeros(1, kind), np.zeros(1, kind)


@fused_grad_op.shape_rule
def fused_grad_shape(
    dy: Tensor,
    x: Tensor,
    scale: Tensor,
    mean: Tensor,
    variance: Tensor,
    unused: Tensor,
    *,
    data_format: str,
) -> list[TensorShape]:
    images, depth = _channel_shape(dy.shape.merge_with(x.shape), data_format, [scale])
    return [images, TensorShape([depth]), TensorShape([depth]), TensorShape([None]), TensorShape([None])]


@fused_grad_op.gradient
def fused_grad_grad(op: Operation, *dys: Tensor) -> tuple[Tensor | None, ...]:
    """The second derivative: that of the same formula written with simple operations."""
    dy, x, scale, mean, variance, _ = op.inputs
    layout, training = op.attrs["data_format"], op.attrs["is_training"]
    axes = [0, 2, 3] if layout == "NCHW" else [0, 1, 2]
    if training:
        mean = reduce_mean(x, axes, keepdims=True)
        variance = reduce_mean(squared_difference(x, mean), axes, keepdims=True)
    zeros = _per_channel(scale, layout) * 0.0
    center, spread = (
        (mean, variance) if training else (_per_channel(mean, layout), _per_channel(variance, layout))
    )
    scales = _per_channel(scale, layout)
    y = batch_normalization(x, center, spread, zeros, scales, op.attrs["epsilon"])
    d_offset = reshape(gradients(y, zeros, dy)[0], [-1])
    dx, d_scale = gradients(y, [x, scale], dy)
    wanted = [dy, x, scale] if training else [dy, x, scale, op.inputs[3], op.inputs[4]]
    second = gradients([dx, d_scale, d_offset], wanted, list(dys[:3]))
    return (*second, *[None] * (6 - len(second)))


def _per_channel(vector: Tensor, data_format: str) -> Tensor:
    return reshape(vector, [1, -1, 1, 1]) if data_format == "NCHW" else vector


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
    exponential_avg_factor: float = 1.0,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalize the channels of images.

    Args:
        x: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        scale: a vector with one number per channel.
        offset: a vector with one number per channel.
        mean: the means to use if not training; else the running means, or None.
        variance: the variances to use if not training; else the running variances, or None.
        epsilon: a small number that keeps the division safe.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        is_training: whether to use the mean and variance of this batch.
        name: the operation's name.
        exponential_avg_factor: how much of the running means and variances is replaced by those of this batch.

    Returns:
        (normalized images, means, variances), the variances corrected for the number of elements.

    Raises:
        ValueError: the shapes do not fit, or the means and variances are missing.

    >>> import graphmagic as tf
    >>> x = tf.reshape([1.0, 3.0], [2, 1, 1, 1])
    >>> y, mean, variance = tf.nn.fused_batch_norm(x, [2.0], [10.0], epsilon=0.001)
    >>> [v.ravel().round(2).tolist() for v in tf.Session().run([y, mean, variance])]
    [[8.0, 12.0], [2.0], [2.0]]
    """
    if (not is_training or exponential_avg_factor != 1.0) and (mean is None or variance is None):
        raise ValueError(
            "Both `mean` and `variance` must be a 1D tensor when `is_training` is False or "
            f"`exponential_avg_factor` != 1.0. Received: `mean` {mean!r} and `variance` {variance!r}"
        )
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    mean = constant([], scale.dtype.base_dtype) if mean is None else mean
    variance = constant([], scale.dtype.base_dtype) if variance is None else variance
    outputs = apply_op(
        fused_op,
        x,
        scale,
        offset,
        mean,
        variance,
        name=name,
        epsilon=max(float(epsilon), _SMALLEST_EPSILON),
        data_format=data_format,
        is_training=is_training,
        exponential_avg_factor=float(exponential_avg_factor),
    ).outputs
    return outputs[0], outputs[1], outputs[2]
