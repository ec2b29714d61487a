"""How far a loop is: what a session's panel shows of `Session.steps`."""

from __future__ import annotations

import operator
import time
from collections.abc import Iterable, Iterator
from typing import Any

__all__ = ["Progress", "items"]


class Progress:
    """A loop that is running or that has ended.

    Args:
        name: what it counts.
        total: how many there will be, None if nobody knows.
    """

    def __init__(self, name: str, total: int | None) -> None:
        self.name = name
        self.total = total
        self.begun = 0
        self.completed = False
        self._started = time.perf_counter()

    def follow(self, over: Iterable[Any]) -> Iterator[Any]:
        """Iterate, and keep count."""
        self._started = time.perf_counter()
        for item in over:
            self.begun += 1
            yield item
        self.completed = True

    def seconds_left(self) -> float | None:
        """How long the rest will take if it goes on as before; None while nobody can tell."""
        done = self.begun - 1
        if self.total is None or done < 1:
            return None
        return (time.perf_counter() - self._started) / done * (self.total - done)


def items(over: int | Iterable[Any]) -> Iterable[Any]:
    """What a loop goes over: a number stands for its range.

    Raises:
        TypeError: it is neither a whole number nor iterable.

    >>> items(3), items("ab")
    (range(0, 3), 'ab')
    """
    try:
        return range(operator.index(over))  # type: ignore[arg-type]
    except TypeError:
        pass
    if not isinstance(over, Iterable):
        raise TypeError(f"steps takes a whole number or something to iterate over, not {over!r}")
    return over
