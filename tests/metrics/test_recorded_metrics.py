"""Metrics at k, at thresholds and per class give TensorFlow's recorded numbers over two runs."""

from __future__ import annotations

import json

import numpy as np
import pytest
from metric_cases import FILE, results

import graphmagic as tf

RECORDED = json.loads(FILE.read_text())


@pytest.fixture(scope="module")
def found() -> dict[str, object]:
    return results(tf)


@pytest.mark.parametrize("name", RECORDED)
def test_recorded(found: dict[str, object], name: str) -> None:
    update, value, dtype, variables = found[name]

    assert [update, value] == [
        pytest.approx(e, rel=1e-6, nan_ok=True) for e in map(_exact, RECORDED[name][:2])
    ]
    assert [dtype, variables] == RECORDED[name][2:]


def _exact(expected: object) -> object:
    """Nested lists as arrays, which `pytest.approx` can compare."""
    return np.array(expected) if isinstance(expected, list) else expected
