"""Shapes, colours and fonts.

The colours are tints and shades of Okabe and Ito's palette, which people with any common kind of colour
blindness can tell apart; text has the contrast of WCAG AA.  No kind is told by colour alone: each has its own
shape or outline, so that a picture also reads in grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from graphmagic.draw.model import EdgeKind, Kind

__all__ = [
    "DARK",
    "LIGHT",
    "SAYS_DARK",
    "SAYS_LIGHT",
    "THEMES",
    "EdgeStyle",
    "NodeStyle",
    "Palette",
    "Theme",
    "dark_for",
]

SAYS_DARK = (
    '[data-jp-theme-light="false"]',
    ".vscode-dark",
    ".vscode-high-contrast:not(.vscode-high-contrast-light)",
    '[data-theme="dark"]',
)
SAYS_LIGHT = ('[data-jp-theme-light="true"]', ".vscode-light", '[data-theme="light"]')
"""How JupyterLab, VS Code, and lecture decks and others mark their pages."""


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """How one kind of node looks, in Graphviz's terms."""

    shape: str
    fill: str
    line: str
    style: str = "filled"
    margin: str = "0.12,0.06"
    height: str = "0.4"
    sideways: str = ""
    sideways_margin: str = ""


@dataclass(frozen=True, slots=True)
class EdgeStyle:
    """How one kind of edge looks, in Graphviz's terms."""

    line: str
    style: str = "solid"
    dir: str = "forward"
    arrow: str = "normal"
    width: str = "1"


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a picture, by what they are for; a `line` has a contrast of 3 to the ground, a text of 4.5."""

    ground: str
    text: str
    detail: str
    variable: str
    variable_line: str
    placeholder: str
    placeholder_line: str
    operation: str
    operation_line: str
    scope: str
    scope_line: str
    group_line: str
    data_line: str
    side_line: str
    control_line: str
    frame: str
    frame_line: str
    frame_text: str
    dim_text: str


_LIGHT = Palette(
    ground="#ffffff",
    text="#1a1a1a",
    detail="#404040",
    variable="#ffe9b8",
    variable_line="#9a5b00",
    placeholder="#d5eafb",
    placeholder_line="#0062a0",
    operation="#ddf3ea",
    operation_line="#00694d",
    scope="#f3e3ee",
    scope_line="#8a3a70",
    group_line="#555555",
    data_line="#444444",
    side_line="#949494",
    control_line="#666666",
    frame="#f6f7f9",
    frame_line="#8c8c96",
    frame_text="#4a4a55",
    dim_text="#6e6e6e",
)
_DARK = Palette(
    ground="#1b1c1f",
    text="#f4f4f4",
    detail="#d2d2d4",
    variable="#4d3608",
    variable_line="#efb24a",
    placeholder="#123d5e",
    placeholder_line="#6fb9f0",
    operation="#103f31",
    operation_line="#4fc79d",
    scope="#4a2940",
    scope_line="#dd93c4",
    group_line="#b4b4b8",
    data_line="#c4c4c8",
    side_line="#808086",
    control_line="#a2a2a8",
    frame="#26282c",
    frame_line="#86868f",
    frame_text="#c6c6d0",
    dim_text="#a6a6ac",
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything about the look of a picture.

    A picture has a ground of its own: on a transparent one, dark text would stand on a dark page.

    Attributes:
        follows: what makes the SVG turn dark: nothing, the `page` it stands in, or also the `system`.

    >>> LIGHT.nodes[Kind.VARIABLE].shape
    'cylinder'
    """

    nodes: Mapping[Kind, NodeStyle]
    edges: Mapping[EdgeKind, EdgeStyle]
    palette: Palette
    follows: str = ""
    font: str = "Helvetica,Arial,sans-serif"
    size: int = 14
    small: int = 12


def _theme(p: Palette, follows: str = "") -> Theme:
    nodes = {
        Kind.VARIABLE: NodeStyle("cylinder", p.variable, p.variable_line, margin="0.16,0.06"),
        Kind.PLACEHOLDER: NodeStyle(
            "invhouse",
            p.placeholder,
            p.placeholder_line,
            margin="0.02,0.02",
            sideways="cds",
            sideways_margin="0.2,0.14",
        ),
        Kind.CONSTANT: NodeStyle("plain", p.ground, p.ground, style="", margin="0", height="0.2"),
        Kind.RESOURCE: NodeStyle("octagon", p.variable, p.variable_line, margin="0.04,0.04"),
        Kind.OPERATION: NodeStyle("box", p.operation, p.operation_line, style="filled,rounded"),
        Kind.GROUP: NodeStyle("box", p.ground, p.group_line, style="filled,rounded,dashed", height="0.3"),
        Kind.SCOPE: NodeStyle("folder", p.scope, p.scope_line),
        Kind.STACK: NodeStyle("box3d", p.scope, p.scope_line),
    }
    edges = {
        EdgeKind.DATA: EdgeStyle(p.data_line),
        EdgeKind.SIDE: EdgeStyle(p.side_line, width="0.7"),
        EdgeKind.CONTROL: EdgeStyle(p.control_line, style="dashed", arrow="vee"),
        EdgeKind.INITIALIZE: EdgeStyle(p.control_line, style="dashed", arrow="vee"),
        EdgeKind.WRITE: EdgeStyle(p.variable_line, dir="back"),
        EdgeKind.UPDATE: EdgeStyle(p.variable_line, dir="both"),
        EdgeKind.HIDDEN: EdgeStyle(p.ground, style="invis"),
    }
    return Theme(MappingProxyType(nodes), MappingProxyType(edges), p, follows)


LIGHT = _theme(_LIGHT)
DARK = _theme(_DARK)
THEMES: Mapping[str, Theme] = MappingProxyType(
    {"auto": _theme(_LIGHT, "page"), "light": LIGHT, "dark": DARK, "system": _theme(_LIGHT, "system")}
)
"""By name: `auto` turns dark where the page around the SVG says that it is, `system` also where the system is."""


def dark_for() -> dict[str, str]:
    """Each light colour with the dark one in its place.

    >>> dark_for()["#ffffff"]
    '#1b1c1f'
    """
    return {getattr(_LIGHT, field.name): getattr(_DARK, field.name) for field in fields(Palette)}
