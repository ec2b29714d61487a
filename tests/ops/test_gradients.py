"""Every gradient is the one that TensorFlow computes, and the one that finite differences measure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from optable.case import Case
from optable.comparing import assert_close
from optable.lines import BUILDABLE, CaseLine
from optable.running import Built, build, differentiate, is_operation, weights

import graphmagic as tf

WITH_GRADIENT = {
    id: (line, mode) for id, (line, mode) in BUILDABLE.items() if line.case.grad and mode != "partial"
}
RECORDED = {id: pair for id, pair in WITH_GRADIENT.items() if pair[0].is_recorded}
SMOOTH = {id: pair for id, pair in WITH_GRADIENT.items() if pair[0].case.order}
STEP = 1e-5  # balances the error of the difference, STEP**2, with that of rounding, 1e-16 / STEP


@pytest.mark.parametrize(("line", "mode"), RECORDED.values(), ids=RECORDED)
def test_gradient_is_the_recorded_one(line: CaseLine, mode: str) -> None:
    actual, expected = differentiate(tf, line.case, mode), line.gradients()

    for a, e in zip(actual, expected, strict=True):
        assert_close(a, e, line.case.grad_ulp, line.case.grad_atol)


class Scalar:
    """A case as a function from its differentiable inputs, in float64, to one number, and its derivatives.

    The number is the sum of the outputs, each element with its own weight.
    """

    def __init__(self, built: Built, case: Case) -> None:
        self.session = built.session()
        self.feeds = built.feeds
        self.xs = [built.tensors[i] for i in case.grad]
        outputs = [t for t in built.outputs if not is_operation(t) and t.dtype.is_floating]
        values = self.session.run(outputs, built.feeds)
        self.number = tf.add_n(
            [
                tf.reduce_sum(tf.multiply(t, weights(v, i)))
                for i, (t, v) in enumerate(zip(outputs, values, strict=True))
            ]
        )

    def along(self, number: Any, direction: int) -> Any:
        """The derivative of `number` along a direction, as a node."""
        pairs = zip(tf.gradients(number, self.xs), self.steps(direction), strict=True)
        parts = [tf.reduce_sum(tf.multiply(g, step)) for g, step in pairs if g is not None]
        return tf.add_n(parts) if parts else tf.constant(0.0, tf.float64)

    def steps(self, direction: int) -> list[Any]:
        return [weights(self.feeds[x], 11 * direction + i) - 1.1 for i, x in enumerate(self.xs)]

    def measured(self, number: Any, direction: int) -> float:
        """The same derivative by finite differences."""
        steps = self.steps(direction)
        ends = []
        for sign in (STEP, -STEP):
            moved = {x: self.feeds[x] + sign * s for x, s in zip(self.xs, steps, strict=True)}
            ends.append(self.session.run(number, self.feeds | moved))
        return float((ends[0] - ends[1]) / (2 * STEP))


@pytest.mark.parametrize(("line", "mode"), SMOOTH.values(), ids=SMOOTH)
def test_gradient_agrees_with_finite_differences(line: CaseLine, mode: str) -> None:
    inputs = tuple(a.astype(np.float64) if a.dtype == np.float32 else a for a in line.case.inputs)
    with build(tf, line.case, mode, inputs) as built:
        scalar = Scalar(built, line.case)
        number = scalar.number
        for order in range(1, line.case.order + 1):
            derivative = scalar.along(number, order)
            computed = scalar.session.run(derivative, scalar.feeds)

            assert computed == pytest.approx(scalar.measured(number, order), rel=1e-7, abs=2e-8)
            number = derivative
