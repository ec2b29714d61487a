"""The stacks of default graphs and sessions, one of each per thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

__all__ = ["DefaultStack", "default_sessions"]

T = TypeVar("T")


class DefaultStack(threading.local, Generic[T]):
    """A per-thread stack whose top is the default object.

    >>> stack = DefaultStack()
    >>> with stack.pushed("a"):
    ...     stack.top()
    'a'
    >>> stack.top() is None
    True
    """

    def __init__(self) -> None:
        self.items: list[T] = []

    def top(self) -> T | None:
        """The innermost default, or None."""
        return self.items[-1] if self.items else None

    @contextmanager
    def pushed(self, item: T) -> Iterator[T]:
        """Make `item` the default inside a ``with`` block.

        Raises:
            AssertionError: blocks were left in another order than they were entered.
        """
        self.items.append(item)
        try:
            yield item
        finally:
            self._drop(item)

    def _drop(self, item: T) -> None:
        if self.items and self.items[-1] is item:
            self.items.pop()
        elif any(i is item for i in self.items):
            position = max(n for n, i in enumerate(self.items) if i is item)
            del self.items[position]
            raise AssertionError(f"Nesting violated for default stack of {type(item)} objects")


default_sessions: DefaultStack[object] = DefaultStack()
