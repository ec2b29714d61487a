"""Asking which variables there are, and which of them have no value yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.constant import constant
from graphmagic.ops.gather import boolean_mask
from graphmagic.ops.logic import logical_not
from graphmagic.ops.queries import rank_op
from graphmagic.ops.stacking import stack
from graphmagic.ops.variable_lists import global_variables, is_variable_initialized, local_variables

__all__ = [
    "all_variables",
    "assert_variables_initialized",
    "metric_variables",
    "model_variables",
    "moving_average_variables",
    "report_uninitialized_variables",
]


def model_variables(scope: str | None = None) -> list[Any]:
    """The variables that layers have marked as parts of a model; see `tf.global_variables`."""
    return get_default_graph().get_collection(GraphKeys.MODEL_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    """The variables that have a moving average; see `tf.global_variables`."""
    return get_default_graph().get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def metric_variables(scope: str | None = None) -> list[Any]:
    """The variables that metrics keep; see `tf.global_variables`."""
    return get_default_graph().get_collection(GraphKeys.METRIC_VARIABLES, scope)


def report_uninitialized_variables(
    var_list: Sequence[Any] | None = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of the variables that have no value in the session that runs this.

    Args:
        var_list: the variables to look at; all global and local ones if None.
        name: the scope of the operations.

    Returns:
        A vector of strings.

    >>> import graphmagic as tf
    >>> v, w, sess = tf.Variable(1, name="v"), tf.Variable(2, name="w"), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.report_uninitialized_variables())
    array([b'w'], dtype=object)
    """
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    with get_default_graph().name_scope(name):
        if not variables:
            return constant([], dtypes.string)
        missing = logical_not(stack([is_variable_initialized(v) for v in variables]))
        names = constant(np.array([v.op.name for v in variables], object), dtypes.string)
        return boolean_mask(names, missing)


def assert_variables_initialized(var_list: Sequence[Any] | None = None) -> Tensor | None:
    """A tensor that can be computed only if variables have values; the old form of `report_uninitialized_variables`.

    Args:
        var_list: the variables to look at; all global and local ones if None.

    Returns:
        A `Tensor`, or None if there are no variables.

    >>> import graphmagic as tf
    >>> check = tf.assert_variables_initialized([tf.Variable(1, name="v")])
    >>> tf.Session().run(check)
    Traceback (most recent call last):
    graphmagic.errors.FailedPreconditionError: Attempting to use uninitialized value v...
    """
    variables = global_variables() + local_variables() if var_list is None else list(var_list)
    if not variables:
        return None
    with get_default_graph().device("/cpu:0"):
        ranks = [apply_op(rank_op, v.value()).outputs[0] for v in variables]
        return ranks[0] if len(ranks) == 1 else stack(ranks)


def all_variables() -> list[Any]:
    """The old spelling of `tf.global_variables`, which takes no scope.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1, name="v")
    >>> [x.name for x in tf.all_variables()]
    ['v:0']
    """
    return global_variables()
