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

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from graphmagic.dtypes import string
from graphmagic.engine.control import emit_control, emit_functions
from graphmagic.engine.lifetimes import last_uses
from graphmagic.engine.ownership import function_space
from graphmagic.engine.passes import kernel_keywords
from graphmagic.engine.program import Program
from graphmagic.engine.sheet import Sheet
from graphmagic.engine.simplify import RENAMES
from graphmagic.engine.state import State, variable_of
from graphmagic.engine.writes import emit_write
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.node import Operation, Tensor

__all__ = ["Emitted", "emit"]


# Operations that Python's own syntax computes, with their results and inputs.
TEXTS = {
    **dict.fromkeys(RENAMES, "{0} = {1}"),
    "EmptyTensorList": "{0} = ()",
    "TensorListPushBack": "{0} = {2}, {1}",
    "TensorListPopBack": "{1}, {0} = {2}",
}


class Emitted:
    """The compiled function of a program, with what is needed to explain its failures.

    Args:
        program: what to compute.
        state: the session's state.
        kind: ``run``, or ``block`` for a function that returns its results as they are, or ``part`` for what is written
            into the function of `around`, in the place where that is.
        around: what a part is in.
        given: the texts of a part's feeds.

    Attributes:
        function: takes the feeds in order, returns (fetches, watches).
        source: the function's source.
        sheet: what it is written on.
        inner: functions that this one calls for what it does not contain.
        line_ops: for each line of the source, the operation it belongs to, if any.
        reads: for the lines that read a fetched variable, which one.
        names: for each tensor, the local variable that holds it.
        watched: the tensors whose values the second result holds.
        results: of a part, the texts of its results.
        holds_blas: whether OpenBLAS is to use one thread while it runs.
    """

    holds_blas = False
    function: Callable[..., Any]
    source = ""

    def __init__(
        self,
        program: Program,
        state: State,
        kind: str = "run",
        around: Emitted | None = None,
        given: Mapping[Tensor, str] | None = None,
    ) -> None:
        self._program = program
        self._state = state
        self._kind = kind
        self.sheet: Sheet = Sheet(function_space(state)) if around is None else around.sheet
        self.inner, self.line_ops, self.reads = self.sheet.inner, self.sheet.line_ops, self.sheet.reads
        self._prefix = "v" if around is None else f"v{next(self.sheet.scopes)}_"
        self.names: dict[Tensor, str] = {}
        self._roots: dict[Tensor, Any] = {}
        self._functions: dict[Any, str] = {} if around is None else around._functions
        self._fed: dict[Tensor, str] = {}
        self._last_use = last_uses(program)
        self._used = program.used()
        for index, tensor in enumerate(program.feeds):
            self._name_feed(tensor, f"f{index}" if given is None else given[tensor])
        for tensor, value in program.constants.items():
            if tensor not in self.names:
                self.names[tensor] = self._bind("c", value)
                self._roots[tensor] = "constant"
        for position, op in enumerate(program.steps):
            self._emit_step(op)
            self._emit_deletions(position, op)
        self.watched = tuple(t for t in program.watches if program.source(t) in self.names)
        if kind != "run":
            self.results = [self.passed(t) for t in program.fetches]
        self.sheet.names.update(self.names)
        if kind != "part":
            self._finish()

    def _finish(self) -> None:
        self.names.update(self.sheet.names)
        self._emit_return()
        parameters = [f"f{index}" for index in range(len(self._program.feeds))]
        body = "\n".join(f"    {line}" for line in self.sheet.lines)
        self.source = f"def run({', '.join(parameters)}):\n{body}\n"
        title = f"<plan of {len(self._program.steps)} operations>"
        exec(compile(self.source, title, "exec"), self.sheet.space)
        self.function = self.sheet.space["run"]

    # ----- names -----

    def _bind(self, letter: str, value: Any) -> str:
        return self.sheet.bind(letter, value)

    def _name_feed(self, tensor: Tensor, name: str) -> None:
        self.names[tensor] = self._fed[tensor] = name
        self._roots[tensor] = "feed"
        if tensor.dtype.base_dtype is string and self._kind == "run":
            self.names[tensor] = f"s{name}"
            self._line(None, f"s{name} = encoded({name})")

    def _line(self, op: Operation | None, text: str) -> None:
        self.sheet.line(op, text)

    # ----- steps -----

    def _emit_step(self, op: Operation) -> None:
        if op.type in ("NoOp", "VariableV2"):
            return
        if op.opdef.writes:
            emit_write(self, op)
            return
        if op in self._program.inner:
            emit_control(self, op, self._program.inner[op])
            return
        if op.opdef.compile_function is not None:
            emit_functions(self, op)
            return
        results = [self.result(t) for t in op.outputs]
        if op.type in TEXTS:
            self._line(op, TEXTS[op.type].format(*results, *[self.text(t) for t in op.inputs]))
        else:
            left = f"{', '.join(results)}{',' if _returns_sequence(op) else ''} = " if results else ""
            self._line(op, f"{left}{self.kernel(op)}({self._arguments(op)})")
        for tensor in op.outputs:
            if tensor not in self._program.feeds:
                self._roots[tensor] = self._root_of(op, tensor)

    def function_of(self, program: Program) -> Emitted:
        """A program as a function of its own, which can be called at any time."""
        return self._noted(Emitted(program, self._state, "block"))

    def _noted(self, emitted: Emitted) -> Emitted:
        self.inner.append(emitted)
        return emitted

    # ----- what branches and loops ask for -----

    def line(self, op: Operation, text: str) -> None:
        """Add a line that belongs to an operation."""
        self._line(op, text)

    def bind(self, value: Any) -> str:
        """A name for a value that the function uses."""
        return self._bind("k", value)

    def variable(self, tensor: Tensor) -> str:
        """A name for a result of a branch or a loop, a loop variable perhaps."""
        name = self.result(tensor)
        return self.sheet.variable() if name == "_" else name

    def passed(self, tensor: Tensor, like: Tensor | None = None) -> str:
        """The text of a value that goes into a block or comes out of it.

        Args:
            tensor: the value.
            like: what it becomes there.
        """
        return self.text(tensor)

    def is_single(self, tensor: Tensor) -> bool:
        """Whether a tensor is known to have no dimensions, and is passed as a scalar."""
        return False

    def written(self, program: Program, given: Mapping[Tensor, str]) -> Emitted:
        """Write a part of a branch or a loop where it runs."""
        return Emitted(program, self._state, "part", self, given)

    def called(self, program: Program) -> Emitted:
        """A part of a branch or a loop as a function of its own, which is called where it runs."""
        return self.function_of(program)

    def note_results(self, tensors: Sequence[Tensor]) -> None:
        """Note what branches and loops have computed: perhaps nothing new, only what they were given."""
        self._roots.update(dict.fromkeys(tensors, "view"))

    # ----- kernels and their arguments -----

    def kernel(self, op: Operation) -> str:
        """A name for the kernel of an operation."""
        function = op.opdef.kernel_function
        if function is None:
            raise NotImplementedError(f"operation type {op.type} has no kernel")
        keywords = kernel_keywords(op, self._state) if op.opdef.kernel_attrs else None
        if keywords:
            return self._bind("k", partial(function, **keywords))
        if function not in self._functions:
            self._functions[function] = self._bind("k", function)
        return self._functions[function]

    def result(self, tensor: Tensor) -> str:
        """A name for a result."""
        if tensor in self.names:  # it is fed, so what the operation computes is not used
            return "_"
        self.names[tensor] = f"{self._prefix}{len(self.names)}"
        return self.names[tensor]

    def _arguments(self, op: Operation) -> str:
        texts: list[Any] = [self.text(t) for t in op.inputs]
        if op.opdef.takes_tensors_only:
            return ", ".join(texts)
        parts = []
        for arg, part in zip(op.opdef.inputs, group_by_argument(op, texts), strict=True):
            if arg.is_ref and not op.opdef.writes:
                continue  # kernels that ask about a variable find it through `state`
            parts.append(f"[{', '.join(part)}]" if isinstance(part, list) else part)
        return ", ".join(parts)

    def text(self, tensor: Tensor) -> str:
        """The text of a tensor's value."""
        tensor = self._program.same.get(tensor, tensor)
        name = self.names.get(tensor)
        return f"variables[{variable_of(tensor).id}]" if name is None else name

    def is_given(self, tensor: Tensor) -> bool:
        """Whether a tensor is fed."""
        return tensor in self._program.feeds

    def constant(self, tensor: Tensor) -> Any:
        """The value of a tensor if it is known."""
        return self._program.constants.get(self._program.source(tensor))

    def is_wanted(self, tensor: Tensor) -> bool:
        """Whether anything uses what an operation computes for a tensor."""
        return tensor in self._used and tensor not in self._fed

    def note_irregular(self, variable: Operation) -> None:
        """Remember a variable whose shape may change, before it does."""
        self._state.irregular.add(variable.id)

    def note_held(self, tensor: Tensor) -> None:
        """Note that a variable holds the array of a tensor."""
        self._roots[self._program.source(tensor)] = "variable"

    def is_private(self, tensor: Tensor) -> bool:
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
        """Let go of what is not needed any more; single numbers are not worth a line."""
        last, same = self._last_use, self._program.same
        tensors = [same.get(t, t) for t in (*op.inputs, *op.outputs)]
        dying = dict.fromkeys([t for t in tensors if last.get(t) == position])
        dead = [self.names[t] for t in dying if self.names.get(t, "")[:1] == "v" and not self._is_number(t)]
        if dead:
            self._line(None, f"del {', '.join(dead)}")

    def _is_number(self, tensor: Tensor) -> bool:
        return self._program.shape_of(tensor) == () and not tensor.dtype.numpy.hasobject

    # ----- results -----

    def _emit_return(self) -> None:
        if self._kind == "block":
            self._line(None, f"return {_tuple(self.results)}")
            return
        taken: set[Any] = set()
        fetches = [self._outgoing(i, t, taken) for i, t in enumerate(self._program.fetches)]
        watches = [f"copied({self.text(t)})" for t in self.watched]
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
    >>> import numpy as np
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
