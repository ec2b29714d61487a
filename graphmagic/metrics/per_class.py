"""Metrics that look at each class by itself."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.node import Tensor
from graphmagic.metrics.running import Metric, collected, metric_variable
from graphmagic.ops.arithmetic import add, maximum, multiply, subtract
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.counting import confusion_matrix
from graphmagic.ops.diagonals import diag_part
from graphmagic.ops.division import divide
from graphmagic.ops.fill import ones
from graphmagic.ops.like import ones_like
from graphmagic.ops.logic import equal, greater, not_equal
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import size
from graphmagic.ops.reduce import reduce_mean, reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.variable_scatter import scatter_add
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["mean_iou", "mean_per_class_accuracy"]


def _flat(values: Any, dtype: Any) -> Tensor:
    return reshape(cast(values, dtype), [-1])


def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean over classes of intersection over union, from the confusion matrix of all runs.

    Args:
        labels: the right classes, integers.
        predictions: the predicted classes, same shape.
        num_classes: how many classes there are.
        weights: how much each prediction counts; a tensor of the shape of `predictions`.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update): running `update` adds to the confusion matrix and gives it.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_iou([0, 0, 1, 1], [0, 1, 1, 1], 2)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     sess.run(update).tolist(), round(float(sess.run(value)), 4)
    ([[1.0, 1.0], [0.0, 2.0]], 0.5833)
    """
    with variable_scope(name, "mean_iou"):
        total = metric_variable([num_classes, num_classes], dtypes.float64, "total_confusion_matrix")
        matrix = confusion_matrix(
            _flat(labels, dtypes.int64),
            _flat(predictions, dtypes.int64),
            num_classes,
            weights=None if weights is None else _flat(weights, dtypes.float64),
            dtype=dtypes.float64,
        )
        update = assign_add(total, matrix)
        return collected(_iou(total), update, metrics_collections, updates_collections)


def _iou(matrix: Any) -> Tensor:
    rows, columns = [cast(reduce_sum(matrix, axis), dtypes.float32) for axis in (0, 1)]
    hits = cast(diag_part(matrix), dtypes.float32)
    union = subtract(add(rows, columns), hits)
    valid = reduce_sum(cast(not_equal(union, 0.0), dtypes.float32))
    shares = divide(hits, where(greater(union, 0.0), union, ones_like(union)))
    return where(greater(valid, 0.0), divide(reduce_sum(shares, name="mean_iou"), valid), 0.0)


def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean over classes of how often the class was predicted rightly; arguments as `mean_iou`.

    Returns:
        (value, update): running `update` adds the predictions of this run and gives the share of each class.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_per_class_accuracy([0, 0, 1, 1], [0, 1, 1, 1], 2)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     sess.run(update).tolist(), float(sess.run(value))
    ([0.5, 1.0], 0.75)
    """
    with variable_scope(name, "mean_accuracy"):
        classes, guesses = _flat(labels, dtypes.int64), _flat(predictions, dtypes.int64)
        total = metric_variable([num_classes], dtypes.float32, "total")
        count = metric_variable([num_classes], dtypes.float32, "count")
        number = ones([size(classes)], dtypes.float32)
        right = cast(equal(guesses, classes), dtypes.float32)
        if weights is not None:
            weight = _flat(weights, dtypes.float32)
            number, right = multiply(number, weight), multiply(right, weight)
        new_total, new_count = scatter_add(total, classes, number), scatter_add(count, classes, right)
        value = reduce_mean(div_no_nan(count, maximum(total, 0.0)), name="mean_accuracy")
        update = div_no_nan(new_count, maximum(new_total, 0.0), name="update_op")
        return collected(value, update, metrics_collections, updates_collections)
