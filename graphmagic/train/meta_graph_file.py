"""Meta graphs: a graph with its collections and its saver in one JSON file.

The document is ``{"format": "graphmagic meta graph", "version": 1, "graph": ..., "collections": ..., "saver": ...}``;
`graphmagic.graph.portable` describes the graph.  A collection is a list of ``{"variable": ...}``, ``{"node": name}``
and ``{"value": ...}``; what a file cannot hold is left out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from typing import Any

from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.portable import add_portable, portable
from graphmagic.graph.undo import unchanged_on_error
from graphmagic.ops.variable import Variable
from graphmagic.train.checkpoint_file import atomic_write

__all__ = [
    "MetaGraphDef",
    "export_graph",
    "make_meta_graph",
    "read_meta_graph",
    "restore_meta_graph",
    "write_meta_graph",
]

FORMAT = "graphmagic meta graph"
VERSION = 1


class MetaGraphDef:
    """A graph, its collections and its saver as plain data.

    Args:
        document: the JSON document.
        graph_def: the nodes, for those who look at them.
    """

    def __init__(self, document: dict[str, Any], graph_def: Any = None) -> None:
        self.document = document
        self.graph_def = graph_def

    @property
    def saver_def(self) -> dict[str, Any] | None:
        """What the saver needs to be made again, None if there is none."""
        saver: dict[str, Any] | None = self.document["saver"]
        return saver

    def __str__(self) -> str:
        return json.dumps(self.document, indent=1)


def make_meta_graph(
    graph: Graph, saver: dict[str, Any] | None, collection_list: Collection[str] | None = None
) -> MetaGraphDef:
    """The meta graph of a graph.

    Args:
        graph: the graph.
        saver: what the saver needs to be made again.
        collection_list: the collections to keep; all if None.
    """
    keys = [k for k in graph.get_all_collection_keys() if collection_list is None or k in collection_list]
    collections = {key: [item for item in map(_item, graph.get_collection(key)) if item] for key in keys}
    document = {
        "format": FORMAT,
        "version": VERSION,
        "graph": portable(graph),
        "collections": collections,
        "saver": saver,
    }
    return MetaGraphDef(document, graph.as_graph_def())


def _item(value: Any) -> dict[str, Any] | None:
    if isinstance(value, Variable):
        return {"variable": value.parts()}
    if isinstance(value, (Tensor, Operation)):
        return {"node": value.name}
    if isinstance(value, (bool, int, float, str)):
        return {"value": value}
    return None


def write_meta_graph(meta_graph: MetaGraphDef, path: str, as_text: bool = False) -> None:
    """Write a meta graph to a file, whole or not at all."""
    with atomic_write(path) as file:
        file.write(json.dumps(meta_graph.document, indent=1 if as_text else None).encode())


def read_meta_graph(path: str) -> MetaGraphDef:
    """Read a meta graph from a file.

    Raises:
        OSError: there is no such file, or it is no meta graph.
    """
    if not os.path.exists(path):
        raise OSError(f"File {path} does not exist.")
    try:
        with open(path, "rb") as file:
            document = json.loads(file.read())
        if document["format"] != FORMAT:
            raise ValueError(f"its format is {document['format']!r}, not {FORMAT!r}")
        if document["version"] > VERSION:
            raise ValueError(f"version {document['version']} was written by a newer graphmagic")
    except (ValueError, KeyError, TypeError) as error:
        raise OSError(f"Cannot parse file {path}: {error}.") from None
    return MetaGraphDef(document)


def restore_meta_graph(
    meta_graph: MetaGraphDef, scope: str = "", clear_devices: bool = False
) -> dict[str, Any] | None:
    """Add a meta graph to the default graph, which stays as it was if anything fails.

    Args:
        meta_graph: the meta graph.
        scope: a prefix for the names, without a final ``/``.
        clear_devices: forget the devices.

    Returns:
        What the saver needs to be made again, None if there is none.

    Raises:
        OSError: the document is incomplete.
        ValueError: it holds an operation that this graphmagic does not have, or a name that is taken.
    """
    graph, document = get_default_graph(), meta_graph.document
    prefix = f"{scope}/" if scope else ""
    with unchanged_on_error(graph):
        try:
            add_portable(graph, document["graph"], scope, clear_devices)
            variables: dict[str, Variable] = {}
            for key, items in document["collections"].items():
                for item in items:
                    graph.add_to_collection(key, _restored(graph, item, prefix, variables))
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise OSError(f"Cannot parse the meta graph: {type(error).__name__}: {error}.") from None
    return meta_graph.saver_def


def _restored(graph: Graph, item: dict[str, Any], prefix: str, variables: dict[str, Variable]) -> Any:
    if "variable" in item:
        parts = item["variable"]
        if parts["variable"] not in variables:
            variables[parts["variable"]] = Variable.from_parts(graph, parts, prefix)
        return variables[parts["variable"]]
    return graph.as_graph_element(prefix + item["node"]) if "node" in item else item["value"]


def export_graph(
    graph: Any, saver: Any, filename: str | None, collections: Any, as_text: bool
) -> MetaGraphDef:
    """Make a meta graph and, if there is a file name, write it."""
    meta_graph = make_meta_graph(graph, saver, collections)
    if filename is not None:
        write_meta_graph(meta_graph, os.fspath(filename), as_text)
    return meta_graph
