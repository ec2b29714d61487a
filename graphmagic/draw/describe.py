"""The words on a node: its title, the lines under it and its tooltip."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphmagic.draw.fold import PLACEHOLDERS, VARIABLES, beside_key
from graphmagic.draw.labels import count, printable, relative, shorten, site_text, typed, value_text
from graphmagic.draw.model import Kind, Node

if TYPE_CHECKING:
    from graphmagic.draw.scopes import Scope
    from graphmagic.graph import Operation

__all__ = ["box_node", "constant_node", "describe", "kind_of", "operation_node"]


def kind_of(op: Operation) -> Kind:
    """What an operation is drawn as."""
    if op.type in VARIABLES:
        return Kind.VARIABLE
    if op.type in PLACEHOLDERS:
        return Kind.PLACEHOLDER
    return {"Const": Kind.CONSTANT, "NoOp": Kind.GROUP}.get(op.type, Kind.OPERATION)


def operation_node(
    op: Operation, cluster: str, notes: Iterable[str], values: Mapping[str, Any] | None
) -> Node:
    """The node of one operation.

    Args:
        op: the operation.
        cluster: the path of the frame around it; the title leaves it out.
        notes: lines on what the operation absorbed.
        values: variable name -> value or None, to show instead of a variable's initial value.
    """
    kind = kind_of(op)
    title = relative(op.name, cluster)
    details = tuple(printable(line) for line in _details(op, kind, title, notes, values))
    return Node(op.name, kind, shorten(title), details, tuple(_tooltip(op)), cluster)


def _details(
    op: Operation, kind: Kind, title: str, notes: Iterable[str], values: Mapping[str, Any] | None
) -> Iterator[str]:
    if kind in (Kind.VARIABLE, Kind.PLACEHOLDER):
        yield typed(op.outputs[0].dtype, op.outputs[0].shape)
    elif kind is Kind.CONSTANT:
        yield value_text(op.attrs["value"])
    elif kind is Kind.OPERATION and title.rpartition("/")[2].rstrip("_0123456789").lower() != op.type.lower():
        yield op.type
    overlaid = values is not None and op.name in values
    for note in notes:
        if not (overlaid and note.startswith("init ")):
            yield note
    if values is not None and overlaid:
        value = values[op.name]
        yield "uninitialized" if value is None else f"= {value_text(value, shape=False)}"


def _tooltip(op: Operation) -> Iterator[str]:
    yield f"{printable(op.name)}: {op.type}"
    if op.type == "Const":
        yield f"value {printable(value_text(op.attrs['value']))}"
    for tensor in op.outputs:
        yield f"output {typed(tensor.dtype, tensor.shape)}"
    if op.device:
        yield f"device {printable(op.device)}"
    yield f"created at {printable(site_text(op))}"


def constant_node(op: Operation, consumer: Operation, cluster: str) -> Node:
    """The copy of a small constant beside a consumer; it needs no name if it was made for that one."""
    value = shorten(printable(value_text(op.attrs["value"])), 40)
    anonymous = op.name.startswith(f"{consumer.name}/")
    lines = [value] if anonymous else [shorten(relative(op.name, cluster)), value]
    return Node(
        beside_key(op, consumer), Kind.CONSTANT, lines[0], tuple(lines[1:]), tuple(_tooltip(op)), cluster
    )


def box_node(scope: Scope, members: Sequence[Operation], cluster: str) -> Node:
    """The node of a closed scope or of a stack of like siblings."""
    variables = [op for op in members if op.type in VARIABLES]
    details = [count(scope.size, "operation")]
    if variables:
        details.append(count(len(variables), "variable"))
    title = scope.label or shorten(relative(scope.path, cluster))
    kinds: dict[str, int] = {}
    for op in members:
        kinds[op.type] = kinds.get(op.type, 0) + 1
    common = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:5]
    tooltip = (
        f"{title}: {', '.join(details)}",
        ", ".join(f"{number} {kind}" for kind, number in common) + (" …" if len(kinds) > 5 else ""),
    )
    return Node(scope.key, Kind.STACK if scope.label else Kind.SCOPE, title, tuple(details), tooltip, cluster)


def describe(name: str, operations: Sequence[Operation]) -> str:
    """One sentence on a graph for people who do not see its picture."""
    counts = [count(len(operations), "operation")]
    for noun, kinds in (("variable", VARIABLES), ("placeholder", PLACEHOLDERS)):
        names = [op.name for op in operations if op.type in kinds]
        if names:
            listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
            counts.append(f"{count(len(names), noun)} ({listed})")
    return f"Graph {printable(name)}: {', '.join(counts)}."
