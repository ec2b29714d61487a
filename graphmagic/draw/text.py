"""A graph as readable text, for terminals, for tests and for people who do not see pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphmagic.draw.blocks import sources
from graphmagic.draw.fold import VARIABLES
from graphmagic.draw.labels import count, printable, site_text, typed, value_text
from graphmagic.draw.model import Drawing, EdgeKind

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["neighbour_lines", "operation_lines", "to_text", "values_text"]

LISTED = 80
"""Graphs of at most this many operations are listed in full."""
LISTED_USERS = 8
"""So many operations are named that take a result."""


def to_text(operations: Sequence[Operation], drawing: Drawing) -> str:
    """List the operations of a graph, or the boxes of its picture if there are too many.

    Args:
        operations: of the graph, in creation order.
        drawing: the picture.

    Returns:
        Lines in aligned columns: name, type, what it gives, and after an arrow what it takes.

    >>> import graphmagic as tf
    >>> from graphmagic.draw.summarize import summarize
    >>> with tf.Graph().as_default() as graph:
    ...     y = tf.square(tf.placeholder(tf.float32, [None, 3], name="x"), name="y")
    >>> print(to_text(graph.get_operations(), summarize(graph)))
    Graph graph: 2 operations, 1 placeholder (x).
      x  Placeholder  float32 [?, 3]
      y  Square       float32 [?, 3]  ← x
    """
    lines = operation_lines(operations) if len(operations) <= LISTED else _drawn_lines(drawing)
    return "\n".join([drawing.description, *lines])


def operation_lines(operations: Iterable[Operation]) -> list[str]:
    """One line for each operation."""
    return _columns([_row(op) for op in operations])


def neighbour_lines(op: Operation) -> list[str]:
    """An operation with what it takes, what takes its results, what waits for it, and where it was created."""
    users: dict[Operation, str] = {}
    for tensor in op.outputs:
        users |= {user: user.name for user in tensor.consumers()}
    for user in op.graph.get_operations():
        if op in user.control_inputs:
            users.setdefault(user, f"^{user.name}")
    names = [printable(name) for name in users.values()]
    more = f" and {len(names) - LISTED_USERS} more" if len(names) > LISTED_USERS else ""
    lines = operation_lines([op])
    if names:
        lines.append(f"  → {', '.join(names[:LISTED_USERS])}{more}")
    return [*lines, f"  created at {printable(site_text(op))}"]


def values_text(operations: Iterable[Operation], values: Mapping[str, Any]) -> str:
    """What a session holds: its variables, each with its value or `uninitialized`.

    Args:
        operations: of the graph.
        values: variable name -> value, or None where it is uninitialized.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     a, b = tf.Variable(1.0, name="a"), tf.Variable([1, 2], name="b")
    >>> print(values_text(graph.get_operations(), {"a": 2.5, "b": None}))
    Session with 2 variables, 1 uninitialized.
      a  float32 scalar  = 2.5
      b  int32 [2]       uninitialized
    """
    variables = [op for op in operations if op.type in VARIABLES and op.name in values]
    empty = sum(values[op.name] is None for op in variables)
    rows = []
    for op in variables[:LISTED]:
        value = values[op.name]
        text = "uninitialized" if value is None else f"= {value_text(value, shape=False)}"
        rows.append((op.name, typed(op.outputs[0].dtype, op.outputs[0].shape), text, ""))
    lines = [
        f"Session with {count(len(variables), 'variable')}" + (f", {empty} uninitialized." if empty else "."),
        *_columns(rows),
    ]
    return "\n".join(
        [*lines, *([f"  and {len(variables) - LISTED:,} more"] if len(variables) > LISTED else [])]
    )


def _row(op: Operation) -> tuple[str, str, str, str]:
    outputs = [typed(t.dtype, t.shape) for t in op.outputs]
    if op.type == "Const":
        outputs = [f"{outputs[0]} = {value_text(op.attrs['value'], shape=False)}"]
    inputs = [t.op.name if t.value_index == 0 else t.name for t in sources(op)]
    inputs += [f"^{source.name}" for source in op.control_inputs]
    return op.name, op.type, "; ".join(outputs), ", ".join(inputs)


def _drawn_lines(drawing: Drawing) -> list[str]:
    sources: dict[str, list[str]] = {}
    for edge in drawing.edges:
        mark = "" if edge.kind not in (EdgeKind.CONTROL, EdgeKind.INITIALIZE) else "^"
        sources.setdefault(edge.head, []).append(mark + edge.tail.partition("→")[0])
    rows = [
        (node.key, node.kind.value, "; ".join(node.details), ", ".join(sources.get(node.key, ())))
        for node in drawing.nodes
        if "→" not in node.key
    ]
    return [*_columns(rows), "  (names that end in / are collapsed scopes)"]


def _columns(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    """Rows in aligned columns."""
    rows = [(printable(a), b, printable(c), printable(d)) for a, b, c, d in rows]
    widths = [min(40, max((len(row[column]) for row in rows), default=0)) for column in range(3)]
    lines = []
    for *cells, inputs in rows:
        line = "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        lines.append(("  " + line + (f"  ← {inputs}" if inputs else "")).rstrip())
    return lines
