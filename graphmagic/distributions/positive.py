"""Distributions that the gamma function belongs to: gamma, beta, Student's."""

from __future__ import annotations

import hashlib
import math
from typing import Any

from graphmagic.distributions.base import Distribution, register_kl
from graphmagic.distributions.continuous import parameter
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.choosing import where
from graphmagic.ops.elementary import log, log1p, rsqrt, square
from graphmagic.ops.fill import fill
from graphmagic.ops.gamma import digamma, lgamma
from graphmagic.ops.incomplete import betainc, igamma
from graphmagic.ops.like import ones_like
from graphmagic.ops.logic import greater, less, logical_and
from graphmagic.ops.no_nan import xlogy
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_normal
from graphmagic.ops.random_gamma import random_gamma
from graphmagic.ops.rounding import abs as abs_

__all__ = ["Beta", "Gamma", "StudentT", "other_seed"]


def other_seed(seed: int | None, salt: str) -> int | None:
    """A seed for the second random operation of a sample, the one TensorFlow takes.

    >>> other_seed(None, "beta"), other_seed(1, "beta") == other_seed(1, "beta") != 1
    (None, True)
    """
    if seed is None:
        return None
    return int(hashlib.md5(f"{seed}{salt}".encode(), usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF


def only_where(condition: Any, value: Any, other: float = math.nan) -> Any:
    """A statistic where there is one, and what to say elsewhere."""
    return where(condition, value, fill(shape(value), other))


class Gamma(Distribution):
    """Gamma distributions: the waiting time until something has happened `concentration` times.

    Args:
        concentration: their shape parameters, often called alpha.
        rate: their inverse scales, often called beta.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs; what is not defined is NaN.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> gamma = tf.distributions.Gamma(concentration=3.0, rate=2.0)
    >>> tf.Session().run([gamma.mean(), gamma.mode(), gamma.variance()])
    [np.float32(1.5), np.float32(1.0), np.float32(0.75)]
    """

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        with name_scope(name) as scope:
            self.concentration = parameter(concentration, "concentration")
            self.rate = parameter(rate, "rate", self.concentration)
            both = self.concentration + self.rate
        super().__init__(scope, self.rate.dtype.base_dtype, both)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        return random_gamma(before, self.concentration, self.rate, self.dtype, seed)

    def _log_prob(self, x: Any) -> Any:
        scaled = xlogy(self.concentration, self.rate) - lgamma(self.concentration)
        return xlogy(self.concentration - 1.0, x) - self.rate * x + scaled

    def _cdf(self, x: Any) -> Any:
        return igamma(self.concentration, self.rate * x)

    def _entropy(self) -> Any:
        a = self.concentration
        return a + lgamma(a) - (a - 1.0) * digamma(a) - log(self.rate)

    def _mean(self) -> Any:
        return self.concentration / self.rate

    def _variance(self) -> Any:
        return self.concentration / square(self.rate)

    def _mode(self) -> Any:
        top = (self.concentration - 1.0) / self.rate
        return only_where(greater(self.concentration * ones_like(top), 1.0), top)


@register_kl(Gamma, Gamma)
def gamma_gamma(a: Any, b: Any) -> Any:
    shapes = (a.concentration - b.concentration) * digamma(a.concentration)
    sizes = lgamma(b.concentration) - lgamma(a.concentration)
    rates = b.concentration * (log(a.rate) - log(b.rate)) + a.concentration * (b.rate / a.rate - 1.0)
    return shapes + sizes + rates


class Beta(Distribution):
    """Beta distributions: what is known of a probability after some successes and failures.

    Args:
        concentration1: one more than the successes, if nothing was known before.
        concentration0: one more than the failures.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs; what is not defined is NaN.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> beta = tf.distributions.Beta(2.0, 2.0)
    >>> tf.Session().run([beta.mean(), beta.prob(0.5), beta.cdf(0.5)])
    [np.float32(0.5), np.float32(1.5), np.float32(0.5)]
    """

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        with name_scope(name) as scope:
            self.concentration1 = parameter(concentration1, "concentration1")
            self.concentration0 = parameter(concentration0, "concentration0", self.concentration1)
            self.total_concentration = self.concentration1 + self.concentration0
        super().__init__(scope, self.total_concentration.dtype.base_dtype, self.total_concentration)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        like: Any = ones_like(self.total_concentration)
        yes: Any = random_gamma(before, like * self.concentration1, dtype=self.dtype, seed=seed)
        no: Any = random_gamma(
            before, like * self.concentration0, dtype=self.dtype, seed=other_seed(seed, "beta")
        )
        return yes / (yes + no)  # type: ignore[no-any-return]

    def _log_beta(self) -> Any:
        return lgamma(self.concentration1) + lgamma(self.concentration0) - lgamma(self.total_concentration)

    def _log_prob(self, x: Any) -> Any:
        powers = xlogy(self.concentration1 - 1.0, x) + (self.concentration0 - 1.0) * log1p(-x)
        return powers - self._log_beta()

    def _cdf(self, x: Any) -> Any:
        like = ones_like(x + self.total_concentration)
        return betainc(self.concentration1 * like, self.concentration0 * like, x * like)

    def _entropy(self) -> Any:
        yes = (self.concentration1 - 1.0) * digamma(self.concentration1)
        no = (self.concentration0 - 1.0) * digamma(self.concentration0)
        both = (self.total_concentration - 2.0) * digamma(self.total_concentration)
        return self._log_beta() - yes - no + both

    def _mean(self) -> Any:
        return self.concentration1 / self.total_concentration

    def _variance(self) -> Any:
        return self._mean() * (1.0 - self._mean()) / (self.total_concentration + 1.0)

    def _mode(self) -> Any:
        top = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)
        like = ones_like(top)
        inside = logical_and(
            greater(self.concentration1 * like, 1.0), greater(self.concentration0 * like, 1.0)
        )
        return only_where(inside, top)


@register_kl(Beta, Beta)
def beta_beta(a: Any, b: Any) -> Any:
    yes = (a.concentration1 - b.concentration1) * digamma(a.concentration1)
    no = (a.concentration0 - b.concentration0) * digamma(a.concentration0)
    both = (b.total_concentration - a.total_concentration) * digamma(a.total_concentration)
    return b._log_beta() - a._log_beta() + yes + no + both


class StudentT(Distribution):
    """Student's distributions: means of few numbers, in units of their own standard deviations.

    Args:
        df: the degrees of freedom.
        loc: the centres.
        scale: how wide they are.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs; what is not defined is NaN.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> student = tf.distributions.StudentT(df=4.0, loc=1.0, scale=1.0)
    >>> tf.Session().run([student.mean(), student.variance(), student.prob(1.0)])
    [np.float32(1.0), np.float32(2.0), np.float32(0.375)]
    """

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        with name_scope(name) as scope:
            self.df = parameter(df, "df")
            self.loc = parameter(loc, "loc", self.df)
            self.scale = parameter(scale, "scale", self.df)
            like = self.df + self.loc + self.scale
        super().__init__(scope, self.scale.dtype.base_dtype, like)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        normal: Any = random_normal(self._whole(before), dtype=self.dtype, seed=seed)
        df = self.df * ones_like(self._like)
        salted = other_seed(seed, "student_t")
        chi: Any = random_gamma(before, 0.5 * df, beta=0.5, dtype=self.dtype, seed=salted)
        return normal * rsqrt(chi / df) * self.scale + self.loc  # type: ignore[no-any-return]

    def _z(self, x: Any) -> Any:
        return (x - self.loc) / abs_(self.scale)

    def _log_prob(self, x: Any) -> Any:
        tails = -0.5 * (self.df + 1.0) * log1p(square(self._z(x)) / self.df)
        size = lgamma(0.5 * (self.df + 1.0)) - lgamma(0.5 * self.df)
        return tails + size - 0.5 * log(self.df * math.pi) - log(abs_(self.scale))

    def _cdf(self, x: Any) -> Any:
        z = self._z(x) + 0.0 * self.df
        like = ones_like(z)
        tail = 0.5 * betainc(0.5 * self.df * like, 0.5 * like, self.df / (square(z) + self.df))
        return where(less(z, 0.0), tail, 1.0 - tail)

    def _entropy(self) -> Any:
        half, more = 0.5 * self.df, 0.5 * (self.df + 1.0)
        log_beta = lgamma(half) + math.log(math.pi) / 2 - lgamma(more)
        found = log(abs_(self.scale)) + 0.5 * log(self.df) + log_beta + more * (digamma(more) - digamma(half))
        return found * ones_like(self._like)

    def _mean(self) -> Any:
        found = self.loc * ones_like(self._like)
        return only_where(greater(self.df * ones_like(found), 1.0), found)

    def _mode(self) -> Any:
        return self.loc * ones_like(self._like)

    def _variance(self) -> Any:
        df = self.df * ones_like(self._like)
        width = square(self.scale) * df / (df - 2.0)
        finite = only_where(greater(df, 2.0), width, math.inf)
        return only_where(greater(df, 1.0), finite)
