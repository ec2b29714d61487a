"""Cross entropies: how far predicted distributions are from labels, with the numerical care they need."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.nn.softmax import log_softmax, shifted, softmax
from graphmagic.ops.arguments import one_of, shape_text
from graphmagic.ops.arithmetic import add, multiply, negative, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import check_axes, invalid, merged_shape, of_rank
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import exp, log1p
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import greater_equal
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape, broadcast_static

Grads = tuple[Tensor | None, ...]

# ----- softmax cross entropy with distributions as labels -----

xent_op = OpDef(
    "SoftmaxCrossEntropyWithLogits",
    "features:T, labels:T -> loss:T, backprop:T",
    types={"T": dtypes.REAL_FLOATS},
)


@xent_op.kernel
def xent_kernel(features: Any, labels: Any) -> Any:
    if features.ndim != 2 or labels.ndim != 2:
        raise errors.InvalidArgumentError(
            None,
            None,
            "logits and labels must be either 2-dimensional, or broadcasted to be 2-dimensional",
        )
    try:
        np.broadcast_shapes(features.shape, labels.shape)
    except ValueError:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"logits and labels must be broadcastable: logits_size={shape_text(features)} labels_size={shape_text(labels)}",
        ) from None
    centered = shifted(features)
    powers = np.exp(centered)
    totals = np.add.reduce(powers, -1, keepdims=True)
    loss = np.add.reduce(np.multiply(labels, np.subtract(np.log(totals), centered)), -1)
    return loss, np.subtract(np.true_divide(powers, totals), labels)


@xent_op.shape_rule
def xent_shape(features: Tensor, labels: Tensor) -> list[TensorShape]:
    both = broadcast_static(features.shape, labels.shape)
    if both.ndims not in (None, 2):
        raise ValueError(f"Shape must be broadcasted with rank 2, but is rank {both.ndims}")
    both = of_rank(both, 2)
    return [both[:1], both]


@xent_op.gradient
def xent_grad(op: Operation, d_loss: Tensor, d_backprop: Tensor | None) -> Grads:
    """The second output is the gradient of the loss already; its own gradient makes second order work."""
    logits = op.inputs[0]
    column = expand_dims(d_loss, -1)
    d_logits, d_labels = multiply(column, op.outputs[1]), multiply(column, negative(log_softmax(logits)))
    if d_backprop is not None and not _is_zero(d_backprop):
        probabilities = softmax(logits)
        inner = reduce_sum(multiply(d_backprop, probabilities), 1, keepdims=True)
        d_logits = add(d_logits, multiply(subtract(d_backprop, inner), probabilities))
        d_labels = subtract(d_labels, d_backprop)
    return d_logits, d_labels


def _is_zero(tensor: Tensor) -> bool:
    if tensor.op.type == "ZerosLike":
        return True
    return tensor.op.type == "Const" and not np.any(tensor.op.attrs["value"])


# How many operations TensorFlow makes to bring logits and labels into rows and the losses back, rows or not.
_RESHAPING = 30


def _only_named(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(f"Only call `{function}` with named arguments (labels=..., logits=..., ...)")
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def softmax_cross_entropy_with_logits_v2(
    labels: Any, logits: Any, axis: Any = None, name: str | None = None, dim: int | None = None
) -> Tensor:
    """The cross entropy between label distributions and the softmax of logits; gradients flow to both.

    Args:
        labels: distributions, shape ``[..., classes]``.
        logits: unscaled log probabilities, same shape and type.
        axis: the dimension of the classes; the last one if None.
        name: the operation's name.
        dim: the old name of `axis`.

    Returns:
        A `Tensor` of losses, without the dimension of the classes.

    Raises:
        ValueError: labels or logits are missing, or the shapes differ.

    >>> import graphmagic as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[[0.0, 1.0]], logits=[[0.0, 0.0]])
    >>> tf.Session().run(loss).round(4)
    array([0.6931], dtype=float32)
    """
    axis = one_of("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    _only_named("softmax_cross_entropy_with_logits", None, labels, logits)
    with get_default_graph().name_scope(name or "softmax_cross_entropy_with_logits") as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, dtype_hint=logits.dtype.base_dtype, name="labels")
        labels = cast(labels, logits.dtype.base_dtype)
        if logits.dtype.base_dtype is dtypes.float16:
            exact = cast(logits, dtypes.float32), cast(labels, dtypes.float32)
            return cast(_xent_any_rank(*exact, axis, None), dtypes.float16, name=scope)
        if logits.shape.ndims == 2 and labels.shape.ndims in (2, None) and axis in (-1, 1):
            logits.graph.spared += _RESHAPING
            return apply_op(xent_op, logits, labels, name=scope).outputs[0]
        return _xent_any_rank(logits, labels, axis, scope)


def _xent_any_rank(logits: Tensor, labels: Tensor, axis: int, name: str | None) -> Tensor:
    """Bring the classes to the end and everything else into rows, and the losses back."""
    check_axes(logits, [axis])
    ndims = logits.shape.ndims
    if axis not in (-1, None if ndims is None else ndims - 1):
        count: Any = rank(logits) if ndims is None else ndims
        order = concat([graph_range(axis % count), graph_range(axis % count + 1, count), [axis % count]], 0)
        logits, labels = transpose(logits, order), transpose(labels, order)
    outer = shape(logits)[:-1]
    losses = apply_op(xent_op, _as_rows(logits), _as_rows(labels)).outputs[0]
    result = reshape(losses, outer, name=name)
    if ndims is not None:
        result.set_shape(logits.shape[:-1])
    return result


def _as_rows(x: Tensor) -> Tensor:
    return reshape(x, concat([[-1], shape(x)[-1:]], 0))


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: Any = None,
) -> Tensor:
    """As `softmax_cross_entropy_with_logits_v2`, but no gradient flows to the labels.

    >>> import graphmagic as tf
    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[[0.0, 1.0]], logits=[[0.0, 0.0]])
    >>> tf.Session().run(loss).round(4)
    array([0.6931], dtype=float32)
    """
    _only_named("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with get_default_graph().name_scope(name or "softmax_cross_entropy_with_logits_sg") as scope:
        fixed = stop_gradient(convert_to_tensor(labels), name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(
        labels=fixed, logits=logits, axis=dim if axis is None else axis, name=scope
    )


# ----- softmax cross entropy with class numbers as labels -----

sparse_xent_op = OpDef(
    "SparseSoftmaxCrossEntropyWithLogits",
    "features:T, labels:Tlabels -> loss:T, backprop:T",
    types={"T": dtypes.REAL_FLOATS, "Tlabels": dtypes.INDICES},
)


@sparse_xent_op.kernel
def sparse_xent_kernel(features: Any, labels: Any) -> Any:
    if features.ndim != 2:
        raise invalid(f"logits must be 2-D, but got shape {shape_text(features)}")
    rows, classes = features.shape
    if labels.shape != (rows,):
        raise invalid(
            "logits and labels must have the same first dimension, got logits shape "
            f"{shape_text(features)} and labels shape {shape_text(labels)}"
        )
    outside = (labels < 0) | (labels >= classes)
    if np.any(outside):
        values = " ".join(map(str, labels.ravel()[:20]))
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Received a label value of {labels[np.argmax(outside)]} which is outside the valid range of "
            f"[0, {classes}).  Label values: {values}",
        )
    centered = shifted(features)
    powers = np.exp(centered)
    totals = np.add.reduce(powers, -1, keepdims=True)
    index = np.arange(rows), labels
    loss = np.subtract(np.log(totals[:, 0]), centered[index])
    backprop = np.true_divide(powers, totals)
    backprop[index] -= features.dtype.type(1)
    return loss, backprop


@sparse_xent_op.shape_rule
def sparse_xent_shape(features: Tensor, labels: Tensor) -> list[TensorShape]:
    both = of_rank(features.shape, 2)
    rows = merged_shape(both[:1], of_rank(labels.shape, 1))
    return [rows, rows.concatenate(both[1:])]


@sparse_xent_op.gradient
def sparse_xent_grad(op: Operation, d_loss: Tensor, d_backprop: Tensor | None) -> Grads:
    logits = op.inputs[0]
    d_logits = multiply(expand_dims(d_loss, -1), op.outputs[1])
    if d_backprop is not None and not _is_zero(d_backprop):
        probabilities = softmax(logits)
        inner = reduce_sum(multiply(d_backprop, probabilities), 1, keepdims=True)
        d_logits = add(d_logits, multiply(subtract(d_backprop, inner), probabilities))
    return d_logits, None


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy between class numbers and the softmax of logits.

    Args:
        _sentinel: keeps the arguments named.
        labels: class numbers, int32 or int64, shape ``[...]``.
        logits: unscaled log probabilities, shape ``[..., classes]``.
        name: the operation's name.

    Returns:
        A `Tensor` of losses, shape ``[...]``.

    Raises:
        ValueError: arguments are not named, or the ranks do not fit.
        InvalidArgumentError: a label is no class, when the graph runs.

    >>> import graphmagic as tf
    >>> loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1], logits=[[0.0, 0.0]])
    >>> tf.Session().run(loss).round(4)
    array([0.6931], dtype=float32)
    """
    _only_named("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with get_default_graph().name_scope(name or "SparseSoftmaxCrossEntropyWithLogits"):
        labels = convert_to_tensor(labels)
        logits = convert_to_tensor(logits)
        if logits.shape.ndims == 0:
            raise ValueError(f"Logits cannot be scalars - received shape {logits.shape}.")
        sizes = shape(labels)
        ranks = labels.shape.ndims, logits.shape.ndims
        if None not in ranks and ranks[0] != ranks[1] - 1:
            raise ValueError(
                f"Rank mismatch: Rank of labels (received {ranks[0]}) should equal rank of logits minus 1 "
                f"(received {ranks[1]})."
            )
        if labels.shape.is_fully_defined() and not labels.shape.is_compatible_with(logits.shape[:-1]):
            raise ValueError(
                f"Shape mismatch: The shape of labels (received {labels.shape}) should equal the shape of logits "
                f"except for the last dimension (received {logits.shape})."
            )
        if logits.shape.ndims == 2:
            return apply_op(sparse_xent_op, logits, labels, name=name).outputs[0]
        losses = apply_op(sparse_xent_op, _as_rows(logits), reshape(labels, [-1]), name=name).outputs[0]
        result = reshape(losses, sizes)
        result.set_shape(labels.shape)
        return result


# ----- sigmoid cross entropy -----


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy between probabilities and the sigmoid of logits, element by element.

    Computed as ``max(x, 0) - x * z + log(1 + exp(-|x|))``, which neither overflows nor loses small values.

    Args:
        _sentinel: keeps the arguments named.
        labels: probabilities.
        logits: unscaled log odds, same shape and type.
        name: the operation's name.

    Returns:
        A `Tensor` of losses of the same shape.

    Raises:
        ValueError: arguments are not named, or the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0, 0.0], logits=[0.0, 0.0])).round(4)
    array([0.6931, 0.6931], dtype=float32)
    """
    _only_named("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with get_default_graph().name_scope(name or "logistic_loss") as scope:
        logits = convert_to_tensor(logits, name="logits")
        labels = convert_to_tensor(labels, dtype_hint=logits.dtype.base_dtype, name="labels")
        if not labels.shape.is_compatible_with(logits.shape):
            raise ValueError(
                f"`logits` and `labels` must have the same shape, received ({logits.shape} vs {labels.shape})."
            )
        zeros = zeros_like(logits)
        positive = greater_equal(logits, zeros)
        rectified = where(positive, logits, zeros)
        negative_size = where(positive, negative(logits), logits)
        return add(subtract(rectified, multiply(logits, labels)), log1p(exp(negative_size)), name=scope)
