"""Matrices to compute with, and what the lines about them share."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Mistake
from optable.data import floats

__all__ = ["CLOSE", "FLAT", "SQUARE", "partly", "positive", "regular", "says", "symmetric"]

# both libraries are exact to rounding, in different orders
CLOSE: dict[str, Any] = {"ulp": 32, "atol": 4e-6, "grad_ulp": 64, "grad_atol": 2e-5}
SQUARE: dict[str, Any] = {"square": "these matrices are square", **CLOSE}
FLAT = np.ones((2, 3), np.float32)


def regular(size: int, *batch: int, seed: int = 0, dtype: Any = np.float32) -> Any:
    """Square matrices far from singular, with different eigenvalues."""
    random = floats(*batch, size, size, low=-0.6, high=0.6, seed=seed, dtype=dtype)
    return (random + np.diag(np.arange(1.5, 1.5 + size))).astype(dtype)


def positive(size: int, *batch: int, dtype: Any = np.float32) -> Any:
    """Symmetric positive definite matrices."""
    half = regular(size, *batch, dtype=dtype)
    return (half @ np.swapaxes(half, -1, -2) / 4).astype(dtype)


def symmetric(tf: Any, x: Any) -> Any:
    """The gradients of decompositions of symmetric matrices are those of the matrix made symmetric."""
    return (x + tf.matrix_transpose(x)) / 2.0


def partly(dtype: str, *sizes: int | None) -> dict[str, Any]:
    """A matrix known to be square has as many columns as rows, also where TensorFlow's composition forgets it."""
    return {"partial": [[dtype, list(sizes)]]}


def says(op: str, name: str, build: Any, inputs: Any, why: str, **answers: tuple[str, str, str]) -> Mistake:
    """A mistake with an answer of its own, by mode."""
    return Mistake(op, name, build, inputs, says=answers, why=why)
