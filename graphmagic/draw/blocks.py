"""How branches and loops are drawn: what is inside leads to the operation that runs it.

A branch or a body needs no picture of its own, since its operations are operations of the graph, in the scope of the
`cond` or `while_loop`.  But an operation that runs blocks takes, as a node of the graph, what they use from
outside; in a picture it takes what they give, a loop variable takes its first value, and the element that a data set
is mapped from takes that data set.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from graphmagic.graph.block import blocks_of

if TYPE_CHECKING:
    from graphmagic.graph import Operation, Tensor

__all__ = ["sources", "without_idle"]


def sources(op: Operation) -> tuple[Tensor, ...]:
    """The tensors that arrows lead from to an operation.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     x = tf.placeholder(tf.float32, [], name="x")
    ...     root = tf.cond(x > 0, lambda: tf.sqrt(x), lambda: tf.negative(x))
    >>> [t.name for t in sources(root.op.inputs[0].op)]
    ['Greater:0', 'cond/Sqrt:0', 'cond/Neg:0']
    """
    block = op.block
    if block is not None and block.owner is not None and op.type in ("LoopVariable", "DatasetElement"):
        position = block.parameters.index(op.outputs[0]) if op.type == "LoopVariable" else 0
        return (block.owner.inputs[position],)
    blocks = blocks_of(op)
    if not blocks:
        return op.inputs
    results = tuple([t for block in blocks for t in block.outputs])
    return results if blocks[0].in_loop else (op.inputs[0], *results)


def without_idle(operations: Sequence[Operation]) -> list[Operation]:
    """The operations without the loop variables and results that nobody looks at, if others are looked at."""
    used = {t.op for op in operations for t in sources(op)}
    looked_at = {op.inputs[0].op for op in used if op.type == "Exit"}
    return [
        op
        for op in operations
        if op in used
        or not (op.type == "LoopVariable" or (op.type == "Exit" and op.inputs[0].op in looked_at))
    ]
