"""Take back what a failing block added to a graph."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic.graph.graph import Graph

__all__ = ["unchanged_on_error"]


@contextmanager
def unchanged_on_error(graph: Graph) -> Iterator[None]:
    """If the block fails, the graph is what it was before: operations, names, scopes, collections, seed.

    >>> import graphmagic as tf
    >>> graph = tf.Graph()
    >>> try:
    ...     with unchanged_on_error(graph), graph.as_default():
    ...         half = tf.constant(1.0, name="half")
    ...         raise KeyError
    ... except KeyError:
    ...     graph.get_operations()
    []
    """
    before = {name: _copied(value) for name, value in vars(graph).items()}
    try:
        yield
    except BaseException:
        vars(graph).clear()
        vars(graph).update(before)
        graph.rewound += 1
        raise


def _copied(value: Any) -> Any:
    """A copy of what a graph keeps: containers, and the containers in them, but no operation or variable."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return copy.copy(value) if isinstance(value, (list, set)) else value
