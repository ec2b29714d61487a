"""Python's operators on tensors and variables: one table, attached in one place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops import linalg, logic, math, slicing
from graphmagic.ops.variable import Variable

Binary = Callable[..., Tensor]


# operator method -> (name of the node, function); each also gets its reflected form
BINARY: dict[str, tuple[str, Binary]] = {
    "add": ("add", math.add),
    "sub": ("sub", math.subtract),
    "mul": ("mul", math.multiply),
    "truediv": ("truediv", math.truediv),
    "div": ("div", math.div),
    "floordiv": ("floordiv", math.floor_div),
    "mod": ("mod", math.floormod),
    "pow": ("pow", math.pow),
    "matmul": ("matmul", linalg.matmul),
    "and": ("and", logic.logical_and),
    "or": ("or", logic.logical_or),
    "xor": ("xor", logic.logical_xor),
}
COMPARISON: dict[str, Binary] = {
    "lt": logic.less,
    "le": logic.less_equal,
    "gt": logic.greater,
    "ge": logic.greater_equal,
}
UNARY: dict[str, Callable[..., Tensor]] = {"neg": math.negative, "abs": math.abs, "invert": logic.logical_not}


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
    return slicing.get_item(_value(self), key)


def attach(cls: type) -> None:
    """Give a class the operators of the table."""
    for suffix, (name, function) in BINARY.items():
        setattr(cls, f"__{suffix}__", _binary_method(name, function))
        setattr(cls, f"__r{suffix}__", _reflected_method(name, function))
    for suffix, function in COMPARISON.items():
        setattr(cls, f"__{suffix}__", _comparison_method(function))
    for suffix, unary in UNARY.items():
        setattr(cls, f"__{suffix}__", _unary_method(unary))
    cls.__getitem__ = _get_item  # type: ignore[attr-defined]


attach(Tensor)
attach(Variable)
