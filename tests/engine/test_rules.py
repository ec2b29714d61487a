"""Each rule of safety is needed: without it the fuzzer soon finds a graph that goes wrong."""

import pytest
from fuzz import failing

from graphmagic.engine.specialised import RULES

ATTEMPTS = 400


# That calls are not divided shows only where interrupts come at all possible places: see test_lower_steps.
@pytest.mark.parametrize("rule", sorted(RULES - {"undivided"}))
def test_without_the_rule(rule: str) -> None:
    assert any(failing(range(seed, seed + 1), without=rule) for seed in range(ATTEMPTS))
