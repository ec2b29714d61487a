"""Learning rates that change with the number of steps taken."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import add, minimum, multiply, negative
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.division import divide
from graphmagic.ops.elementary import exp, pow
from graphmagic.ops.logic import equal, less_equal
from graphmagic.ops.rounding import ceil, floor

__all__ = [
    "exponential_decay",
    "inverse_time_decay",
    "natural_exp_decay",
    "piecewise_constant",
    "polynomial_decay",
]


def check_step(global_step: Any, function: str) -> None:
    """Raise `ValueError` if there is no global step."""
    if global_step is None:
        raise ValueError(f"global_step is required for {function}.")


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """``learning_rate * decay_rate ** (global_step / decay_steps)``.

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        decay_steps: after how many steps the rate is multiplied with `decay_rate` once.
        decay_rate: the factor.
        staircase: change the rate only at multiples of `decay_steps`.
        name: the operation's name.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.exponential_decay(0.1, 20, 10, 0.5))), 5))
    0.025
    """
    check_step(global_step, "exponential_decay")
    with get_default_graph().name_scope(name or "ExponentialDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        steps, factor = cast(decay_steps, dtype), cast(decay_rate, dtype)
        periods: Any = cast(global_step, dtype) / steps
        if staircase:
            periods = floor(periods)
        return multiply(rate, pow(factor, periods), name=scope)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """``learning_rate * exp(-decay_rate * global_step / decay_steps)``; arguments as `exponential_decay`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.natural_exp_decay(1.0, 20, 10, 0.5))), 5))
    0.36788
    """
    check_step(global_step, "natural_exp_decay")
    return exponential_decay(
        learning_rate, global_step, decay_steps, exp(negative(decay_rate)), staircase, name
    )


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """``learning_rate / (1 + decay_rate * global_step / decay_steps)``; arguments as `exponential_decay`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.inverse_time_decay(1.0, 20, 10, 0.5))), 5))
    0.5
    """
    check_step(global_step, "inverse_time_decay")
    with get_default_graph().name_scope(name or "InverseTimeDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        steps, factor = cast(decay_steps, dtype), cast(decay_rate, dtype)
        periods: Any = cast(global_step, dtype) / steps
        if staircase:
            periods = floor(periods)
        one = cast(constant(1), dtype)
        return divide(rate, add(one, multiply(factor, periods)), name=scope)


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """From `learning_rate` to `end_learning_rate` in `decay_steps` steps, along a polynomial.

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        decay_steps: the number of steps to the end.
        end_learning_rate: the rate at the end.
        power: the exponent; 1 is a straight line.
        cycle: at the end jump up and go down again, in twice as many steps, and so on, rather than stay.
        name: the operation's name.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.polynomial_decay(1.0, 5, 10, 0.0))), 5))
    0.5
    """
    check_step(global_step, "polynomial_decay")
    with get_default_graph().name_scope(name or "PolynomialDecay") as scope:
        rate: Any = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        end, exponent = cast(end_learning_rate, dtype), cast(power, dtype)
        step, steps = cast(global_step, dtype), cast(decay_steps, dtype)
        if cycle:
            cycles = ceil(step / decay_steps)
            steps = multiply(steps, where(equal(step, 0), constant(1.0, dtype), cycles))
        else:
            step = minimum(step, steps)
        part: Any = divide(step, steps)
        return add(multiply(rate - end, pow(1 - part, exponent)), end, name=scope)


def piecewise_constant(
    x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
) -> Tensor:
    """One of several values, by where `x` lies.

    Args:
        x: a scalar, mostly the number of steps taken.
        boundaries: numbers in increasing order, of the type of `x`.
        values: one value more than boundaries: the first up to the first boundary included, and so on.
        name: the scope of the operations.

    Returns:
        A tensor like one of the values.

    Raises:
        ValueError: the numbers of values and boundaries do not fit, or their types.

    >>> import graphmagic as tf
    >>> step = tf.placeholder(tf.int32)
    >>> rate, sess = tf.train.piecewise_constant(step, [5, 15], [1.0, 0.5, 0.1]), tf.Session()
    >>> [round(float(sess.run(rate, {step: n})), 1) for n in (5, 6, 16)]
    [1.0, 0.5, 0.1]
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    limits = [convert_to_tensor(b) for b in boundaries]
    choices = [convert_to_tensor(v) for v in values]
    position = convert_to_tensor(x)
    limits = [_fitting(b, position) for b in limits]
    for value in choices[1:]:
        if value.dtype.base_dtype is not choices[0].dtype.base_dtype:
            raise ValueError(
                "Values must have elements all with the same dtype "
                f"({choices[0].dtype.base_dtype!r} vs {value.dtype.base_dtype!r})."
            )
    with get_default_graph().name_scope(name or "PiecewiseConstant"):
        result = choices[-1]
        for limit, value in zip(reversed(limits), reversed(choices[:-1]), strict=True):
            result = where(less_equal(position, limit), value, result)
        return result


def _fitting(boundary: Tensor, x: Tensor) -> Tensor:
    """A boundary in the type of `x`; only int32 becomes int64 by itself."""
    wanted, found = x.dtype.base_dtype, boundary.dtype.base_dtype
    if wanted is found:
        return boundary
    if (found.name, wanted.name) == ("int32", "int64"):
        return cast(boundary, wanted)
    raise ValueError(f"Boundaries ({found}) must have the same dtype as x ({wanted}).")
