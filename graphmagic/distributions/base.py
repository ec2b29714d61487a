"""What all distributions have in common: samples, probabilities, moments, each in a name scope of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import subtract
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
        parameters: one parameter, whose shape all have.
    """

    def __init__(self, name: str, dtype: DType, parameters: Any) -> None:
        self.name, self.dtype, self._like = name, dtype, parameters

    @contextmanager
    def _scope(self, name: str) -> Iterator[None]:
        with name_scope(f"{self.name.rstrip('/')}/{name}/"):
            yield

    @property
    def batch_shape(self) -> TensorShape:
        """How many distributions these are."""
        found: TensorShape = self._like.shape
        return found

    @property
    def event_shape(self) -> TensorShape:
        """The shape of one sample of one distribution."""
        return TensorShape([])

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        """`batch_shape` as a tensor."""
        return shape(self._like, name=name)

    def sample(self, sample_shape: Any = (), seed: int | None = None, name: str = "sample") -> Tensor:
        """Random values.

        Args:
            sample_shape: how many, as a shape that comes before that of the batch.
            seed: the seed; see `tf.set_random_seed`.
            name: the name of the scope.
        """
        with self._scope(name):
            before = reshape(convert_to_tensor(list(sample_shape) if isinstance(sample_shape, tuple) else sample_shape,
                                               "int32"), [-1])  # fmt: skip
            return self._sample(concat([before, shape(self._like)], 0), seed)

    def _sample(self, whole: Tensor, seed: int | None) -> Tensor:
        raise NotImplementedError(f"sample is not implemented: {type(self).__name__}")

    def _asked(self, name: str, *arguments: Any, scope: str | None = None) -> Tensor:
        function: Callable[..., Tensor] | None = getattr(self, f"_{name}", None)
        if function is None:
            raise NotImplementedError(f"{name} is not implemented: {type(self).__name__}")
        with self._scope(scope or name):
            return function(*[convert_to_tensor(a, dtype_hint) for a, dtype_hint in arguments])

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        """The logarithm of the probability of a value, or of the density there."""
        return self._asked("log_prob", (value, self.dtype), scope=name)

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        """The probability of a value, or the density there."""
        with self._scope(name):
            return exp(self._log_prob(convert_to_tensor(value, self.dtype)))  # type: ignore[attr-defined]

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        """How probable values up to this one are."""
        return self._asked("cdf", (value, self.dtype), scope=name)

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        """The logarithm of `cdf`."""
        with self._scope(name):
            return log(self._cdf(convert_to_tensor(value, self.dtype)))  # type: ignore[attr-defined]

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        """How probable larger values are."""
        with self._scope(name):
            return subtract(1.0, self._cdf(convert_to_tensor(value, self.dtype)))  # type: ignore[attr-defined]

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

    def stddev(self, name: str = "stddev") -> Tensor:
        """The standard deviation."""
        with self._scope(name):
            return sqrt(self._variance())  # type: ignore[attr-defined]

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
