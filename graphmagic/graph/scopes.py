"""What surrounds the creation of an operation: control dependencies and devices."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphmagic.graph.node import Operation

__all__ = ["ControlDependencies", "canonical_device"]


class ControlDependencies:
    """One ``control_dependencies`` block: what to wait for, and what was created inside."""

    __slots__ = ("operations", "seen")

    def __init__(self, operations: tuple[Operation, ...]) -> None:
        self.operations = operations
        self.seen: set[Operation] = set()


def canonical_device(device: Any, outer: str = "") -> str:
    """A device name as TensorFlow writes it, completed by that of the enclosing block.

    >>> canonical_device("/cpu:0"), canonical_device("/gpu:1", "/job:worker/device:CPU:0"), canonical_device("")
    ('/device:CPU:0', '/job:worker/device:GPU:1', '')
    """
    text = device if isinstance(device, str) else ""
    if text and not text.startswith("/"):
        text = f"/{text}"
    text = re.sub(
        r"/(cpu|gpu|tpu):(\d+|\*)", lambda m: f"/device:{m[1].upper()}:{m[2]}", text, flags=re.IGNORECASE
    )
    parts = dict.fromkeys(("job", "replica", "task", "device"), "")
    for part in f"{outer}{text}".split("/")[1:]:
        key = part.partition(":")[0]
        if key not in parts and part:
            raise ValueError(
                f"Unknown attribute '{key}' is encountered while parsing the device spec: '{device}'."
            )
        parts[key] = f"/{part}"
    return "".join(parts.values())
