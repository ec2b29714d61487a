"""Distributions of real numbers: normal, uniform, exponential, Laplace's."""

from __future__ import annotations

import math
from typing import Any

from graphmagic.distributions.base import Distribution, register_kl
from graphmagic.dtypes import float32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import maximum, minimum
from graphmagic.ops.choosing import where
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.elementary import exp, expm1, log, log1p, square
from graphmagic.ops.erf import erfc
from graphmagic.ops.fill import fill
from graphmagic.ops.identity import identity
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import greater_equal, less, logical_and
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_normal, random_uniform
from graphmagic.ops.rounding import abs as abs_
from graphmagic.ops.rounding import sign

__all__ = ["Exponential", "Laplace", "Normal", "Uniform"]

HALF_LOG_TWO_PI = 0.5 * math.log(2 * math.pi)


def parameter(value: Any, name: str, like: Any = None) -> Any:
    kind = like.dtype.base_dtype if like is not None else None
    found = convert_to_tensor(value, kind)
    return identity(found if found.dtype.is_floating else convert_to_tensor(value, float32), name=name)


class Normal(Distribution):
    """Normal distributions.

    Args:
        loc: the means.
        scale: the standard deviations.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> normal = tf.distributions.Normal(loc=0.0, scale=2.0)
    >>> sess = tf.Session()
    >>> print("%.4f" % sess.run(normal.prob(0.0)), sess.run(normal.cdf(0.0)), sess.run(normal.sample(3, seed=1)).shape)
    0.1995 0.5 (3,)
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Normal",
    ) -> None:
        with name_scope(name) as scope:
            self.loc = parameter(loc, "loc")
            self.scale = parameter(scale, "scale", self.loc)
            both = self.loc + self.scale
        super().__init__(scope, self.loc.dtype.base_dtype, both)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        found: Any = random_normal(self._whole(before), dtype=self.dtype, seed=seed)
        return found * self.scale + self.loc  # type: ignore[no-any-return]

    def _z(self, x: Any) -> Any:
        return (x - self.loc) / self.scale

    def _log_prob(self, x: Any) -> Any:
        return -0.5 * square(self._z(x)) - (HALF_LOG_TWO_PI + log(self.scale))

    def _cdf(self, x: Any) -> Any:
        return 0.5 * erfc(-self._z(x) / math.sqrt(2))

    def _log_cdf(self, x: Any) -> Any:
        z = self._z(x)
        near, far = maximum(z, -10.0), minimum(z, -10.0)
        # far out erfc underflows: the first terms of its asymptotic series (Abramowitz and Stegun, 26.2.12)
        t = 1.0 / square(far)
        series = log1p(-t * (1.0 - 3.0 * t * (1.0 - 5.0 * t)))
        tail = -0.5 * square(far) - log(-far) - HALF_LOG_TWO_PI + series
        return where(less(z, -10.0), tail, log(0.5 * erfc(-near / math.sqrt(2))))

    def _entropy(self) -> Any:
        return 0.5 + HALF_LOG_TWO_PI + log(self.scale * ones_like(self.loc))

    def _mean(self) -> Any:
        return self.loc * ones_like(self.scale)

    _mode = _mean

    def _variance(self) -> Any:
        return square(self.scale * ones_like(self.loc))


@register_kl(Normal, Normal)
def normal_normal(a: Any, b: Any) -> Any:
    ratio = square(a.scale / b.scale)
    return square(a.loc - b.loc) / (2.0 * square(b.scale)) + 0.5 * (ratio - 1.0 - log(ratio))


class Uniform(Distribution):
    """Numbers that are equally probable from `low` to `high`.

    Args:
        low: the least values.
        high: the ends; these values do not occur.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> uniform = tf.distributions.Uniform(low=1.0, high=3.0)
    >>> tf.Session().run([uniform.mean(), uniform.prob(2.0), uniform.prob(4.0)])
    [np.float32(2.0), np.float32(0.5), np.float32(0.0)]
    """

    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        with name_scope(name) as scope:
            self.low = parameter(low, "low")
            self.high = parameter(high, "high", self.low)
            both = self.low + self.high
        super().__init__(scope, self.low.dtype.base_dtype, both)

    def range(self, name: str = "range") -> Any:
        """How far `high` is from `low`."""
        with self._scope(name):
            return self.high - self.low

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        found: Any = random_uniform(self._whole(before), dtype=self.dtype, seed=seed)
        return self.low + (self.high - self.low) * found  # type: ignore[no-any-return]

    def _log_prob(self, x: Any) -> Any:
        whole = x * ones_like(self._like)
        inside = logical_and(greater_equal(whole, self.low), less(whole, self.high))
        density = -log(self.high - self.low) + zeros_like(whole)
        return where(inside, density, fill(shape(whole), -math.inf))

    def _cdf(self, x: Any) -> Any:
        return clip_by_value((x - self.low) / (self.high - self.low), 0.0, 1.0)

    def _entropy(self) -> Any:
        return log(self.high - self.low)

    def _mean(self) -> Any:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Any:
        return square(self.high - self.low) / 12.0


class Exponential(Distribution):
    """Waiting times of what happens `rate` times per unit of time.

    Args:
        rate: the rates.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.distributions.Exponential(rate=4.0).mean())
    np.float32(0.25)
    """

    def __init__(
        self, rate: Any, validate_args: bool = False, allow_nan_stats: bool = True, name: str = "Exponential"
    ) -> None:
        with name_scope(name) as scope:
            self.rate = parameter(rate, "rate")
        super().__init__(scope, self.rate.dtype.base_dtype, self.rate)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        # from the smallest positive number on, so that there is a logarithm
        found: Any = random_uniform(
            self._whole(before), minval=1.1754944e-38, maxval=1.0, dtype=self.dtype, seed=seed
        )
        return -log(found) / self.rate  # type: ignore[no-any-return]

    def _log_prob(self, x: Any) -> Any:
        return log(self.rate) - self.rate * x

    def _cdf(self, x: Any) -> Any:
        return -expm1(-self.rate * x)

    def _entropy(self) -> Any:
        return 1.0 - log(self.rate)

    def _mean(self) -> Any:
        return 1.0 / self.rate

    def _mode(self) -> Any:  # TensorFlow's answer, as that of a gamma distribution; it is at zero
        return fill(shape(self.rate), math.nan)

    def _variance(self) -> Any:
        return 1.0 / square(self.rate)


class Laplace(Distribution):
    """Laplace's distributions: differences of two waiting times.

    Args:
        loc: the means.
        scale: how wide they are.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.distributions.Laplace(0.0, 0.5).prob(0.0))
    np.float32(1.0)
    """

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Laplace",
    ) -> None:
        with name_scope(name) as scope:
            self.loc = parameter(loc, "loc")
            self.scale = parameter(scale, "scale", self.loc)
            both = self.loc + self.scale
        super().__init__(scope, self.loc.dtype.base_dtype, both)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        found: Any = random_uniform(
            self._whole(before), minval=-0.99999994, maxval=1.0, dtype=self.dtype, seed=seed
        )
        return self.loc - self.scale * sign(found) * log1p(-abs_(found))  # type: ignore[no-any-return]

    def _log_prob(self, x: Any) -> Any:
        return -abs_((x - self.loc) / self.scale) - (math.log(2.0) + log(self.scale))

    def _cdf(self, x: Any) -> Any:
        z = (x - self.loc) / self.scale
        return 0.5 + 0.5 * sign(z) * (1.0 - exp(-abs_(z)))

    def _entropy(self) -> Any:
        return math.log(2.0) + 1.0 + log(self.scale * ones_like(self.loc))

    def _mean(self) -> Any:
        return self.loc * ones_like(self.scale)

    _mode = _mean

    def _variance(self) -> Any:
        return 2.0 * square(self.scale * ones_like(self.loc))
