"""Broadcasting holds for any shapes, there and, for gradients, back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import graphmagic as tf

BINARY = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": np.true_divide,
    "maximum": np.maximum,
    "minimum": np.minimum,
    "squared_difference": lambda x, y: (x - y) ** 2,
    "less": np.less,
    "greater_equal": np.greater_equal,
    "equal": np.equal,
}
shapes = hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, min_side=0, max_side=4)
every_function = pytest.mark.parametrize("name", BINARY)


def numbers(shape: tuple[int, ...], first: int) -> np.ndarray:
    return (np.arange(first, first + np.prod(shape, dtype=int)) % 7 + 0.5).reshape(shape)


def hidden(shape: tuple[int, ...], data: st.DataObject) -> list[int | None]:
    """A shape of which some sizes are not known."""
    return [data.draw(st.sampled_from([size, None])) for size in shape]


@every_function
@given(shapes=shapes, data=st.data())
def test_shapes_and_values(name: str, shapes: hnp.BroadcastableShapes, data: st.DataObject) -> None:
    a, b = (numbers(s, i) for i, s in enumerate(shapes.input_shapes))
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, hidden(a.shape, data))
        y = tf.placeholder(tf.float64, hidden(b.shape, data))
        z = getattr(tf, name)(x, y)
        value = tf.Session().run(z, {x: a, y: b})

    assert z.shape.ndims == len(shapes.result_shape)
    assert z.shape.is_compatible_with(shapes.result_shape)
    np.testing.assert_array_equal(value, BINARY[name](a, b))


@given(shapes=shapes, data=st.data())
def test_static_shape_is_exact_where_both_are_known(
    shapes: hnp.BroadcastableShapes, data: st.DataObject
) -> None:
    with tf.Graph().as_default():
        z = tf.placeholder(tf.float32, shapes.input_shapes[0]) + tf.placeholder(
            tf.float32, shapes.input_shapes[1]
        )

    assert z.shape.as_list() == list(shapes.result_shape)


@pytest.mark.parametrize("known", [True, False])
@given(shapes=shapes)
def test_gradient_is_summed_over_what_was_broadcast(known: bool, shapes: hnp.BroadcastableShapes) -> None:
    """The gradient of sum(w * (x + y)) is w, summed over the dimensions along which each argument was repeated."""
    a, b = (numbers(s, i) for i, s in enumerate(shapes.input_shapes))
    weights = numbers(shapes.result_shape, 3)
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float64, a.shape if known else None)
        y = tf.placeholder(tf.float64, b.shape if known else None)
        grads = tf.gradients(x + y, [x, y], weights)
        found = tf.Session().run(grads, {x: a, y: b})

    for grad, array in zip(found, (a, b), strict=True):
        np.testing.assert_allclose(grad, summed_to(weights, array.shape), rtol=1e-14)


def summed_to(weights: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    total = np.zeros(shape)
    for index in np.ndindex(weights.shape):
        own = index[len(index) - len(shape) :]
        total[tuple(i if size > 1 else 0 for i, size in zip(own, shape, strict=True))] += weights[index]
    return total


@given(shapes=shapes)
def test_broadcast_to_is_numpys(shapes: hnp.BroadcastableShapes) -> None:
    array = numbers(shapes.input_shapes[0], 0)
    with tf.Graph().as_default():
        y = tf.broadcast_to(array, np.array(shapes.result_shape, np.int32))
        value = tf.Session().run(y)

    assert y.shape.as_list() == list(shapes.result_shape)
    np.testing.assert_array_equal(value, np.broadcast_to(array, shapes.result_shape))


@given(a=hnp.array_shapes(max_dims=3, max_side=4), b=hnp.array_shapes(max_dims=3, max_side=4))
def test_what_numpy_refuses_is_an_error_at_either_stage(a: tuple[int, ...], b: tuple[int, ...]) -> None:
    try:
        np.broadcast_shapes(a, b)
        return
    except ValueError:
        pass
    with tf.Graph().as_default():
        with pytest.raises(ValueError, match="Dimensions must be equal"):
            tf.placeholder(tf.float32, a) + tf.placeholder(tf.float32, b)
        x, y = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
        with pytest.raises(tf.errors.InvalidArgumentError, match="Incompatible shapes"):
            tf.Session().run(x + y, {x: np.zeros(a), y: np.zeros(b)})
