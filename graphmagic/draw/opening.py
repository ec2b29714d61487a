"""Which name scopes of a picture are open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from graphmagic.draw.scopes import Scope, cost, walk

__all__ = ["CALL", "Opening", "choose_open", "matching"]

CALL = 6
"""A scope that one line of the user's program made, such as a layer, opens by itself up to this many shapes."""


@dataclass(frozen=True)
class Opening:
    """What somebody asks to see.

    Attributes:
        depth: open scopes down to this depth; None opens as many as are legible.
        full: open every scope, fold nothing.
        expand: paths of scopes to open, with what is around them; ``*`` stands for anything.
        collapse: paths of scopes to keep closed.
    """

    depth: int | None = None
    full: bool = False
    expand: tuple[str, ...] = ()
    collapse: tuple[str, ...] = ()


def matching(scopes: Iterable[Scope], patterns: Sequence[str]) -> list[Scope]:
    """The scopes whose path is one of the patterns."""
    return [s for s in scopes if any(s.path == p or fnmatchcase(s.path, p) for p in patterns)]


def choose_open(
    root: Scope,
    opening: Opening,
    budget: int,
    machinery: Callable[[Scope], bool],
    forced: set[Scope],
    shut: set[Scope],
) -> set[Scope]:
    """Choose the scopes to show with their content.

    Args:
        root: the tree; it is always open.
        opening: what somebody asked for.
        budget: how many shapes fit.
        machinery: tells the scopes that only an explicit wish opens.
        forced: scopes that are open.
        shut: scopes that are closed.

    Returns:
        The open scopes.
    """
    if opening.depth is not None:
        depth = opening.depth
        return {
            scope
            for scope in walk(root)
            if scope in forced
            or (scope not in shut and not scope.label and (scope.depth <= depth or _is_single(scope)))
        }
    opened = {root}
    spent = cost(root)
    level = root.scopes
    while level:
        next_level: list[Scope] = []
        for alike in _alike(level, forced):
            wanted = alike[0] in forced
            if not wanted and (alike[0].label or alike[0] in shut or machinery(alike[0])):
                continue
            price = sum(cost(scope) - 1 for scope in alike)
            if wanted or (spent + price <= budget and not _is_large_call(alike[0])):
                spent += price
                opened.update(alike)
                next_level.extend(child for scope in alike for child in scope.scopes)
        level = next_level
    return opened


def _is_large_call(scope: Scope) -> bool:
    """Whether one line of a program that has others made the scope, and there is much in it."""
    return (
        scope.site is not None and cost(scope) > CALL and any(above.site is None for above in _above(scope))
    )


def _above(scope: Scope) -> Iterator[Scope]:
    parent = scope.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _is_single(scope: Scope) -> bool:
    """Whether a box would stand for one operation only."""
    while len(scope.children) == 1:
        child = scope.children[0]
        if not isinstance(child, Scope):
            return True
        scope = child
    return False


def _alike(level: Iterable[Scope], forced: set[Scope]) -> list[list[Scope]]:
    """Scopes of one level in groups that open together, because they look alike; small groups first."""
    groups: dict[tuple[int, bool, Scope | None], list[Scope]] = {}
    for scope in level:
        groups.setdefault(
            (scope.structure, bool(scope.label), scope if scope in forced else None), []
        ).append(scope)
    return sorted(groups.values(), key=lambda alike: sum(cost(scope) - 1 for scope in alike))
