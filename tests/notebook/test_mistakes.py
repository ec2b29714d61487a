"""What beginners' mistakes are answered with, in a real kernel: the page in the documentation tells the truth."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "docs"))

import mistakes

PAGE = mistakes.FILE.read_text(encoding="utf-8")


@pytest.mark.kernel
@pytest.mark.parametrize("mistake", mistakes.MISTAKES, ids=lambda m: m.title)
def test_the_answer_is_as_documented_and_short(mistake):
    found = mistakes.answer(mistake)

    assert f"## {mistake.title}\n\n```python\n{mistake.wrong}\n```\n\n```text\n{found}\n```\n" in PAGE
    assert len(found.splitlines()) <= 12
