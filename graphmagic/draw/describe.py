"""The words on a node: its title, the lines under it and its tooltip."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphmagic.draw.fold import PLACEHOLDERS, VARIABLES, beside_key
from graphmagic.draw.labels import count, printable, relative, shorten, site_text, typed, value_text
from graphmagic.draw.model import Kind, Node

if TYPE_CHECKING:
    from graphmagic.draw.scopes import Scope
    from graphmagic.graph import Operation

_RESOURCE = re.compile(r"(Queue|Reader|HashTable|OfTensors|Iterator|Barrier|Stack|Accumulator)(V\d+)?$")
_VERSION = re.compile(r"V\d+$")


__all__ = ["box_node", "constant_node", "describe", "kind_of", "operation_node"]


def kind_of(op: Operation) -> Kind:
    """What an operation is drawn as."""
    if op.type in VARIABLES:
        return Kind.VARIABLE
    if op.type in PLACEHOLDERS:
        return Kind.PLACEHOLDER
    if _RESOURCE.search(op.type):
        return Kind.RESOURCE
    return {"Const": Kind.CONSTANT, "NoOp": Kind.GROUP}.get(op.type, Kind.OPERATION)


def operation_node(
    op: Operation, title: str, cluster: str, notes: Iterable[str], values: Mapping[str, Any] | None
) -> Node:
    """The node of one operation.

    Args:
        op: the operation.
        title: what it is called in the frame around it.
        cluster: the path of that frame.
        notes: lines on what the operation absorbed.
        values: variable name -> value or None, to show instead of a variable's initial value.
    """
    kind = kind_of(op)
    details = tuple(printable(line) for line in _details(op, kind, title, notes, values))
    empty = kind is Kind.VARIABLE and values is not None and values.get(op.name, op) is None
    return Node(op.name, kind, shorten(title), details, tuple(_tooltip(op)), cluster, empty=empty)


def _details(
    op: Operation, kind: Kind, title: str, notes: Iterable[str], values: Mapping[str, Any] | None
) -> Iterator[str]:
    if kind in (Kind.VARIABLE, Kind.PLACEHOLDER):
        yield typed(op.outputs[0].dtype, op.outputs[0].shape)
    elif kind is Kind.CONSTANT:
        yield value_text(op.attrs["value"])
    elif kind in (Kind.OPERATION, Kind.RESOURCE) and not _tells(title, op.type):
        yield "loop variable" if op.type == "LoopVariable" else op.type
    overlaid = values is not None and op.name in values
    for note in notes:
        if not (overlaid and note.startswith("init ")):
            yield note
    if values is not None and overlaid:
        value = values[op.name]
        yield "uninitialized" if value is None else f"= {value_text(value, shape=False)}"


def _tells(title: str, type: str) -> bool:
    """Whether the title of an operation is its type already."""
    last = title.rpartition("/")[2]
    return type.lower() in (last.lower(), last.rstrip("_0123456789").lower()) or last == _VERSION.sub(
        "", type
    )


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


def _stack_title(scope: Scope, cluster: str) -> str:
    """What a stack is called, after the scopes between its frame and it, which have no frame of their own."""
    around = scope.parent.path if scope.parent is not None else ""
    return scope.label if around in ("", cluster) else f"{shorten(relative(around, cluster))}/{scope.label}"


def box_node(
    scope: Scope,
    members: Sequence[Operation],
    variables: Sequence[Operation],
    cluster: str,
    model: Scope,
    values: Mapping[str, Any] | None,
) -> Node:
    """The node of a closed scope or of a stack of like siblings.

    Args:
        scope: the scope or stack.
        members: the operations in it.
        variables: the variables among these, an optimizer's slots aside.
        cluster: the path of the frame around it.
        model: the first closed scope of the same structure, perhaps itself.
        values: variable name -> value or None; the box tells how many variables have none.
    """
    title = _stack_title(scope, cluster) if scope.label else shorten(relative(scope.path, cluster))
    details = list(_sizes(scope, len(variables)))
    empty = sum(op.name in values and values[op.name] is None for op in variables) if values else 0
    if empty:
        details.append("all uninitialized" if empty == len(variables) else f"{empty} uninitialized")
    if scope is not model and not scope.label and scope.size > 1:
        details.append(f"like {shorten(relative(model.path, cluster), 24)}")
    kinds: dict[str, int] = {}
    for op in members:
        kinds[op.type] = kinds.get(op.type, 0) + 1
    common = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))[:5]
    tooltip = (
        f"{title}: {', '.join(details)}",
        ", ".join(f"{number} {kind}" for kind, number in common) + (" …" if len(kinds) > 5 else ""),
    )
    return Node(scope.key, Kind.STACK if scope.label else Kind.SCOPE, title, tuple(details), tooltip, cluster)


def _sizes(scope: Scope, variables: int) -> Iterator[str]:
    """How much is in a box; of a stack of scopes, how often how much."""
    times = scope.members if scope.scopes else 0
    if not times or scope.size % times or variables % times:
        times = 1
    often = f"{times} times " if times > 1 else ""
    yield often + count(scope.size // times, "operation")
    if variables:
        yield often + count(variables // times, "variable")


def describe(name: str, operations: Sequence[Operation]) -> str:
    """One sentence on a graph for people who do not see its picture."""
    counts = [count(len(operations), "operation")]
    for noun, kinds in (("variable", VARIABLES), ("placeholder", PLACEHOLDERS)):
        names = [op.name for op in operations if op.type in kinds]
        if names:
            listed = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
            counts.append(f"{count(len(names), noun)} ({listed})")
    return f"Graph {printable(name)}: {', '.join(counts)}."
