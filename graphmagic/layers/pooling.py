"""Pooling layers."""

from __future__ import annotations

from typing import Any

from graphmagic import nn
from graphmagic.graph.node import Tensor
from graphmagic.layers.base import Layer, is_first, padding_name, pair
from graphmagic.ops.reshaping import expand_dims, squeeze

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
]


class Pooling(Layer):
    """What the pooling layers have in common.

    Args:
        pool_size: the size of the window: a number, or one for each direction.
        strides: how far the window moves; numbers as in `pool_size`.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``channels_last`` or ``channels_first``.
        name: the name of the scope of the operations made.
        **options: for the functions of this module.
    """

    ndims = 2
    kind = "MAX"

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: str = "valid",
        data_format: str = "channels_last",
        name: str | None = None,
        **options: Any,
    ) -> None:
        super().__init__(name=name, **options)
        self.pool_size = pair(pool_size, self.ndims, "pool_size")
        self.strides = pair(pool_size if strides is None else strides, self.ndims, "strides")
        self.padding = padding_name(padding)
        self.channels_first = is_first(data_format)

    def call(self, inputs: Any, **arguments: Any) -> Tensor:
        """Compute the outputs."""
        self.check_rank(inputs.shape, rank=self.ndims + 2)
        if self.ndims == 1:
            high = 2 if self.channels_first else 1
            images = expand_dims(inputs, high)
            return squeeze(self._pooled(images, (1, *self.pool_size), (1, *self.strides)), [high])
        return self._pooled(inputs, self.pool_size, self.strides)

    def _pooled(self, inputs: Tensor, window: tuple[int, ...], strides: tuple[int, ...]) -> Tensor:
        images = len(window) == 2
        function: Any = {
            ("MAX", True): nn.max_pool,
            ("MAX", False): nn.max_pool3d,
            ("AVG", True): nn.avg_pool,
            ("AVG", False): nn.avg_pool3d,
        }[self.kind, images]
        last, first = ("NHWC", "NCHW") if images else ("NDHWC", "NCDHW")
        layout = first if self.channels_first else last
        result: Tensor = function(inputs, list(window), list(strides), self.padding, data_format=layout)
        return result


class MaxPooling1D(Pooling):
    """The largest element of each window of sequences.

    >>> import graphmagic as tf
    >>> tf.layers.MaxPooling1D(2, 2)(tf.zeros([1, 8, 3])).shape.as_list()
    [1, 4, 3]
    """

    ndims = 1


class MaxPooling2D(Pooling):
    """The largest element of each window of images.

    >>> import graphmagic as tf
    >>> tf.layers.MaxPooling2D(2, 2)(tf.zeros([1, 8, 8, 3])).shape.as_list()
    [1, 4, 4, 3]
    """


class MaxPooling3D(Pooling):
    """The largest element of each window of volumes.

    >>> import graphmagic as tf
    >>> tf.layers.MaxPooling3D(2, 2)(tf.zeros([1, 8, 8, 8, 3])).shape.as_list()
    [1, 4, 4, 4, 3]
    """

    ndims = 3


class AveragePooling1D(Pooling):
    """The mean of each window of sequences.

    >>> import graphmagic as tf
    >>> tf.layers.AveragePooling1D(2, 2)(tf.zeros([1, 8, 3])).shape.as_list()
    [1, 4, 3]
    """

    ndims = 1
    kind = "AVG"


class AveragePooling2D(Pooling):
    """The mean of each window of images.

    >>> import graphmagic as tf
    >>> tf.layers.AveragePooling2D(2, 2)(tf.zeros([1, 8, 8, 3])).shape.as_list()
    [1, 4, 4, 3]
    """

    kind = "AVG"


class AveragePooling3D(Pooling):
    """The mean of each window of volumes.

    >>> import graphmagic as tf
    >>> tf.layers.AveragePooling3D(2, 2)(tf.zeros([1, 8, 8, 8, 3])).shape.as_list()
    [1, 4, 4, 4, 3]
    """

    ndims = 3
    kind = "AVG"


def max_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of images.

    Args:
        inputs: images, shape ``[batch, height, width, channels]``, or as `data_format` says.
        pool_size: the size of the window: a number, or one for each direction.
        strides: how far the window moves; numbers as in `pool_size`.
        padding: ``"valid"`` or ``"same"``.
        data_format: ``channels_last`` or ``channels_first``.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of smaller images.

    Raises:
        ValueError: the rank is wrong, or an argument is.

    >>> import graphmagic as tf
    >>> tf.layers.max_pooling2d(tf.zeros([1, 8, 8, 3]), 2, 2)
    <tf.Tensor 'max_pooling2d/MaxPool:0' shape=(1, 4, 4, 3) dtype=float32>
    """
    result: Tensor = MaxPooling2D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result


def average_pooling2d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of images; arguments as `max_pooling2d`.

    >>> import graphmagic as tf
    >>> tf.layers.average_pooling2d(tf.zeros([1, 8, 8, 3]), 2, 2)
    <tf.Tensor 'average_pooling2d/AvgPool:0' shape=(1, 4, 4, 3) dtype=float32>
    """
    result: Tensor = AveragePooling2D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result


def max_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of sequences; arguments as `max_pooling2d`.

    >>> import graphmagic as tf
    >>> tf.layers.max_pooling1d(tf.zeros([1, 8, 3]), 2, 2)
    <tf.Tensor 'max_pooling1d/Squeeze:0' shape=(1, 4, 3) dtype=float32>
    """
    result: Tensor = MaxPooling1D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result


def average_pooling1d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of sequences; arguments as `max_pooling2d`.

    >>> import graphmagic as tf
    >>> tf.layers.average_pooling1d(tf.zeros([1, 8, 3]), 2, 2)
    <tf.Tensor 'average_pooling1d/Squeeze:0' shape=(1, 4, 3) dtype=float32>
    """
    result: Tensor = AveragePooling1D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result


def max_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The largest element of each window of volumes; arguments as `max_pooling2d`.

    >>> import graphmagic as tf
    >>> tf.layers.max_pooling3d(tf.zeros([1, 8, 8, 8, 3]), 2, 2)
    <tf.Tensor 'max_pooling3d/MaxPool3D:0' shape=(1, 4, 4, 4, 3) dtype=float32>
    """
    result: Tensor = MaxPooling3D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result


def average_pooling3d(
    inputs: Any,
    pool_size: Any,
    strides: Any,
    padding: str = "valid",
    data_format: str = "channels_last",
    name: str | None = None,
) -> Tensor:
    """The mean of each window of volumes; arguments as `max_pooling2d`.

    >>> import graphmagic as tf
    >>> tf.layers.average_pooling3d(tf.zeros([1, 8, 8, 8, 3]), 2, 2)
    <tf.Tensor 'average_pooling3d/AvgPool3D:0' shape=(1, 4, 4, 4, 3) dtype=float32>
    """
    result: Tensor = AveragePooling3D(pool_size, strides, padding, data_format, name, _scope=name)(inputs)
    return result
