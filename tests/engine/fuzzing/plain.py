"""The plain evaluator: one operation after the other, every array copied, nothing shared and nothing reused."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.engine.passes import kernel_keywords, order, prune
from graphmagic.engine.program import Program
from graphmagic.engine.state import variable_of
from graphmagic.graph.constants import group_by_argument

__all__ = ["evaluate"]


def evaluate(
    fetches: list[Any], targets: list[Any], feeds: dict[Any, Any], variables: dict[Any, Any]
) -> list[Any]:
    """The values of `fetches`; `variables` maps VariableV2 operations to arrays and is updated."""
    program = order(prune(Program(tuple(fetches), tuple(targets), tuple(feeds))))
    values = {t: np.array(v) for t, v in feeds.items()}
    with np.errstate(all="ignore"):
        for op in program.steps:
            results = _run(op, values, variables)
            for tensor, result in zip(op.outputs, results, strict=True):
                values.setdefault(tensor, None if result is None else np.array(result))
    return [_fetched(t, values, variables) for t in fetches]


def _run(op: Any, values: dict[Any, Any], variables: dict[Any, Any]) -> list[Any]:
    if op.type in ("NoOp", "VariableV2"):
        return [None] * len(op.outputs)
    if any(values.get(t) is not None for t in op.outputs):  # fed
        return [None] * len(op.outputs)
    arguments = [_argument(t, values, variables) for t in op.inputs]
    result = op.opdef.kernel_function(*group_by_argument(op, arguments), **kernel_keywords(op))
    if op.opdef.writes:
        variables[variable_of(op.inputs[0])] = np.array(result)
    return list(result) if isinstance(result, (tuple, list)) else [result]


def _argument(tensor: Any, values: dict[Any, Any], variables: dict[Any, Any]) -> Any:
    if tensor.dtype.is_ref_dtype:
        return np.array(variables[variable_of(tensor)])
    return np.array(values[tensor])


def _fetched(tensor: Any, values: dict[Any, Any], variables: dict[Any, Any]) -> Any:
    value = values.get(tensor)
    return np.array(variables[variable_of(tensor)]) if value is None else value
