"""Initializers for matrices: orthogonal ones and the identity."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import DType
from graphmagic.graph.node import Tensor
from graphmagic.ops.bands import eye
from graphmagic.ops.decompositions import qr
from graphmagic.ops.diagonals import diag_part
from graphmagic.ops.initializers import Initializer, checked_float
from graphmagic.ops.matrices import matrix_transpose
from graphmagic.ops.random import random_normal
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.rounding import sign

__all__ = ["identity_initializer", "orthogonal_initializer"]


class orthogonal_initializer(Initializer):  # noqa: N801
    """A random matrix with orthogonal columns, or rows where it has more columns than rows (Saxe et al. 2014).

    Args:
        gain: multiplies the matrix.
        seed: the seed of the operation; see `tf.set_random_seed`.
        dtype: the type where the variable does not say.

    Raises:
        ValueError: called with a shape of less than two dimensions.

    >>> import graphmagic as tf
    >>> q = tf.Session().run(tf.orthogonal_initializer(seed=1)([3, 2]))
    >>> (q.T @ q).round(3).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = dtypes.float32) -> None:
        self.gain, self.seed, self.dtype = gain, seed, checked_float(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """The matrix; further dimensions count as rows."""
        if len(shape) < 2:
            raise ValueError(
                "The tensor to initialize, specified by argument `shape` must be at least two-dimensional. "
                f"Received shape={shape}"
            )
        rows, columns = int(np.prod(shape[:-1])), int(shape[-1])
        wide = rows < columns
        numbers = random_normal((columns, rows) if wide else (rows, columns), dtype=dtype, seed=self.seed)
        q, r = qr(numbers)
        signs: Any = sign(diag_part(r))  # so that it does not depend on how the factors were found
        factor: Any = q * signs
        if wide:
            factor = matrix_transpose(factor)
        matrix: Any = reshape(factor, shape)
        result: Tensor = self.gain * matrix
        return result


class identity_initializer(Initializer):  # noqa: N801
    """Ones on the diagonal, zeros elsewhere.

    Args:
        gain: multiplies the matrix.
        dtype: the type where the variable does not say.

    Raises:
        ValueError: called with a shape that is not of two dimensions.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.initializers.identity(gain=2.0)([2, 3]))
    array([[2., 0., 0.],
           [0., 2., 0.]], dtype=float32)
    """

    def __init__(self, gain: float = 1.0, dtype: Any = dtypes.float32) -> None:
        self.gain, self.dtype = gain, checked_float(dtype)

    def make(self, shape: Any, dtype: DType) -> Tensor:
        """The matrix."""
        if len(shape) != 2:
            raise ValueError(
                "The tensor to initialize, specified by argument `shape` must be at least two-dimensional. "
                f"Received shape={shape}"
            )
        rows, columns = shape
        matrix: Any = eye(rows, columns, dtype=dtype)
        result: Tensor = matrix if self.gain == 1.0 else self.gain * matrix
        return result
