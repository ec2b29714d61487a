"""The tree of name scopes, and which of its boxes are open."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphmagic.draw.labels import count

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["Scope", "choose_open", "grow", "stack_crowds", "walk"]

_NUMBER = re.compile(r"_?\d+$")


@dataclass(eq=False)
class Scope:
    """One name scope and what stands directly in it.

    Attributes:
        key: its path with a slash at the end, so that it never equals the name of an operation.
        weight: how many shapes its own operations take.
        size: operations of the graph in it, also those that are not drawn.
        label: what a stack of like siblings is called; empty for a real scope.
    """

    path: str
    parent: Scope | None = None
    depth: int = 0
    children: list[Scope | Operation] = field(default_factory=list)
    weight: int = 0
    size: int = 0
    label: str = ""

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
    shown: Sequence[Operation], everything: Iterable[Operation], weights: Mapping[Operation, int]
) -> Scope:
    """Arrange operations in the tree of their name scopes.

    Args:
        shown: the operations that are drawn, in creation order.
        everything: the operations that count for the size of a scope.
        weights: how many shapes an operation takes, where that is not one.

    Returns:
        The root, with the path ``""``. An operation whose name is also that of a scope stands inside it.
    """
    scopes = {"": Scope("")}
    homes = [(op, _scope(scopes, op.name.rpartition("/")[0])) for op in shown]
    for op, scope in homes:
        home = scopes.get(op.name, scope)
        home.children.append(op)
        home.weight += weights.get(op, 1)
    for op in everything:
        path = op.name
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


def choose_open(root: Scope, depth: int | None, budget: int, closed: Callable[[Scope], bool]) -> set[Scope]:
    """Choose the scopes to show with their content.

    Args:
        root: the tree; it is always open.
        depth: open scopes down to this depth; None opens as many as fit.
        budget: how many shapes fit.
        closed: tells the scopes that only an explicit depth opens.

    Returns:
        The open scopes.
    """
    if depth is not None:
        return {
            scope for scope in walk(root) if not scope.label and (scope.depth <= depth or _is_single(scope))
        }
    opened = {root}
    spent = _cost(root)
    level = root.scopes
    while level:
        next_level: list[Scope] = []
        for alike in _alike(level):
            if alike[0].label or closed(alike[0]):
                continue
            cost = sum(_cost(scope) - 1 for scope in alike)
            if spent + cost <= budget:
                spent += cost
                opened.update(alike)
                next_level.extend(child for scope in alike for child in scope.scopes)
        level = next_level
    return opened


def _is_single(scope: Scope) -> bool:
    """Whether a box would stand for one operation only."""
    while len(scope.children) == 1:
        child = scope.children[0]
        if not isinstance(child, Scope):
            return True
        scope = child
    return False


def _cost(scope: Scope) -> int:
    """How many shapes an open scope takes."""
    return scope.weight + len(scope.scopes)


def _alike(level: Iterable[Scope]) -> list[list[Scope]]:
    """Scopes of one level in groups that open together, because they look alike; small groups first."""
    groups: dict[tuple[str, int, bool], list[Scope]] = {}
    for scope in level:
        groups.setdefault((stem(scope), _cost(scope), bool(scope.label)), []).append(scope)
    return sorted(groups.values(), key=lambda alike: sum(_cost(scope) - 1 for scope in alike))


def stem(child: Scope | Operation) -> str:
    """The last part of a name without its number: ``layer`` for ``net/layer_3``."""
    last = _last(child)
    return _NUMBER.sub("", last) or last


def _last(child: Scope | Operation) -> str:
    path = child.path if isinstance(child, Scope) else child.name
    return path.rpartition("/")[2]


def stack_crowds(root: Scope, weights: Mapping[Operation, int], crowd: int) -> None:
    """Replace like siblings by one stack wherever more than `crowd` shapes stand in one scope.

    Siblings whose names differ only in their number go together; if that is not enough, operations of one
    type; if that is not enough either, the smallest groups.
    """
    for scope in walk(root):
        if _cost(scope) > crowd:
            scope.children = _stacked(scope, weights, crowd // 2)
            scope.weight = sum(weights.get(op, 1) for op in scope.operations)


def _stacked(scope: Scope, weights: Mapping[Operation, int], room: int) -> list[Scope | Operation]:
    def cost(group: list[Scope | Operation]) -> int:
        return 1 if len(group) > 1 or isinstance(group[0], Scope) else weights.get(group[0], 1)

    groups: list[list[Scope | Operation]] = []
    rest: list[Scope | Operation] = []
    for likeness in (stem, _type):
        by_likeness: dict[str, list[Scope | Operation]] = {}
        for child in scope.children:
            by_likeness.setdefault(likeness(child), []).append(child)
        groups = list(by_likeness.values())
        if sum(map(cost, groups)) <= room:
            break
    kept = groups
    if sum(map(cost, groups)) > room:
        kept, rest = _largest(groups, room - 1, cost)
    children = [group[0] if len(group) == 1 else _stack(scope, group, _span(group)) for group in kept]
    if rest:
        children.append(_stack(scope, rest, f"{len(rest):,} more"))
    return children


def _type(child: Scope | Operation) -> str:
    return "" if isinstance(child, Scope) else child.type


def _largest(
    groups: list[list[Scope | Operation]], room: int, cost: Callable[[list[Scope | Operation]], int]
) -> tuple[list[list[Scope | Operation]], list[Scope | Operation]]:
    """The groups, largest first, that fit, in their old order, and the members of all others."""
    chosen = set()
    for index in sorted(range(len(groups)), key=lambda index: -len(groups[index])):
        if cost(groups[index]) <= room:
            room -= cost(groups[index])
            chosen.add(index)
    kept = [group for index, group in enumerate(groups) if index in chosen]
    return kept, [child for index, group in enumerate(groups) if index not in chosen for child in group]


def _span(group: Sequence[Scope | Operation]) -> str:
    first, last = _last(group[0]), _last(group[-1])
    if stem(group[0]) == stem(group[-1]):
        return f"{first} … {last}"
    kinds = {child.type for child in group if not isinstance(child, Scope)}
    return f"{len(group):,} {kinds.pop()}" if len(kinds) == 1 else count(len(group), "scope")


def _stack(parent: Scope, group: Sequence[Scope | Operation], label: str) -> Scope:
    """One box that stands for all of `group`."""
    path = f"{parent.path}/{_last(group[0])}…" if parent.path else f"{_last(group[0])}…"
    stack = Scope(path, parent, parent.depth + 1, list(group), len(group), label=label)
    for child in group:
        stack.size += child.size if isinstance(child, Scope) else 1
        if isinstance(child, Scope):
            child.parent = stack
    return stack
