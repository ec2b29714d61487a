"""What many operations say and ask about their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.shapes import TensorShape

__all__ = ["one_of", "shape_text"]


def one_of(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The value of an argument that may also be given under its old name."""
    if new is not None and old is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old if new is None else new


def shape_text(x: Any) -> str:
    """The shape of an array in brackets, as error messages have it."""
    return sizes_text(np.shape(x))


def sizes_text(sizes: Sequence[int]) -> str:
    """Sizes, or a position, in brackets, as error messages have them.

    >>> sizes_text((2, 3))
    '[2,3]'
    """
    return TensorShape(sizes).bracketed()
