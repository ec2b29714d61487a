"""Every operation computes what TensorFlow computes, and announces its type and shape as TensorFlow does."""

from __future__ import annotations

import pytest
from optable.comparing import assert_close
from optable.lines import BUILDABLE, CASE_LINES, CaseLine
from optable.running import MODES, build, static

import graphmagic as tf

NOT_BUILDABLE = {
    f"{id}-{mode}": (line, mode) for id, line in CASE_LINES.items() for mode in MODES if not line.builds(mode)
}


@pytest.mark.parametrize(("line", "mode"), BUILDABLE.values(), ids=BUILDABLE)
def test_what_is_announced_and_what_is_computed(line: CaseLine, mode: str) -> None:
    with build(tf, line.case, mode) as built:
        announced, actual = built.static(), built.run(line.case.runs)

    if line.is_recorded:
        assert announced == line.static(mode)
    expected = line.values()
    assert len(actual) == len(expected)
    for a, e in zip(actual, expected, strict=True):
        assert_close(a, e, line.case.ulp, line.case.atol)
    for promise, value in zip(announced, actual, strict=False):
        if promise is not None:
            assert value.dtype == tf.as_dtype(promise[0]).numpy
            assert tf.TensorShape(promise[1]).is_compatible_with(value.shape)


@pytest.mark.parametrize(("line", "mode"), NOT_BUILDABLE.values(), ids=NOT_BUILDABLE)
def test_what_cannot_be_built_without_knowing_the_shapes(line: CaseLine, mode: str) -> None:
    assert static(tf, line.case, mode) == line.static(mode)
