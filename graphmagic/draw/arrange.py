"""Give every operation its place: a node of its own or a closed box, and the frames around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from graphmagic.draw.labels import relative
from graphmagic.draw.model import Cluster
from graphmagic.draw.scopes import Scope, choose_open, grow, stack_crowds, walk

if TYPE_CHECKING:
    from graphmagic.draw.fold import Folding
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
    """

    box_of: dict[Operation, str] = field(default_factory=dict)
    first: dict[str, Operation] = field(default_factory=dict)
    closed: dict[str, Scope] = field(default_factory=dict)
    cluster_of: dict[str, str] = field(default_factory=dict)
    clusters: tuple[Cluster, ...] = ()
    machinery: frozenset[str] = frozenset()


def arrange(
    operations: Sequence[Operation],
    everything: Sequence[Operation],
    folding: Folding,
    depth: int | None,
    full: bool,
) -> Arrangement:
    """Place the operations of a graph.

    Args:
        operations: those to draw, in creation order.
        everything: all operations of the graph, which count for the size of a box.
        folding: which of them are drawn as part of others.
        depth: open name scopes down to this depth; None opens as many as fit.
        full: open every scope.

    Returns:
        The places.
    """
    aside = folding.owner.keys() | folding.beside.keys() | folding.settings
    shown = [op for op in operations if op not in aside]
    weights: dict[Operation, int] = {}
    for consumers in folding.beside.values():
        for op in consumers:
            weights[op] = weights.get(op, 1) + 1
    root = grow(shown, everything, weights)
    machinery = _machinery(operations)
    if full:
        opened = set(walk(root))
    else:
        stack_crowds(root, weights, BUDGET if depth is None else CROWD)
        opened = choose_open(root, depth, BUDGET, lambda scope: scope.path in machinery)
    placed, clusters = _place(shown, root, opened)
    closed = frozenset(key for key, scope in placed.closed.items() if scope.path in machinery)
    return replace(placed, clusters=tuple(clusters), machinery=closed)


def _machinery(operations: Iterable[Operation]) -> set[str]:
    """The paths of scopes that stay closed unless asked for: gradients, optimizers, savers."""
    paths: set[str] = set()
    seen = {""}
    for op in operations:
        path = op.name.rpartition("/")[0]
        if "/update_" in path and "Apply" in op.type:
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
