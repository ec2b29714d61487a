"""Operations that only graphmagic has, written as TensorFlow's: what `Graph.as_graph_def` says in their place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import int32
from graphmagic.graph.messages import message
from graphmagic.graph.node import Operation
from graphmagic.graph.nodedef import node_def, set_attr

__all__ = ["lowered"]


def lowered(op: Operation) -> list[Any]:
    """The nodes that stand for an operation; the last one has its name and its outputs.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     b = tf.constant([1.0, 2.0])
    ...     db = tf.gradients(tf.zeros([3, 2]) + b, b)[0]
    >>> db.op.type, [node.op for node in lowered(db.op)]
    ('Unbroadcast', ['Shape', 'Shape', 'BroadcastGradientArgs', 'Sum', 'Reshape'])
    """
    lower = _LOWER.get(op.type)
    return [node_def(op)] if lower is None else lower(op)


def _unbroadcast(op: Operation) -> list[Any]:
    """Sum over the axes that broadcasting has added or stretched."""
    original = node_def(op)
    dy, like, *controls = original.input
    dtype = op.attrs["T"]

    def node(suffix: str, kind: str, inputs: list[str], **attrs: Any) -> Any:
        result = message("NodeDef")(name=op.name + suffix, op=kind, device=op.device)
        result.input.extend(inputs)
        for key, value in attrs.items():
            set_attr(result.attr[key], value)
        return result

    name = op.name
    shapes = [f"{name}/Shape", f"{name}/Shape_1"]
    return [
        node("/Shape", "Shape", [like, *controls], T=dtype, out_type=int32),
        node("/Shape_1", "Shape", [dy, *controls], T=dtype, out_type=int32),
        node("/BroadcastGradientArgs", "BroadcastGradientArgs", shapes, T=int32),
        node("/Sum", "Sum", [dy, f"{name}/BroadcastGradientArgs"], T=dtype, Tidx=int32, keep_dims=False),
        node("", "Reshape", [f"{name}/Sum", f"{name}/Shape"], T=dtype, Tshape=int32),
    ]


_LOWER: dict[str, Callable[[Operation], list[Any]]] = {"Unbroadcast": _unbroadcast}
