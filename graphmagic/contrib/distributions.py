"""Distributions under their old name (``tf.contrib.distributions``), and some that only that has; see `tf.distributions`."""

from graphmagic.distributions import (
    Bernoulli,
    Beta,
    Categorical,
    Dirichlet,
    DirichletMultinomial,
    Distribution,
    Exponential,
    Gamma,
    Laplace,
    Multinomial,
    Normal,
    RegisterKL,
    StudentT,
    Uniform,
    kl_divergence,
)
from graphmagic.distributions.vectors import Independent, MultivariateNormalDiag
from graphmagic.names import namespace as _namespace

__all__ = [
    "Bernoulli",
    "Beta",
    "Categorical",
    "Dirichlet",
    "DirichletMultinomial",
    "Distribution",
    "Exponential",
    "Gamma",
    "Independent",
    "Laplace",
    "Multinomial",
    "MultivariateNormalDiag",
    "Normal",
    "RegisterKL",
    "StudentT",
    "Uniform",
    "kl_divergence",
]

__getattr__, __dir__ = _namespace(__name__)
