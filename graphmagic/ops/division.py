"""Quotients and remainders, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import multiply, negative
from graphmagic.ops.casting import cast
from graphmagic.ops.elementwise import declare_binary, declare_unary

Grads = tuple[Tensor | None, ...]


def _checked_for_zero(divide: Any) -> Any:
    """Integer division by zero is an error in TensorFlow; NumPy would answer 0."""

    def kernel(x: Any, y: Any) -> Any:
        if y.dtype.kind in "iu" and np.size(x) and not np.all(y):
            raise errors.InvalidArgumentError(None, None, "Integer division by zero")
        return divide(x, y)

    return kernel


real_div_op = declare_binary("RealDiv", np.true_divide, dtypes.FLOATS)


@real_div_op.gradient
def real_div_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return real_div(dy, y), multiply(dy, real_div(real_div(negative(x), y), y))


def real_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y`` of floats; arguments and errors as `divide`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.realdiv([1.0, 3.0], 2.0))
    array([0.5, 1.5], dtype=float32)
    """
    return apply_op(real_div_op, x, y, name=name).outputs[0]


def _floor_divide(x: Any, y: Any) -> Any:
    # np.floor_divide makes NaN of quotients that are infinite
    return np.floor(np.true_divide(x, y)) if y.dtype.kind == "f" else np.floor_divide(x, y)


floor_div_op = declare_binary(
    "FloorDiv", _checked_for_zero(_floor_divide), dtypes.REALS, differentiable=False
)


def floor_div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x // y``: the quotient rounded towards minus infinity; arguments and errors as `add`.

    Raises:
        InvalidArgumentError: integers are divided by zero, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.floor_div([-7, 7], 2))
    array([-4,  3], dtype=int32)
    """
    return apply_op(floor_div_op, x, y, name=name).outputs[0]


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x // y``, named ``floordiv``; see `floor_div`."""
    with get_default_graph().name_scope(name or "floordiv") as scope:
        return floor_div(x, y, name=scope)


floor_mod_op = declare_binary("FloorMod", _checked_for_zero(np.mod), dtypes.REALS)


@floor_mod_op.gradient
def floor_mod_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return dy, negative(multiply(dy, floor_div(x, y)))


def floormod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder that goes with `floor_div`: it has the sign of `y`.

    Raises:
        InvalidArgumentError: integers are divided by zero, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.floormod([-7, 7], 3))
    array([2, 1], dtype=int32)
    """
    return apply_op(floor_mod_op, x, y, name=name).outputs[0]


_DIVISION_TYPES = {
    dtypes.uint8: dtypes.float32,
    dtypes.int8: dtypes.float32,
    dtypes.uint16: dtypes.float32,
    dtypes.int16: dtypes.float32,
    dtypes.int32: dtypes.float64,
    dtypes.int64: dtypes.float64,
    dtypes.uint32: dtypes.float64,
    dtypes.uint64: dtypes.float64,
}


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y`` as in Python 3: integers become floats first.

    Args:
        x: a tensor of numbers.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`: float32 for 8 and 16 bit integers, float64 for larger ones, the type itself for floats.

    Raises:
        TypeError: the types differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.truediv(7, 2))
    np.float64(3.5)
    """
    with get_default_graph().name_scope(name or "truediv") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        kind = x.dtype.base_dtype
        if kind is not y.dtype.base_dtype:
            raise TypeError(f"x and y must have the same dtype, got {kind!r} != {y.dtype.base_dtype!r}")
        if not (kind.is_integer or kind.is_floating or kind.is_complex):
            raise TypeError(f"Invalid dtype {kind!r} in __truediv__")
        wanted = _DIVISION_TYPES.get(kind)
        if wanted is not None:
            x, y = cast(x, wanted), cast(y, wanted)
        return real_div(x, y, name=scope)


def divide(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Python's ``x / y``; see `truediv`."""
    x = convert_to_tensor(x)
    return truediv(x, y, name=name or "truediv")


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Division as in Python 2: integers give the floor of the quotient, floats the quotient.

    >>> import graphmagic as tf
    >>> tf.Session().run([tf.div(7, 2), tf.div(7.0, 2.0)])
    [np.int32(3), np.float32(3.5)]
    """
    with get_default_graph().name_scope(name or "div") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype=x.dtype.base_dtype, name="y")
        return (floor_div if x.dtype.is_integer else real_div)(x, y, name=scope)


# ----- rounding towards zero -----


def _truncate_divide(x: Any, y: Any) -> Any:
    if y.dtype.kind == "f":
        return np.trunc(np.true_divide(x, y))
    quotient, rest = np.divmod(x, y)
    return np.add(quotient, np.logical_and(rest != 0, np.less(x, 0) != np.less(y, 0)), dtype=quotient.dtype)


truncate_div_op = declare_binary(
    "TruncateDiv", _checked_for_zero(_truncate_divide), dtypes.REALS, differentiable=False
)
truncate_mod_op = declare_binary(
    "TruncateMod",
    _checked_for_zero(np.fmod),
    (*dtypes.REAL_FLOATS, dtypes.int32, dtypes.int64),
)


def truncatediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The quotient rounded towards zero, as C divides integers; arguments and errors as `floor_div`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.truncatediv([-7, 7], 2))
    array([-3,  3], dtype=int32)
    """
    return apply_op(truncate_div_op, x, y, name=name).outputs[0]


def truncatemod(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The remainder that goes with `truncatediv`: it has the sign of `x`; arguments and errors as `floor_div`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.truncatemod([-7, 7], 3))
    array([-1,  1], dtype=int32)
    """
    return apply_op(truncate_mod_op, x, y, name=name).outputs[0]


# ----- one argument -----

reciprocal_op = declare_unary("Reciprocal", np.reciprocal)


@reciprocal_op.gradient
def reciprocal_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return negative(multiply(dy, multiply(y, y)))


def reciprocal(x: Any, name: str | None = None) -> Tensor:
    """``1 / x``, element by element, of floats.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reciprocal([2.0, 4.0]))
    array([0.5 , 0.25], dtype=float32)
    """
    return apply_op(reciprocal_op, x, name=name).outputs[0]
