"""From a program to one straight-line Python function.

The function for ``total = x + y; square(total)`` reads::

    def run(f0, f1):
        v0 = k0(f0, f1)
        v1 = k1(v0)
        del v0
        return (v1,), ()

Every line belongs to one operation, so a traceback's line number says which one failed, at no cost to runs that
do not fail.  Who owns an array decides what is copied: a fetched value belongs to the caller, so whatever a
variable, a constant, a feed or another fetch also refers to is copied on its way out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from graphmagic.dtypes import string
from graphmagic.engine.passes import improve, kernel_keywords
from graphmagic.engine.program import Program
from graphmagic.engine.state import State, variable_of
from graphmagic.graph.block import Block
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor

__all__ = ["Emitted", "emit"]


# Operations that only give a value another name.
RENAMES = frozenset({"Identity", "Merge", "Exit"})


def copied(value: Any) -> Any:
    """A value that shares no memory with `value`; arrays without dimensions become scalars."""
    if type(value) is np.ndarray:
        return value.copy() if value.ndim else value[()]
    return value


def handed_over(value: Any) -> Any:
    """A value that nobody else refers to; arrays without dimensions become scalars."""
    return value[()] if type(value) is np.ndarray and not value.ndim else value


def stored(value: Any) -> Any:
    """The array that a variable keeps of a new value: never memory that the caller can reach."""
    return np.array(value)


def encoded(array: Any) -> Any:
    """A fed array of strings as operations see it: all of its elements are bytes."""
    result = np.empty(array.shape, object)
    result.ravel()[:] = [item.encode() if isinstance(item, str) else bytes(item) for item in array.ravel()]
    return result


class Emitted:
    """The compiled function of a program, with what is needed to explain its failures.

    Attributes:
        function: takes the feeds in order, returns (fetches, watches).
        source: the function's source.
        line_ops: for each line of the source, the operation it belongs to, if any.
        reads: for the lines that read a fetched variable, which one.
        names: for each tensor, the local variable that holds it.
        watched: the tensors whose values the second result holds.
        inner: the functions of the branches and loops that this one runs.
        holds_blas: whether OpenBLAS is to use one thread while it runs.
    """

    holds_blas = False

    def __init__(self, program: Program, state: State, is_block: bool = False) -> None:
        self._program = program
        self._state = state
        self._is_block = is_block
        self.inner: list[Any] = []
        self._space: dict[str, Any] = {
            "variables": state.values,
            "lock": state.lock,
            "copied": copied,
            "handed_over": handed_over,
            "stored": stored,
            "encoded": encoded,
        }
        self.names: dict[Tensor, str] = {}
        self.line_ops: list[Operation | None] = [None, None]
        self.reads: dict[int, Tensor] = {}
        self._lines: list[str] = []
        self._roots: dict[Tensor, Any] = {}
        self._fed: dict[Tensor, str] = {}
        self._numbers = count()
        self._last_use = self._find_last_uses()
        self._used = self._find_used()
        parameters = [self._name_feed(i, t) for i, t in enumerate(program.feeds)]
        for tensor, value in program.constants.items():
            if tensor not in self.names:
                self.names[tensor] = self._bind("c", value)
                self._roots[tensor] = "constant"
        for position, op in enumerate(program.steps):
            self._emit_step(op)
            self._emit_deletions(position, op)
        self.watched = tuple(t for t in program.watches if program.source(t) in self.names)
        self._emit_return()
        self.source = (
            f"def run({', '.join(parameters)}):\n" + "\n".join(f"    {line}" for line in self._lines) + "\n"
        )
        exec(compile(self.source, f"<plan of {len(program.steps)} operations>", "exec"), self._space)
        self.function: Callable[..., Any] = self._space["run"]

    # ----- names -----

    def _bind(self, letter: str, value: Any) -> str:
        name = f"{letter}{next(self._numbers)}"
        self._space[name] = value
        return name

    def _name_feed(self, index: int, tensor: Tensor) -> str:
        self.names[tensor] = self._fed[tensor] = f"f{index}"
        self._roots[tensor] = "feed"
        if tensor.dtype.base_dtype is string and not self._is_block:
            self.names[tensor] = f"s{index}"
            self._line(None, f"s{index} = encoded(f{index})")
        return f"f{index}"

    def _find_last_uses(self) -> dict[Tensor, int]:
        source = self._program.source
        kept = {*map(source, (*self._program.fetches, *self._program.watches)), *self._program.feeds}
        last: dict[Tensor, int] = {}
        for position, op in enumerate(self._program.steps):
            for tensor in map(source, (*op.inputs, *op.outputs)):
                if tensor not in kept:
                    last[tensor] = position
        return last

    def _find_used(self) -> set[Tensor]:
        used = {t for op in self._program.steps for t in op.inputs}
        return set(map(self._program.source, used.union(self._program.fetches, self._program.watches)))

    def _line(self, op: Operation | None, text: str) -> None:
        self._lines.append(text)
        self.line_ops.append(op)

    # ----- steps -----

    def _emit_step(self, op: Operation) -> None:
        if op.type in ("NoOp", "VariableV2"):
            return
        if op.opdef.writes:
            self._emit_write(op)
            return
        if op.opdef.compile_function is not None:
            self._emit_owner(op)
            return
        arguments = self._arguments(op)
        kernel = self._kernel(op)
        results = [self._result(t) for t in op.outputs]
        if op.type in RENAMES:
            self._line(op, f"{results[0]} = {self._value(op.inputs[0])}")
        else:
            left = f"{', '.join(results)}{',' if _returns_sequence(op) else ''} = " if results else ""
            self._line(op, f"{left}{kernel}({arguments})")
        for tensor in op.outputs:
            if tensor not in self._program.feeds:
                self._roots[tensor] = self._root_of(op, tensor)

    def _emit_owner(self, op: Operation) -> None:
        """An operation with blocks: its kernel calls functions made of them, which take the captures that have values."""
        constants = self._program.constants
        captures: list[Tensor] = group_by_argument(op, list(op.inputs))[-1]
        source = self._program.source
        known = {t: constants[source(t)] for t in captures if source(t) in constants}
        given = [t for t in captures if t not in known and not t.dtype.is_ref_dtype]

        def compile_block(block: Block, outputs: Sequence[Tensor], parameters: Sequence[Tensor] = ()) -> Any:
            program = Program(tuple(outputs), (), feeds=(*parameters, *given), constants=known)
            emitted = Emitted(improve(program), self._state, is_block=True)
            self.inner.append(emitted)
            return emitted.function

        live = [i for i, t in enumerate(op.outputs) if t in self._used and t not in self._fed]
        assert op.opdef.compile_function is not None
        inputs, outputs, kernel = op.opdef.compile_function(op, live, compile_block)
        arguments = ", ".join([self._value(t) for t in (*inputs, *given)])
        results = "".join([f"{self._result(t)}, " for t in outputs])
        self._line(op, f"{results + '= ' if results else ''}{self._bind('k', kernel)}({arguments})")
        self._roots.update(dict.fromkeys(outputs, "view"))

    def _kernel(self, op: Operation) -> str:
        function = op.opdef.kernel_function
        if function is None:
            raise NotImplementedError(f"operation type {op.type} has no kernel")
        keywords = kernel_keywords(op, self._state)
        return self._bind("k", partial(function, **keywords) if keywords else function)

    def _result(self, tensor: Tensor) -> str:
        if tensor in self.names:  # it is fed, so what the operation computes is not used
            return "_"
        self.names[tensor] = f"v{len(self.names)}"
        return self.names[tensor]

    def _arguments(self, op: Operation) -> str:
        texts: list[Any] = [self._value(t) for t in op.inputs]
        parts = []
        for arg, part in zip(op.opdef.inputs, group_by_argument(op, texts), strict=True):
            if arg.is_ref and not op.opdef.writes:
                continue  # kernels that ask about a variable find it through `state`
            parts.append(f"[{', '.join(part)}]" if isinstance(part, list) else part)
        return ", ".join(parts)

    def _value(self, tensor: Tensor) -> str:
        tensor = self._program.source(tensor)
        if tensor in self.names:
            return self.names[tensor]
        return f"variables[{variable_of(tensor).id}]"

    def _emit_write(self, op: Operation) -> None:
        slots = [self._slot(t) for t, arg in zip(op.inputs, op.opdef.inputs, strict=True) if arg.is_ref]
        slot = slots[0]
        values = [self._value(t) for t in op.inputs[len(slots) :]]
        result = self._result(op.outputs[0])
        kernel = self._kernel(op)
        if op.type == "Assign":
            if not self._fits_for_sure(op):
                self._note_irregular(op)
            new = values[0] if self._fits_for_sure(op) else f"{kernel}(None, {values[0]})"
            keep = new if self._is_private(op.inputs[1]) else f"stored({new})"
            self._line(op, f"with lock: {slot} = {result} = {keep}")
        elif not op.outputs[0].dtype.is_ref_dtype:  # its result is the value from before the write
            self._line(op, f"with lock: {result} = {slot}; {slot} = {kernel}({', '.join([result, *values])})")
        else:
            call = f"{kernel}({', '.join([*slots, *values])})"
            if len(slots) == 1:
                self._line(op, f"with lock: {slot} = {result} = {call}")
            else:
                self._line(op, f"with lock: {', '.join(slots)} = {call}; {result} = {slot}")
        self._roots[op.outputs[0]] = "variable"
        if op.type == "Assign" and self._is_private(op.inputs[1]):
            self._roots[self._program.source(op.inputs[1])] = "variable"

    def _note_irregular(self, op: Operation) -> None:
        """Remember variables whose shape may change, before it does."""
        if not op.attrs["validate_shape"]:
            self._state.irregular.add(variable_of(op.inputs[0]).id)

    def _slot(self, ref: Tensor) -> str:
        return f"variables[{variable_of(ref).id}]"

    def _fits_for_sure(self, op: Operation) -> bool:
        ref, value = op.inputs
        return ref.shape.is_fully_defined() and value.shape == ref.shape and value not in self._program.feeds

    def _is_private(self, tensor: Tensor) -> bool:
        """Whether a variable may keep this very array: the caller cannot reach it, and it is no part of a larger one."""
        tensor = self._program.source(tensor)
        root = self._roots.get(tensor)
        return root in ("constant", "variable") or root is tensor

    def _root_of(self, op: Operation, tensor: Tensor) -> Any:
        """Whose memory a result may share: a word for what must not leak, else the tensor that allocated it."""
        if op.opdef.ref_inputs:
            return "variable"
        return "view" if op.opdef.view else tensor

    def _emit_deletions(self, position: int, op: Operation) -> None:
        dead = [
            self.names[t]
            for t in dict.fromkeys(map(self._program.source, (*op.inputs, *op.outputs)))
            if self._last_use.get(t) == position and self.names.get(t, "").startswith("v")
        ]
        if dead:
            self._line(None, f"del {', '.join(dead)}")

    # ----- results -----

    def _emit_return(self) -> None:
        if self._is_block:
            self._line(None, f"return {_tuple([self._value(t) for t in self._program.fetches])}")
            return
        taken: set[Any] = set()
        fetches = [self._outgoing(i, t, taken) for i, t in enumerate(self._program.fetches)]
        watches = [f"copied({self._value(t)})" for t in self.watched]
        self._line(None, f"return {_tuple(fetches)}, {_tuple(watches)}")

    def _outgoing(self, index: int, tensor: Tensor, taken: set[Any]) -> str:
        """The text of a fetched value."""
        if tensor in self._fed:
            return self._fed[tensor]
        if tensor.dtype.is_ref_dtype and tensor not in self.names:
            name = f"r{index}"
            self._line(None, f"{name} = variables[{variable_of(tensor).id}]")
            self.reads[len(self.line_ops) - 1] = tensor
            return f"copied({name})"
        tensor = self._program.source(tensor)
        root = self._roots.get(tensor, "variable")
        if root is tensor and root not in taken:
            taken.add(root)
            known = tensor.shape.ndims
            return (
                self.names[tensor]
                if known and tensor.dtype.base_dtype is not string
                else f"handed_over({self.names[tensor]})"
            )
        return f"copied({self.names[tensor]})"


def _returns_sequence(op: Operation) -> bool:
    """Whether the kernel returns a tuple that must be unpacked even if it has one element."""
    return len(op.outputs) == 1 and op.opdef.outputs[0].is_list


def _tuple(items: list[str]) -> str:
    return f"({', '.join(items)}{',' if items else ''})" if items else "()"


def emit(program: Program, state: State) -> Emitted:
    """Compile a program for one session's state.

    >>> import graphmagic as tf
    >>> from graphmagic.engine.passes import improve
    >>> x = tf.placeholder(tf.float32)
    >>> emitted = emit(improve(Program((tf.square(x + 1.0),), (), feeds=(x,))), State())
    >>> print(emitted.source)
    def run(f0):
        v2 = k1(f0, c0)
        v3 = k2(v2)
        del v2
        return (handed_over(v3),), ()
    <BLANKLINE>
    >>> emitted.function(np.float32(2))
    ((np.float32(9.0),), ())
    """
    return Emitted(program, state)
