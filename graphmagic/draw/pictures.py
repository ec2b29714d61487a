"""A picture of a graph that shows itself in notebooks and terminals."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from graphmagic.draw.dot import to_dot
from graphmagic.draw.html import to_html
from graphmagic.draw.model import Drawing
from graphmagic.draw.render import FORMATS, DrawingError, render
from graphmagic.draw.svg import finish
from graphmagic.draw.theme import Theme
from graphmagic.draw.wrap import wrap

__all__ = ["Picture"]

PNG_NODES = 200
"""A bitmap is shown along with the SVG of pictures of at most this many nodes."""


class Picture:
    """A drawing of a graph: DOT, SVG, PNG, PDF or text, and the right one of them in a notebook.

    Args:
        drawing: what it shows.
        text: the same for terminals.
        direction: `TB` or `LR`.
        theme: the look.

    Attributes:
        drawing: what it shows, as data.
        dot: the graph in Graphviz's language; the same graph always gives the same text.
        text: a readable list of the operations.

    >>> import graphmagic as tf
    >>> from graphmagic import draw
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.placeholder(tf.float32, name="x")
    >>> draw.picture(graph)
    Graph graph: 1 operation, 1 placeholder (x).
      x  Placeholder  float32 unknown shape
    """

    def __init__(self, drawing: Drawing, text: str, *, direction: str, theme: Theme) -> None:
        self.drawing = drawing
        self.text = text
        self.theme = theme
        self.direction = direction
        self.dot = to_dot(drawing, direction=direction, theme=theme)

    def svg(self) -> str:
        """The picture as SVG that can stand alone or in a page.

        Raises:
            DrawingError: there is no Graphviz, or it failed or took too long.
        """
        return self._svg(self.theme.follows)

    def html(self) -> str:
        """The picture for a page, without scripts: an image as dark as the page, with tooltips.

        Raises:
            DrawingError: there is no Graphviz, or it failed or took too long.
        """
        return to_html(self._image_svg(), self.drawing.description, self.theme.follows)

    def _image_svg(self) -> str:
        """SVG for an image: it cannot see the page around it, but what the page says comes as the system's wish."""
        return self._svg("system" if self.theme.follows else "")

    def _svg(self, follows: str) -> str:
        title = f"Graph {self.drawing.name}"
        svg = finish(render(self.dot, "svg"), title, self.drawing.description, follows=follows)
        return wrap(svg) if self.direction == "LR" else svg

    def png(self) -> bytes:
        """The picture as a bitmap.

        Raises:
            DrawingError: there is no Graphviz, or it failed or took too long.
        """
        return render(self.dot, "png")

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture to a file.

        Args:
            path: where; it ends in ``.svg``, ``.png``, ``.pdf`` or ``.dot``, which tells the format.

        Returns:
            The path.

        Raises:
            ValueError: the ending is none of these.
            DrawingError: there is no Graphviz, or it failed or took too long.
        """
        path = Path(path)
        format = path.suffix.lower().removeprefix(".")
        if format == "dot":
            path.write_text(self.dot, encoding="utf-8")
        elif format == "svg":
            path.write_text(self.svg(), encoding="utf-8")
        elif format in FORMATS:
            path.write_bytes(render(self.dot, format))
        else:
            raise ValueError(f"Cannot save a picture as {str(path)!r}: use .svg, .png, .pdf or .dot.")
        return path

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        """All forms for a notebook; without Graphviz only the text, which then says why."""
        wanted = {
            mime
            for mime in ("text/plain", "text/html", "image/svg+xml", "image/png")
            if (not include or mime in include) and (not exclude or mime not in exclude)
        }
        bundle: dict[str, Any] = {}
        note = ""
        try:
            if "image/svg+xml" in wanted:
                bundle["image/svg+xml"] = self._image_svg()
            if "text/html" in wanted:
                bundle["text/html"] = self.html()
            if "image/png" in wanted and len(self.drawing.nodes) <= PNG_NODES:
                bundle["image/png"] = self.png()
        except DrawingError as error:
            note = f"\n{error}" if not bundle else ""
        if "text/plain" in wanted:
            bundle["text/plain"] = self.text + note
        return bundle
