"""Losses for predicted numbers."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes, nn
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import Reduction, compute_weighted_loss
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, minimum, multiply, negative, squared_difference, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.elementary import log
from graphmagic.ops.like import ones_like
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.rounding import abs

__all__ = [
    "absolute_difference",
    "cosine_distance",
    "hinge_loss",
    "huber_loss",
    "log_loss",
    "mean_squared_error",
]

_BY_WEIGHTS = Reduction.SUM_BY_NONZERO_WEIGHTS


def _given(**arguments: Any) -> None:
    for name, value in arguments.items():
        if value is None:
            raise ValueError(f"Argument `{name}` must not be None.")


def _pair(labels: Any, predictions: Any) -> tuple[Any, Any]:
    """Both as float32 of one shape."""
    p, y = cast(predictions, dtypes.float32), cast(labels, dtypes.float32)
    p.shape.assert_is_compatible_with(y.shape)
    return y, p


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The mean of squared differences.

    Args:
        labels: the right values.
        predictions: the predicted values, same shape.
        weights: a number, or a tensor of the same rank with ones for some sizes.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the loss joins; None for none.
        reduction: how to sum, one of `Reduction`.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.mean_squared_error([1.0, 2.0], [3.0, 5.0]))
    np.float32(6.5)
    """
    _given(labels=labels, predictions=predictions)
    with get_default_graph().name_scope(scope or "mean_squared_error") as name:
        y, p = _pair(labels, predictions)
        return compute_weighted_loss(squared_difference(p, y), weights, name, loss_collection, reduction)


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The mean of absolute differences; arguments as `mean_squared_error`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.absolute_difference([1.0, 2.0], [3.0, 5.0]))
    np.float32(2.5)
    """
    _given(labels=labels, predictions=predictions)
    with get_default_graph().name_scope(scope or "absolute_difference") as name:
        y, p = _pair(labels, predictions)
        return compute_weighted_loss(abs(subtract(p, y)), weights, name, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """Half the squared difference up to `delta`, linear beyond; other arguments as `mean_squared_error`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.huber_loss([1.0, 2.0], [1.0, 5.0]))
    np.float32(1.25)
    """
    _given(labels=labels, predictions=predictions)
    with get_default_graph().name_scope(scope or "huber_loss") as name:
        y, p = _pair(labels, predictions)
        size = abs(subtract(p, y))
        near = minimum(size, delta)
        losses = add(multiply(0.5, multiply(near, near)), multiply(delta, subtract(size, near)))
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """The cross entropy between probabilities; other arguments as `mean_squared_error`.

    Args:
        labels: the right probabilities.
        predictions: the predicted probabilities.
        weights: as in `mean_squared_error`.
        epsilon: a small number that keeps the logarithms finite.
        scope: as in `mean_squared_error`.
        loss_collection: as in `mean_squared_error`.
        reduction: as in `mean_squared_error`.

    Returns:
        A scalar.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.log_loss([1.0, 0.0], [0.5, 0.5])).round(4)
    np.float32(0.6931)
    """
    _given(labels=labels, predictions=predictions)
    with get_default_graph().name_scope(scope or "log_loss") as name:
        y, p = _pair(labels, predictions)
        losses: Any = negative(multiply(y, log(p + epsilon)))
        losses = losses - multiply(1 - y, log(1 - p + epsilon))
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
) -> Tensor:
    """``max(0, 1 - y * logits)`` with y = -1 for label 0 and 1 for label 1; arguments as `mean_squared_error`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.hinge_loss([1.0, 0.0], [0.5, 2.0]))
    np.float32(1.75)
    """
    _given(labels=labels, logits=logits)
    with get_default_graph().name_scope(scope or "hinge_loss") as name:
        y, x = _pair(labels, logits)
        ones = ones_like(y)
        losses = nn.relu(subtract(ones, multiply(subtract(2 * y, ones), x)))
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = _BY_WEIGHTS,
    dim: int | None = None,
) -> Tensor:
    """One less the inner product of vectors, which have to have length 1.

    Args:
        labels: the right vectors.
        predictions: the predicted vectors.
        axis: the dimension along which the vectors lie.
        weights: as in `mean_squared_error`.
        scope: as in `mean_squared_error`.
        loss_collection: as in `mean_squared_error`.
        reduction: as in `mean_squared_error`.
        dim: the old name of `axis`.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.cosine_distance([[1.0, 0.0]], [[0.0, 1.0]], axis=1))
    np.float32(1.0)
    """
    along = one_of("axis", axis, "dim", dim)
    if along is None:
        raise ValueError("You must specify argument `axis`.")
    _given(labels=labels, predictions=predictions)
    with get_default_graph().name_scope(scope or "cosine_distance_loss") as name:
        y, p = _pair(labels, predictions)
        losses = subtract(1.0, reduce_sum(multiply(p, y), axis=(along,), keepdims=True))
        return compute_weighted_loss(losses, weights, name, loss_collection, reduction)
