"""Measuring several ways to do the same work against each other."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["measure", "ratio"]

ROUND_SECONDS = (
    0.004  # about a time slice: on a busy machine some rounds of this length still run undisturbed
)
FEWEST, ENOUGH_SECONDS = 5, 15.0  # long works have fewer rounds
PAUSE = 0.02  # the threads of OpenBLAS and TensorFlow that ran last keep a processor busy for a while


def measure(ways: Mapping[str, Callable[[], Any]], rounds: int = 41) -> dict[str, list[float]]:
    """Seconds per call, one figure for each of at most `rounds` rounds; the ways take turns, to see the same machine.

    >>> figures = measure({"nothing": lambda: None}, rounds=3)
    >>> len(figures["nothing"])
    3
    """
    counts = {name: _count(work) for name, work in ways.items()}
    figures: dict[str, list[float]] = {name: [] for name in ways}
    began = time.perf_counter()
    for turn in range(rounds):
        if turn >= FEWEST and time.perf_counter() - began > ENOUGH_SECONDS:
            break
        for name, work in ways.items():
            time.sleep(PAUSE)
            work()
            start = time.perf_counter()
            for _ in range(counts[name]):
                work()
            figures[name].append((time.perf_counter() - start) / counts[name])
    return figures


def _count(work: Callable[[], Any]) -> int:
    for _ in range(3):
        work()
    start = time.perf_counter()
    work()
    return max(1, int(ROUND_SECONDS / max(time.perf_counter() - start, 1e-7)))


def ratio(ours: list[float], theirs: list[float]) -> tuple[float, float, float]:
    """The median and the quartiles of the ratios within rounds.

    What else the machine does changes from round to round, but is nearly the same for all ways within one.

    >>> ratio([2.0, 1.0, 4.0], [4.0, 4.0, 4.0])
    (0.5, 0.25, 1.0)
    """
    ratios = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    low, middle, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return middle, low, high
