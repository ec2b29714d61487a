"""The checks that shape rules and kernels share, in TensorFlow's words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.constants import static_value
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.merging import merged_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arguments import shape_text
from graphmagic.shapes import TensorShape, unknown_shape

__all__ = [
    "check_axes",
    "check_same_sizes",
    "invalid",
    "merged_shape",
    "merged_all",
    "of_rank",
    "of_rank_at_least",
    "size_from",
]


def invalid(text: str) -> errors.InvalidArgumentError:
    """The error of a kernel that cannot take what it got; the engine adds which operation it was.

    >>> invalid("bad").message
    'bad'
    """
    return errors.InvalidArgumentError(None, None, text)


# ----- for shape rules -----


def merged_all(tensors: Sequence[Tensor]) -> TensorShape:
    """What is known of tensors that all have one shape, the last one first.

    Raises:
        ValueError: two of the shapes contradict each other.
    """
    shape = tensors[-1].shape
    for index in range(len(tensors) - 2, -1, -1):
        try:
            shape = merged_shape(tensors[index].shape, shape)
        except ValueError as error:
            raise ValueError(f"{error}\n\tFrom merging shape {index} with other shapes.") from None
    return shape


def of_rank(shape: TensorShape, rank: int) -> TensorShape:
    """`shape`, which has `rank` dimensions.

    Raises:
        ValueError: it is known to have more or fewer.

    >>> of_rank(TensorShape(None), 2).bracketed()
    '[?,?]'
    """
    if shape.ndims not in (None, rank):
        raise ValueError(f"Shape must be rank {rank} but is rank {shape.ndims}")
    return unknown_shape(rank) if shape.ndims is None else shape


def of_rank_at_least(shape: TensorShape, rank: int) -> TensorShape:
    """`shape`, which has `rank` or more dimensions.

    Raises:
        ValueError: it is known to have fewer.
    """
    if shape.ndims is not None and shape.ndims < rank:
        raise ValueError(f"Shape must be at least rank {rank} but is rank {shape.ndims}")
    return shape


def check_axes(x: Tensor, axes: Sequence[int]) -> None:
    """Raise `ValueError`, with the place where `x` was made, for axes that it does not have."""
    rank = x.shape.ndims
    if rank is None:
        return
    for axis in axes:
        if not -rank <= axis < rank:
            text = f"Axis {axis} is not in the range [{-rank}, {rank}) of the dimensions of {x}."
            raise with_notes(ValueError(text), created_at(x.op))


def size_from(scalar: Tensor, index: int) -> int | None:
    """The size that a scalar input stands for, or None where it is not known.

    Args:
        scalar: the input.
        index: which input it is.

    Raises:
        ValueError: it is no scalar, or it is negative.
    """
    value = static_value(scalar)
    if value is not None and value.ndim:
        raise ValueError(f"Input must be scalar but has rank {value.ndim}")
    if value is not None and value < 0:
        raise ValueError(
            f"Dimension size, given by scalar input {index}, must be non-negative but is {int(value)}"
        )
    return None if value is None else int(value)


# ----- for kernels -----


def check_same_sizes(op: Operation, arrays: Sequence[Any]) -> None:
    """Raise `InvalidArgumentError` unless the inputs all have the shape of the first."""
    for index, array in enumerate(arrays):
        if np.shape(array) != np.shape(arrays[0]):
            raise invalid(
                f"Inputs to operation {op.name} of type {op.type} must have the same size and shape.  "
                f"Input 0: {shape_text(arrays[0])} != input {index}: {shape_text(array)}"
            )
