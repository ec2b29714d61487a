"""Checks that decoding puts into the graph."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.node import Operation
from graphmagic.ops.asserts import assert_equal
from graphmagic.ops.queries import shape

__all__ = ["check_batches"]


def check_batches(message: str, expected: Any, *tensors: Any) -> list[Operation]:
    """Operations that fail with a message if tensors differ in their first dimension.

    Args:
        message: the message.
        expected: a batch size, or a tensor that has it.
        *tensors: the tensors.

    Raises:
        InvalidArgumentError: it is already known that they differ.
    """
    size = (
        shape(expected)[0]
        if getattr(expected, "shape", None) is not None and expected.shape.ndims
        else expected
    )
    return [check for t in tensors if (check := assert_equal(size, shape(t)[0], message=message)) is not None]
