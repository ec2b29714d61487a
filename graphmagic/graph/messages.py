"""Graphs, nodes, attributes and tensors as messages: protocol buffers if the extra is installed, else look-alikes.

`message("GraphDef")` gives the class to use.  With the extra ``graphmagic[tensorboard]`` it is the protocol buffer,
which can be written to files; without it a class that can be read, changed, copied and printed in the same way.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

from graphmagic.graph.plain_messages import INSTALL, PLAIN, MissingExtraError

__all__ = ["INSTALL", "MissingExtraError", "has_protobuf", "message"]

# The module of the tensorboard package that defines each message.
_HOMES = {
    "GraphDef": "graph_pb2.GraphDef",
    "NodeDef": "node_def_pb2.NodeDef",
    "AttrValue": "attr_value_pb2.AttrValue",
    "NameAttrList": "attr_value_pb2.NameAttrList",
    "TensorProto": "tensor_pb2.TensorProto",
    "TensorShapeProto": "tensor_shape_pb2.TensorShapeProto",
    "VersionDef": "versions_pb2.VersionDef",
    "RunMetadata": "config_pb2.RunMetadata",
}


@cache
def has_protobuf() -> bool:
    """Whether the extra that defines the protocol buffers is installed."""
    try:
        importlib.import_module("tensorboard.compat.proto.graph_pb2")
    except ImportError:
        return False
    return True


def message(name: str) -> Any:
    """The class of a message, such as ``GraphDef``."""
    if not has_protobuf():
        return PLAIN[name]
    module, _, attribute = _HOMES[name].partition(".")
    return getattr(importlib.import_module(f"tensorboard.compat.proto.{module}"), attribute)
