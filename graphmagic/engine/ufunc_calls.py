"""What a function of arrays computes, element by element: found out by calling it with values that take notes.

The step of an optimizer is written once, as NumPy code.  Traced, it is a list of ufunc calls, which run block by
block and into memory that is there already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from graphmagic.dtypes import DType
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["Trace", "trace"]


@dataclass
class Trace:
    """The calls that a function makes.

    Attributes:
        numbers: calls whose operands are all numbers: the result, the ufunc, its operands.
        members: calls on arrays, as operations of no graph.
        results: what the function returns.
    """

    numbers: list[tuple[Tensor, np.ufunc, tuple[Any, ...]]] = field(default_factory=list)
    members: list[Operation] = field(default_factory=list)
    results: list[Tensor] = field(default_factory=list)


class _Value(NDArrayOperatorsMixin):
    """Stands for an array or a number; what is computed with it is noted."""

    def __init__(self, tracer: _Tracer, tensor: Tensor, is_array: bool) -> None:
        self.tracer, self.tensor, self.is_array = tracer, tensor, is_array

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        if method != "__call__" or keywords or ufunc.nout != 1:
            raise TypeError("not element by element")
        return self.tracer.call(ufunc, inputs)

    def __bool__(self) -> bool:
        raise TypeError("depends on values")


class _Tracer:
    def __init__(self, op: Operation, dtype: DType) -> None:
        self.op, self.dtype = op, dtype
        self.trace = Trace()
        self._known: dict[Any, _Value] = {}

    def call(self, ufunc: np.ufunc, inputs: tuple[Any, ...]) -> _Value:
        if not all(isinstance(item, (_Value, int, float)) for item in inputs):
            raise TypeError("an operand of unknown type")
        key = ufunc, *[item.tensor if isinstance(item, _Value) else item for item in inputs]
        if key not in self._known:
            is_array = any(isinstance(item, _Value) and item.is_array for item in inputs)
            self._known[key] = self._new(ufunc, key[1:], is_array)
        return self._known[key]

    def _new(self, ufunc: np.ufunc, operands: tuple[Any, ...], is_array: bool) -> _Value:
        opdef = _opdef(ufunc)
        tensors = tuple([o for o in operands if isinstance(o, Tensor)])
        if is_array:
            tensors = tuple([o if isinstance(o, Tensor) else self._number(o) for o in operands])
        op = self.op
        step = Operation(
            op.graph, opdef, op.name, tensors, (self.dtype,), (), {}, op.device, op.site, op.id, op.block
        )
        if is_array:
            self.trace.members.append(step)
        else:
            self.trace.numbers.append((step.outputs[0], ufunc, operands))
        return _Value(self, step.outputs[0], is_array)

    def _number(self, value: float) -> Tensor:
        """A number of the program as an operand of an array."""
        return self.call(np.positive, (value,)).tensor


@cache
def _opdef(ufunc: np.ufunc) -> OpDef:
    return OpDef(ufunc.__name__, kernel=ufunc, elementwise=True, listed=False)


def trace(
    op: Operation, function: Callable[..., Any], is_array: Sequence[bool], keywords: dict[str, Any]
) -> Trace | None:
    """The calls of a function of an operation's inputs; None if it does more than call ufuncs.

    Args:
        op: the operation; all its inputs are of one type.
        function: takes the inputs, returns one result or a tuple of them.
        is_array: for each input, whether it is an array instead of a number.
        keywords: more arguments of the function.

    >>> import graphmagic as tf
    >>> op = tf.add(tf.placeholder(tf.float32), tf.placeholder(tf.float32)).op
    >>> found = trace(op, lambda x, rate: x * (1 - rate) + x, [True, False], {})
    >>> [step.type for step in found.members], [ufunc.__name__ for _, ufunc, _ in found.numbers]
    (['multiply', 'add'], ['subtract'])
    >>> trace(op, lambda x, rate: x if x > rate else rate, [True, False], {}) is None
    True
    """
    tracer = _Tracer(op, op.inputs[0].dtype.base_dtype)
    values = [_Value(tracer, t, array) for t, array in zip(op.inputs, is_array, strict=True)]
    try:
        result = function(*values, **keywords)
    except (TypeError, AttributeError):
        return None
    results = result if isinstance(result, tuple) else (result,)
    if not all(isinstance(r, _Value) and r.is_array for r in results):
        return None
    tracer.trace.results = [r.tensor for r in results]
    return tracer.trace
