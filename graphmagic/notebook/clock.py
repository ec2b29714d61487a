"""How long the runs of a cell took, in words."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic.notebook.values import seconds_in_words

__all__ = ["Clock"]


class Clock:
    """Adds up the times of runs.

    >>> clock = Clock()
    >>> clock.report()
    'Time: this cell ran nothing.'
    >>> for seconds in (0.02, 0.001, 0.003):
    ...     clock.add(seconds)
    >>> clock.report()
    'Time: 3 runs took 24 ms in total, 8.0 ms on average; the slowest was the first one with 20 ms.'
    """

    def __init__(self) -> None:
        self.count = 0
        self.total = 0.0
        self.slowest = 0.0
        self.place = 0
        self._lock = threading.Lock()

    def add(self, seconds: float) -> None:
        """Count a run that took so long; runs may come from several threads."""
        with self._lock:
            self.count += 1
            self.total += seconds
            if seconds > self.slowest:
                self.slowest, self.place = seconds, self.count

    def report(self) -> str:
        """How many runs there were, and how long they took in total, on average and at most."""
        if not self.count:
            return "Time: this cell ran nothing."
        total, mean = map(seconds_in_words, (self.total, self.total / self.count))
        if self.count == 1:
            return f"Time: 1 run took {total}."
        which = "the first one" if self.place == 1 else f"number {self.place}"
        slowest = f"the slowest was {which} with {seconds_in_words(self.slowest)}"
        return f"Time: {self.count} runs took {total} in total, {mean} on average; {slowest}."

    @contextmanager
    def timing(self, session: Any) -> Iterator[None]:
        """Take the time of all runs of a session inside the block."""

        def listen(session: Any) -> None:
            self.add(session.heard_seconds)

        session.listeners.append(listen)
        try:
            yield
        finally:
            session.listeners.remove(listen)
