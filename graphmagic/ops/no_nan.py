"""Products and quotients in which a zero wins over what would otherwise be NaN or infinite."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import multiply, negative
from graphmagic.ops.casting import cast
from graphmagic.ops.elementary import square
from graphmagic.ops.elementwise import declare_binary
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import not_equal


def _unless_zero(decides: int, compute: Any) -> Any:
    """A kernel that answers 0 where its argument number `decides` is 0."""

    def kernel(x: Any, y: Any) -> Any:
        zero = np.equal((x, y)[decides], 0)
        return np.where(zero, x.dtype.type(0), compute(x, y))

    return kernel


div_no_nan_op = declare_binary("DivNoNan", _unless_zero(1, np.true_divide), dtypes.REAL_FLOATS)


@div_no_nan_op.gradient
def div_no_nan_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    return div_no_nan(dy, y), multiply(dy, div_no_nan(div_no_nan(negative(x), y), y))


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y``, but 0 where `y` is 0.

    Args:
        x: a tensor of floats.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.div_no_nan([1.0, 2.0], [0.0, 4.0]))
    array([0. , 0.5], dtype=float32)
    """
    with get_default_graph().name_scope(name or "div_no_nan") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y")
        if x.dtype.base_dtype is not y.dtype.base_dtype:
            raise TypeError(
                f"x and y must have the same dtype, got {x.dtype.base_dtype!r} != {y.dtype.base_dtype!r}"
            )
        return apply_op(div_no_nan_op, x, y, name=scope).outputs[0]


mul_no_nan_op = declare_binary("MulNoNan", _unless_zero(1, np.multiply), dtypes.REAL_FLOATS)


@mul_no_nan_op.gradient
def mul_no_nan_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    return multiply_no_nan(dy, y), multiply_no_nan(x, dy)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x * y``, but 0 where `y` is 0, whatever `x` is; arguments and errors as `div_no_nan`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.multiply_no_nan([float("nan"), 2.0], [0.0, 4.0]))
    array([0., 8.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "multiply_no_nan") as scope:
        x = convert_to_tensor(x, name="x")
        y = convert_to_tensor(y, x.dtype.base_dtype, name="y")
        return apply_op(mul_no_nan_op, x, y, name=scope).outputs[0]


xlogy_op = declare_binary(
    "Xlogy", _unless_zero(0, lambda x, y: np.multiply(x, np.log(y))), dtypes.REAL_FLOATS
)


@xlogy_op.gradient
def xlogy_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    return multiply(dy, xlogy(_one_unless_zero(x), y)), multiply(dy, xdivy(x, y))


def _one_unless_zero(x: Tensor) -> Tensor:
    return cast(not_equal(x, zeros_like(x)), x.dtype.base_dtype)


def xlogy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x * log(y)``, but 0 where `x` is 0, whatever `y` is; arguments and errors as `div_no_nan`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.xlogy([0.0, 1.0], [0.0, 2.0])).round(4)
    array([0.    , 0.6931], dtype=float32)
    """
    return apply_op(xlogy_op, x, y, name=name).outputs[0]


xdivy_op = declare_binary("Xdivy", _unless_zero(0, np.true_divide), dtypes.REAL_FLOATS)


@xdivy_op.gradient
def xdivy_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    x, y = op.inputs
    return multiply(dy, xdivy(_one_unless_zero(x), y)), multiply(dy, xdivy(negative(x), square(y)))


def xdivy(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x / y``, but 0 where `x` is 0, whatever `y` is; arguments and errors as `div_no_nan`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.xdivy([0.0, 1.0], [0.0, 2.0]))
    array([0. , 0.5], dtype=float32)
    """
    with get_default_graph().name_scope(name or "xdivy"):
        return apply_op(xdivy_op, x, y).outputs[0]
