"""The lowering of the optimizers' updates: their steps run block by block, into memory that the variables held before."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from graphmagic.aligned import aligned_empty
from graphmagic.engine.fusion import Fused
from graphmagic.engine.keywords import kernel_keywords
from graphmagic.engine.loops import Loop
from graphmagic.engine.lower_fused import in_blocks
from graphmagic.engine.lower_writes import MIN_RECYCLED_BYTES
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.state import variable_of
from graphmagic.engine.ufunc_calls import Trace, trace
from graphmagic.graph.node import Operation, Tensor

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_step"]


def lower_step(plan: Specialised, op: Operation) -> bool:
    """New values of a variable and its slots, computed as one step that others cannot divide."""
    refs = [t for t, arg in zip(op.inputs, op.opdef.inputs, strict=True) if arg.is_ref]
    shape = plan.variable_shape(refs[0])
    if not shape or 0 in shape or any(plan.variable_shape(t) != shape for t in refs):
        return False
    if refs[0].dtype.base_dtype.numpy.char not in "fd" or op.opdef.step_function is None:
        return False
    shapes = [shape if t in refs else plan.shape(t) for t in op.inputs]
    if any(s not in (shape, ()) for s in shapes) or len({t.dtype.base_dtype for t in op.inputs}) > 1:
        return False
    found = trace(op, op.opdef.step_function, [s == shape for s in shapes], kernel_keywords(op))
    if found is None or len(set(found.results)) < len(refs) or set(found.results) & set(op.inputs):
        return False
    _Step(plan, op, refs, found, shape).add()
    return True


class _Step:
    """The lines of one update."""

    def __init__(
        self, plan: Specialised, op: Operation, refs: list[Tensor], found: Trace, shape: tuple[int, ...]
    ) -> None:
        self.plan, self.op, self.refs, self.found, self.shape = plan, op, refs, found, shape
        self.numbers: dict[Tensor, str] = {}
        chain = Fused(found.members, {step: step.inputs for step in found.members}, shape)
        chain.outputs = tuple(found.results)
        whole = {t for t, _, _ in found.numbers} | {t for t in op.inputs if self._is_number(t)}
        self.loop = Loop(chain, lambda t: () if t in whole else shape, rows=False)

    def add(self) -> None:
        """Add all lines."""
        plan, op = self.plan, self.op
        self._add_numbers()
        olds = {ref: f"o{op.id}_{i}" for i, ref in enumerate(self.refs)}
        news = [self._add_memory(i) for i in range(len(self.refs))]
        given = {self.loop.text(t): self._operand(t, olds) for t in self.loop.chain.inputs}
        for tensor, name in zip(self.found.results, news, strict=True):
            given[self.loop.text(tensor)] = f"{name}.reshape(-1)"
        function = self.loop.compile([], list(given))
        plan.inner.append(self.loop)
        call = f"{plan.bind(in_blocks(plan, self.loop, function, []))}({', '.join(given.values())})"
        slots = [f"variables[{variable_of(ref).id}]" for ref in self.refs]
        reads = "; ".join([f"{olds[ref]} = {slot}" for ref, slot in zip(self.refs, slots, strict=True)])
        stores = "; ".join([f"{slot} = {new}" for slot, new in zip(slots, news, strict=True)])
        result = plan.fresh_reference(op.outputs[0])
        plan.line(op, f"with lock: {reads}; {call}; {stores}{f'; {result}{news[0]}' if result else ''}")
        if self._recycles():
            for index, old in enumerate(olds.values()):
                plan.line(op, f"if {plan.alone(old)}: {plan.spare((op, index))}.append({old})")
        plan.line(op, f"del {', '.join([*olds.values(), *news])}")

    def _is_number(self, tensor: Tensor) -> bool:
        return tensor not in self.refs and self.plan.shape(tensor) == ()

    def _add_numbers(self) -> None:
        for number, (tensor, ufunc, operands) in enumerate(self.found.numbers):
            texts = [self._number(o) if isinstance(o, Tensor) else self._literal(o) for o in operands]
            self.numbers[tensor] = f"u{self.op.id}_{number}"
            self.plan.line(self.op, f"{self.numbers[tensor]} = {self.plan.bind(ufunc)}({', '.join(texts)})")

    def _literal(self, value: float) -> str:
        return self.plan.bind(self.refs[0].dtype.base_dtype.numpy.type(value))

    def _number(self, tensor: Tensor) -> str:
        return self.numbers.get(tensor) or self.plan.scalar(tensor)

    def _operand(self, tensor: Tensor, olds: dict[Tensor, str]) -> str:
        if tensor in self.numbers or self._is_number(tensor):
            return self._number(tensor)
        return f"{olds.get(tensor) or self.plan.text(tensor)}.reshape(-1)"

    # ----- memory -----

    def _recycles(self) -> bool:
        size = math.prod(self.shape) * self.refs[0].dtype.base_dtype.numpy.itemsize
        return can_recycle() and size >= MIN_RECYCLED_BYTES

    def _add_memory(self, index: int) -> str:
        """Add a line that gets memory for a new value."""
        name, kind = f"n{self.op.id}_{index}", self.refs[0].dtype.base_dtype.numpy
        if self._recycles():
            spare, make = self.plan.spare((self.op, index)), partial(aligned_empty, self.shape, kind)
            self.plan.line(self.op, f"{name} = {spare}.pop() if {spare} else {self.plan.bind(make)}()")
        else:
            self.plan.line(self.op, f"{name} = {self.plan.bind(partial(np.empty, self.shape, kind))}()")
        return name
