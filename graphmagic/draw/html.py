"""A picture for a page: an image that turns dark with the page around it, with tooltips on top, and without scripts.

Pages that clean their HTML, such as notebooks that are not trusted yet, keep the image and drop the rest.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from html import escape
from types import MappingProxyType
from xml.etree import ElementTree

from graphmagic.draw.theme import SAYS_DARK, SAYS_LIGHT
from graphmagic.draw.wrap import Box, boxes, rows_of

__all__ = ["CLASS", "hover_areas", "to_html"]

CLASS = "graphmagic-picture"
_SVG = "{http://www.w3.org/2000/svg}"
_UNSAID: Mapping[str, str] = MappingProxyType({"page": "light", "system": "light dark"})
"""What a theme follows -> the colours where the page does not say what it is."""


def to_html(svg: str, description: str, follows: str = "") -> str:
    """An image of a picture, as large as its letters are meant to be, or as wide as the page.

    Args:
        svg: the picture; if it follows anything, with rules for readers who like it dark.
        description: one sentence on what it shows.
        follows: turns dark with the `page` around it, also with the `system`, or never.

    Returns:
        HTML: one ``div``.
    """
    root = ElementTree.fromstring(svg)
    width, height = _size(root)
    data = base64.b64encode(svg.encode()).decode()
    areas = "".join(_area(title, box, width, height) for title, box in hover_areas(root))
    style = f"<style>{_rules(follows)}</style>" if follows else ""
    return (
        f'<div class="{CLASS} {CLASS}-{follows or "still"}" '
        f'style="position:relative;display:inline-block;max-width:100%">{style}'
        f'<img alt="{escape(description)}" style="display:block;width:{width:.0f}px;max-width:100%;height:auto" '
        f'src="data:image/svg+xml;base64,{data}">{areas}</div>'
    )


def hover_areas(root: ElementTree.Element) -> Iterator[tuple[str, Box]]:
    """The tooltips of frames and nodes in the order in which they lie on each other, and where.

    Args:
        root: the picture.

    Yields:
        A tooltip and the left, top, right and bottom of its shape, in the units of the picture's view.
    """
    rows = rows_of(root)
    for group, (left, top, right, bottom) in boxes(root, "cluster", "node"):
        title = group.findtext(f"{_SVG}title", "")
        for row in rows if title else ():
            start, end, down = max(left, row.left), min(right, row.right), row.down - row.top
            if start < end:
                yield title, (start - row.left, top + down, end - row.left, bottom + down)


def _size(root: ElementTree.Element) -> tuple[float, float]:
    width, height = map(float, root.get("viewBox", "0 0 1 1").split()[2:])
    return width, height


def _area(title: str, box: Box, width: float, height: float) -> str:
    left, top, right, bottom = box
    sides = {
        "left": left / width,
        "top": top / height,
        "width": (right - left) / width,
        "height": (bottom - top) / height,
    }
    style = ";".join(f"{side}:{share:.1%}" for side, share in sides.items())
    return f'<span title="{escape(title)}" style="position:absolute;{style}"></span>'


def _rules(follows: str) -> str:
    """Which colours the image takes: an image cannot see its page, but takes over the page's colour scheme."""
    image = f".{CLASS}-{follows} img"
    return (
        f"{image}{{color-scheme:{_UNSAID[follows]}}}"
        f"{_any(SAYS_LIGHT, image)}{{color-scheme:light}}{_any(SAYS_DARK, image)}{{color-scheme:dark}}"
    )


def _any(marks: tuple[str, ...], image: str) -> str:
    return ",".join(f"{mark} {image}" for mark in marks)
