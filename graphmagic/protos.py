"""The messages that describe graphs and runs, under `tf`."""

from typing import Any

from graphmagic.graph.messages import message


def __getattr__(name: str) -> Any:
    if name in ("NodeDef", "GraphDef", "AttrValue", "NameAttrList", "RunMetadata"):
        return message(name)
    raise AttributeError(name)
