"""Graphs to files and back: export_meta_graph, import_meta_graph."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from typing import Any

from graphmagic.graph.graph import get_default_graph
from graphmagic.train.meta_graph_file import MetaGraphDef, export_graph, read_meta_graph, restore_meta_graph
from graphmagic.train.saver import Saver
from graphmagic.train.saver_graph import all_variables

__all__ = ["export_meta_graph", "import_meta_graph"]


def export_meta_graph(
    filename: str | None = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Mapping[str, Any] | None = None,
    collection_list: Collection[str] | None = None,
    as_text: bool = False,
    graph: Any = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    **kwargs: Any,
) -> MetaGraphDef:
    """A graph with its collections, also as a file.

    Args:
        filename: the file to write; none if None.
        meta_info_def: accepted for old programs.
        graph_def: accepted for old programs.
        saver_def: what `Saver.as_saver_def` returned.
        collection_list: the collections to keep; all if None.
        as_text: write the file with line breaks.
        graph: the graph; the default graph if None.
        export_scope: not supported.
        clear_devices: accepted for old programs; `import_meta_graph` can do it.
        clear_extraneous_savers: accepted for old programs.
        strip_default_attrs: accepted for old programs.
        save_debug_info: accepted for old programs.
        **kwargs: accepted for old programs.

    Returns:
        A `MetaGraphDef`.

    >>> import graphmagic as tf
    >>> x = tf.constant(1.0, name="x")
    >>> [node.name for node in tf.train.export_meta_graph().graph_def.node]
    ['x']
    """
    saver = None if saver_def is None else dict(saver_def)
    return export_graph(graph or get_default_graph(), saver, filename, collection_list, as_text)


def import_meta_graph(
    meta_graph_or_file: Any, clear_devices: bool = False, import_scope: str | None = None, **kwargs: Any
) -> Saver | None:
    """Add a saved graph to the default graph: operations, collections, and a saver for its variables.

    Args:
        meta_graph_or_file: a file that `Saver.save` or `export_meta_graph` has written, or a `MetaGraphDef`.
        clear_devices: forget the devices.
        import_scope: a prefix for the names.
        **kwargs: accepted for old programs.

    Returns:
        A `Saver`; None if the graph has no variables.

    Raises:
        OSError: there is no such file, or it is damaged.
        ValueError: a name is taken, or the graph holds what a file cannot hold.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     x = tf.constant(1.0, name="x")
    ...     saved = tf.train.export_meta_graph()
    >>> with tf.Graph().as_default() as graph:
    ...     saver = tf.train.import_meta_graph(saved)
    ...     graph.get_tensor_by_name("x:0")
    <tf.Tensor 'x:0' shape=() dtype=float32>
    """
    is_data = isinstance(meta_graph_or_file, MetaGraphDef)
    meta_graph = meta_graph_or_file if is_data else read_meta_graph(os.fspath(meta_graph_or_file))
    scope = (import_scope or "").rstrip("/")
    names = restore_meta_graph(meta_graph, scope, clear_devices)
    if names is None:
        return Saver(name=scope or None) if all_variables() else None
    prefix = f"{scope}/" if scope else ""
    kept = {key: prefix + value if key.endswith("_name") else value for key, value in names.items()}
    return Saver(
        saver_def=kept,
        max_to_keep=names["max_to_keep"],
        keep_checkpoint_every_n_hours=names["keep_checkpoint_every_n_hours"],
        name=scope or None,
    )
