"""What two static shapes of one tensor say together, in the words of TensorFlow's shape rules."""

from __future__ import annotations

from graphmagic.shapes import TensorShape

__all__ = ["merged_shape"]


def merged_shape(a: TensorShape, b: TensorShape) -> TensorShape:
    """What is known of a tensor that has both shapes.

    Raises:
        ValueError: the shapes contradict each other.

    >>> merged_shape(TensorShape([None, 3]), TensorShape([2, None])).bracketed()
    '[2,3]'
    >>> merged_shape(TensorShape([2, 3]), TensorShape([2, 4]))
    Traceback (most recent call last):
    ValueError: Dimension 1 in both shapes must be equal, but are 3 and 4. Shapes are [2,3] and [2,4].
    """
    if a.ints is None or b.ints is None:
        return a.merge_with(b)
    if len(a.ints) != len(b.ints):
        raise ValueError(f"Shapes must be equal rank, but are {len(a.ints)} and {len(b.ints)}")
    for index, (x, y) in enumerate(zip(a.ints, b.ints, strict=True)):
        if x is not None and y is not None and x != y:
            raise ValueError(
                f"Dimension {index} in both shapes must be equal, but are {x} and {y}. "
                f"Shapes are {a.bracketed()} and {b.bracketed()}."
            )
    return a.merge_with(b)
