"""The table covers every type of operation: its value, its gradient, and how it fails."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pytest
from optable import CASES, MISTAKES
from optable.answers import load
from optable.case import Case, load_parts
from optable.lines import CASE_LINES, CaseLine
from optable.running import MODES, build

import graphmagic as tf
from graphmagic.dtypes import ALL
from graphmagic.graph.opdef import OpDef, registry

load_parts()

# these take whatever they are given
CANNOT_FAIL = {
    "Identity",
    "StopGradient",
    "Shape",
    "Size",
    "Rank",
    "ZerosLike",
    "NoOp",
    "RandomShuffle",
    "Print",
    "Timestamp",
    "QueueCloseV2",
    "QueueSizeV2",
    "QueueIsClosedV2",
    "HashTableV2",
    "MutableHashTableV2",
    "IteratorToStringHandle",
    "ReaderNumRecordsProducedV2",
    "ReaderNumWorkUnitsCompletedV2",
    "ReaderResetV2",
}
# these are made by graphmagic itself, which gives them only what fits
INTERNAL = {"Unbroadcast", "ProdOfOthers", "ReadVariableOr", "ImageOfPatches", "DatasetElement"}
# ... what `tf.cond`, `tf.while_loop` and `tf.TensorArray` and their gradients consist of
INTERNAL |= {"Merge", "Exit", "LoopVariable", "VariantZerosLike", "VariantAddN", "TensorArraySizeV3"}
INTERNAL |= {"OptionalNone", "OptionalFromValue", "OptionalGetValue"}
INTERNAL |= {"EmptyTensorList", "TensorListPushBack", "TensorListPopBack"}
INTERNAL |= {"TensorArrayFromEntries", "TensorArrayEntries", "TensorArrayFromPieces", "TensorArrayPieces"}
# asking for their gradients is an error, as it is in TensorFlow
WITHOUT_GRADIENT = {"TruncateMod", "IgammaGradA", "MatrixSolveLs", "Lu"}
WITHOUT_GRADIENT |= {"RGBToHSV"}  # until 2.0
# they are there to refuse it
REFUSES_GRADIENT = {"PreventGradient"}

every_type = pytest.mark.parametrize("opdef", registry.values(), ids=registry)


def cases_of(opdef: OpDef) -> list[Case]:
    return [case for cases in CASES.values() for case in cases if case.op == opdef.name]


@every_type
def test_type_has_cases(opdef: OpDef) -> None:
    assert cases_of(opdef)


@every_type
def test_type_has_mistakes_if_it_can_fail(opdef: OpDef) -> None:
    if opdef.name not in CANNOT_FAIL | INTERNAL:
        assert [m for mistakes in MISTAKES.values() for m in mistakes if m.op == opdef.name]


@every_type
def test_gradient_is_tested_or_there_is_none(opdef: OpDef) -> None:
    """What has a gradient has a case with one; of what takes floats and has none, that is recorded."""
    if opdef.name in WITHOUT_GRADIENT:
        assert opdef.gradient_function is None
        assert opdef.differentiable
        return
    is_missing = opdef.gradient_function is None and opdef.differentiable
    if is_missing or opdef.name in REFUSES_GRADIENT:  # asking for it is an error, in TensorFlow too
        assert [m for mistakes in MISTAKES.values() for m in mistakes if m.id == f"{opdef.name}-gradient"]
        return
    asked = [case for case in cases_of(opdef) if case.grad]
    recorded = [g for case in asked for g in CASE_LINES[case.id].answer.get("gradients", [])]
    measured = any(case.reference is not None and case.order for case in asked)
    if opdef.gradient_function is not None:
        assert measured or any(g is not None for g in recorded)
    elif takes_floats(opdef) and not opdef.stateful:
        assert any(g is None for g in recorded)


def takes_floats(opdef: OpDef) -> bool:
    types = [opdef.types.get(arg.type_attr, ALL) if arg.type_attr else [arg.dtype] for arg in opdef.inputs]
    return any(t is not None and t.is_floating for allowed in types for t in allowed)


def makes_its_type(line: CaseLine) -> bool:
    """Whether the graph of a case has an operation of its type, in some mode: what is known becomes a constant."""
    for mode in reversed(MODES):
        if line.builds(mode):
            with build(tf, line.case, mode) as built:
                if any(op.type == line.case.op for op in built.graph.get_operations()):
                    return True
    return False


@pytest.mark.parametrize("family", CASES)
def test_cases_make_operations_of_their_type(family: str) -> None:
    assert [case.id for case in CASES[family] if not makes_its_type(CASE_LINES[case.id])] == []


def test_every_line_has_a_name_of_its_own() -> None:
    cases = Counter(case.id for lines in CASES.values() for case in lines)
    mistakes = Counter(mistake.id for lines in MISTAKES.values() for mistake in lines)

    assert [id for id, count in [*cases.items(), *mistakes.items()] if count > 1] == []


@pytest.mark.parametrize("family", CASES)
def test_recording_is_up_to_date(family: str) -> None:
    recorded = load(family)

    assert list(recorded["cases"]) == [case.id for case in CASES[family]]
    assert list(recorded["mistakes"]) == [mistake.id for mistake in MISTAKES[family]]


def could_hide_swapped_axes(array: Any) -> bool:
    """Whether two axes could change places unseen: any two of up to three, neighbours among more."""
    sizes = np.shape(array)
    pairs = combinations(sizes, 2) if len(sizes) < 4 else pairwise(sizes)
    return array.dtype.kind == "f" and any(a == b > 1 for a, b in pairs)


@pytest.mark.parametrize("family", CASES)
def test_no_input_is_square(family: str) -> None:
    square = [
        case.id
        for case in CASES[family]
        if any(map(could_hide_swapped_axes, case.inputs)) and not case.square
    ]

    assert square == []
