"""Blocks: operations that do not run by themselves but as a branch of a `cond` or a part of a `while_loop`.

The operations of a block are operations of the same graph, with names, scopes, collections and seeds in common;
`Operation.block` says which block they are in, None for the rest.  They use tensors from outside directly.  What a
block uses from outside, its *captures*, are found when it is complete; the operation that owns the block takes
them as inputs, so that pruning, ordering and gradients of the outside see what the inside needs.

A block of derivatives *mirrors* the block it differentiates: it stands next to it, not inside, and so cannot see
its tensors.  When an operation in it asks for one, the mirror provides a stand-in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphmagic.graph.graph import Graph
    from graphmagic.graph.node import Operation, Tensor

__all__ = ["Block", "blocks_of", "building", "captures_of", "visible", "writes"]


class Block:
    """A branch, or the condition or body of a loop.

    Args:
        name: what it is, for people: ``then_branch``, ``body`` ...
        outer: the block around it, None for the graph itself.
        mirrors: the block whose derivatives it computes.
        in_loop: whether it is run again and again.

    Attributes:
        parameters: the tensors that the owner gives values to: loop variables.
        outputs: the tensors that the owner gets.
        owner: the operation that runs the block, once there is one.
        seen: the outside tensors used so far.
        reads: for each variable its read that all uses in this block share.
        stand_in: makes the stand-in for a tensor of the mirrored block.
        writes: whether running it may change a variable.
    """

    __slots__ = (
        "_stand_ins",
        "in_loop",
        "mirrors",
        "name",
        "outer",
        "outputs",
        "owner",
        "parameters",
        "reads",
        "seen",
        "stand_in",
        "writes",
    )

    def __init__(
        self, name: str, outer: Block | None, mirrors: Block | None = None, in_loop: bool = False
    ) -> None:
        self.name = name
        self.outer = outer
        self.mirrors = mirrors
        self.in_loop = in_loop
        self.parameters: list[Tensor] = []
        self.outputs: list[Tensor] = []
        self.owner: Operation | None = None
        self.seen: set[Tensor] = set()
        self.reads: dict[Any, Tensor] = {}
        self.stand_in: Callable[[Tensor], Tensor] | None = None
        self.writes = False
        self._stand_ins: dict[Tensor, Tensor] = {}

    def stand_in_for(self, tensor: Tensor) -> Tensor:
        """The tensor that has, outside the mirrored block, the value of one inside."""
        if tensor not in self._stand_ins:
            assert self.stand_in is not None
            self._stand_ins[tensor] = self.stand_in(tensor)
        return self._stand_ins[tensor]

    def is_in(self, block: Block | None) -> bool:
        """Whether this is `block` or lies in it."""
        return block is None or any(b is block for b in self.path())

    def path(self) -> Iterator[Block]:
        """This block, the one around it, and so on outwards."""
        block: Block | None = self
        while block is not None:
            yield block
            block = block.outer

    def __repr__(self) -> str:
        return f"<{self.name} of {self.owner.name}>" if self.owner is not None else f"<{self.name}>"


@contextmanager
def building(
    graph: Graph, block: Block | None, scope: str | None = None, fresh: bool = False
) -> Iterator[None]:
    """Put the operations made inside the ``with`` statement into a block.

    Args:
        graph: the graph.
        block: the block; None for the graph itself.
        scope: the name scope to go to; stay where it is if None.
        fresh: forget the control dependencies of the place where the statement stands.
    """
    before = graph.block, graph._scope, graph._control_stack
    graph.block = block
    if scope is not None:
        graph._scope = scope
    if fresh:
        graph._control_stack = []
    try:
        yield
    finally:
        graph.block, graph._scope, graph._control_stack = before


def visible(block: Block | None, tensor: Tensor) -> Tensor | None:
    """`tensor` as an operation in `block` can use it: itself, or its stand-in; None if it cannot.

    >>> import graphmagic as tf
    >>> inside = []
    >>> total = tf.cond(tf.constant(True), lambda: inside.append(tf.constant(1)) or inside[0], lambda: 2)
    >>> visible(None, total) is total, visible(None, inside[0])
    (True, None)
    """
    home = tensor.op.block
    if home is None or home is block:
        return tensor
    path = [] if block is None else list(block.path())
    if any(b is home for b in path):
        return tensor
    for mirror in path:
        if mirror.mirrors is home:
            return visible(block, mirror.stand_in_for(tensor))
    return None


def blocks_of(op: Operation) -> list[Block]:
    """The blocks that an operation runs."""
    if not op.opdef.owns_blocks:
        return []
    return [value for value in op.attrs.values() if isinstance(value, Block)]


def writes(op: Operation) -> bool:
    """Whether an operation may change a variable, by itself or by what it runs."""
    return op.opdef.writes or any(block.writes for block in blocks_of(op))


def captures_of(blocks: Iterable[Block]) -> tuple[list[Tensor], list[Operation]]:
    """What the outputs of some blocks need from outside: tensors, and operations to wait for.

    Returns:
        Both in creation order.
    """
    tensors: set[Tensor] = set()
    waits: set[Operation] = set()
    for block in blocks:
        done: set[Operation] = set()
        stack = list(block.outputs)
        while stack:
            tensor = stack.pop()
            if tensor.op.block is not block:
                tensors.add(tensor)
                continue
            ops = [tensor.op]
            while ops:
                op = ops.pop()
                if op not in done:
                    done.add(op)
                    block.writes |= writes(op)
                    stack += op.inputs
                    ops += [c for c in op.control_inputs if c.block is block]
                    waits.update(c for c in op.control_inputs if c.block is not block)
    return sorted(tensors, key=lambda t: (t.op.id, t.value_index)), sorted(waits, key=lambda o: o.id)
