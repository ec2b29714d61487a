"""Values that are no arrays: optional values and lists, which the gradients of branches and loops are made of.

A list is a chain of pairs ``(last element, the list before it)`` that ends in `EMPTY`.  Nothing is ever changed in
place, so adding and taking an element take the same short time however long the list is, and every version stays
valid.  An optional value is a one-element `Optional`; in the branch that is not taken it is empty.  Such
values can be added and have zeros, so they have gradients: that of push is pop, and that of pop is push.

Source: TensorList in TensorFlow (op names and meaning).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import ANY, DType, variant
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.like import zeros_like
from graphmagic.shapes import TensorShape

__all__ = [
    "add_variants",
    "empty_list",
    "optional_none",
    "optional_of",
    "pop",
    "push",
    "value_of",
    "zeros_of",
]

EMPTY: tuple[Any, ...] = ()


class Optional:
    """A value, or none."""

    __slots__ = ("items",)

    def __init__(self, *items: Any) -> None:
        self.items = items


def scalar(*_: Any) -> TensorShape:
    """The shape rule of operations whose results are single values."""
    return TensorShape([])


# ----- zeros and sums -----


def zeros_of_value(value: Any) -> Any:
    """Zeros of the form of a value, lists and all."""
    if isinstance(value, tuple):
        items = [zeros_of_value(item) for item in elements(value)]
        result = EMPTY
        for item in reversed(items):
            result = (item, result)
        return result
    if isinstance(value, Optional):
        return Optional(*[zeros_of_value(item) for item in value.items])
    if hasattr(value, "variant_zeros"):
        return value.variant_zeros()
    return np.zeros(np.shape(value), np.asarray(value).dtype)


def sum_of_values(a: Any, b: Any) -> Any:
    """The sum of two values of the same form."""
    if isinstance(a, tuple):
        result = EMPTY
        for x, y in reversed(list(zip(elements(a), elements(b), strict=True))):
            result = (sum_of_values(x, y), result)
        return result
    if isinstance(a, Optional):
        if not a.items or not b.items:
            return b if b.items else a
        return Optional(sum_of_values(a.items[0], b.items[0]))
    if hasattr(a, "variant_sum"):
        return a.variant_sum(b)
    return np.add(a, b)


def elements(chain: tuple[Any, ...]) -> list[Any]:
    """The elements of a list, the last one first."""
    found = []
    while chain:
        item, chain = chain
        found.append(item)
    return found


zeros_op = OpDef("VariantZerosLike", "x:variant -> y:variant", kernel=zeros_of_value, differentiable=False)
zeros_op.shape_rule(scalar)

add_op = OpDef("VariantAddN", "inputs:N*variant -> sum:variant")


@add_op.kernel
def add_kernel(inputs: Any) -> Any:
    total = inputs[0]
    for other in inputs[1:]:
        total = sum_of_values(total, other)
    return total


add_op.shape_rule(scalar)


@add_op.gradient
def add_grad(op: Operation, dy: Tensor) -> list[Tensor]:
    return [dy] * len(op.inputs)


def zeros_of(tensor: Tensor) -> Tensor:
    """Zeros like a tensor, whatever it holds."""
    if tensor.dtype.base_dtype is variant:
        return apply_op(zeros_op, tensor, name="zeros").outputs[0]
    return zeros_like(tensor)


def add_variants(tensors: list[Tensor]) -> Tensor:
    """The sum of variants of the same form."""
    return apply_op(add_op, tensors, name="AddN").outputs[0]


# ----- optional values -----

optional_none_op = OpDef("OptionalNone", " -> optional:variant", differentiable=False)


@optional_none_op.kernel
def optional_none_kernel() -> Any:
    return Optional()


optional_none_op.shape_rule(scalar)

optional_of_op = OpDef("OptionalFromValue", "value:T -> optional:variant", types={"T": ANY}, kernel=Optional)
optional_of_op.shape_rule(scalar)

value_of_op = OpDef("OptionalGetValue", "optional:variant -> value:T", types={"T": ANY}, view=True)


@value_of_op.kernel
def value_of_kernel(optional: Any) -> Any:
    return optional.items[0]


@optional_of_op.gradient
def optional_of_grad(op: Operation, dy: Tensor) -> Tensor:
    return value_of(dy, op.inputs[0])


@value_of_op.gradient
def value_of_grad(op: Operation, dy: Tensor) -> Tensor:
    return optional_of(dy)


def optional_none() -> Tensor:
    """An optional value that is not there."""
    return apply_op(optional_none_op).outputs[0]


def optional_of(value: Tensor) -> Tensor:
    """An optional value that is there."""
    return apply_op(optional_of_op, value).outputs[0]


def value_of(optional: Tensor, like: Tensor) -> Tensor:
    """What an optional value is; it has the type and the static shape of `like`."""
    value = apply_op(value_of_op, optional, T=like.dtype.base_dtype).outputs[0]
    value.set_shape(like.shape)
    return value


# ----- lists -----

empty_list_op = OpDef(
    "EmptyTensorList", " -> handle:variant", types={"element_dtype": ANY}, differentiable=False
)


@empty_list_op.kernel
def empty_list_kernel() -> Any:
    return EMPTY


empty_list_op.shape_rule(scalar)

push_op = OpDef(
    "TensorListPushBack", "input_handle:variant, tensor:T -> output_handle:variant", types={"T": ANY}
)


@push_op.kernel
def push_kernel(chain: Any, item: Any) -> Any:
    return item, chain


push_op.shape_rule(scalar)

pop_op = OpDef(
    "TensorListPopBack",
    "input_handle:variant -> output_handle:variant, tensor:T",
    types={"T": ANY},
    view=True,
)


@pop_op.kernel
def pop_kernel(chain: Any) -> Any:
    item, rest = chain
    return rest, item


pop_op.shape_rule(lambda chain: [TensorShape([]), TensorShape(None)])


@push_op.gradient
def push_grad(op: Operation, dy: Tensor) -> tuple[Tensor, Tensor]:
    return pop(dy, op.inputs[1])


@pop_op.gradient
def pop_grad(op: Operation, d_rest: Tensor | None, d_item: Tensor | None) -> Tensor:
    rest, item = op.outputs
    return push(zeros_of(rest) if d_rest is None else d_rest, zeros_of(item) if d_item is None else d_item)


def empty_list(dtype: DType) -> Tensor:
    """A list without elements, which are to be of a type."""
    return apply_op(empty_list_op, element_dtype=dtype.base_dtype).outputs[0]


def push(chain: Tensor, item: Tensor) -> Tensor:
    """A list with one more element."""
    return apply_op(push_op, chain, item).outputs[0]


def pop(chain: Tensor, like: Tensor) -> tuple[Tensor, Tensor]:
    """A list without its last element, and that element; it has the type and the static shape of `like`."""
    kind: DType = like.dtype.base_dtype
    rest, item = apply_op(pop_op, chain, T=kind).outputs
    item.set_shape(like.shape)
    return rest, item
