"""Draw a graph as the line of a magic asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphmagic.draw import DrawingError
from graphmagic.graph import Graph
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.workspace import Workspace, find_element

__all__ = ["Drawing", "NamedDrawing"]

SUFFIXES = (".svg", ".png", ".pdf", ".dot")


@dataclass(frozen=True)
class Drawing:
    """How to draw.

    Args:
        draw: makes the picture of a graph.
        depth: how many levels of name scopes are open, or None to decide by size.
        direction: ``LR`` or ``TB``.
    """

    draw: Callable[..., Any]
    depth: int | None
    direction: str

    def picture(self, graph: Graph, name: str, **more: Any) -> Any:
        """The picture of a graph; `more` may hold ``fetches`` and ``values``."""
        return self.draw(graph, name=name, depth=self.depth, direction=self.direction, **more)


@dataclass(frozen=True)
class NamedDrawing:
    """What to draw.

    Args:
        name: the graph, or None for that of the session, else the one built last.
        session: the session whose values are written on the graph.
        fetch: names of what a run would fetch.
        output: a file to write.
    """

    name: str | None
    session: str | None = None
    fetch: tuple[str, ...] = ()
    output: str | None = None

    def picture(self, drawing: Drawing, workspace: Workspace, namespace: Mapping[str, Any]) -> Any:
        """The picture, written to a file if that was asked for.

        Raises:
            MagicError: a name is unknown, or the session runs another graph.
        """
        if self.output is not None and not self.output.lower().endswith(SUFFIXES):
            raise MagicError(f"--output {self.output}: the name must end in {', '.join(SUFFIXES)}.")
        name, graph, values = self._found(workspace)
        fetches = [find_element(graph, fetch, namespace) for fetch in self.fetch]
        picture = drawing.picture(graph, name, fetches=fetches or None, values=values)
        if self.output is not None:
            self._save(picture, self.output)
        return picture

    def _save(self, picture: Any, path: str) -> None:
        try:
            picture.save(path)
        except (DrawingError, OSError) as error:
            raise MagicError(f"--output {path}: {error}") from None

    def _found(self, workspace: Workspace) -> tuple[str, Graph, dict[str, Any] | None]:
        if self.session is None:
            name = self.name or workspace.latest_graph()
            return name, workspace.graph(name), None
        named = workspace.session(self.session)
        if self.name is not None and workspace.graph(self.name) is not named.session.graph:
            other = f"graph {named.graph_name}" if named.graph_name != self.name else "an earlier build of it"
            raise MagicError(f"Session {named.name} does not run this graph {self.name}, but {other}.")
        if named.session.closed:
            raise MagicError(f"Session {named.name} is closed: it holds no values to draw.")
        values = {state.name: state.value for state in named.session.variables()}
        return named.graph_name, named.session.graph, values
