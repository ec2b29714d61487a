"""Where operations stand whose name does not tell: in branches and loops, and with the optimizer they serve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from graphmagic.draw.blocks import sources
from graphmagic.draw.fold import VARIABLES, Folding

if TYPE_CHECKING:
    from graphmagic.graph import Operation

__all__ = ["places"]

_PARTS: Mapping[str, str] = {
    "then_branch": "then",
    "else_branch": "else",
    "cond": "condition",
    "body": "body",
}
"""What the blocks of branches and loops are called in a picture."""


def places(operations: Sequence[Operation], folding: Folding, machinery: set[str]) -> dict[Operation, str]:
    """The paths of operations that do not stand under their name.

    Args:
        operations: those to draw, in creation order.
        folding: which of them are drawn as part of others.
        machinery: the paths of gradients, optimizers and savers.

    Returns:
        Operation -> path. An operation in a branch stands in a scope ``then`` or ``else``, one in a loop in
        ``condition`` or ``body``, what a data set maps with in the scope of that. A variable that only an
        optimizer uses, such as a power of Adam's, stands in the scope of the optimizer.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.placeholder(tf.float32, [], name="x")
    ...     y = tf.cond(x > 0, lambda: tf.sqrt(x), lambda: x, name="root")
    >>> list(places(graph.get_operations(), Folding(), set()).values())
    ['root/then/Sqrt']
    """
    found = {op: path for op in operations if op.block is not None and (path := _in_block(op))}
    if machinery:
        found.update(_with_optimizer(operations, folding, machinery))
    return found


def _in_block(op: Operation) -> str:
    """The name of an operation with the parts of branches and loops that it is in."""
    path = op.name
    for block in op.block.path() if op.block is not None else ():
        if block.owner is None:
            continue
        scope = block.owner.name.rpartition("/")[0]
        if block.name in _PARTS and path.startswith(f"{scope}/"):
            path = f"{scope}/{_PARTS[block.name]}{path[len(scope) :]}"
        elif block.name == "map":
            path = f"{block.owner.name}/{path}"
    return path if path != op.name else ""


def _with_optimizer(
    operations: Sequence[Operation], folding: Folding, machinery: set[str]
) -> dict[Operation, str]:
    users: dict[Operation, set[str]] = {op: set() for op in operations if op.type in VARIABLES}
    for op in operations:
        for tensor in sources(op):
            variable = folding.home(tensor.op)
            if variable in users and folding.home(op) is not variable:
                users[variable].add(_machine(op, machinery))
    found = {}
    for variable, machines in users.items():
        serves = {machine for machine in machines if machine and not machine.startswith("save")}
        if "" not in machines and len(serves) == 1:
            machine = serves.pop()
            if not variable.name.startswith(f"{machine}/"):
                found[variable] = f"{machine}/{variable.name}"
    return found


def _machine(op: Operation, machinery: set[str]) -> str:
    path = op.name
    while path and path not in machinery:
        path = path.rpartition("/")[0]
    return path
