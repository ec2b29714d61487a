"""The legend of a picture: a sample of everything in it that has a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from graphmagic.draw.model import Cluster, Drawing, Edge, EdgeKind, Emphasis, Kind, Node

__all__ = ["PATH", "with_legend"]

PATH = "?legend"
"""The frame around the legend; no scope of a graph has a question mark in its name."""

_KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.PLACEHOLDER: ("placeholder", "gets its value when run"),
    Kind.VARIABLE: ("variable", "keeps a value in each session"),
    Kind.RESOURCE: ("resource", "queue, reader, iterator"),
    Kind.CONSTANT: ("constant", "its value"),
    Kind.OPERATION: ("operation", "computes"),
    Kind.GROUP: ("group", "only waits for others"),
    Kind.SCOPE: ("closed scope", "what is in it"),
    Kind.STACK: ("one … nine", "siblings that are alike"),
}
_EDGES: Mapping[EdgeKind, str] = {
    EdgeKind.DATA: "data",
    EdgeKind.SIDE: "data for gradients",
    EdgeKind.CONTROL: "runs after",
    EdgeKind.INITIALIZE: "runs after",
    EdgeKind.WRITE: "sets",
    EdgeKind.UPDATE: "reads, sets",
}
_EMPHASIS: Mapping[Emphasis, str] = {
    Emphasis.FETCHED: "asked for",
    Emphasis.LIT: "runs",
    Emphasis.DIM: "does not run",
}


def with_legend(drawing: Drawing, direction: str) -> Drawing:
    """Add a frame that explains the kinds of nodes and arrows in a picture.

    Args:
        drawing: the picture.
        direction: `TB` or `LR`.

    >>> shown = with_legend(Drawing("g", "", (Node("x", Kind.PLACEHOLDER, "x"),)), "TB")
    >>> [node.title for node in shown.nodes], shown.clusters[0].title
    (['x', 'placeholder'], 'legend')
    """
    if not drawing.nodes:
        return drawing
    samples = [*_nodes(drawing), *_emphases(drawing)]
    ends, arrows = _arrows(drawing)
    pairs = [*pairwise(samples), *((samples[-1], tail) for tail in ends[::2])] if direction == "TB" else []
    chain = [Edge(a.key, b.key, EdgeKind.HIDDEN) for a, b in pairs]
    return replace(
        drawing,
        nodes=(*drawing.nodes, *samples, *ends),
        edges=(*drawing.edges, *chain, *arrows),
        clusters=(*drawing.clusters, Cluster(PATH, "legend")),
    )


def _nodes(drawing: Drawing) -> Iterator[Node]:
    present = {node.kind for node in drawing.nodes}
    for kind, (title, detail) in _KINDS.items():
        if kind in present:
            yield Node(f"{PATH}/{kind.value}", kind, title, (detail,), cluster=PATH)
    if any(node.empty for node in drawing.nodes):
        yield Node(f"{PATH}/empty", Kind.VARIABLE, "variable", ("uninitialized",), cluster=PATH, empty=True)


def _emphases(drawing: Drawing) -> Iterator[Node]:
    present = {node.emphasis for node in drawing.nodes}
    for emphasis, title in _EMPHASIS.items():
        if emphasis in present:
            yield Node(f"{PATH}/{emphasis.value}", Kind.OPERATION, title, cluster=PATH, emphasis=emphasis)


def _arrows(drawing: Drawing) -> tuple[list[Node], list[Edge]]:
    present = {edge.kind for edge in drawing.edges}
    if EdgeKind.CONTROL in present:
        present.discard(EdgeKind.INITIALIZE)
    shaped = any(edge.label for edge in drawing.edges)
    nodes, edges = [], []
    for kind, word in _EDGES.items():
        if kind in present:
            tail, head = f"{PATH}/from {kind.value}", f"{PATH}/to {kind.value}"
            nodes += [
                Node(key, Kind.CONSTANT, text, cluster=PATH) for key, text in ((tail, "•"), (head, word))
            ]
            edges.append(Edge(tail, head, kind, "[shape]" if shaped and kind is EdgeKind.DATA else ""))
    return nodes, edges
