"""Make Graphviz's SVG fit for a page: standalone, accessible, free of what differs between versions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree

from graphmagic.draw.labels import printable
from graphmagic.draw.theme import SAYS_DARK, SAYS_LIGHT, dark_for

__all__ = ["finish"]

_SVG = "{http://www.w3.org/2000/svg}"
_TOOLTIP = "{http://www.w3.org/1999/xlink}title"


def finish(
    source: bytes,
    title: str,
    description: str,
    marks: Sequence[Mapping[str, str]] = (),
    follows: str = "",
) -> str:
    """Rework the SVG that Graphviz wrote.

    The header and the comments go, which tell Graphviz's version.  The tooltips, which Graphviz writes as
    titles of links that lead nowhere, become the ``<title>`` of the shape they belong to, where browsers and
    screen readers look for them.

    Args:
        source: what Graphviz wrote.
        title: the accessible name of the picture.
        description: one sentence on what it shows.
        marks: for each node of the drawing, attributes to put on it, for programs; then nodes and arrows also tell
            the numbers of the nodes that they are or join, and nothing has an id that two pictures could share.
        follows: turns dark with the `page` around it, also with the `system`, or never.

    Returns:
        Text that starts with ``<svg``.
    """
    root = ElementTree.fromstring(source)
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
    for group in list(root.iter("g")):
        if group.get("class") == "graph":
            _remove_titles(group)
        elif group.get("class") in ("node", "edge", "cluster"):
            if marks:
                _mark(group, marks)
            _move_tooltip(group)
    title, description = printable(title), printable(description)
    root.attrib = {
        "xmlns": _SVG[1:-1],
        "role": "img",
        "aria-label": title,
        "style": "max-width:100%;height:auto",
        **root.attrib,
    }
    root[:0] = [_element("title", title), _element("desc", description)]
    if follows:
        root.insert(2, _element("style", _style(root, follows == "system")))
    return ElementTree.tostring(root, encoding="unicode").rstrip()


def _mark(group: ElementTree.Element, marks: Sequence[Mapping[str, str]]) -> None:
    """Say in attributes which node a shape is, or which ones an arrow joins; Graphviz writes that as titles."""
    group.attrib.pop("id", None)
    for link in group.iter("g"):
        link.attrib.pop("id", None)
    numbers = re.findall(r"n(\d+)", group.findtext("title", ""))
    if group.get("class") == "node":
        group.attrib.update({"data-node": numbers[0], **marks[int(numbers[0])]})
    elif group.get("class") == "edge":
        group.attrib.update({"data-tail": numbers[0], "data-head": numbers[1]})


def _style(root: ElementTree.Element, system: bool) -> str:
    """Rules that exchange the light colours for the dark ones."""
    picture = "#" + next(group.get("id", "") for group in root.iter("g"))
    variables, uses = [], []
    for index, (light, dark) in enumerate(dark_for().items()):
        name = f"--gm{index}"
        used = [
            f"{picture} [{kind}='{light}']{{{kind}:var({name},{light})}}"
            for kind in ("fill", "stroke")
            if any(element.get(kind) == light for element in root.iter())
        ]
        uses += used
        variables += [f"{name}:{dark}"] if used else []
    block = f"{{{';'.join(variables)}}}"
    # Of a picture in rows, the copies take the colours from the group around all of them.
    parts = picture, f"{picture}-rows"
    rules = [*uses, ",".join(f"{says} {part}" for says in SAYS_DARK for part in parts) + block]
    if system:
        unsaid = "".join(f":not(:has({says})):not({says})" for says in SAYS_LIGHT)
        dark = ",".join(f":root{unsaid} {part}" for part in parts)
        rules.append(f"@media (prefers-color-scheme:dark){{{dark}{block}}}")
    return "".join(rules)


def _element(tag: str, text: str) -> ElementTree.Element:
    element = ElementTree.Element(tag)
    element.text = text
    return element


def _remove_titles(group: ElementTree.Element) -> None:
    for title in group.findall("title"):
        group.remove(title)


def _move_tooltip(group: ElementTree.Element) -> None:
    """Take the links out of a shape and make their tooltip its title."""
    tooltips = [link.get(_TOOLTIP, "") for link in group.iter("a")]
    _remove_titles(group)
    group[:] = [_element("title", tooltips[0] if tooltips else ""), *_unwrapped(group)]


def _unwrapped(group: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """The children of a shape, without the groups and links around those that had a tooltip."""
    for child in group:
        links = child.findall("a")
        yield from (inner for link in links for inner in link) if links else (child,)
