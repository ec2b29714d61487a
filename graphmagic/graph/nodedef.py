"""A node of a graph as plain data, printed in the text format of protocol buffers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype
from graphmagic.shapes import TensorShape

__all__ = ["GraphDef", "NodeDef", "attr_text"]


@dataclass
class NodeDef:
    """The definition of one operation: name, type, names of inputs, attributes."""

    name: str
    op: str
    input: list[str] = field(default_factory=list)
    device: str = ""
    attr: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"name: {json.dumps(self.name)}", f"op: {json.dumps(self.op)}"]
        lines += [f"input: {json.dumps(source)}" for source in self.input]
        if self.device:
            lines.append(f"device: {json.dumps(self.device)}")
        for key in sorted(self.attr, reverse=self.op == "Const"):
            lines += ["attr {", f"  key: {json.dumps(key)}", "  value {"]
            lines += [f"    {line}" for line in _attr_lines(self.attr[key])]
            lines += ["  }", "}"]
        return "\n".join(lines) + "\n"


@dataclass
class GraphDef:
    """The definitions of all nodes of a graph, in creation order."""

    node: list[NodeDef] = field(default_factory=list)

    def __str__(self) -> str:
        return "".join(_block("node", str(node)) for node in self.node)


def attr_text(value: Any) -> str:
    """An attribute's value as error messages show it, such as ``T=DT_FLOAT``'s right side."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, DType):
        return value.proto_name
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, TensorShape):
        return value.bracketed()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(attr_text(v) for v in value) + "]"
    if isinstance(value, np.ndarray):
        return f"Tensor<type: {as_dtype(value.dtype).name} shape: [{','.join(map(str, value.shape))}]>"
    return str(value)


def _block(name: str, body: str) -> str:
    return f"{name} {{\n" + "".join(f"  {line}\n" for line in body.splitlines()) + "}\n"


def _attr_lines(value: Any) -> Iterator[str]:
    if isinstance(value, np.ndarray):
        yield "tensor {"
        yield from (f"  {line}" for line in _tensor_lines(value))
        yield "}"
    elif isinstance(value, bool):
        yield f"b: {str(value).lower()}"
    elif isinstance(value, DType):
        yield f"type: {value.proto_name}"
    elif isinstance(value, (int, np.integer)):
        yield f"i: {value}"
    elif isinstance(value, float):
        yield f"f: {value:g}"
    elif isinstance(value, str):
        yield f"s: {json.dumps(value)}"
    elif isinstance(value, TensorShape):
        yield "shape {"
        yield from (f"  {line}" for line in _shape_lines(value))
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "list {"
        for item in value:
            yield from (f"  {line}" for line in _attr_lines(item))
        yield "}"
    else:
        yield f"s: {json.dumps(str(value))}"


def _shape_lines(shape: TensorShape) -> Iterator[str]:
    if shape.ints is None:
        yield "unknown_rank: true"
    for size in shape.ints or ():
        yield from ("dim {", f"  size: {-1 if size is None else size}", "}")


_FIELDS = {"f": "float_val", "i": "int_val", "u": "int_val", "b": "bool_val", "O": "string_val"}


def _tensor_lines(array: np.ndarray[Any, Any]) -> Iterator[str]:
    yield f"dtype: {as_dtype(array.dtype).proto_name}"
    yield "tensor_shape {"
    yield from (f"  {line}" for line in _shape_lines(TensorShape(array.shape)))
    yield "}"
    field_name = "double_val" if array.dtype == np.float64 else _FIELDS.get(array.dtype.kind, "val")
    for item in array.ravel()[:100].tolist():
        if isinstance(item, bytes):
            yield f"{field_name}: {json.dumps(item.decode('utf-8', 'backslashreplace'))}"
        elif isinstance(item, bool):
            yield f"{field_name}: {str(item).lower()}"
        else:
            yield f"{field_name}: {item:g}" if isinstance(item, float) else f"{field_name}: {item}"
    if array.size > 100:
        yield f"# {array.size - 100} more"
