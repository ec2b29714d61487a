"""Which nodes of a picture stand for each operation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from graphmagic.draw.fold import beside_key

if TYPE_CHECKING:
    from graphmagic.draw.arrange import Arrangement
    from graphmagic.draw.fold import Folding
    from graphmagic.graph import Operation

__all__ = ["shown_by"]


def shown_by(
    operations: Iterable[Operation], folding: Folding, arrangement: Arrangement
) -> dict[str, tuple[str, ...]]:
    """The keys of the nodes that stand for each operation, by its name.

    A constant that is drawn beside its consumers has several; one that is told as a setting has those of its
    consumers; an operation that the picture leaves out has none.
    """
    shown: dict[str, dict[str, None]] = {}
    for op in operations:
        key = arrangement.box_of.get(folding.home(op))
        if key is None:
            continue
        for source in (tensor.op for tensor in op.inputs):
            if source in folding.settings:
                shown.setdefault(source.name, {})[key] = None
            elif source in folding.beside and op in folding.beside[source]:
                own = key if key in arrangement.closed else beside_key(source, op)
                shown.setdefault(source.name, {})[own] = None
        if op not in folding.settings and op not in folding.beside:
            shown.setdefault(op.name, {})[key] = None
    return {name: tuple(keys) for name, keys in shown.items()}
