"""Putting what depends on each other into an order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence

__all__ = ["inputs_first"]


def inputs_first(sources: Sequence[Iterable[int]]) -> list[int]:
    """The positions 0, 1, 2 ... in that order, except that what a position depends on comes before it.

    Args:
        sources: for each position those it depends on.

    Raises:
        ValueError: some depend on each other in a circle.

    >>> inputs_first([[2], [], []])
    [1, 2, 0]
    """
    waiting = []
    followers: list[list[int]] = [[] for _ in sources]
    for position, needed in enumerate(sources):
        distinct = set(needed)
        waiting.append(len(distinct))
        for source in distinct:
            followers[source].append(position)
    ready = [position for position, count in enumerate(waiting) if not count]  # ascending, and so a heap
    result = []
    while ready:
        position = heapq.heappop(ready)
        result.append(position)
        for follower in followers[position]:
            waiting[follower] -= 1
            if not waiting[follower]:
                heapq.heappush(ready, follower)
    if len(result) != len(waiting):
        raise ValueError("the nodes depend on each other in a circle")
    return result
