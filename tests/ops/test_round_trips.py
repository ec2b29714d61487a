"""What one operation does another undoes, for any shapes."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import graphmagic as tf

shapes = hnp.array_shapes(min_dims=1, max_dims=4, min_side=0, max_side=4)
known = st.booleans()


def numbers(shape: tuple[int, ...]) -> np.ndarray:
    return np.arange(np.prod(shape, dtype=int), dtype=np.float32).reshape(shape)


def check_same(build: Any, shape: tuple[int, ...], is_known: bool) -> None:
    """`build` returns its argument, and the gradient comes back through it unchanged."""
    array = numbers(shape)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape if is_known else [None] * len(shape))
        y = build(x)
        weights = array + 1
        grad = tf.convert_to_tensor(tf.gradients(y, x, weights)[0])
        value, back = tf.Session().run([y, grad], {x: array})

    assert y.shape.is_compatible_with(shape)
    np.testing.assert_array_equal(value, array)
    np.testing.assert_array_equal(back, weights)


@given(shape=shapes, is_known=known)
def test_reshape_there_and_back(shape: tuple[int, ...], is_known: bool) -> None:
    check_same(lambda x: tf.reshape(tf.reshape(x, [-1]), tf.shape(x)), shape, is_known)


@given(shape=shapes, is_known=known, data=st.data())
def test_transpose_there_and_back(shape: tuple[int, ...], is_known: bool, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    check_same(lambda x: tf.transpose(tf.transpose(x, order), np.argsort(order)), shape, is_known)


@given(shape=shapes, is_known=known, data=st.data())
def test_transpose_is_numpys(shape: tuple[int, ...], is_known: bool, data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    array = numbers(shape)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape if is_known else None)
        y = tf.transpose(x, order)
        value = tf.Session().run(y, {x: array})

    np.testing.assert_array_equal(value, np.transpose(array, order))
    assert y.shape.ndims == len(shape)


@given(shape=shapes, is_known=known, data=st.data())
def test_split_and_concat(shape: tuple[int, ...], is_known: bool, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    cuts = sorted(data.draw(st.lists(st.integers(0, shape[axis]), max_size=3)))
    sizes = np.diff([0, *cuts, shape[axis]]).astype(np.int32)
    check_same(lambda x: tf.concat(tf.split(x, sizes, axis), axis), shape, is_known)


@given(shape=shapes, is_known=known, data=st.data())
def test_unstack_and_stack(shape: tuple[int, ...], is_known: bool, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    if shape[axis]:
        check_same(lambda x: tf.stack(tf.unstack(x, shape[axis], axis), axis), shape, is_known)


@given(shape=shapes, is_known=known, data=st.data())
def test_expand_dims_and_squeeze(shape: tuple[int, ...], is_known: bool, data: st.DataObject) -> None:
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    check_same(lambda x: tf.squeeze(tf.expand_dims(x, axis), [axis]), shape, is_known)


@given(shape=shapes, is_known=known, data=st.data())
def test_gather_by_a_permutation_and_its_inverse(
    shape: tuple[int, ...], is_known: bool, data: st.DataObject
) -> None:
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    order = np.array(data.draw(st.permutations(range(shape[axis]))), np.int32)
    check_same(
        lambda x: tf.gather(tf.gather(x, order, axis=axis), np.argsort(order), axis=axis), shape, is_known
    )


@given(shape=shapes, data=st.data())
def test_tile_is_numpys(shape: tuple[int, ...], data: st.DataObject) -> None:
    multiples = [data.draw(st.integers(0, 3)) for _ in shape]
    array = numbers(shape)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape)
        y = tf.tile(x, multiples)
        (grad,) = tf.gradients(y, x)
        value, back = tf.Session().run([y, grad], {x: array})

    np.testing.assert_array_equal(value, np.tile(array, multiples))
    np.testing.assert_array_equal(back, np.full(shape, np.prod(multiples)))
    assert y.shape.as_list() == list(value.shape)


@given(shape=shapes, data=st.data())
def test_sums_do_not_depend_on_how_the_axes_are_named(shape: tuple[int, ...], data: st.DataObject) -> None:
    axes = data.draw(st.lists(st.integers(0, len(shape) - 1), unique=True))
    names = [data.draw(st.sampled_from([axis, axis - len(shape)])) for axis in axes]
    array = numbers(shape)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape)
        plain, kept = tf.reduce_sum(x, names), tf.reduce_sum(x, names, keepdims=True)
        values = tf.Session().run([plain, kept], {x: array})

    np.testing.assert_array_equal(values[0], array.sum(tuple(axes)))
    np.testing.assert_array_equal(values[1], array.sum(tuple(axes), keepdims=True))
    assert plain.shape.as_list() == list(np.shape(values[0]))
    assert kept.shape.as_list() == list(values[1].shape)
