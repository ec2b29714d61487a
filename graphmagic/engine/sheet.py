"""The sheet that a plan is written on: the lines of its function, and the names they use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from graphmagic.graph.node import Operation, Tensor

__all__ = ["Sheet"]


class Sheet:
    """The lines of one function; the programs of branches and loops write theirs on the sheet of what is around them.

    Args:
        space: the global variables of the function.

    Attributes:
        lines: the text of the function's body.
        line_ops: for each line of the source, the operation it belongs to, if any.
        reads: for the lines that read a fetched variable, which one.
        names: for each tensor, the local variable that holds it.
        inner: functions that this one calls for blocks it does not contain.
        depth: how many branches and loops are open.
        scopes: numbers for what is in them.

    >>> sheet = Sheet({})
    >>> sheet.line(None, "while True:")
    >>> with sheet.indented():
    ...     sheet.line(None, f"f = {sheet.bind('k', len)}")
    >>> sheet.lines, sheet.space["k0"] is len
    (['while True:', '    f = k0'], True)
    """

    def __init__(self, space: dict[str, Any]) -> None:
        self.space = space
        self.lines: list[str] = []
        self.line_ops: list[Operation | None] = [None, None]
        self.reads: dict[int, Tensor] = {}
        self.names: dict[Tensor, str] = {}
        self.inner: list[Any] = []
        self.depth = 0
        self.scopes = count(1)
        self._numbers = count()

    def bind(self, letter: str, value: Any) -> str:
        """A new global variable."""
        name = f"{letter}{next(self._numbers)}"
        self.space[name] = value
        return name

    def variable(self) -> str:
        """A name for a local variable that no tensor has."""
        return f"x{next(self.scopes)}"

    def line(self, op: Operation | None, text: str) -> None:
        """Add a line that belongs to an operation."""
        self.lines.append("    " * self.depth + text)
        self.line_ops.append(op)

    @contextmanager
    def indented(self) -> Iterator[None]:
        """Lines added inside belong to the statement on the line before."""
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
