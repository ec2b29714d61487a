r"""From what a picture shows to text in Graphviz's DOT language: pure and deterministic.

No name or value ever becomes markup.  Nodes and clusters are numbered, labels and tooltips are the only
places for a user's text, and there a character reference stands for each character that means something to
DOT or to its HTML-like labels.  Graphviz resolves these references first and ``\N``, ``\G``, ``\l`` and
``\\`` afterwards, once in HTML-like labels and twice in tooltips (tried with 2.43 and 14.1): hence the
doubled backslashes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape

import graphviz

from graphmagic.draw.labels import printable
from graphmagic.draw.model import Drawing, Edge, Emphasis, Kind, Node
from graphmagic.draw.theme import LIGHT, Theme

__all__ = ["to_dot"]


def to_dot(drawing: Drawing, *, direction: str = "TB", theme: Theme = LIGHT) -> str:
    r"""Write a drawing in DOT.

    Args:
        drawing: what to show.
        direction: `TB` for data that flows down, `LR` for data that flows to the right.
        theme: the look.

    Returns:
        The source of a digraph; the same drawing always gives the same text.

    >>> dot = to_dot(Drawing("g", "", (Node("x", Kind.CONSTANT, "x <y>"),)))
    >>> dot.splitlines()[-2].split(" color")[0]
    '\tn0 [label=<x &lt;y&gt;>'
    """
    numbers = {node.key: f"n{index}" for index, node in enumerate(drawing.nodes)}
    graph = graphviz.Digraph(node_attr=_node_defaults(theme), edge_attr=_edge_defaults(theme))
    _add_nodes(graph, drawing, numbers, direction, theme)
    for edge in drawing.edges:
        graph.edge(numbers[edge.tail], numbers[edge.head], **_edge_attributes(edge, theme))
    graph.graph_attr = _graph_attributes(drawing.name, direction, theme)
    digest = hashlib.sha256(graph.source.encode()).hexdigest()[:8]
    graph.graph_attr["id"] = f"gm-{_identifier(drawing.name)}-{digest}"
    return str(graph.source)


def _identifier(name: str) -> str:
    """A name as a part of an XML id."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:24] or "graph"


def _graph_attributes(name: str, direction: str, theme: Theme) -> dict[str, str]:
    return {
        "bgcolor": theme.palette.ground,
        "fontname": theme.font,
        "fontsize": str(theme.small),
        "nodesep": "0.2",
        "pad": "0.1",
        "rankdir": direction,
        "ranksep": "0.25",
    }


def _node_defaults(theme: Theme) -> dict[str, str]:
    return {
        "fontcolor": theme.palette.text,
        "fontname": theme.font,
        "fontsize": str(theme.size),
        "penwidth": "1.3",
        "width": "0.5",
    }


def _edge_defaults(theme: Theme) -> dict[str, str]:
    return {"arrowsize": "0.75", "fontname": theme.font, "fontsize": str(theme.small)}


def _add_nodes(
    graph: graphviz.Digraph, drawing: Drawing, numbers: dict[str, str], direction: str, theme: Theme
) -> None:
    """Add the nodes in their clusters, the inner clusters first."""
    frames = {"": graph}
    for index, cluster in enumerate(drawing.clusters):
        frames[cluster.path] = graphviz.Digraph(
            f"cluster_{index}",
            graph_attr={
                "color": theme.palette.frame_line,
                "fillcolor": theme.palette.frame,
                "fontcolor": theme.palette.frame_text,
                "label": _html(f"<B>{_text(cluster.title)}</B>"),
                "labeljust": "l",
                "style": "filled,rounded",
                "tooltip": _tip([cluster.path]),
            },
        )
    for node in drawing.nodes:
        frames[node.cluster].node(numbers[node.key], **_node_attributes(node, direction, theme))
    for cluster in reversed(drawing.clusters):
        frames[cluster.parent].subgraph(frames[cluster.path])


def _text(text: str) -> str:
    """A user's text as the text of an HTML-like label."""
    return escape(printable(text)).replace("\\", "&#92;" * 2)


def _html(markup: str) -> str:
    return f"<{markup}>"


def _tip(lines: Sequence[str]) -> str:
    """Lines of a user's text as a tooltip."""
    return "\\n".join(escape(printable(line)).replace("\\", "&#92;" * 4) for line in lines)


def _node_attributes(node: Node, direction: str, theme: Theme) -> dict[str, str]:
    style = theme.nodes[node.kind]
    if direction == "LR" and style.sideways:
        style = replace(style, shape=style.sideways, margin=style.sideways_margin)
    attributes = {
        "color": style.line,
        "fillcolor": style.fill,
        "height": style.height,
        "label": _label(node, theme),
        "margin": style.margin,
        "shape": style.shape,
        "style": style.style,
        "tooltip": _tip(node.tooltip),
    }
    if node.empty:
        attributes |= {"fillcolor": theme.palette.ground, "style": "filled,dashed"}
    if node.emphasis is Emphasis.DIM:
        attributes |= {"color": theme.palette.side_line, "fillcolor": theme.palette.ground, "penwidth": "0.8"}
    elif node.emphasis in (Emphasis.LIT, Emphasis.FETCHED):
        attributes["penwidth"] = "2.6"
    if node.emphasis is Emphasis.FETCHED and node.kind is not Kind.CONSTANT:
        attributes["peripheries"] = "2"
    return dict(sorted(attributes.items()))


def _label(node: Node, theme: Theme) -> str:
    dim = node.emphasis is Emphasis.DIM
    title = _text(node.title)
    bold = not dim and (node.kind is not Kind.CONSTANT or node.details)
    lines = [f"<B>{title}</B>" if bold else title]
    font = (
        f'<FONT COLOR="{theme.palette.dim_text if dim else theme.palette.detail}" POINT-SIZE="{theme.small}">'
    )
    lines += [f"{font}{_text(line)}</FONT>" for line in node.details if line]
    body = "<BR/>".join(lines)
    return _html(f'<FONT COLOR="{theme.palette.dim_text}">{body}</FONT>' if dim else body)


def _edge_attributes(edge: Edge, theme: Theme) -> dict[str, str]:
    style = theme.edges[edge.kind]
    dim = edge.emphasis is Emphasis.DIM
    attributes = {
        "color": theme.palette.side_line if dim else style.line,
        "tooltip": _tip(edge.tooltip),
    }
    if edge.label:
        attributes["fontcolor"] = theme.palette.dim_text if dim else theme.palette.detail
        attributes["label"] = _html(f" {_text(edge.label)} ")
        attributes["labeltooltip"] = attributes["tooltip"]
    if style.arrow != "normal":
        attributes["arrowhead"] = style.arrow
    if style.dir != "forward":
        attributes["dir"] = style.dir
    if style.style != "solid":
        attributes["style"] = style.style
    if style.width != "1":
        attributes["penwidth"] = style.width
    if edge.emphasis is Emphasis.LIT:
        attributes["penwidth"] = "2"
    return dict(sorted(attributes.items()))
