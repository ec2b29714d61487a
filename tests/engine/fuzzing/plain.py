"""The plain evaluator: one operation after the other, every array copied, nothing shared and nothing reused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from graphmagic.engine.blocks import opened
from graphmagic.engine.passes import kernel_keywords, order, prune
from graphmagic.engine.program import Program
from graphmagic.engine.state import State, variable_of
from graphmagic.graph.constants import group_by_argument

__all__ = ["evaluate"]

Values = dict[Any, Any]


def evaluate(
    fetches: Sequence[Any],
    targets: Sequence[Any],
    feeds: Values,
    variables: Values,
    history: dict[Any, list[Any]] | None = None,
) -> list[Any]:
    """The values of `fetches`.

    Args:
        fetches: tensors.
        targets: operations to run.
        feeds: arrays by tensor.
        variables: arrays by VariableV2 operation; it is updated.
        history: gets, for each variable, the values that are written, in order.
    """
    session = _Session(variables, {} if history is None else history)
    with np.errstate(all="ignore"):
        return session.results(fetches, targets, {t: np.array(v) for t, v in feeds.items()})


@lru_cache(maxsize=1000)
def _ordered(
    fetches: tuple[Any, ...], targets: tuple[Any, ...], feeds: tuple[Any, ...]
) -> tuple[Sequence[Any], dict[Any, Sequence[int]]]:
    """What is to run, in order, and which results of branches and loops are needed."""
    program = order(prune(Program(fetches, targets, feeds)))
    used = program.used()
    owners = [op for op in program.steps if op.type in ("If", "While")]
    return program.steps, {op: opened(op, Program((), ()), used, lambda p: p).kept for op in owners}


class _Session:
    def __init__(self, variables: Values, history: dict[Any, list[Any]]) -> None:
        self.variables = variables
        self.history = history

    def results(self, fetches: Sequence[Any], targets: Sequence[Any], values: Values) -> list[Any]:
        steps, kept = _ordered(tuple(fetches), tuple(targets), tuple(values))
        for op in steps:
            found = self._run(op, values, kept.get(op, ()))
            for tensor, result in zip(op.outputs, found, strict=True):
                values.setdefault(tensor, None if result is None else _copy(result))
        return [self._value(t, values) for t in fetches]

    def _run(self, op: Any, values: Values, kept: Sequence[int]) -> Sequence[Any]:
        if op.type in ("NoOp", "VariableV2"):
            return [None] * len(op.outputs)
        if any(values.get(t) is not None for t in op.outputs):  # fed
            return [None] * len(op.outputs)
        if op.type in ("If", "While"):
            results = self._branch(op, kept, values) if op.type == "If" else self._loop(op, kept, values)
            found = dict(zip(kept, results, strict=True))
            return [found.get(i) for i in range(len(op.outputs))]
        arguments = [self._value(t, values) for t in op.inputs]
        result = op.opdef.kernel_function(*group_by_argument(op, arguments), **kernel_keywords(op, State()))
        if op.opdef.writes:
            return [self._write(op, result)]
        return list(result) if isinstance(result, (tuple, list)) and len(op.outputs) > 1 else [result]

    def _write(self, op: Any, result: Any) -> Any:
        """Keep the new values of the variables that an operation changes; the first is its result."""
        changed = [t for t, arg in zip(op.inputs, op.opdef.inputs, strict=True) if arg.is_ref]
        new = result if len(changed) > 1 else [result]
        for variable, value in zip(map(variable_of, changed), new, strict=True):
            self.variables[variable] = np.array(value)
            self.history.setdefault(variable, []).append(np.array(value))
        return new[0]

    def _branch(self, op: Any, kept: Sequence[int], values: Values) -> Sequence[Any]:
        branch = op.attrs["then_branch" if values[op.inputs[0]] else "else_branch"]
        return self.results([branch.outputs[i] for i in kept], [], self._inside(op, (), (), values))

    def _loop(self, op: Any, kept: Sequence[int], values: Values) -> Sequence[Any]:
        """As in TensorFlow 1, what no wanted value depends on is not computed, nor written."""
        test, body = [
            (block, [block.parameters[i] for i in kept]) for block in (op.attrs["cond"], op.attrs["body"])
        ]
        outputs = [body[0].outputs[i] for i in kept]
        current: Sequence[Any] = [values[op.inputs[i]] for i in kept]
        while self.results(test[0].outputs, [], self._inside(op, test[1], current, values))[0]:
            current = self.results(outputs, [], self._inside(op, body[1], current, values))
        return current

    def _inside(self, op: Any, parameters: Iterable[Any], current: Iterable[Any], values: Values) -> Values:
        """What a block sees: its parameters, and what it uses from outside."""
        outside = {t: values[t] for t in op.inputs if not t.dtype.is_ref_dtype}
        return outside | dict(zip(parameters, current, strict=True))

    def _value(self, tensor: Any, values: Values) -> Any:
        value = values.get(tensor)
        if value is None:
            return np.array(self.variables[variable_of(tensor)])
        return _copy(value)


def _copy(value: Any) -> Any:
    """A copy of an array; lists and arrays of tensors are immutable."""
    return np.array(value) if isinstance(value, (np.ndarray, np.generic)) else value
