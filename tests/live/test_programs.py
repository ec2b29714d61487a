"""Random programs give with graphmagic what they give with TensorFlow, where there is a Python that has it.

That is the Python that runs the tests, or the one whose path is in the environment variable GRAPHMAGIC_TENSORFLOW.
GRAPHMAGIC_EXAMPLES says how many programs to try.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import BINARY, CATALOGUE, Program, outcome

import graphmagic as tf

PYTHON = os.environ.get("GRAPHMAGIC_TENSORFLOW") or (sys.executable if find_spec("tensorflow") else None)
EXAMPLES = int(os.environ.get("GRAPHMAGIC_EXAMPLES", "100"))


class TensorFlow:
    """TensorFlow in a process of its own, which a crash may end."""

    def __init__(self) -> None:
        self.process: Any = None

    def answer(self, program: Program) -> Any:
        """What becomes of a program; None if TensorFlow crashes."""
        if self.process is None or self.process.poll() is not None:
            self._start()
        try:
            self.process.stdin.write(json.dumps(program) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            self.process.wait()
            return None

    def _start(self) -> None:
        script = Path(__file__).parents[1] / "oracle" / "answer_programs.py"
        self.process = subprocess.Popen(
            [str(PYTHON), str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True,
        )  # fmt: skip
        while self.process.stdout.readline().strip() not in ("ready", ""):
            pass

    def close(self) -> None:
        """End the process."""
        if self.process is not None:
            self.process.stdin.close()
            self.process.stdout.close()
            self.process.wait()


@pytest.fixture(scope="module")
def tensorflow() -> Iterator[TensorFlow]:
    if PYTHON is None:
        pytest.skip("no TensorFlow; set GRAPHMAGIC_TENSORFLOW to the path of a Python that has it")
    found = TensorFlow()
    yield found
    found.close()


small = st.integers(-3, 3)
numbers = st.one_of(small.map(float), st.sampled_from([0.5, -1.25, 2.75, 0.0, 7.5]))
index_items = st.tuples(
    st.sampled_from(["slice", "slice", "number", "new", "rest"]), st.none() | small, st.none() | small,
    st.sampled_from([None, 1, 2, -1]),
)  # fmt: skip
attributes = st.fixed_dictionaries(
    {
        "axis": small,
        "axes": st.none() | small | st.lists(small, max_size=2),
        "flag": st.booleans(),
        "dtype": st.sampled_from(["float32", "int32", "bool", "float64", "int64"]),
        "shape": st.lists(st.integers(-1, 4), max_size=3),
        "order": st.none() | st.permutations([0, 1, 2]) | st.permutations([0, 1]),
        "index": st.lists(index_items, min_size=1, max_size=3),
        "number": numbers | small,
    }
)
steps = st.tuples(
    st.sampled_from(sorted(CATALOGUE)), st.tuples(st.integers(0, 11), st.integers(0, 11)), attributes
)


@st.composite
def inputs(draw: Any) -> Program:
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    dtype = draw(st.sampled_from(["float32", "float32", "int32"]))
    count = int(np.prod(shape))
    values = draw(st.lists(numbers if dtype == "float32" else small, min_size=count, max_size=count))
    hidden = draw(st.lists(st.booleans(), min_size=len(shape), max_size=len(shape)))
    known = [None if h else n for h, n in zip(hidden, shape, strict=True)]
    return {
        "shape": shape,
        "dtype": dtype,
        "values": values,
        "known": draw(st.sampled_from([shape, known, None])),
    }


TWO_ARGUMENTS = {*BINARY.split(), "concat", "stack", "where", "matmul_turned", "div_no_nan"}


def arity(name: str) -> int:
    return 2 if name in TWO_ARGUMENTS else 1


programs = st.builds(
    lambda given, done: {"inputs": given, "steps": [[n, p[: arity(n)], a] for n, p, a in done]},
    st.lists(inputs(), min_size=1, max_size=3),
    st.lists(steps, min_size=1, max_size=7),
)


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=EXAMPLES == 100,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(program=programs)
def test_same_outcome(tensorflow: TensorFlow, program: Program) -> None:
    expected = tensorflow.answer(program)
    if expected is None:  # TensorFlow has crashed: there is nothing to compare with
        return
    found = json.loads(json.dumps(outcome(tf, program)))

    assert [step[:2] for step in found["steps"]] == [step[:2] for step in expected["steps"]]
    assert [s for s in found["steps"] if s[0] == "tensor"] == [
        s for s in expected["steps"] if s[0] == "tensor"
    ]
    for a, b in zip(found["values"], expected["values"], strict=True):
        assert_same(a, b)
    assert (found["gradients"] is None) == (expected["gradients"] is None)
    for a, b in zip(found["gradients"] or [], expected["gradients"] or [], strict=True):
        assert_same(a, b)


def assert_same(found: Any, expected: Any) -> None:
    if found is None or found[0] != "value" or expected is None or expected[0] != "value":
        assert found == expected
        return
    assert found[1:3] == expected[1:3]
    np.testing.assert_allclose(found[3], expected[3], rtol=2e-5, atol=1e-6)
