"""Convolution layers for sequences, images and volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nn
from graphmagic.graph.node import Tensor
from graphmagic.layers.base import Layer, activated, is_first, padding_name, pair
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.shapes import TensorShape

__all__ = ["Conv1D", "Conv2D", "Conv3D", "conv1d", "conv2d", "conv3d"]

Function = Callable[[Any], Any]
zeros = zeros_initializer()
_LAST = {1: "NWC", 2: "NHWC", 3: "NDHWC"}
_FIRST = {1: "NCW", 2: "NCHW", 3: "NCDHW"}


class Convolution(Layer):
    """What the convolution layers have in common; `ndims` is the number of spatial dimensions."""

    ndims = 2
    kernel: Any = None
    bias: Any = None

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = 1,
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = 1,
        activation: Function | None = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = zeros,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(trainable, name, **options)
        self.filters = int(filters)
        self.kernel_size = pair(kernel_size, self.ndims, "kernel_size")
        self.strides = pair(strides, self.ndims, "strides")
        self.padding = padding_name(padding)
        self.dilation_rate = pair(dilation_rate, self.ndims, "dilation_rate")
        self.activation, self.use_bias = activation, use_bias
        self.channels_first = is_first(data_format)
        self.layout = (_FIRST if self.channels_first else _LAST)[self.ndims]
        self._kernel = {
            "initializer": kernel_initializer,
            "regularizer": kernel_regularizer,
            "constraint": kernel_constraint,
        }
        self._bias = {
            "initializer": bias_initializer,
            "regularizer": bias_regularizer,
            "constraint": bias_constraint,
        }

    def _depth(self, input_shape: TensorShape) -> int:
        """The number of channels of the inputs."""
        self.check_rank(input_shape, rank=self.ndims + 2)
        axis = 1 if self.channels_first else -1
        depth = input_shape.ints[axis] if input_shape.ints else None
        if depth is None:
            raise ValueError(
                f"The channel dimension of the inputs should be defined. The input_shape received is {input_shape}, "
                f"where axis {axis} (0-based) is the channel dimension, which found to be `None`."
            )
        return depth

    def build(self, input_shape: TensorShape) -> None:
        """Make the kernel and the bias."""
        shape = [*self.kernel_size, self._depth(input_shape), self.filters]
        self.kernel = self.add_weight("kernel", shape, **self._kernel)
        self._build_bias()

    def _build_bias(self) -> None:
        if self.use_bias:
            self.bias = self.add_weight("bias", [self.filters], **self._bias)

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        outputs = nn.convolution(
            inputs,
            self.kernel,
            self.padding,
            self.strides,
            self.dilation_rate,
            name={1: "conv1d", 2: "Conv2D", 3: "Conv3D"}[self.ndims],
            data_format=self.layout,
        )
        return self.finished(outputs)

    def finished(self, outputs: Tensor) -> Tensor:
        """The outputs with bias and activation."""
        if self.use_bias:
            outputs = nn.bias_add(outputs, self.bias, data_format=self.layout)
        return activated(self.activation, outputs)


class Conv1D(Convolution):
    """A convolution layer for sequences; arguments as `conv1d`.

    >>> import graphmagic as tf
    >>> tf.layers.Conv1D(4, 3)(tf.zeros([2, 8, 5])).shape.as_list()
    [2, 6, 4]
    """

    ndims = 1


class Conv2D(Convolution):
    """A convolution layer for images; arguments as `conv2d`.

    >>> import graphmagic as tf
    >>> layer = tf.layers.Conv2D(4, 3)
    >>> layer(tf.zeros([2, 8, 8, 5])).shape.as_list(), layer.kernel.shape.as_list()
    ([2, 6, 6, 4], [3, 3, 5, 4])
    """

    ndims = 2


class Conv3D(Convolution):
    """A convolution layer for volumes; arguments as `conv3d`.

    >>> import graphmagic as tf
    >>> tf.layers.Conv3D(4, 3)(tf.zeros([2, 8, 7, 6, 5])).shape.as_list()
    [2, 6, 5, 4, 4]
    """

    ndims = 3


def conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
    activation: Function | None = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = zeros,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """A convolution layer for images.

    Args:
        inputs: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        filters: the number of filters.
        kernel_size: their size: a number, or one for each direction.
        strides: how far they move; numbers as in `kernel_size`.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``channels_last`` or ``channels_first``.
        dilation_rate: how far apart the elements of the filters are; numbers as in `kernel_size`.
        activation: a function of tensors; None for none.
        use_bias: whether there is a bias.
        kernel_initializer: the initializer of the filters; that of the scope if None.
        bias_initializer: the initializer of the bias.
        kernel_regularizer: computes a loss from the filters.
        bias_regularizer: computes a loss from the bias.
        activity_regularizer: accepted for old programs.
        kernel_constraint: a function that optimizers apply to the filters after each update.
        bias_constraint: the same for the bias.
        trainable: whether optimizers change the variables by default.
        name: the name of the variable scope; ``conv2d``, ``conv2d_1`` ... if None.
        reuse: use the variables of an earlier layer of that name.

    Returns:
        A `Tensor` of images with `filters` channels.

    Raises:
        ValueError: the number of channels is unknown, an argument is wrong, or the variables exist already.

    >>> import graphmagic as tf
    >>> tf.layers.conv2d(tf.zeros([2, 8, 8, 5]), 4, 3, activation=tf.nn.relu)
    <tf.Tensor 'conv2d/Relu:0' shape=(2, 6, 6, 4) dtype=float32>
    """
    layer = Conv2D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    result: Tensor = layer(inputs)
    return result


def conv1d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = 1,
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = 1,
    activation: Function | None = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = zeros,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """A convolution layer for sequences, shape ``[batch, width, channels]``; arguments as `conv2d`.

    >>> import graphmagic as tf
    >>> tf.layers.conv1d(tf.zeros([2, 8, 5]), 4, 3)
    <tf.Tensor 'conv1d/BiasAdd:0' shape=(2, 6, 4) dtype=float32>
    """
    sizes = kernel_size, strides, padding, data_format, dilation_rate
    initial = activation, use_bias, kernel_initializer, bias_initializer
    rules = kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
    layer = Conv1D(filters, *sizes, *initial, *rules, trainable, name, _scope=name, _reuse=reuse)
    result: Tensor = layer(inputs)
    return result


def conv3d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1, 1),
    activation: Function | None = None,
    use_bias: bool = True,
    kernel_initializer: Any = None,
    bias_initializer: Any = zeros,
    kernel_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    kernel_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """A convolution layer for volumes, shape ``[batch, depth, height, width, channels]``; arguments as `conv2d`.

    >>> import graphmagic as tf
    >>> tf.layers.conv3d(tf.zeros([2, 8, 7, 6, 5]), 4, 3)
    <tf.Tensor 'conv3d/BiasAdd:0' shape=(2, 6, 5, 4, 4) dtype=float32>
    """
    sizes = kernel_size, strides, padding, data_format, dilation_rate
    initial = activation, use_bias, kernel_initializer, bias_initializer
    rules = kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
    layer = Conv3D(filters, *sizes, *initial, *rules, trainable, name, _scope=name, _reuse=reuse)
    result: Tensor = layer(inputs)
    return result
