"""Losses for predicted classes."""

from __future__ import annotations

from typing import Any

from graphmagic import nn
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import Reduction, compute_weighted_loss, squeezed
from graphmagic.ops.casting import cast
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.queries import shape

__all__ = ["sigmoid_cross_entropy", "softmax_cross_entropy", "sparse_softmax_cross_entropy"]

_BY_WEIGHTS = Reduction.SUM_BY_NONZERO_WEIGHTS


def _given(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value is None:
            raise ValueError(f"Argument `{name}` must not be None.")


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The mean cross entropy between label distributions and the softmax of logits.

    Args:
        onehot_labels: distributions, shape ``[..., classes]``.
        logits: unscaled log probabilities, same shape.
        weights: a number, or a tensor with one number per example.
        label_smoothing: how far to move the labels towards the uniform distribution.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the loss joins; None for none.
        reduction: how to sum, one of `Reduction`.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.softmax_cross_entropy([[0.0, 1.0]], [[0.0, 0.0]])).round(4)
    np.float32(0.6931)
    """
    _given(onehot_labels=onehot_labels, logits=logits)
    with get_default_graph().name_scope(scope or "softmax_cross_entropy_loss") as name:
        x = convert_to_tensor(logits)
        y: Any = cast(onehot_labels, x.dtype.base_dtype)
        x.shape.assert_is_compatible_with(y.shape)
        if label_smoothing > 0:
            classes: Any = cast(shape(y)[-1], x.dtype.base_dtype)
            y = y * (1.0 - label_smoothing) + label_smoothing / classes
        fixed = stop_gradient(y, name="labels_stop_gradient")
        losses = nn.softmax_cross_entropy_with_logits_v2(labels=fixed, logits=x, name="xentropy")
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The mean cross entropy between class numbers and the softmax of logits.

    Args:
        labels: class numbers, shape ``[...]`` or ``[..., 1]``.
        logits: unscaled log probabilities, shape ``[..., classes]``.
        weights: a number, or a tensor with one number per example.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the loss joins; None for none.
        reduction: how to sum, one of `Reduction`.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.sparse_softmax_cross_entropy([1], [[0.0, 0.0]])).round(4)
    np.float32(0.6931)
    """
    _given(labels=labels, logits=logits)
    with get_default_graph().name_scope(scope or "sparse_softmax_cross_entropy_loss") as name:
        y, x, w = squeezed(labels, logits, None if isinstance(weights, float) else weights, expected=1)
        losses = nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x, name="xentropy")
        return compute_weighted_loss(losses, weights if w is None else w, name, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The mean cross entropy between probabilities and the sigmoid of logits.

    Args:
        multi_class_labels: probabilities.
        logits: unscaled log odds, same shape.
        weights: a number, or a tensor of the same rank with ones for some sizes.
        label_smoothing: how far to move the labels towards 0.5.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the loss joins; None for none.
        reduction: how to sum, one of `Reduction`.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.sigmoid_cross_entropy([[0.0, 1.0]], [[0.0, 0.0]])).round(4)
    np.float32(0.6931)
    """
    _given(multi_class_labels=multi_class_labels, logits=logits)
    with get_default_graph().name_scope(scope or "sigmoid_cross_entropy_loss") as name:
        x = convert_to_tensor(logits)
        y: Any = cast(multi_class_labels, x.dtype.base_dtype)
        x.shape.assert_is_compatible_with(y.shape)
        if label_smoothing > 0:
            y = y * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x, name="xentropy")
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)
