"""The lowering of a chain of operations that runs block by block, in two threads where that is faster."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.engine.fusion import Fused, has_rows
from graphmagic.engine.loops import REDUCERS, Loop, block_length, cut_blocks
from graphmagic.graph.node import Operation, Tensor
from graphmagic.parallel import Contest, both, processors

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_fused"]

MIN_SPLIT = 500_000  # elements; the hand-over to another thread takes as long as a few ten thousand
# Threads wait for each other between NumPy's calls, so their blocks are larger.
PAIR_FACTOR = 2


def lower_fused(plan: Specialised, op: Operation) -> bool:
    """One call that computes the chain, and lines that join what its blocks have reduced."""
    assert isinstance(op, Fused)
    _Lowering(plan, op).add()
    return True


class _Lowering:
    """The lines for one chain."""

    def __init__(self, plan: Specialised, chain: Fused) -> None:
        self.plan, self.chain = plan, chain
        self.last = chain.members[-1]
        self.loop = Loop(chain, self._shape, self._needs_rows())
        self.static: dict[str, np.ndarray[Any, Any]] = {}
        self.given: dict[str, str] = {}

    def add(self) -> None:
        """Add all lines."""
        for tensor in self.chain.inputs:
            self._add_input(tensor)
        for tensor in self.loop.sliced_outputs:
            self._add_output(tensor)
        function = self.loop.compile(list(self.static), list(self.given))
        self.plan.inner.append(self.loop)
        call = f"{self.plan.bind(self._in_blocks(function))}({', '.join(self.given.values())})"
        parts = [f"p{self.last.id}_{i}" for i in range(len(self.loop.parts))]
        self.plan.line(self.last, f"{', '.join(parts)}, = {call}" if parts else call)
        for name, member in zip(parts, self.loop.parts, strict=True):
            self._join(name, member)

    def _shape(self, tensor: Tensor) -> tuple[int, ...]:
        shape = self.plan.shape(tensor)
        assert shape is not None
        return shape

    def _needs_rows(self) -> bool:
        """Whether operands are repeated, or axes are left over, or something does not lie flat in memory."""
        space = self.chain.space
        for tensor in self.chain.inputs:
            shape, array = self._shape(tensor), self.plan.array(tensor)
            if shape != space and math.prod(shape) != 1:
                return True
            if array is not None and not array.flags.c_contiguous and has_rows(space):
                return True
        return any(len(axes) < len(space) for axes in self.chain.axes.values())

    # ----- operands and results -----

    def _add_input(self, tensor: Tensor) -> None:
        name, text, array = self.loop.text(tensor), self.plan.text(tensor), self.plan.array(tensor)
        if tensor in self.loop.sliced:
            if array is not None and (self.loop.rows or array.flags.c_contiguous):
                self.static[name] = array if self.loop.rows else array.reshape(-1)
                return
            self.given[name] = text if self.loop.rows else f"{text}.reshape(-1)"
        else:
            is_number = self.loop.rows or self._shape(tensor) == ()
            self.given[name] = text if is_number else f"{text}.reshape(())"

    def _add_output(self, tensor: Tensor) -> None:
        name, shape = self.loop.text(tensor), self._shape(tensor)
        donated = self.plan.donated(tensor.op, tensor)
        if donated is None and not self.plan.is_private_result(tensor):
            index, over = self.loop.written[tensor]
            free = [t for t in self.loop.sliced if self.loop.read_last[t] < index + (t in over)]
            array = self.plan.place(tensor, over=free, others=self.chain.inputs)
            self.static[name] = array if self.loop.rows else array.reshape(-1)
            return
        if donated is None:
            make = self.plan.bind(partial(np.empty, shape, tensor.dtype.numpy))
            donated = self.plan.fresh(tensor)
            self.plan.line(tensor.op, f"{donated} = {make}()")
        self.given[name] = donated if self.loop.rows else f"{donated}.reshape(-1)"

    def _join(self, name: str, member: Operation) -> None:
        """Make the result of a reduction of what it left of each block."""
        result = member.outputs[0]
        kind, shape, ufunc = result.dtype.numpy, self._shape(result), REDUCERS[member.type]
        if self.loop.is_total(member):
            text = f"{self.plan.bind(ufunc.reduce)}({name}, None, {self.plan.bind(kind)})"
        else:
            text = f"{self.plan.bind(reduce)}({self.plan.bind(ufunc)}, {name})"
        if member.type == "Mean":
            count = math.prod([self.chain.space[axis] for axis in self.chain.axes[member]])
            text = f"{text} / {self.plan.bind(kind.type(count))}"
        is_number = shape == ()
        target = self.plan.computed_scalar(result) if is_number else self.plan.fresh(result)
        self.plan.line(member, f"{target} = {text if is_number else f'({text}).reshape({shape!r})'}")

    # ----- blocks -----

    def _in_blocks(self, function: Callable[..., Any]) -> Callable[..., Any]:
        space = self.chain.space
        total = space[0] if self.loop.rows else math.prod(space)
        alone = partial(function, self._blocks(0, total, block_length(self.loop)))
        if math.prod(space) < MIN_SPLIT or total < 2 or min(processors(), self.plan.threads) < 2:
            return alone
        length, middle = block_length(self.loop, PAIR_FACTOR), total // 2
        scratch = self._scratch(length)
        halves = [self._blocks(0, middle, length, scratch)]
        halves.append(self._blocks(middle, total, length, self._scratch(length)))
        return Contest(alone, partial(_pair, function, *halves))

    def _scratch(self, length: int) -> list[np.ndarray[Any, Any]]:
        shape = (length, *self.chain.space[1:]) if self.loop.rows else (length,)
        return [self.plan.scratch(shape, kind) for kind in self.loop.scratch]

    def _blocks(
        self, start: int, stop: int, length: int, scratch: Sequence[np.ndarray[Any, Any]] | None = None
    ) -> list[tuple[Any, ...]]:
        length = min(length, stop - start)
        own = self._scratch(length) if scratch is None else scratch
        return cut_blocks(start, stop, length, own, list(self.static.values()))


def _pair(function: Callable[..., Any], one: Any, other: Any, *arguments: Any) -> tuple[Any, ...]:
    """What a chain reduces in both halves of its blocks."""
    mine, theirs = both(partial(function, one, *arguments), partial(function, other, *arguments))
    return tuple([a + b for a, b in zip(mine, theirs, strict=True)])
