"""`tf.tables_initializer`: fills the look-up tables of a graph."""

from __future__ import annotations

from graphmagic.graph.default import get_collection
from graphmagic.graph.node import Operation
from graphmagic.ops.control import group

__all__ = ["tables_initializer"]

KEY = "table_initializer"


def tables_initializer(name: str = "init_all_tables") -> Operation:
    """An operation that fills all look-up tables of the graph.

    Args:
        name: its name.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tables_initializer())
    """
    return group(*get_collection(KEY), name=name)
