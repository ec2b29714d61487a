"""Work on arrays that do not fit into a cache."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Work
from benchmarks.jaxed import calling


def chain(tf: Any, size: int) -> Work:
    """A chain of element-wise operations, and a sum."""
    with tf.Graph().as_default():
        v = tf.placeholder(tf.float32, [size])
        total = tf.reduce_sum(tf.sqrt(v * v + 1.0) * 0.5 - v * 0.25)
        session = tf.Session()
    value = _value(size)
    return lambda: session.run(total, {v: value})


def _value(size: int) -> Any:
    return np.random.default_rng(0).random(size, np.float32)


def chain_by_hand(size: int) -> Work:
    """The chain in NumPy."""
    v = _value(size)
    one, half, quarter = np.float32(1), np.float32(0.5), np.float32(0.25)
    return lambda: np.sum(np.sqrt(v * v + one) * half - v * quarter)


def chain_with_jax(size: int) -> Work:
    """The chain as a compiled function."""
    return calling(lambda v: ((v * v + 1.0) ** 0.5 * 0.5 - v * 0.25).sum(), _value(size))


def normals(tf: Any) -> Work:
    """Normally distributed numbers from a stream with a seed, TensorFlow's very own."""
    with tf.Graph().as_default():
        values = tf.random_normal([1_000_000], seed=1)
        session = tf.Session()
    return lambda: session.run(values)


CHAIN_AIMS = {
    6: {"tensorflow": 0.5, "numpy": 0.4, "jax": 1.2},
    7: {"tensorflow": 0.55, "numpy": 0.17, "jax": 1.2},
}
CASES = [
    *[
        Case(
            f"chain{power}",
            f"element-wise chain and sum, 10^{power} floats",
            partial(chain, size=10**power),
            partial(chain_by_hand, 10**power),
            partial(chain_with_jax, 10**power),
            CHAIN_AIMS[power],
        )
        for power in CHAIN_AIMS
    ],
    Case("normals", "10^6 normals with a seed", normals, aims={"tensorflow": 2.0}),
]
