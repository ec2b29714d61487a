"""The stacks of default graphs and sessions, one of each per thread."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
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

    def pushed(self, item: T) -> AbstractContextManager[T]:
        """Make `item` the default inside a ``with`` block.

        Raises:
            AssertionError: blocks were left in another order than they were entered.
        """
        return _Pushed(self, item)

    def drop(self, item: T) -> None:
        """Take `item` off the stack.

        Raises:
            AssertionError: it is not the innermost; it is taken off all the same.
        """
        if self.items and self.items[-1] is item:
            self.items.pop()
        elif any(i is item for i in self.items):
            position = max(n for n, i in enumerate(self.items) if i is item)
            del self.items[position]
            raise AssertionError(f"Nesting violated for default stack of {type(item)} objects")


class _Pushed(AbstractContextManager[T]):
    """See `DefaultStack.pushed`; a class, since this runs once per operation and generators cost more."""

    __slots__ = ("item", "stack")

    def __init__(self, stack: DefaultStack[T], item: T) -> None:
        self.stack = stack
        self.item = item

    def __enter__(self) -> T:
        self.stack.items.append(self.item)
        return self.item

    def __exit__(self, *error: object) -> None:
        self.stack.drop(self.item)


default_sessions: DefaultStack[object] = DefaultStack()
