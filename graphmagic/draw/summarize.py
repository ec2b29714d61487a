"""From a graph to what its picture shows: pure, in time linear in the graph.

Three steps, each in a file of its own: machinery is folded into what it serves (`fold`), name scopes become
frames or closed boxes until the picture is small enough (`scopes`, `arrange`), and the edges between what is
left are bundled (`edges`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graphmagic.draw.arrange import BUDGET, Arrangement, arrange
from graphmagic.draw.aside import set_aside
from graphmagic.draw.blocks import sources, without_idle
from graphmagic.draw.describe import box_node, constant_node, describe, operation_node
from graphmagic.draw.edges import bundle_edges
from graphmagic.draw.fit import fits
from graphmagic.draw.fold import VARIABLES, Folding, fold, updates
from graphmagic.draw.labels import edge_shape, relative
from graphmagic.draw.light import Light, executed_by
from graphmagic.draw.model import Drawing, Edge, EdgeKind, Kind, Node
from graphmagic.draw.opening import Opening
from graphmagic.draw.shown import shown_by

if TYPE_CHECKING:
    from graphmagic.draw.scopes import Scope
    from graphmagic.graph import Graph, Operation

__all__ = ["summarize"]

DEFAULT = Opening()
BUDGETS = (BUDGET, 48, 36, 27, 20, 15)
"""How many shapes are tried, until the picture is legible."""


def summarize(
    graph: Graph,
    *,
    name: str = "graph",
    opening: Opening = DEFAULT,
    direction: str = "TB",
    fetches: Sequence[Operation] | None = None,
    values: Mapping[str, Any] | None = None,
    around: Operation | None = None,
    hops: int = 1,
) -> Drawing:
    """Decide what the picture of a graph shows.

    Args:
        graph: the graph.
        name: what a person calls it.
        opening: which name scopes are open.
        direction: `TB` or `LR`: what is legible depends on it.
        fetches: light up what running these executes.
        values: variable name -> value in a session, or None where it is uninitialized.
        around: show only this operation and what is near it.
        hops: how near.

    Returns:
        The nodes, edges and clusters to draw.

    Raises:
        ValueError: there is no scope that somebody wants open or closed.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.placeholder(tf.float32, [None, 3], name="x")
    ...     y = tf.square(x, name="y")
    >>> drawing = summarize(graph)
    >>> [(node.title, node.kind.value) for node in drawing.nodes]
    [('x', 'placeholder'), ('y', 'operation')]
    >>> [(edge.tail, edge.head, edge.label) for edge in drawing.edges]
    [('x', 'y', '[?, 3]')]
    """
    everything = graph.get_operations()
    operations = without_idle(everything)
    folding = Folding() if opening.full else fold(operations, keep=around)
    if around is not None:
        operations = _near(operations, folding, folding.home(around), hops)
    marked = {op for op in (*(fetches or ()), around) if op is not None}
    light = Light(None if fetches is None else executed_by(fetches), marked)
    description = describe(name, everything)
    sized = opening.depth is None and not opening.full
    for budget in BUDGETS if sized else BUDGETS[-1:]:
        arrangement = arrange(operations, everything, folding, opening, budget)
        nodes = (
            *_nodes(operations, arrangement, folding, values, light),
            *_beside(arrangement, folding, light),
        )
        nodes, edges = set_aside(
            nodes, bundle_edges(operations, folding, arrangement, light), arrangement.savers
        )
        nodes = tuple(_with_results(nodes, edges, arrangement))
        drawing = Drawing(name, description, nodes, edges, arrangement.clusters)
        if fits(drawing, direction):
            break
    return replace(drawing, shows=shown_by(operations, folding, arrangement))


def _near(operations: Sequence[Operation], folding: Folding, center: Operation, hops: int) -> list[Operation]:
    """The operations drawn within `hops` edges of `center`; small constants are not on the way."""
    small = (folding.settings | folding.beside.keys()) - {center}
    neighbours: dict[Operation, list[Operation]] = {}
    for op in operations:
        for source in (*(t.op for t in sources(op)), *op.control_inputs):
            if source not in small:
                a, b = folding.home(source), folding.home(op)
                neighbours.setdefault(a, []).append(b)
                neighbours.setdefault(b, []).append(a)
    near = {center}
    ring = [center]
    for _ in range(hops):
        ring = [new for op in ring for new in neighbours.get(op, ()) if new not in near]
        near.update(ring)
    return [op for op in operations if folding.home(op) in near]


def _nodes(
    operations: Sequence[Operation],
    arrangement: Arrangement,
    folding: Folding,
    values: Mapping[str, Any] | None,
    light: Light,
) -> Iterator[Node]:
    """The nodes in the order in which the graph was built."""
    members: dict[str, list[Operation]] = {}
    for op in operations:
        key = arrangement.box_of.get(folding.home(op))
        if key is not None:
            members.setdefault(key, []).append(op)
    models: dict[int, Scope] = {}
    for key, op in arrangement.first.items():
        cluster = arrangement.cluster_of[key]
        scope = arrangement.closed.get(key)
        if scope is not None:
            variables = [op for op in members[key] if op.type in VARIABLES and op not in folding.owner]
            model = models.setdefault(scope.structure, scope)
            node = box_node(scope, members[key], variables, cluster, model, values)
        else:
            title = relative(arrangement.place_of.get(op, op.name), cluster)
            node = operation_node(op, title, cluster, folding.notes.get(op, ()), values)
        yield replace(node, emphasis=light.on(members[key], members[key]))


def _beside(arrangement: Arrangement, folding: Folding, light: Light) -> Iterator[Node]:
    """The copies of small constants next to their consumers."""
    for constant, consumers in folding.beside.items():
        for op in consumers:
            key = arrangement.box_of.get(folding.home(op))
            if key is not None and key not in arrangement.closed:
                node = constant_node(constant, op, arrangement.cluster_of[key])
                yield replace(node, emphasis=light.on([constant], [op]))


def _with_results(nodes: Sequence[Node], edges: Sequence[Edge], arrangement: Arrangement) -> Iterator[Node]:
    """The nodes; operations from which no arrow with a shape goes out get their shape as a line."""
    taken = {edge.tail for edge in edges if edge.kind in (EdgeKind.DATA, EdgeKind.SIDE)}
    for node in nodes:
        op = arrangement.first.get(node.key)
        if node.kind is Kind.OPERATION and op is not None and node.key not in taken and not updates(op):
            shapes = [edge_shape(tensor.shape) for tensor in op.outputs]
            yield replace(node, details=(*node.details, *filter(None, shapes[:1])))
        else:
            yield node
