"""Resources: in TensorFlow 1 what is in a session without being a variable; here there is nothing of that kind."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.default import get_collection
from graphmagic.graph.node import Operation
from graphmagic.ops.control import group

__all__ = ["initialize_resources", "local_resources", "shared_resources"]


def shared_resources() -> list[Any]:
    """The resources that live as long as the session.

    >>> shared_resources()
    []
    """
    return get_collection("resources")


def local_resources() -> list[Any]:
    """The resources that checkpoints do not hold."""
    return get_collection("local_resources")


def initialize_resources(resource_list: list[Any], name: str = "init") -> Operation:
    """An operation that makes resources ready."""
    return group(*resource_list, name=name)
