"""Operations as messages: what `Operation.node_def` and `Graph.as_graph_def` return, in TensorFlow's words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.dialect import attr_names
from graphmagic.graph.messages import message
from graphmagic.graph.plain_messages import PLAIN
from graphmagic.graph.tensor_protos import array_of, fill_shape, fill_tensor, shape_of
from graphmagic.shapes import TensorShape

if TYPE_CHECKING:
    from graphmagic.graph.node import Operation

__all__ = ["attr_reading", "attr_text", "attr_value", "node_def", "node_text", "set_attr"]

SHOWN = 100  # how many elements of a constant the text of an operation lists


def node_def(op: Operation, kind: Any = None, spell_out: int = 0) -> Any:
    """The definition of an operation as a message.

    Args:
        op: the operation.
        kind: the class of the message.
        spell_out: write so many elements of constants one by one, for people.
    """
    node = (kind or message("NodeDef"))(name=op.name, op=op.type, device=op.device)
    node.input.extend(t.op.name if t.value_index == 0 else t.name for t in op.inputs)
    node.input.extend(f"^{control.name}" for control in op.control_inputs)
    for key, value in attr_names(op):
        set_attr(node.attr[key], value, spell_out)
    return node


def node_text(op: Operation) -> str:
    """An operation as text: its definition; of long constants the first elements, readable."""
    value = op.attrs.get("value")
    if not isinstance(value, np.ndarray) or value.size <= SHOWN:
        return str(node_def(op, PLAIN["NodeDef"]))
    text = str(node_def(op, PLAIN["NodeDef"], SHOWN))
    lines = text.splitlines()
    last = max(i for i, line in enumerate(lines) if "_val: " in line)
    return "\n".join([*lines[: last + 1], f"      # {value.size - SHOWN} more", *lines[last + 1 :]]) + "\n"


def set_attr(attr: Any, value: Any, spell_out: int = 0) -> None:
    """Put a value into an attribute message, by its type."""
    if isinstance(value, np.ndarray):
        fill_tensor(attr.tensor, value, spell_out)
    elif isinstance(value, TensorShape):
        fill_shape(attr.shape, value)
    elif isinstance(value, (list, tuple)):
        attr.list.SetInParent()
        for item in value:
            _append(attr.list, item)
    else:
        field, content = _scalar(value)
        setattr(attr, field, content)


def _append(items: Any, value: Any) -> None:
    if isinstance(value, TensorShape):
        fill_shape(items.shape.add(), value)
    else:
        field, content = _scalar(value)
        getattr(items, field).append(content)


def _scalar(value: Any) -> tuple[str, Any]:
    """The field of an attribute message for a value that is neither array, shape nor list."""
    if isinstance(value, (bool, np.bool_)):
        return "b", bool(value)
    if isinstance(value, DType):
        return "type", value.as_datatype_enum
    if isinstance(value, (int, np.integer)):
        return "i", int(value)
    if isinstance(value, (float, np.floating)):
        return "f", float(value)
    if isinstance(value, (str, bytes)):
        return "s", value.encode() if isinstance(value, str) else value
    return "placeholder", f"a Python object of type {type(value).__name__}"


def attr_reading(value: Any) -> Any:
    """An attribute's value as `Operation.get_attr` gives it."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, (list, tuple)):
        return [attr_reading(item) for item in value]
    if isinstance(value, (np.ndarray, TensorShape)):
        attr = message("AttrValue")()
        set_attr(attr, value)
        return attr.tensor if isinstance(value, np.ndarray) else attr.shape
    return value


def attr_value(attr: Any) -> Any:
    """What an attribute message says, as graphmagic keeps it in `Operation.attrs`.

    Raises:
        TypeError: it is of a type that graphmagic does not have.

    >>> attr = message("AttrValue")()
    >>> set_attr(attr, [1, 2])
    >>> attr_value(attr)
    [1, 2]
    """
    field = attr.WhichOneof("value")
    if field is None:
        return None
    content = getattr(attr, field)
    if field == "list":
        kinds = [
            kind for kind in ("s", "i", "f", "b", "type", "shape", "tensor", "func") if getattr(content, kind)
        ]
        return [_read(kind, item) for kind in kinds for item in getattr(content, kind)]
    return _read(field, content)


def _read(field: str, content: Any) -> Any:
    if field == "s":
        return _decoded(content)
    if field == "type":
        return as_dtype(content)
    if field == "shape":
        return shape_of(content)
    if field == "tensor":
        return array_of(content)
    if field in ("func", "placeholder"):
        raise TypeError(f"graphmagic cannot read the attribute {str(content).strip()!r}")
    return content


def _decoded(content: bytes) -> str | bytes:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content


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
    return f"{value:g}" if isinstance(value, float) else str(value)
