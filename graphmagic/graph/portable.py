"""Graphs as JSON: every operation by name, type, inputs and attributes, and back again.

The document is ``{"format": "graphmagic graph", "version": 1, "nodes": [...], "blocks": [...]}``.  A node is::

    {"name": "y", "op": "Mul", "inputs": ["v/read:0", "y/y:0"], "control": [], "device": "", "attrs": {...},
     "shapes": [[2]], "block": null}

Attributes that JSON has no word for are objects with one key: ``{"type": "float32"}``, ``{"shape": [null, 3]}``,
``{"tensor": [dtype, shape, base64]}`` (strings: a list of base64), ``{"float": "inf"}``, ``{"bytes": base64}``,
``{"block": 0}``.  A block is a branch or a part of a loop: ``{"name", "outer", "mirrors", "in_loop", "parameters",
"outputs", "writes"}``.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.block import Block, building
from graphmagic.graph.constants import Planned, group_by_argument
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import registry
from graphmagic.graph.ordering import inputs_first
from graphmagic.graph.undo import unchanged_on_error
from graphmagic.shapes import TensorShape

__all__ = ["add_portable", "portable"]

FORMAT = "graphmagic graph"
VERSION = 1


# ----- out -----


def portable(graph: Graph) -> dict[str, Any]:
    """A graph as what `json` can write.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as graph:
    ...     x = tf.constant(1.5, name="x")
    >>> portable(graph)["nodes"][0]["attrs"]
    {'dtype': {'type': 'float32'}, 'value': {'tensor': ['float32', [], 'AADAPw==']}}
    """
    operations = graph.get_operations()
    blocks: dict[Block, int] = {}
    for op in operations:
        for block in [op.block, *[v for v in op.attrs.values() if isinstance(v, Block)]]:
            for part in [] if block is None else reversed(list(block.path())):
                blocks.setdefault(part, len(blocks))
    return {
        "format": FORMAT,
        "version": VERSION,
        "nodes": [_node(op, blocks) for op in operations],
        "blocks": [_block(block, blocks) for block in blocks],
    }


def _node(op: Operation, blocks: Mapping[Block, int]) -> dict[str, Any]:
    return {
        "name": op.name,
        "op": op.type,
        "inputs": [t.name for t in op.inputs],
        "control": [c.name for c in op.control_inputs],
        "device": op.device,
        "attrs": {key: _out(value, blocks) for key, value in op.attrs.items() if not key.startswith("_")},
        "types": [t.dtype.name for t in op.outputs],
        "shapes": [None if t.shape.ndims is None else t.shape.as_list() for t in op.outputs],
        "block": None if op.block is None else blocks[op.block],
    }


def _block(block: Block, blocks: Mapping[Block, int]) -> dict[str, Any]:
    return {
        "name": block.name,
        "outer": None if block.outer is None else blocks[block.outer],
        "mirrors": None if block.mirrors is None else blocks.get(block.mirrors),
        "in_loop": block.in_loop,
        "parameters": [t.name for t in block.parameters],
        "outputs": [t.name for t in block.outputs],
        "writes": block.writes,
    }


def _out(value: Any, blocks: Mapping[Block, int]) -> Any:
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else {"float": repr(float(value))}
    if isinstance(value, bytes):
        return {"bytes": _encoded(value)}
    if isinstance(value, DType):
        return {"type": value.name}
    if isinstance(value, TensorShape):
        return {"shape": None if value.ndims is None else value.as_list()}
    if isinstance(value, np.ndarray):
        return {"tensor": _tensor(value)}
    if isinstance(value, Block):
        return {"block": blocks[value]}
    if isinstance(value, (list, tuple)):
        return [_out(item, blocks) for item in value]
    return {"unsupported": type(value).__name__}


def _tensor(array: Any) -> list[Any]:
    if array.dtype == object:
        return ["string", list(array.shape), [_encoded(item) for item in array.ravel()]]
    return [array.dtype.name, list(array.shape), _encoded(np.ascontiguousarray(array).tobytes())]


def _encoded(content: Any) -> str:
    return base64.b64encode(content if isinstance(content, bytes) else str(content).encode()).decode()


# ----- in -----


def add_portable(
    graph: Graph, document: Mapping[str, Any], scope: str = "", clear_devices: bool = False
) -> list[Operation]:
    """Add the operations of a document to a graph.

    Args:
        graph: the graph; it stays as it was if anything fails.
        document: what `portable` returned.
        scope: a prefix for the names, without a final ``/``.
        clear_devices: forget the devices.

    Returns:
        The new operations.

    Raises:
        ValueError: the document has another format, an operation of unknown type, or a name that is taken.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as one:
    ...     y = tf.add(1.0, 2.0, name="y")
    >>> two = tf.Graph()
    >>> [op.name for op in add_portable(two, portable(one), "copy")]
    ['copy/y/x', 'copy/y/y', 'copy/y']
    """
    if document.get("format") != FORMAT:
        raise ValueError(f"the format is {document.get('format')!r}, not {FORMAT!r}")
    if document["version"] > VERSION:
        raise ValueError(f"version {document['version']} was written by a newer graphmagic")
    with unchanged_on_error(graph), graph.as_default(), graph.control_dependencies(None):
        return _Reader(graph, document, f"{scope}/" if scope else "", clear_devices).operations


def _leave_shapes(op: Operation, inputs: Sequence[Any]) -> None:
    """Infer nothing: the document knows the shapes, and blocks are not complete yet."""


class _Reader:
    """Makes operations from a document, inputs first."""

    def __init__(self, graph: Graph, document: Mapping[str, Any], prefix: str, clear_devices: bool) -> None:
        self._graph = graph
        self._prefix = prefix
        self._clear_devices = clear_devices
        self._blocks: list[Block] = []
        for part in document["blocks"]:
            outer = None if part["outer"] is None else self._blocks[part["outer"]]
            self._blocks.append(Block(part["name"], outer, None, part["in_loop"]))
        self._made: dict[str, Operation] = {}
        for node in _inputs_first(document["nodes"]):
            self._made[node["name"]] = self._make(node)
        for node in document["nodes"]:
            if node["control"]:
                waits = [self._made[name] for name in node["control"]]
                graph.add_control_inputs(self._made[node["name"]], waits)
        for block, part in zip(self._blocks, document["blocks"], strict=True):
            block.parameters = [self._tensor(name) for name in part["parameters"]]
            block.outputs = [self._tensor(name) for name in part["outputs"]]
            block.writes = part["writes"]
            block.mirrors = None if part["mirrors"] is None else self._blocks[part["mirrors"]]
        self.operations = [self._made[node["name"]] for node in document["nodes"]]

    def _tensor(self, name: str) -> Tensor:
        op_name, _, index = name.rpartition(":")
        return self._made[op_name].outputs[int(index)]

    def _make(self, node: Mapping[str, Any]) -> Operation:
        opdef = registry.get(node["op"])
        if opdef is None:
            raise ValueError(f"graphmagic has no operation of type {node['op']!r} (node {node['name']!r})")
        graph, name = self._graph, self._prefix + node["name"]
        attrs = {key: self._in(value, node, key) for key, value in node["attrs"].items()}
        types = [_type(text) for text in node["types"]]
        inputs = [self._tensor(source) for source in node["inputs"]]
        grouped = group_by_argument(Planned(opdef, attrs), inputs)
        block = None if node["block"] is None else self._blocks[node["block"]]
        with building(graph, block), graph.device(None if self._clear_devices else node["device"]):
            op = graph.create_op(opdef, grouped, types, attrs, f"{name}/", _leave_shapes)
        graph.mark_used(name)
        for tensor, shape in zip(op.outputs, node["shapes"], strict=True):
            tensor.set_shape(TensorShape(shape))
        for value in attrs.values():
            if isinstance(value, Block):
                value.owner = op
        return op

    def _in(self, value: Any, node: Mapping[str, Any], key: str) -> Any:
        if isinstance(value, list):
            return [self._in(item, node, key) for item in value]
        if not isinstance(value, dict):
            return value
        [(kind, content)] = value.items()
        if kind == "block":
            return self._blocks[content]
        if kind == "unsupported":
            raise ValueError(
                f"Node {node['name']!r} ({node['op']}) cannot be imported: its attribute {key!r} was a Python object "
                f"({content}), which a file cannot hold"
            )
        return _READERS[kind](content)


def _type(name: str) -> DType:
    base = as_dtype(name.removesuffix("_ref"))
    return base.ref_dtype if name.endswith("_ref") else base


def _array(content: list[Any]) -> Any:
    dtype, shape, data = content
    if dtype == "string":
        array = np.empty(len(data), object)
        array[:] = [base64.b64decode(item) for item in data]
        return array.reshape(shape)
    return np.frombuffer(base64.b64decode(data), np.dtype(dtype)).reshape(shape).copy()


_READERS: dict[str, Any] = {
    "type": _type,
    "shape": TensorShape,
    "tensor": _array,
    "float": float,
    "bytes": base64.b64decode,
}


def _inputs_first(nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Nodes in their order, except that inputs come first: the gradient of a loop gives it younger inputs."""
    place = {node["name"]: i for i, node in enumerate(nodes)}
    sources = [[place[source.rpartition(":")[0]] for source in node["inputs"]] for node in nodes]
    return [nodes[i] for i in inputs_first(sources)]
