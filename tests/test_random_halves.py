"""Streams give the same numbers whether one thread makes them or two."""

import numpy as np
import pytest

from graphmagic.ops.philox import Stream

COUNT = 200_003


@pytest.mark.parametrize("draw", ["uniform", "normal", "truncated_normal"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_same_numbers(monkeypatch, draw, dtype):
    monkeypatch.setattr("graphmagic.ops.philox.processors", lambda: 2)
    alone, shared = Stream(3, 5), Stream(3, 5, threads=2)
    for _ in range(2 if dtype is np.float64 else 6):
        one = getattr(alone, draw)(COUNT, dtype)
        np.testing.assert_array_equal(one, getattr(shared, draw)(COUNT, dtype))
