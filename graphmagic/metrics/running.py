"""Metrics that add up over many runs: local variables, an operation to update them, a value."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.default import add_to_collections
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.losses.weighting import broadcast_weights, squeezed
from graphmagic.ops.arithmetic import maximum, multiply
from graphmagic.ops.assigning import assign_add
from graphmagic.ops.casting import cast
from graphmagic.ops.fill import zeros
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import size
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["collected", "mean", "mean_tensor", "metric_variable"]

Metric = tuple[Tensor, Tensor]


def metric_variable(shape: Any, dtype: Any, name: str | None = None) -> Variable:
    """A local variable that starts at zero: `tf.local_variables_initializer` starts the metric anew."""
    return Variable(
        lambda: zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        name=name,
    )


def collected(value: Tensor, update: Tensor, metrics_collections: Any, updates_collections: Any) -> Metric:
    """Both results of a metric, added to the collections that the caller named."""
    if metrics_collections:
        add_to_collections(metrics_collections, value)
    if updates_collections:
        add_to_collections(updates_collections, update)
    return value, update


def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of all values of all runs.

    Args:
        values: the values of one run, any shape.
        weights: how much they count; a tensor that broadcasts to `values`.
        metrics_collections: collections that the value joins.
        updates_collections: collections that the update joins.
        name: the name of the variable scope.

    Returns:
        (value, update): running `update` adds the values of this run and gives the new mean; `value` is the mean so
        far.  The variables are local: run `tf.local_variables_initializer` first.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None])
    >>> value, update = tf.metrics.mean(x)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     [float(sess.run(update, {x: batch})) for batch in ([1.0, 2.0], [6.0])], float(sess.run(value))
    ([1.5, 3.0], 3.0)
    """
    with variable_scope(name, "mean"):
        given = cast(values, dtypes.float32)
        total, count = (
            metric_variable([], dtypes.float32, "total"),
            metric_variable([], dtypes.float32, "count"),
        )
        if weights is None:
            number = cast(size(given), dtypes.float32)
        else:
            given, _, fitted = squeezed(given, given, weights)
            weight = broadcast_weights(cast(fitted, dtypes.float32), given)
            given = multiply(given, weight)
            number = reduce_sum(weight)
        new_total = assign_add(total, reduce_sum(given))
        with get_default_graph().control_dependencies([given]):
            new_count = assign_add(count, number)
        value = div_no_nan(total, maximum(count, 0.0), name="value")
        update = div_no_nan(new_total, maximum(new_count, 0.0), name="update_op")
        return collected(value, update, metrics_collections, updates_collections)


def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: str | None = None,
) -> Metric:
    """The mean of each element over all runs; arguments and results as `mean`.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [2])
    >>> value, update = tf.metrics.mean_tensor(x)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     [sess.run(update, {x: batch}).tolist() for batch in ([1.0, 2.0], [3.0, 6.0])]
    [[1.0, 2.0], [2.0, 4.0]]
    """
    with variable_scope(name, "mean"):
        given: Any = cast(values, dtypes.float32)
        total = metric_variable(given.shape, dtypes.float32, "total_tensor")
        count = metric_variable(given.shape, dtypes.float32, "count_tensor")
        weight = broadcast_weights(1.0 if weights is None else cast(weights, dtypes.float32), given)
        new_total = assign_add(total, multiply(given, weight))
        with get_default_graph().control_dependencies([given]):
            new_count = assign_add(count, weight)
        value = div_no_nan(total, maximum(count, 0.0), name="value")
        update = div_no_nan(new_total, maximum(new_count, 0.0), name="update_op")
        return collected(value, update, metrics_collections, updates_collections)
