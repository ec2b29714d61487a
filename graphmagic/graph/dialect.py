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
# Attributes that TensorFlow's operation of that type has and ours does without: one value serves.
THEIRS: dict[str, dict[str, Any]] = {"Cast": {"Truncate": False}}
# Attributes that are floats, also where a program gave an integer.
FLOATS = frozenset({"alpha", "epsilon"})


def attr_names(op: Operation) -> Iterator[tuple[str, Any]]:
    """The attributes of an operation as TensorFlow has them, with their values."""
    variable = _variable_beside(op)
    if variable is not None and "_class" not in op.attrs:
        yield "_class", [f"loc:@{variable.name}".encode()]
    yield from THEIRS.get(op.type, {}).items()
    ours = OURS.get(op.type, frozenset())
    for key, value in op.attrs.items():
        if key not in ours and value is not None and not isinstance(value, Block):
            yield key, float(value) if key in FLOATS and isinstance(value, int) else value


def _variable_beside(op: Operation) -> Operation | None:
    """The variable whose device an operation shares: that of its initializer or of its own read."""
    if op.type not in ("Assign", "Identity") or not op.inputs[0].dtype.is_ref_dtype:
        return None
    variable = op.inputs[0].op
    own = f"{variable.name}/{'Assign' if op.type == 'Assign' else 'read'}"
    return variable if op.name.startswith(own) else None
