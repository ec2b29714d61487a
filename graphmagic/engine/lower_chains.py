"""The lowering of layers of images that one kernel computes, with views and memory of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphmagic.engine.image_chains import Chain
from graphmagic.graph.node import Operation

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_chain"]


def lower_chain(plan: Specialised, op: Operation) -> bool:
    """One call that writes all results into their places."""
    assert isinstance(op, Chain)
    plan.note_product(1)  # BLAS uses one thread
    stands = op.members[-1]
    texts = ["None" if t is None else plan.text(t) for t in op.arguments]
    texts += ["None" if t is None else plan.target(op, t) for t in op.results]
    plan.line(stands, f"{plan.bind(op.make_kernel(plan.threads))}({', '.join(texts)})")
    return True
