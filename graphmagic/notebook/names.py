"""The Python names that the magics bind in the user's namespace, and how they are taken back."""

from __future__ import annotations

import builtins
import keyword
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from graphmagic.notebook.errors import MagicError

__all__ = ["Names", "unchanged_on_error"]


class Names:
    """The names we bound in a namespace; a name the user bound is never overwritten.

    Args:
        namespace: the user's variables.

    >>> user = {"x": 1}
    >>> names = Names(user)
    >>> names.bind("linear", "a graph")
    >>> names.take_back()
    >>> user
    {'x': 1}
    """

    def __init__(self, namespace: MutableMapping[str, Any]) -> None:
        self.namespace = namespace
        self._ours: dict[str, Any] = {}

    def check(self, name: str, magic: str) -> None:
        """Refuse a name that cannot be bound, or that would hide something of the user's.

        Args:
            name: the name somebody typed.
            magic: the magic it was typed for, such as ``%%graph``.

        Raises:
            MagicError: it is no identifier, a keyword, a builtin, or a variable of the user.
        """
        if not name.isidentifier():
            raise MagicError(
                f"{magic} {name!r}: a name must be a Python identifier (letters, digits and _, not starting "
                "with a digit), because it becomes a Python variable."
            )
        if keyword.iskeyword(name):
            raise MagicError(f"{magic} {name!r}: this is a keyword of Python. Choose another name.")
        if self.is_users(name):
            raise MagicError(
                f"{magic} {name!r} would overwrite your own variable {name} ({_kind(self.namespace[name])}). "
                f"Choose another name, or write `del {name}` first."
            )
        if name not in self.namespace and hasattr(builtins, name):
            raise MagicError(f"{magic} {name!r} would hide Python's own {name}. Choose another name.")

    def is_users(self, name: str) -> bool:
        """Whether the name is bound to something that we did not put there."""
        if name not in self.namespace:
            return False
        return name not in self._ours or self.namespace[name] is not self._ours[name]

    def bind(self, name: str, value: Any) -> None:
        """Bind a name, and remember that it is ours."""
        self.namespace[name] = value
        self._ours[name] = value

    def take_back(self) -> None:
        """Delete every name that still holds what we bound to it."""
        for name in self._ours:
            if name in self.namespace and not self.is_users(name):
                del self.namespace[name]
        self._ours.clear()


@contextmanager
def unchanged_on_error(namespace: MutableMapping[str, Any]) -> Iterator[None]:
    """If the block fails, every name is bound again as it was before it.

    >>> user = {"x": 1}
    >>> try:
    ...     with unchanged_on_error(user):
    ...         user["x"], user["y"] = 2, 3
    ...         raise KeyError
    ... except KeyError:
    ...     user
    {'x': 1}
    """
    before = dict(namespace)
    try:
        yield
    except BaseException:
        for name in [name for name in namespace if name not in before]:
            del namespace[name]
        namespace.update(before)
        raise


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"
