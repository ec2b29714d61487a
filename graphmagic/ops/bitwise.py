"""Operations on the bits of integers, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.elementwise import declare_binary, declare_unary


def _declare(name: str, kernel: Any) -> OpDef:
    return declare_binary(name, kernel, dtypes.INTEGERS, differentiable=False)


def _left_shift(x: Any, y: Any) -> Any:
    return np.left_shift(x, _within_word(y))


def _right_shift(x: Any, y: Any) -> Any:
    return np.right_shift(x, _within_word(y))


def _within_word(y: Any) -> Any:
    """Shifting by more bits than there are is undefined in C; TensorFlow limits the count instead."""
    return np.clip(y, 0, 8 * y.dtype.itemsize - 1)


bitwise_and_op = _declare("BitwiseAnd", np.bitwise_and)
bitwise_or_op = _declare("BitwiseOr", np.bitwise_or)
bitwise_xor_op = _declare("BitwiseXor", np.bitwise_xor)
left_shift_op = _declare("LeftShift", _left_shift)
right_shift_op = _declare("RightShift", _right_shift)
invert_op = declare_unary("Invert", np.invert, dtypes.INTEGERS, differentiable=False)


def bitwise_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits set in both, element by element; also written ``x & y``.

    Args:
        x: a tensor of integers.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ, or are no integers.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.bitwise_and([6, 5], 3))
    array([2, 1], dtype=int32)
    """
    return apply_op(bitwise_and_op, x, y, name=name).outputs[0]


def bitwise_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits set in either, element by element; arguments and errors as `bitwise_and`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.bitwise_or([6, 5], 3))
    array([7, 7], dtype=int32)
    """
    return apply_op(bitwise_or_op, x, y, name=name).outputs[0]


def bitwise_xor(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits set in exactly one, element by element; arguments and errors as `bitwise_and`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.bitwise_xor([6, 5], 3))
    array([5, 6], dtype=int32)
    """
    return apply_op(bitwise_xor_op, x, y, name=name).outputs[0]


def invert(x: Any, name: str | None = None) -> Tensor:
    """All bits flipped, element by element; also written ``~x``.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.invert([0, 5]))
    array([-1, -6], dtype=int32)
    """
    return apply_op(invert_op, x, name=name).outputs[0]


def left_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits of `x` moved up by `y` places, element by element; arguments and errors as `bitwise_and`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.left_shift([1, 5], [4, 1]))
    array([16, 10], dtype=int32)
    """
    return apply_op(left_shift_op, x, y, name=name).outputs[0]


def right_shift(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The bits of `x` moved down by `y` places, keeping the sign; arguments and errors as `bitwise_and`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bitwise.right_shift([16, -16], [2, 2]))
    array([ 4, -4], dtype=int32)
    """
    return apply_op(right_shift_op, x, y, name=name).outputs[0]
