"""Loops: a scalar `while_loop`, and a training step of a recurrent network."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Work
from benchmarks.jaxed import stepping

ITERATIONS = 1000
STEPS, INPUTS, UNITS, BATCH, RATE = 28, 28, 128, 128, 0.1


def scalar_loop(tf: Any) -> Work:
    """A loop that counts, and computes with a number on the way."""
    with tf.Graph().as_default():
        start = tf.placeholder(tf.float32, [])
        loop = tf.while_loop(
            lambda i, x: i < ITERATIONS, lambda i, x: (i + 1, x * 0.5 + 1.0), [tf.constant(0), start]
        )
        session = tf.Session()
    return lambda: session.run(loop[1], {start: 3.0})


def _sequence() -> tuple[Any, Any]:
    random = np.random.default_rng(0)
    return random.random((BATCH, STEPS, INPUTS), np.float32), random.random((BATCH, UNITS), np.float32)


def lstm(tf: Any) -> Work:
    """A step of gradient descent for an LSTM that `dynamic_rnn` unrolls."""
    sequence, wanted = _sequence()
    with tf.Graph().as_default():
        x, y = tf.placeholder(tf.float32, sequence.shape), tf.placeholder(tf.float32, wanted.shape)
        cell = tf.nn.rnn_cell.BasicLSTMCell(UNITS)
        _, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        loss = tf.reduce_mean(tf.square(state.h - y))
        train = tf.train.GradientDescentOptimizer(RATE).minimize(loss)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    return lambda: session.run(train, {x: sequence, y: wanted})


def lstm_with_jax() -> Work:
    """The step as a compiled function, with a scan."""
    import jax
    import jax.numpy as jnp

    sequence, wanted = _sequence()
    random = np.random.default_rng(0)
    scale = (6 / (INPUTS + UNITS + 4 * UNITS)) ** 0.5
    weights = random.uniform(-scale, scale, (INPUTS + UNITS, 4 * UNITS)).astype(np.float32)

    def cell(parameters: Any, carry: Any, x: Any) -> Any:
        kernel, bias = parameters
        c, h = carry
        i, j, f, o = jnp.split(jnp.concatenate([x, h], 1) @ kernel + bias, 4, 1)
        c = c * jax.nn.sigmoid(f + 1.0) + jax.nn.sigmoid(i) * jnp.tanh(j)
        return (c, jnp.tanh(c) * jax.nn.sigmoid(o)), None

    def loss(parameters: Any, sequence: Any, wanted: Any) -> Any:
        zeros = jnp.zeros((BATCH, UNITS), jnp.float32)
        (_, h), _ = jax.lax.scan(partial(cell, parameters), (zeros, zeros), sequence.transpose(1, 0, 2))
        return ((h - wanted) ** 2).mean()

    def step(parameters: Any, sequence: Any, wanted: Any) -> Any:
        grads = jax.grad(loss)(parameters, sequence, wanted)
        return tuple([p - RATE * g for p, g in zip(parameters, grads, strict=True)])

    return stepping(step, (weights, np.zeros(4 * UNITS, np.float32)), sequence, wanted)


CASES = [
    Case("while", f"while_loop, {ITERATIONS:,} scalar iterations", scalar_loop, aims={"tensorflow": 0.13}),
    Case(
        "lstm",
        f"LSTM {STEPS} x {UNITS}, batch {BATCH}, SGD",
        lstm,
        with_jax=lstm_with_jax,
        aims={"tensorflow": 0.75, "jax": 1.0},
    ),
]
