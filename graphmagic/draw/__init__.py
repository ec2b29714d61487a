"""Pictures of graphs.

A graph is summarised into a drawing of few nodes (`summarize`), written in DOT (`dot`), and laid out by
Graphviz (`render`).  Everything up to the DOT text is pure and deterministic.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphmagic.draw.legend import with_legend
from graphmagic.draw.opening import Opening
from graphmagic.draw.pictures import Picture
from graphmagic.draw.render import DrawingError, GraphvizNotFoundError
from graphmagic.draw.summarize import summarize
from graphmagic.draw.text import neighbour_lines, to_text, values_text
from graphmagic.draw.theme import THEMES, Theme

if TYPE_CHECKING:
    from graphmagic.graph import Graph, Operation

__all__ = [
    "THEMES",
    "DrawingError",
    "GraphvizNotFoundError",
    "Picture",
    "Theme",
    "picture",
    "picture_around",
    "picture_of_values",
]

DIRECTIONS = ("TB", "LR")


def picture(
    graph: Graph,
    *,
    name: str = "graph",
    depth: int | None = None,
    direction: str = "TB",
    fetches: Any = None,
    values: Mapping[str, Any] | None = None,
    theme: Theme | str = "auto",
    full: bool = False,
    expand: str | Iterable[str] = (),
    collapse: str | Iterable[str] = (),
    around: Any = None,
    hops: int = 1,
    legend: bool = False,
) -> Picture:
    """Draw a graph.

    Args:
        graph: the graph.
        name: what to call it.
        depth: open name scopes down to this depth, 0 for none; by default as many as stay legible.
        direction: `TB`: data flows down. `LR`: to the right, good for slides.
        fetches: a tensor, variable or operation or its name, or a list of them: light up what running them
            executes.
        values: variable name -> value, or None where it is uninitialized: show these on the variables.
        theme: `light`; `dark`; `auto`, an SVG that turns dark where the page around it says that it is dark;
            `system`, one that also follows the system's setting; or colours and fonts of your own.
        full: show every operation, also a variable's own ones, and open every scope.
        expand: the name of a scope to open with what is around it, or several; ``layer_*`` for all such.
        collapse: the name of a scope to keep closed, or several.
        around: show only this operation or tensor and what is near it.
        hops: how many edges away is near.
        legend: explain what the shapes and arrows in the picture mean.

    Returns:
        The picture, which shows itself in a notebook.

    Raises:
        ValueError: an unknown direction or theme, a negative depth or number of hops, or a scope, node or fetch that is
            not in the graph.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     foo = tf.Variable(42, name="foo")
    >>> picture(graph, values={"foo": 13}).drawing.nodes[0].details
    ('int32 scalar', '= 13')
    """
    if direction not in DIRECTIONS:
        near = difflib.get_close_matches(str(direction).upper(), DIRECTIONS, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"Unknown direction {direction!r}: it is 'TB' (down) or 'LR' (right).{hint}")
    if depth is not None and depth < 0:
        raise ValueError(f"Cannot draw to depth {depth}: it is 0 or more.")
    if hops < 0:
        raise ValueError(f"Cannot draw {hops} hops around a node: it is 0 or more.")
    drawing = summarize(
        graph,
        name=name,
        opening=Opening(depth, full, _patterns(expand), _patterns(collapse)),
        direction=direction,
        fetches=None if fetches is None else _operations(graph, fetches),
        values=values,
        around=None if around is None else _operations(graph, around)[0],
        hops=hops,
    )
    text = to_text(graph.get_operations(), drawing)
    if legend:
        drawing = with_legend(drawing, direction)
    return Picture(drawing, text, direction=direction, theme=_theme(theme))


def picture_around(node: Any, hops: int = 1) -> Picture:
    """Draw an operation, a tensor or a variable among its neighbours.

    Args:
        node: the operation, or a tensor or variable, which stands for the operation that makes it.
        hops: how many edges away the picture reaches.

    Returns:
        The picture; its text is about the operation alone.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     y = tf.square(tf.placeholder(tf.float32, [3], name="x"), name="y")
    >>> print(picture_around(y.op.inputs[0]).text)
    <tf.Tensor 'x:0' shape=(3,) dtype=float32>
      x  Placeholder  float32 [3]
      → y
      created at ...
    """
    op = node.op if hasattr(node, "op") else node
    drawing = summarize(op.graph, name=op.name, around=op, hops=hops, direction="LR")
    text = "\n".join([repr(node), *neighbour_lines(op)])
    return Picture(drawing, text, direction="LR", theme=THEMES["auto"])


def picture_of_values(graph: Graph, values: Mapping[str, Any]) -> Picture:
    """Draw what a session holds on its graph.

    Args:
        graph: the graph of the session.
        values: variable name -> value, or None where it is uninitialized.

    Returns:
        The picture; its text lists the variables.
    """
    drawing = picture(graph, values=values).drawing
    return Picture(drawing, values_text(graph.get_operations(), values), direction="TB", theme=THEMES["auto"])


def _theme(theme: Theme | str) -> Theme:
    if isinstance(theme, Theme):
        return theme
    if theme not in THEMES:
        raise ValueError(f"Unknown theme {theme!r}: it is one of {', '.join(THEMES)}.")
    return THEMES[theme]


def _patterns(names: str | Iterable[str]) -> tuple[str, ...]:
    """Names of scopes, without the slash that keys of boxes end in."""
    names = (names,) if isinstance(names, str) else names
    return tuple(name.rstrip("/") for name in names)


def _operations(graph: Graph, things: Any) -> list[Operation]:
    """The operations of tensors, variables, operations and names, in any nest of lists and tuples."""
    if isinstance(things, Mapping):
        things = list(things.values())
    if isinstance(things, Sequence) and not isinstance(things, str):
        return [op for thing in things for op in _operations(graph, thing)]
    element = graph.as_graph_element(things)
    return [getattr(element, "op", element)]
