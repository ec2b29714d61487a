"""Convolution in two dimensions, forward and backward, dense and dilated."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.nn.conv_ops import conv2d_backprop_filter_op, conv2d_backprop_input_op, conv2d_op
from graphmagic.nn.windows import convert_padding, sequence
from graphmagic.ops.arguments import one_of

__all__ = [
    "conv2d",
    "conv2d_backprop_filter",
    "conv2d_backprop_input",
    "conv2d_transpose",
    "atrous_conv2d",
    "atrous_conv2d_transpose",
]

_ONES = (1, 1, 1, 1)


def window_attrs(strides: Any, padding: Any, data_format: str | None, dilations: Any) -> dict[str, Any]:
    """The attributes of a two-dimensional convolution."""
    layout = data_format or "NHWC"
    name, explicit = convert_padding(padding)
    return {
        "strides": sequence(strides, 2, layout, "strides"),
        "padding": name,
        "explicit_paddings": explicit,
        "data_format": layout,
        "dilations": sequence(dilations, 2, layout, "dilations"),
    }


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Slide filters over images.

    Args:
        input: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        filter: shape ``[height, width, channels, outputs]``.
        strides: how far the filters move: one number, one for each direction, or one for each dimension.
        padding: ``"SAME"`` (as many outputs as inputs, divided by the strides), ``"VALID"`` (filters stay inside), or
            a list with the zeros before and after for each dimension.
        use_cudnn_on_gpu: accepted for old programs.
        data_format: ``"NHWC"``, or ``"NCHW"`` for channels before height and width.
        dilations: how far apart the elements of the filters are; numbers as in `strides`.
        name: the operation's name.
        filters: the new name of `filter`.

    Returns:
        A `Tensor` of images with one channel per filter.

    Raises:
        ValueError: the ranks or channels do not fit, the filter is larger than the image, or an argument is wrong.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(9.0), [1, 3, 3, 1])
    >>> tf.Session().run(tf.nn.conv2d(image, tf.ones([2, 2, 1, 1]), strides=1, padding="VALID"))[0, :, :, 0]
    array([[ 8., 12.],
           [20., 24.]], dtype=float32)
    """
    taps = one_of("filters", filters, "filter", filter)
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(conv2d_op, input, taps, name=name, use_cudnn_on_gpu=use_cudnn_on_gpu, **attrs).outputs[0]


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The gradient of `conv2d` with respect to its input.

    Args:
        input_sizes: the shape of the input, a vector of integers.
        filter: the filters.
        out_backprop: the gradient with respect to the result.
        strides: as in `conv2d`.
        padding: as in `conv2d`.
        use_cudnn_on_gpu: accepted for old programs.
        data_format: as in `conv2d`.
        dilations: as in `conv2d`.
        name: the operation's name.
        filters: the new name of `filter`.

    Returns:
        A `Tensor` of shape `input_sizes`.

    Raises:
        ValueError: the ranks or channels do not fit.
        InvalidArgumentError: the sizes do not fit, when the graph runs.

    >>> import graphmagic as tf
    >>> dx = tf.nn.conv2d_backprop_input([1, 2, 2, 1], tf.ones([2, 2, 1, 1]), tf.ones([1, 1, 1, 1]), 1, "VALID")
    >>> tf.Session().run(dx)[0, :, :, 0]
    array([[1., 1.],
           [1., 1.]], dtype=float32)
    """
    taps = one_of("filters", filters, "filter", filter)
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(
        conv2d_backprop_input_op,
        input_sizes,
        taps,
        out_backprop,
        name=name,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        **attrs,
    ).outputs[0]


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of `conv2d` with respect to its filters.

    Args:
        input: the images.
        filter_sizes: the shape of the filters, a vector of integers.
        out_backprop: the gradient with respect to the result.
        strides: as in `conv2d`.
        padding: as in `conv2d`.
        use_cudnn_on_gpu: accepted for old programs.
        data_format: as in `conv2d`.
        dilations: as in `conv2d`.
        name: the operation's name.

    Returns:
        A `Tensor` of shape `filter_sizes`.

    Raises:
        InvalidArgumentError: the sizes do not fit, when the graph runs.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
    >>> dw = tf.nn.conv2d_backprop_filter(image, [1, 1, 1, 1], tf.ones([1, 2, 2, 1]), 1, "VALID")
    >>> tf.Session().run(dw).ravel()
    array([6.], dtype=float32)
    """
    attrs = window_attrs(strides, padding, data_format, dilations)
    return apply_op(
        conv2d_backprop_filter_op,
        input,
        filter_sizes,
        out_backprop,
        name=name,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        **attrs,
    ).outputs[0]


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: Any = "SAME",
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """Spread each pixel over a window: the transpose of `conv2d`, also called deconvolution.

    Args:
        value: images.
        filter: shape ``[height, width, outputs, channels]``; note the order of the last two.
        output_shape: the shape of the result, a vector of integers.
        strides: as in `conv2d`, for the convolution that leads from the result to `value`.
        padding: as in `conv2d`.
        data_format: as in `conv2d`.
        name: the operation's name.
        input: the new name of `value`.
        filters: the new name of `filter`.
        dilations: as in `conv2d`.

    Returns:
        A `Tensor` of shape `output_shape`.

    Raises:
        ValueError: the ranks or channels do not fit.
        InvalidArgumentError: the convolution does not lead from `output_shape` to `value`, when the graph runs.

    >>> import graphmagic as tf
    >>> x = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
    >>> wide = tf.nn.conv2d_transpose(x, tf.ones([2, 2, 1, 1]), [1, 4, 4, 1], strides=2)
    >>> tf.Session().run(wide)[0, :, :, 0]
    array([[0., 0., 1., 1.],
           [0., 0., 1., 1.],
           [2., 2., 3., 3.],
           [2., 2., 3., 3.]], dtype=float32)
    """
    x, taps = one_of("input", input, "value", value), one_of("filters", filters, "filter", filter)
    attrs = window_attrs(strides, padding, data_format, dilations)
    name = name or "conv2d_transpose"
    return apply_op(conv2d_backprop_input_op, output_shape, taps, x, name=name, **attrs).outputs[0]


