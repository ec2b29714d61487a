"""The global step: the variable that counts training steps."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.graph import Graph, GraphKeys, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import get_variable

__all__ = [
    "assert_global_step",
    "create_global_step",
    "get_global_step",
    "get_or_create_global_step",
    "global_step",
]


def get_global_step(graph: Graph | None = None) -> Any:
    """The variable that counts training steps, or None.

    Args:
        graph: the graph; the default graph if None.

    Raises:
        TypeError: what is called ``global_step`` is no integer scalar.

    >>> import graphmagic as tf
    >>> tf.train.get_global_step() is None
    True
    """
    graph = graph or get_default_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) > 1:
        return None
    if not found:
        try:
            found = [graph.get_tensor_by_name("global_step:0")]
        except KeyError:
            return None
    assert_global_step(found[0])
    return found[0]


def create_global_step(graph: Graph | None = None) -> Variable:
    """Make the variable that counts training steps: an int64 scalar that starts from 0.

    Args:
        graph: the graph; the default graph if None.

    Raises:
        ValueError: there is one already.

    >>> import graphmagic as tf
    >>> tf.train.create_global_step()
    <tf.Variable 'global_step:0' shape=() dtype=int64_ref>
    """
    graph = graph or get_default_graph()
    existing = get_global_step(graph)
    if existing is not None:
        raise with_notes(ValueError('"global_step" already exists.'), created_at(existing.op))
    with graph.as_default(), graph.name_scope(None):
        step: Variable = get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=dtypes.int64,
            initializer=zeros_initializer(),
            trainable=False,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )
    return step


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """The variable that counts training steps, made if there is none; see `create_global_step`."""
    graph = graph or get_default_graph()
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def assert_global_step(global_step_tensor: Any) -> None:
    """Raise `TypeError` unless the argument is an integer scalar.

    >>> import graphmagic as tf
    >>> tf.train.assert_global_step(tf.Variable(0.0))
    Traceback (most recent call last):
    TypeError: Existing "global_step" does not have integer type: tf.float32_ref
    """
    if not isinstance(global_step_tensor, (Variable, Tensor)):
        raise TypeError(f'Existing "global_step" must be a Variable or Tensor: {global_step_tensor}.')
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError(f'Existing "global_step" does not have integer type: {global_step_tensor.dtype!r}')
    shape = global_step_tensor.shape
    if shape.ndims != 0 and shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {shape}')


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The number of training steps taken in a session.

    Args:
        sess: the session.
        global_step_tensor: the variable that counts them.

    >>> import graphmagic as tf
    >>> steps = tf.train.create_global_step()
    >>> with tf.Session() as sess:
    ...     sess.run(steps.initializer)
    ...     tf.train.global_step(sess, steps)
    0
    """
    return int(sess.run(global_step_tensor))
