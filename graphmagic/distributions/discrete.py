"""Distributions of things that can be counted: yes or no, one of several classes."""

from __future__ import annotations

from typing import Any

from graphmagic.distributions.base import Distribution, register_kl
from graphmagic.dtypes import DType, float32, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.nn import (
    log_softmax,
    sigmoid_cross_entropy_with_logits,
    softmax,
    softplus,
    sparse_softmax_cross_entropy_with_logits,
)
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.casting import cast
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import log, log1p, sigmoid
from graphmagic.ops.extremes import argmax
from graphmagic.ops.fill import ones
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import greater, less
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_uniform
from graphmagic.ops.random_choice import multinomial
from graphmagic.ops.reduce import reduce_prod, reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.transposing import transpose

__all__ = ["Bernoulli", "Categorical", "exactly_one"]


def exactly_one(logits: Any, probs: Any) -> None:
    """Refuse both, and neither."""
    if (logits is None) == (probs is None):
        raise ValueError("Must pass probs or logits, but not both.")


class Bernoulli(Distribution):
    """1 or 0.

    Args:
        logits: the logarithms of the odds of 1.
        probs: the probabilities of 1, instead.
        dtype: the type of samples.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    Raises:
        ValueError: not exactly one of `logits` and `probs` is given.

    >>> import graphmagic as tf
    >>> coin = tf.distributions.Bernoulli(probs=[0.25, 0.75])
    >>> tf.Session().run(coin.prob(1)).tolist(), tf.Session().run(coin.mode()).tolist()
    ([0.25, 0.75], [0, 1])
    """

    def __init__(
        self, logits: Any = None, probs: Any = None, dtype: DType = int32, validate_args: bool = False,
        allow_nan_stats: bool = True, name: str = "Bernoulli",
    ) -> None:  # fmt: skip
        exactly_one(logits, probs)
        with name_scope(name) as scope:
            if probs is None:
                self.logits: Any = identity(convert_to_tensor(logits), name="logits")
                self.probs: Any = sigmoid(self.logits, name="probs")
            else:
                self.probs = identity(convert_to_tensor(probs), name="probs")
                self.logits = log(self.probs) - log1p(-self.probs)
        super().__init__(scope, dtype, self.probs)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        chances = random_uniform(self._whole(before), dtype=self.probs.dtype.base_dtype, seed=seed)
        return cast(less(chances, self.probs), self.dtype)

    def _log_prob(self, event: Any) -> Any:
        events = cast(event, self.logits.dtype.base_dtype)
        both = events + self.logits
        size = shape(both)
        wide, logits = broadcast_to(events, size), broadcast_to(self.logits, size)
        result: Any = sigmoid_cross_entropy_with_logits(labels=wide, logits=logits)
        return -result

    def _entropy(self) -> Any:
        return -self.logits * (sigmoid(self.logits) - 1.0) + softplus(-self.logits)

    def _mean(self) -> Any:
        return identity(self.probs)

    def _variance(self) -> Any:
        return self.probs * (1.0 - self.probs)

    def _mode(self) -> Any:
        return cast(greater(self.probs, 0.5), self.dtype)


@register_kl(Bernoulli, Bernoulli)
def bernoulli_bernoulli(a: Any, b: Any) -> Any:
    plus, minus = softplus(b.logits), softplus(-b.logits)
    own_plus, own_minus = softplus(a.logits), softplus(-a.logits)
    yes, no = sigmoid(a.logits), sigmoid(-a.logits)
    return yes * (minus - own_minus) + no * (plus - own_plus)


class Categorical(Distribution):
    """One of several classes, by its number.

    Args:
        logits: the unnormalized logarithms of probabilities, classes last.
        probs: the probabilities, instead.
        dtype: the type of samples.
        validate_args: accepted for old programs.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    Raises:
        ValueError: not exactly one of `logits` and `probs` is given.

    >>> import graphmagic as tf
    >>> die = tf.distributions.Categorical(probs=[0.1, 0.6, 0.3])
    >>> print("%.3f %d" % tuple(tf.Session().run([die.prob(2), die.mode()])))
    0.300 1
    """

    def __init__(
        self, logits: Any = None, probs: Any = None, dtype: DType = int32, validate_args: bool = False,
        allow_nan_stats: bool = True, name: str = "Categorical",
    ) -> None:  # fmt: skip
        exactly_one(logits, probs)
        with name_scope(name) as scope:
            if probs is None:
                self.logits: Any = identity(convert_to_tensor(logits, float32), name="logits")
                self.probs: Any = softmax(self.logits, name="probs")
            else:
                self.probs = identity(convert_to_tensor(probs, float32), name="probs")
                self.logits = log(self.probs, name="logits")
        self.event_size = self.logits.shape[-1]
        super().__init__(scope, dtype, self.logits[..., 0])

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        classes = self.logits.shape.ints[-1]
        flat = reshape(self.logits, [-1, shape(self.logits)[-1] if classes is None else classes])
        rows = shape(flat)[0]
        whole = self._whole(before)
        count: Any = reduce_prod(whole) // rows
        drawn = multinomial(flat, count, seed=seed)
        return cast(reshape(transpose(drawn), whole), self.dtype)

    def _log_prob(self, k: Any) -> Any:
        numbers = cast(k, int32)
        like: Any = self._like
        size = shape(cast(numbers, float32) + like)
        wide = broadcast_to(numbers, size)
        rows: Any = self.logits * ones(concat([size, [1]], 0))
        result: Any = sparse_softmax_cross_entropy_with_logits(labels=wide, logits=rows)
        return -result

    def _entropy(self) -> Any:
        return -reduce_sum(log_softmax(self.logits) * softmax(self.logits), -1)

    def _mode(self) -> Any:
        return cast(argmax(self.logits, -1), self.dtype)


@register_kl(Categorical, Categorical)
def categorical_categorical(a: Any, b: Any) -> Any:
    difference: Any = log_softmax(a.logits) - log_softmax(b.logits)
    return reduce_sum(softmax(a.logits) * difference, -1)
