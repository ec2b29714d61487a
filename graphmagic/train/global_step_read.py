"""The global step as a tensor: what it was when a run began."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.graph import get_default_graph
from graphmagic.train.global_step import get_global_step

__all__ = ["global_step_read"]

KEY = "global_step_read_op_cache"


def global_step_read() -> Any:
    """A tensor with the global step before the run adds to it; None if there is no global step.

    >>> import graphmagic as tf
    >>> step = tf.train.create_global_step()
    >>> before, count = global_step_read(), tf.assign_add(step, 1)
    >>> with tf.Session() as sess:
    ...     sess.run(step.initializer)
    ...     sess.run([before, count])
    [np.int64(0), np.int64(1)]
    """
    graph = get_default_graph()
    found = graph.get_collection(KEY)
    step = get_global_step(graph)
    if found or step is None:
        return found[0] if found else None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(f"{step.op.name}/"):
        read = (step.initialized_value() if hasattr(step, "initialized_value") else step) + 0
    graph.add_to_collection(KEY, read)
    return read
