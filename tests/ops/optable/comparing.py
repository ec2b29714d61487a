"""Comparing computed with expected arrays, in units of the last place."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["assert_close"]


def assert_close(actual: Any, expected: Any, ulp: float = 0, atol: float = 0.0) -> None:
    """Types, shapes and elements agree; floats to `ulp` units in the last place, or `atol`.

    >>> assert_close(np.float32(1), np.float32(1))
    >>> assert_close(np.float32(1), np.nextafter(np.float32(1), np.float32(2)), ulp=1)
    >>> assert_close(np.float32("nan"), np.float32(1))  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    AssertionError: [nan] instead of [1.]
    """
    if expected is None:
        assert actual is None
        return
    actual = np.asarray(actual)
    assert actual.dtype == expected.dtype
    assert actual.shape == expected.shape
    if expected.dtype.kind not in "fc" or not expected.size:
        assert actual.tolist() == expected.tolist()
        return
    special = ~np.isfinite(expected)
    np.testing.assert_array_equal(actual[special], expected[special])
    found, wanted = actual[~special], expected[~special]
    size = np.abs(wanted)
    with np.errstate(over="ignore"):
        steps = np.spacing(size)
    steps = np.where(
        np.isfinite(steps), steps, size - np.nextafter(size, 0)
    )  # above the largest number is no other
    allowed = ulp * steps.astype(np.float64) + atol
    # not "greater": that would let NaN pass
    excess = ~(np.abs(found.astype(expected.dtype.newbyteorder("=")) - wanted) <= allowed)
    assert not np.any(excess), f"{found[excess]} instead of {wanted[excess]}, allowed {allowed[excess]}"
