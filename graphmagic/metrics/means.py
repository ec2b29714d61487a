"""Metrics that are means: accuracy and errors."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.losses.weighting import squeezed
from graphmagic.metrics.running import Metric, collected, mean
from graphmagic.ops.arithmetic import multiply, squared_difference, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.elementary import sqrt
from graphmagic.ops.logic import equal, less
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.rounding import abs

__all__ = [
    "accuracy",
    "mean_absolute_error",
    "mean_cosine_distance",
    "mean_relative_error",
    "mean_squared_error",
    "percentage_below",
    "root_mean_squared_error",
]


def _fitted(labels: Any, predictions: Any, weights: Any) -> tuple[Any, Any, Any]:
    y, p, w = squeezed(labels, predictions, weights)
    p.shape.assert_is_compatible_with(y.shape)
    return y, p, w


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """How many predictions of all runs equal their labels.

    Args:
        labels: the right values.
        predictions: the predicted values, same shape.
        weights: how much they count; a tensor that broadcasts to `labels`.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `mean`.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.accuracy([1, 2, 3, 4], [1, 2, 0, 4])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.75
    """
    y, p, w = _fitted(labels, predictions, weights)
    right = cast(equal(cast(p, y.dtype.base_dtype), y), dtypes.float32)
    return mean(right, w, metrics_collections, updates_collections, name or "accuracy")


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of the squared differences of all runs; arguments as `accuracy`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_squared_error([1.0, 2.0], [3.0, 5.0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    6.5
    """
    y, p, w = _fitted(labels, predictions, weights)
    return mean(
        squared_difference(y, p), w, metrics_collections, updates_collections, name or "mean_squared_error"
    )


def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The square root of `mean_squared_error`; arguments as `accuracy`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.root_mean_squared_error([1.0, 2.0], [4.0, 5.0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    3.0
    """
    value, update = mean_squared_error(labels, predictions, weights, name=name or "root_mean_squared_error")
    return collected(sqrt(value), sqrt(update), metrics_collections, updates_collections)


def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of the absolute differences of all runs; arguments as `accuracy`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_absolute_error([1.0, 2.0], [3.0, 5.0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    2.5
    """
    y, p, w = _fitted(labels, predictions, weights)
    return mean(
        abs(subtract(p, y)), w, metrics_collections, updates_collections, name or "mean_absolute_error"
    )


def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of the absolute differences divided by `normalizer`; other arguments as `accuracy`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_relative_error([1.0, 2.0], [3.0, 5.0], [1.0, 2.0])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    1.75
    """
    y, p, w = _fitted(labels, predictions, weights)
    _, scale, _ = _fitted(y, normalizer, None)
    errors = div_no_nan(abs(subtract(y, p)), scale)
    return mean(errors, w, metrics_collections, updates_collections, name or "mean_relative_error")


def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """One less the mean inner product of vectors along `dim`, which have to have length 1; others as `accuracy`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.mean_cosine_distance([[1.0, 0.0]], [[0.0, 1.0]], 1)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    1.0
    """
    y, p, w = _fitted(labels, predictions, weights)
    products = reduce_sum(multiply(p, y), axis=[dim], keepdims=True)
    value, update = mean(products, w, name=name or "mean_cosine_distance")
    distances = subtract(1.0, value), subtract(1.0, update)
    return collected(*distances, metrics_collections, updates_collections)


def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of all values is below a threshold; other arguments as `mean`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.percentage_below([1.0, 2.0, 3.0, 4.0], 3.0)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.5
    """
    below = cast(less(values, threshold), dtypes.float32)
    return mean(
        below, weights, metrics_collections, updates_collections, name or "percentage_below_threshold"
    )
