"""One training step of a network with 784 inputs, 128 hidden units and 10 classes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Work
from benchmarks.jaxed import stepping

RATE, ADAM_RATE = 0.1, 0.001
BETA1, BETA2, EPSILON = (np.float32(value) for value in (0.9, 0.999, 1e-8))

OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "SGD": lambda tf: tf.train.GradientDescentOptimizer(RATE),
    "Adam": lambda tf: tf.train.AdamOptimizer(ADAM_RATE),
}


def _data(batch: int) -> tuple[Any, ...]:
    random = np.random.default_rng(0)
    images = random.random((batch, 784), np.float32)
    labels = np.eye(10, dtype=np.float32)[random.integers(0, 10, batch)]
    hidden = (random.standard_normal((784, 128)) * 0.05).astype(np.float32)
    output = (random.standard_normal((128, 10)) * 0.05).astype(np.float32)
    return images, labels, hidden, output


def step(tf: Any, batch: int, optimizer: str = "SGD") -> Work:
    """The step as a graph."""
    images, labels, hidden, output = _data(batch)
    with tf.Graph().as_default():
        x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.float32, [None, 10])
        w1, b1 = tf.Variable(hidden), tf.Variable(tf.zeros([128]))
        w2, b2 = tf.Variable(output), tf.Variable(tf.zeros([10]))
        logits = tf.matmul(tf.nn.relu(tf.matmul(x, w1) + b1), w2) + b2
        loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))
        train = OPTIMIZERS[optimizer](tf).minimize(loss)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    return lambda: session.run(train, {x: images, y: labels})


# ----- by hand -----


def _gradients(x: Any, y: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> tuple[Any, ...]:
    hidden = np.maximum(x @ w1 + b1, 0)
    logits = hidden @ w2 + b2
    powers = np.exp(logits - logits.max(1, keepdims=True))
    d_logits = (powers / powers.sum(1, keepdims=True) - y) / np.float32(len(x))
    d_hidden = (d_logits @ w2.T) * (hidden > 0)
    return x.T @ d_hidden, d_hidden.sum(0), hidden.T @ d_logits, d_logits.sum(0)


def _parameters(w1: Any, w2: Any) -> tuple[Any, ...]:
    return w1, np.zeros(128, np.float32), w2, np.zeros(10, np.float32)


def descent_by_hand(batch: int) -> Work:
    """The step as one writes it in NumPy."""
    x, y, w1, w2 = _data(batch)
    parameters, rate = _parameters(w1, w2), np.float32(RATE)

    def work() -> None:
        for variable, grad in zip(parameters, _gradients(x, y, *parameters), strict=True):
            np.subtract(variable, rate * grad, out=variable)

    return work


def adam_by_hand(batch: int) -> Work:
    """The step with Adam as one writes it in NumPy."""
    x, y, w1, w2 = _data(batch)
    parameters = _parameters(w1, w2)
    slots = [(np.zeros_like(p), np.zeros_like(p)) for p in parameters]
    turn = [0]

    def work() -> None:
        turn[0] += 1
        rate = np.float32(ADAM_RATE * np.sqrt(1 - BETA2 ** turn[0]) / (1 - BETA1 ** turn[0]))
        for value, (m, v), grad in zip(parameters, slots, _gradients(x, y, *parameters), strict=True):
            np.add(m, (grad - m) * (1 - BETA1), out=m)
            np.add(v, (grad * grad - v) * (1 - BETA2), out=v)
            np.subtract(value, rate * m / (np.sqrt(v) + EPSILON), out=value)

    return work


# ----- with JAX -----


def _jax_gradients(parameters: Any, x: Any, y: Any) -> Any:
    import jax

    def loss(parameters: Any) -> Any:
        w1, b1, w2, b2 = parameters
        logits = jax.nn.relu(x @ w1 + b1) @ w2 + b2
        return -(y * jax.nn.log_softmax(logits)).sum(1).mean()

    return jax.grad(loss)(parameters)


def descent_with_jax(batch: int) -> Work:
    """The step as a compiled function."""
    x, y, w1, w2 = _data(batch)

    def step(parameters: Any, x: Any, y: Any) -> Any:
        grads = _jax_gradients(parameters, x, y)
        return tuple([p - RATE * g for p, g in zip(parameters, grads, strict=True)])

    return stepping(step, _parameters(w1, w2), x, y)


def adam_with_jax(batch: int) -> Work:
    """The step with Adam as a compiled function."""
    x, y, w1, w2 = _data(batch)

    def step(state: Any, x: Any, y: Any) -> Any:
        turn, parameters, slots = state
        turn = turn + 1
        rate = ADAM_RATE * (1 - BETA2**turn) ** 0.5 / (1 - BETA1**turn)
        grads, new, new_slots = _jax_gradients(parameters, x, y), [], []
        for value, (m, v), grad in zip(parameters, slots, grads, strict=True):
            mean, square = m + (grad - m) * (1 - BETA1), v + (grad * grad - v) * (1 - BETA2)
            new.append(value - rate * mean / (square**0.5 + EPSILON))
            new_slots.append((mean, square))
        return turn, tuple(new), tuple(new_slots)

    parameters = _parameters(w1, w2)
    slots = tuple([(np.zeros_like(p), np.zeros_like(p)) for p in parameters])
    return stepping(step, (np.float32(0), parameters, slots), x, y)


def _aims(tensorflow: float, numpy: float, jax: float) -> dict[str, float]:
    return {"tensorflow": tensorflow, "numpy": numpy, "jax": jax}


SGD_AIMS = {32: _aims(0.25, 0.65, 0.4), 128: _aims(0.46, 0.75, 0.5), 1024: _aims(0.6, 0.86, 0.6)}
ADAM_AIMS = {32: _aims(0.5, 0.7, 0.75), 128: _aims(0.6, 0.8, 0.8), 1024: _aims(0.85, 0.86, 0.8)}
CASES = [
    *[
        Case(
            f"mlp{n}",
            f"MLP 784-128-10, SGD, batch {n}",
            partial(step, batch=n),
            partial(descent_by_hand, n),
            partial(descent_with_jax, n),
            SGD_AIMS[n],
        )
        for n in SGD_AIMS
    ],
    *[
        Case(
            f"adam{n}",
            f"MLP 784-128-10, Adam, batch {n}",
            partial(step, batch=n, optimizer="Adam"),
            partial(adam_by_hand, n),
            partial(adam_with_jax, n),
            ADAM_AIMS[n],
        )
        for n in ADAM_AIMS
    ],
]
