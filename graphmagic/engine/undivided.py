"""Many calls of NumPy as one that no interrupt divides.

Python looks for interrupts between its own instructions.  Here calls are made by the iterators of `itertools`, which
have none, so that memory a variable holds can be written over: either nothing has happened to it or all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from itertools import chain, starmap
from operator import call
from typing import Any

from graphmagic.parallel import Contest, both

__all__ = ["in_turns", "make_calls"]

Calls = Iterable[tuple[Any, ...]]


def make_calls(calls: Calls) -> None:
    """Make calls one after the other.

    Args:
        calls: for each a function and its arguments; the function must not be written in Python.

    >>> import numpy as np
    >>> a = np.array([1.0, 2.0])
    >>> make_calls([(np.add, a, a, a), (np.sqrt, a, a)])
    >>> a.tolist()[1]
    2.0
    """
    deque(starmap(call, calls), 0)


def _make_both(one: Calls, other: Calls) -> None:
    """Make two series of calls at the same time; what an interrupt leaves of them is made before it goes on."""
    mine, theirs = starmap(call, one), starmap(call, other)
    rest = chain(mine, theirs)
    try:
        both(partial(deque, mine, 0), partial(deque, theirs, 0))
    finally:
        deque(rest, 0)


def in_turns(plan: Callable[..., Calls], whole: Any, halves: tuple[Any, Any] | None) -> Callable[..., None]:
    """A function that makes the calls that `plan` lists, in two threads where that turns out to be faster.

    Args:
        plan: takes blocks and arguments, returns calls.
        whole: all blocks.
        halves: the same blocks in two parts, None if one thread does them all.
    """

    def alone(*arguments: Any) -> None:
        make_calls(plan(whole, *arguments))

    def together(*arguments: Any) -> None:
        assert halves is not None
        one, other = [plan(half, *arguments) for half in halves]
        _make_both(one, other)

    return alone if halves is None else Contest(alone, together)
