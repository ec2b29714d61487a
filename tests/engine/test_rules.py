"""Each rule of safety is needed: without it the fuzzer soon finds a graph that goes wrong."""

import pytest
from fuzz import failing

from graphmagic.engine.specialised import RULES

ATTEMPTS = 400


@pytest.mark.parametrize("rule", sorted(RULES))
def test_without_the_rule(rule: str) -> None:
    assert any(failing(range(seed, seed + 1), without=rule) for seed in range(ATTEMPTS))
