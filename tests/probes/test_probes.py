"""Short programs observe here what they observed on TensorFlow, or differ as `differing.json` says and why."""

import pytest
from probing import ANSWERS, DIFFERING, observe, probes, read

import graphmagic as tf

CODES = probes()
RECORDED = read(ANSWERS)
REASONS = read(DIFFERING)


def test_the_answers_are_those_to_these_probes():
    assert list(RECORDED) == list(CODES)


def test_reasons_are_for_probes_there_are():
    assert set(REASONS) <= set(CODES)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("title", CODES)
def test_probe(title, monkeypatch):
    monkeypatch.setattr(tf.InteractiveSession, "_active", 0)  # some leave one open
    seen, answers, reasons = observe(tf, CODES[title]), RECORDED[title], REASONS.get(title, {})
    count = max(len(seen), len(answers))
    seen, answers = [[*texts, *["nothing"] * (count - len(texts))] for texts in (seen, answers)]
    different = {
        str(number): (ours, theirs)
        for number, (ours, theirs) in enumerate(zip(seen, answers, strict=True), 1)
        if ours != theirs
    }

    assert {n: pair for n, pair in different.items() if n not in reasons} == {}
    assert set(reasons) <= set(different), "these observations agree now: take their reasons out"
