"""Layers: parts of networks that make their own variables (TensorFlow's ``tf.layers``)."""

from graphmagic.layers.base import Layer
from graphmagic.layers.convolutional import Conv1D, Conv2D, Conv3D, conv1d, conv2d, conv3d
from graphmagic.layers.core import Dense, Dropout, Flatten, dense, dropout, flatten
from graphmagic.layers.normalization import BatchNormalization, batch_normalization
from graphmagic.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
    average_pooling1d,
    average_pooling2d,
    average_pooling3d,
    max_pooling1d,
    max_pooling2d,
    max_pooling3d,
)
from graphmagic.layers.transposed import (
    Conv2DTranspose,
    SeparableConv2D,
    conv2d_transpose,
    separable_conv2d,
)
from graphmagic.names import namespace as _namespace

__all__ = [
    "Layer",
    "Dense",
    "Dropout",
    "Flatten",
    "dense",
    "dropout",
    "flatten",
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "Conv2DTranspose",
    "SeparableConv2D",
    "conv1d",
    "conv2d",
    "conv3d",
    "conv2d_transpose",
    "separable_conv2d",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "BatchNormalization",
    "batch_normalization",
]

__getattr__, __dir__ = _namespace(__name__)
