"""Softmax and its logarithm, over the last dimension or any other."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import multiply, subtract
from graphmagic.ops.checks import invalid
from graphmagic.ops.elementary import exp
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape


def _declare(name: str) -> OpDef:
    opdef = OpDef(name, f"logits:T -> {name.lower()}:T", types={"T": dtypes.REAL_FLOATS})
    opdef.shape_rule(_at_least_vector)
    return opdef


def _at_least_vector(logits: Tensor) -> TensorShape:
    if logits.shape.ndims == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return logits.shape


softmax_op = _declare("Softmax")
log_softmax_op = _declare("LogSoftmax")


def shifted(logits: Any) -> Any:
    """`logits` less the largest of each row, so that exp cannot overflow."""
    if logits.shape[-1] == 0:
        return logits
    return np.subtract(logits, np.maximum.reduce(logits, -1, keepdims=True))


def _check_rank(logits: Any) -> None:
    if np.ndim(logits) == 0:
        raise invalid("logits must have >= 1 dimension, got []")


@softmax_op.kernel
def softmax_kernel(logits: Any) -> Any:
    _check_rank(logits)
    powers = np.exp(shifted(logits))
    return np.true_divide(powers, np.add.reduce(powers, -1, keepdims=True))


@softmax_op.gradient
def softmax_grad(op: Operation, dy: Tensor) -> Tensor:
    y = op.outputs[0]
    return multiply(subtract(dy, reduce_sum(multiply(dy, y), -1, keepdims=True)), y)


@log_softmax_op.kernel
def log_softmax_kernel(logits: Any) -> Any:
    _check_rank(logits)
    if logits.dtype == np.float16:  # a difference of logarithms needs more digits than it keeps
        return log_softmax_kernel(logits.astype(np.float32)).astype(np.float16)
    centered = shifted(logits)
    return np.subtract(centered, np.log(np.add.reduce(np.exp(centered), -1, keepdims=True)))


@log_softmax_op.gradient
def log_softmax_grad(op: Operation, dy: Tensor) -> Tensor:
    return subtract(dy, multiply(reduce_sum(dy, -1, keepdims=True), exp(op.outputs[0])))


def _over_axis(opdef: OpDef, logits: Any, axis: Any, name: str | None) -> Tensor:
    logits = convert_to_tensor(logits)
    ndims = logits.shape.ndims
    if axis in (None, -1) or (ndims is not None and axis == ndims - 1):
        return apply_op(opdef, logits, name=name).outputs[0]
    if ndims is None:
        raise ValueError(f"softmax over axis {axis} needs logits of known rank")
    if not -ndims <= axis < ndims:
        raise invalid(
            f"Dimension ({axis}) must be in the range [{-ndims}, {ndims}) where {ndims} is the number of dimensions "
            "in the input."
        )
    with get_default_graph().name_scope(name or opdef.name) as scope:
        order = [*range(ndims)]
        order[axis], order[-1] = order[-1], order[axis]
        return transpose(apply_op(opdef, transpose(logits, order)).outputs[0], order, name=scope)


def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Positive numbers that sum to 1, in proportion to ``exp(logits)``.

    Args:
        logits: a tensor of floats, rank 1 or more.
        axis: the dimension that sums to 1; the last if None.
        name: the operation's name.
        dim: the old name of `axis`.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: the axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.softmax([1.0, 1.0, 1.0, 1.0]))
    array([0.25, 0.25, 0.25, 0.25], dtype=float32)
    """
    return _over_axis(softmax_op, logits, one_of("axis", axis, "dim", dim), name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """The logarithm of `softmax`, computed without loss for large logits; arguments as there.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.log_softmax([1000.0, 0.0]))
    array([    0., -1000.], dtype=float32)
    """
    return _over_axis(log_softmax_op, logits, one_of("axis", axis, "dim", dim), name)
