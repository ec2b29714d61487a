"""Element-wise operations as ufunc calls that write into given memory: what whole arrays and blocks have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.engine.keywords import kernel_keywords
from graphmagic.graph.node import Operation

__all__ = [
    "ALIKE",
    "MASK",
    "OUT",
    "Call",
    "call_text",
    "is_positional",
    "kernel_call",
    "overwritable",
    "recipe",
]

OUT, MASK = "out", "mask"  # where a call writes: the result, or booleans that the operation needs for itself
KEYWORD_OUT = frozenset({np.maximum, np.minimum})  # NumPy wants their third argument by name


@dataclass(frozen=True)
class Call:
    """One call of a function that writes into an array.

    Attributes:
        function: a ufunc, or `np.copyto`; any other function returns its result, which is copied.
        operands: the number of an input, `OUT`, `MASK`, or a constant array.
        target: `OUT` or `MASK`.
    """

    function: Callable[..., Any]
    operands: tuple[Any, ...]
    target: str = OUT


Recipe = tuple[Call, ...]
Maker = Callable[[Operation, "np.dtype[Any]"], Recipe]


def _relu(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return (Call(np.maximum, (0, np.zeros((), kind))),)


def _sigmoid(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return (
        Call(np.negative, (0,)),
        Call(np.exp, (OUT,)),
        Call(np.add, (OUT, np.ones((), kind))),
        Call(np.reciprocal, (OUT,)),
    )


def _rsqrt(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return Call(np.sqrt, (0,)), Call(np.reciprocal, (OUT,))


def _relu_grad(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return Call(np.greater, (1, np.zeros((), kind)), MASK), Call(np.multiply, (0, MASK))


def _squared_difference(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return Call(np.subtract, (0, 1)), Call(np.square, (OUT,))


def _cast(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return (Call(np.copyto, (0,)),)


def _add_n(op: Operation, kind: np.dtype[Any]) -> Recipe:
    rest = range(2, len(op.inputs))
    return Call(np.add, (0, 1)), *[Call(np.add, (OUT, index)) for index in rest]


def _bias_add(op: Operation, kind: np.dtype[Any]) -> Recipe:
    return (Call(np.add, (0, 1)),)


RECIPES: dict[str, Maker] = {
    "Relu": _relu,
    "ReluGrad": _relu_grad,
    "Sigmoid": _sigmoid,
    "Rsqrt": _rsqrt,
    "SquaredDifference": _squared_difference,
    "Cast": _cast,
    "AddN": _add_n,
    "BiasAdd": _bias_add,
}
ALIKE = frozenset({"ReluGrad", "AddN"})  # their inputs have one shape


def recipe(op: Operation) -> Recipe | None:
    """How to compute an operation element by element without allocating anything, None if there is no such way.

    >>> import graphmagic as tf
    >>> recipe(tf.add(tf.placeholder(tf.float32), 1.0).op)
    (Call(function=<ufunc 'add'>, operands=(0, 1), target='out'),)
    """
    if len(op.outputs) != 1:
        return None
    function = op.opdef.kernel_function
    if op.opdef.elementwise and isinstance(function, np.ufunc):
        return ufunc_recipe(op, function)
    maker = RECIPES.get(op.type)
    kinds = {t.dtype.base_dtype.numpy.kind for t in (*op.inputs, *op.outputs)}
    if maker is None or not kinds <= set("biuf") or (op.type == "AddN" and len(op.inputs) < 2):
        return None
    if op.attrs.get("data_format") == "NCHW":  # the channels are not where broadcasting looks for them
        return None
    return maker(op, op.inputs[0].dtype.base_dtype.numpy)


def ufunc_recipe(op: Operation, function: Any) -> Recipe | None:
    """The recipe of an operation that is one ufunc, if that gives the type that the operation promises."""
    inputs = [t.dtype.base_dtype.numpy for t in op.inputs]
    if function.nin != len(inputs) or function.nout != 1:
        return None
    if function.resolve_dtypes((*inputs, None))[-1] != op.outputs[0].dtype.numpy:
        return None
    return (Call(function, tuple(range(len(inputs)))),)


def kernel_call(op: Operation) -> Callable[..., Any]:
    """The kernel of an operation with its attributes, as a function of its inputs."""
    function, keywords = op.opdef.kernel_function, kernel_keywords(op)
    assert function is not None
    kernel: Callable[..., Any] = function
    return (lambda *inputs: kernel(*inputs, **keywords)) if keywords else kernel


def overwritable(calls: Recipe) -> frozenset[int]:
    """The inputs that are not read any more once the result is being written.

    >>> x = Call(np.subtract, (0, 1)), Call(np.multiply, (OUT, 0))
    >>> sorted(overwritable(x))
    [1]
    """
    first = next(i for i, call in enumerate(calls) if call.target == OUT)
    later = {operand for call in calls[first + 1 :] for operand in call.operands if type(operand) is int}
    return frozenset({o for call in calls for o in call.operands if type(o) is int}) - later


def is_positional(call: Call) -> bool:
    """Whether a call takes its operands, then its target, and nothing else."""
    return call.function is not np.copyto and call.function not in KEYWORD_OUT


def call_text(name: str, call: Call, operands: Sequence[str], target: str) -> str:
    """The source of a call, given the name of its function and those of its operands."""
    if call.function is np.copyto:
        return f"{name}({target}, {operands[0]}, 'unsafe')"
    out = f"out={target}" if call.function in KEYWORD_OUT else target
    return f"{name}({', '.join(operands)}, {out})"
