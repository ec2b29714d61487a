"""Sorting, built on `top_k`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.nn.top_k import top_k
from graphmagic.ops.arithmetic import negative, subtract
from graphmagic.ops.constant import constant
from graphmagic.ops.queries import shape
from graphmagic.ops.transposing import transpose

__all__ = ["argsort", "sort"]


def _descending(x: Tensor, axis: int, places: bool) -> Tensor:
    """Sort along the last dimension; another one is exchanged with it before and after."""
    count = shape(x)[axis]
    rank = x.shape.ndims
    if axis == -1 or axis + 1 == rank:
        found = top_k(x, count)
        return found.indices if places else found.values
    if rank is None:
        raise ValueError(
            f"Sorting along axis {axis} needs a tensor of known rank; only the last axis does not."
        )
    order = np.arange(rank, dtype=np.int32)
    order[[axis, -1]] = order[[-1, axis]]
    exchange = constant(order, name="transposition")
    found = top_k(transpose(x, exchange), count)
    return transpose(found.indices if places else found.values, exchange)


def _ascending(x: Tensor, axis: int, places: bool) -> Tensor:
    """Sort what has the opposite order: the negative, or for integers (whose smallest has none) ``-x - 1``."""
    flip = _flip_for(x)
    found = _descending(flip(x), axis, places)
    return found if places else flip(found)


def _flip_for(x: Tensor) -> Callable[[Tensor], Tensor]:
    kind = x.dtype.base_dtype
    if kind.is_unsigned:
        return lambda values: subtract(int(kind.max), values)
    if kind.is_integer:
        return lambda values: subtract(negative(values), 1)
    return negative


_DIRECTIONS = {"ASCENDING": _ascending, "DESCENDING": _descending}


def _sorted(values: Any, axis: Any, direction: str, places: bool) -> Tensor:
    if direction not in _DIRECTIONS:
        raise ValueError(
            f"Argument `direction` should be one of ASCENDING, DESCENDING. Received: direction={direction}"
        )
    axis = convert_to_tensor(axis, name="axis")
    number = static_value(axis)
    if axis.shape.ndims not in (None, 0) or number is None:
        raise ValueError(f"Argument `axis` must be a constant scalar. Received: axis={axis}.")
    return _DIRECTIONS[direction](convert_to_tensor(values, name="values"), int(number), places)


def sort(values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None) -> Tensor:
    """The elements in order.

    Args:
        values: a tensor of real numbers, rank 1 or more.
        axis: the dimension to sort along.
        direction: ``"ASCENDING"`` or ``"DESCENDING"``.
        name: the scope of the operations made.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: the axis is not constant, or the direction is unknown.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sort([3, 1, 2], direction="DESCENDING"))
    array([3, 2, 1], dtype=int32)
    """
    with get_default_graph().name_scope(name or "sort"):
        return _sorted(values, axis, direction, places=False)


def argsort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", stable: bool = False, name: str | None = None
) -> Tensor:
    """The places of the elements in order; arguments as `sort`, and equal elements keep their order.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.argsort([30, 10, 20]))
    array([1, 2, 0], dtype=int32)
    """
    with get_default_graph().name_scope(name or "argsort"):
        return _sorted(values, axis, direction, places=True)
