"""The transpose of a convolution, and convolution channel by channel, as layers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nn
from graphmagic.graph.node import Tensor
from graphmagic.layers.convolutional import Convolution
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.queries import shape
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

__all__ = ["Conv2DTranspose", "SeparableConv2D", "conv2d_transpose", "separable_conv2d"]

Function = Callable[[Any], Any]
zeros = zeros_initializer()


class Conv2DTranspose(Convolution):
    """The transpose of a convolution layer for images; arguments as `conv2d_transpose`.

    >>> import graphmagic as tf
    >>> tf.layers.Conv2DTranspose(4, 3, strides=2)(tf.zeros([2, 8, 8, 5])).shape.as_list()
    [2, 17, 17, 4]
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
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
        sizes = kernel_size, strides, padding, data_format, 1
        initial = activation, use_bias, kernel_initializer, bias_initializer
        rules = kernel_regularizer, bias_regularizer, activity_regularizer, kernel_constraint, bias_constraint
        super().__init__(filters, *sizes, *initial, *rules, trainable, name, **options)

    def build(self, input_shape: TensorShape) -> None:
        """Make the kernel and the bias."""
        sizes = [*self.kernel_size, self.filters, self._depth(input_shape)]
        self.kernel = self.add_weight("kernel", sizes, **self._kernel)
        self._build_bias()

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        first = 2 if self.channels_first else 1
        known = inputs.shape.as_list()
        sizes: Any = shape(inputs)
        images = [
            self._length(sizes[axis] if known[axis] is None else known[axis], axis - first)
            for axis in (first, first + 1)
        ]
        static = [
            None if known[axis] is None else self._length(known[axis], axis - first)
            for axis in (first, first + 1)
        ]
        depth = [self.filters]
        wanted = [sizes[0], *depth, *images] if self.channels_first else [sizes[0], *images, *depth]
        outputs = nn.conv2d_transpose(
            inputs, self.kernel, stack(wanted), list(self.strides), self.padding, data_format=self.layout
        )
        outputs.set_shape([known[0], *depth, *static] if self.channels_first else [known[0], *static, *depth])
        return self.finished(outputs)

    def _length(self, size: Any, axis: int) -> Any:
        """How long a dimension becomes."""
        longer = size * self.strides[axis]
        extra = self.kernel_size[axis] - self.strides[axis]
        return longer + extra if self.padding == "VALID" and extra > 0 else longer


