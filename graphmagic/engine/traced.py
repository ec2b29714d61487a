"""Runs that are watched: every operation is executed by itself, and its values and its time are noted.

A plan runs as one function, in which operations are folded, merged and fused away.  A traced run takes the graph as
it is: operation after operation in the order of the plan, each through a function of its own, so that a run that is
not traced costs nothing more.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import errors
from graphmagic.engine import quiet
from graphmagic.engine.blocks import opened
from graphmagic.engine.control import mismatch, truth
from graphmagic.engine.emit import Emitted
from graphmagic.engine.ownership import copied
from graphmagic.engine.passes import order, prune
from graphmagic.engine.plan import explained, uninitialized
from graphmagic.engine.program import Inner, Program
from graphmagic.engine.state import State, variable_of
from graphmagic.graph.block import Block
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.noted import Noted, note
from graphmagic.tracing import NodeTime, Step, Trace

__all__ = ["Recorder"]

MAX_STEPS = 10_000
"""A loop that runs for long is recorded up to here; after that only times are added up."""

BRANCHES = ("then_branch", "else_branch")
Values = dict[Tensor, Any]


class Recorder:
    """Runs programs and notes what happens.

    Attributes:
        steps: what was executed.
        seconds: how long all operations took.
        left_out: how many executions are not among the steps.

    >>> import graphmagic as tf
    >>> import numpy as np
    >>> x = tf.placeholder(tf.float32, name="x")
    >>> recorder = Recorder()
    >>> recorder.run(Program((tf.negative(x, name="y"),), (), feeds=(x,)), State(), [np.float32(2)])
    ((np.float32(-2.0),), ())
    >>> [step.name for step in recorder.steps]
    ['x', 'y']
    """

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.seconds = 0.0
        self.left_out = 0
        self._times: dict[Operation, tuple[int, float]] = {}
        self._iterations: tuple[int, ...] = ()
        self._functions: dict[Operation, tuple[list[Tensor], list[Tensor], Callable[..., Any]]] = {}
        self._state = State()

    @property
    def times(self) -> list[NodeTime]:
        """How often and how long each operation ran, in the order in which they first did."""
        return [NodeTime(op, count, seconds) for op, (count, seconds) in self._times.items()]

    def trace(self, graph: Graph, fetched: Sequence[str], result: Any, ending: str = "") -> Trace:
        """What was noted, as the trace of a run of that graph.

        Args:
            graph: the graph.
            fetched: the names of what was asked for.
            result: what the run gave.
            ending: how it ended, if it did not come to its end.
        """
        steps, times = tuple(self.steps), tuple(self.times)
        return Trace(graph, tuple(fetched), result, steps, self.seconds, times, self.left_out, ending)

    def tell(self, error: BaseException, graph: Graph, fetched: Sequence[str]) -> None:
        """Give an error that ended a run the trace up to there as its ``partial_trace``, if anything ran."""
        if self.steps:
            vars(error)["partial_trace"] = self.trace(graph, fetched, None, type(error).__name__)

    def run(
        self, program: Program, state: State, feeds: Sequence[Any]
    ) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Run once.

        Args:
            program: what to compute; only what is asked for, fed and watched counts.
            state: the session's state.
            feeds: the values of the fed tensors.

        Returns:
            The values of the fetches, and those of the watched tensors.

        Raises:
            OpError: an operation failed; what was written before stays written, and was noted.
        """
        self._state = state
        program = Program(program.fetches, program.targets, program.feeds, program.watches)
        values: Values = dict(zip(program.feeds, feeds, strict=True))
        for tensor, value in values.items():
            self._add(tensor.op, 0.0, 0.0, (note(value),), was_fed=True)
        token = quiet.enter()
        try:
            self._execute(order(prune(program)), values)
        finally:
            quiet.leave(token)
        fed = set(program.feeds)
        fetches = [values[t] if t in fed else copied(self._fetched(t, values)) for t in program.fetches]
        return tuple(fetches), tuple([copied(self._fetched(t, values)) for t in program.watches])

    def _fetched(self, tensor: Tensor, values: Values) -> Any:
        if tensor in values:
            return values[tensor]
        variable = variable_of(tensor)
        if variable.id not in self._state.values:
            raise uninitialized(None, variable)
        return self._state.values[variable.id]

    def _execute(self, program: Program, values: Values) -> None:
        used = {t for op in program.steps for t in op.inputs}.union(program.fetches, program.watches)
        fed = set(program.feeds)
        for op in program.steps:
            try:
                results = self._step(op, values, used)
            except Exception as error:
                if isinstance(error, errors.OpError) and error.op is not None:
                    raise  # it says already which operation inside this one failed
                arguments = {t.name: values[t] for t in op.inputs if t in values}
                found = explained(error, op, arguments)
                self._add_failure(op, found)
                raise found from (None if isinstance(error, (errors.OpError, KeyError)) else error)
            values.update((tensor, value) for tensor, value in results.items() if tensor not in fed)

    def _step(self, op: Operation, values: Values, used: set[Tensor]) -> Values:
        if op.type == "VariableV2":
            value = self._state.values.get(op.id)
            self._add(op, self.seconds, 0.0, (None if value is None else note(value),))
            return {}
        if op.type in ("If", "While"):
            return self._run_blocks(op, values, used)
        if op not in self._functions:
            self._functions[op] = self._compiled(op, values)
        inputs, outputs, function = self._functions[op]
        arguments = [values[t] for t in inputs]
        started, begin = self.seconds, time.perf_counter()
        results = function(*arguments)
        taken = time.perf_counter() - begin
        self.seconds += taken
        self._add(op, started, taken, tuple([note(value) for value in results]))
        return dict(zip(outputs, results, strict=True))

    def _compiled(
        self, op: Operation, values: Values
    ) -> tuple[list[Tensor], list[Tensor], Callable[..., Any]]:
        """A function that executes one operation; what is no value among its inputs it finds in the session."""
        inputs = [t for t in dict.fromkeys(op.inputs) if t in values]
        outputs = list(op.outputs)
        program = Program(tuple(outputs), (op,), feeds=tuple(inputs), steps=(op,))
        return inputs, outputs, Emitted(program, self._state, "block").function

    # ----- branches and loops -----

    def _run_blocks(self, op: Operation, values: Values, used: set[Tensor]) -> Values:
        """Execute an operation that runs blocks: their operations are steps of their own."""
        inner = opened(op, Program((), ()), used, _in_order)
        entered: Counter[str] = Counter()
        started = self.seconds
        if op.type == "If":
            taken = 0 if truth(values[op.inputs[0]]) else 1
            results = self._run_block(op, BRANCHES[taken], inner.programs[taken], (), values, entered)
        else:
            results = self._run_loop(op, inner, values, entered)
        found = {op.outputs[i]: value for i, value in zip(inner.kept, results, strict=True)}
        noted = tuple([note(found[t]) if t in found else None for t in op.outputs])
        self._add(op, started, self.seconds - started, noted, note=_told(op, entered), is_whole=False)
        return found

    def _run_loop(self, op: Operation, inner: Inner, values: Values, entered: Counter[str]) -> Sequence[Any]:
        failure = mismatch(op, inner.kept)
        if failure is not None:
            failure()
        variables: Sequence[Any] = [values[op.inputs[i]] for i in inner.kept]
        test, body = inner.programs
        while self._run_block(op, "cond", test, variables, values, entered)[0]:
            variables = self._run_block(op, "body", body, variables, values, entered)
        return variables

    def _run_block(
        self,
        op: Operation,
        key: str,
        program: Program,
        variables: Sequence[Any],
        outside: Values,
        entered: Counter[str],
    ) -> Sequence[Any]:
        """Execute one block once; its program is fed with the loop variables, and with what is outside."""
        block: Block = op.attrs[key]
        parameters = program.feeds[: len(variables)]
        inside = dict(zip(parameters, variables, strict=True))
        inside.update((t, outside[t]) for t in program.feeds[len(variables) :])
        before = self._iterations
        if block.in_loop:
            self._iterations = (*before, entered[block.name])
        entered[block.name] += 1
        try:
            self._tell_variables(program, inside, parameters)
            self._execute(program, inside)
        finally:
            self._iterations = before
        return [self._fetched(t, inside) for t in program.fetches]

    # ----- notes -----

    def _tell_variables(self, program: Program, inside: Values, parameters: Sequence[Tensor]) -> None:
        """Note the loop variables that a block looks at; the lists that gradients keep tell a reader nothing."""
        used = {t for op in program.steps for t in op.inputs}
        for tensor in parameters:
            noted = note(inside[tensor])
            if tensor in used and noted.shape is not None:
                self._add(tensor.op, self.seconds, 0.0, (noted,))

    def _add_failure(self, op: Operation, error: BaseException) -> None:
        """Note the operation that ended the run; it is among the steps however many there are."""
        failure = _what_went_wrong(error)
        self.steps.append(Step(op, self.seconds, 0.0, (), iterations=self._iterations, failure=failure))

    def _add(
        self,
        op: Operation,
        started: float,
        seconds: float,
        outputs: tuple[Noted | None, ...],
        was_fed: bool = False,
        note: str = "",
        is_whole: bool = True,
    ) -> None:
        if not was_fed:
            count, before = self._times.get(op, (0, 0.0))
            self._times[op] = count + 1, before + (seconds if is_whole else 0.0)
            if count and op.type == "Const":
                return  # a constant in a loop is told once
        if len(self.steps) >= MAX_STEPS:
            self.left_out += 1
            return
        self.steps.append(Step(op, started, seconds, outputs, was_fed, self._iterations, note))


def _what_went_wrong(error: BaseException) -> str:
    """The first line of an error's message, else its name."""
    lines = str(getattr(error, "message", error)).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def _in_order(program: Program) -> Program:
    return order(prune(program))


def _told(op: Operation, entered: Counter[str]) -> str:
    """What an operation with blocks did, in words."""
    if op.type == "If":
        return "took the branch for " + ("true" if entered["then_branch"] else "false")
    count = entered["body"]
    return f"{count} iteration{'' if count == 1 else 's'}"
