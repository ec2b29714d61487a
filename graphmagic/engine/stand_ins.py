"""What takes the place of a tensor when a rule for static shapes is asked during a run."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import DType
from graphmagic.shapes import TensorShape

__all__ = ["StandIn"]


class _Maker:
    """Stands for the operation that made a tensor: a constant, or something of which nothing is known."""

    inputs = ()

    def __init__(self, value: Any) -> None:
        self.type = "" if value is None else "Const"
        self.attrs = {"value": value}


class StandIn:
    """What a shape rule looks at of a tensor: its type, its shape here and now, and its value if that is known.

    Args:
        dtype: the type.
        shape: the shape, None if not known.
        value: the value, None if not known.
    """

    value_index = 0

    def __init__(self, dtype: DType, shape: tuple[int, ...] | None, value: Any) -> None:
        self.op = _Maker(value)
        self.dtype = dtype
        self.shape = TensorShape(shape)

    def get_shape(self) -> TensorShape:
        """The shape."""
        return self.shape
