"""Asking about tensors: whether they rise, whether they hold numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.logic import less, less_equal
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.reshaping import reshape

__all__ = ["is_non_decreasing", "is_numeric_tensor", "is_strictly_increasing"]


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether something is a tensor of numbers.

    >>> import graphmagic as tf
    >>> tf.is_numeric_tensor(tf.constant(1)), tf.is_numeric_tensor(1)
    (True, False)
    """
    return isinstance(tensor, Tensor) and (
        tensor.dtype.base_dtype.is_floating
        or tensor.dtype.base_dtype.is_integer
        or tensor.dtype.base_dtype.is_complex
    )


def _is_monotonic(x: Any, compare: Callable[..., Tensor], name: str) -> Tensor:
    with get_default_graph().name_scope(name):
        flat = reshape(convert_to_tensor(x, name="x"), [-1])
        return reduce_all(compare(flat[:-1], flat[1:]))


def is_non_decreasing(x: Any, name: str | None = None) -> Tensor:
    """Whether no element of a tensor is smaller than the one before it.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_non_decreasing([1, 1, 2]))
    np.True_
    """
    return _is_monotonic(x, less_equal, name or "is_non_decreasing")


def is_strictly_increasing(x: Any, name: str | None = None) -> Tensor:
    """Whether each element of a tensor is larger than the one before it.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_strictly_increasing([1, 1, 2]))
    np.False_
    """
    return _is_monotonic(x, less, name or "is_strictly_increasing")
