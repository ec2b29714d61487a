"""Adjusting images: types, brightness, contrast, hue, saturation, gamma, grey; by given or random amounts."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype, float32
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.image.colours import contrast_op, hue_op, saturation_op
from graphmagic.ops.arithmetic import add, maximum, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.clip import saturate_cast
from graphmagic.ops.concat import concat
from graphmagic.ops.contraction import tensordot
from graphmagic.ops.division import divide, floordiv
from graphmagic.ops.elementary import pow as power
from graphmagic.ops.elementary import rsqrt, sqrt, square
from graphmagic.ops.fill import ones
from graphmagic.ops.identity import identity
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.random import random_uniform
from graphmagic.ops.reduce import reduce_mean, reduce_prod
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.tile import tile

__all__ = [
    "adjust_brightness",
    "adjust_contrast",
    "adjust_gamma",
    "adjust_hue",
    "adjust_saturation",
    "convert_image_dtype",
    "grayscale_to_rgb",
    "per_image_standardization",
    "random_brightness",
    "random_contrast",
    "random_hue",
    "random_saturation",
    "rgb_to_grayscale",
]

GREY = [0.2989, 0.587, 0.114]  # how bright red, green and blue look, as TensorFlow has it


def convert_image_dtype(image: Any, dtype: DType, saturate: bool = False, name: str | None = None) -> Tensor:
    """Change the type of pixels: floats go from 0 to 1, integers from 0 to the largest of their type.

    Args:
        image: pixels.
        dtype: the type.
        saturate: whether values that are too large become the largest one.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.convert_image_dtype(tf.constant([0, 128, 255], tf.uint8), tf.float32)).round(3)
    array([0.   , 0.502, 1.   ], dtype=float32)
    """
    found, kind = convert_to_tensor(image, name="image"), as_dtype(dtype)
    old = found.dtype.base_dtype
    if old is kind:
        return identity(found, name=name)
    with name_scope(name or "convert_image") as scope:
        if old.is_integer and kind.is_integer:
            return _between_integers(found, kind, saturate, scope)
        if old.is_floating and kind.is_floating:
            return cast(found, kind, name=scope)
        if old.is_integer:
            return multiply(cast(found, kind), 1.0 / _largest(old), name=scope)
        scaled = multiply(found, _largest(kind) + 0.5)
        return (saturate_cast if saturate else cast)(scaled, kind, name=scope)


def _largest(kind: DType) -> int:
    return int(kind.base_dtype.max)


def _between_integers(image: Tensor, kind: DType, saturate: bool, scope: str) -> Tensor:
    before, after = _largest(image.dtype), _largest(kind)
    if before > after:
        smaller = floordiv(image, (before + 1) // (after + 1))
        return (saturate_cast if saturate else cast)(smaller, kind, name=scope)
    larger = cast(saturate_cast(image, kind) if saturate else image, kind)
    return multiply(larger, (after + 1) // (before + 1), name=scope)


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """Add to all pixels.

    Args:
        image: pixels.
        delta: how much, where 1 is the whole range of brightness.

    Returns:
        A `Tensor` of the same type and shape.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.adjust_brightness(tf.constant([0.25, 0.5]), 0.25))
    array([0.5 , 0.75], dtype=float32)
    """
    with name_scope("adjust_brightness") as scope:
        found = convert_to_tensor(image, name="image")
        original = found.dtype.base_dtype
        pixels = found if original.is_floating else convert_image_dtype(found, float32)
        adjusted = add(pixels, cast(convert_to_tensor(delta), pixels.dtype.base_dtype), name=scope)
        return convert_image_dtype(adjusted, original, saturate=True)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """Bring pixels farther from the mean of their channel, or nearer.

    Args:
        images: pixels, shape ``[..., height, width, channels]``.
        contrast_factor: how many times farther.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.adjust_contrast(tf.reshape([1.0, 3.0], [1, 2, 1]), 2.0)).ravel()
    array([0., 4.], dtype=float32)
    """
    with name_scope("adjust_contrast") as scope:
        found = convert_to_tensor(images, name="images")
        original = found.dtype.base_dtype
        pixels = found if original.is_floating else convert_image_dtype(found, float32)
        adjusted = apply_op(contrast_op, pixels, contrast_factor, name=scope).outputs[0]
        return convert_image_dtype(adjusted, original, saturate=True)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """Turn the colours around the circle of hues.

    Args:
        image: pixels, red, green and blue last.
        delta: how far, where 1 is once around.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> red = tf.constant([[[1.0, 0.0, 0.0]]])
    >>> tf.Session().run(tf.image.adjust_hue(red, 1 / 3)).round(3).ravel()
    array([0., 1., 0.], dtype=float32)
    """
    return _adjusted(hue_op, "AdjustHue", image, delta, name or "adjust_hue")


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """Make colours stronger or paler.

    Args:
        image: pixels, red, green and blue last.
        saturation_factor: how many times stronger.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.adjust_saturation(tf.constant([[[1.0, 0.5, 0.5]]]), 0.0)).ravel()
    array([1., 1., 1.], dtype=float32)
    """
    return _adjusted(saturation_op, "AdjustSaturation", image, saturation_factor, name or "adjust_saturation")


def _adjusted(opdef: Any, inner: str, image: Any, amount: Any, name: str) -> Tensor:
    with name_scope(name):
        found = convert_to_tensor(image, name="image")
        original = found.dtype.base_dtype
        pixels = found if original.is_floating else convert_image_dtype(found, float32)
        adjusted = apply_op(opdef, pixels, amount, name=inner).outputs[0]
        return convert_image_dtype(adjusted, original)


def adjust_gamma(image: Any, gamma: float = 1, gain: float = 1) -> Tensor:
    """Change how brightness grows: `gain` times the pixels to the power of `gamma`.

    Args:
        image: pixels.
        gamma: the power, not negative.
        gain: the factor.

    Raises:
        ValueError: `gamma` is negative.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.adjust_gamma(tf.constant([0.5, 1.0]), 2.0))
    array([0.25, 1.  ], dtype=float32)
    """
    with name_scope("adjust_gamma"):
        found = convert_to_tensor(image, name="image")
        original = found.dtype.base_dtype
        pixels = found if original.is_floating else convert_image_dtype(found, float32)
        if not isinstance(gamma, Tensor) and gamma < 0:
            raise ValueError("Gamma should be a non-negative real number.")
        return convert_image_dtype(multiply(power(pixels, gamma), gain), original, saturate=True)


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`adjust_brightness` by a random amount.

    Args:
        image: pixels.
        max_delta: the largest amount, up or down.
        seed: the seed of the amount; see `tf.set_random_seed`.

    Raises:
        ValueError: `max_delta` is negative.
    """
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`adjust_contrast` by a random factor between `lower` and `upper`."""
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return adjust_contrast(image, random_uniform([], lower, upper, seed=seed))


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """`adjust_hue` by a random amount up to `max_delta`, at most 0.5, in either direction."""
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """`adjust_saturation` by a random factor between `lower` and `upper`."""
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return adjust_saturation(image, random_uniform([], lower, upper, seed=seed))


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """Grey pixels that look as bright as the colours.

    Args:
        images: pixels, red, green and blue last.
        name: the operation's name.

    Returns:
        A `Tensor` of the same type, with one channel.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.rgb_to_grayscale(tf.constant([[[0.0, 1.0, 0.0]]]))).ravel()
    array([0.587], dtype=float32)
    """
    with name_scope(name or "rgb_to_grayscale") as scope:
        found = convert_to_tensor(images, name="images")
        pixels = convert_image_dtype(found, float32)
        grey = expand_dims(tensordot(pixels, GREY, [[(pixels.shape.ndims or 0) - 1], [0]]), -1)
        return convert_image_dtype(grey, found.dtype.base_dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Three equal channels from one.

    Args:
        images: grey pixels; the last dimension is 1.
        name: the operation's name.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.grayscale_to_rgb([[[7]]])).ravel()
    array([7, 7, 7], dtype=int32)
    """
    with name_scope(name or "grayscale_to_rgb") as scope:
        found = convert_to_tensor(images, name="images")
        if found.shape.ints is not None and found.shape.ints[-1] not in (None, 1):
            raise ValueError(
                f"Last dimension of a grayscale image should be size 1, but is {found.shape.ints[-1]}."
            )
        before = ones(expand_dims(subtract(rank(found), 1), 0), np.int32)
        result = tile(found, concat([before, expand_dims(3, 0)], 0), name=scope)
        if found.shape.ints is not None:
            result.set_shape([*found.shape.ints[:-1], 3])
        return result


def per_image_standardization(image: Any) -> Tensor:
    """Make the mean of each image 0 and its variance 1; what is nearly of one colour is not blown up.

    Args:
        image: pixels, shape ``[..., height, width, channels]``.

    Returns:
        A float32 `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.per_image_standardization(tf.reshape([1.0, 3.0], [1, 2, 1]))).ravel()
    array([-1.,  1.], dtype=float32)
    """
    with name_scope("per_image_standardization") as scope:
        pixels: Any = cast(convert_to_tensor(image, name="image"), float32)
        count = reduce_prod(shape(pixels)[-3:])
        axes = [-1, -2, -3]
        mean = reduce_mean(pixels, axes, keepdims=True)
        deviation = sqrt(reduce_mean(square(subtract(pixels, mean)), axes, keepdims=True))
        least = rsqrt(cast(count, float32))
        return divide(subtract(pixels, mean), maximum(deviation, least), name=scope)
