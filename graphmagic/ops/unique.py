"""The distinct elements of a vector."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.shapes import TensorShape

__all__ = ["unique", "unique_with_counts"]


class Unique(NamedTuple):
    """The distinct elements, and for each element of the vector which of them it is."""

    y: Tensor
    idx: Tensor


class UniqueWithCounts(NamedTuple):
    """The distinct elements, for each element of the vector which of them it is, and how often each occurs."""

    y: Tensor
    idx: Tensor
    count: Tensor  # type: ignore[assignment]  # TensorFlow's name, which hides the method of tuples


unique_op = OpDef(
    "Unique",
    "x:T -> y:T, idx:out_idx",
    types={"out_idx": dtypes.INDICES},
    defaults={"out_idx": dtypes.int32},
)
unique_with_counts_op = OpDef(
    "UniqueWithCounts",
    "x:T -> y:T, idx:out_idx, count:out_idx",
    types={"out_idx": dtypes.INDICES},
    defaults={"out_idx": dtypes.int32},
)


def _distinct(x: Any, out_idx: Any) -> tuple[Any, Any, Any]:
    """Distinct elements in the order in which they first occur."""
    if np.ndim(x) != 1:
        raise errors.InvalidArgumentError(None, None, "unique expects a 1D vector.")
    values, first, inverse, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    by_appearance = np.argsort(first)
    place = np.empty(len(by_appearance), out_idx.numpy)
    place[by_appearance] = np.arange(len(by_appearance))
    return values[by_appearance], place[inverse], counts[by_appearance].astype(out_idx.numpy)


@unique_op.kernel
def unique_kernel(x: Any, *, out_idx: Any) -> Any:
    return _distinct(x, out_idx)[:2]


@unique_with_counts_op.kernel
def unique_with_counts_kernel(x: Any, *, out_idx: Any) -> Any:
    return _distinct(x, out_idx)


@unique_op.shape_rule
def unique_shape(x: Tensor) -> list[TensorShape]:
    if x.shape.ndims not in (None, 1):
        raise ValueError(f"Shape must be rank 1 but is rank {x.shape.ndims}")
    return [TensorShape([None]), x.shape]


@unique_with_counts_op.shape_rule
def unique_with_counts_shape(x: Tensor) -> list[TensorShape]:
    return [TensorShape([None]), x.shape, TensorShape([None])]


def unique(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> Unique:
    """The distinct elements of a vector, in the order in which they first occur.

    Args:
        x: a vector.
        out_idx: the type of the indices, int32 or int64.
        name: the operation's name.

    Returns:
        A named tuple ``(y, idx)`` with ``y[idx[i]] == x[i]``.

    Raises:
        ValueError: `x` is no vector.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unique([7, 5, 7, 9]).y)
    array([7, 5, 9], dtype=int32)
    """
    return Unique(*apply_op(unique_op, x, out_idx=as_dtype(out_idx), name=name).outputs)


def unique_with_counts(x: Any, out_idx: Any = dtypes.int32, name: str | None = None) -> UniqueWithCounts:
    """The distinct elements of a vector and how often each occurs; arguments and errors as `unique`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unique_with_counts([7, 5, 7]).count)
    array([2, 1], dtype=int32)
    """
    outputs = apply_op(unique_with_counts_op, x, out_idx=as_dtype(out_idx), name=name).outputs
    return UniqueWithCounts(*outputs)
