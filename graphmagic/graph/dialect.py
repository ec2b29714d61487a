"""Where graphmagic's operations and TensorFlow's differ in their attributes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from graphmagic.graph.block import Block

if TYPE_CHECKING:
    from graphmagic.graph.node import Operation

__all__ = ["FLOATS", "OURS", "attr_names"]

_SHUFFLING = frozenset({"min_after_dequeue", "seed", "seed2"})
# Attributes that TensorFlow's operation of that type does not have.
OURS: dict[str, frozenset[str]] = {
    "All": frozenset({"T"}),
    "Any": frozenset({"T"}),
    "FIFOQueueV2": _SHUFFLING,
    "PaddingFIFOQueueV2": _SHUFFLING,
    "PriorityQueueV2": _SHUFFLING,
    "TensorArrayConcatV3": frozenset({"element_shape"}),
}
# Attributes that are floats, also where a program gave an integer.
FLOATS = frozenset({"alpha", "epsilon"})


def attr_names(op: Operation) -> Iterator[tuple[str, Any]]:
    """The attributes of an operation as TensorFlow has them, with their values."""
    ours = OURS.get(op.type, frozenset())
    for key, value in op.attrs.items():
        if key not in ours and value is not None and not isinstance(value, Block):
            yield key, float(value) if key in FLOATS and isinstance(value, int) else value
