"""Metrics of the k best predictions where an example may have several labels."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.losses.weighting import broadcast_weights
from graphmagic.metrics.running import Metric, collected, metric_variable
from graphmagic.nn.top_k import top_k
from graphmagic.ops.arithmetic import add, minimum, multiply
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.cumulative import cumsum
from graphmagic.ops.division import divide
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.logic import equal, greater_equal, logical_and
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import size
from graphmagic.ops.reduce import reduce_any, reduce_sum
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.sets import set_difference, set_intersection, set_size
from graphmagic.ops.sparse_rearranging import sparse_retain
from graphmagic.ops.sparse_values import sparse_tensor_to_dense
from graphmagic.ops.variable_scope import variable_scope

__all__ = [
    "average_precision_at_k",
    "precision_at_k",
    "precision_at_top_k",
    "recall_at_k",
    "recall_at_top_k",
    "sparse_average_precision_at_k",
    "sparse_precision_at_k",
]


def _several(labels: Any, predictions: Tensor) -> Any:
    """Labels with a last dimension, for several labels of one example."""
    if isinstance(labels, SparseTensor):
        return labels.with_values(cast(labels.values, dtypes.int64))
    classes = cast(convert_to_tensor(labels), dtypes.int64)
    ranks = classes.shape.ndims, predictions.shape.ndims
    return expand_dims(classes, -1) if None not in ranks and ranks[0] == ranks[1] - 1 else classes  # type: ignore[operator]


def _of_class(ids: Any, class_id: Any) -> SparseTensor:
    """Only those that are one class."""
    found = ids if isinstance(ids, SparseTensor) else set_intersection(ids, ids)
    return sparse_retain(found, equal(found.values, cast(class_id, dtypes.int64)))


def _counted(name: str, sets: Any, weights: Any) -> Metric:
    """A variable that adds up the sizes of sets, and its update."""
    sizes = cast(set_size(sets), dtypes.float64)
    if weights is not None:
        sizes = multiply(sizes, broadcast_weights(cast(weights, dtypes.float64), sizes))
    variable = metric_variable([], dtypes.float64, name)
    return variable.value(), assign_add(variable, reduce_sum(sizes))


def _name(kind: str, k: int | None, class_id: Any) -> str:
    text = f"{kind}_at_{'k' if k is None else k}"
    return text if class_id is None else f"{text}_class{class_id}"


def _share(
    kind: str,
    labels: Any,
    predictions_idx: Any,
    k: int | None,
    class_id: Any,
    weights: Any,
    collections: tuple[Any, Any],
    name: str | None,
) -> Metric:
    """Hits among labels (recall) or among predictions (precision)."""
    with variable_scope(name, _name(kind, k, class_id)):
        guesses: Any = cast(predictions_idx, dtypes.int64)
        classes = _several(labels, guesses)
        if class_id is not None:
            classes, guesses = _of_class(classes, class_id), _of_class(guesses, class_id)
        missed, found = ("false_negative", False) if kind == "recall" else ("false_positive", True)
        hits = _counted(_name("true_positive", k, class_id), set_intersection(guesses, classes), weights)
        rest = _counted(_name(missed, k, class_id), set_difference(guesses, classes, aminusb=found), weights)
        value, update = [
            divide(hits[i], add(hits[i], rest[i]), name=label) for i, label in enumerate(("value", "update"))
        ]
        return collected(value, update, *collections)


def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the labels is among the k best predictions, given by their numbers.

    Args:
        labels: class numbers, shape ``[..., labels]`` or ``[...]``, or a `SparseTensor`.
        predictions_idx: the numbers of the best classes, shape ``[..., k]``.
        k: for the names only.
        class_id: look at this class only.
        weights: how much each example counts, shape ``[...]``.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`, float64; NaN while there is nothing to count.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.recall_at_top_k([[0, 1], [2, 2]], [[1, 2], [2, 0]])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     round(float(sess.run(update)), 4)
    0.6667
    """
    both = metrics_collections, updates_collections
    return _share("recall", labels, predictions_idx, k, class_id, weights, both, name)


