"""Slots: the variables that optimizers and moving averages keep beside a variable of the program."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import DType
from graphmagic.ops.fill import zeros
from graphmagic.ops.initializers import zeros_initializer
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scope import get_variable, variable_scope
from graphmagic.shapes import TensorShape

__all__ = ["create_slot", "create_slot_with_initializer", "create_zeros_slot"]


def create_slot(primary: Any, value: Any, name: str) -> Variable:
    """A variable called ``<primary>/<name>`` that starts from a tensor.

    Args:
        primary: the variable or tensor that it belongs to.
        value: the tensor.
        name: the last part of its name.
    """
    return _create(primary, value, name, value.shape.is_fully_defined())


def create_slot_with_initializer(
    primary: Any, initializer: Any, shape: TensorShape, dtype: DType, name: str
) -> Variable:
    """A variable called ``<primary>/<name>`` that starts from what an initializer makes; see `create_slot`."""
    return _create(primary, initializer, name, shape.is_fully_defined(), shape=shape, dtype=dtype)


def create_zeros_slot(primary: Any, name: str, dtype: DType | None = None) -> Variable:
    """A variable called ``<primary>/<name>`` of the shape of `primary` that starts from zeros; see `create_slot`."""
    kind = (dtype or primary.dtype).base_dtype
    if primary.shape.is_fully_defined():
        return create_slot_with_initializer(primary, zeros_initializer(), primary.shape, kind, name)
    source = primary.initialized_value() if isinstance(primary, Variable) else primary
    return create_slot(primary, zeros(shape_of(source), kind), name)


def _create(primary: Any, initializer: Any, name: str, validate_shape: bool, **more: Any) -> Variable:
    with variable_scope(None, f"{primary.op.name}/{name}"):
        slot: Variable = get_variable(
            "", initializer=initializer, trainable=False, validate_shape=validate_shape, **more
        )
    return slot
