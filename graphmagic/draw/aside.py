"""Arrows that would bury a picture, told in words instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graphmagic.draw.labels import count
from graphmagic.draw.model import Edge, EdgeKind, Kind, Node

__all__ = ["set_aside"]

FEW = 8
"""Up to so many arrows of one kind at one box are drawn."""

_WORDS: Mapping[EdgeKind, tuple[str, str]] = {
    EdgeKind.INITIALIZE: ("initializes", "variable"),
    EdgeKind.UPDATE: ("sets", "variable"),
    EdgeKind.SIDE: ("takes", "result"),
}


def set_aside(nodes: Sequence[Node], edges: Sequence[Edge]) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Drop the arrows of an initializer, of gradients or of an optimizer where they are many.

    Of the results that gradients take, the one made last keeps its arrow: gradients come after the loss.

    Args:
        nodes: all nodes of a picture.
        edges: all its edges.

    Returns:
        The nodes, with a line for what is no longer drawn, and the edges that are left.

    >>> nodes = [Node("init", Kind.GROUP, "init"), *(Node(f"v{i}", Kind.VARIABLE, "v") for i in range(9))]
    >>> edges = [Edge("init", f"v{i}", EdgeKind.INITIALIZE) for i in range(9)]
    >>> nodes, edges = set_aside(nodes, edges)
    >>> nodes[0].details, len(edges)
    (('initializes 9 variables',), 0)
    """
    boxes = {node.key for node in nodes if node.kind in (Kind.GROUP, Kind.SCOPE)}
    numbers: dict[tuple[str, EdgeKind], int] = {}
    for edge in edges:
        if edge.kind in _WORDS and _hub(edge) in boxes:
            numbers[_hub(edge), edge.kind] = numbers.get((_hub(edge), edge.kind), 0) + 1
    lines: dict[str, list[str]] = {}
    for (key, kind), number in numbers.items():
        if number > FEW:
            verb, noun = _WORDS[kind]
            lines.setdefault(key, []).append(f"{verb} {count(number, noun)}")
    order = {node.key: index for index, node in enumerate(nodes)}
    taken = sorted((edge for edge in edges if edge.kind is EdgeKind.SIDE), key=lambda edge: order[edge.tail])
    last = {edge.head: edge for edge in taken}
    kept = tuple(
        edge
        for edge in edges
        if numbers.get((_hub(edge), edge.kind), 0) <= FEW or edge is last.get(edge.head)
    )
    told = (replace(node, details=(*node.details, *lines.get(node.key, ()))) for node in nodes)
    return tuple(told), kept


def _hub(edge: Edge) -> str:
    """The end of the arrow that has many like it."""
    return edge.tail if edge.kind is EdgeKind.INITIALIZE else edge.head