def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: int | None = None,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the k best predictions is among the labels; arguments as `recall_at_top_k`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.precision_at_top_k([[0, 1], [2, 2]], [[1, 2], [2, 0]])
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.5
    """
    both = metrics_collections, updates_collections
    return _share("precision", labels, predictions_idx, k, class_id, weights, both, name)


def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the labels is among the k classes with the largest scores.

    Args:
        labels: class numbers, shape ``[..., labels]`` or ``[...]``, or a `SparseTensor`.
        predictions: scores of all classes, shape ``[..., classes]``.
        k: how many of the best predictions count.
        class_id: look at this class only.
        weights: how much each example counts, shape ``[...]``.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`, float64; NaN while there is nothing to count.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.recall_at_k([0, 2], [[0.1, 0.6, 0.3], [0.2, 0.3, 0.5]], 2)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.5
    """
    both = metrics_collections, updates_collections
    return _share("recall", labels, top_k(predictions, k)[1], k, class_id, weights, both, name)


def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: int | None = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """Which part of the k classes with the largest scores is among the labels; arguments as `recall_at_k`.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.precision_at_k([0, 2], [[0.1, 0.6, 0.3], [0.2, 0.3, 0.5]], 2)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     float(sess.run(update))
    0.25
    """
    both = metrics_collections, updates_collections
    return _share("precision", labels, top_k(predictions, k)[1], k, class_id, weights, both, name)


def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean over examples of the average precision of the k best predictions.

    That is the mean, over the labels that are found, of the precision among the predictions up to there.

    Args:
        labels: class numbers, shape ``[..., labels]`` or ``[...]``, or a `SparseTensor`.
        predictions: scores of all classes, shape ``[..., classes]``.
        k: how many of the best predictions count.
        weights: how much each example counts, shape ``[...]``.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update) as `tf.metrics.mean`, float64.

    >>> import graphmagic as tf
    >>> value, update = tf.metrics.average_precision_at_k([0, 2], [[0.1, 0.6, 0.3], [0.2, 0.3, 0.5]], 3)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     round(float(sess.run(update)), 4)
    0.6667
    """
    with variable_scope(name, _name("average_precision", k, None)):
        guesses = cast(top_k(predictions, k)[1], dtypes.int64)
        classes = _several(labels, guesses)
        if isinstance(classes, SparseTensor):
            classes = sparse_tensor_to_dense(classes, -1, validate_indices=False)
        averages = _average_precision(classes, guesses, k)
        if weights is None:
            number: Any = cast(size(averages), dtypes.float64)
        else:
            weight = broadcast_weights(cast(weights, dtypes.float64), averages)
            averages, number = multiply(averages, weight), reduce_sum(weight)
        largest, total = [metric_variable([], dtypes.float64, part) for part in ("max", "total")]
        new_total, new_largest = assign_add(total, reduce_sum(averages)), assign_add(largest, number)
        value = div_no_nan(total, largest, name="mean")
        return collected(
            value, div_no_nan(new_total, new_largest, name="update"), metrics_collections, updates_collections
        )


def _average_precision(classes: Tensor, guesses: Tensor, k: int) -> Tensor:
    right = reduce_any(equal(expand_dims(guesses, -1), expand_dims(classes, -2)), -1)
    hits = cast(logical_and(right, greater_equal(guesses, cast(0, dtypes.int64))), dtypes.float64)
    precision = divide(cumsum(hits, -1), cast(graph_range(1, k + 1), dtypes.float64))
    there = reduce_sum(cast(greater_equal(classes, cast(0, dtypes.int64)), dtypes.float64), -1)
    return div_no_nan(reduce_sum(multiply(precision, hits), -1), minimum(there, cast(k, dtypes.float64)))


sparse_average_precision_at_k = average_precision_at_k
sparse_precision_at_k = precision_at_k
