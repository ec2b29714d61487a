"""The axes along which operations reduce, as far as they are known while a plan is made."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["reduced_axes", "unbroadcast_axes"]

Shape = tuple[int, ...]


def reduced_axes(shape: Shape | None, indices: Any) -> Shape | None:
    """The axes that a reduction of an array of this shape takes away; None if unknown, wrong, or if there is nothing to do.

    >>> reduced_axes((2, 3), np.array(-1)), reduced_axes((2, 3), None), reduced_axes((2, 0), np.array(0))
    ((1,), None, None)
    """
    if not shape or indices is None or 0 in shape:
        return None
    axes = [int(i) for i in np.ravel(indices)]
    if not axes or not all(-len(shape) <= i < len(shape) for i in axes):
        return None
    places = tuple([i % len(shape) for i in axes])
    return places if len(set(places)) == len(places) else None


def unbroadcast_axes(shape: Shape | None, target: Shape | None) -> Shape | None:
    """The axes along which a value of shape `target` was repeated to `shape`; None if there are none.

    >>> unbroadcast_axes((4, 2, 3), (1, 3)), unbroadcast_axes((2, 3), (2, 3))
    ((0, 1), None)
    """
    if shape is None or target is None or shape == target or 0 in shape:
        return None
    extra = len(shape) - len(target)
    ones = [extra + i for i, size in enumerate(target) if size == 1 and shape[extra + i] != 1]
    return (*range(extra), *ones)
