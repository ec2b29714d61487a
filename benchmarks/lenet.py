"""One training step of a convolutional network of LeNet's size on 64 images of 28 x 28."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from benchmarks.case import Case, Work

BATCH, RATE = 64, 0.01


def _data() -> tuple[Any, Any, list[Any]]:
    random = np.random.default_rng(0)
    images = random.random((BATCH, 28, 28, 1), np.float32)
    labels = random.integers(0, 10, BATCH).astype(np.int32)
    shapes = {(5, 5, 1, 32): 0.1, (5, 5, 32, 64): 0.1, (3136, 256): 0.03, (256, 10): 0.1}
    weights = [(random.standard_normal(shape) * scale).astype(np.float32) for shape, scale in shapes.items()]
    return images, labels, weights


def step(tf: Any) -> Work:
    """The step as a graph."""
    images, labels, weights = _data()
    with tf.Graph().as_default():
        x, y = tf.placeholder(tf.float32, [None, 28, 28, 1]), tf.placeholder(tf.int32, [None])
        first, second, dense, output = [tf.Variable(value) for value in weights]
        hidden = x
        for filters in (first, second):
            hidden = tf.nn.relu(tf.nn.conv2d(hidden, filters, [1, 1, 1, 1], "SAME"))
            hidden = tf.nn.max_pool(hidden, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        logits = tf.matmul(tf.nn.relu(tf.matmul(tf.reshape(hidden, [-1, 3136]), dense)), output)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
        train = tf.train.GradientDescentOptimizer(RATE).minimize(loss)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    return lambda: session.run(train, {x: images, y: labels})


# ----- by hand -----


def _convolved(x: Any, filters: Any) -> tuple[Any, Any]:
    size = len(filters)
    padded = np.pad(x, ((0, 0), (size // 2,) * 2, (size // 2,) * 2, (0, 0)))
    windows = sliding_window_view(padded, (size, size), (1, 2)).transpose(0, 1, 2, 4, 5, 3)
    columns = windows.reshape(x.shape[0] * x.shape[1] * x.shape[2], -1)
    return (columns @ filters.reshape(-1, filters.shape[-1])).reshape(*x.shape[:3], -1), columns


def _pooled(x: Any) -> Any:
    n, height, width, depth = x.shape
    return x.reshape(n, height // 2, 2, width // 2, 2, depth).max((2, 4))


def _unpooled(x: Any, pooled: Any, grad: Any) -> Any:
    n, height, width, depth = x.shape
    parts = x.reshape(n, height // 2, 2, width // 2, 2, depth)
    result, taken = np.zeros_like(parts), np.zeros(pooled.shape, bool)
    for row in (0, 1):
        for column in (0, 1):
            here = (parts[:, :, row, :, column] == pooled) & ~taken
            taken |= here
            result[:, :, row, :, column] = grad * here
    return result.reshape(x.shape)


def step_by_hand() -> Work:
    """The step as one writes it in NumPy."""
    x, y, (first, second, dense, output) = _data()
    rate = np.float32(RATE)

    def work() -> None:
        one, columns_one = _convolved(x, first)
        one = np.maximum(one, 0)
        pooled_one = _pooled(one)
        two, columns_two = _convolved(pooled_one, second)
        two = np.maximum(two, 0)
        pooled_two = _pooled(two)
        flat = pooled_two.reshape(BATCH, -1)
        hidden = np.maximum(flat @ dense, 0)
        logits = hidden @ output
        powers = np.exp(logits - logits.max(1, keepdims=True))
        d_logits = powers / powers.sum(1, keepdims=True)
        d_logits[np.arange(BATCH), y] -= 1
        d_logits /= np.float32(BATCH)
        d_hidden = (d_logits @ output.T) * (hidden > 0)
        d_flat = (d_hidden @ dense.T).reshape(pooled_two.shape)
        d_two = _unpooled(two, pooled_two, d_flat) * (two > 0)
        turned = np.ascontiguousarray(second[::-1, ::-1].transpose(0, 1, 3, 2))
        d_one = _unpooled(one, pooled_one, _convolved(d_two, turned)[0]) * (one > 0)
        grads = (
            (columns_one.T @ d_one.reshape(-1, 32)).reshape(first.shape),
            (columns_two.T @ d_two.reshape(-1, 64)).reshape(second.shape),
            flat.T @ d_hidden,
            hidden.T @ d_logits,
        )
        for variable, grad in zip((first, second, dense, output), grads, strict=True):
            np.subtract(variable, rate * grad, out=variable)

    return work


CASES = [
    Case(
        "lenet",
        f"LeNet training step, batch {BATCH}",
        step,
        step_by_hand,
        aims={"tensorflow": 1.2, "numpy": 0.25},
    )
]
