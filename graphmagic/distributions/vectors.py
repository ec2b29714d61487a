"""Distributions of vectors, and batches of which parts are taken as one event."""

from __future__ import annotations

from typing import Any

from graphmagic.distributions.base import Distribution, kl_divergence, register_kl
from graphmagic.distributions.continuous import HALF_LOG_TWO_PI, parameter
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.diagonals import matrix_diag
from graphmagic.ops.elementary import log, square
from graphmagic.ops.like import ones_like
from graphmagic.ops.random import random_normal
from graphmagic.ops.reduce import reduce_sum

__all__ = ["Independent", "MultivariateNormalDiag"]


class MultivariateNormalDiag(Distribution):
    """Normal vectors whose parts are independent.

    Args:
        loc: the means, the parts of a vector last; zeros if None.
        scale_diag: the standard deviations; ones if None.
        scale_identity_multiplier: one standard deviation for all parts, which adds to `scale_diag`.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    Raises:
        ValueError: none of the three is given.

    >>> import graphmagic as tf
    >>> normal = tf.contrib.distributions.MultivariateNormalDiag([0.0, 0.0], [1.0, 2.0])
    >>> print("%.5f" % tf.Session().run(normal.prob([0.0, 0.0])), normal.event_shape)
    0.07958 (2,)
    """

    event_rank = 1

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiag",
    ) -> None:
        given = [value for value in (loc, scale_diag) if value is not None]
        if not given:
            raise ValueError("Must specify one or both of loc, scale_diag.")
        with name_scope(name) as scope:
            like = ones_like(parameter(given[0], "like"))
            self.loc: Any = parameter(loc, "loc") if loc is not None else 0.0 * like
            scale: Any = 0.0 if scale_diag is None else parameter(scale_diag, "scale_diag", self.loc)
            if scale_identity_multiplier is not None:
                scale = scale + parameter(scale_identity_multiplier, "multiplier", self.loc)[..., None]
            elif scale_diag is None:
                scale = 1.0
            both = self.loc + scale
            self.scale_diag: Any = scale * ones_like(both)
        super().__init__(scope, self.loc.dtype.base_dtype, both)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        found: Any = random_normal(self._whole(before), dtype=self.dtype, seed=seed)
        return found * self.scale_diag + self.loc  # type: ignore[no-any-return]

    def _log_prob(self, x: Any) -> Any:
        each = -0.5 * square((x - self.loc) / self.scale_diag) - log(self.scale_diag) - HALF_LOG_TWO_PI
        return reduce_sum(each, -1)

    def _entropy(self) -> Any:
        return reduce_sum(log(self.scale_diag) + (0.5 + HALF_LOG_TWO_PI), -1)

    def _mean(self) -> Any:
        return self.loc * ones_like(self.scale_diag)

    _mode = _mean

    def _variance(self) -> Any:
        return square(self.scale_diag)

    def _covariance(self) -> Any:
        return matrix_diag(self._variance())


@register_kl(MultivariateNormalDiag, MultivariateNormalDiag)
def vectors_vectors(a: Any, b: Any) -> Any:
    ratio: Any = square(a.scale_diag / b.scale_diag)
    apart: Any = square((a.loc - b.loc) / b.scale_diag)
    return 0.5 * reduce_sum(ratio + apart - 1.0 - log(ratio), -1)


class Independent(Distribution):
    """Distributions of which some are taken together: one sample of them all is one event.

    Args:
        distribution: a batch of distributions.
        reinterpreted_batch_ndims: how many of the last axes of the batch become axes of an event; all but the first
            if None.
        validate_args: accepted for old programs.
        name: the name of the scope.

    >>> import graphmagic as tf
    >>> tfd = tf.contrib.distributions
    >>> pixels = tfd.Independent(tfd.Bernoulli(probs=[[0.5, 0.5, 0.5]]), 1)
    >>> tf.Session().run(pixels.prob([[1, 0, 1]])), pixels.batch_shape, pixels.event_shape.as_list()
    (array([0.125], dtype=float32), TensorShape([Dimension(1)]), [3])
    """

    def __init__(
        self,
        distribution: Distribution,
        reinterpreted_batch_ndims: int | None = None,
        validate_args: bool = False,
        name: str | None = None,
    ) -> None:
        self.distribution = distribution
        rank = distribution.batch_shape.ndims
        if reinterpreted_batch_ndims is None:
            if rank is None:
                raise ValueError("reinterpreted_batch_ndims is needed where the rank of the batch is unknown")
            reinterpreted_batch_ndims = max(rank - 1, 0)
        if rank is not None and reinterpreted_batch_ndims > rank:
            raise ValueError(
                f"reinterpreted_batch_ndims({reinterpreted_batch_ndims}) cannot exceed "
                f"distribution.batch_ndims({rank})"
            )
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        self.event_rank = distribution.event_rank + reinterpreted_batch_ndims
        with name_scope(name or f"Independent{distribution.name.rstrip('/').rpartition('/')[2]}") as scope:
            pass
        super().__init__(scope, distribution.dtype, distribution._like)

    def _summed(self, values: Any) -> Any:
        return reduce_sum(values, list(range(-self.reinterpreted_batch_ndims, 0)))

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        return self.distribution._sample(before, seed)

    def _log_prob(self, x: Any) -> Any:
        return self._summed(self.distribution.log_prob(x))

    def _entropy(self) -> Any:
        return self._summed(self.distribution.entropy())

    def _mean(self) -> Any:
        return self.distribution.mean()

    def _mode(self) -> Any:
        return self.distribution.mode()

    def _variance(self) -> Any:
        return self.distribution.variance()


@register_kl(Independent, Independent)
def independent_independent(a: Any, b: Any) -> Any:
    return a._summed(kl_divergence(a.distribution, b.distribution))
