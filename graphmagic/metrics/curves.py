"""The area under a curve over all thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic import dtypes
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import broadcast_weights, squeezed
from graphmagic.metrics.running import Metric, collected, metric_variable
from graphmagic.ops.arithmetic import maximum, minimum, multiply
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.logic import greater, logical_and, logical_not
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["auc", "threshold_counts", "thresholds_between"]

KINDS = ("true_positives", "false_negatives", "true_negatives", "false_positives")
_OUTSIDE = 1e-7  # how far the first and last threshold lie outside [0, 1]
_SMALL = 1e-6  # keeps the divisions safe


def threshold_counts(
    labels: Any,
    predictions: Any,
    thresholds: Sequence[float],
    weights: Any,
    kinds: Sequence[str] = KINDS,
) -> dict[str, Metric]:
    """True and false positives and negatives at each threshold: (variable, updated)."""
    y, p, w = squeezed(cast(labels, dtypes.bool), cast(predictions, dtypes.float32), weights)
    p.shape.assert_is_compatible_with(y.shape)
    positive = greater(reshape(p, [1, -1]), constant(thresholds, shape=[len(thresholds), 1]))
    labelled = reshape(y, [1, -1])
    weight = None
    if w is not None:
        weight = reshape(broadcast_weights(cast(w, dtypes.float32), p), [1, -1])
    pairs = {
        "true_positives": (labelled, positive),
        "false_negatives": (labelled, logical_not(positive)),
        "true_negatives": (logical_not(labelled), logical_not(positive)),
        "false_positives": (logical_not(labelled), positive),
    }
    found = {}
    for name in kinds:
        of_label, of_prediction = pairs[name]
        hits = cast(logical_and(of_label, of_prediction), dtypes.float32)
        if weight is not None:
            hits = multiply(hits, weight)
        variable = metric_variable([len(thresholds)], dtypes.float32, name)
        found[name] = variable.value(), assign_add(variable, reduce_sum(hits, 1))
    return found


def thresholds_between(count: int) -> list[float]:
    """So many thresholds, evenly spaced, the first and last just outside of [0, 1]."""
    return [-_OUTSIDE, *[(i + 1) / (count - 1) for i in range(count - 2)], 1.0 + _OUTSIDE]


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: str | None = None,
    summation_method: str = "trapezoidal",
    thresholds: Sequence[float] | None = None,
) -> Metric:
    """The area under the ROC curve or the precision-recall curve, by sums over thresholds.

    Args:
        labels: the right values; zero and False are negative.
        predictions: probabilities, same shape.
        weights: how much they count; a tensor that broadcasts to `labels`.
        num_thresholds: how many thresholds, evenly spaced.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        curve: ``"ROC"`` or ``"PR"``.
        name: the name of the variable scope.
        summation_method: ``"trapezoidal"``, ``"minoring"`` or ``"majoring"``.
        thresholds: the thresholds, instead of their number.

    Returns:
        (value, update) as `tf.metrics.mean`.

    Raises:
        ValueError: `curve` or `summation_method` is unknown.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     round(float(sess.run(update)), 2)
    0.75
    """
    with variable_scope(name, "auc"):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"Curve must be either ROC or PR. Curve {curve} is unknown.")
        if summation_method not in ("trapezoidal", "minoring", "majoring"):
            raise ValueError(
                f"Invalid summation_method: {summation_method} "
                "summation_method should be 'trapezoidal', 'minoring', or 'majoring'."
            )
        limits = (
            [-_OUTSIDE, *sorted(thresholds), 1.0 + _OUTSIDE]
            if thresholds
            else thresholds_between(num_thresholds)
        )
        counts = threshold_counts(labels, predictions, limits, weights)
        value, update = [
            _area({k: pair[i] for k, pair in counts.items()}, curve, summation_method, label)
            for i, label in enumerate(("value", "update_op"))
        ]
        return collected(value, update, metrics_collections, updates_collections)


def _area(counts: dict[str, Any], curve: str, method: str, name: str) -> Tensor:
    right, missed = counts["true_positives"], counts["false_negatives"]
    alarms, quiet = counts["false_positives"], counts["true_negatives"]
    recall = (right + _SMALL) / (right + missed + _SMALL)
    if curve == "ROC":
        x, y = alarms / (alarms + quiet + _SMALL), recall
    else:
        x, y = recall, (right + _SMALL) / (right + alarms + _SMALL)
    left, after = y[:-1], y[1:]
    if method == "trapezoidal":
        height = (left + after) / 2.0
    else:
        height = (minimum if method == "minoring" else maximum)(left, after)
    return reduce_sum(multiply(x[:-1] - x[1:], height), name=name)
