"""The variables of a graph, and how to initialize them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops import control, state

__all__ = [
    "global_variables",
    "global_variables_initializer",
    "is_variable_initialized",
    "local_variables",
    "local_variables_initializer",
    "trainable_variables",
    "variables_initializer",
]


def is_variable_initialized(variable: Any) -> Tensor:
    """Whether a variable has a value in the session that runs this.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.is_variable_initialized(tf.Variable(1)))
    np.False_
    """
    return apply_op(state.is_initialized_op, variable).outputs[0]


def global_variables(scope: str | None = None) -> list[Any]:
    """The variables of the default graph.

    Args:
        scope: a regular expression; only variables whose names start with a match.

    >>> import graphmagic as tf
    >>> v, w = tf.Variable(1, name="v"), tf.Variable(2, name="w", trainable=False)
    >>> [x.name for x in tf.global_variables()], [x.name for x in tf.trainable_variables()]
    (['v:0', 'w:0'], ['v:0'])
    """
    return get_default_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Any]:
    """The local variables of the default graph: those that are not saved; see `global_variables`."""
    return get_default_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """The variables that optimizers change by default; see `global_variables`."""
    return get_default_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def variables_initializer(var_list: Sequence[Any], name: str = "init") -> Operation:
    """One operation that initializes several variables.

    >>> import graphmagic as tf
    >>> tf.variables_initializer([tf.Variable(1), tf.Variable(2)]).type
    'NoOp'
    """
    return (
        control.group(*[v.initializer for v in var_list], name=name) if var_list else control.group(name=name)
    )


def global_variables_initializer() -> Operation:
    """One operation that initializes all variables made so far in the default graph.

    >>> import graphmagic as tf
    >>> v = tf.Variable(42)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(v)
    np.int32(42)
    """
    return variables_initializer(global_variables())


def local_variables_initializer() -> Operation:
    """One operation that initializes all local variables; see `global_variables_initializer`."""
    return variables_initializer(local_variables())
