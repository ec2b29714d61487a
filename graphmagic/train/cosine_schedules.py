"""Learning rates that fall along a cosine."""

from __future__ import annotations

import math
from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import minimum, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.elementary import log, pow, sqrt
from graphmagic.ops.logic import equal
from graphmagic.ops.random import random_normal
from graphmagic.ops.rounding import floor
from graphmagic.ops.trigonometric import cos
from graphmagic.train.schedules import check_step

__all__ = ["cosine_decay", "cosine_decay_restarts", "linear_cosine_decay", "noisy_linear_cosine_decay"]


def _cosine(fraction: Any, dtype: DType) -> Any:
    return cos(constant(math.pi, dtype) * fraction)


def cosine_decay(
    learning_rate: Any, global_step: Any, decay_steps: Any, alpha: Any = 0.0, name: str | None = None
) -> Tensor:
    """From `learning_rate` to ``alpha * learning_rate`` in `decay_steps` steps, along half a cosine.

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        decay_steps: the number of steps to the end.
        alpha: the part of the rate that is left at the end.
        name: the scope of the operations.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.cosine_decay(1.0, 5, 10))), 5))
    0.5
    """
    check_step(global_step, "cosine decay")
    with get_default_graph().name_scope(name or "CosineDecay"):
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        steps = cast(decay_steps, dtype)
        part: Any = minimum(cast(global_step, dtype), steps) / steps
        fallen = 0.5 * (1.0 + _cosine(part, dtype))
        return multiply(rate, (1 - alpha) * fallen + alpha)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: Any = 2.0,
    m_mul: Any = 1.0,
    alpha: Any = 0.0,
    name: str | None = None,
) -> Tensor:
    """`cosine_decay` that begins again each time it has ended (Loshchilov and Hutter 2017).

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        first_decay_steps: the number of steps to the first end.
        t_mul: how many times longer each period is than the one before.
        m_mul: how many times greater its first rate is.
        alpha: the part of the rate that is left at an end.
        name: the operation's name.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.cosine_decay_restarts(1.0, 20, 10))), 5))
    0.5
    """
    check_step(global_step, "cosine decay restarts")
    with get_default_graph().name_scope(name or "SGDRDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        first, lowest = cast(first_decay_steps, dtype), cast(alpha, dtype)
        longer, higher = cast(t_mul, dtype), cast(m_mul, dtype)
        periods: Any = cast(global_step, dtype) / first
        restarts, part = _place_in_period(periods, longer)
        height: Any = pow(higher, restarts)
        fallen = 0.5 * height * (1.0 + _cosine(part, dtype))
        return multiply(rate, (1 - lowest) * fallen + lowest, name=scope)


def _place_in_period(periods: Any, longer: Any) -> tuple[Tensor, Tensor]:
    """How many periods are over, and what part of the present one, when each is `longer` times the one before."""
    same = equal(longer, 1.0)
    even = floor(periods)
    # With periods of one length the general formula divides by zero; any other number keeps it finite.
    ratio: Any = where(same, longer + 1.0, longer)
    number: Any = floor(log(1.0 - periods * (1.0 - ratio)) / log(ratio))
    scale: Any = pow(ratio, number)
    over = (1.0 - scale) / (1.0 - ratio)
    return where(same, even, number), where(same, periods - even, (periods - over) / scale)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """A cosine whose height falls along a straight line (Bello et al. 2017).

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        decay_steps: the number of steps to the end.
        num_periods: the number of cosine waves.
        alpha: added to the height.
        beta: added to the result, before it is multiplied with the rate.
        name: the operation's name.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.linear_cosine_decay(1.0, 5, 10))), 5))
    0.251
    """
    check_step(global_step, "linear cosine decay")
    with get_default_graph().name_scope(name or "LinearCosineDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        steps: Any = cast(decay_steps, dtype)
        waves, height, rest = cast(num_periods, dtype), cast(alpha, dtype), cast(beta, dtype)
        step: Any = minimum(cast(global_step, dtype), steps)
        line, part = (steps - step) / steps, step / steps
        fallen = 0.5 * (1.0 + _cosine(2.0 * waves * part, dtype))
        return multiply(rate, (height + line) * fallen + rest, name=scope)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: Any = 1.0,
    variance_decay: Any = 0.55,
    num_periods: Any = 0.5,
    alpha: Any = 0.0,
    beta: Any = 0.001,
    name: str | None = None,
) -> Tensor:
    """`linear_cosine_decay` with noise on the line (Bello et al. 2017).

    Args:
        learning_rate: the rate at step 0.
        global_step: the number of steps taken, a scalar variable or tensor.
        decay_steps: the number of steps to the end.
        initial_variance: the variance of the noise at step 0.
        variance_decay: how fast the variance falls.
        num_periods: the number of cosine waves.
        alpha: added to the height.
        beta: added to the result, before it is multiplied with the rate.
        name: the operation's name.

    Returns:
        A scalar of the type of `learning_rate`.

    Raises:
        ValueError: there is no `global_step`.

    >>> import graphmagic as tf
    >>> print(round(float(tf.Session().run(tf.train.noisy_linear_cosine_decay(1.0, 5, 10, 0.0))), 5))
    0.251
    """
    check_step(global_step, "noisy linear cosine decay")
    with get_default_graph().name_scope(name or "NoisyLinearCosineDecay") as scope:
        rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
        dtype = rate.dtype.base_dtype
        steps: Any = cast(decay_steps, dtype)
        variance, falling = cast(initial_variance, dtype), cast(variance_decay, dtype)
        waves, height, rest = cast(num_periods, dtype), cast(alpha, dtype), cast(beta, dtype)
        step: Any = minimum(cast(global_step, dtype), steps)
        line: Any = (steps - step) / steps
        stddev = sqrt(variance / pow(1.0 + step, falling))
        noisy = line + random_normal(line.shape, stddev=stddev, dtype=dtype)
        part = step / steps
        fallen = 0.5 * (1.0 + _cosine(2.0 * waves * part, dtype))
        return multiply(rate, (height + noisy) * fallen + rest, name=scope)
