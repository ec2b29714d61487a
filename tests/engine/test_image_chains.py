"""Layers of images are one step of a plan where nobody sees what they compute on their way."""

import numpy as np
import pytest

import graphmagic as tf
from graphmagic.engine.image_chains import chain_images
from graphmagic.engine.passes import improve
from graphmagic.engine.program import Program
from graphmagic.engine.shaping import settle_shapes

RANDOM = np.random.default_rng(0)


def whole(*shape):
    return RANDOM.integers(-3, 4, shape).astype(np.float32)


def pooled(y, size=2):
    return tf.nn.max_pool(y, [1, size, size, 1], [1, 2, 2, 1], "SAME")


def convolved(x, filters, stride=1):
    return tf.nn.conv2d(x, filters, [1, stride, stride, 1], "SAME")


def placeholders(batch=3):
    return tf.placeholder(tf.float32, [batch, 6, 4, 2]), tf.placeholder(tf.float32, [3, 3, 2, 5])


def steps(fetches, feeds):
    program = improve(Program(tuple(fetches), (), feeds=tuple(feeds)))
    settled = settle_shapes(program, [tuple(f.shape.as_list()) for f in feeds])
    return [[op.type for op in getattr(step, "members", [step])] for step in chain_images(settled).steps]


def agree(fetches, feeds):
    """The first run uses the kernels for all shapes, the later ones chains in one thread and in two."""
    with tf.Session() as session:
        first, *later = [session.run(fetches, feeds) for _ in range(5)]
    for values in later:
        for a, b in zip(first, values, strict=True):
            np.testing.assert_array_equal(a, b)


def test_layer_with_bias():
    (x, filters), bias = placeholders(), tf.placeholder(tf.float32, [5])
    y = pooled(tf.nn.relu(tf.nn.bias_add(convolved(x, filters), bias)))
    assert steps([y], [x, filters, bias]) == [["Conv2D", "BiasAdd", "Relu", "MaxPool"]]
    found = steps(tf.gradients(y, [x, filters, bias]), [x, filters, bias])
    assert set(found[-1]) > {"MaxPoolGrad", "ReluGrad", "BiasAddGrad", "Conv2DBackpropFilter"}
    feeds = {x: whole(3, 6, 4, 2), filters: whole(3, 3, 2, 5), bias: whole(5)}
    agree([y, *tf.gradients(y * y, [x, filters, bias])], feeds)


def test_bias_by_broadcasting():
    (x, filters), bias = placeholders(), tf.placeholder(tf.float32, [5])
    y = tf.nn.relu(convolved(x, filters) + bias)
    assert steps([y], [x, filters, bias]) == [["Conv2D", "Add", "Relu"]]
    agree(
        tf.gradients(y * y, [x, filters, bias]),
        {x: whole(3, 6, 4, 2), filters: whole(3, 3, 2, 5), bias: whole(5)},
    )


def test_relu_seen_by_others_stays():
    x, filters = placeholders()
    relu = tf.nn.relu(convolved(x, filters))
    y = pooled(relu)
    assert steps([y, relu], [x, filters]) == [["Conv2D", "Relu"], ["MaxPool"]]
    agree(
        [y, relu, *tf.gradients([y, relu], [x, filters])], {x: whole(3, 6, 4, 2), filters: whole(3, 3, 2, 5)}
    )


def test_convolution_seen_by_others_stays():
    x, filters = placeholders()
    before = convolved(x, filters)
    assert steps([pooled(tf.nn.relu(before)), before], [x, filters]) == [["Conv2D"], ["Relu", "MaxPool"]]


@pytest.mark.parametrize(("stride", "size"), [(2, 2), (1, 3), (2, 3)])
def test_what_does_not_fit_stays(stride, size):
    x, filters = placeholders()
    y = pooled(tf.nn.relu(convolved(x, filters, stride)), size)
    agree([y, *tf.gradients(y * y, [x, filters])], {x: whole(3, 6, 4, 2), filters: whole(3, 3, 2, 5)})


def test_two_gradients_of_one_layer():
    x, filters = placeholders()
    y = pooled(tf.nn.relu(convolved(x, filters)))
    grads = [*tf.gradients(y * y, [x, filters]), *tf.gradients(y * 3.0, [filters])]
    found = steps([y, *grads], [x, filters])
    assert [step[0] for step in found].count("MaxPoolGrad") == 2
    agree([y, *grads], {x: whole(3, 6, 4, 2), filters: whole(3, 3, 2, 5)})


def test_numbers_that_are_none():
    x, dy = tf.placeholder(tf.float32, [4, 4, 4, 3]), tf.placeholder(tf.float32, [4, 2, 2, 3])
    y = pooled(tf.nn.relu(x))
    value, grad = whole(4, 4, 4, 3), whole(4, 2, 2, 3)
    value[RANDOM.random(value.shape) < 0.3] = np.nan
    value[0, :2, :2], value[1, :2, :2], value[2, :2, :2] = np.nan, -np.inf, -1
    value[3, 0, 0] = 1  # a chain gives NaN in the first place zero, not infinity times zero
    grad[:, 0, 0] = [np.inf, np.nan, -np.inf]
    agree([y, y + 0.0, tf.gradients(y, x, dy)[0]], {x: value, dy: grad})


def test_gradient_of_infinity_goes_to_the_winner_alone():
    x, dy = tf.placeholder(tf.float32, [1, 2, 2, 1]), tf.placeholder(tf.float32, [1, 1, 1, 1])
    feeds = {x: np.float32([1, 2, 2, 0]).reshape(1, 2, 2, 1), dy: np.float32([[[[np.inf]]]])}
    for y in (pooled(x), pooled(tf.nn.relu(x))):
        with tf.Session() as session:
            for _ in range(3):
                assert session.run(tf.gradients(y, x, dy)[0], feeds).ravel().tolist() == [0, np.inf, 0, 0]


@pytest.mark.parametrize(
    ("window", "grad"),
    [
        ([-np.inf] * 4, [1, 0, 0, 0]),
        ([1, np.nan, 2, 0], [0, 0, 1, 0]),
        ([np.nan, 1, 2, 1], [1, 0, 0, 0]),
        ([-np.inf, np.nan, np.nan, np.nan], [1, 0, 0, 0]),
        ([-np.inf, np.nan, 1, 1], [0, 0, 1, 0]),
    ],
)
def test_winners_are_those_of_tensorflow(window, grad):
    x = tf.placeholder(tf.float32, [1, 2, 2, 1])
    found = tf.gradients(pooled(x), x)[0]
    with tf.Session() as session:
        for _ in range(3):
            assert session.run(found, {x: np.float32(window).reshape(1, 2, 2, 1)}).ravel().tolist() == grad


def test_training_agrees_with_runs_that_fetch_everything():
    """What is fetched keeps layers from being one step, so both ways must train alike."""
    x = tf.constant(whole(5, 6, 4, 2))
    filters = tf.Variable(whole(3, 3, 2, 5))
    before = convolved(x, filters)
    relu = tf.nn.relu(before)
    loss = tf.reduce_sum(pooled(relu))
    train = tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    with tf.Session() as one, tf.Session() as other:
        for session in (one, other):
            session.run(filters.initializer)
        for _ in range(4):
            one.run(train)
            other.run([train, before, relu])
            np.testing.assert_array_equal(one.run(filters), other.run(filters))
