"""Metrics at given thresholds, and at the threshold where another metric has a given value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import dtypes
from graphmagic.graph.node import Tensor
from graphmagic.metrics.curves import KINDS, threshold_counts, thresholds_between
from graphmagic.metrics.running import Metric, collected
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.cumulative import cumsum
from graphmagic.ops.division import divide
from graphmagic.ops.extremes import argmax, argmin, reduce_min
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import equal
from graphmagic.ops.rounding import abs
from graphmagic.ops.variable_scope import variable_scope

__all__ = [
    "false_negatives_at_thresholds",
    "false_positives_at_thresholds",
    "precision_at_thresholds",
    "recall_at_thresholds",
    "sensitivity_at_specificity",
    "specificity_at_sensitivity",
    "true_negatives_at_thresholds",
    "true_positives_at_thresholds",
]

_SMALL = 1e-7  # keeps the divisions safe
Counts = dict[str, Tensor]


def _share(part: Tensor, rest: Tensor, name: str | None = None) -> Tensor:
    return divide(part, add(add(part, rest), _SMALL), name=name)


def _metric(
    scope: str,
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any,
    collections: tuple[Any, Any],
    name: str | None,
    compute: Callable[[Counts, str], Tensor],
    kinds: Sequence[str] = KINDS,
) -> Metric:
    """What `compute` makes of the counts so far, and of the updated counts."""
    with variable_scope(name, scope):
        counts = threshold_counts(labels, predictions, thresholds, weights, kinds)
        value, update = [
            compute({kind: pair[i] for kind, pair in counts.items()}, label)
            for i, label in enumerate(("value", "update_op"))
        ]
        return collected(value, update, *collections)


def _counted(kind: str) -> Callable[..., Metric]:
    def count_at_thresholds(
        labels: Any,
        predictions: Any,
        thresholds: Sequence[float],
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: str | None = None,
    ) -> Metric:
        both = metrics_collections, updates_collections
        return _metric(
            kind,
            labels,
            predictions,
            thresholds,
            weights,
            both,
            name,
            lambda counts, _: identity(counts[kind]),
            (kind,),
        )

    count_at_thresholds.__name__ = count_at_thresholds.__qualname__ = f"{kind}_at_thresholds"
    count_at_thresholds.__doc__ = f"""How many predictions of all runs were {kind.replace("_", " ")}, at each threshold.

    Args:
        labels: the right values; zero and False are negative.
        predictions: probabilities, same shape.
        thresholds: a prediction is positive if it is larger than the threshold.
        weights: how much they count; a tensor that broadcasts to `labels`.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`, vectors.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.{kind}_at_thresholds([1, 1, 0, 0], [0.9, 0.3, 0.6, 0.2], [0.0, 1.0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     sess.run(update).tolist()
    {[2.0, 0.0] if "positive" in kind else [0.0, 2.0]}
    """
    return count_at_thresholds


true_positives_at_thresholds = _counted("true_positives")
false_positives_at_thresholds = _counted("false_positives")
true_negatives_at_thresholds = _counted("true_negatives")
false_negatives_at_thresholds = _counted("false_negatives")


def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the positive predictions is right, at each threshold; as `true_positives_at_thresholds`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.precision_at_thresholds([1, 1, 0, 0], [0.9, 0.3, 0.6, 0.2], [0.0, 0.5])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     sess.run(update).round(4).tolist()
    [0.5, 0.5]
    """
    both = metrics_collections, updates_collections
    return _metric(
        "precision_at_thresholds", labels, predictions, thresholds, weights, both, name,
        lambda counts, label: _share(counts["true_positives"], counts["false_positives"], label),
        ("true_positives", "false_positives"),
    )  # fmt: skip


def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the positive labels is found, at each threshold; as `true_positives_at_thresholds`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.recall_at_thresholds([1, 1, 0, 0], [0.9, 0.3, 0.6, 0.2], [0.0, 0.5])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     sess.run(update).round(4).tolist()
    [1.0, 0.5]
    """
    both = metrics_collections, updates_collections
    return _metric(
        "recall_at_thresholds", labels, predictions, thresholds, weights, both, name,
        lambda counts, label: _share(counts["true_positives"], counts["false_negatives"], label),
        ("true_positives", "false_negatives"),
    )  # fmt: skip


def _at(vector: Any, place: Tensor) -> Tensor:
    found: Tensor = vector[place]
    return found


def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The share of positive labels found, at the threshold where the share of negative ones found is the given one.

    Args:
        labels: the right values; zero and False are negative.
        predictions: probabilities, same shape.
        specificity: the wanted share of negative labels, between 0 and 1.
        weights: how much they count; a tensor that broadcasts to `labels`.
        num_thresholds: how many thresholds are tried, evenly spaced.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`.

    Raises:
        ValueError: `specificity` is not between 0 and 1.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.sensitivity_at_specificity([1, 1, 0, 0], [0.9, 0.3, 0.6, 0.2], 1.0)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     round(float(sess.run(update)), 4)
    0.5
    """
    if not 0 <= specificity <= 1:
        raise ValueError(
            f"`specificity` must be in the range [0, 1]. Currently, `specificity` got {specificity}."
        )

    def compute(counts: Counts, label: str) -> Tensor:
        found = _share(counts["true_negatives"], counts["false_positives"])
        place = cast(argmin(abs(subtract(found, specificity)), 0), dtypes.int32)
        return _share(_at(counts["true_positives"], place), _at(counts["false_negatives"], place), label)

    inner = thresholds_between(num_thresholds)
    both = metrics_collections, updates_collections
    return _metric("sensitivity_at_specificity", labels, predictions, inner, weights, both, name, compute)


def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The share of negative labels found, at the threshold where the share of positive ones found is the given one.

    Args:
        labels: the right values; zero and False are negative.
        predictions: probabilities, same shape.
        sensitivity: the wanted share of positive labels, between 0 and 1.
        weights: how much they count; a tensor that broadcasts to `labels`.
        num_thresholds: how many thresholds are tried, evenly spaced.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`.

    Raises:
        ValueError: `sensitivity` is not between 0 and 1.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.specificity_at_sensitivity([1, 1, 0, 0], [0.9, 0.3, 0.6, 0.2], 0.5)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     round(float(sess.run(update)), 4)
    1.0
    """
    if not 0 <= sensitivity <= 1:
        raise ValueError(
            f"`sensitivity` must be in the range [0, 1]. Currently, `sensitivity` got {sensitivity}."
        )

    def compute(counts: Counts, label: str) -> Tensor:
        distance = abs(subtract(_share(counts["true_positives"], counts["false_negatives"]), sensitivity))
        nearest = cast(equal(reduce_min(distance), distance), dtypes.int64)
        place = cast(argmax(cumsum(nearest), 0), dtypes.int32)  # the last of the nearest
        return _share(_at(counts["true_negatives"], place), _at(counts["false_positives"], place), label)

    inner = thresholds_between(num_thresholds)
    both = metrics_collections, updates_collections
    return _metric("specificity_at_sensitivity", labels, predictions, inner, weights, both, name, compute)