def atrous_conv2d(value: Any, filters: Any, rate: Any, padding: str, name: str | None = None) -> Tensor:
    """`conv2d` with holes between the elements of the filters.

    Args:
        value: images, shape ``[batch, height, width, channels]``.
        filters: as in `conv2d`.
        rate: how far apart the elements are.
        padding: ``"SAME"`` or ``"VALID"``.
        name: the operation's name.

    Returns:
        A `Tensor` of images.

    >>> import graphmagic as tf
    >>> image = tf.reshape(tf.range(9.0), [1, 3, 3, 1])
    >>> tf.Session().run(tf.nn.atrous_conv2d(image, tf.ones([2, 2, 1, 1]), 2, "VALID")).ravel()
    array([16.], dtype=float32)
    """
    return conv2d(value, filters, 1, padding, dilations=rate, name=name or "convolution")


def atrous_conv2d_transpose(
    value: Any, filters: Any, output_shape: Any, rate: int, padding: str, name: str | None = None
) -> Tensor:
    """The transpose of `atrous_conv2d`.

    Args:
        value: images, shape ``[batch, height, width, channels]``.
        filters: shape ``[height, width, outputs, channels]``.
        output_shape: the shape of the result.
        rate: how far apart the elements of the filters are.
        padding: ``"SAME"`` or ``"VALID"``.
        name: the operation's name.

    Returns:
        A `Tensor` of shape `output_shape`.

    >>> import graphmagic as tf
    >>> x = tf.ones([1, 1, 1, 1])
    >>> wide = tf.nn.atrous_conv2d_transpose(x, tf.ones([2, 2, 1, 1]), [1, 3, 3, 1], 2, "VALID")
    >>> tf.Session().run(wide)[0, :, :, 0]
    array([[1., 0., 1.],
           [0., 0., 0.],
           [1., 0., 1.]], dtype=float32)
    """
    name = name or "atrous_conv2d_transpose"
    return conv2d_transpose(value, filters, output_shape, 1, padding, name=name, dilations=rate)
