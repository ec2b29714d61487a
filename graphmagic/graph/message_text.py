"""The text format of protocol buffers, for messages that are none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.dtypes import enum_name

if TYPE_CHECKING:
    from graphmagic.graph.plain_messages import PlainMessage

__all__ = ["lines"]


def lines(item: PlainMessage) -> Iterator[str]:
    """The lines of a message, exactly as protocol buffers print them."""
    for name in item._set_fields():
        kind, value = item.FIELDS[name], item._values[name]
        if kind == "map":
            for key in sorted(value, key=_map_order, reverse=True):
                yield from _block(
                    name, [f'key: "{_escaped(key.encode())}"', *_block("value", lines(value[key]))]
                )
        elif kind.endswith("*"):
            for element in value:
                yield from _field(name, kind[:-1], element)
        else:
            yield from _field(name, kind, value)


def _map_order(key: str) -> tuple[bytes, int]:
    """Protocol buffers print maps backwards, and of two keys that begin alike the shorter one first."""
    return key.encode() + b"\xff", -len(key)


def _block(name: str, body: Iterable[str]) -> Iterator[str]:
    yield f"{name} {{"
    yield from (f"  {line}" for line in body)
    yield "}"


def _field(name: str, kind: str, value: Any) -> Iterator[str]:
    if hasattr(value, "_set_fields"):
        yield from _block(name, lines(value))
    else:
        yield f"{name}: {_text(kind, value)}"


def _text(kind: str, value: Any) -> str:
    if kind == "bool":
        return str(value).lower()
    if kind == "enum":
        return enum_name(value)
    if kind in ("bytes", "string"):
        return f'"{_escaped(value if isinstance(value, bytes) else value.encode())}"'
    if kind in ("float", "double"):
        return _float_text(value, kind)
    return str(value)


def _float_text(value: float, kind: str) -> str:
    """The shorter of two precisions that gives the number back."""
    short, long = ("%.6g", "%.9g") if kind == "float" else ("%.15g", "%.17g")
    kind_type = np.float32 if kind == "float" else np.float64
    text = short % value
    return text if kind_type(float(text)) == value or math.isnan(value) else long % value


_ESCAPES = {10: "\\n", 13: "\\r", 9: "\\t", 34: '\\"', 39: "\\'", 92: "\\\\"}


def _escaped(content: bytes) -> str:
    return "".join(_ESCAPES.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in content)
