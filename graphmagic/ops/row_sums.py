"""Sums of rows that belong to the same number: what gradients of look-ups need."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["summed_rows"]

MANY = 12  # numbers that occur more often have their rows added by one reduction each
FEW = 32  # so many rows are added one after the other as fast as they are sorted


def summed_rows(numbers: Any, rows: Any) -> tuple[Any, Any]:
    """The distinct numbers, and for each the sum of its rows.

    Sorted by how often their numbers occur, the first rows of all numbers are copied at once, then the second ones of
    those that have two are added at once, and so on: a few operations on many rows instead of one for each row.

    Args:
        numbers: integers, one for each row.
        rows: an array whose first dimension counts rows.

    >>> numbers, sums = summed_rows(np.array([7, 3, 7, 7]), np.array([[1.0], [2.0], [4.0], [8.0]]))
    >>> sorted(zip(numbers.tolist(), sums[:, 0].tolist()))
    [(3, 2.0), (7, 13.0)]
    """
    order = np.argsort(numbers, kind="stable")
    ordered = numbers.take(order)
    begins = np.ones(len(numbers), bool)
    np.not_equal(ordered[1:], ordered[:-1], begins[1:])
    firsts = np.flatnonzero(begins)
    repeated = len(numbers) - len(firsts)
    if not repeated:
        return ordered, rows.take(order, 0)
    if repeated <= FEW:
        sums, places = rows.take(order.take(firsts), 0), np.flatnonzero(~begins)
        owners = (np.cumsum(begins) - 1).take(places)
        for owner, row in zip(owners.tolist(), order.take(places).tolist(), strict=True):
            sums[owner] += rows[row]
        return ordered.take(firsts), sums
    counts = np.diff(firsts, append=len(numbers))
    often = np.argsort(-counts, kind="stable")
    firsts, counts = firsts.take(often), counts.take(often)
    sums = rows.take(order.take(firsts), 0)
    heavy = int(np.searchsorted(-counts, -MANY, side="left"))
    for place in range(heavy):
        first = firsts[place]
        np.add.reduce(
            rows.take(order[first : first + counts[place]], 0), 0, dtype=rows.dtype, out=sums[place]
        )
    for level in range(1, min(int(counts[0]), MANY)):
        some = int(np.searchsorted(-counts, -level, side="left"))
        if some <= heavy:
            break
        sums[heavy:some] += rows.take(order.take(firsts[heavy:some] + level), 0)
    return ordered.take(firsts), sums
