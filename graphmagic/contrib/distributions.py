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
