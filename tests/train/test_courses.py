"""Training courses, step for step as TensorFlow's."""

import json

import numpy as np
import pytest
from courses import AVERAGES, OPTIMIZERS, SCHEDULES, average_course, optimizer_course, rates
from optable.answers import FOLDER, decode

import graphmagic as tf

ANSWERS = json.loads((FOLDER / "courses.json").read_text())


def close(found, recorded, rel=2e-6, absolute=2e-6):
    wanted = decode(recorded)
    assert np.asarray(found).dtype == wanted.dtype
    np.testing.assert_allclose(found, wanted, rtol=rel, atol=absolute)


@pytest.mark.parametrize("way", ["dense", "sparse", "loss"])
@pytest.mark.parametrize("line", OPTIMIZERS, ids=lambda line: line.name)
def test_optimizers(line, way):
    answer = ANSWERS["optimizers"][f"{line.name}-{way}"]
    found = optimizer_course(tf, line, way)

    assert sorted(found["kept"]) == sorted(answer["kept"])
    assert found["steps"] == 50
    wanted = decode(answer["course"])
    assert found["course"].dtype == wanted.dtype
    precision = 1e-12 if line.dtype == "float64" else 2e-6
    for step, (ours, theirs) in enumerate(zip(found["course"], wanted, strict=True)):
        np.testing.assert_allclose(ours, theirs, rtol=precision, atol=precision, err_msg=f"step {step}")
    for name, value in found["kept"].items():
        close(value, answer["kept"][name], precision * 5, precision)


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules(name):
    close(rates(tf, name), ANSWERS["schedules"][name], 1e-6, 1e-7)


@pytest.mark.parametrize("name", AVERAGES)
def test_averages(name):
    close(average_course(tf, name), ANSWERS["averages"][name])


def test_every_optimizer_has_a_course():
    kinds = {type(line.make(tf, None)) for line in OPTIMIZERS}
    public = {
        kind
        for kind in vars(tf.train).values()
        if isinstance(kind, type) and issubclass(kind, tf.train.Optimizer) and kind is not tf.train.Optimizer
    }
    assert public == kinds
