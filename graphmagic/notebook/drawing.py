"""Draw a graph as the line of a magic asks for it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphmagic import draw
from graphmagic.draw import DrawingError, Picture
from graphmagic.graph import Graph
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.workspace import Workspace, find_element

__all__ = ["Look", "Request"]

SUFFIXES = (".svg", ".png", ".pdf", ".dot")


@dataclass(frozen=True)
class Look:
    """How graphs are drawn where a magic does not say otherwise.

    Args:
        depth: how many levels of name scopes are open, or None to decide by size.
        direction: ``LR`` or ``TB``.
        theme: ``auto``, ``light``, ``dark`` or ``system``.
    """

    depth: int | None
    direction: str
    theme: str


@dataclass(frozen=True)
class Request:
    """What to draw, as the options that `%graph` and `%%graph` share tell.

    Args:
        args: the parsed line.
        look: how to draw what it does not tell.
    """

    args: Namespace
    look: Look

    def check(self) -> None:
        """Find mistakes that need no graph, before anything is built.

        Raises:
            MagicError: the file to write is of no known kind.
        """
        output = self.args.output
        if output is not None and not output.lower().endswith(SUFFIXES):
            raise MagicError(f"--output {output}: the name must end in {', '.join(SUFFIXES)}.")

    def again(self, workspace: Workspace, namespace: Mapping[str, Any]) -> Picture:
        """The picture of the graph that the line names, of its session's, or of the one built last.

        Raises:
            MagicError: a name is unknown, or the session runs another graph.
        """
        self.check()
        name = self.args.name
        if self.args.session is not None:
            named = workspace.session(self.args.session)
            if name is not None and workspace.graph(name) is not named.session.graph:
                other = f"graph {named.graph_name}" if named.graph_name != name else "an earlier build of it"
                raise MagicError(f"Session {named.name} does not run this graph {name}, but {other}.")
            return self.picture(named.session.graph, named.graph_name, workspace, namespace)
        name = name or workspace.latest_graph()
        return self.picture(workspace.graph(name), name, workspace, namespace)

    def picture(self, graph: Graph, name: str, workspace: Workspace, namespace: Mapping[str, Any]) -> Picture:
        """The picture of a graph, written to a file if that was asked for.

        Raises:
            MagicError: a node, a scope or a session is not there.
        """
        args = self.args
        fetches = [find_element(graph, fetch, namespace) for fetch in args.fetch or ()]
        try:
            picture = draw.picture(
                graph,
                name=name,
                depth=self.look.depth if args.depth is None else args.depth,
                direction=args.direction or self.look.direction,
                theme=self.look.theme,
                expand=args.expand or (),
                collapse=args.collapse or (),
                fetches=fetches or None,
                values=self._values(graph, workspace),
                around=None if args.around is None else find_element(graph, args.around, namespace),
                hops=args.hops,
                legend=args.legend,
            )
        except ValueError as error:
            raise MagicError(str(error)) from None
        if args.output is not None:
            self._save(picture, args.output)
        return picture

    def _save(self, picture: Picture, path: str) -> None:
        try:
            picture.save(path)
        except (DrawingError, OSError) as error:
            raise MagicError(f"--output {path}: {error}") from None

    def _values(self, graph: Graph, workspace: Workspace) -> dict[str, Any] | None:
        if self.args.session is None:
            return None
        named = workspace.session(self.args.session)
        if named.session.graph is not graph:
            raise MagicError(f"Session {named.name} runs another graph, {named.graph_name}.")
        if named.session.closed:
            raise MagicError(f"Session {named.name} is closed: it holds no values to draw.")
        return {state.name: state.value for state in named.session.variables()}
