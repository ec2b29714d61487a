"""The engine agrees with a plain evaluator on random graphs."""

import pytest
from fuzz import failing


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_random_graphs(first: int) -> None:
    assert failing(range(first, first + 20)) == {}
