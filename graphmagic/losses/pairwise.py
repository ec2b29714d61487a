"""A loss that compares the differences within each example."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import assert_broadcastable, broadcast_weights
from graphmagic.ops.arithmetic import maximum, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.elementary import square
from graphmagic.ops.fill import range as sequence
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import greater, not_equal
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import rank
from graphmagic.ops.reduce import reduce_sum

__all__ = ["mean_pairwise_squared_error"]


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
) -> Tensor:
    """The mean squared error of the differences between all pairs of elements of an example.

    Args:
        labels: the right values, shape ``[batch, ...]``.
        predictions: the predicted values, same shape.
        weights: a number, or a tensor with one number per example.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the loss joins; None for none.

    Returns:
        A scalar.

    Raises:
        ValueError: an argument is missing, or the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.mean_pairwise_squared_error([[1.0, 2.0]], [[3.0, 6.0]]))
    np.float32(4.0)
    """
    for name, value in (("labels", labels), ("predictions", predictions)):
        if value is None:
            raise ValueError(f"Argument `{name}` must not be None.")
    graph = get_default_graph()
    with graph.name_scope(scope or "mean_pairwise_squared_error"):
        weight, y = cast(weights, dtypes.float32), cast(labels, dtypes.float32)
        with graph.control_dependencies([assert_broadcastable(weight, y)]):
            p = cast(predictions, dtypes.float32)
            p.shape.assert_is_compatible_with(y.shape)
            loss = _loss(subtract(p, y), weight)
        if loss_collection:
            graph.add_to_collection(loss_collection, loss)
        return loss


def _loss(differences: Tensor, weights: Tensor) -> Tensor:
    axes = sequence(1, rank(differences))
    squares = reduce_sum(square(differences), axis=axes, keepdims=True)
    present = cast(not_equal(weights, 0.0), dtypes.float32)
    count: Any = reduce_sum(broadcast_weights(present, differences), axis=axes, keepdims=True)
    first = multiply(2.0, div_no_nan(squares, maximum(count - 1, 0.0), name="value"))
    total = square(reduce_sum(differences, axis=axes, keepdims=True))
    second = multiply(2.0, div_no_nan(total, maximum(multiply(count, count - 1), 0.0), name="value"))
    loss = reduce_sum(multiply(subtract(first, second), weights))
    return where(greater(reduce_sum(count), 0.0), loss, zeros_like(loss), name="value")
