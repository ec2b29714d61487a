"""What is known of values and shapes while a graph is being built, and that it is never wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf
from graphmagic.graph.constants import MAX_ELEMENTS, MAX_NODES, partial_shape, static_value


def test_what_depends_on_constants_is_known():
    x = tf.placeholder(tf.float32, [2, 3])

    assert static_value(tf.constant([1, 2]) * 3).tolist() == [3, 6]
    assert static_value(tf.shape(x)).tolist() == [2, 3]
    assert static_value(tf.size(x)) == 6
    assert static_value(tf.rank(x)) == 2
    assert static_value(tf.unstack(tf.constant([5, 6, 7]))[1]) == 6
    assert static_value(tf.split(tf.constant([5, 6]), 2)[1]).tolist() == [6]


def test_what_depends_on_a_run_is_not():
    x = tf.placeholder(tf.float32, [None])
    v = tf.Variable(1.0)

    for tensor in (
        x,
        tf.shape(x),
        v.value(),
        tf.random_uniform([2]),
        tf.placeholder_with_default(1, []),
        x + 1.0,
    ):
        assert static_value(tensor) is None


def test_what_cannot_be_computed_is_not():
    assert static_value(tf.constant(1) // tf.constant(0)) is None


def test_large_values_are_not_computed():
    assert static_value(tf.zeros([MAX_ELEMENTS])) is not None
    assert static_value(tf.zeros([MAX_ELEMENTS + 1])) is None
    assert static_value(tf.zeros([1]) + tf.zeros([MAX_ELEMENTS + 1])) is None


def test_long_chains_are_given_up():
    x = tf.constant(1.0)
    for _ in range(MAX_NODES * 2):
        x = tf.square(x)

    assert static_value(x) is None


def test_shapes_that_are_known_in_part():
    x = tf.placeholder(tf.float32, [None, 3, 5])
    sizes = tf.shape(x)

    assert partial_shape(sizes) == [None, 3, 5]
    assert partial_shape(tf.cast(sizes, tf.int64)) == [None, 3, 5]
    assert partial_shape(sizes[1:]) == [3, 5]
    assert partial_shape(tf.stack([sizes[0], 15])) == [None, 15]
    assert partial_shape(tf.concat([sizes[:2], [7]], 0)) == [None, 3, 7]
    assert partial_shape(tf.constant([2, -1])) == [2, None]
    assert partial_shape(tf.placeholder(tf.int32, [4])) == [None] * 4
    assert partial_shape(tf.placeholder(tf.int32)).ndims is None


def test_a_reshape_knows_what_can_be_known():
    x = tf.placeholder(tf.float32, [None, 3, 5])

    assert tf.reshape(x, [-1, 15]).shape == [None, 15]
    assert tf.reshape(x, tf.stack([tf.shape(x)[0], 15])).shape == [None, 15]
    assert tf.reshape(tf.zeros([4, 15]), [-1, 5]).shape == [12, 5]


SIZES = st.lists(st.integers(1, 4), min_size=2, max_size=4)


@given(SIZES, st.data())
def test_static_shapes_agree_with_the_shapes_of_values(sizes, data):
    """However little of a shape is known, the value of a run fits what the graph says."""
    known = [size if data.draw(st.booleans()) else None for size in sizes]
    axis = data.draw(st.integers(-len(sizes), len(sizes) - 1))
    order = data.draw(st.permutations(range(len(sizes))))
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, known)
        tensors = [
            tf.transpose(x, order),
            tf.reduce_sum(x, axis=axis),
            tf.reduce_max(x, axis=[axis], keepdims=True),
            tf.expand_dims(x, axis),
            tf.concat([x, x], axis),
            tf.stack([x, x], axis),
            tf.argmax(x, axis),
            tf.reshape(x, [-1]),
            x[..., :2],
            x[0],
            x + tf.ones([4, *[1] * (len(sizes) - 1), 1]),
            tf.tile(x, [2] * len(sizes)),
            tf.reshape(x, tf.shape(x)[::-1]),
        ]
        values = tf.Session().run(tensors, {x: np.zeros(sizes)})

    for tensor, value in zip(tensors, values, strict=True):
        assert tensor.shape.is_compatible_with(value.shape), tensor
        assert tensor.dtype.numpy == value.dtype


@pytest.mark.parametrize("known", [[2, 3], [None, 3], [2, None], [None, None], None])
def test_shape_operations_at_run_time(known):
    x = tf.placeholder(tf.float32, known)

    shape, size, rank = tf.Session().run([tf.shape(x), tf.size(x), tf.rank(x)], {x: np.zeros([2, 3])})
    assert (shape.tolist(), size, rank) == ([2, 3], 6, 2)
