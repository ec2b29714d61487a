"""Initializers: functions of a shape and a type that say what variables start from."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.node import Tensor
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import ones, zeros
from graphmagic.ops.random import random_normal, random_uniform, truncated_normal

__all__ = [
    "Initializer",
    "checked_float",
    "constant_initializer",
    "ones_initializer",
    "random_normal_initializer",
    "random_uniform_initializer",
    "truncated_normal_initializer",
    "uniform_unit_scaling_initializer",
    "zeros_initializer",
]


class Initializer:
    """The base of initializers: called with a shape, they return the tensor that a variable starts from."""

    dtype: DType = dtypes.float32

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        """The initial value.

        Args:
            shape: the variable's shape.
            dtype: the variable's type; the initializer's own if None.
            partition_info: accepted for old programs.

        Returns:
            A `Tensor`.
        """
        return self.make(shape, self.dtype if dtype is None else as_dtype(dtype).base_dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """The initial value, with a type that is known; what a subclass defines."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments that make another initializer like this one."""
        return {k.lstrip("_"): v.name if isinstance(v, DType) else v for k, v in vars(self).items()}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Initializer:
        """The initializer that `get_config` describes."""
        return cls(**config)


class zeros_initializer(Initializer):  # noqa: N801
    """Zeros.

    Args:
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.zeros_initializer()([2]))
    array([0., 0.], dtype=float32)
    """

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = as_dtype(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Zeros."""
        return zeros(shape, dtype)


class ones_initializer(Initializer):  # noqa: N801
    """Ones.

    Args:
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.ones_initializer()([2]))
    array([1., 1.], dtype=float32)
    """

    def __init__(self, dtype: Any = dtypes.float32) -> None:
        self.dtype = as_dtype(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Ones."""
        return ones(shape, dtype)


class constant_initializer(Initializer):  # noqa: N801
    """Given values; the last one fills up what is missing.

    Args:
        value: a number, list or array.
        dtype: the type where the variable does not say.
        verify_shape: whether the value must have exactly the variable's shape.

    Raises:
        TypeError: the value is none of these.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.constant_initializer([1.0, 2.0])([3]))
    array([1., 2., 2.], dtype=float32)
    """

    def __init__(self, value: Any = 0, dtype: Any = dtypes.float32, verify_shape: bool = False) -> None:
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value={value} of type: {type(value).__name__}. Expected Python scalar, list "
                "or tuple of values, or numpy.ndarray."
            )
        self.value = value
        self.dtype = as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(
        self, shape: Any, dtype: Any = None, partition_info: Any = None, verify_shape: bool | None = None
    ) -> Tensor:
        """The values, in the given shape."""
        kind = self.dtype if dtype is None else as_dtype(dtype).base_dtype
        verify = self._verify_shape if verify_shape is None else verify_shape
        return constant(self.value, kind, shape, verify_shape=verify)


class random_uniform_initializer(Initializer):  # noqa: N801
    """Random numbers, all equally likely.

    Args:
        minval: the smallest.
        maxval: the largest, not included; 1 for floats if None.
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.random_uniform_initializer(0, 10, seed=1, dtype=tf.int32)([3]))
    array([7, 9, 3], dtype=int32)
    """

    def __init__(
        self, minval: Any = 0.0, maxval: Any = None, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.minval, self.maxval, self.seed, self.dtype = minval, maxval, seed, as_dtype(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Uniform numbers."""
        return random_uniform(shape, self.minval, self.maxval, dtype, seed=self.seed)


class random_normal_initializer(Initializer):  # noqa: N801
    """Random numbers from a normal distribution.

    Args:
        mean: the mean.
        stddev: the standard deviation.
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> value = tf.random_normal_initializer(seed=1)([2])
    >>> tf.Session().run(value).round(3)
    array([-0.811,  1.485], dtype=float32)
    """

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 1.0, seed: int | None = None, dtype: Any = dtypes.float32
    ) -> None:
        self.mean, self.stddev, self.seed = mean, stddev, seed
        self.dtype = checked_float(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Normal numbers."""
        return random_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


class truncated_normal_initializer(random_normal_initializer):  # noqa: N801
    """Random numbers from a normal distribution, none further than two standard deviations from its mean.

    Arguments as `random_normal_initializer`.

    >>> import graphmagic as tf
    >>> float(abs(tf.Session().run(tf.truncated_normal_initializer()([1000]))).max()) <= 2.0
    True
    """

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Normal numbers without tails."""
        return truncated_normal(shape, self.mean, self.stddev, dtype, seed=self.seed)


class uniform_unit_scaling_initializer(Initializer):  # noqa: N801
    """Uniform numbers that keep the scale of what they are multiplied with (old; see `variance_scaling_initializer`).

    Args:
        factor: multiplies the numbers.
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    >>> import graphmagic as tf
    >>> float(abs(tf.Session().run(tf.uniform_unit_scaling_initializer()([3, 100]))).max()) <= 1.0
    True
    """

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.factor, self.seed, self.dtype = factor, seed, checked_float(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """Uniform numbers in proportion to the number of inputs."""
        inputs = max(1.0, float(np.prod(shape[:-1])))
        limit = math.sqrt(3 / inputs) * self.factor
        return random_uniform(shape, -limit, limit, dtype, seed=self.seed)


def checked_float(dtype: Any) -> DType:
    """The type, which must be a floating-point type."""
    kind = as_dtype(dtype)
    if not kind.is_floating:
        raise ValueError(f"Argument `dtype` is expected to be floating point. Received: {kind!r}.")
    return kind
