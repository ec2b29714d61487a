"""The arrows between what is drawn: everything that flows from one node to another in one arrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from graphmagic.draw.blocks import sources
from graphmagic.draw.fold import VARIABLES, beside_key, updates
from graphmagic.draw.labels import count, edge_shape, printable, typed
from graphmagic.draw.model import Edge, EdgeKind
from graphmagic.graph import Operation

if TYPE_CHECKING:
    from graphmagic.draw.arrange import Arrangement
    from graphmagic.draw.fold import Folding
    from graphmagic.draw.light import Light
    from graphmagic.graph import Tensor

__all__ = ["bundle_edges"]

LISTED = 6
"""How many tensors the tooltip of an arrow lists."""

_WAITS = {EdgeKind.CONTROL, EdgeKind.INITIALIZE}
_SETS = {EdgeKind.WRITE, EdgeKind.UPDATE}


@dataclass
class _Bundle:
    """What flows from one node to another."""

    kinds: set[EdgeKind] = field(default_factory=set)
    tensors: dict[str, Tensor] = field(default_factory=dict)
    heads: list[Operation] = field(default_factory=list)
    waits: list[Operation] = field(default_factory=list)

    def kind(self) -> EdgeKind:
        """One kind for all; an order that the data implies is not told."""
        flows = self.kinds - _WAITS
        if flows & _SETS:
            return EdgeKind.WRITE if flows == {EdgeKind.WRITE} else EdgeKind.UPDATE
        if flows:
            return EdgeKind.DATA
        return EdgeKind.CONTROL if EdgeKind.CONTROL in self.kinds else EdgeKind.INITIALIZE


def bundle_edges(
    operations: Sequence[Operation], folding: Folding, arrangement: Arrangement, light: Light
) -> list[Edge]:
    """Collect the arrows of a picture.

    Args:
        operations: those to draw, in creation order.
        folding: which of them are drawn as part of others.
        arrangement: the node that shows each of them.
        light: what a run executes.

    Returns:
        At most one edge for each pair of nodes and direction.
    """
    bundles: dict[tuple[str, str], _Bundle] = {}
    for op in operations:
        head = arrangement.box_of.get(folding.home(op))
        if head is None:
            continue
        for tail, kind, source in _inputs(op, folding, arrangement):
            if tail == head:
                continue
            pair = (head, tail) if kind is EdgeKind.INITIALIZE else (tail, head)
            bundle = bundles.setdefault(pair, _Bundle())
            bundle.kinds.add(kind)
            bundle.heads.append(op)
            if isinstance(source, Operation):
                bundle.waits.append(source)
            else:
                bundle.tensors[source.name] = source
    return [_edge(tail, head, bundle, arrangement, light) for (tail, head), bundle in bundles.items()]


def _inputs(
    op: Operation, folding: Folding, arrangement: Arrangement
) -> Iterator[tuple[str, EdgeKind, Tensor | Operation]]:
    """The node and kind of each input, and the tensor, or the operation that is waited for."""
    for index, tensor in enumerate(sources(op)):
        source = tensor.op
        if source in folding.settings:
            continue
        if source in folding.beside:
            if arrangement.box_of[folding.home(op)] not in arrangement.closed:
                yield beside_key(source, op), EdgeKind.DATA, tensor
        elif (tail := arrangement.box_of.get(folding.home(source))) is not None:
            yield tail, _kind(op, index, source), tensor
    for source in op.control_inputs:
        if (tail := arrangement.box_of.get(folding.home(source))) is not None:
            initializes = op.type == "NoOp" and source in folding.initializers
            yield tail, EdgeKind.INITIALIZE if initializes else EdgeKind.CONTROL, source


def _kind(op: Operation, index: int, source: Operation) -> EdgeKind:
    if source.type not in VARIABLES or not updates(op) or (index and not op.inputs[index].dtype.is_ref_dtype):
        return EdgeKind.DATA
    return EdgeKind.WRITE if op.type == "Assign" else EdgeKind.UPDATE


def _edge(tail: str, head: str, bundle: _Bundle, arrangement: Arrangement, light: Light) -> Edge:
    kind = bundle.kind()
    if kind is EdgeKind.DATA and head in arrangement.machinery and tail not in arrangement.machinery:
        kind = EdgeKind.SIDE
    tooltip = tuple(_tooltip(tail, head, kind, bundle))
    number = len(bundle.tensors) or len(set(bundle.waits))
    return Edge(tail, head, kind, _label(kind, bundle), tooltip, light.on((), bundle.heads), number)


def _label(kind: EdgeKind, bundle: _Bundle) -> str:
    """The shape of a single tensor or the number of several; none where the variable at the end tells it."""
    if kind is not EdgeKind.DATA:
        return ""
    if len(bundle.tensors) > 1:
        return count(len(bundle.tensors), "tensor")
    tensor = next(iter(bundle.tensors.values()))
    return edge_shape(tensor.shape)


_VERBS = {
    EdgeKind.DATA: "{tail} → {head}",
    EdgeKind.SIDE: "{tail} → {head}",
    EdgeKind.CONTROL: "{tail} runs before {head}",
    EdgeKind.INITIALIZE: "{tail} initializes {head}",
    EdgeKind.WRITE: "{head} sets {tail}",
    EdgeKind.UPDATE: "{head} reads and sets {tail}",
}


def _tooltip(tail: str, head: str, kind: EdgeKind, bundle: _Bundle) -> Iterator[str]:
    tail, head = (printable(key.partition("→")[0].rstrip("/")) for key in (tail, head))
    yield _VERBS[kind].format(tail=tail, head=head)
    for name, tensor in list(bundle.tensors.items())[:LISTED]:
        yield f"{printable(name)} {typed(tensor.dtype, tensor.shape)}"
    if len(bundle.tensors) > LISTED:
        yield f"and {len(bundle.tensors) - LISTED} more"
