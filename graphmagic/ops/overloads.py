"""Python's operators on tensors and variables: one table, attached in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops import (
    arithmetic,
    bitwise,
    division,
    elementary,
    indexing,
    linalg,
    logic,
    rounding,
    strided_assign,
)
from graphmagic.ops.variable import Variable

Binary = Callable[..., Tensor]


def _bits_or_truth(of_integers: Binary, of_booleans: Binary) -> Binary:
    """Python writes the operations on bits and those on truth values alike; the type decides."""

    def apply(x: Any, y: Any, name: str) -> Tensor:
        return of_booleans(x, y, name) if x.dtype.base_dtype.is_bool else of_integers(x, y)

    return apply


def _sum(x: Any, y: Any, name: str) -> Tensor:
    """TensorFlow makes a tensor of the right side of + before it asks for its type, so other errors come of it."""
    return arithmetic.add(x, convert_to_tensor(y, dtype_hint=x.dtype.base_dtype, name="y"), name)


def _inverted(x: Any) -> Tensor:
    return logic.logical_not(x) if x.dtype.base_dtype.is_bool else bitwise.invert(x)


# operator method -> (name of the node, function); each also gets its reflected form
BINARY: dict[str, tuple[str, Binary]] = {
    "add": ("add", _sum),
    "sub": ("sub", arithmetic.subtract),
    "mul": ("mul", arithmetic.multiply),
    "truediv": ("truediv", division.truediv),
    "div": ("div", division.div),
    "floordiv": ("floordiv", division.floor_div),
    "mod": ("mod", division.floormod),
    "pow": ("pow", elementary.pow),
    "matmul": ("matmul", linalg.matmul),
    "and": ("and", _bits_or_truth(bitwise.bitwise_and, logic.logical_and)),
    "or": ("or", _bits_or_truth(bitwise.bitwise_or, logic.logical_or)),
    "xor": ("xor", _bits_or_truth(bitwise.bitwise_xor, logic.logical_xor)),
}
COMPARISON: dict[str, Binary] = {
    "lt": logic.less,
    "le": logic.less_equal,
    "gt": logic.greater,
    "ge": logic.greater_equal,
}
UNARY: dict[str, Callable[..., Tensor]] = {
    "neg": arithmetic.negative,
    "abs": rounding.abs,
    "invert": _inverted,
}


def _value(x: Any) -> Any:
    return x.value() if isinstance(x, Variable) else x


def _binary_method(name: str, function: Binary) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        if isinstance(other, IndexedSlices):
            return NotImplemented
        with get_default_graph().name_scope(name) as scope:
            return function(_value(self), _as_operand(other, self), name=scope)

    return method


def _as_operand(other: Any, like: Any) -> Any:
    """NumPy arrays next to a tensor take its type, as TensorFlow converts them."""
    if hasattr(other, "__array_interface__") and not hasattr(other, "graph"):
        return convert_to_tensor(other, like.dtype.base_dtype, name="y")
    return _value(other)


def _reflected_method(name: str, function: Binary) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        with get_default_graph().name_scope(name) as scope:
            left = convert_to_tensor(other, self.dtype.base_dtype, name="x")
            return function(left, _value(self), name=scope)

    return method


def _comparison_method(function: Binary) -> Callable[[Any, Any], Any]:
    def method(self: Any, other: Any) -> Any:
        return function(_value(self), _as_operand(other, self))

    return method


def _unary_method(function: Callable[..., Tensor]) -> Callable[[Any], Any]:
    def method(self: Any) -> Any:
        return function(_value(self))

    return method


def _get_item(self: Any, key: Any) -> Tensor:
    return indexing.get_item(_value(self), key)


def attach(cls: type) -> None:
    """Give a class the operators of the table."""
    for suffix, (name, function) in BINARY.items():
        setattr(cls, f"__{suffix}__", _binary_method(name, function))
        setattr(cls, f"__r{suffix}__", _reflected_method(name, function))
    for suffix, function in COMPARISON.items():
        setattr(cls, f"__{suffix}__", _comparison_method(function))
    for suffix, unary in UNARY.items():
        setattr(cls, f"__{suffix}__", _unary_method(unary))
    setattr(cls, "__getitem__", _get_item)  # noqa: B010  # the type has none of its own


attach(Tensor)
Tensor.__getattr__ = strided_assign.slice_attribute  # type: ignore[attr-defined]
attach(Variable)
