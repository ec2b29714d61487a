"""What all distributions have in common: samples, probabilities, moments, each in a name scope of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic.dtypes import DType, int32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import exp, log, sqrt
from graphmagic.ops.queries import shape
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape

__all__ = ["Distribution", "kl_divergence", "register_kl"]


class Distribution:
    """A probability distribution, or a batch of them; see `Normal`.

    Subclasses define what begins with an underscore: ``_sample(shape, seed)``, ``_log_prob(value)`` and so on.

    Args:
        name: the name of the scope.
        dtype: the type of samples.
        parameters: a tensor of the shape that one sample of the whole batch has.
    """

    event_rank = 0  # how many of the last axes of a sample belong together

    def __init__(self, name: str, dtype: DType, parameters: Any) -> None:
        self.name, self.dtype, self._like = name, dtype, parameters

    @contextmanager
    def _scope(self, name: str) -> Iterator[None]:
        with name_scope(f"{self.name.rstrip('/')}/{name}/"):
            yield

    @property
    def batch_shape(self) -> TensorShape:
        """How many distributions these are."""
        return self._parts(self._like.shape)[0]  # type: ignore[no-any-return]

    @property
    def event_shape(self) -> TensorShape:
        """The shape of one sample of one distribution."""
        return self._parts(self._like.shape)[1]  # type: ignore[no-any-return]

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """`batch_shape` as a tensor."""
        with self._scope(name):
            return self._parts(shape(self._like))[0]  # type: ignore[no-any-return]

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Tensor:
        """`event_shape` as a tensor."""
        with self._scope(name):
            return self._parts(shape(self._like))[1]  # type: ignore[no-any-return]

    def _parts(self, whole: Any) -> tuple[Any, Any]:
        """A shape, split into that of the batch and that of an event."""
        if not self.event_rank:
            return whole, whole[:0] if isinstance(whole, Tensor) else TensorShape([])
        return whole[: -self.event_rank], whole[-self.event_rank :]

    def sample(self, sample_shape: Any = (), seed: int | None = None, name: str = "sample") -> Tensor:
        """Random values.

        Args:
            sample_shape: how many, as a shape that comes before that of the batch.
            seed: the seed; see `tf.set_random_seed`.
            name: the name of the scope.
        """
        with self._scope(name):
            given = list(sample_shape) if isinstance(sample_shape, tuple) else sample_shape
            return self._sample(reshape(convert_to_tensor(given, int32), [-1]), seed)

    def _whole(self, before: Tensor) -> Tensor:
        """The shape of samples: `before`, then that of one sample of the batch."""
        return concat([before, shape(self._like)], 0)

    def _sample(self, before: Tensor, seed: int | None) -> Tensor:
        raise NotImplementedError(f"sample is not implemented: {type(self).__name__}")

    def _function(self, name: str) -> Callable[..., Tensor]:
        """What a subclass defines.

        Raises:
            NotImplementedError: it does not.
        """
        function: Callable[..., Tensor] | None = getattr(self, f"_{name}", None)
        if function is None:
            raise NotImplementedError(f"{name} is not implemented: {type(self).__name__}")
        return function

    def _asked(self, name: str, *values: Any, scope: str) -> Tensor:
        function = self._function(name)
        with self._scope(scope):
            return function(*[convert_to_tensor(value, preferred_dtype=self.dtype) for value in values])

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        """The logarithm of the probability of a value, or of the density there."""
        return self._asked("log_prob", value, scope=name)

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        """The probability of a value, or the density there."""
        with self._scope(name):
            return exp(self._function("log_prob")(convert_to_tensor(value, preferred_dtype=self.dtype)))

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        """How probable values up to this one are."""
        return self._asked("cdf", value, scope=name)

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        """The logarithm of `cdf`."""
        if hasattr(self, "_log_cdf"):
            return self._asked("log_cdf", value, scope=name)
        with self._scope(name):
            return log(self._function("cdf")(convert_to_tensor(value, preferred_dtype=self.dtype)))

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        """How probable larger values are."""
        with self._scope(name):
            return subtract(1.0, self._function("cdf")(convert_to_tensor(value, preferred_dtype=self.dtype)))

    def entropy(self, name: str = "entropy") -> Tensor:
        """Shannon's entropy, in nats."""
        return self._asked("entropy", scope=name)

    def mean(self, name: str = "mean") -> Tensor:
        """The mean."""
        return self._asked("mean", scope=name)

    def mode(self, name: str = "mode") -> Tensor:
        """The most probable value."""
        return self._asked("mode", scope=name)

    def variance(self, name: str = "variance") -> Tensor:
        """The variance."""
        return self._asked("variance", scope=name)

    def covariance(self, name: str = "covariance") -> Tensor:
        """The covariances of the parts of an event."""
        return self._asked("covariance", scope=name)

    def cross_entropy(self, other: Distribution, name: str = "cross_entropy") -> Tensor:
        """How many nats samples take that are coded for another distribution."""
        with self._scope(name):
            return add(kl_divergence(self, other), self._function("entropy")())

    def stddev(self, name: str = "stddev") -> Tensor:
        """The standard deviation."""
        with self._scope(name):
            return sqrt(self._function("variance")())

    def kl_divergence(self, other: Distribution, name: str = "kl_divergence") -> Tensor:
        """The divergence of Kullback and Leibler from another distribution; see `kl_divergence`."""
        return kl_divergence(self, other, name=name)

    def __repr__(self) -> str:
        batch = self.batch_shape
        return f"tf.distributions.{type(self).__name__}({self.name!r}, batch_shape={batch}, dtype={self.dtype.name})"


_divergences: dict[tuple[type, type], Callable[..., Tensor]] = {}


def register_kl(one: type, other: type) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """A decorator for the function that computes the divergence between two kinds of distributions."""

    def register(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
        _divergences[one, other] = function
        return function

    return register


def kl_divergence(
    distribution_a: Distribution,
    distribution_b: Distribution,
    allow_nan_stats: bool = True,
    name: str | None = None,
) -> Tensor:
    """The divergence of Kullback and Leibler, in nats: how badly the second distribution describes the first.

    Args:
        distribution_a: a distribution.
        distribution_b: another one.
        allow_nan_stats: accepted for old programs.
        name: the name of the scope.

    Raises:
        NotImplementedError: nobody knows it for these kinds.

    >>> import graphmagic as tf
    >>> one, other = tf.distributions.Normal(0.0, 1.0), tf.distributions.Normal(1.0, 1.0)
    >>> tf.Session().run(tf.distributions.kl_divergence(one, other))
    np.float32(0.5)
    """
    for kind in type(distribution_a).__mro__:
        function = _divergences.get((kind, type(distribution_b)))
        if function is not None:
            with name_scope(name or "KullbackLeibler"):
                return function(distribution_a, distribution_b)
    raise NotImplementedError(
        f"No KL(distribution_a || distribution_b) registered for distribution_a type {type(distribution_a).__name__} "
        f"and distribution_b type {type(distribution_b).__name__}"
    )


RegisterKL = register_kl
