"""Siblings that look alike as one stack: a series such as ``layer_0 ... layer_11``, or the rest of a crowd."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from graphmagic.draw.labels import count
from graphmagic.draw.scopes import Scope, cost, last_name, stem, walk

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["SERIES", "stack_crowd", "stack_series"]

SERIES = 5
"""So many numbered scopes of one structure are drawn as one."""


def stack_series(root: Scope, apart: Collection[Scope]) -> None:
    """Replace numbered scopes of one structure by one stack, everywhere.

    Args:
        root: the tree, with structures.
        apart: scopes that stand for themselves; what comes before and after one makes two stacks.
    """
    for scope in walk(root):
        if len(scope.scopes) >= SERIES:
            groups = list(_series(scope, apart))
            if groups:
                _replace(scope, groups)


def _series(scope: Scope, apart: Collection[Scope]) -> Iterator[list[Scope]]:
    """The parts of each series that are to be one stack."""
    series: dict[tuple[str, int], list[Scope]] = {}
    for child in scope.scopes:
        series.setdefault((stem(child), child.structure), []).append(child)
    flow: dict[Scope | Operation, set[Scope | Operation]] = {}
    for members in series.values():
        if len(members) >= SERIES:
            flow = flow or _flow(scope)
            if _takes_turns(members, flow):
                continue
            runs = [list(run) for alone, run in groupby(members, lambda member: member in apart) if not alone]
            yield from (run for run in runs if len(run) > 1)


def _flow(scope: Scope) -> dict[Scope | Operation, set[Scope | Operation]]:
    """For each child of a scope, those that use what it makes."""
    home = {op: child for child in scope.children for op in _operations(child)}
    flow: dict[Scope | Operation, set[Scope | Operation]] = {}
    for op, child in home.items():
        for tensor in op.inputs:
            maker = home.get(tensor.op)
            if maker is not None and maker is not child:
                flow.setdefault(maker, set()).add(child)
    return flow


def _operations(child: Scope | Operation) -> list[Operation]:
    """An operation, or all that stand in a scope at any depth."""
    return [op for scope in walk(child) for op in scope.operations] if isinstance(child, Scope) else [child]


def _takes_turns(members: Sequence[Scope], flow: Mapping[Scope | Operation, set[Scope | Operation]]) -> bool:
    """Whether others stand between members: as one box, they would draw data to and back from those."""
    inside = set(members)
    ready = [child for member in members for child in flow.get(member, ()) if child not in inside]
    seen = set(ready)
    for child in ready:
        found = flow.get(child, set()) - seen
        if found & inside:
            return True
        seen |= found
        ready += found
    return False


def _replace(scope: Scope, groups: Sequence[Sequence[Scope]]) -> None:
    first = {group[0]: group for group in groups}
    rest = {child for group in groups for child in group[1:]}
    scope.children = [
        _stack(scope, first[child], _span(first[child]))
        if isinstance(child, Scope) and child in first
        else child
        for child in scope.children
        if child not in rest
    ]


def stack_crowd(scope: Scope, weights: Mapping[Operation, int], crowd: int, apart: Collection[Scope]) -> None:
    """Replace siblings by stacks if more than `crowd` shapes stand in a scope.

    Siblings whose names differ only in their number go together; if that is not enough, operations of one
    type; if that is not enough either, the smallest groups.
    """
    if cost(scope) > crowd:
        scope.children = _stacked(scope, weights, crowd // 2, apart)
        scope.weight = sum(weights.get(op, 1) for op in scope.operations)


def _stacked(
    scope: Scope, weights: Mapping[Operation, int], room: int, apart: Collection[Scope]
) -> list[Scope | Operation]:
    def shapes(group: list[Scope | Operation]) -> int:
        return 1 if len(group) > 1 or isinstance(group[0], Scope) else weights.get(group[0], 1)

    groups: list[list[Scope | Operation]] = []
    rest: list[Scope | Operation] = []
    for likeness in (stem, _type):
        by_likeness: dict[str, list[Scope | Operation]] = {}
        for child in scope.children:
            alone = isinstance(child, Scope) and (child in apart or child.label)
            by_likeness.setdefault(f"/{last_name(child)}" if alone else likeness(child), []).append(child)
        groups = list(by_likeness.values())
        if sum(map(shapes, groups)) <= room:
            break
    kept = groups
    if sum(map(shapes, groups)) > room:
        kept, rest = _largest(groups, room - 1, shapes, apart)
    children = [group[0] if len(group) == 1 else _stack(scope, group, _span(group)) for group in kept]
    if rest:
        children.append(_stack(scope, rest, f"{len(rest):,} more"))
    return children


def _type(child: Scope | Operation) -> str:
    return "" if isinstance(child, Scope) else child.type


def _largest(
    groups: list[list[Scope | Operation]],
    room: int,
    shapes: Callable[[list[Scope | Operation]], int],
    apart: Collection[Scope],
) -> tuple[list[list[Scope | Operation]], list[Scope | Operation]]:
    """The groups, largest first, that fit, in their old order, and the members of all others."""
    chosen = {index for index, group in enumerate(groups) if group[0] in apart}
    room -= len(chosen)
    for index in sorted(range(len(groups)), key=lambda index: -len(groups[index])):
        if index not in chosen and shapes(groups[index]) <= room:
            room -= shapes(groups[index])
            chosen.add(index)
    kept = [group for index, group in enumerate(groups) if index in chosen]
    return kept, [child for index, group in enumerate(groups) if index not in chosen for child in group]


def _span(group: Sequence[Scope | Operation]) -> str:
    if len({stem(child) for child in group}) == 1:
        names = sorted(map(last_name, group), key=_number)
        return f"{names[0]} … {names[-1]}"
    kinds = {child.type for child in group if not isinstance(child, Scope)}
    return f"{len(group):,} {kinds.pop()}" if len(kinds) == 1 else count(len(group), "scope")


def _number(name: str) -> int:
    found = re.search(r"\d+$", name)
    return int(found[0]) if found else -1


def _stack(parent: Scope, group: Sequence[Scope | Operation], label: str) -> Scope:
    """One box that stands for all of `group`."""
    name = f"{last_name(group[0])}…"
    path = f"{parent.path}/{name}" if parent.path else name
    stack = Scope(path, parent, parent.depth + 1, list(group), len(group), label=label, members=len(group))
    for child in group:
        stack.size += child.size if isinstance(child, Scope) else 1
        if isinstance(child, Scope):
            child.parent = stack
    return stack
