"""Work on arrays that do not fit into a cache."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.case import Case, Work


def chain(tf: Any, size: int) -> Work:
    """A chain of element-wise operations, and a sum."""
    with tf.Graph().as_default():
        v = tf.placeholder(tf.float32, [size])
        total = tf.reduce_sum(tf.sqrt(v * v + 1.0) * 0.5 - v * 0.25)
        session = tf.Session()
    value = np.random.default_rng(0).random(size, np.float32)
    return lambda: session.run(total, {v: value})


def chain_by_hand(size: int) -> Work:
    """The chain in NumPy."""
    v = np.random.default_rng(0).random(size, np.float32)
    one, half, quarter = np.float32(1), np.float32(0.5), np.float32(0.25)
    return lambda: np.sum(np.sqrt(v * v + one) * half - v * quarter)


CASES = [
    Case(f"chain{power}", f"element-wise chain and sum, 10^{power} floats", *ways)
    for power, ways in ((p, (partial(chain, size=10**p), partial(chain_by_hand, 10**p))) for p in (6, 7))
]
