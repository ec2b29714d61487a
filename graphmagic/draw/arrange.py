"""Give every operation its place: a node of its own or a closed box, and the frames around them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphmagic.draw.fold import Folding, updates
from graphmagic.draw.labels import relative
from graphmagic.draw.model import Cluster
from graphmagic.draw.opening import Opening, choose_open, matching
from graphmagic.draw.places import places
from graphmagic.draw.scopes import Scope, grow, sign, walk
from graphmagic.draw.stacks import stack_crowd, stack_series

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["BUDGET", "Arrangement", "arrange"]

BUDGET = 60
"""How many shapes the default picture of a graph has at most."""
CROWD = 200
"""How many shapes may stand in one scope when a depth is asked for."""

_GRADIENTS = re.compile(r"gradients(_\d+)?")


@dataclass(frozen=True)
class Arrangement:
    """Where everything stands.

    Attributes:
        box_of: an operation that is drawn -> the key of the node that shows it.
        first: key of a node -> the first operation in it, in the order in which the graph was built.
        closed: key of a closed box -> its scope.
        cluster_of: key of a node -> the path of the cluster around it.
        clusters: the open scopes that are framed, parents first.
        machinery: keys of the closed boxes that hold gradients, optimizers or savers.
        savers: keys of those that hold savers.
        place_of: the paths of operations that do not stand under their name.
    """

    box_of: dict[Operation, str] = field(default_factory=dict)
    first: dict[str, Operation] = field(default_factory=dict)
    closed: dict[str, Scope] = field(default_factory=dict)
    cluster_of: dict[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    machinery: frozenset[str] = frozenset()
    savers: frozenset[str] = frozenset()
    place_of: Mapping[Operation, str] = field(default_factory=dict)


def arrange(
    operations: Sequence[Operation],
    everything: Sequence[Operation],
    folding: Folding,
    opening: Opening,
    budget: int = BUDGET,
) -> Arrangement:
    """Place the operations of a graph.

    Args:
        operations: those to draw, in creation order.
        everything: all operations of the graph, which count for the size of a box.
        folding: which of them are drawn as part of others.
        opening: which scopes somebody wants open or closed.
        budget: how many shapes fit.

    Returns:
        The places.

    Raises:
        ValueError: there is no scope that somebody wants open or closed.
    """
    aside = folding.owner.keys() | folding.beside.keys() | folding.settings
    shown = [op for op in operations if op not in aside]
    weights: dict[Operation, int] = {}
    for consumers in folding.beside.values():
        for op in consumers:
            weights[op] = weights.get(op, 1) + 1
    machinery = _machinery(operations)
    place_of = places(operations, folding, set() if opening.full else machinery)
    root = grow(shown, everything, weights, place_of)
    sign(root)
    scopes = walk(root)
    forced = {above for scope in _found(scopes, opening.expand) for above in _up(scope)}
    shut = set(_found(scopes, opening.collapse)) - forced
    if opening.full:
        opened = set(scopes) - shut
    else:
        stack_series(root, forced | shut)
        for scope in (
            walk(root) if opening.depth is not None else [s for s in scopes if s is root or s in forced]
        ):
            stack_crowd(scope, weights, BUDGET if opening.depth is None else CROWD, forced | shut)
        opened = choose_open(root, opening, budget, lambda scope: scope.path in machinery, forced, shut)
    placed, clusters = _place(shown, root, opened)
    closed = frozenset(key for key, scope in placed.closed.items() if scope.path in machinery)
    savers = frozenset(f"{op.name.rpartition('/')[0]}/" for op in operations if op.type == "SaveV2") & closed
    return replace(placed, clusters=tuple(clusters), machinery=closed, savers=savers, place_of=place_of)


def _found(scopes: Sequence[Scope], patterns: Sequence[str]) -> list[Scope]:
    """The scopes that are meant.

    Raises:
        ValueError: there is none for one of the patterns.
    """
    for pattern in patterns:
        if not matching(scopes, [pattern]):
            paths = [scope.path for scope in scopes]
            near = difflib.get_close_matches(pattern, paths, 1)
            hint = (
                f" Did you mean {near[0]!r}?"
                if near
                else " It needs the whole name, or a pattern such as 'layer_*'."
            )
            raise ValueError(f"No name scope {pattern!r} in the picture.{hint}")
    return matching(scopes, patterns) if patterns else []


def _up(scope: Scope | None) -> Iterator[Scope]:
    """A scope and those around it."""
    while scope is not None:
        yield scope
        scope = scope.parent


def _machinery(operations: Iterable[Operation]) -> set[str]:
    """The paths of scopes that stay closed unless asked for: gradients, optimizers, savers."""
    paths: set[str] = set()
    seen = {""}
    for op in operations:
        path = op.name.rpartition("/")[0]
        if "/update_" in path and updates(op):
            paths.add(path.partition("/update_")[0])
        elif op.type in ("SaveV2", "RestoreV2"):
            paths.add(path.partition("/restore_")[0])
        while path not in seen:
            seen.add(path)
            parent, _, last = path.rpartition("/")
            if _GRADIENTS.fullmatch(last):
                paths.add(path)
            path = parent
    return paths


def _place(shown: Sequence[Operation], root: Scope, opened: set[Scope]) -> tuple[Arrangement, list[Cluster]]:
    """Walk down the open scopes; a scope with a single child gets no frame."""
    placed = Arrangement()
    clusters: list[Cluster] = []
    pending = [(root, "")]
    while pending:
        scope, cluster = pending.pop()
        if scope is not root and len(scope.children) > 1:
            clusters.append(Cluster(scope.path, relative(scope.path, cluster), cluster))
            cluster = scope.path
        for child in reversed(scope.children):
            if not isinstance(child, Scope):
                placed.box_of[child] = child.name
                placed.cluster_of[child.name] = cluster
            elif child in opened:
                pending.append((child, cluster))
            else:
                placed.closed[child.key] = child
                placed.cluster_of[child.key] = cluster
                placed.box_of.update((op, child.key) for inner in walk(child) for op in inner.operations)
    for op in shown:
        placed.first.setdefault(placed.box_of[op], op)
    return placed, clusters
