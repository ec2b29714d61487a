"""The live panel of a %%session cell: what every variable holds, while the cell runs and at its end."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from graphmagic.alarm import Alarm
from graphmagic.notebook.clock import Clock
from graphmagic.notebook.panel_table import Line, Loop, PanelTable
from graphmagic.notebook.record import Record, Row
from graphmagic.notebook.values import is_finite, memory, seconds_in_words
from graphmagic.progress import Progress

__all__ = ["Panel"]

RUNNING = "running"
MOST_ROWS = 40
# Drawing may take 1/500 of the time: with sending, and with what other threads do meanwhile, that is below 2 %.
SHARE = 500
WORTH_MENTIONING = 1000  # bytes


class Panel:
    """Shows a session while a cell runs, and for good the state in which the cell left it.

    Args:
        session: the session to show.
        title: how the caption begins.
        show: called with a `PanelTable`, first to display it and then each time to replace it.
        watched: tensors to list below the variables.
        notes: sentences to show below the table.
        refresh_seconds: the least time between two refreshes.
        clock: takes the time of each run, and tells about it at the end.
    """

    def __init__(
        self,
        session: Any,
        title: str,
        show: Callable[[PanelTable], None],
        *,
        watched: tuple[Any, ...] = (),
        notes: tuple[str, ...] = (),
        refresh_seconds: float = 0.2,
        clock: Clock | None = None,
    ) -> None:
        self.session = session
        self.title = title
        self.show = show
        self.notes = notes
        self.refresh_seconds = refresh_seconds
        self.clock = clock
        self.record = Record(session, watched)
        self._seconds_before = session.run_seconds
        self._loops_before = dict(session.loops)
        self._alarm = Alarm(self._after_run)
        self._before: Alarm | None = None
        self._lock = threading.Lock()
        self._finished = False

    def start(self) -> None:
        """Show the state at the start of the cell, and follow the session from now on."""
        self._before, self.session.alarm = self.session.alarm, self._alarm
        self._draw(RUNNING)
        self._alarm.run = self.record.due
        if self.clock is not None:
            self.session.listeners.append(self._time)

    def finish(self, ending: str = "") -> None:
        """Show the final state, and stop following: later cells do not change this panel.

        Args:
            ending: how the cell ended, if it did not end well.
        """
        if self.session.alarm is self._alarm:
            self.session.alarm = self._before
        if self._time in self.session.listeners:
            self.session.listeners.remove(self._time)
        with self._lock:
            self._finished = True
            self.show(self.table(ending))

    def table(self, status: str) -> PanelTable:
        """The state of the session now; with `RUNNING` as its status, what only holds for a moment as well."""
        if self.session.closed:
            gone = "The session is closed; its values are gone."
            return PanelTable(self._caption(status, []), (), notes=(gone, *self._notes(status)))
        rows = self.record.rows(final=status != RUNNING)
        shown, hidden = _fold(rows)
        return PanelTable(
            self._caption(status, rows),
            tuple(map(Line.of, shown)),
            # What nobody can unfold before it is replaced is not drawn.
            folded=() if status == RUNNING else tuple(map(Line.of, hidden)),
            fold=_fold_text(hidden),
            loops=tuple(self._loops(status)),
            notes=(*(() if rows else ("The graph has no variables.",)), *self._notes(status)),
        )

    def _notes(self, status: str) -> tuple[str, ...]:
        timed = () if self.clock is None or status == RUNNING else (self.clock.report(),)
        return (*self.notes, *timed)

    def _loops(self, status: str) -> Iterator[Loop]:
        for name, loop in self.session.loops.items():
            if loop is not self._loops_before.get(name) and loop.begun:
                yield _loop(loop, status == RUNNING)

    def _time(self, session: Any) -> None:
        if self.clock is not None:
            self.clock.add(session.heard_seconds)

    def _after_run(self, session: Any) -> None:
        # Runs in other threads do not wait for one that is drawing; the end of the cell does.
        if not self._lock.acquire(blocking=False):
            return
        try:
            if not self._finished:
                self.record.sample()
                self._alarm.run = self.record.due
                if time.perf_counter() >= self._alarm.time:
                    self._draw(RUNNING)
        finally:
            self._lock.release()

    def _draw(self, status: str) -> None:
        begin = time.perf_counter()
        self.show(self.table(status))
        end = time.perf_counter()
        self._alarm.time = end + max(self.refresh_seconds, SHARE * (end - begin))

    def _caption(self, status: str, rows: list[Row]) -> str:
        here = self.record.runs
        parts = [self.title, f"{_count(self.session.run_count, 'run')}, {here} in this cell"]
        held = sum(row.value.nbytes for row in rows if row.value is not None and not row.watched)
        if held >= WORTH_MENTIONING:
            parts.append(f"{memory(held)} in variables")
        # Times differ from run to run, so they are not part of what stays in a notebook.
        if status == RUNNING and here:
            seconds = (self.session.run_seconds - self._seconds_before) / here
            parts.append(f"{seconds_in_words(seconds)} per run")
        return " · ".join(filter(None, (*parts, status)))


def _fold(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """The rows to show, and those to fold: of many, those that changed come first, then those that are not finite."""
    if len(rows) <= MOST_ROWS:
        return rows, []
    ordered = sorted(
        rows, key=lambda row: (not (row.change or row.watched), row.value is None or is_finite(row.value))
    )
    return ordered[:MOST_ROWS], ordered[MOST_ROWS:]


def _fold_text(hidden: list[Row]) -> str:
    changed = sum(bool(row.change) for row in hidden)
    return f"… and {_count(len(hidden), 'more variable')}, {changed} of them changed." if hidden else ""


def _loop(loop: Progress, running: bool) -> Loop:
    of = "" if loop.total is None else f" of {loop.total}"
    text = f"{loop.name} {loop.begun}{of}"
    if loop.completed:
        return Loop(text)
    if not running:
        return Loop(f"{text}: stopped there")
    left = loop.seconds_left()
    time_left = "" if left is None else f" · about {seconds_in_words(left)} left"
    return Loop(text + time_left, loop.begun, loop.total)


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
