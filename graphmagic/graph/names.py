"""Names of operations, and the scopes they lie in."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager

from graphmagic.graph.explain import with_notes

__all__ = ["NAME", "Names"]

NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
_SCOPE = re.compile(r"^[A-Za-z0-9_.\\/>-]*$")


class Names:
    """The part of a `Graph` that makes names unique and knows the current scope."""

    def __init__(self) -> None:
        super().__init__()
        self._names_in_use: dict[str, int] = {}
        self._scope = ""

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """A name in the current scope that no operation has: ``name``, ``name_1``, ``name_2`` ...

        Args:
            name: the wanted name; letter case does not tell names apart.
            mark_as_used: whether the name counts as taken from now on.

        >>> import graphmagic as tf
        >>> graph = tf.Graph()
        >>> [graph.unique_name("add") for _ in range(3)]
        ['add', 'add_1', 'add_2']
        """
        if self._scope:
            name = f"{self._scope}/{name}"
        key = name.lower()
        count = self._names_in_use.get(key, 0)
        if mark_as_used:
            self._names_in_use[key] = count + 1
        if not count:
            return name
        candidate = key
        while candidate in self._names_in_use:
            candidate = f"{key}_{count}"
            count += 1
        if mark_as_used:
            self._names_in_use[key] = count
            self._names_in_use[candidate] = 1
        return f"{name}_{count - 1}"

    def mark_used(self, name: str) -> None:
        """Count a full name, and the scopes it lies in, as taken."""
        parts = name.lower().split("/")
        for end in range(1, len(parts) + 1):
            self._names_in_use.setdefault("/".join(parts[:end]), 1)

    def name_scope(self, name: str | None) -> AbstractContextManager[str]:
        """Put the operations made inside the ``with`` block under ``name/``.

        Args:
            name: the scope; made unique.  One that ends in ``/`` is entered again as it is; None or "" leaves all scopes.

        Returns:
            A context manager whose value is the scope with its final ``/``.

        Raises:
            ValueError: the name is not valid.
        """
        return _NameScope(self, name)

    def get_name_scope(self) -> str:
        """The current scope, without a final ``/``."""
        return self._scope


class _NameScope(AbstractContextManager[str]):
    """See `Graph.name_scope`; a class, since this runs once per operation and generators cost more."""

    __slots__ = ("name", "names", "outer")

    def __init__(self, names: Names, name: str | None) -> None:
        if name:
            if not isinstance(name, str):
                raise with_notes(
                    TypeError(f"expected string or bytes-like object, got '{type(name).__name__}'"),
                    f"To fix it: a name is a string, not {name!r}.",
                )
            if names._scope:
                if not _SCOPE.fullmatch(name):
                    raise ValueError(
                        f"'{name}' is not a valid scope name. A scope name has to match the following pattern: {_SCOPE.pattern}"
                    )
            elif not NAME.fullmatch(name):
                raise ValueError(
                    f"'{name}' is not a valid root scope name. A root scope name has to match the following pattern: "
                    f"{NAME.pattern}"
                )
        self.names = names
        self.name = name
        self.outer = names._scope

    def __enter__(self) -> str:
        names, name = self.names, self.name
        self.outer = names._scope
        if not name:
            names._scope = ""
            return ""
        names._scope = name[:-1] if name.endswith("/") else names.unique_name(name)
        return names._scope + "/"

    def __exit__(self, *error: object) -> None:
        self.names._scope = self.outer
