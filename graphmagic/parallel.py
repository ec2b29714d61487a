"""One more thread for the halves of large work, where that turns out to be faster.

NumPy lets other threads run while it computes, so two halves of an operation on large arrays can use two processors.
How much that saves depends on what else the machine does at the time: a `Contest` tries both ways now and then, and
keeps to the faster one.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np

from graphmagic import denormals

__all__ = ["Contest", "both", "processors"]

OPENING = 6  # turns in which both ways are tried, one after the other
RETRY = 64  # turns after which the slower way gets another chance
GAIN = 0.95  # two threads must take less than this part of the time of one

Job = Callable[[], Any]


@lru_cache(maxsize=1)
def processors() -> int:
    """How many processors this process may use.

    >>> processors() >= 1
    True
    """
    count = getattr(os, "sched_getaffinity", None)
    return len(count(0)) if count is not None else os.cpu_count() or 1


class _Order:
    """A job for the helper; `gate` opens when it is done."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.gate = threading.Lock()
        self.gate.acquire()
        self.is_given = False
        self.is_done = False
        self.result: Any = None
        self.error: BaseException | None = None

    def work(self) -> None:
        try:
            self.result = self.job()
        except BaseException as error:
            self.error = error
        self.is_done = True
        self.gate.release()

    def wait(self) -> Any:
        """The result; an interrupt is passed on only when the helper has stopped writing."""
        interrupt: BaseException | None = None
        while not self.is_done:
            try:
                self.gate.acquire()
            except KeyboardInterrupt as error:
                interrupt = error
        failure = interrupt or self.error
        if failure is not None:
            raise failure
        return self.result


class _Helper:
    """A thread that sleeps until it gets an order; two locks hand over in about 10 microseconds."""

    def __init__(self) -> None:
        self.free = threading.Lock()
        self._go = threading.Lock()
        self._go.acquire()
        self._order: _Order | None = None
        threading.Thread(target=self._serve, name="graphmagic helper", daemon=True).start()

    def _serve(self) -> None:
        np.seterr(all="ignore")  # settings of this thread alone
        denormals.flush()
        while True:
            self._go.acquire()
            order, self._order = self._order, None
            if order is not None:
                order.work()

    def take(self, order: _Order) -> None:
        self._order = order
        order.is_given = True  # no interrupt comes between these two lines: the first calls nothing
        self._go.release()


@lru_cache(maxsize=1)
def _helper() -> _Helper:
    return _Helper()


if hasattr(os, "register_at_fork"):  # a forked process has no other threads
    os.register_at_fork(after_in_child=_helper.cache_clear)


def both(one: Job, other: Job) -> tuple[Any, Any]:
    """Do two jobs at the same time, or one after the other if the helper is busy.

    Returns:
        Their results; when this function is left, also by an exception, neither runs any more.

    >>> both(lambda: 1, lambda: 2)
    (1, 2)
    """
    helper = _helper()
    if not helper.free.acquire(blocking=False):
        return one(), other()
    try:
        order = _Order(other)
        try:
            helper.take(order)
            mine = one()
        finally:
            if order.is_given:
                theirs = order.wait()
        return mine, theirs
    finally:
        helper.free.release()


class Contest:
    """Two ways to do the same work; calling it takes the one that has been faster lately.

    Args:
        alone: does it in this thread.
        halves: does it with the helper.

    >>> contest = Contest(lambda: time.sleep(0.002), lambda: None)
    >>> for _ in range(20): contest()
    >>> contest.splits
    True
    """

    def __init__(self, alone: Callable[..., Any], halves: Callable[..., Any]) -> None:
        self.splits = False
        self._ways = alone, halves
        self._seconds = [0.0, 0.0]
        self._turn = 0

    def __call__(self, *arguments: Any) -> Any:
        """The result of the work."""
        turn = self._turn
        self._turn = turn + 1
        if turn < OPENING:
            way = turn % 2
        else:
            way = int(self.splits) if turn % RETRY else int(not self.splits)
        start = time.perf_counter()
        result = self._ways[way](*arguments)
        self._note(way, time.perf_counter() - start)
        return result

    def _note(self, way: int, seconds: float) -> None:
        before = self._seconds[way]
        self._seconds[way] = seconds if not before or seconds < before else before + 0.3 * (seconds - before)
        alone, halves = self._seconds
        self.splits = 0 < halves < GAIN * alone
