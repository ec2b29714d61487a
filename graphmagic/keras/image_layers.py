"""Layers of Keras for sequences of vectors and for images: convolutions, pooling, margins, sizes."""

from __future__ import annotations

from typing import Any

from graphmagic import layers as plain
from graphmagic.keras import activations
from graphmagic.keras.base_layers import Conv2D, Layer, Pool
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.padding import pad
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_mean
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.tile import tile

__all__ = [
    "AveragePooling1D",
    "Conv1D",
    "Conv2DTranspose",
    "Conv3D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "MaxPooling1D",
    "SeparableConv2D",
    "UpSampling2D",
    "ZeroPadding2D",
]


class Conv1D(Conv2D):
    """A convolution of sequences; arguments as in Keras."""

    kind = plain.Conv1D

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, **options: Any) -> None:
        super().__init__(filters, kernel_size, strides, **{"dilation_rate": 1, **options})


class Conv3D(Conv2D):
    """A convolution of volumes; arguments as in Keras."""

    kind = plain.Conv3D

    def __init__(self, filters: int, kernel_size: Any, strides: Any = 1, **options: Any) -> None:
        super().__init__(filters, kernel_size, strides, **{"dilation_rate": 1, **options})


class Conv2DTranspose(Conv2D):
    """The gradient of a convolution, as a layer that makes images larger; arguments as in Keras."""

    kind = plain.Conv2DTranspose

    def __init__(self, filters: int, kernel_size: Any, strides: Any = (1, 1), **options: Any) -> None:
        super().__init__(filters, kernel_size, strides, **options)
        del self._arguments["dilation_rate"]


class SeparableConv2D(Layer):
    """A convolution of each channel, then one of all channels pixel by pixel; arguments as in Keras."""

    def __init__(
        self, filters: int, kernel_size: Any, strides: Any = (1, 1), padding: str = "valid", depth_multiplier: int = 1,
        activation: Any = None, use_bias: bool = True, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(**options)
        self._arguments = {
            "filters": filters, "kernel_size": kernel_size, "strides": strides, "padding": padding,
            "depth_multiplier": depth_multiplier, "activation": activations.get(activation), "use_bias": use_bias,
        }  # fmt: skip

    def make(self) -> Any:
        """A `tf.layers.SeparableConv2D`."""
        return plain.SeparableConv2D(**self._arguments, name=self._name)


class _Pool1D(Pool):
    def __init__(
        self, pool_size: Any = 2, strides: Any = None, padding: str = "valid", **options: Any
    ) -> None:
        super().__init__(pool_size, strides, padding, **options)


class MaxPooling1D(_Pool1D):
    """The largest element of each window of a sequence."""

    kind = plain.MaxPooling1D


class AveragePooling1D(_Pool1D):
    """The mean of each window of a sequence."""

    kind = plain.AveragePooling1D


class GlobalAveragePooling1D(Layer):
    """The mean of each feature over the steps of a sequence."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return reduce_mean(inputs, 1)


class GlobalMaxPooling1D(Layer):
    """The largest value of each feature over the steps of a sequence."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return reduce_max(inputs, 1)


class GlobalAveragePooling2D(Layer):
    """The mean of each channel."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return reduce_mean(inputs, [1, 2])


class GlobalMaxPooling2D(Layer):
    """The largest value of each channel."""

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return reduce_max(inputs, [1, 2])


class ZeroPadding2D(Layer):
    """A margin of zeros round images.

    Args:
        padding: a number, a pair for rows and columns, or a pair of pairs for (top, bottom) and (left, right).
        **options: as for all layers.
    """

    def __init__(self, padding: Any = (1, 1), **options: Any) -> None:
        super().__init__(**options)
        sides = (padding, padding) if isinstance(padding, int) else tuple(padding)
        self._sides = [(side, side) if isinstance(side, int) else tuple(side) for side in sides]

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        return pad(inputs, [(0, 0), *self._sides, (0, 0)])


class UpSampling2D(Layer):
    """Larger images, each pixel several times.

    Args:
        size: how often, a number or a pair for rows and columns.
        **options: as for all layers.
    """

    def __init__(self, size: Any = (2, 2), **options: Any) -> None:
        super().__init__(**{k: v for k, v in options.items() if k != "interpolation"})
        self._size = (size, size) if isinstance(size, int) else tuple(size)

    def call(self, inputs: Any) -> Any:
        """Compute it."""
        rows, columns, channels = inputs.shape.as_list()[1:]
        down, across = self._size
        many = tile(expand_dims(expand_dims(inputs, 2), 4), [1, 1, down, 1, across, 1])
        return reshape(many, [shape(inputs)[0], rows * down, columns * across, channels])
