"""The lowering of operations whose kernels are made for known shapes, with views and memory of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphmagic.graph.node import Operation

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_prepared"]


def lower_prepared(plan: Specialised, op: Operation) -> bool:
    """One call that writes the result into its place."""
    prepare, (result,) = op.opdef.prepare_function, op.outputs
    shapes = [plan.shape(t) for t in op.inputs]
    assert prepare is not None
    prepared = None if None in shapes else prepare(op, shapes, plan.shape(result), plan.threads)
    if prepared is None:
        return False
    taken, kernel = prepared
    plan.note_product(1)  # BLAS uses one thread
    texts = [plan.text(op.inputs[index]) for index in taken]
    out = plan.target(op, result)
    plan.line(op, f"{plan.bind(kernel)}({', '.join([*texts, out])})")
    return True
