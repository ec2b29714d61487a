"""Distributions of shares and counts: of a whole, of classes that come up in so many draws."""

from __future__ import annotations

from typing import Any

from graphmagic.distributions.base import Distribution, register_kl
from graphmagic.distributions.continuous import parameter
from graphmagic.distributions.discrete import exactly_one
from graphmagic.distributions.positive import only_where, other_seed
from graphmagic.dtypes import int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.nn import log_softmax, softmax
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.diagonals import matrix_set_diag
from graphmagic.ops.elementary import log
from graphmagic.ops.functional import map_fn
from graphmagic.ops.gamma import digamma, lbeta, lgamma
from graphmagic.ops.identity import identity
from graphmagic.ops.like import ones_like
from graphmagic.ops.linalg import matmul
from graphmagic.ops.logic import greater
from graphmagic.ops.no_nan import xlogy
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.random_choice import multinomial
from graphmagic.ops.random_gamma import random_gamma
from graphmagic.ops.reduce import reduce_all, reduce_prod, reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.transposing import transpose

__all__ = ["Dirichlet", "DirichletMultinomial", "Multinomial"]


def _covariance(column: Any, row: Any, variance: Any) -> Any:
    """Minus an outer product, with the variances on the diagonal."""
    outer: Any = matmul(column[..., None], row[..., None, :])
    return matrix_set_diag(-outer, variance)


def _log_arrangements(total: Any, counts: Any) -> Any:
    """The logarithm of how many sequences have these counts."""
    return lgamma(total + 1.0) - reduce_sum(lgamma(counts + 1.0), -1)


def _drawn(logits: Any, totals: Any, repeats: Any, seed: int | None, dtype: Any) -> Any:
    """How often each class is drawn from a row of `logits`, in as many draws as `totals` says, and that some times."""
    depth = shape(logits)[-1]

    def one(args: Any) -> Any:
        row, total = args
        drawn = reshape(multinomial(row[None], repeats * total, seed=seed), concat([[repeats], [total]], 0))
        return reduce_sum(one_hot(drawn, depth, dtype=dtype), 1)

    return map_fn(one, (logits, totals), dtype=dtype)


class Dirichlet(Distribution):
    """Dirichlet's distributions: shares of a whole, for instance the probabilities of classes.

    Args:
        concentration: one parameter for each class, classes last.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs; what is not defined is NaN.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> dirichlet = tf.distributions.Dirichlet([1.0, 2.0, 5.0])
    >>> tf.Session().run(dirichlet.mean()), dirichlet.event_shape
    (array([0.125, 0.25 , 0.625], dtype=float32), TensorShape([Dimension(3)]))
    """

    event_rank = 1

    def __init__(
        self,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Dirichlet",
    ) -> None:
        with name_scope(name) as scope:
            self.concentration = parameter(concentration, "concentration")
            self.total_concentration = reduce_sum(self.concentration, -1)
        super().__init__(scope, self.concentration.dtype.base_dtype, self.concentration)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        parts: Any = random_gamma(before, self.concentration, dtype=self.dtype, seed=seed)
        return parts / reduce_sum(parts, -1, keepdims=True)  # type: ignore[no-any-return]

    def _log_prob(self, x: Any) -> Any:
        return reduce_sum(xlogy(self.concentration - 1.0, x), -1) - lbeta(self.concentration)

    def _entropy(self) -> Any:
        classes = cast(shape(self.concentration)[-1], self.dtype)
        total: Any = self.total_concentration
        each = reduce_sum((self.concentration - 1.0) * digamma(self.concentration), -1)
        return lbeta(self.concentration) + (total - classes) * digamma(total) - each

    def _mean(self) -> Any:
        return self.concentration / self.total_concentration[..., None]

    def _variance(self) -> Any:
        mean = self._mean()
        return mean * (1.0 - mean) / (self.total_concentration[..., None] + 1.0)

    def _covariance(self) -> Any:
        mean = self._mean()
        return _covariance(mean / (self.total_concentration[..., None] + 1.0), mean, self._variance())

    def _mode(self) -> Any:
        classes = cast(shape(self.concentration)[-1], self.dtype)
        top = (self.concentration - 1.0) / (self.total_concentration[..., None] - classes)
        inside = reduce_all(greater(self.concentration, 1.0), -1, keepdims=True)
        return only_where(greater(cast(inside, self.dtype) * ones_like(top), 0.5), top)


