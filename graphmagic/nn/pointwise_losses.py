"""Losses computed element by element, and simple measures of tensors."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.activations import relu
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.constant import constant
from graphmagic.ops.elementary import exp, log, log1p
from graphmagic.ops.identity import identity
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import greater_equal, less_equal, logical_and, not_equal
from graphmagic.ops.queries import size
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.rounding import abs
from graphmagic.shapes import TensorShape

__all__ = ["l2_loss", "log_poisson_loss", "weighted_cross_entropy_with_logits", "zero_fraction"]

l2_loss_op = OpDef("L2Loss", "t:T -> output:T", types={"T": dtypes.REAL_FLOATS})


@l2_loss_op.kernel
def l2_loss_kernel(t: Any) -> Any:
    return np.asarray(np.add.reduce(np.square(t), None) * t.dtype.type(0.5))


l2_loss_op.shape_rule(lambda t: TensorShape([]))


@l2_loss_op.gradient
def l2_loss_grad(op: Operation, dy: Tensor) -> Tensor:
    return multiply(op.inputs[0], dy)


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """Half the sum of the squares of all elements.

    Args:
        t: a tensor of floats.
        name: the operation's name.

    Returns:
        A scalar.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.l2_loss([3.0, 4.0]))
    np.float32(12.5)
    """
    return apply_op(l2_loss_op, t, name=name).outputs[0]


def _check_same_shape(first: str, a: Tensor, second: str, b: Tensor) -> None:
    if not b.shape.is_compatible_with(a.shape):
        raise ValueError(
            f"`{first}` and `{second}` must have the same shape, received ({a.shape} vs {b.shape})."
        )


def log_poisson_loss(
    targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None
) -> Tensor:
    """The negative log-likelihood of counts under Poisson distributions, element by element.

    Args:
        targets: the counts, as floats.
        log_input: the logarithms of the expected counts, same shape and type.
        compute_full_loss: add Stirling's approximation of ``log(targets!)``, which does not depend on `log_input`.
        name: the name of the scope of the operations made.

    Returns:
        A `Tensor` of losses of the same shape.

    Raises:
        ValueError: the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.log_poisson_loss([2.0], [0.0]))
    array([1.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "log_poisson_loss"):
        x: Any = convert_to_tensor(log_input, name="log_input")
        t: Any = convert_to_tensor(targets, name="targets")
        _check_same_shape("log_input", x, "targets", t)
        result: Any = exp(x) - x * t
        if compute_full_loss:
            half = constant(0.5, dtype=t.dtype.base_dtype)
            two_pi: Any = constant(2 * math.pi, dtype=t.dtype.base_dtype)
            stirling = t * log(t) - t + half * log(two_pi * t)
            zeros, ones = zeros_like(t), ones_like(t)
            small = logical_and(greater_equal(t, zeros), less_equal(t, ones))
            result = result + where(small, zeros, stirling)
        return result  # type: ignore[no-any-return]


def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """`sigmoid_cross_entropy_with_logits` where positive labels count more or less.

    Args:
        labels: probabilities.
        logits: unscaled log odds, same shape and type.
        pos_weight: how much the positive labels count.
        name: the operation's name.
        targets: the old name of `labels`.

    Returns:
        A `Tensor` of losses of the same shape.

    Raises:
        ValueError: the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.weighted_cross_entropy_with_logits([1.0, 0.0], [0.0, 0.0], 3.0)).round(4)
    array([2.0794, 0.6931], dtype=float32)
    """
    given = one_of("labels", labels, "targets", targets)
    with get_default_graph().name_scope(name or "logistic_loss") as scope:
        x: Any = convert_to_tensor(logits, name="logits")
        z: Any = convert_to_tensor(given, name="labels")
        _check_same_shape("logits", x, "labels", z)
        weight = 1 + (pos_weight - 1) * z
        linear = (1 - z) * x
        size_part: Any = log1p(exp(-abs(x)))
        return add(linear, weight * (size_part + relu(-x)), name=scope)


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The part of the elements that are zero.

    Args:
        value: a tensor of numbers.
        name: the name of the scope of the operations made.

    Returns:
        A float32 scalar; NaN if there are no elements.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.zero_fraction([0, 3, 0, 0]))
    np.float32(0.75)
    """
    with get_default_graph().name_scope(name or "zero_fraction"):
        x = convert_to_tensor(value, name="value")
        total: Any = size(x, out_type=dtypes.int64)
        nonzero = reduce_sum(cast(not_equal(x, zeros_like(x)), dtypes.int64))
        with get_default_graph().name_scope("counts_to_fraction"):
            part: Any = cast(total - nonzero, dtypes.float32)
            share = part / cast(total, dtypes.float32)
        return identity(share, "fraction")
