"""Every mistake is answered as TensorFlow answers it: at the same stage, with the same kind and text."""

from __future__ import annotations

import re

import pytest
from optable.lines import MISTAKE_LINES, MistakeLine
from optable.running import make_mistake

import graphmagic as tf


@pytest.mark.parametrize("line", MISTAKE_LINES.values(), ids=MISTAKE_LINES)
def test_mistake(line: MistakeLine) -> None:
    stage, kind, text = make_mistake(tf, line.mistake, line.mode)
    text = re.sub(r"(not in list of allowed values: ).*", r"\1...", text)  # each version lists more types

    assert [stage, kind, text] == line.answer


def test_every_deviation_from_tensorflow_has_a_reason() -> None:
    deviating = [line.mistake for line in MISTAKE_LINES.values() if line.mistake.says]

    assert all(mistake.why for mistake in deviating)
