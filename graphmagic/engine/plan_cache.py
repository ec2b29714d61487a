"""The plans that a session keeps, by what is fetched and fed."""

from __future__ import annotations

from typing import Any

__all__ = ["PlanCache"]


class PlanCache:
    """The plans of a session: the newest ones up to a limit, with counts of how it is used.

    Many misses and evictions mean that a program builds new nodes, or fetches something else, in each round.

    Args:
        limit: how many plans are kept; the oldest goes first. It may be changed at any time.

    Attributes:
        limit: how many plans are kept.
        hits: how many runs found their plan.
        misses: how many runs had to make one.
        evictions: how many plans have given way to newer ones.

    >>> import graphmagic as tf
    >>> session, x = tf.Session(), tf.placeholder(tf.float32)
    >>> y = x * 2.0
    >>> for number in range(3):
    ...     _ = session.run(y, {x: number})
    >>> session.plan_cache
    PlanCache(size=1, limit=512, hits=2, misses=1, evictions=0)
    >>> session.plan_cache.clear()
    >>> len(session.plan_cache)
    0
    """

    # A loop that builds new nodes each time would otherwise keep a plan for every one.
    DEFAULT_LIMIT = 512

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.limit = limit
        self.hits = self.misses = self.evictions = 0
        self._plans: dict[Any, Any] = {}
        self.find = self._plans.get  # bound once: every run asks

    def add(self, key: Any, plan: Any) -> None:
        """Keep a plan, under `key` if it has one; it counts as a miss."""
        self.misses += 1
        if key is None:
            return
        while self._plans and len(self._plans) >= self.limit:
            del self._plans[next(iter(self._plans))]
            self.evictions += 1
        self._plans[key] = plan

    def clear(self) -> None:
        """Let go of all plans; the counts stay."""
        self._plans.clear()

    def __len__(self) -> int:
        return len(self._plans)

    def __repr__(self) -> str:
        return (
            f"PlanCache(size={len(self)}, limit={self.limit}, hits={self.hits}, misses={self.misses}, "
            f"evictions={self.evictions})"
        )
