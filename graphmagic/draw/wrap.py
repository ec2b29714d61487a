"""Wide pictures in rows: a picture that is too wide is cut between its nodes, and the pieces stand below each other."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree

__all__ = ["WIDEST", "Box", "Row", "boxes", "cuts", "rows_of", "wrap"]

WIDEST = 1150.0
"""Points: a row of that width has small letters of ten pixels on a slide 960 pixels wide."""
_GAP, _MARGIN, _NARROWEST = 14.0, 5.0, 4.0
_LETTER = 0.6
_CUT = "#808086"  # grey that is seen on light and on dark ground
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_SVG = "{http://www.w3.org/2000/svg}"

Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""
Span = tuple[float, float]


@dataclass(frozen=True)
class Row:
    """A piece of a picture: what it shows of it, and how far down that stands."""

    left: float
    top: float
    right: float
    bottom: float
    down: float


def boxes(root: ElementTree.Element, *kinds: str) -> Iterator[tuple[ElementTree.Element, Box]]:
    """The groups of some kinds with the boxes around them, in the units of the picture before it was cut.

    Args:
        root: an SVG picture as Graphviz writes it.
        kinds: ``node``, ``edge``, ``cluster``, or ``edge label`` for the text at edges.
    """
    for graph in root.iter(f"{_SVG}g"):
        if graph.get("class") != "graph":
            continue
        across, down = map(float, _NUMBER.findall(graph.get("transform", "").partition("translate")[2])[:2])
        for kind in kinds:
            wanted, _, label = kind.partition(" ")
            for group in graph.iter(f"{_SVG}g"):
                points = _points(group, bool(label)) if group.get("class") == wanted else []
                if points:
                    xs, ys = zip(*points, strict=True)
                    yield group, (min(xs) + across, min(ys) + down, max(xs) + across, max(ys) + down)


def _points(group: ElementTree.Element, text_only: bool = False) -> list[tuple[float, float]]:
    """Points whose hull is about the shape: its corners and the handles of its curves, else the ends of its text."""
    drawn = [shape.get("points") or shape.get("d") or "" for shape in group.iter()]
    numbers = [float(number) for text in drawn for number in _NUMBER.findall(text)]
    if numbers and not text_only:
        return list(zip(numbers[::2], numbers[1::2], strict=True))
    return [corner for text in group.iter(f"{_SVG}text") for corner in _corners(text)]


def _corners(text: ElementTree.Element) -> tuple[tuple[float, float], tuple[float, float]]:
    x, y, size = (float(text.get(key, "0")) for key in ("x", "y", "font-size"))
    width = len(text.text or "") * size * _LETTER
    left = x - width / 2 if text.get("text-anchor") == "middle" else x
    return (left, y - size), (left + width, y)


def cuts(width: float, widest: float, obstacles: Sequence[Sequence[Span]]) -> list[float]:
    """Where to cut a width into pieces of about one size.

    Args:
        width: the width.
        widest: how wide a piece may be.
        obstacles: spans not to cut through; then, if that cannot be, fewer such spans, and so on.

    >>> cuts(90.0, 50.0, [[(0, 20), (30, 42), (52, 90)]])
    [0.0, 47.0, 90.0]
    >>> cuts(90.0, 50.0, [[(0, 90)], [(0, 40), (50, 90)]])
    [0.0, 45.0, 90.0]
    >>> cuts(40.0, 50.0, [])
    [0.0, 40.0]
    """
    found = [0.0]
    while width - found[-1] > widest:
        left = width - found[-1]
        wish = found[-1] + left / math.ceil(left / widest)
        latest = found[-1] + widest
        earliest = found[-1] + widest / 3
        free = (_nearest_gap(spans, wish, earliest, latest) for spans in obstacles)
        found.append(next((place for place in free if place is not None), wish))
    return [*found, width]


def _nearest_gap(spans: Iterable[Span], wish: float, first: float, last: float) -> float | None:
    """The middle of the gap nearest to a place, if there is one between two others."""
    gaps, end = [], math.inf
    for left, right in sorted(spans):
        if left - end > _NARROWEST:
            gaps.append((end + left) / 2)
        end = right if end == math.inf else max(end, right)
    within = [gap for gap in gaps if first <= gap <= last]
    return min(within, key=lambda gap: abs(gap - wish), default=None)


def wrap(svg: str, widest: float = WIDEST) -> str:
    """Cut a picture that is wider than `widest` into rows; arrows go on in the row below where they were cut.

    Args:
        svg: the picture.
        widest: the width of a row, in points.
    """
    root = ElementTree.fromstring(svg)
    width, height = map(float, root.get("viewBox", "0 0 1 1").split()[2:])
    if width <= widest:
        return svg
    nodes, frames = _spans(root, "node"), _spans(root, "cluster")
    labels = _spans(root, "edge label")
    places = cuts(width, widest, [[*nodes, *labels, *frames], [*nodes, *labels], nodes])
    shapes = [box for _, box in boxes(root, "node", "edge", "edge label", "cluster")]
    rows: list[Row] = []
    for left, right in pairwise(places):
        top, bottom = _extent(shapes, left, right, height)
        rows.append(Row(left, top, right, bottom, rows[-1].down + _tall(rows[-1]) + _GAP if rows else 0.0))
    _arrange(root, rows)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    root.attrib = {"xmlns": _SVG[1:-1], **root.attrib}
    return ElementTree.tostring(root, encoding="unicode")


def _spans(root: ElementTree.Element, kind: str) -> list[Span]:
    return [(box[0], box[2]) for _, box in boxes(root, kind)]


def _tall(row: Row) -> float:
    return row.bottom - row.top


def _extent(shapes: Iterable[Box], left: float, right: float, height: float) -> tuple[float, float]:
    """The highest and the lowest that a row shows."""
    seen = [box for box in shapes if box[0] < right and box[2] > left]
    top = max(0.0, min((box[1] for box in seen), default=0.0) - _MARGIN)
    return top, min(height, max((box[3] for box in seen), default=height) + _MARGIN)


def _arrange(root: ElementTree.Element, rows: Sequence[Row]) -> None:
    (graph,) = [child for child in root if child.get("class") == "graph"]
    root.remove(graph)
    identifier = graph.get("id", "")
    ground = next((shape.get("fill", "white") for shape in graph if shape.tag == f"{_SVG}polygon"), "white")
    width, height = max(row.right - row.left for row in rows), rows[-1].down + _tall(rows[-1])
    root.attrib.update(
        {"width": f"{width:.0f}pt", "height": f"{height:.0f}pt", "viewBox": f"0 0 {width:.2f} {height:.2f}"}
    )
    # What follows the page sets its colours here too: the copies are not inside of the original.
    whole = ElementTree.SubElement(root, f"{_SVG}g", {"id": f"{identifier}-rows", "class": "rows"})
    style = f"fill:var(--gm0,{ground})"
    ElementTree.SubElement(whole, f"{_SVG}rect", {"width": "100%", "height": "100%", "style": style})
    for number, row in enumerate(rows):
        window = ElementTree.SubElement(whole, f"{_SVG}svg", _window(row))
        window.append(ElementTree.Element(f"{_SVG}use", {"href": f"#{identifier}"}) if number else graph)
        if number:
            whole.append(_cut(0.0, row))
        if row is not rows[-1]:
            whole.append(_cut(row.right - row.left, row))


def _cut(across: float, row: Row) -> ElementTree.Element:
    """A line where a row was cut."""
    ends = {"x1": across, "x2": across, "y1": row.down, "y2": row.down + _tall(row)}
    look = {"stroke": _CUT, "stroke-width": "1.5", "stroke-dasharray": "1 5", "stroke-linecap": "round"}
    return ElementTree.Element(
        f"{_SVG}line", {**{end: f"{place:.2f}" for end, place in ends.items()}, **look}
    )


def _window(row: Row) -> dict[str, str]:
    wide, tall = row.right - row.left, _tall(row)
    return {
        "class": "row",
        "y": f"{row.down:.2f}",
        "width": f"{wide:.2f}",
        "height": f"{tall:.2f}",
        "viewBox": f"{row.left:.2f} {row.top:.2f} {wide:.2f} {tall:.2f}",
    }


def rows_of(root: ElementTree.Element) -> list[Row]:
    """The rows that a picture is cut into; all of it is one if it is not cut.

    Args:
        root: an SVG picture.
    """
    found = [element for element in root.iter(f"{_SVG}svg") if element.get("class") == "row"]
    rows = []
    for element in found or [root]:
        left, top, wide, tall = map(float, element.get("viewBox", "0 0 1 1").split())
        rows.append(Row(left, top, left + wide, top + tall, float(element.get("y", "0"))))
    return rows
