"""Run a %%graph cell: build a graph from its body, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphmagic.graph import Graph
from graphmagic.graph.undo import unchanged_on_error as graph_unchanged_on_error
from graphmagic.notebook.bench import Bench
from graphmagic.notebook.cells import compile_body, run_body
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.names import Names, unchanged_on_error

__all__ = ["GraphCell"]


@dataclass(frozen=True)
class GraphCell:
    """What somebody asked for in the first line of a %%graph cell.

    Args:
        name: the name of the graph.
        extend: add to the graph of that name instead of building it afresh.
        verbose_errors: leave errors in the body as they are.
    """

    name: str
    extend: bool = False
    verbose_errors: bool = False

    def run(self, bench: Bench, line: str, body: str, draw: Callable[[Graph], Any]) -> Any:
        """Build the graph and draw it, then register it and bind its name; if that fails, nothing has changed.

        Args:
            bench: where graphs and names are.
            line: the rest of the first line.
            body: the other lines.
            draw: makes the picture.

        Returns:
            The picture.

        Raises:
            MagicError: the name cannot be used, there is no graph to extend, or the graph cannot be drawn so.
            BaseException: whatever the body raised.
        """
        bench.names.check(self.name, "%%graph")
        graph = bench.workspace.graph(self.name) if self.extend else Graph()
        code = compile_body(bench.cells, f"%%graph {line}", body)
        with unchanged_on_error(bench.names.namespace), graph_unchanged_on_error(graph):
            run_body(bench.cells, code, graph.as_default, _no_value, self.verbose_errors)
            self._check_body(bench.names)
            picture = draw(graph)
        bench.workspace.put_graph(self.name, graph)
        bench.names.bind(self.name, graph)
        return picture

    def _check_body(self, names: Names) -> None:
        if names.is_users(self.name):
            raise MagicError(
                f"The body binds {self.name} itself, which is to be the name of the graph. "
                f"Rename one of them: `%%graph ANOTHER_NAME`, or another variable in the body."
            )


def _no_value(value: Any) -> None:
    """The last expression of a body that builds is not shown: the graph is."""
