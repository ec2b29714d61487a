"""Kernels made for known shapes agree with those for all shapes, in one thread and in two."""

import numpy as np
import pytest

import graphmagic as tf

RANDOM = np.random.default_rng(0)


def numbers(*shape):
    return RANDOM.standard_normal(shape).astype(np.float32)


def agree(fetches, feeds, tolerance=2e-4):
    """The first run uses the kernels for all shapes; the later ones try one thread and two."""
    with tf.Session() as session:
        first, *later = [session.run(fetches, feeds) for _ in range(5)]
    for values in later:
        for a, b in zip(first, values, strict=True):
            assert a.shape == b.shape
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
@pytest.mark.parametrize("batch", [1, 5])
@pytest.mark.parametrize(
    ("image", "window", "strides", "dilations"),
    [
        ((12, 14, 8), (5, 3, 8, 6), (1, 1), (1, 1)),
        ((12, 14, 1), (5, 3, 1, 6), (1, 1), (1, 1)),
        ((12, 14, 8), (3, 3, 8, 6), (2, 2), (1, 1)),
        ((12, 14, 8), (3, 3, 8, 6), (1, 2), (1, 1)),
        ((13, 11, 8), (3, 2, 8, 6), (1, 1), (2, 3)),
        ((12, 14, 3), (2, 2, 3, 4), (2, 1), (1, 1)),
        ((12, 14, 8), (1, 1, 8, 6), (1, 1), (1, 1)),
        ((28, 28, 40), (5, 5, 40, 64), (1, 1), (1, 1)),
        ((8, 8, 8), (3, 3, 4, 6), (1, 1), (1, 1)),
    ],
)
def test_convolutions(padding, batch, image, window, strides, dilations):
    x = tf.placeholder(tf.float32, [None, *image])
    filters = tf.placeholder(tf.float32, window)
    y = tf.nn.conv2d(x, filters, [1, *strides, 1], padding, dilations=[1, *dilations, 1])
    dy = tf.placeholder(tf.float32, [None, *y.shape.as_list()[1:]])
    grads = tf.gradients(y, [x, filters], dy)
    feeds = {x: numbers(batch, *image), filters: numbers(*window)}
    feeds[dy] = numbers(batch, *y.shape.as_list()[1:])
    agree([y * 1.0, *[g * 1.0 for g in grads], y], feeds, 2e-3)


def test_images_that_do_not_lie_flat():
    x, filters = tf.placeholder(tf.float32, [None, 6, 7, 20]), tf.placeholder(tf.float32, [3, 3, 20, 4])
    y = tf.nn.conv2d(x, filters, [1, 1, 1, 1], "SAME")
    grads = tf.gradients(y * y, [x, filters])
    agree([y, *grads], {x: numbers(20, 7, 6, 3).T, filters: numbers(4, 20, 3, 3).T}, 2e-3)


@pytest.mark.parametrize("shape", [(1, 4, 6, 3), (5, 8, 4, 16)])
@pytest.mark.parametrize("kind", ["numbers", "ties", "not a number"])
def test_largest_of_four(shape, kind):
    value = numbers(*shape)
    if kind == "ties":
        value = np.floor(value)
    if kind == "not a number":
        value[RANDOM.random(shape) < 0.3] = np.nan
        value[0, :2, :2] = np.nan
        value[0, 2:, :2] = -np.inf
    x = tf.placeholder(tf.float32, [None, *shape[1:]])
    y = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
    dy = tf.placeholder(tf.float32, [None, *y.shape.as_list()[1:]])
    grad = tf.gradients(y, x, dy)[0]
    agree(
        [y, y * 2.0, grad, grad * 2.0],
        {x: value, dy: numbers(*y.shape.as_list()[:0], shape[0], *y.shape.as_list()[1:])},
        0,
    )


def test_other_layouts_use_the_kernel_for_all_shapes():
    x, filters = tf.placeholder(tf.float32, [None, 3, 8, 8]), tf.placeholder(tf.float32, [3, 3, 3, 4])
    y = tf.nn.conv2d(x, filters, strides=[1, 1, 1, 1], padding="SAME", data_format="NCHW")
    agree([y], {x: numbers(2, 3, 8, 8), filters: numbers(3, 3, 3, 4)})
