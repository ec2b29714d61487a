"""The messages that describe graphs, under `tf`."""

from typing import Any

from graphmagic.graph.messages import message


def __getattr__(name: str) -> Any:
    if name in ("NodeDef", "GraphDef", "AttrValue", "NameAttrList"):
        return message(name)
    raise AttributeError(name)
