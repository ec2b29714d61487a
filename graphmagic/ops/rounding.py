"""Signs, absolute values and rounding, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.elementwise import declare_binary, declare_unary
from graphmagic.ops.like import zeros_like

abs_op = declare_unary("Abs", np.absolute, dtypes.REALS)


@abs_op.gradient
def abs_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, sign(op.inputs[0]))


def abs(x: Any, name: str | None = None) -> Tensor:
    """The absolute value, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.abs([-1.5, 2.0]))
    array([1.5, 2. ], dtype=float32)
    """
    return apply_op(abs_op, x, name=name or "Abs").outputs[0]


sign_op = declare_unary("Sign", np.sign, dtypes.REALS)


@sign_op.gradient
def sign_grad(op: Operation, dy: Tensor) -> Tensor:
    return zeros_like(dy)


def sign(x: Any, name: str | None = None) -> Tensor:
    """-1, 0 or 1, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sign([-2.0, 0.0, 3.0]))
    array([-1.,  0.,  1.], dtype=float32)
    """
    return apply_op(sign_op, x, name=name).outputs[0]


# ----- rounding -----

floor_op = declare_unary("Floor", np.floor, dtypes.REAL_FLOATS, differentiable=False)
ceil_op = declare_unary("Ceil", np.ceil, dtypes.REAL_FLOATS, differentiable=False)
rint_op = declare_unary("Rint", np.rint, dtypes.REAL_FLOATS, differentiable=False)
round_op = declare_unary("Round", np.rint, differentiable=False)


def floor(x: Any, name: str | None = None) -> Tensor:
    """The largest whole number that is not larger, element by element; the type stays.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.floor([1.7, -1.2]))
    array([ 1., -2.], dtype=float32)
    """
    return apply_op(floor_op, x, name=name).outputs[0]


def ceil(x: Any, name: str | None = None) -> Tensor:
    """The smallest whole number that is not smaller, element by element; the type stays.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.ceil([1.2, -1.7]))
    array([ 2., -1.], dtype=float32)
    """
    return apply_op(ceil_op, x, name=name).outputs[0]


def rint(x: Any, name: str | None = None) -> Tensor:
    """The nearest whole number, of two equally near ones the even one, element by element; the type stays.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.rint([0.5, 1.5, -1.7]))
    array([ 0.,  2., -2.], dtype=float32)
    """
    return apply_op(rint_op, x, name=name).outputs[0]


def round(x: Any, name: str | None = None) -> Tensor:
    """The nearest whole number, of two equally near ones the even one; integers stay as they are.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.round([0.9, 2.5, -4.5]))
    array([ 1.,  2., -4.], dtype=float32)
    """
    x = convert_to_tensor(x, name="x")
    return x if x.dtype.is_integer else apply_op(round_op, x, name=name).outputs[0]


# ----- kinds of numbers -----


def _declare_test(name: str, kernel: Any) -> OpDef:
    opdef = OpDef(
        name,
        "x:T -> y:bool",
        kernel=kernel,
        types={"T": dtypes.REAL_FLOATS},
        elementwise=True,
        differentiable=False,
    )
    opdef.shape_rule(same_shape)
    return opdef


is_nan_op = _declare_test("IsNan", np.isnan)
is_inf_op = _declare_test("IsInf", np.isinf)
is_finite_op = _declare_test("IsFinite", np.isfinite)


def is_nan(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are not a number.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_nan([1.0, float("nan")]))
    array([False,  True])
    """
    return apply_op(is_nan_op, x, name=name).outputs[0]


def is_inf(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are infinite.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_inf([1.0, float("-inf")]))
    array([False,  True])
    """
    return apply_op(is_inf_op, x, name=name).outputs[0]


def is_finite(x: Any, name: str | None = None) -> Tensor:
    """Whether elements are numbers that are not infinite.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_finite([1.0, float("nan"), float("inf")]))
    array([ True, False, False])
    """
    return apply_op(is_finite_op, x, name=name).outputs[0]


next_after_op = declare_binary("NextAfter", np.nextafter, (dtypes.float64, dtypes.float32), ("x1", "x2"))


@next_after_op.gradient
def next_after_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    return dy, zeros_like(dy)


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Tensor:
    """The number next to `x1` in the direction of `x2`, element by element.

    Args:
        x1: a tensor of float32 or float64.
        x2: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.nextafter(1.0, 2.0))
    np.float32(1.0000001)
    """
    return apply_op(next_after_op, x1, x2, name=name).outputs[0]
