"""Functions of elements: traced into a block of the graph, which an operation runs for each element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.data.sources import element_op
from graphmagic.data.structures import as_tuples, flat_shapes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.block import Block, building, captures_of
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["functional", "traced"]


def traced(function: Callable[..., Any], types: Any, shapes: Any, leaf: type) -> tuple[Block, Any]:
    """What a function makes of an element, in a block of its own.

    Args:
        function: takes the parts of an element.
        types: the types of an element.
        shapes: their static shapes.
        leaf: what the function may return instead of tensors.

    Returns:
        The block, without outputs, and what the function returned.
    """
    graph = get_default_graph()
    block, before = Block("map", graph.block, in_loop=True), graph.last_id
    with building(graph, block, fresh=True):
        for kind, shape in zip(nest.flatten(types), flat_shapes(types, shapes), strict=True):
            op = apply_op(element_op, name="arg", dtype=kind, shape=shape)
            block.parameters.append(op.outputs[0])
        element = nest.pack_sequence_as(types, block.parameters)
        result = function(*element) if isinstance(element, (tuple, list)) else function(element)
        if not isinstance(result, leaf):
            result = nest.map_structure(convert_to_tensor, as_tuples(result))
    graph.spared -= graph.last_id - before  # in TensorFlow they are in a graph of their own
    return block, result


def functional(opdef: OpDef, source: Tensor, block: Block, **attrs: Any) -> Tensor:
    """The data set that an operation makes by running a block for each element of another one.

    Args:
        opdef: the type of operation.
        source: the other data set.
        block: a complete block.
        attrs: more attributes of the operation.
    """
    captures, waits = captures_of([block])
    op = apply_op(opdef, source, captures, f=block, **attrs)
    block.owner = op
    get_default_graph().add_control_inputs(op, waits)
    return op.outputs[0]
