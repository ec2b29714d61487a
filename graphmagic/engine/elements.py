"""The shapes of what lists and arrays of tensors hold, which loops and their gradients pass values through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphmagic.graph.node import Operation

__all__ = ["NOTHING", "element_shapes", "joined"]

Shape = tuple[int, ...]
Rule = Callable[[Sequence[Shape | None]], list[Shape | None]]

# What an empty list holds: this shape and any other together are that other.
NOTHING: Shape = (-1,)


def joined(*shapes: Shape | None) -> Shape | None:
    """The shape that all have, None if there is no such.

    >>> joined((2, 3), NOTHING), joined((2, 3), (2,)), joined((2,), None)
    ((2, 3), None, None)
    """
    different = dict.fromkeys(s for s in shapes if s != NOTHING) or {NOTHING: None}
    return next(iter(different)) if len(different) == 1 else None


def element_shapes(op: Operation, known: Sequence[Shape | None]) -> list[Shape | None] | None:
    """The shapes of the results of an operation on lists or arrays of tensors; of such results, of their elements.

    Args:
        op: the operation.
        known: those of its inputs.

    Returns:
        None if it is no such operation.

    >>> import graphmagic as tf
    >>> from graphmagic.ops.variant import empty_list, push
    >>> one = push(empty_list(tf.float32), tf.zeros([2, 3]))
    >>> element_shapes(one.op, [NOTHING, (2, 3)])
    [(2, 3)]
    """
    rule = _RULES.get(op.type)
    return None if rule is None else rule(known)


def _something(shape: Shape | None) -> Shape | None:
    """The shape of an element that is taken out: there is one."""
    return None if shape == NOTHING else shape


def _row(shape: Shape | None) -> Shape | None:
    return shape[1:] if shape else None


def _rows(indices: Shape | None, element: Shape | None) -> Shape | None:
    """The shape of elements put together."""
    element = _something(element)
    return None if indices is None or element is None or len(indices) != 1 else (*indices, *element)


def _entry(indices: Shape | None, value: Shape | None) -> Shape | None:
    """The shape of one value, or of the rows of several."""
    return value if indices == () else _row(value) if indices is not None else None


_RULES: dict[str, Rule] = {
    "EmptyTensorList": lambda s: [NOTHING],
    "TensorListPushBack": lambda s: [joined(s[0], s[1])],
    "TensorListPopBack": lambda s: [s[0], _something(s[0])],
    "OptionalNone": lambda s: [NOTHING],
    "OptionalFromValue": lambda s: [s[0]],
    "OptionalGetValue": lambda s: [_something(s[0])],
    "TensorArrayV3": lambda s: [None, NOTHING],
    "TensorArrayWriteV3": lambda s: [joined(s[3], s[2])],
    "TensorArrayScatterV3": lambda s: [joined(s[3], _row(s[2]))],
    "TensorArrayReadV3": lambda s: [_something(s[2])],
    "TensorArrayGatherV3": lambda s: [_rows(s[1], s[2])],
    "TensorArraySizeV3": lambda s: [()],
    "TensorArrayFromEntries": lambda s: [_entry(s[0], s[1])],
    "TensorArrayEntries": lambda s: [s[2]],
    "TensorArrayPieces": lambda s: [s[1]],
    "VariantZerosLike": lambda s: [s[0]],
    "VariantAddN": lambda s: [joined(*s)],
}
