"""Checks of types, ranks and shapes: `tf.assert_rank`, `tf.assert_integer` and the like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic.dtypes import as_dtype, float32, int32
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.asserting import Assert
from graphmagic.ops.asserts import prefix
from graphmagic.ops.control import no_op
from graphmagic.ops.logic import equal, greater_equal, logical_or
from graphmagic.ops.queries import rank as rank_of
from graphmagic.ops.queries import shape as shape_of

__all__ = [
    "assert_integer",
    "assert_proper_iterable",
    "assert_rank",
    "assert_rank_at_least",
    "assert_rank_in",
    "assert_same_float_dtype",
    "assert_scalar",
    "assert_type",
]


def _check_rank(
    x: Any,
    ranks: Sequence[Any],
    words: str,
    holds: Callable[[int, list[int]], bool],
    compare: Callable[..., Tensor],
    data: Any,
    summarize: int | None,
    message: str | None,
) -> Operation:
    x = convert_to_tensor(x, name="x")
    tensors = [convert_to_tensor(r, name="rank") for r in ranks]
    if data is None:
        data = [prefix(message), f"Tensor {x.name} must have rank {words}".rstrip(), *tensors]
        data += ["Received shape: ", shape_of(x)]
    for tensor in tensors:
        if tensor.dtype.base_dtype is not int32:
            raise TypeError(f"{tensor.name} must be of type tf.int32; got {tensor.dtype!r}")
        if tensor.shape.ndims not in (None, 0):
            raise ValueError("Rank must be a scalar.")
    known = [static_value(t) for t in tensors]
    if x.shape.ndims is not None and all(k is not None for k in known):
        values = [int(k) for k in known if k is not None]
        if not holds(x.shape.ndims, values):
            wanted = tuple(values) if words == "in" else values[0]
            raise ValueError(
                f"{prefix(message)}Tensor {x.name} must have rank {words}{' ' if words else ''}{wanted}.  "
                f"Received rank {x.shape.ndims}, shape {x.shape}"
            )
        return no_op(name="static_checks_determined_all_ok")
    actual = rank_of(x)
    condition = compare(actual, tensors[0])
    for tensor in tensors[1:]:
        condition = logical_or(condition, compare(actual, tensor))
    return Assert(condition, data, summarize=summarize)


def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless a tensor has a certain rank.

    Args:
        x: a tensor.
        rank: an integer.
        data: what the message shows.
        summarize: how many elements of each tensor the message shows.
        message: a text to put in front of it.
        name: the scope of what is made.

    Returns:
        The `Operation`; it does nothing if the rank is known to be right.

    Raises:
        ValueError: the rank is known to be wrong.

    >>> import graphmagic as tf
    >>> tf.assert_rank(tf.zeros([2, 3]), 2).type
    'NoOp'
    """
    with get_default_graph().name_scope(name or "assert_rank"):
        return _check_rank(x, [rank], "", lambda r, want: r == want[0], equal, data, summarize, message)


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails if a tensor has a smaller rank; arguments as `assert_rank`."""
    with get_default_graph().name_scope(name or "assert_rank_at_least"):
        return _check_rank(
            x, [rank], "at least", lambda r, want: r >= want[0], greater_equal, data, summarize, message
        )


def assert_rank_in(
    x: Any,
    ranks: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless a tensor has one of several ranks; arguments as `assert_rank`."""
    with get_default_graph().name_scope(name or "assert_rank_in"):
        return _check_rank(x, list(ranks), "in", lambda r, want: r in want, equal, data, summarize, message)


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Operation:
    """Check that a tensor is of an integer type.

    Args:
        x: a tensor.
        message: a text to put in front of the error's.
        name: the scope of what is made.

    Raises:
        TypeError: it is not.

    >>> import graphmagic as tf
    >>> tf.assert_integer(tf.constant([1, 2])).type
    'NoOp'
    """
    with get_default_graph().name_scope(name or "assert_integer"):
        x = convert_to_tensor(x, name="x")
        if not x.dtype.base_dtype.is_integer:
            raise TypeError(
                f'{prefix(message)}Expected "x" to be integer type.  Found: {x.name} of dtype {x.dtype}'
            )
        return no_op(name="statically_determined_was_integer")


def assert_type(tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None) -> Operation:
    """Check that a tensor is of a certain type.

    Args:
        tensor: a tensor.
        tf_type: the type.
        message: a text to put in front of the error's.
        name: the scope of what is made.

    Raises:
        TypeError: it is not.

    >>> import graphmagic as tf
    >>> tf.assert_type(tf.constant(1.5), tf.float32).type
    'NoOp'
    """
    wanted = as_dtype(tf_type)
    with get_default_graph().name_scope(name or "assert_type"):
        tensor = convert_to_tensor(tensor, name="tensor")
        if tensor.dtype is not wanted:
            raise TypeError(
                f"{prefix(message)}{tensor.name} must be of type {wanted!r}; got {tensor.dtype!r}"
            )
        return no_op(name="statically_determined_correct_type")


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """Check that a tensor is known to be a scalar, and return it.

    Args:
        tensor: a tensor.
        name: the scope of what is made.
        message: a text to put in front of the error's.

    Raises:
        ValueError: it is not, or is not known to be.

    >>> import graphmagic as tf
    >>> tf.assert_scalar(3).shape
    TensorShape([])
    """
    with get_default_graph().name_scope(name or "assert_scalar") as scope:
        found = convert_to_tensor(tensor, name=scope)
        if found.shape.ndims != 0:
            raise ValueError(
                f"{prefix(message)}Expected scalar shape for {found.name}, saw shape: {found.shape}."
            )
        return found


def assert_proper_iterable(values: Any) -> None:
    """Check that a value is a collection of values rather than one tensor, array or string.

    Args:
        values: the value.

    Raises:
        TypeError: it is not.

    >>> import graphmagic as tf
    >>> tf.assert_proper_iterable([1, 2])
    """
    if isinstance(values, (Tensor, np.ndarray, bytes, str)):
        raise TypeError(f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}')
    if not hasattr(values, "__iter__"):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> Any:
    """Check that tensors are of one floating-point type, and return it; float32 if there are none.

    Args:
        tensors: tensors, or None in place of some.
        dtype: the type they must have.

    Raises:
        ValueError: they have different types, or not a floating-point type.

    >>> import graphmagic as tf
    >>> tf.assert_same_float_dtype([tf.zeros([2]), None], tf.float32)
    tf.float32
    """
    expected = None if dtype is None else as_dtype(dtype)
    first = None
    for tensor in tensors or []:
        if tensor is None:
            continue
        found = tensor.dtype.base_dtype
        if expected is not None and found is not expected:
            origin = "" if first is None else f" as {first.name}"
            raise ValueError(f"{tensor.name}, type={found}, must be of the same type ({expected}){origin}.")
        if expected is None:
            expected, first = found, tensor
    expected = float32 if expected is None else expected
    if not expected.is_floating:
        raise ValueError(f"Expected floating point type, got {expected}.")
    return expected
