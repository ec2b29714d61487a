"""How large a picture will be, told without laying it out, so that it is the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping

from graphmagic.draw.model import Drawing, EdgeKind, Kind

__all__ = ["HEIGHT", "WIDTH", "estimated_size", "fits"]

WIDTH = 1350.0
HEIGHT = 1000.0
"""Points: so large a picture, on a slide 960 pixels wide, has small letters 9 pixels high."""

_LETTER, _SMALL_LETTER = 8.0, 6.0
_LINE, _SMALL_LINE = 17.0, 14.5
_GAP, _FRAME = 22.0, 16.0


def estimated_size(drawing: Drawing, direction: str = "TB") -> tuple[float, float]:
    """Width and height in points.

    Nodes stand after those that lead to them; what nothing leads to stands just before what it leads to. Frames
    stand beside each other, which takes more room than their nodes alone.

    >>> from graphmagic.draw.model import Edge, Node
    >>> nodes = tuple(Node(key, Kind.OPERATION, key) for key in "abc")
    >>> chain = Drawing("g", "", nodes, (Edge("a", "b"), Edge("b", "c")))
    >>> fork = Drawing("g", "", nodes, (Edge("a", "c"), Edge("b", "c")))
    >>> estimated_size(chain)[0] < estimated_size(fork)[0], estimated_size(chain)[1] > estimated_size(fork)[1]
    (True, True)
    >>> estimated_size(chain, "LR")[0] > estimated_size(chain)[0]
    True
    """
    rank = _ranks(drawing)
    boxes: dict[int, list[tuple[float, float]]] = {}
    frames: dict[int, set[str]] = {}
    for node in drawing.nodes:
        margin = 8.0 if node.kind is Kind.CONSTANT else 34.0
        letters = [_LETTER * len(node.title), *(_SMALL_LETTER * len(line) for line in node.details)]
        height = _LINE + _SMALL_LINE * len(node.details) + margin / 2
        boxes.setdefault(rank[node.key], []).append((max(letters) + margin, height))
        frames.setdefault(rank[node.key], set()).add(node.cluster)
    along, across = (1, 0) if direction == "TB" else (0, 1)
    label = max((len(edge.label) for edge in drawing.edges), default=0)
    gap = 26.0 if direction == "TB" else 24.0 + _SMALL_LETTER * label / 2
    length = sum(max(box[along] for box in row) + gap for row in boxes.values())
    breadths = (
        sum(box[across] + _GAP for box in row) + _FRAME * len(frames[number]) for number, row in boxes.items()
    )
    sizes = {along: length + _FRAME * len(drawing.clusters), across: max(breadths, default=0.0)}
    return sizes[0], sizes[1]


def fits(drawing: Drawing, direction: str) -> bool:
    """Whether the picture is legible on a slide."""
    width, height = estimated_size(drawing, direction)
    return width <= WIDTH and height <= HEIGHT


def _ranks(drawing: Drawing) -> Mapping[str, int]:
    order = {node.key: index for index, node in enumerate(drawing.nodes)}
    heads: dict[str, list[str]] = {}
    tails: dict[str, int] = {}
    for edge in drawing.edges:
        if edge.kind is EdgeKind.UPDATE or order[edge.tail] < order[edge.head] or "→" in edge.tail:
            heads.setdefault(edge.tail, []).append(edge.head)
            tails[edge.head] = tails.get(edge.head, 0) + 1
    rank = dict.fromkeys(order, 0)
    ready = [key for key in order if key not in tails]
    starts = list(ready)
    for key in ready:
        for head in heads.get(key, ()):
            rank[head] = max(rank[head], rank[key] + 1)
            tails[head] -= 1
            if not tails[head]:
                ready.append(head)
    for key in starts:
        if key in heads:
            rank[key] = min(rank[head] for head in heads[key]) - 1
    return rank
