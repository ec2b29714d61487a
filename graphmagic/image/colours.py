"""Operations on colours: hue, saturation and value; contrast."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least
from graphmagic.shapes import TensorShape

__all__ = ["contrast_op", "hsv_to_rgb", "hue_op", "rgb_to_hsv", "saturation_op"]

Array = Any
FLOATS = (dtypes.float16, dtypes.float32, dtypes.float64)


def to_hsv(rgb: Array) -> Array:
    """Hue, saturation and value of colours, all from 0 to 1."""
    red, green, blue = np.moveaxis(rgb, -1, 0)
    value, least = rgb.max(-1), rgb.min(-1)
    spread = value - least
    safe = np.where(spread > 0, spread, 1)
    sixth = 1 / (6 * safe)
    hue = np.where(
        red == value,
        (green - blue) * sixth,
        np.where(green == value, (blue - red) * sixth + 2 / 6, (red - green) * sixth + 4 / 6),
    )
    hue = np.where(spread > 0, np.where(hue < 0, hue + 1, hue), 0)
    saturation = np.where(value > 0, spread / np.where(value > 0, value, 1), 0)
    return np.stack([hue, saturation, value], -1).astype(rgb.dtype)


def to_rgb(hsv: Array) -> Array:
    """Colours from hue, saturation and value."""
    hue, saturation, value = np.moveaxis(hsv, -1, 0)
    far = hue * 6
    parts = [np.abs(far - 3) - 1, 2 - np.abs(far - 2), 2 - np.abs(far - 4)]
    pure = np.clip(np.stack(parts, -1), 0, 1)
    return (((1 - saturation)[..., None] + saturation[..., None] * pure) * value[..., None]).astype(hsv.dtype)


def _check_channels(images: Array) -> None:
    if np.ndim(images) < 1:
        raise invalid(f"input must be at least 1D[{','.join(map(str, np.shape(images)))}]")
    if images.shape[-1] != 3:
        raise errors.FailedPreconditionError(
            None, None, f"input must have 3 channels but input only has {images.shape[-1]} channels."
        )


def _colour_shape(images: Tensor) -> TensorShape:
    found = of_rank_at_least(images.shape, 1)
    if found.ints is not None and found.ints[-1] not in (None, 3):
        raise ValueError(f"Dimension must be 3 but is {found.ints[-1]}")
    return found if found.ints is None else TensorShape([*found.ints[:-1], 3])


def _declare(name: str, function: Any, differentiable: bool) -> OpDef:
    opdef = OpDef(
        name,
        "images:T -> output:T",
        types={"T": FLOATS},
        defaults={"T": dtypes.float32},
        differentiable=differentiable,
    )

    @opdef.kernel
    def kernel(images: Array) -> Array:
        _check_channels(images)
        return function(images)

    opdef.shape_rule(_colour_shape)
    return opdef


to_hsv_op = _declare("RGBToHSV", to_hsv, True)
to_rgb_op = _declare("HSVToRGB", to_rgb, False)


def _adjust_op(name: str, argument: str, adjust: Any) -> OpDef:
    opdef = OpDef(
        name,
        f"images:T, {argument}:float32 -> output:T",
        types={"T": FLOATS[:2]},
        defaults={"T": dtypes.float32},
    )

    @opdef.kernel
    def kernel(images: Array, amount: Array) -> Array:
        if np.ndim(images) < 3:
            raise invalid(f"input must be at least 3-D, got shape[{','.join(map(str, np.shape(images)))}]")
        if np.ndim(amount):
            raise invalid(f"{argument} must be scalar: [{','.join(map(str, np.shape(amount)))}]")
        return adjust(images, amount)

    @opdef.shape_rule
    def rule(images: Tensor, amount: Tensor) -> TensorShape:
        of_rank(amount.shape, 0)
        return of_rank_at_least(images.shape, 3)

    return opdef


def _with_hue(images: Array, delta: Array) -> Array:
    _check_channels(images)
    hsv = to_hsv(np.asarray(images, np.float32))
    hsv[..., 0] = np.mod(hsv[..., 0] + delta, 1)
    return to_rgb(hsv).astype(images.dtype)


def _with_saturation(images: Array, scale: Array) -> Array:
    _check_channels(images)
    hsv = to_hsv(np.asarray(images, np.float32))
    hsv[..., 1] = np.clip(hsv[..., 1] * scale, 0, 1)
    return to_rgb(hsv).astype(images.dtype)


def _with_contrast(images: Array, factor: Array) -> Array:
    mean = images.mean((-3, -2), keepdims=True, dtype=np.float32)
    return ((images - mean) * factor + mean).astype(images.dtype)


hue_op = _adjust_op("AdjustHue", "delta", _with_hue)
saturation_op = _adjust_op("AdjustSaturation", "scale", _with_saturation)
contrast_op = _adjust_op("AdjustContrastv2", "contrast_factor", _with_contrast)


def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Hue, saturation and value of colours.

    Args:
        images: floats from 0 to 1, whose last dimension is red, green, blue.
        name: the operation's name.

    Returns:
        A `Tensor` of the same type and shape.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.image.rgb_to_hsv([0.0, 0.5, 0.0])).round(3)
    array([0.333, 1.   , 0.5  ], dtype=float32)
    """
    return apply_op(to_hsv_op, images, name=name).outputs[0]


def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Colours from hue, saturation and value; the inverse of `rgb_to_hsv`."""
    return apply_op(to_rgb_op, images, name=name).outputs[0]
