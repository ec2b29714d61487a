"""How images differ: total variation, gradients, signal-to-noise ratio, structural similarity."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphmagic.dtypes import float32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.image.adjusting import convert_image_dtype
from graphmagic.nn.depthwise import depthwise_conv2d_native
from graphmagic.ops.arithmetic import multiply, squared_difference, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import log
from graphmagic.ops.like import zeros_like
from graphmagic.ops.reduce import reduce_mean, reduce_sum
from graphmagic.ops.rounding import abs as abs_

__all__ = ["image_gradients", "psnr", "ssim", "total_variation"]


def total_variation(images: Any, name: str | None = None) -> Tensor:
    """How much neighbouring pixels differ, summed up: a measure of noise.

    Args:
        images: pixels, shape ``[height, width, channels]`` or ``[batch, height, width, channels]``.
        name: the name of the scope.

    Returns:
        A number for each image.

    Raises:
        ValueError: the shape is another.

    >>> import graphmagic as tf
    >>> float(tf.Session().run(tf.image.total_variation(tf.reshape([1.0, 4.0, 2.0], [1, 3, 1]))))
    5.0
    """
    with name_scope(name or "total_variation"):
        found: Any = convert_to_tensor(images)
        if found.shape.ndims not in (3, 4):
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        down = found[..., 1:, :, :] - found[..., :-1, :, :]
        along = found[..., :, 1:, :] - found[..., :, :-1, :]
        axes = None if found.shape.ndims == 3 else [1, 2, 3]
        total: Any = reduce_sum(abs_(down), axes)
        return total + reduce_sum(abs_(along), axes)  # type: ignore[no-any-return]


def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """How pixels differ from those below and from those to the right; 0 at the end.

    Args:
        image: shape ``[batch, height, width, channels]``.

    Returns:
        Two tensors of that shape.

    Raises:
        ValueError: the shape is another.

    >>> import graphmagic as tf
    >>> down, along = tf.image.image_gradients(tf.reshape([1.0, 4.0, 2.0], [1, 1, 3, 1]))
    >>> tf.Session().run(along).ravel()
    array([ 3., -2.,  0.], dtype=float32)
    """
    found: Any = convert_to_tensor(image)
    if found.shape.ndims != 4:
        raise ValueError(f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {found.shape}.")
    down = concat([found[:, 1:] - found[:, :-1], zeros_like(found[:, :1])], 1)
    along = concat([found[:, :, 1:] - found[:, :, :-1], zeros_like(found[:, :, :1])], 2)
    return down, along


def psnr(a: Any, b: Any, max_val: float, name: str | None = None) -> Tensor:
    """The ratio of the largest signal to the noise between two images, in decibels.

    Args:
        a: pixels.
        b: pixels of the same type and shape.
        max_val: the largest value that pixels may have.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> a, b = tf.zeros([4, 4, 1]), tf.fill([4, 4, 1], 0.1)
    >>> print("%.2f" % tf.Session().run(tf.image.psnr(a, b, 1.0)))
    20.00
    """
    with name_scope(name or "PSNR"):
        one, other, most = _comparable(a, b, max_val)
        error = reduce_mean(squared_difference(one, other), [-3, -2, -1])
        return subtract(20 * math.log10(most), multiply(10 / math.log(10), log(error)), name="psnr")


def _comparable(a: Any, b: Any, max_val: float) -> tuple[Any, Any, float]:
    """Two images as floats, and the largest value on their scale."""
    one, other = convert_to_tensor(a), convert_to_tensor(b)
    most = float(max_val)
    if one.dtype.is_integer:
        most /= float(one.dtype.max)
    return convert_image_dtype(one, float32), convert_image_dtype(other, float32), most


def _window(size: int, sigma: float, channels: int) -> Any:
    places = np.arange(size, dtype=np.float32) - (size - 1) / 2
    weights = np.exp(-np.square(places) / (2 * sigma**2))
    weights = np.outer(weights, weights)
    weights = (weights / weights.sum()).astype(np.float32)
    return np.tile(weights[..., None, None], [1, 1, channels, 1])


def ssim(
    img1: Any,
    img2: Any,
    max_val: float,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """How alike the structures of two batches of images are, from -1 to 1 (Wang et al., 2004).

    Args:
        img1: shape ``[batch, height, width, channels]``, sizes of at least `filter_size`.
        img2: the same.
        max_val: the largest value that pixels may have.
        filter_size: the size of the windows that are compared.
        filter_sigma: how fast pixels count less towards the edge of a window.
        k1: keeps means from being divided by nearly nothing.
        k2: the same for variances.

    Returns:
        A number for each image.

    >>> import graphmagic as tf
    >>> image = tf.random_uniform([1, 16, 16, 3], seed=1)
    >>> tf.Session().run(tf.image.ssim(image, image, 1.0))
    array([1.], dtype=float32)
    """
    with name_scope("SSIM"):
        one, other, most = _comparable(img1, img2, max_val)
        c1, c2 = (k1 * most) ** 2, (k2 * most) ** 2
        weights = _window(filter_size, filter_sigma, one.shape.ints[-1])

        def blurred(x: Any) -> Any:
            return depthwise_conv2d_native(x, weights, [1, 1, 1, 1], "VALID")

        mean_1, mean_2 = blurred(one), blurred(other)
        products, squares = mean_1 * mean_2 * 2.0, mean_1 * mean_1 + mean_2 * mean_2
        luminance = (products + c1) / (squares + c1)
        covariance = blurred(one * other) * 2.0 - products
        variances = blurred(one * one + other * other) - squares
        structure = (covariance + c2) / (variances + c2)
        each = reduce_mean(luminance * structure, [-3, -2])
        return reduce_mean(cast(each, float32), -1)
