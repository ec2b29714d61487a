"""The tree of name scopes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphmagic.graph import Operation
    from graphmagic.graph.site import Site

__all__ = ["Scope", "cost", "grow", "last_name", "sign", "stem", "walk"]

_NUMBER = re.compile(r"_?\d+$")


@dataclass(eq=False)
class Scope:
    """One name scope and what stands directly in it.

    Attributes:
        key: its path with a slash at the end, so that it never equals the name of an operation.
        weight: how many shapes its own operations take.
        size: operations of the graph in it, also those that are not drawn.
        label: what a stack of like siblings is called; empty for a real scope.
        members: how many siblings a stack stands for.
        structure: scopes of the same structure have the same number.
        site: the line of the user's program that made all of it; None if several did.
    """

    path: str
    parent: Scope | None = None
    depth: int = 0
    children: list[Scope | Operation] = field(default_factory=list)
    weight: int = 0
    size: int = 0
    label: str = ""
    members: int = 0
    structure: int = -1
    site: Site | None = None

    @property
    def key(self) -> str:
        """What the box is called among the nodes of a picture."""
        return f"{self.path}/"

    @property
    def scopes(self) -> list[Scope]:
        """The scopes directly inside."""
        return [child for child in self.children if isinstance(child, Scope)]

    @property
    def operations(self) -> list[Operation]:
        """The operations directly inside."""
        return [child for child in self.children if not isinstance(child, Scope)]


def grow(
    shown: Sequence[Operation],
    everything: Iterable[Operation],
    weights: Mapping[Operation, int],
    places: Mapping[Operation, str],
) -> Scope:
    """Arrange operations in the tree of their name scopes.

    Args:
        shown: the operations that are drawn, in creation order.
        everything: the operations that count for the size of a scope.
        weights: how many shapes an operation takes, where that is not one.
        places: the paths of operations that do not stand under their name.

    Returns:
        The root, with the path ``""``. An operation whose name is also that of a scope stands inside it.
    """
    scopes = {"": Scope("")}
    homes = [(op, _scope(scopes, places.get(op, op.name).rpartition("/")[0])) for op in shown]
    for op, scope in homes:
        home = scopes.get(places.get(op, op.name), scope)
        home.children.append(op)
        home.weight += weights.get(op, 1)
    for op in everything:
        path = places.get(op, op.name)
        while path not in scopes:
            path = path.rpartition("/")[0]
        scopes[path].size += 1
    for scope in reversed(scopes.values()):
        if scope.parent is not None:
            scope.parent.size += scope.size
    return scopes[""]


def _scope(scopes: dict[str, Scope], path: str) -> Scope:
    """The scope of that path, made with its ancestors if need be."""
    missing = []
    while path not in scopes:
        missing.append(path)
        path = path.rpartition("/")[0]
    for new in reversed(missing):
        parent = scopes[path]
        scopes[new] = Scope(new, parent, parent.depth + 1)
        parent.children.append(scopes[new])
        path = new
    return scopes[path]


def walk(root: Scope) -> list[Scope]:
    """A scope and all below it, parents first."""
    found = [root]
    for scope in found:
        found.extend(scope.scopes)
    return found


def cost(scope: Scope) -> int:
    """How many shapes an open scope takes."""
    return scope.weight + len(scope.scopes)


def stem(child: Scope | Operation) -> str:
    """The last part of a name without its number: ``layer`` for ``net/layer_3``."""
    last = last_name(child)
    return _NUMBER.sub("", last) or last


def last_name(child: Scope | Operation) -> str:
    """The last part of a name."""
    path = child.path if isinstance(child, Scope) else child.name
    return path.rpartition("/")[2]


def sign(root: Scope) -> None:
    """Number the structures of all scopes, and find the lines of the program that made a whole scope.

    Two scopes have the same structure if they hold operations of the same types and scopes of the same structures
    in the same order.
    """
    numbers: dict[tuple[str | int, ...], int] = {}
    for scope in reversed(walk(root)):
        parts = tuple(c.structure if isinstance(c, Scope) else c.type for c in scope.children)
        scope.structure = numbers.setdefault(parts, len(numbers))
        sites = {child.site for child in scope.children}
        scope.site = sites.pop() if len(sites) == 1 else None
