"""Plans for one set of shapes: results go to buffers that are known when the plan is written.

The function for ``tf.matmul(tf.tanh(x) * x, w)``, fed with an x of shape (32, 64), reads::

    def run(f0, f1):
        k3(f0, b4)
        k5(b4, f0, b4)
        v2 = b4.dot(f1)
        return (v2,), ()

where b4 is an array in the plan's arena.  An operation that is not in the table of `lowering`, or about whose
shapes too little is known, is emitted as in any plan: its kernel allocates its results.

The rules that make this safe; the tests switch them off one by one and expect the fuzzer to notice:

- *fetch*: what is fetched, or may be kept by somebody when the run is over, is never in the arena;
- *blocks*: what a branch or the body of a loop gives is never in the arena either, nor is it a view of what is;
- *given*: what is fed, constant, or passed into a block is never written over;
- *views*: memory is needed as long as any view of it is;
- *in place*: an operation writes over an input only if nobody needs that any more and no other operand is a view of it;
- *scratch*: memory that an operation uses besides that of its results is its own until its last line;
- *recycle*: memory that a variable holds or held is written over only if nobody else refers to it;
- *undivided*: what is written over a variable is written by calls that no interrupt divides;
- *alone*: no two runs use one arena at the same time;
- *closed*: nothing joins a chain of operations after its results were used outside of it (`fusion`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from graphmagic.engine.emit import Emitted
from graphmagic.engine.fusion import FUSION_RULES
from graphmagic.engine.lifetimes import lifetimes
from graphmagic.engine.lower_writes import find_gifts, take_spare
from graphmagic.engine.lowering import lower
from graphmagic.engine.memory import Arena, Pool, can_recycle
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import variable_shape
from graphmagic.engine.state import State
from graphmagic.graph.node import Operation, Tensor
from graphmagic.parallel import processors

__all__ = ["RULES", "Specialised"]

# Products of fewer multiplications gain little from threads, and lose much if a processor is busy.
ONE_THREAD_BELOW = 1_000_000_000
MIN_POOLED_BYTES = 1 << 12
RULES = FUSION_RULES | {
    "fetch",
    "blocks",
    "views",
    "given",
    "in place",
    "scratch",
    "recycle",
    "undivided",
    "alone",
}


class Specialised(Emitted):
    """The compiled function of a program for one set of shapes, for one thread at a time.

    Args:
        program: a program whose `shapes` are settled.
        state: the session's state.
        rules: the rules of safety to keep.

    Attributes:
        arena: the plan's memory.
        static: for tensors in the arena, their array.
        threads: how many threads an operation may use.
        narrowed: for matrix products of which some columns are computed, which.
        gifts: for changes that only an update of a variable uses, that update.
        donated_to: updates whose changes lie in memory for the variable's new value.
        scaled: updates whose changes are multiplied by their rate already.
    """

    def __init__(
        self,
        program: Program,
        state: State,
        rules: frozenset[str] = RULES,
        kind: str = "run",
        around: Specialised | None = None,
        given: Mapping[Tensor, str] | None = None,
    ) -> None:
        self.arena: Arena = Arena() if around is None else around.arena
        self.static: dict[Tensor, np.ndarray[Any, Any]] = {}
        self.rules = rules
        self.threads = state.threads
        self.narrowed = program.narrowed
        self.irregular = frozenset(state.irregular)
        self.position = 0
        self.lives = lifetimes(
            program, follow_views="views" in rules, hand_over_views=kind != "run" and "blocks" in rules
        )
        self._dying = self.lives.dying()
        self._owned: dict[Tensor, np.ndarray[Any, Any]] = {}
        self._scalars: dict[Tensor, str] = {}
        self._array_names: dict[int, str] = {} if around is None else around._array_names
        self._scratch: list[np.ndarray[Any, Any]] = []
        self._spares: dict[Any, str] = {}
        self._computed: dict[str, str] = {}
        self.donated_to: set[Operation] = set()
        self.scaled: set[Operation] = set()
        self.largest_product = 0
        self.gifts = find_gifts(program, self.lives, self.irregular)
        if "given" not in rules:
            self._owned.update((t, v) for t, v in program.constants.items() if self.arena.adopt(v))
        super().__init__(program, state, kind, around, given)
        for array in self._owned.values():
            self.arena.give_back(array)
        # Halves of products get threads of ours; only very large ones are worth the risk of many threads of OpenBLAS.
        self.holds_blas = self.largest_product > 0 and (
            self.largest_product < ONE_THREAD_BELOW or min(processors(), self.threads) <= 2
        )

    # ----- branches and loops -----

    def _name_feed(self, tensor: Tensor, name: str) -> None:
        super()._name_feed(tensor, name)
        if self._kind == "part" and self.is_single(tensor):
            self._scalars[tensor] = name

    def is_single(self, tensor: Tensor) -> bool:
        """Whether a value is known to have no dimensions: then it is passed to and from blocks as a scalar."""
        return self.shape(tensor) == () and tensor.dtype.numpy.kind in "biufc"

    def passed(self, tensor: Tensor, like: Tensor | None = None) -> str:
        """The text of a value that goes into a block or comes out of it: a scalar if it has no dimensions."""
        return self.scalar(tensor) if self.is_single(tensor if like is None else like) else self.text(tensor)

    def written(self, program: Program, given: Mapping[Tensor, str]) -> Emitted:
        """Write a part of a branch or a loop, with buffers of the same arena."""
        part = Specialised(program, self._state, self.rules, "part", self, given)
        self.note_product(part.largest_product)
        return part

    def called(self, program: Program) -> Emitted:
        """A part of a branch or a loop as a function of its own, with an arena of its own."""
        block = Specialised(program, self._state, self.rules, "block")
        self.note_product(block.largest_product)
        return self._noted(block)

    def note_results(self, tensors: Sequence[Tensor]) -> None:
        """Note what branches and loops have computed."""
        super().note_results(tensors)
        self._scalars.update((t, self.names[t]) for t in tensors if self.is_single(t))

    # ----- steps -----

    def _emit_step(self, op: Operation) -> None:
        if self.is_fed(op) or not lower(self, op):
            super()._emit_step(op)

    def _emit_deletions(self, position: int, op: Operation) -> None:
        super()._emit_deletions(position, op)
        for root in self._dying.get(position, ()):
            if root in self._owned:
                self.arena.give_back(self._owned.pop(root))
        for array in self._scratch:
            self.arena.give_back(array)
        self._scratch.clear()
        self.position = position + 1

    # ----- what lowerings ask for -----

    def is_fed(self, op: Operation) -> bool:
        """Whether the values of an operation's outputs are given, all or some."""
        return any(t in self._program.feeds for t in op.outputs)

    def shape(self, tensor: Tensor) -> tuple[int, ...] | None:
        """The shape of a tensor if it is known."""
        return self._program.shapes.get(self._program.source(tensor))

    def array(self, tensor: Tensor) -> np.ndarray[Any, Any] | None:
        """The array in the arena that holds a tensor."""
        return self.static.get(self._program.source(tensor))

    def scalar(self, tensor: Tensor) -> str:
        """The text of the value of a tensor without dimensions as a scalar: computing with those is fastest."""
        source = self._program.source(tensor)
        if source not in self._scalars:
            value = self.constant(source)
            if value is not None:
                self._scalars[source] = self._bind("c", value[()])
            else:
                name = self._scalars[source] = f"g{self._prefix[1:]}{len(self._scalars)}"
                self._line(None, f"{name} = {self.text(source)}[()]")
        return self._scalars[source]

    def bind(self, value: Any) -> str:
        """A name for a value that the function uses, the same for the same function or number."""
        if not callable(value) and not isinstance(value, np.generic):
            return self._bind("k", value)
        key = value if callable(value) else (value.dtype, value.tobytes())
        if key not in self._functions:
            self._functions[key] = self._bind("k", value)
        return self._functions[key]

    def scratch(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
        """Memory for this step only."""
        array = self.arena.take(shape, dtype)
        if "scratch" in self.rules:
            self._scratch.append(array)
        else:
            self.arena.give_back(array)
        return array

    def variable_shape(self, ref: Tensor) -> tuple[int, ...] | None:
        """The shape of the value of a variable if it is known."""
        return variable_shape(ref, self.irregular)

    def is_private_result(self, tensor: Tensor) -> bool:
        """Whether a result must be a new array in each run."""
        rule = "fetch" if self._kind == "run" else "blocks"
        return rule in self.rules and tensor in self.lives.escaping

    def place(
        self, tensor: Tensor, over: Iterable[Tensor] = (), others: Iterable[Tensor] = ()
    ) -> np.ndarray[Any, Any]:
        """Where in the arena a result goes.

        Args:
            tensor: the result.
            over: inputs that the operation may write over, if nobody needs them any more.
            others: all inputs that it reads while or after writing.
        """
        shape = self.shape(tensor)
        assert shape is not None
        array = self._reused(tensor, shape, over, list(others))
        if array is None:
            array = self.arena.take(shape, tensor.dtype.numpy)
        else:
            self.arena.note_reuse(array)
        self._owned[tensor] = array
        self.alias(tensor, array)
        return array

    def alias(self, tensor: Tensor, array: np.ndarray[Any, Any]) -> None:
        """Note that a tensor is in an array of the arena."""
        self.static[tensor] = array
        if id(array) not in self._array_names:
            self._array_names[id(array)] = self._bind("b", array)
        self.names[tensor] = self._array_names[id(array)]
        self._roots[tensor] = "arena" if "fetch" in self.rules else tensor

    def fresh(self, tensor: Tensor) -> str:
        """A name for a result that is a new array in each run."""
        name = self.result(tensor)
        self._roots[tensor] = tensor
        return name

    def donated(self, op: Operation, tensor: Tensor) -> str | None:
        """The name of memory for a result that an update makes the new value of its variable; None if it is no such."""
        update = self.gifts.get(tensor)
        if update is None:
            return None
        self.donated_to.add(update)
        self.names[tensor] = take_spare(self, op, update)
        self._roots[tensor] = "arena"
        return self.names[tensor]

    def is_pooled(self, tensor: Tensor) -> bool:
        """Whether a result is a new array in each iteration, so large that arrays of earlier runs serve again."""
        if self._kind != "part" or not self.is_private_result(tensor) or not can_recycle():
            return False
        return math.prod(self.shape(tensor) or ()) * tensor.dtype.numpy.itemsize >= MIN_POOLED_BYTES

    def target(self, op: Operation, tensor: Tensor, over: Iterable[Tensor] = ()) -> str:
        """The name of memory for a result, wherever it must be: new, a variable's, over an input, or in the arena."""
        name = self.donated(op, tensor)
        if name is not None:
            return name
        if self.is_private_result(tensor):
            shape, kind = self.shape(tensor) or (), tensor.dtype.numpy
            make = Pool(shape, kind).take if self.is_pooled(tensor) else partial(np.empty, shape, kind)
            name = self.fresh(tensor)
            self._line(op, f"{name} = {self._bind('k', make)}()")
            return name
        self.place(tensor, over, op.inputs)
        return self.text(tensor)

    def spare(self, update: Any) -> str:
        """The name of the list of memory that an update may use for a variable's new value."""
        if update not in self._spares:
            self._spares[update] = self._bind("s", [])
        return self._spares[update]

    def note_product(self, size: int) -> None:
        """Note how many multiplications a matrix product takes."""
        self.largest_product = max(self.largest_product, size)

    def view(self, tensor: Tensor) -> str:
        """A name for a result that may lie in the memory of an input."""
        name = self.result(tensor)
        self._roots[tensor] = "view"
        return name

    def fresh_reference(self, tensor: Tensor) -> str:
        """The text ``name = `` for the result of a write, empty if nothing uses it."""
        if not self.is_wanted(tensor):
            return ""
        name = self.result(tensor)
        self._roots[tensor] = "variable"
        return f"{name} = "

    def computed_once(self, op: Operation, text: str) -> str:
        """A name for a number that a text computes; equal texts share it."""
        if text not in self._computed:
            self._computed[text] = f"u{self._prefix[1:]}{len(self._computed)}"
            self._line(op, f"{self._computed[text]} = {text}")
        return self._computed[text]

    def computed_scalar(self, tensor: Tensor) -> str:
        """A name for a result that is a scalar."""
        name = self._scalars[tensor] = self.fresh(tensor)
        return name

    def _reused(
        self, tensor: Tensor, shape: tuple[int, ...], over: Iterable[Tensor], others: list[Tensor]
    ) -> np.ndarray[Any, Any] | None:
        for candidate in map(self._program.source, over):
            array = self._owned.get(candidate)
            if array is None or array.shape != shape or array.dtype != tensor.dtype.numpy or array.size < 2:
                continue
            if "in place" in self.rules and not self._may_overwrite(candidate, others):
                continue
            return self._owned.pop(candidate)
        return None

    def _may_overwrite(self, candidate: Tensor, others: list[Tensor]) -> bool:
        if self.lives.last[candidate] != self.position:
            return False
        roots, source = self.lives.roots, self._program.source
        return all(source(t) is candidate or candidate not in roots.get(source(t), ()) for t in others)

    def _outgoing(self, index: int, tensor: Tensor, taken: set[Any]) -> str:
        source = self._program.source(tensor)
        if source in self._scalars and self._roots.get(source) is source:  # numbers are nobody's memory
            return self._scalars[source]
        return super()._outgoing(index, tensor, taken)
