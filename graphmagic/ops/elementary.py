"""Powers, exponentials and logarithms, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.checks import invalid
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.division import real_div, reciprocal
from graphmagic.ops.elementwise import declare_binary, declare_unary
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import greater

Grads = tuple[Tensor | None, ...]

# ----- powers -----


def _power(x: Any, y: Any) -> Any:
    if y.dtype.kind == "i" and np.size(x) and np.any(np.less(y, 0)):
        raise invalid("Integers to negative integer powers are not allowed")
    return np.power(x, y)


pow_op = declare_binary("Pow", _power)


@pow_op.gradient
def pow_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    z = op.outputs[0]
    dx = multiply(multiply(dy, y), pow(x, subtract(y, ones_like(y))))
    positive = greater(x, zeros_like(x))
    safe_log = where(positive, log(where(positive, x, ones_like(x))), zeros_like(x))
    return dx, multiply(multiply(dy, z), safe_log)


def pow(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x ** y``, element by element; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.pow([2.0, 3.0], 2.0))
    array([4., 9.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "Pow") as scope:
        return apply_op(pow_op, x, y, name=scope).outputs[0]


sqrt_op = declare_unary("Sqrt", np.sqrt)


@sqrt_op.gradient
def sqrt_grad(op: Operation, dy: Tensor) -> Tensor:
    return real_div(multiply(dy, 0.5), op.outputs[0])


def sqrt(x: Any, name: str | None = None) -> Tensor:
    """The square root, element by element; NaN below 0.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sqrt([4.0, 9.0]))
    array([2., 3.], dtype=float32)
    """
    return apply_op(sqrt_op, x, name=name).outputs[0]


rsqrt_op = declare_unary("Rsqrt", lambda x: np.reciprocal(np.sqrt(x)))


@rsqrt_op.gradient
def rsqrt_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return multiply(multiply(dy, -0.5), multiply(square(y), y))


def rsqrt(x: Any, name: str | None = None) -> Tensor:
    """One over the square root, element by element; NaN below 0.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.rsqrt([4.0, 25.0]))
    array([0.5, 0.2], dtype=float32)
    """
    return apply_op(rsqrt_op, x, name=name).outputs[0]


square_op = declare_unary("Square", np.square, dtypes.NUMBERS)


@square_op.gradient
def square_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, multiply(op.inputs[0], 2.0 if dy.dtype.is_floating else 2))


def square(x: Any, name: str | None = None) -> Tensor:
    """``x * x``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.square([2, 3]))
    array([4, 9], dtype=int32)
    """
    return apply_op(square_op, x, name=name).outputs[0]


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Tensor:
    """The value of a polynomial, by Horner's rule, element by element.

    Args:
        coeffs: its coefficients, a list of tensors, that of the highest power first.
        x: where to evaluate it.
        name: the scope of the operations made.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: `coeffs` is no list.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.polyval([1.0, 0.0, -1.0], [2.0, 3.0]))
    array([3., 8.], dtype=float32)
    """
    if not isinstance(coeffs, list):
        raise ValueError(f"Argument coeffs must be list type. Received type {type(coeffs)}.")
    with get_default_graph().name_scope(name or "polyval"):
        x = convert_to_tensor(x, name="x")
        if not coeffs:
            return zeros_like(x)
        values = [convert_to_tensor(c, name=f"coeff{i}") for i, c in enumerate(coeffs)]
        result = values[0]
        for value in values[1:]:
            result = add(value, multiply(result, x))
        return result


# ----- exponentials and logarithms -----

exp_op = declare_unary("Exp", np.exp)


@exp_op.gradient
def exp_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, op.outputs[0])


def exp(x: Any, name: str | None = None) -> Tensor:
    """The exponential function: e to the power of x, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.exp([0.0, 1.0])).round(4)
    array([1.    , 2.7183], dtype=float32)
    """
    return apply_op(exp_op, x, name=name).outputs[0]


expm1_op = declare_unary("Expm1", np.expm1)


@expm1_op.gradient
def expm1_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, exp(op.inputs[0]))


def expm1(x: Any, name: str | None = None) -> Tensor:
    """``exp(x) - 1``, accurate for small x.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.expm1([0.0, 1.0])).round(4)
    array([0.    , 1.7183], dtype=float32)
    """
    return apply_op(expm1_op, x, name=name).outputs[0]


def _log_kernel(x: Any) -> Any:
    # NumPy's own for float32 misses the nearest number now and then (log(7) for one), and that shows in printed results
    return np.log(x, dtype=np.float64).astype(np.float32) if x.dtype == np.float32 else np.log(x)


log_op = declare_unary("Log", _log_kernel)


@log_op.gradient
def log_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(op.inputs[0]))


def log(x: Any, name: str | None = None) -> Tensor:
    """The natural logarithm, element by element; -inf at 0, NaN below.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.log([1.0, 2.0])).round(4)
    array([0.    , 0.6931], dtype=float32)
    """
    return apply_op(log_op, x, name=name).outputs[0]


log1p_op = declare_unary("Log1p", np.log1p)


@log1p_op.gradient
def log1p_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(dy, reciprocal(op.inputs[0] + 1.0))


def log1p(x: Any, name: str | None = None) -> Tensor:
    """``log(1 + x)``, accurate for small x.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.log1p([0.0, 1.0])).round(4)
    array([0.    , 0.6931], dtype=float32)
    """
    return apply_op(log1p_op, x, name=name).outputs[0]


def _sigmoid_kernel(x: Any) -> Any:
    # 1 + exp(-x) overflows to infinity for very negative x, and then 1/inf = 0 is right.
    return np.reciprocal(np.add(np.exp(np.negative(x)), x.dtype.type(1)))


sigmoid_op = declare_unary("Sigmoid", _sigmoid_kernel)


@sigmoid_op.gradient
def sigmoid_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return multiply(multiply(dy, y), subtract(constant(1, y.dtype), y))


def sigmoid(x: Any, name: str | None = None) -> Tensor:
    """The logistic function ``1 / (1 + exp(-x))``, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sigmoid([0.0, 2.0])).round(4)
    array([0.5   , 0.8808], dtype=float32)
    """
    return apply_op(sigmoid_op, x, name=name).outputs[0]
