"""`tf.train.write_graph`: graph definitions as files."""

from __future__ import annotations

import os
from typing import Any

from graphmagic.graph.graph import Graph

__all__ = ["write_graph"]


def write_graph(graph_or_graph_def: Any, logdir: Any, name: str, as_text: bool = True) -> str:
    """Write a graph as a protocol buffer, which TensorFlow, TensorBoard and Netron can open.

    Args:
        graph_or_graph_def: a graph or its definition.
        logdir: the folder; it is made if missing.
        name: the name of the file.
        as_text: write text; otherwise binary, which needs the extra ``graphmagic[tensorboard]``.

    Returns:
        The path of the file.

    Raises:
        MissingExtraError: binary was asked for, and the extra is not installed.

    >>> import graphmagic as tf, pathlib, tempfile
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.constant(1.0, name="x")
    >>> path = tf.train.write_graph(graph, tempfile.mkdtemp(), "graph.pbtxt")
    >>> pathlib.Path(path).read_text().splitlines()[:2]
    ['node {', '  name: "x"']
    """
    graph_def = graph_or_graph_def
    if isinstance(graph_def, Graph):
        graph_def = graph_def.as_graph_def()
    content = str(graph_def).encode() if as_text else graph_def.SerializeToString()
    os.makedirs(logdir, exist_ok=True)
    path = os.path.join(os.fspath(logdir), name)
    with open(path, "wb") as file:
        file.write(content)
    return path
