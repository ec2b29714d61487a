"""Convolutions whose filters look at one channel each."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.conv2d import conv2d, window_attrs
from graphmagic.nn.conv_ops import (
    depthwise_backprop_filter_op,
    depthwise_backprop_input_op,
    depthwise_op,
)
from graphmagic.ops.arguments import one_of

__all__ = [
    "depthwise_conv2d",
    "depthwise_conv2d_native",
    "depthwise_conv2d_native_backprop_filter",
    "depthwise_conv2d_native_backprop_input",
    "separable_conv2d",
]

_ONES = (1, 1, 1, 1)


def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """Slide filters over each channel by itself.

    Args:
        input: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        filter: shape ``[height, width, channels, multiplier]``.
        strides: how far the filters move, one number per dimension.
        padding: ``"SAME"`` or ``"VALID"``.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: how far apart the elements of the filters are, one number per dimension.
        name: the operation's name.

    Returns:
        A `Tensor` of images with ``channels * multiplier`` channels.

    Raises:
        ValueError: the ranks or channels do not fit, or an argument is wrong.

    >>> import graphmagic as tf
    >>> pixel = tf.reshape([1.0, 2.0], [1, 1, 1, 2])
    >>> taps = tf.reshape([1.0, 10.0, 1.0, 10.0], [1, 1, 2, 2])
    >>> tf.Session().run(tf.nn.depthwise_conv2d_native(pixel, taps, [1, 1, 1, 1], "SAME")).ravel()
    array([ 1., 10.,  2., 20.], dtype=float32)
    """
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(depthwise_op, input, filter, name=name, **attrs).outputs[0]


def depthwise_conv2d_native_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of `depthwise_conv2d_native` with respect to its input, which has the shape `input_sizes`.

    >>> import graphmagic as tf
    >>> one = tf.ones([1, 1, 1, 1])
    >>> dx = tf.nn.depthwise_conv2d_native_backprop_input([1, 1, 1, 1], one * 3.0, one, [1, 1, 1, 1], "VALID")
    >>> tf.Session().run(dx).ravel()
    array([3.], dtype=float32)
    """
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(
        depthwise_backprop_input_op, input_sizes, filter, out_backprop, name=name, **attrs
    ).outputs[0]


def depthwise_conv2d_native_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of `depthwise_conv2d_native` with respect to its filters, which have the shape `filter_sizes`.

    >>> import graphmagic as tf
    >>> one = tf.ones([1, 1, 1, 1])
    >>> dw = tf.nn.depthwise_conv2d_native_backprop_filter(one * 2.0, [1, 1, 1, 1], one, [1, 1, 1, 1], "VALID")
    >>> tf.Session().run(dw).ravel()
    array([2.], dtype=float32)
    """
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(
        depthwise_backprop_filter_op, input, filter_sizes, out_backprop, name=name, **attrs
    ).outputs[0]


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """Slide filters over each channel by itself.

    Args:
        input: images.
        filter: shape ``[height, width, channels, multiplier]``.
        strides: how far the filters move, one number per dimension.
        padding: ``"SAME"`` or ``"VALID"``.
        rate: how far apart the elements of the filters are, two numbers.
        name: the operation's name.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: the new name of `rate`.

    Returns:
        A `Tensor` of images with ``channels * multiplier`` channels.

    Raises:
        ValueError: the ranks or channels do not fit, or an argument is wrong.

    >>> import graphmagic as tf
    >>> tf.nn.depthwise_conv2d(tf.ones([1, 4, 4, 2]), tf.ones([3, 3, 2, 5]), [1, 1, 1, 1], "VALID").shape
    TensorShape([Dimension(1), Dimension(2), Dimension(2), Dimension(10)])
    """
    rates = one_of("dilations", dilations, "rate", rate)
    with get_default_graph().name_scope(name or "depthwise") as scope:
        x = convert_to_tensor(input, name="tensor_in")
        taps = convert_to_tensor(filter, name="filter_in")
        return depthwise_conv2d_native(x, taps, strides, padding, data_format, rates, name=scope)


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: Any,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """A depthwise convolution followed by one that mixes the channels of each pixel.

    Args:
        input: images.
        depthwise_filter: shape ``[height, width, channels, multiplier]``.
        pointwise_filter: shape ``[1, 1, channels * multiplier, outputs]``.
        strides: how far the depthwise filters move, one number per dimension.
        padding: ``"SAME"`` or ``"VALID"``.
        rate: how far apart the elements of the depthwise filters are, two numbers.
        name: the operation's name.
        data_format: ``"NHWC"`` or ``"NCHW"``.
        dilations: the new name of `rate`.

    Returns:
        A `Tensor` of images.

    Raises:
        ValueError: the ranks or channels do not fit, or an argument is wrong.

    >>> import graphmagic as tf
    >>> x, by_channel = tf.ones([1, 2, 2, 3]), tf.ones([1, 1, 3, 2])
    >>> tf.Session().run(tf.nn.separable_conv2d(x, by_channel, tf.ones([1, 1, 6, 1]), [1, 1, 1, 1], "VALID"))[0, 0, 0]
    array([6.], dtype=float32)
    """
    rates = one_of("dilations", dilations, "rate", rate)
    with get_default_graph().name_scope(name or "separable_conv2d") as scope:
        x = convert_to_tensor(input, name="tensor_in")
        by_channel = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        across = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        sizes = across.shape.with_rank(4)
        sizes[:2].assert_is_compatible_with([1, 1])
        hidden = depthwise_conv2d_native(
            x, by_channel, strides, padding, data_format, rates, name="depthwise"
        )
        return conv2d(hidden, across, 1, "VALID", data_format=data_format or "NHWC", name=scope)
