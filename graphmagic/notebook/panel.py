"""The live panel of a %%session cell: what every variable holds, while the cell runs and at its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from graphmagic.notebook.record import Record, Row
from graphmagic.notebook.tables import Table
from graphmagic.notebook.values import summarize, trend

__all__ = ["Panel"]

COLUMNS = ("variable", "dtype", "shape", "value", "trend", "this cell")
TREND = COLUMNS.index("trend")
# Fixed widths, so that the table does not jump while it is refreshed.
STYLES = {
    "shape": "white-space:nowrap",
    "value": "min-width:13em",
    "trend": "white-space:nowrap;min-width:15em",
    "this cell": "min-width:7em",
}
MOST_ROWS = 40
# Drawing may take 1/50 of the time: a panel that is slow to draw is drawn less often.
SHARE = 50


class Panel:
    """Shows a session while a cell runs, and for good the state in which the cell left it.

    Args:
        session: the session to show.
        title: how the caption begins.
        show: called with a `Table`, first to display it and then each time to replace it.
        watched: tensors to list below the variables.
        notes: sentences to show below the table.
        refresh_seconds: the least time between two refreshes.
    """

    def __init__(
        self,
        session: Any,
        title: str,
        show: Callable[[Table], None],
        *,
        watched: tuple[Any, ...] = (),
        notes: tuple[str, ...] = (),
        refresh_seconds: float = 0.2,
    ) -> None:
        self.session = session
        self.title = title
        self.show = show
        self.notes = notes
        self.refresh_seconds = refresh_seconds
        self.record = Record(session, watched)
        self._next = 0.0
        self._lock = threading.Lock()
        self._finished = False

    def start(self) -> None:
        """Show the state at the start of the cell, and follow the session from now on."""
        self._draw("running")
        self.session.listeners.append(self._after_run)

    def finish(self, ending: str = "") -> None:
        """Show the final state, and stop following: later cells do not change this panel.

        Args:
            ending: how the cell ended, if it did not end well.
        """
        if self._after_run in self.session.listeners:
            self.session.listeners.remove(self._after_run)
        with self._lock:
            self._finished = True
            self.show(self.table(ending))

    def table(self, status: str) -> Table:
        """The state of the session now."""
        if self.session.closed:
            gone = "The session is closed; its values are gone."
            return Table(self._caption(status), COLUMNS, (), (gone, *self.notes))
        rows, folded = _fold(self.record.rows())
        notes = [] if rows else ["The graph has no variables."]
        columns, cells = _cells(rows)
        return Table(self._caption(status), columns, cells, (*notes, *folded, *self.notes), STYLES)

    def _after_run(self, session: Any) -> None:
        # Called after every run, so the common case comes first: 0.2 µs where a small run takes 25 µs.
        skipped = self.record.samples.skips()
        if skipped and time.perf_counter() < self._next:
            return
        # Runs in other threads do not wait for one that is drawing; the end of the cell does.
        if not self._lock.acquire(blocking=False):
            return
        try:
            if not self._finished:
                self._follow(sample=not skipped)
        finally:
            self._lock.release()

    def _follow(self, sample: bool) -> None:
        if sample:
            self.record.sample()
        if time.perf_counter() >= self._next:
            self._draw("running")

    def _draw(self, status: str) -> None:
        begin = time.perf_counter()
        self.show(self.table(status))
        end = time.perf_counter()
        self._next = end + max(self.refresh_seconds, SHARE * (end - begin))

    def _caption(self, status: str) -> str:
        runs = f"{_count(self.session.run_count, 'run')}, {self.record.runs} in this cell"
        return " · ".join(filter(None, (self.title, runs, status)))


def _cells(rows: list[Row]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Headings and cells; without the column of trends if there is none to show."""
    cells = [_row_cells(row) for row in rows]
    if any(row[TREND] for row in cells):
        return COLUMNS, tuple(cells)
    return _without_trend(COLUMNS), tuple(map(_without_trend, cells))


def _without_trend(cells: tuple[str, ...]) -> tuple[str, ...]:
    return cells[:TREND] + cells[TREND + 1 :]


def _row_cells(row: Row) -> tuple[str, ...]:
    change = f"●\N{NO-BREAK SPACE}{row.change}" if row.change else ""
    return (
        row.name,
        row.dtype,
        row.shape,
        _value(row),
        trend(row.series),
        "watched" if row.watched else change,
    )


def _value(row: Row) -> str:
    if row.value is not None:
        return summarize(row.value)
    return "not computed yet" if row.watched else "uninitialized"


def _fold(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """The rows to show; of many, those that changed come first and the rest is only counted."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    ordered = sorted(rows, key=lambda row: not (row.change or row.watched))
    hidden = ordered[MOST_ROWS:]
    changed = sum(bool(row.change) for row in hidden)
    return ordered[:MOST_ROWS], [f"… and {_count(len(hidden), 'more variable')}, {changed} of them changed."]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
