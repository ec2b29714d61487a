"""How data sets are added to the graph; functions of elements, traced into a block that an operation runs for each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import nest
from graphmagic.data.sources import element_op
from graphmagic.data.structures import as_tuples, flat_shapes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.block import Block, building, captures_of
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["functional", "functional_op", "made", "of_parts", "traced"]


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
    return functional_op(opdef, [source], block, **attrs).outputs[0]


def functional_op(opdef: OpDef, inputs: Sequence[Any], block: Block, **attrs: Any) -> Operation:
    """The operation that runs a block for elements; arguments as `functional`, but several inputs."""
    captures, waits = captures_of([block])
    op = apply_op(opdef, *inputs, captures, f=block, **attrs)
    block.owner = op
    get_default_graph().add_control_inputs(op, waits)
    return op


def made(opdef: OpDef, *inputs: Any, **attrs: Any) -> Callable[..., Tensor]:
    """What adds the operation of a data set to the graph, once it is known what its elements are.

    Args:
        opdef: its type.
        inputs: tensors, data sets or lists of them.
        attrs: its attributes, but for those that say what its elements are.
    """

    def build(**known: Any) -> Tensor:
        return apply_op(opdef, *[_tensors(given) for given in inputs], **known, **attrs).outputs[0]

    return build


def _tensors(given: Any) -> Any:
    """Data sets as the tensors that stand for them here."""
    if isinstance(given, list):
        return [_tensors(item) for item in given]
    return given.variant() if hasattr(given, "variant") else given


def of_parts(opdef: OpDef, parts: Sequence[Tensor], output_types: Any, output_shapes: Any) -> Tensor:
    """The data set of tensors; their types are those of its elements."""
    return apply_op(opdef, list(parts), output_shapes=output_shapes).outputs[0]
