"""Shapes, colours and fonts.

The colours are tints and shades of Okabe and Ito's palette, which people with any common kind of colour
blindness can tell apart; text has the contrast of WCAG AA.  No kind is told by colour alone: each has its own
shape or outline, so that a picture also reads in grey.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from graphmagic.draw.model import EdgeKind, Kind

__all__ = ["LIGHT", "EdgeStyle", "NodeStyle", "Theme"]


@dataclass(frozen=True, slots=True)
class NodeStyle:
    """How one kind of node looks, in Graphviz's terms."""

    shape: str
    fill: str
    line: str
    style: str = "filled"
    margin: str = "0.12,0.06"
    height: str = "0.4"
    text: str = "#1a1a1a"
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


_NODES: Mapping[Kind, NodeStyle] = MappingProxyType(
    {
        Kind.VARIABLE: NodeStyle("cylinder", "#ffe9b8", "#9a5b00", margin="0.16,0.06"),
        Kind.PLACEHOLDER: NodeStyle(
            "invhouse", "#d5eafb", "#0062a0", margin="0.02,0.02", sideways="cds", sideways_margin="0.2,0.14"
        ),
        Kind.CONSTANT: NodeStyle("plain", "#ffffff", "#ffffff", style="", margin="0", height="0.2"),
        Kind.RESOURCE: NodeStyle("octagon", "#ffe9b8", "#9a5b00", margin="0.04,0.04"),
        Kind.OPERATION: NodeStyle("box", "#ddf3ea", "#00694d", style="filled,rounded"),
        Kind.GROUP: NodeStyle("box", "#ffffff", "#555555", style="filled,rounded,dashed", height="0.3"),
        Kind.SCOPE: NodeStyle("folder", "#f3e3ee", "#8a3a70"),
        Kind.STACK: NodeStyle("box3d", "#f3e3ee", "#8a3a70"),
    }
)

_EDGES: Mapping[EdgeKind, EdgeStyle] = MappingProxyType(
    {
        EdgeKind.DATA: EdgeStyle("#444444"),
        EdgeKind.SIDE: EdgeStyle("#949494", width="0.7"),
        EdgeKind.CONTROL: EdgeStyle("#666666", style="dashed", arrow="vee"),
        EdgeKind.INITIALIZE: EdgeStyle("#666666", style="dashed", arrow="vee"),
        EdgeKind.WRITE: EdgeStyle("#9a5b00", dir="back"),
        EdgeKind.UPDATE: EdgeStyle("#9a5b00", dir="both"),
    }
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything about the look of a picture.

    The background stays white also on dark pages: a transparent one would leave dark text on a dark ground.

    >>> LIGHT.nodes[Kind.VARIABLE].shape
    'cylinder'
    """

    nodes: Mapping[Kind, NodeStyle] = field(default_factory=lambda: _NODES)
    edges: Mapping[EdgeKind, EdgeStyle] = field(default_factory=lambda: _EDGES)
    background: str = "#ffffff"
    font: str = "Helvetica,Arial,sans-serif"
    size: int = 14
    small: int = 12
    detail: str = "#404040"
    cluster_fill: str = "#f6f7f9"
    cluster_line: str = "#8c8c96"
    cluster_text: str = "#4a4a55"
    dim_fill: str = "#ffffff"
    dim_line: str = "#949494"
    dim_text: str = "#6e6e6e"


LIGHT = Theme()
"""The only theme yet: dark on white."""