@register_kl(Dirichlet, Dirichlet)
def dirichlet_dirichlet(a: Any, b: Any) -> Any:
    difference = digamma(a.concentration) - digamma(a.total_concentration)[..., None]
    weighted = reduce_sum((a.concentration - b.concentration) * difference, -1)
    return weighted + lbeta(b.concentration) - lbeta(a.concentration)


class Multinomial(Distribution):
    """How often each class comes up in `total_count` draws.

    Args:
        total_count: the number of draws, as floats.
        logits: the unnormalized logarithms of probabilities, classes last.
        probs: the probabilities, instead.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    Raises:
        ValueError: not exactly one of `logits` and `probs` is given.

    >>> import graphmagic as tf
    >>> throws = tf.distributions.Multinomial(4.0, probs=[0.5, 0.25, 0.25])
    >>> sess = tf.Session()
    >>> sess.run(throws.mean()), "%.4f" % sess.run(throws.prob([2.0, 1.0, 1.0]))
    (array([2., 1., 1.], dtype=float32), '0.1875')
    """

    event_rank = 1

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Multinomial",
    ) -> None:
        exactly_one(logits, probs)
        with name_scope(name) as scope:
            if probs is None:
                self.logits = parameter(logits, "logits")
                self.probs: Any = softmax(self.logits, name="probs")
            else:
                self.probs = parameter(probs, "probs")
                self.logits = log(self.probs, name="logits")
            self.total_count: Any = convert_to_tensor(total_count, self.probs.dtype, name="total_count")
            self._expected = self.total_count[..., None] * self.probs
        super().__init__(scope, self.probs.dtype.base_dtype, self._expected)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        rows: Any = self.logits + 0.0 * self._expected
        flat = reshape(rows, [-1, shape(rows)[-1]])
        count = reduce_prod(before)
        totals = cast(reshape(self.total_count * ones_like(rows[..., 0]), [-1]), int32)
        drawn = transpose(_drawn(flat, totals, count, seed, self.dtype), [1, 0, 2])
        return reshape(drawn, self._whole(before))

    def _log_prob(self, counts: Any) -> Any:
        return reduce_sum(counts * log_softmax(self.logits), -1) + _log_arrangements(self.total_count, counts)

    def _mean(self) -> Any:
        return identity(self._expected)

    def _variance(self) -> Any:
        return self._expected * (1.0 - self.probs)

    def _covariance(self) -> Any:
        return _covariance(self._expected, self.probs * ones_like(self._expected), self._variance())


class DirichletMultinomial(Distribution):
    """How often each class comes up in `total_count` draws, if its probability is uncertain too.

    Args:
        total_count: the number of draws, as floats.
        concentration: the parameters of the `Dirichlet` distribution of the probabilities.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> counts = tf.distributions.DirichletMultinomial(3.0, [1.0, 1.0, 2.0])
    >>> tf.Session().run(counts.mean())
    array([0.75, 0.75, 1.5 ], dtype=float32)
    """

    event_rank = 1

    def __init__(
        self,
        total_count: Any,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DirichletMultinomial",
    ) -> None:
        with name_scope(name) as scope:
            self.concentration = parameter(concentration, "concentration")
            self.total_count: Any = convert_to_tensor(
                total_count, self.concentration.dtype, name="total_count"
            )
            self.total_concentration = reduce_sum(self.concentration, -1)
        super().__init__(scope, self.concentration.dtype.base_dtype, self.concentration)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        parts = random_gamma(before, self.concentration, dtype=self.dtype, seed=seed)
        logits = reshape(log(parts), concat([[-1], shape(self.concentration)[-1:]], 0))
        totals: Any = self.total_count * ones_like(self.total_concentration)
        rows = cast(reshape(totals * ones_like(reduce_sum(parts, -1)), [-1]), int32)
        drawn = _drawn(logits, rows, 1, other_seed(seed, "dirichlet_multinomial"), self.dtype)
        return reshape(drawn, self._whole(before))

    def _log_prob(self, counts: Any) -> Any:
        ordered: Any = lbeta(self.concentration + counts) - lbeta(self.concentration)
        return ordered + _log_arrangements(self.total_count, counts)

    def _mean(self) -> Any:
        return self.total_count[..., None] * self._share()

    def _share(self) -> Any:
        return self.concentration / self.total_concentration[..., None]

    def _spread(self) -> Any:
        """How much more the counts vary than those of a `Multinomial`."""
        total, count = self.total_concentration[..., None], self.total_count[..., None]
        return (count + total) / (1.0 + total)

    def _variance(self) -> Any:
        return self._mean() * (1.0 - self._share()) * self._spread()

    def _covariance(self) -> Any:
        return _covariance(self._mean() * self._spread(), self._share(), self._variance())
