"""Distributions under their old name (``tf.contrib.distributions``); see `tf.distributions`."""

from graphmagic.distributions import (
    Bernoulli,
    Categorical,
    Distribution,
    Exponential,
    Laplace,
    Normal,
    RegisterKL,
    Uniform,
    kl_divergence,
)
from graphmagic.names import namespace as _namespace

__all__ = [
    "Bernoulli",
    "Categorical",
    "Distribution",
    "Exponential",
    "Laplace",
    "Normal",
    "RegisterKL",
    "Uniform",
    "kl_divergence",
]

__getattr__, __dir__ = _namespace(__name__)
