"""One step of stochastic gradient descent of a network with 784 inputs, 128 hidden units and 10 classes."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Work

RATE = 0.1


def _data(batch: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    images = random.random((batch, 784), np.float32)
    labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, batch)]
    hidden = (random.standard_normal((784, 128)) * 0.05).astype(np.float32)
    output = (random.standard_normal((128, 10)) * 0.05).astype(np.float32)
    return images, labels, hidden, output


def step(tf: Any, batch: int) -> Work:
    """The step as a graph."""
    images, labels, hidden, output = _data(batch)
    with tf.Graph().as_default():
        x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
        w1, b1 = tf.Variable(hidden), tf.Variable(tf.zeros([128]))
        w2, b2 = tf.Variable(output), tf.Variable(tf.zeros([10]))
        logits = tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2) + b2
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
        train = tf.train.GradientDescentOptimizer(RATE).minimize(loss)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    return lambda: session.run(train, {x: images, y: labels})


def step_by_hand(batch: int) -> Work:
    """The step as one writes it in NumPy."""
    x, y, w1, w2 = _data(batch)
    b1, b2 = np.zeros(128, np.float32), np.zeros(10, np.float32)
    rate = np.float32(RATE)

    def work() -> None:
        hidden = np.maximum(x @ w1 + b1, 0)
        logits = hidden @ w2 + b2
        powers = np.exp(logits - logits.max(1, keepdims=True))
        d_logits = (powers / powers.sum(1, keepdims=True) - y) / np.float32(batch)
        d_hidden = (d_logits @ w2.T) * (hidden > 0)
        grads = x.T @ d_hidden, d_hidden.sum(0), hidden.T @ d_logits, d_logits.sum(0)
        for variable, grad in zip((w1, b1, w2, b2), grads, strict=True):
            np.subtract(variable, rate * grad, out=variable)

    return work


CASES = [
    Case(f"mlp{n}", f"MLP 784-128-10, SGD step, batch {n}", partial(step, batch=n), partial(step_by_hand, n))
    for n in (32, 128, 1024)
]
