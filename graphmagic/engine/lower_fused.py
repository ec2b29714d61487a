"""The lowering of a chain of operations that runs block by block, in two threads where that is faster."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.engine.fusion import Fused, has_rows
from graphmagic.engine.loops import REDUCERS, Loop, block_length, cut_blocks
from graphmagic.engine.undivided import in_turns
from graphmagic.graph.node import Operation, Tensor
from graphmagic.parallel import Contest, both, processors

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["calls_in_blocks", "in_blocks", "lower_fused"]

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
        chain = self.plan.bind(in_blocks(self.plan, self.loop, function, list(self.static.values())))
        call = f"{chain}({', '.join(self.given.values())})"
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
        name = self.loop.text(tensor)
        index, over = self.loop.written[tensor]
        free = [t for t in self.loop.sliced if self.loop.read_last[t] < index + (t in over)]
        target, array = self.plan.target(self.chain, tensor, free), self.plan.array(tensor)
        if array is not None:
            self.static[name] = array if self.loop.rows else array.reshape(-1)
        else:
            self.given[name] = target if self.loop.rows else f"{target}.reshape(-1)"

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


def in_blocks(
    plan: Specialised, loop: Loop, function: Callable[..., Any], static: Sequence[np.ndarray[Any, Any]]
) -> Callable[..., Any]:
    """The function of a chain with its blocks, as a function of the values that are not in the plan's memory.

    Args:
        plan: the plan, which lends scratch memory.
        loop: the chain.
        function: what `Loop.compile` returned.
        static: arrays of which each block has a slice, as named to `Loop.compile`.
    """
    whole, halves = _all_blocks(plan, loop, static)
    alone = partial(function, whole)
    return alone if halves is None else Contest(alone, partial(_pair, function, *halves))


def calls_in_blocks(plan: Specialised, loop: Loop, function: Callable[..., Any]) -> Callable[..., Any]:
    """As `in_blocks`, for what `Loop.compile_calls` returned: no interrupt divides the calls."""
    return in_turns(function, *_all_blocks(plan, loop, []))


def _all_blocks(plan: Specialised, loop: Loop, static: Sequence[Any]) -> tuple[Any, tuple[Any, Any] | None]:
    """All blocks, and if there are many elements the same in two parts, for two threads."""
    space = loop.chain.space
    total = space[0] if loop.rows else math.prod(space)
    whole = _blocks(plan, loop, (0, total), static, 1)
    if math.prod(space) < MIN_SPLIT or total < 2 or min(processors(), plan.threads) < 2:
        return whole, None
    one = _blocks(plan, loop, (0, total // 2), static, PAIR_FACTOR)
    return whole, (one, _blocks(plan, loop, (total // 2, total), static, PAIR_FACTOR))


def _blocks(
    plan: Specialised, loop: Loop, part: tuple[int, int], static: Sequence[Any], factor: int
) -> list[tuple[Any, ...]]:
    """Blocks with scratch memory that they share one after the other."""
    length = min(block_length(loop, factor), part[1] - part[0])
    shape = (length, *loop.chain.space[1:]) if loop.rows else (length,)
    scratch = [plan.scratch(shape, kind) for kind in loop.scratch]
    return cut_blocks(*part, length, scratch, static)


def _pair(function: Callable[..., Any], one: Any, other: Any, *arguments: Any) -> tuple[Any, ...]:
    """What a chain reduces in both halves of its blocks."""
    mine, theirs = both(partial(function, one, *arguments), partial(function, other, *arguments))
    return tuple([a + b for a, b in zip(mine, theirs, strict=True)])
