"""Arrows that would bury a picture, told in words instead."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from graphmagic.draw.labels import count
from graphmagic.draw.model import Edge, EdgeKind, Kind, Node

__all__ = ["set_aside"]

FEW = 3
"""Up to so many arrows of one kind at one box are drawn."""
GROUPED = 8
"""Up to so many operations that a `NoOp` waits for have their arrows: to wait is all that it does."""

_WORDS: Mapping[EdgeKind, tuple[str, str]] = {
    EdgeKind.CONTROL: ("waits for", "operation"),
    EdgeKind.INITIALIZE: ("initializes", "variable"),
    EdgeKind.UPDATE: ("reads and sets", "variable"),
    EdgeKind.SIDE: ("takes", "result"),
}
_OF_VARIABLES = (EdgeKind.INITIALIZE, EdgeKind.UPDATE)


def set_aside(
    nodes: Sequence[Node], edges: Sequence[Edge], quiet: Collection[str] = ()
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """Drop the arrows of an initializer, of gradients or of an optimizer where they are many.

    Those that end at a closed box rather than at the variable in it are dropped as well.  Of the results that
    gradients take, the one made last keeps its arrow: gradients come after the loss.

    Args:
        nodes: all nodes of a picture.
        edges: all its edges.
        quiet: keys of the boxes that have no arrows to variables, such as savers.

    Returns:
        The nodes, with a line for what is no longer drawn, and the edges that are left.

    >>> nodes = [Node("init", Kind.GROUP, "init"), *(Node(f"v{i}", Kind.VARIABLE, "v") for i in range(9))]
    >>> edges = [Edge("init", f"v{i}", EdgeKind.INITIALIZE) for i in range(9)]
    >>> nodes, edges = set_aside(nodes, edges)
    >>> nodes[0].details, len(edges)
    (('initializes 9 variables',), 0)
    """
    kinds = {node.key: node.kind for node in nodes}
    gathered: dict[tuple[str, EdgeKind], list[Edge]] = {}
    for edge in edges:
        if edge.kind in _WORDS and kinds[_hub(edge)] in (Kind.GROUP, Kind.SCOPE):
            gathered.setdefault((_hub(edge), edge.kind), []).append(edge)
    told = {
        hub: group for hub, group in gathered.items() if hub[0] in quiet or _is_in_words(*hub, group, kinds)
    }
    lines: dict[str, list[str]] = {}
    for (key, kind), group in told.items():
        verb, noun = _WORDS[kind]
        lines.setdefault(key, []).append(f"{verb} {count(sum(edge.number for edge in group), noun)}")
    order = {node.key: index for index, node in enumerate(nodes)}
    taken = sorted((edge for edge in edges if edge.kind is EdgeKind.SIDE), key=lambda edge: order[edge.tail])
    last = {edge.head: edge for edge in taken}
    kept = tuple(e for e in edges if (_hub(e), e.kind) not in told or e is last.get(e.head))
    return tuple(replace(n, details=(*n.details, *lines.get(n.key, ()))) for n in nodes), kept


def _is_in_words(key: str, kind: EdgeKind, group: Sequence[Edge], kinds: Mapping[str, Kind]) -> bool:
    """Whether arrows of one kind at one box are told in words."""
    if kind in _OF_VARIABLES and any(kinds[_other(edge)] is not Kind.VARIABLE for edge in group):
        return True
    return len(group) > (GROUPED if kind is EdgeKind.CONTROL and kinds[key] is Kind.GROUP else FEW)


def _hub(edge: Edge) -> str:
    """The end of the arrow that has many like it."""
    return edge.tail if edge.kind is EdgeKind.INITIALIZE else edge.head


def _other(edge: Edge) -> str:
    return edge.head if edge.kind is EdgeKind.INITIALIZE else edge.tail
