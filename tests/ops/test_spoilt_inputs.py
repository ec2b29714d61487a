"""Inputs of a wrong rank, size, type or value, or of another graph, give errors that say what is wrong."""

from __future__ import annotations

from itertools import islice

import pytest
from optable import CASES
from optable.case import Case
from optable.spoiling import is_bare, outcome, outcome_of_a_stranger, spoilt

import graphmagic as tf

# who takes more from a queue than there is waits, in TensorFlow too
TYPES = sorted(
    {case.op for cases in CASES.values() for case in cases if case.inputs and "Queue" not in case.op}
)
FEW = 1  # case of a type: ten thousand spoilt inputs already
# hands on one part of its argument unseen, as in TensorFlow
LEAVES_OUT = {"SparseReshape"}


def cases_of(op_type: str) -> list[Case]:
    found = (case for cases in CASES.values() for case in cases if case.op == op_type and case.inputs)
    return list(islice(found, FEW))


@pytest.mark.parametrize("op_type", TYPES)
def test_errors_speak_of_tensors(op_type: str) -> None:
    """Never an error of Python or NumPy itself; one that happens in a run names the operation and its place."""
    for case in cases_of(op_type):
        for what, inputs in spoilt(case):
            for mode in ("full", "unknown"):
                error = outcome(tf, case, inputs, mode)
                if error is not None:
                    label = f"{case.id} {what} {mode}: {error!r}"
                    assert not is_bare(error), label
                    if isinstance(error, tf.errors.OpError):
                        assert error.op is not None, label
                        assert "created at" in "".join(error.__notes__), label


@pytest.mark.parametrize("op_type", [t for t in TYPES if t not in LEAVES_OUT])
def test_tensors_of_two_graphs_do_not_mix(op_type: str) -> None:
    for case in cases_of(op_type):
        for index in range(len(case.inputs)):
            error = outcome_of_a_stranger(tf, case, index)

            assert isinstance(error, ValueError) or len(case.inputs) == 1, f"{case.id} {index}: {error!r}"
