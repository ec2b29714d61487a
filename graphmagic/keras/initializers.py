"""Initializers by their names (``tf.keras.initializers``)."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.chosen import chosen
from graphmagic.ops import initializers as plain
from graphmagic.ops import matrix_initializers as matrices
from graphmagic.ops import scaling_initializers as scaling

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "get",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "lecun_normal",
    "lecun_uniform",
]

GlorotNormal, GlorotUniform = scaling.glorot_normal_initializer, scaling.glorot_uniform_initializer
VarianceScaling = scaling.variance_scaling_initializer
glorot_normal, glorot_uniform = GlorotNormal, GlorotUniform
lecun_normal, lecun_uniform = scaling.lecun_normal, scaling.lecun_uniform
Orthogonal = matrices.orthogonal_initializer
Zeros, Ones, Constant = plain.zeros_initializer, plain.ones_initializer, plain.constant_initializer


def he_normal(seed: int | None = None) -> Any:
    """Normal numbers for layers with rectifiers (He et al., 2015)."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed: int | None = None) -> Any:
    """Uniform numbers for layers with rectifiers (He et al., 2015)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def TruncatedNormal(mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> Any:
    """Normal numbers without those that are far from the mean."""
    return plain.truncated_normal_initializer(mean, stddev, seed)


def RandomNormal(mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> Any:
    """Normal numbers."""
    return plain.random_normal_initializer(mean, stddev, seed)


def RandomUniform(minval: float = -0.05, maxval: float = 0.05, seed: int | None = None) -> Any:
    """Uniform numbers."""
    return plain.random_uniform_initializer(minval, maxval, seed)


def get(identifier: Any) -> Any:
    """An initializer by its name."""
    known = {
        "zeros": Zeros, "ones": Ones, "glorot_uniform": GlorotUniform, "glorot_normal": GlorotNormal,
        "he_normal": he_normal, "normal": RandomNormal, "random_normal": RandomNormal, "uniform": RandomUniform,
        "random_uniform": RandomUniform, "truncated_normal": TruncatedNormal, "he_uniform": he_uniform,
        "lecun_normal": lecun_normal, "lecun_uniform": lecun_uniform, "orthogonal": Orthogonal,
    }  # fmt: skip
    found = chosen("initializer", identifier, known)
    return found() if isinstance(identifier, str) or isinstance(found, type) else found
