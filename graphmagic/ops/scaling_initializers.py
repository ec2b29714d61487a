"""Initializers that keep signals at one scale from layer to layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType
from graphmagic.graph.node import Tensor
from graphmagic.ops.initializers import Initializer, checked_float
from graphmagic.ops.random import random_normal, random_uniform, truncated_normal

__all__ = [
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
    "variance_scaling_initializer",
]

# The standard deviation of a normal distribution cut off at two standard deviations.
_CUT_NORMAL_STDDEV = 0.87962566103423978


_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("normal", "uniform", "truncated_normal", "untruncated_normal")


class variance_scaling_initializer(Initializer):  # noqa: N801
    """Random numbers whose variance is in proportion to the number of inputs or outputs of a layer.

    Args:
        scale: the variance times that number.
        mode: what number: ``fan_in``, ``fan_out`` or ``fan_avg``.
        distribution: ``truncated_normal`` (also called ``normal``), ``untruncated_normal`` or ``uniform``.
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    Raises:
        ValueError: an argument has none of these values.

    >>> import graphmagic as tf
    >>> glorot = tf.variance_scaling_initializer(mode="fan_avg", distribution="uniform")
    >>> float(abs(tf.Session().run(glorot([3, 3]))).max()) <= 1.0
    True
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = dtypes.float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError(f"Argument `scale` must be a positive float. Received: {scale}")
        if mode not in _MODES:
            raise ValueError(f"Argument `mode` should be one of {_MODES}. Received: {mode}")
        if distribution.lower() not in _DISTRIBUTIONS:
            raise ValueError(
                f"Argument `distribution` should be one of {_DISTRIBUTIONS}. Received: {distribution}"
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution.lower()
        self.seed, self.dtype = seed, checked_float(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Numbers of the right variance."""
        fan_in, fan_out = _fans(shape)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return random_uniform(shape, -limit, limit, dtype, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, math.sqrt(variance), dtype, seed=self.seed)
        return truncated_normal(shape, 0.0, math.sqrt(variance) / _CUT_NORMAL_STDDEV, dtype, seed=self.seed)


def _fans(shape: Sequence[int]) -> tuple[float, float]:
    """How many inputs reach one output of a layer with weights of this shape, and the other way round."""
    if len(shape) < 2:
        size = float(shape[0]) if len(shape) else 1.0
        return size, size
    field = float(np.prod(shape[:-2]))
    return shape[-2] * field, shape[-1] * field


class glorot_uniform_initializer(variance_scaling_initializer):  # noqa: N801
    """Uniform numbers up to sqrt(6 / (inputs + outputs)) (Glorot and Bengio 2010); what `get_variable` uses.

    Args:
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> float(abs(tf.Session().run(tf.glorot_uniform_initializer()([3, 3]))).max()) <= 1.0
    True
    """

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another initializer like this one."""
        return {"seed": self.seed, "dtype": self.dtype.name}


class glorot_normal_initializer(glorot_uniform_initializer):  # noqa: N801
    """Normal numbers of variance 2 / (inputs + outputs), without tails; arguments as `glorot_uniform_initializer`.

    >>> import graphmagic as tf
    >>> tf.glorot_normal_initializer()([2, 3]).shape.as_list()
    [2, 3]
    """

    def __init__(self, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        super().__init__(seed, dtype)
        self.distribution = "truncated_normal"


def lecun_normal(seed: int | None = None) -> variance_scaling_initializer:
    """Normal numbers of variance 1 / inputs, without tails (LeCun et al. 1998)."""
    return variance_scaling_initializer(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed: int | None = None) -> variance_scaling_initializer:
    """Uniform numbers of variance 1 / inputs (LeCun et al. 1998)."""
    return variance_scaling_initializer(1.0, "fan_in", "uniform", seed)


def he_normal(seed: int | None = None) -> variance_scaling_initializer:
    """Normal numbers of variance 2 / inputs, without tails (He et al. 2015)."""
    return variance_scaling_initializer(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> variance_scaling_initializer:
    """Uniform numbers of variance 2 / inputs (He et al. 2015)."""
    return variance_scaling_initializer(2.0, "fan_in", "uniform", seed)
