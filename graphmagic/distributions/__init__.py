"""Probability distributions (TensorFlow's ``tf.distributions``)."""

from graphmagic.distributions.base import Distribution, RegisterKL, kl_divergence
from graphmagic.distributions.continuous import Exponential, Laplace, Normal, Uniform
from graphmagic.distributions.discrete import Bernoulli, Categorical
from graphmagic.distributions.positive import Beta, Gamma, StudentT
from graphmagic.distributions.shares import Dirichlet, DirichletMultinomial, Multinomial
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
    "Laplace",
    "Multinomial",
    "Normal",
    "RegisterKL",
    "StudentT",
    "Uniform",
    "kl_divergence",
]

__getattr__, __dir__ = _namespace(__name__)
