"""The function that computes one chain of operations block by block, and the memory its blocks use.

For ``reduce_sum(sqrt(x * x + 1))`` it reads::

    def chain(blocks, x0a):
        p0 = []
        for s, t0 in blocks:
            x0 = x0a[s]
            k0(x0, x0, t0)
            k1(t0, k2, t0)
            k3(t0, t0)
            p0.append(k4(t0))
        return (p0,)

A block is a slice with the scratch memory to use there.  Blocks write to nothing that others read, so that two
threads can do some each, with scratch memory of their own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic.engine.fusion import REDUCTIONS, Fused
from graphmagic.engine.recipes import (
    MASK,
    OUT,
    Call,
    call_text,
    is_positional,
    kernel_call,
    overwritable,
    recipe,
)
from graphmagic.engine.sums import total
from graphmagic.graph.node import Operation, Tensor

__all__ = ["REDUCERS", "Loop", "block_length", "cut_blocks"]

REDUCERS: dict[str, np.ufunc] = {
    "Sum": np.add,
    "Mean": np.add,
    "Unbroadcast": np.add,
    "Max": np.maximum,
    "Min": np.minimum,
}
# What the scratch memory of one block may take: most of a common second-level cache.
CACHE_BYTES = 1 << 20
MAX_BLOCK = 1 << 16  # elements
MIN_BLOCK = 1 << 13

Shape = tuple[int, ...]


class Loop:
    """The function of a chain; it takes the blocks, then the values that are not in the plan's own memory.

    Args:
        chain: the operations.
        shape_of: the shape of a tensor.
        rows: whether a block is some rows of its operands instead of a part of them laid out flat.

    Attributes:
        line_ops: for each line of the source, the operation it belongs to, if any.
        scratch: the types of the scratch arrays of a block.
        partial: the operations whose results are the parts that the function returns, in order.
        calls: the lines as tuples of a function and its arguments; None if there are others than such calls.
        read_last: for each input, the number of the last member that reads it.
        written: for each output, the number of the member that writes it, and the inputs it may write over.
    """

    def __init__(self, chain: Fused, shape_of: Callable[[Tensor], Shape], rows: bool) -> None:
        self.chain, self.rows = chain, rows
        self.inner: list[Any] = []  # as `Emitted`, for those who explain errors
        self.names: dict[Tensor, str] = {}
        self.reads: dict[int, Tensor] = {}
        self.line_ops: list[Operation | None] = [None, None]
        self.scratch: list[np.dtype[Any]] = []
        self.partial: list[Operation] = []
        self._shape_of = shape_of
        self._space: dict[str, Any] = {}
        self._texts: dict[Tensor, str] = {}
        self._lines: list[str] = []
        self._free: dict[np.dtype[Any], list[str]] = {}
        self._own: dict[Tensor, str] = {}
        self.read_last = {t: i for i, op in enumerate(chain.members) for t in chain.operands[op]}
        self.written: dict[Tensor, tuple[int, frozenset[Tensor]]] = {}
        self.sliced = [t for t in chain.inputs if self._is_sliced(t)]
        for number, tensor in enumerate(chain.inputs):
            self._texts[tensor] = f"x{number}"
        self.calls: list[str] | None = []
        self.parts = {op: f"p{i}" for i, op in enumerate(filter(self._is_partial, chain.members))}
        self.sliced_outputs = [t for t in chain.outputs if t.op not in self.parts]
        for number, tensor in enumerate(self.sliced_outputs):
            self._texts[tensor] = f"y{number}"
        for index, op in enumerate(chain.members):
            self._add_member(index, op)
        self.partial = list(self.parts)

    # ----- what there is -----

    def _is_sliced(self, tensor: Tensor) -> bool:
        """Whether each block reads a part of an input, not all of it."""
        shape, space = self._shape_of(tensor), self.chain.space
        if not self.rows:
            return shape == space
        return len(shape) == len(space) and shape[0] == space[0]

    def _is_partial(self, op: Operation) -> bool:
        """Whether a reduction joins blocks."""
        return op.type in REDUCTIONS and (not self.rows or 0 in self.chain.axes[op])

    def is_total(self, op: Operation) -> bool:
        """Whether a reduction leaves one number."""
        return len(self.chain.axes[op]) == len(self.chain.space)

    def whole_inputs(self) -> list[Tensor]:
        """The inputs that each block reads whole."""
        return [t for t in self.chain.inputs if t not in self.sliced]

    # ----- lines -----

    def _line(self, op: Operation, text: str) -> None:
        self._lines.append(text)
        self.line_ops.append(op)

    def _bind(self, value: Any) -> str:
        name = f"k{len(self._space)}"
        self._space[name] = value
        return name

    def _add_member(self, index: int, op: Operation) -> None:
        if op.type in REDUCTIONS:
            self._add_reduction(op)
        else:
            self._add_elementwise(index, op)
        for tensor in {*self.chain.operands[op], op.outputs[0]}:
            if tensor in self._own and self.read_last.get(tensor, index) == index:
                self._give_back(tensor)

    def _add_elementwise(self, index: int, op: Operation) -> None:
        result, operands = op.outputs[0], self.chain.operands[op]
        calls = recipe(op)
        texts = [self._texts[t] for t in operands]
        if calls is None:
            self.calls = None
            text = f"{self._bind(kernel_call(op))}({', '.join(texts)})"
            target = self._texts.get(result)
            if target is None:
                self._texts[result] = f"r{index}"
                self._line(op, f"r{index} = {text}")
            else:
                self.written[result] = index, frozenset()
                self._line(op, f"{self._bind(np.copyto)}({target}, {text}, 'unsafe')")
            return
        over = overwritable(calls)
        needed = {t for i, t in enumerate(operands) if i not in over}
        free = frozenset(operands) - needed
        if result in self._texts:
            self.written[result] = index, free
        else:
            self._place(index, result, free)
        self._add_calls(op, calls, texts)

    def _add_calls(self, op: Operation, calls: tuple[Call, ...], texts: list[str]) -> None:
        names: dict[Any, str] = {**dict(enumerate(texts)), OUT: self._texts[op.outputs[0]]}
        if any(call.target == MASK for call in calls):
            names[MASK] = self._take(np.dtype(bool))
        for call in calls:
            operands = [names[o] if isinstance(o, (int, str)) else self._bind(o) for o in call.operands]
            function, target = self._bind(call.function), names[call.target]
            self._line(op, call_text(function, call, operands, target))
            if self.calls is not None and is_positional(call):
                self.calls.append(f"({', '.join([function, *operands, target])})")
            else:
                self.calls = None
        if MASK in names:
            self._free[np.dtype(bool)].append(names[MASK])

    def _add_reduction(self, op: Operation) -> None:
        self.calls = None
        (value,), axes, ufunc = self.chain.operands[op], self.chain.axes[op], REDUCERS[op.type]
        result, text = op.outputs[0], self._texts[value]
        kind = self._bind(result.dtype.numpy)
        call = f"{self._bind(ufunc.reduce)}({text}, {axes if self.rows else None}, {kind}"
        part = self.parts.get(op)
        if part is not None and self.is_total(op) and ufunc is np.add and result.dtype.numpy.char in "fd":
            self._line(op, f"{part}.append({self._bind(total)}({text}))")
        elif part is not None and self.is_total(op):
            self._line(op, f"{part}.append({call}))")
        elif part is not None:
            joined = f"[{self._bind(ufunc)}({part}[0], {call}))]"
            self._line(op, f"{part} = {joined} if {part} else [{call})]")
        else:
            target = self._texts[result]
            keeps = bool(op.attrs.get("keep_dims")) or op.type == "Unbroadcast"
            self.written[result] = 0, frozenset()
            self._line(op, f"{call}, {target}, {keeps})")
            if op.type == "Mean":
                count = math.prod([self.chain.space[a] for a in axes])
                divisor = self._bind(result.dtype.numpy.type(count))
                self._line(op, f"{self._bind(np.true_divide)}({target}, {divisor}, {target})")

    # ----- memory -----

    def _place(self, index: int, result: Tensor, over: frozenset[Tensor]) -> None:
        """Where in a block's scratch memory a result goes: over an operand that nobody reads afterwards, if there is one."""
        kind = np.dtype(result.dtype.numpy)
        for tensor in sorted(over, key=lambda t: t.name):
            same = tensor in self._own and np.dtype(tensor.dtype.numpy) == kind
            if same and self.read_last[tensor] == index:
                self._own[result] = self._texts[result] = self._own.pop(tensor)
                return
        self._own[result] = self._texts[result] = self._take(kind)

    def _take(self, kind: np.dtype[Any]) -> str:
        free = self._free.setdefault(kind, [])
        if free:
            return free.pop()
        self.scratch.append(kind)
        return f"t{len(self.scratch) - 1}"

    def _give_back(self, tensor: Tensor) -> None:
        self._free[np.dtype(tensor.dtype.numpy)].append(self._own.pop(tensor))

    # ----- the function -----

    def compile(self, in_blocks: Sequence[str], parameters: Sequence[str]) -> Callable[..., Any]:
        """Write the function.

        Args:
            in_blocks: names of slices that come with each block, after its scratch memory.
            parameters: names of values: those that are not in `in_blocks` are arrays to slice, or to use whole.
        """
        heads = [f"{part} = []" for part in self.parts.values()]
        result = f"return ({', '.join(self.parts.values())}{',' if self.parts else ''})"
        names, first = self._heads(in_blocks, parameters)
        self.line_ops[2:2] = [None] * (len(heads) + len(first))
        body = [f"    {line}" for line in self._lines]
        return self._compiled(["blocks", *names], [*heads, *first, *body, result])

    def compile_whole(self, parameters: Sequence[str]) -> Callable[..., Any]:
        """Write a function that takes scratch arrays and values as they are, not in blocks."""
        return self._compiled([*self._scratch_names(), *parameters], self._lines)

    def compile_calls(self, parameters: Sequence[str]) -> Callable[..., Any]:
        """Write a function that makes no call itself: it returns `calls`, for all blocks."""
        assert self.calls is not None
        names, first = self._heads([], parameters)
        calls = f"    calls += {', '.join(self.calls)}{',' if len(self.calls) == 1 else ''}"
        return self._compiled(["blocks", *names], ["calls = []", *first, calls, "return calls"])

    def _scratch_names(self) -> list[str]:
        return [f"t{i}" for i in range(len(self.scratch))]

    def _heads(self, in_blocks: Sequence[str], parameters: Sequence[str]) -> tuple[list[str], list[str]]:
        """The parameters' names, and the lines that begin a block."""
        slices = {self._texts[t] for t in (*self.sliced, *self.sliced_outputs)}.intersection(parameters)
        names = [f"{name}a" if name in slices else name for name in parameters]
        for_line = f"for {', '.join(['s', *self._scratch_names(), *in_blocks])}, in blocks:"
        return names, [for_line, *[f"    {name} = {name}a[s]" for name in parameters if name in slices]]

    def _compiled(self, names: Sequence[str], lines: Sequence[str]) -> Callable[..., Any]:
        self.source = f"def chain({', '.join(names)}):\n" + "\n".join(f"    {line}" for line in lines)
        exec(compile(self.source, f"<chain of {len(self.chain.members)} operations>", "exec"), self._space)
        function: Callable[..., Any] = self._space["chain"]
        self.function = function
        return function

    def text(self, tensor: Tensor) -> str:
        """The name of an input or output in the function."""
        return self._texts[tensor]


def block_length(loop: Loop, factor: int = 1) -> int:
    """How much of the first dimension (of all elements laid out flat, if blocks are not rows) one block takes."""
    bytes_each = sum(kind.itemsize for kind in loop.scratch) + 8
    elements = min(MAX_BLOCK, max(MIN_BLOCK, CACHE_BYTES // bytes_each)) * factor
    row = math.prod(loop.chain.space[1:]) if loop.rows else 1
    return max(1, elements // row)


def cut_blocks(
    start: int, stop: int, length: int, scratch: Sequence[Any], static: Sequence[Any]
) -> list[tuple[Any, ...]]:
    """The blocks from `start` to `stop`: a slice, scratch memory of its length, and slices of static arrays.

    >>> [block[0] for block in cut_blocks(0, 5, 2, [], [])]
    [slice(0, 2, None), slice(2, 4, None), slice(4, 5, None)]
    """
    blocks = []
    for first in range(start, stop, length):
        part = slice(first, min(first + length, stop))
        own = [array[: part.stop - part.start] for array in scratch]
        blocks.append((part, *own, *[array[part] for array in static]))
    return blocks
