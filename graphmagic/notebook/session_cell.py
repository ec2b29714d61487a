"""Run a %%session cell: a session as the default, its panel live, the last tensor's value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from graphmagic.graph import Operation, Tensor
from graphmagic.notebook.bench import Bench
from graphmagic.notebook.cells import Body, Cells, compile_body, run_body
from graphmagic.notebook.clock import Clock
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.names import Names
from graphmagic.notebook.panel import Panel
from graphmagic.notebook.panel_table import PanelTable
from graphmagic.notebook.tables import Note
from graphmagic.notebook.workspace import NamedSession, Opened, find_element

__all__ = ["SessionCell"]

SESS = "sess"


@dataclass(frozen=True)
class SessionCell:
    """What somebody asked for in the first line of a %%session cell.

    Args:
        name: the name of the session.
        graph: the name of the graph, or None for the session's own, else the one built last.
        new: start afresh.
        keep: carry values over if the graph was rebuilt.
        close: close the session after the cell.
        watch: names of tensors to list in the panel.
        panel: whether to show the panel.
        refresh_seconds: the least time between two refreshes of the panel.
        verbose_errors: leave errors in the body as they are.
        time: whether to tell how long the runs took.
    """

    name: str
    graph: str | None = None
    new: bool = False
    keep: bool = False
    close: bool = False
    watch: tuple[str, ...] = ()
    panel: bool = True
    refresh_seconds: float = 0.2
    verbose_errors: bool = False
    time: bool = False

    def run(
        self,
        bench: Bench,
        show: Callable[[PanelTable | Note], None],
        line: str,
        body: str,
    ) -> Any:
        """Run the body with the session and its graph as defaults.

        Args:
            bench: the graphs and sessions, names and cells of the shell.
            show: displays what it is given, or replaces what it displayed before.
            line: the rest of the first line.
            body: the lines below it.

        Returns:
            The value of the last expression; what can be run in a session has been run.

        Raises:
            MagicError: a name cannot be used.
            BaseException: whatever the body raised.
        """
        names = bench.names
        names.check(self.name, "%%session")
        code = compile_body(bench.cells, f"%%session {line}", body)
        opened = bench.workspace.open(self.name, self.graph, self.new, self.keep)
        session = opened.named.session
        watched = self._watched(opened.named, names)
        names.bind(self.name, session)
        names.bind(SESS, session)
        try:
            with self._panel(opened, watched, show):
                return self._run_body(code, bench.cells, session)
        finally:
            if self.close:
                session.close()

    def _run_body(self, code: Body, cells: Cells, session: Any) -> Any:
        @contextmanager
        def inside() -> Iterator[None]:
            with session.graph.as_default(), session.as_default():
                yield

        def finish(value: Any) -> Any:
            return session.run(value) if is_fetch(value) else value

        return run_body(cells, code, inside, finish, self.verbose_errors)

    def _watched(self, named: NamedSession, names: Names) -> tuple[Tensor, ...]:
        graph = named.session.graph
        found = [_tensor(find_element(graph, name, names.namespace), name) for name in self.watch]
        named.session.watch(found)
        return tuple(found)

    @contextmanager
    def _panel(
        self, opened: Opened, watched: tuple[Tensor, ...], show: Callable[[PanelTable | Note], None]
    ) -> Iterator[None]:
        clock = Clock() if self.time else None
        if not self.panel:
            with _notes(opened, clock, show):
                yield
            return
        named = opened.named
        title = f"Session {named.name} · graph {named.graph_name}"
        panel = Panel(
            named.session,
            title,
            show,
            watched=watched,
            notes=opened.notes,
            refresh_seconds=self.refresh_seconds,
            clock=clock,
        )
        panel.start()
        ending = ""
        try:
            yield
        except KeyboardInterrupt:
            ending = "interrupted"
            raise
        except BaseException as error:
            ending = f"stopped by {type(error).__name__}"
            raise
        finally:
            panel.finish(ending)


@contextmanager
def _notes(opened: Opened, clock: Clock | None, show: Callable[[Note], None]) -> Iterator[None]:
    """Say in words what there is to say where no panel says it."""
    if opened.notes:
        show(Note("\n".join(opened.notes)))
    if clock is None:
        yield
        return
    try:
        with clock.timing(opened.named.session):
            yield
    finally:
        show(Note("\n".join([*opened.notes, clock.report()])))


def is_fetch(value: Any) -> bool:
    """Whether a value is a tensor, an operation or a variable, or a nest of nothing else."""
    if isinstance(value, (Tensor, Operation)) or hasattr(value, "_as_graph_element"):
        return True
    if isinstance(value, dict):
        value = tuple(value.values())
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(map(is_fetch, value))


def _tensor(element: Any, name: str) -> Tensor:
    """The tensor to watch where an operation was named."""
    if isinstance(element, Tensor):
        return element
    if not element.outputs:
        raise MagicError(f"--watch {name}: this operation has no output to watch.")
    return element.outputs[0]  # type: ignore[no-any-return]
