"""Metrics that count right and wrong answers: precision, recall and what they are made of."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import broadcast_weights, squeezed
from graphmagic.metrics.running import Metric, collected, metric_variable
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import logical_and, logical_not
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["false_negatives", "false_positives", "precision", "recall", "true_negatives", "true_positives"]


def _count(
    scope: str,
    right: bool,
    positive: bool,
    labels: Any,
    predictions: Any,
    weights: Any,
    collections: tuple[Any, Any],
    name: str | None,
) -> Metric:
    """How often the prediction was `positive`, and that was `right` or not."""
    with variable_scope(name, scope):
        flags = cast(labels, dtypes.bool), cast(predictions, dtypes.bool)
        y, p, w = squeezed(*flags, weights)
        p.shape.assert_is_compatible_with(y.shape)
        predicted = p if positive else logical_not(p)
        labelled = y if positive == right else logical_not(y)
        hits = cast(logical_and(labelled, predicted), dtypes.float32)
        if w is not None:
            hits = multiply(hits, broadcast_weights(cast(w, dtypes.float32), hits))
        count = metric_variable([], dtypes.float32, "count")
        update = assign_add(count, reduce_sum(hits))
        return collected(identity(count), update, *collections)


def true_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many predictions of all runs were positive, rightly.

    Args:
        labels: the right values; zero and False are negative.
        predictions: the predicted values, same shape.
        weights: how much they count; a tensor that broadcasts to `labels`.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.true_positives([1, 1, 0, 0], [1, 0, 1, 0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    1.0
    """
    both = metrics_collections, updates_collections
    return _count("true_positives", True, True, labels, predictions, weights, both, name)


def false_positives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many predictions of all runs were positive, wrongly; arguments as `true_positives`."""
    both = metrics_collections, updates_collections
    return _count("false_positives", False, True, labels, predictions, weights, both, name)


def true_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many predictions of all runs were negative, rightly; arguments as `true_positives`."""
    both = metrics_collections, updates_collections
    return _count("true_negatives", True, False, labels, predictions, weights, both, name)


def false_negatives(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many predictions of all runs were negative, wrongly; arguments as `true_positives`."""
    both = metrics_collections, updates_collections
    return _count("false_negatives", False, False, labels, predictions, weights, both, name)


def _part(right: Tensor, wrong: Tensor, name: str) -> Tensor:
    total: Any = right
    return div_no_nan(right, total + wrong, name=name)


def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the positive predictions was right; arguments as `true_positives`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.precision([1, 1, 0, 0], [1, 0, 1, 0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.5
    """
    with variable_scope(name, "precision"):
        right = true_positives(labels, predictions, weights)
        wrong = false_positives(labels, predictions, weights)
        value, update = _part(right[0], wrong[0], "value"), _part(right[1], wrong[1], "update_op")
        return collected(value, update, metrics_collections, updates_collections)


def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the positive labels was found; arguments as `true_positives`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.recall([1, 1, 0, 0], [1, 0, 1, 0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.5
    """
    with variable_scope(name, "recall"):
        found = true_positives(labels, predictions, weights)
        missed = false_negatives(labels, predictions, weights)
        value, update = _part(found[0], missed[0], "value"), _part(found[1], missed[1], "update_op")
        return collected(value, update, metrics_collections, updates_collections)
