"""Chains of element-wise operations on large arrays run block by block: same values, same owners, same errors."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.ops.broadcast import unbroadcast

RANDOM = np.random.default_rng(0)
SIDE = 800  # squared, more than the size from which two threads may share the work


@pytest.fixture
def x():
    return tf.placeholder(tf.float32, [None, None], name="x")


def numbers(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def agree(fetches, feeds, tolerance=1e-6):
    """The first run is not specialised; later ones are, alone and in two threads by turns."""
    with tf.Session() as session:
        first, *later = [session.run(fetches, feeds) for _ in range(5)]
    for values in later:
        np.testing.assert_allclose(first, values, rtol=tolerance, atol=tolerance)
    return first


def steps(fetches, feeds):
    return tf.Session().plan(fetches, feeds).source


CHAINS = {
    "plain": lambda x: tf.tanh(x * 2.0) + tf.exp(-x),
    "total": lambda x: tf.reduce_sum(tf.sqrt(x * x + 1.0) * 0.5 - x * 0.25),
    "mean": lambda x: tf.reduce_mean(tf.square(x) - 1.0),
    "columns": lambda x: tf.reduce_sum(tf.nn.relu(x) * 2.0, 0),
    "rows": lambda x: tf.reduce_mean(tf.nn.relu(x) * 2.0, 1, keepdims=True),
    "largest": lambda x: tf.reduce_max(tf.abs(x) + 1.0, 0, keepdims=True),
    "repeated": lambda x: tf.sigmoid(x * x[:1] + x[:, :1]) * x[0],
    "turned": lambda x: tf.transpose(x + 1.0) * 2.0 - tf.transpose(x),
    "choice": lambda x: tf.where(x > 0.0, tf.square(x), tf.log(1.0 - x)) * 2.0,
    "types": lambda x: tf.cast(tf.cast(x * 10.0, tf.int32) * 3, tf.float32) / 7.0,
    "gradient": lambda x: tf.gradients(tf.reduce_mean(tf.square(tf.tanh(x * 2.0))), x)[0],
    "added": lambda x: tf.add_n([x * 2.0, x, x + 1.0]) * 3.0,
}


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("view", [False, True])
def test_same_values_as_operation_by_operation(x, name, view):
    value = numbers(SIDE, SIDE + 1)
    tolerance = 1e-3 if name in ("total", "columns", "rows") else 1e-6
    agree(CHAINS[name](x), {x: numbers(SIDE + 1, SIDE).T if view else value}, tolerance)


def test_a_sum_of_which_only_the_shape_matters(x):
    rows = unbroadcast(x * 2.0, x[:, :1])

    agree(unbroadcast(x * 3.0, rows), {x: numbers(SIDE, SIDE)}, 1e-3)


def test_a_chain_is_one_call(x):
    report = tf.Session().plan(tf.reduce_sum(tf.sqrt(x * x + 1.0)), {x: numbers(SIDE, SIDE)})
    assert report.source.count("\n") <= 4
    assert "fuse" in [note.name for note in report.passes]


def test_small_arrays_are_left_alone(x):
    assert steps(tf.sqrt(x * x + 1.0), {x: numbers(3, 4)}).count("\n") > 4


def test_results_used_in_between(x):
    """The sum of the first chain is needed by the second, and its elements are fetched too."""
    powers = tf.exp(x - 1.0)
    total = tf.reduce_sum(powers * 1.0)
    parts = powers / total * 2.0
    powers_value, total_value, parts_value = agree_each([powers, total, parts], {x: numbers(SIDE, SIDE)})
    np.testing.assert_allclose(powers_value / total_value * 2, parts_value, rtol=1e-5)


def agree_each(fetches, feeds):
    with tf.Session() as session:
        first, *later = [session.run(fetches, feeds) for _ in range(5)]
    for values in later:
        for a, b in zip(first, values, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4)
    return first


def test_fetched_results_are_the_callers(x):
    doubled = x * 2.0 + 1.0
    squared = doubled * doubled
    with tf.Session() as session:
        value = numbers(SIDE, SIDE)
        results = [session.run([doubled, squared], {x: value}) for _ in range(4)]
    for one, two in results:
        one[...] = 5.0
        np.testing.assert_array_equal(two, (value * np.float32(2) + 1) ** 2)


def test_not_a_number_stays_one(x):
    value = numbers(SIDE, SIDE)
    value[3, 5] = np.nan
    with tf.Session() as session:
        for _ in range(4):
            assert np.isnan(session.run(tf.reduce_max(tf.nn.relu(x) * 2.0), {x: value}))


def test_an_error_names_the_operation_inside_the_chain():
    x, y = tf.placeholder(tf.int32, [None]), tf.placeholder(tf.int32, [None])
    quotient = tf.floordiv(x * 2, y, name="quotient")
    total = tf.reduce_sum(quotient + 1)
    ones = np.ones(600_000, np.int32)
    zeros = ones.copy()
    zeros[-1] = 0
    with tf.Session() as session:
        for turn in range(8):
            if turn % 2:
                assert session.run(total, {x: ones, y: ones}) == 3 * len(ones)
                continue
            with pytest.raises(tf.errors.InvalidArgumentError) as info:
                session.run(total, {x: ones, y: zeros})
            assert info.value.op is quotient.op


def test_a_variable_is_read_where_its_reading_stood():
    v = tf.Variable(tf.zeros([600_000]))
    before = v.read_value()
    with tf.control_dependencies([before]):
        write = v.assign_add(tf.ones([600_000]))
    with tf.control_dependencies([write]):
        after = v.read_value() * 1.0
        total = tf.reduce_sum(after * 2.0 - before)
    with tf.Session() as session:
        session.run(v.initializer)
        for count in range(5):
            assert session.run(total) == 600_000 * (count + 2)
