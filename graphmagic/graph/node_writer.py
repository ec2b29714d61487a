"""Operations that only graphmagic has, written as TensorFlow's: what `Graph.as_graph_def` says in their place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic.dtypes import int32, variant
from graphmagic.graph.flow_writer import Crossings, new_node
from graphmagic.graph.node import Operation
from graphmagic.graph.nodedef import node_def, set_attr
from graphmagic.shapes import TensorShape

__all__ = ["NodeWriter"]


class NodeWriter:
    """Writes the operations of a graph as TensorFlow's nodes.

    Args:
        operations: all operations of the graph.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     b = tf.constant([1.0, 2.0])
    ...     db = tf.gradients(tf.zeros([3, 2]) + b, b)[0]
    >>> writer = NodeWriter(graph.get_operations())
    >>> db.op.type, [node.op for node in writer.nodes(db.op)]
    ('Unbroadcast', ['Shape', 'Shape', 'BroadcastGradientArgs', 'Sum', 'Reshape'])
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self._crossings = Crossings(operations)

    def nodes(self, op: Operation) -> list[Any]:
        """The nodes that stand for an operation."""
        nodes = self._nodes(op)
        added, self._crossings.pending = self._crossings.pending, []
        return [*added, *nodes]

    def _nodes(self, op: Operation) -> list[Any]:
        crossings = self._crossings
        if op.type == "If":
            return crossings.branch(op)
        if op.type == "While":
            return crossings.loop(op)
        if op.type == "LoopVariable" and op.block is not None and op.block.owner is not None:
            return crossings.variable(op)
        if op.type in ("Merge", "Exit") and op.inputs[0].op.type in ("If", "While"):
            return crossings.result(op, op.inputs[0], op.name)
        node = node_def(op)
        if op.block is not None or any(t.op.type in ("If", "While") for t in op.inputs):
            del node.input[:]
            node.input.extend(crossings.value(op.block, t, op.name) for t in op.inputs)
            node.input.extend(crossings.waits(op))
        for key, value in op.attrs.items():
            if value is variant and op.inputs:
                set_attr(node.attr[key], crossings.dtype(op.inputs[0]))
        lower = _LOWER.get(op.type)
        return [node] if lower is None else lower(op, node)


def _unbroadcast(op: Operation, original: Any) -> list[Any]:
    """Sum over the axes that broadcasting has added or stretched."""
    dy, like, *controls = original.input
    name, dtype = op.name, op.attrs["T"]
    shapes = [f"{name}/Shape", f"{name}/Shape_1"]
    axes = f"{name}/BroadcastGradientArgs"
    return [
        new_node(op, shapes[0], "Shape", [like, *controls], T=dtype, out_type=int32),
        new_node(op, shapes[1], "Shape", [dy, *controls], T=dtype, out_type=int32),
        new_node(op, axes, "BroadcastGradientArgs", shapes, T=int32),
        new_node(op, f"{name}/Sum", "Sum", [dy, axes], T=dtype, Tidx=int32, keep_dims=False),
        new_node(op, name, "Reshape", [f"{name}/Sum", shapes[0]], T=dtype, Tshape=int32),
    ]


# ----- lists and optional values, which gradients of loops and branches are made of -----


def _any_number(op: Operation, name: str, waits: Sequence[str]) -> Any:
    """A constant that says that there is no bound, or no known shape."""
    return new_node(op, name, "Const", waits, dtype=int32, value=np.array(-1, np.int32))


def _empty_list(op: Operation, original: Any) -> list[Any]:
    names, waits = [f"{op.name}/element_shape", f"{op.name}/max_num_elements"], list(original.input)
    attrs = {"element_dtype": op.attrs["element_dtype"], "shape_type": int32}
    return [
        *[_any_number(op, name, waits) for name in names],
        new_node(op, op.name, "EmptyTensorList", [*names, *waits], **attrs),
    ]


def _push(op: Operation, original: Any) -> list[Any]:
    return [new_node(op, op.name, "TensorListPushBack", original.input, element_dtype=op.attrs["T"])]


def _pop(op: Operation, original: Any) -> list[Any]:
    chain, *waits = original.input
    shape = f"{op.name}/element_shape"
    attrs = {"element_dtype": op.attrs["T"]}
    return [
        _any_number(op, shape, [f"^{chain.partition(':')[0]}"]),
        new_node(op, op.name, "TensorListPopBack", [chain, shape, *waits], **attrs),
    ]


def _optional(op: Operation, original: Any) -> list[Any]:
    return [new_node(op, op.name, "OptionalFromValue", original.input, Toutput_types=[op.attrs["T"]])]


def _optional_value(op: Operation, original: Any) -> list[Any]:
    attrs = {"output_types": [op.attrs["T"]], "output_shapes": [TensorShape(None)]}
    return [new_node(op, op.name, "OptionalGetValue", original.input, **attrs)]


def _zeros(op: Operation, original: Any) -> list[Any]:
    return [new_node(op, op.name, "ZerosLike", original.input, T=variant)]


def _sum(op: Operation, original: Any) -> list[Any]:
    return [new_node(op, op.name, "AddN", original.input, T=variant, N=len(op.inputs))]


_LOWER: dict[str, Callable[[Operation, Any], list[Any]]] = {
    "EmptyTensorList": _empty_list,
    "OptionalFromValue": _optional,
    "OptionalGetValue": _optional_value,
    "TensorListPopBack": _pop,
    "TensorListPushBack": _push,
    "Unbroadcast": _unbroadcast,
    "VariantAddN": _sum,
    "VariantZerosLike": _zeros,
}
