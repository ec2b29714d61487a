"""A call after the run of a session whose turn has come: by its number, or by the time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["Alarm"]


@dataclass(slots=True, eq=False)
class Alarm:
    """Asks a session for a call after one of its next runs; other runs cost two comparisons.

    Attributes:
        ring: is called with the session, in the thread of the run; it sets the next turn.
        run: the turn has come when the session has completed so many runs ...
        time: ... or at this time of ``time.perf_counter``.

    >>> import graphmagic as tf
    >>> sess, x = tf.Session(), tf.constant(1.0)
    >>> def ring(session):
    ...     print("run", session.run_count)
    ...     sess.alarm.run = 5
    >>> sess.alarm = Alarm(ring, run=2)
    >>> for _ in range(5):
    ...     _ = sess.run(x)
    run 2
    run 5
    """

    ring: Callable[[Any], None]
    run: int = 0
    time: float = float("inf")
