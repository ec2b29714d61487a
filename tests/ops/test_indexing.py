"""Slices mean what they mean in NumPy, in every form of Python."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import graphmagic as tf

SHAPE = (4, 3, 5)
ARRAY = np.arange(60, dtype=np.float64).reshape(SHAPE)

bounds = st.one_of(st.none(), st.integers(-7, 7))
slices = st.builds(slice, bounds, bounds, st.one_of(st.none(), st.sampled_from([-3, -2, -1, 1, 2, 3])))


@st.composite
def keys(draw: st.DrawFn) -> tuple[Any, ...]:
    """An index of up to three dimensions with new axes and perhaps an ellipsis."""
    taken = draw(st.integers(0, 3))
    items: list[Any] = []
    has_ellipsis = draw(st.booleans())
    ellipsis_at = draw(st.integers(0, taken))
    for position in range(taken + 1):
        if has_ellipsis and position == ellipsis_at:
            items.append(Ellipsis)
        if draw(st.integers(0, 4)) == 0:
            items.append(None)
        if position < taken:
            # past an ellipsis, dimensions are counted from the end
            axis = position - taken if has_ellipsis and position >= ellipsis_at else position
            items.append(draw(st.one_of(slices, st.integers(-SHAPE[axis], SHAPE[axis] - 1))))
    return tuple(items)


@given(key=keys(), known=st.sampled_from([SHAPE, [None, 3, None], [None, None, None], None]))
def test_slice_is_numpys(key: tuple[Any, ...], known: Any) -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, known)
        y = x[key]
        value = tf.Session().run(y, {x: ARRAY})

    np.testing.assert_array_equal(value, ARRAY[key])
    assert y.shape.is_compatible_with(ARRAY[key].shape)
    if known == SHAPE:
        assert y.shape.as_list() == list(ARRAY[key].shape)


@given(key=keys(), known=st.sampled_from([SHAPE, None]))
def test_gradient_of_a_slice_goes_to_the_elements_taken(key: tuple[Any, ...], known: Any) -> None:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, known)
        weights = np.arange(1.0, ARRAY[key].size + 1).reshape(ARRAY[key].shape)
        (grad,) = tf.gradients(x[key], x, weights)
        value = tf.Session().run(grad, {x: ARRAY})

    expected = np.zeros(SHAPE)
    expected[key] = weights
    np.testing.assert_array_equal(value, expected)


@given(key=keys())
def test_bounds_may_be_tensors(key: tuple[Any, ...]) -> None:
    def as_tensor(item: Any) -> Any:
        return item if item is None or item is Ellipsis else tf.placeholder_with_default(item, [])

    with tf.Graph().as_default():
        symbolic = tuple(
            slice(as_tensor(i.start), as_tensor(i.stop), as_tensor(i.step))
            if isinstance(i, slice)
            else as_tensor(i)
            for i in key
        )
        y = tf.constant(ARRAY)[symbolic]
        value = tf.Session().run(y)

    np.testing.assert_array_equal(value, ARRAY[key])
    assert y.shape.is_compatible_with(ARRAY[key].shape)


@given(data=st.data())
def test_slice_with_begin_and_size_is_numpys(data: st.DataObject) -> None:
    begin = [data.draw(st.integers(0, size)) for size in SHAPE]
    size = [data.draw(st.integers(-1, whole - first)) for first, whole in zip(begin, SHAPE, strict=True)]
    key = tuple(slice(b, None if s == -1 else b + s) for b, s in zip(begin, size, strict=True))
    with tf.Graph().as_default():
        y = tf.slice(tf.constant(ARRAY), begin, size)
        value = tf.Session().run(y)

    np.testing.assert_array_equal(value, ARRAY[key])
    assert y.shape.as_list() == list(ARRAY[key].shape)