def conv2d_transpose(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
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
    """The transpose of a convolution layer: makes images larger by the strides.

    Args:
        inputs: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        filters: the number of channels of the result.
        kernel_size: the size of the filters: a number, or one for each direction.
        strides: how far apart the pixels get; numbers as in `kernel_size`.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``channels_last`` or ``channels_first``.
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
        name: the name of the variable scope.
        reuse: use the variables of an earlier layer of that name.

    Returns:
        A `Tensor` of images.

    Raises:
        ValueError: the number of channels is unknown, an argument is wrong, or the variables exist already.

    >>> import graphmagic as tf
    >>> tf.layers.conv2d_transpose(tf.zeros([2, 8, 8, 5]), 4, 3, strides=2, padding="same")
    <tf.Tensor 'conv2d_transpose/BiasAdd:0' shape=(2, 16, 16, 4) dtype=float32>
    """
    layer = Conv2DTranspose(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
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


class SeparableConv2D(Convolution):
    """A convolution layer that first filters each channel by itself; arguments as `separable_conv2d`.

    >>> import graphmagic as tf
    >>> layer = tf.layers.SeparableConv2D(4, 3)
    >>> y = layer(tf.zeros([2, 8, 8, 5]))
    >>> [v.name for v in layer.variables][:2]
    ['separable_conv2d/depthwise_kernel:0', 'separable_conv2d/pointwise_kernel:0']
    """

    def __init__(
        self,
        filters: int,
        kernel_size: Any,
        strides: Any = (1, 1),
        padding: str = "valid",
        data_format: str = "channels_last",
        dilation_rate: Any = (1, 1),
        depth_multiplier: int = 1,
        activation: Function | None = None,
        use_bias: bool = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = zeros,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **options,
        )
        self.depth_multiplier = depth_multiplier
        self._depthwise = (depthwise_initializer, depthwise_regularizer, depthwise_constraint)
        self._pointwise = (pointwise_initializer, pointwise_regularizer, pointwise_constraint)

    def build(self, input_shape: TensorShape) -> None:
        """Make the two kernels and the bias."""
        depth = self._depth(input_shape)

        def kernel(name: str, sizes: list[int], settings: tuple[Any, Any, Any]) -> Any:
            initializer, regularizer, constraint = settings
            return self.add_weight(
                name, sizes, initializer=initializer, regularizer=regularizer, constraint=constraint
            )

        sizes = [*self.kernel_size, depth, self.depth_multiplier]
        self.depthwise_kernel = kernel("depthwise_kernel", sizes, self._depthwise)
        sizes = [1, 1, depth * self.depth_multiplier, self.filters]
        self.pointwise_kernel = kernel("pointwise_kernel", sizes, self._pointwise)
        self._build_bias()

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        strides = [1, 1, *self.strides] if self.channels_first else [1, *self.strides, 1]
        outputs = nn.separable_conv2d(
            inputs,
            self.depthwise_kernel,
            self.pointwise_kernel,
            strides,
            self.padding,
            rate=self.dilation_rate,
            data_format=self.layout,
        )
        return self.finished(outputs)


def separable_conv2d(
    inputs: Any,
    filters: int,
    kernel_size: Any,
    strides: Any = (1, 1),
    padding: str = "valid",
    data_format: str = "channels_last",
    dilation_rate: Any = (1, 1),
    depth_multiplier: int = 1,
    activation: Function | None = None,
    use_bias: bool = True,
    depthwise_initializer: Any = None,
    pointwise_initializer: Any = None,
    bias_initializer: Any = zeros,
    depthwise_regularizer: Any = None,
    pointwise_regularizer: Any = None,
    bias_regularizer: Any = None,
    activity_regularizer: Any = None,
    depthwise_constraint: Any = None,
    pointwise_constraint: Any = None,
    bias_constraint: Any = None,
    trainable: bool = True,
    name: str | None = None,
    reuse: Any = None,
) -> Tensor:
    """A convolution layer that first filters each channel by itself, then mixes them pixel by pixel.

    Args:
        inputs: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        filters: the number of channels of the result.
        kernel_size: the size of the filters: a number, or one for each direction.
        strides: how far they move; numbers as in `kernel_size`.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``channels_last`` or ``channels_first``.
        dilation_rate: how far apart the elements of the filters are; numbers as in `kernel_size`.
        depth_multiplier: the number of filters for each channel.
        activation: a function of tensors; None for none.
        use_bias: whether there is a bias.
        depthwise_initializer: the initializer of the filters for single channels; that of the scope if None.
        pointwise_initializer: the initializer of what mixes the channels; that of the scope if None.
        bias_initializer: the initializer of the bias.
        depthwise_regularizer: computes a loss from the filters for single channels.
        pointwise_regularizer: computes a loss from what mixes the channels.
        bias_regularizer: computes a loss from the bias.
        activity_regularizer: accepted for old programs.
        depthwise_constraint: a function that optimizers apply to the filters for single channels after each update.
        pointwise_constraint: the same for what mixes the channels.
        bias_constraint: the same for the bias.
        trainable: whether optimizers change the variables by default.
        name: the name of the variable scope.
        reuse: use the variables of an earlier layer of that name.

    Returns:
        A `Tensor` of images.

    >>> import graphmagic as tf
    >>> tf.layers.separable_conv2d(tf.zeros([2, 8, 8, 5]), 4, 3)
    <tf.Tensor 'separable_conv2d/BiasAdd:0' shape=(2, 6, 6, 4) dtype=float32>
    """
    sizes = kernel_size, strides, padding, data_format, dilation_rate, depth_multiplier
    initial = activation, use_bias, depthwise_initializer, pointwise_initializer, bias_initializer
    rules = depthwise_regularizer, pointwise_regularizer, bias_regularizer, activity_regularizer
    limits = depthwise_constraint, pointwise_constraint, bias_constraint
    layer = SeparableConv2D(
        filters, *sizes, *initial, *rules, *limits, trainable, name, _scope=name, _reuse=reuse
    )
    result: Tensor = layer(inputs)
    return result
