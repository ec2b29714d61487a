"""The lowering of the optimizers' updates: their steps run block by block, over the old values where nobody sees those.

All calls that write over a variable are made as one that no interrupt divides.  A run that reads the variable at that
very moment may see some of its new numbers and some old ones, as in TensorFlow.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.aligned import aligned_empty
from graphmagic.engine.fusion import Fused
from graphmagic.engine.holders import is_held_once
from graphmagic.engine.keywords import kernel_keywords
from graphmagic.engine.loops import Loop
from graphmagic.engine.lower_fused import calls_in_blocks, in_blocks
from graphmagic.engine.lower_writes import MIN_RECYCLED_BYTES
from graphmagic.engine.memory import can_recycle
from graphmagic.engine.state import variable_of
from graphmagic.engine.ufunc_calls import Trace, trace
from graphmagic.graph.node import Operation, Tensor

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_step"]

# Python's operators are faster than ufuncs for single numbers.
OPERATORS: dict[Any, str] = {np.add: "+", np.subtract: "-", np.multiply: "*", np.true_divide: "/"}


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
        self.kind = refs[0].dtype.base_dtype.numpy
        self.numbers: dict[Tensor, str] = {}
        chain = Fused(found.members, {step: step.inputs for step in found.members}, shape)
        chain.outputs = list(found.results)
        whole = {t for t, _, _ in found.numbers} | {t for t in op.inputs if self._is_number(t)}
        self.loop = Loop(chain, lambda t: () if t in whole else shape, rows=False)
        self.is_large = can_recycle() and math.prod(shape) * self.kind.itemsize >= MIN_RECYCLED_BYTES

    def add(self) -> None:
        """Add all lines."""
        plan, op = self.plan, self.op
        self._add_numbers()
        olds = [f"o{op.id}_{i}" for i in range(len(self.refs))]
        news = [f"n{op.id}_{i}" for i in range(len(self.refs))]
        slots = [f"variables[{variable_of(ref).id}]" for ref in self.refs]
        texts = dict(zip(self.refs, olds, strict=True))
        given = {self.loop.text(t): self._operand(t, texts) for t in self.loop.chain.inputs}
        given |= {self.loop.text(t): new for t, new in zip(self.found.results, news, strict=True)}
        call = self._call(given)
        plan.inner.append(self.loop)
        reads = "; ".join([f"{old} = {slot}" for old, slot in zip(olds, slots, strict=True)])
        stores = "; ".join([f"{slot} = {new}" for slot, new in zip(slots, news, strict=True)])
        result = plan.fresh_reference(op.outputs[0])
        last = f"; {result}{news[0]}" if result else ""
        plan.line(op, f"with lock: {reads}; {', '.join(news)} = {self._memory(olds)}; {call}; {stores}{last}")
        plan.line(op, f"del {', '.join([*olds, *news])}")

    # ----- operands -----

    def _is_number(self, tensor: Tensor) -> bool:
        return tensor not in self.refs and self.plan.shape(tensor) == ()

    def _add_numbers(self) -> None:
        """Numbers that are computed first, or known; variables with the same settings share them."""
        known: dict[Tensor, Any] = {}
        for tensor, ufunc, operands in self.found.numbers:
            values = [self._known(o, known) for o in operands]
            if None not in values:
                known[tensor] = ufunc(*values)
                self.numbers[tensor] = self.plan.bind(np.array(known[tensor]))  # arrays are faster operands
                continue
            texts = [
                self._number(o) if isinstance(o, Tensor) else self.plan.bind(self.kind.type(o))
                for o in operands
            ]
            operator = OPERATORS.get(ufunc)
            text = f" {operator} ".join(texts) if operator else f"{self.plan.bind(ufunc)}({', '.join(texts)})"
            self.numbers[tensor] = self.plan.computed_once(self.op, text)

    def _known(self, operand: Any, known: dict[Tensor, Any]) -> Any:
        """The value of a number that is the same in every run, else None."""
        if not isinstance(operand, Tensor):
            return self.kind.type(operand)
        if operand in known:
            return known[operand]
        value = None if operand in self.numbers else self.plan.constant(operand)
        return None if value is None else value[()]

    def _number(self, tensor: Tensor) -> str:
        return self.numbers.get(tensor) or self.plan.scalar(tensor)

    def _operand(self, tensor: Tensor, olds: dict[Tensor, str]) -> str:
        if tensor in self.numbers or (self._is_number(tensor) and self.plan.constant(tensor) is None):
            return self._number(tensor)
        return olds.get(tensor) or self.plan.text(tensor)

    # ----- memory -----

    def _memory(self, olds: list[str]) -> str:
        """The text of the arrays for the new values: the old ones, if nobody else can see any of them."""
        make = self.plan.bind(partial(aligned_empty if self.is_large else np.empty, self.shape, self.kind))
        new = ", ".join([f"{make}()" for _ in olds])
        if not self.is_large or not self._may_overwrite():
            return new
        return f"({', '.join(olds)}) if {' and '.join([is_held_once(self.plan, old) for old in olds])} else ({new})"

    def _may_overwrite(self) -> bool:
        """Whether each variable is read for the last time before, or by the very call that, its new value is written."""
        loop = self.loop
        others = [
            self.plan.text(t) for t in loop.chain.inputs if t not in self.refs and t not in self.numbers
        ]
        if loop.calls is None or any(text.startswith("variables") for text in others):
            return False
        pairs = [(ref, *loop.written[t]) for ref, t in zip(self.refs, self.found.results, strict=True)]
        return all(loop.read_last.get(ref, -1) < index + (ref in over) for ref, index, over in pairs)

    # ----- the call -----

    def _call(self, given: dict[str, str]) -> str:
        """The text of the call that computes all new values."""
        plan, loop = self.plan, self.loop
        if not self.is_large:
            scratch = [plan.bind(plan.scratch(self.shape, kind)) for kind in loop.scratch]
            return f"{plan.bind(loop.compile_whole(list(given)))}({', '.join([*scratch, *given.values()])})"
        flat = [name if name in self._numbers_used() else f"{name}.reshape(-1)" for name in given.values()]
        if self._may_overwrite() and "undivided" in plan.rules:
            function = calls_in_blocks(plan, loop, loop.compile_calls(list(given)))
        else:
            function = in_blocks(plan, loop, loop.compile([], list(given)), [])
        return f"{plan.bind(function)}({', '.join(flat)})"

    def _numbers_used(self) -> set[str]:
        inputs = [t for t in self.loop.chain.inputs if t in self.numbers or self._is_number(t)]
        return {self._operand(t, {}) for t in inputs}
