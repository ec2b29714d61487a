"""Layers, losses and training of Keras give TensorFlow's numbers."""

import json
import sys
from pathlib import Path

import numpy as np
import pytest

import graphmagic as tf

sys.path.insert(0, str(Path(__file__).parent))
from cases import CASES

RECORDED = json.loads((Path(__file__).parent / "recorded.json").read_text())


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_those_of_tensorflow(name):
    with tf.Graph().as_default():
        found = np.asarray(CASES[name](tf), np.float64).ravel()
    np.testing.assert_allclose(found, RECORDED[name], rtol=2e-5, atol=2e-6)
