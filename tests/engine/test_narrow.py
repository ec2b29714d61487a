"""Products of which only some columns are computed, and when all are."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.engine.passes import improve
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import specialise


def parts(sess, more=()):
    """A slice of a product, with other fetches; from a function for its shapes."""
    x, w = tf.placeholder(tf.float32, [None, 3]), tf.placeholder(tf.float32, [None, 3])
    product = tf.matmul(x, w, transpose_b=True)
    part = tf.slice(product, [0, 1], [-1, 2])
    values = np.arange(6, dtype=np.float32).reshape(2, 3), np.arange(12, dtype=np.float32).reshape(4, 3)
    fetches = [part * 1.0, *[{"product": product}[name] for name in more]]
    for _ in range(3):
        results = sess.run(fetches, dict(zip((x, w), values, strict=True)))
    return results, values[0] @ values[1].T, sess.plan(fetches, dict(zip((x, w), values, strict=True))).source


def test_only_these_columns_are_computed():
    (part,), whole, source = parts(tf.Session())
    np.testing.assert_array_equal(part, whole[:, 1:3])
    assert "[1:3].T" in source


def test_all_are_if_something_else_uses_them():
    (part, product), whole, source = parts(tf.Session(), ["product"])
    np.testing.assert_array_equal(part, whole[:, 1:3])
    np.testing.assert_array_equal(product, whole)
    assert "[1:3]" not in source


@pytest.mark.parametrize(("begin", "size"), [([1, 0], [1, 4]), ([0, 0], [1, 2])])
def test_all_are_if_some_rows_are_left_out(begin, size):
    x, w = tf.constant(np.ones([2, 3], np.float32)), tf.placeholder(tf.float32, [4, 3])
    part = tf.slice(tf.matmul(x, w, transpose_b=True), begin, size)
    session, value = tf.Session(), np.arange(12, dtype=np.float32).reshape(4, 3)
    for _ in range(3):
        found = session.run(part, {w: value})
    np.testing.assert_array_equal(found, value.sum(1)[None, begin[1] : begin[1] + size[1]])


def test_results_of_a_loop_stay_what_they_are():
    start = tf.placeholder(tf.float32, [40, 50])
    _, result = tf.while_loop(lambda i, x: i < 3, lambda i, x: (i + 1, tf.tanh(x) + 1.0), [0, start])
    session, kept = tf.Session(), []
    for number in range(6):
        value = session.run(result, {start: np.full([40, 50], number, np.float32)})
        kept.append((value, value.copy(), value[::2]))
    for value, copy, view in kept:
        np.testing.assert_array_equal(value, copy)
        np.testing.assert_array_equal(view, copy[::2])


def test_shapes_of_random_numbers_are_known():
    x = tf.placeholder(tf.float32, [None, 3])
    noise = tf.random_normal(tf.shape(x), seed=1)
    program = specialise(improve(Program((noise,), (), feeds=(x,))), [(20, 3)])
    assert program.shape_of(noise) == (20, 3)


@pytest.mark.parametrize("rows", [8, 64])
def test_a_descent_along_a_product(rows):
    random = np.random.default_rng(0)
    v = tf.Variable(np.zeros([200, 100], np.float32))
    x, y = tf.placeholder(tf.float32, [None, 200]), tf.placeholder(tf.float32, [None, 100])
    step = tf.train.GradientDescentOptimizer(0.25).apply_gradients([(tf.matmul(x, y, transpose_a=True), v)])
    feeds = {x: random.integers(-3, 4, (rows, 200)), y: random.integers(-3, 4, (rows, 100))}
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for count in range(1, 6):
            session.run(step, feeds)
            np.testing.assert_array_equal(session.run(v), -0.25 * count * (feeds[x].T @ feeds[y]))
