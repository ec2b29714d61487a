"""Very small numbers are zero while a plan runs, and what they were before and after."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic import denormals
from graphmagic.parallel import both

SMALL = np.full(4, 1e-40, np.float32)

pytestmark = pytest.mark.skipif(denormals.flush is denormals.keep, reason="cannot be set here")


def test_results_and_operands_are_flushed():
    x = tf.placeholder(tf.float32, [None])
    with tf.Session() as session:
        for _ in range(3):
            product, same = session.run([x * 1.0, tf.identity(x)], {x: SMALL})
            assert not product.any()
            assert same.tolist() == SMALL.tolist()


def test_the_caller_keeps_them():
    x = tf.placeholder(tf.float32, [None])
    with tf.Session() as session:
        session.run(x * 1.0, {x: SMALL})
        with pytest.raises(tf.errors.InvalidArgumentError):
            session.run(x * [1.0, 2.0], {x: SMALL})
    assert (SMALL * np.float32(1)).all()


def test_the_helper_flushes_too():
    assert not both(lambda: None, lambda: SMALL * np.float32(1))[1].any()
