"""What a magic raises when it was asked for something it cannot do: shown in a cell as its message alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["CellSyntaxError", "MagicError", "did_you_mean", "listed"]


class MagicError(ValueError):
    """A magic got a name or an option it cannot use; the message says what to do instead.

    In a notebook only the message shows, yet the cell fails and the error can be caught like any other.
    """

    def _render_traceback_(self) -> list[str]:
        return [f"{type(self).__name__}: {self}", *getattr(self, "__notes__", [])]


class CellSyntaxError(MagicError):
    """The body of a cell is not Python; shows the line and a caret, numbered as in the cell.

    Args:
        error: what Python found.
        cell: the label of the cell, such as ``cell In[3]``.
    """

    def __init__(self, error: SyntaxError, cell: str) -> None:
        self.line = error.lineno
        self.source = (error.text or "").rstrip("\n")
        self.column = error.offset
        where = cell if self.line is None else f"{cell}, line {self.line}"
        super().__init__(f"{error.msg} ({where})")

    def _render_traceback_(self) -> list[str]:
        pointer = [f"    {self.source}"] if self.source else []
        if pointer and self.column:
            pointer.append(" " * (3 + self.column) + "^")
        return [*pointer, *super()._render_traceback_()]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The sentence that offers the nearest known words, or an empty string.

    >>> did_you_mean("liner", ["linear", "softmax"])
    " Did you mean 'linear'?"
    >>> did_you_mean("zzz", ["linear"])
    ''
    """
    near = difflib.get_close_matches(word, list(known), n=2, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, near))}?" if near else ""


def listed(words: Iterable[str], limit: int = 8) -> str:
    """Words joined by commas, the tail of a long list only counted.

    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    words = list(words)
    head = ", ".join(words[:limit])
    return head if len(words) <= limit else f"{head} and {len(words) - limit} more"
