"""Work so small that only the overhead counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Case, Work

NODES = 1000


def variable(tf: Any) -> Work:
    """Run one variable."""
    with tf.Graph().as_default():
        v = tf.Variable(1.0)
        session = tf.Session()
        session.run(v.initializer)
    return lambda: session.run(v)


def scalar(tf: Any) -> Work:
    """Run a scalar expression with a feed."""
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [])
        y = x * 2.0 + 1.0
        session = tf.Session()
    return lambda: session.run(y, {x: 3.0})


def _choices(count: int) -> list[int]:
    """For each node of a random graph, how far back its second input is."""
    return [int(n) for n in np.random.default_rng(0).integers(1, 8, count)]


def _mixed(tf: Any, shape: list[int]) -> Work:
    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, shape)
        nodes = [x, tf.constant(0.5)]
        for position, back in enumerate(_choices(NODES)):
            a, b = nodes[-1], nodes[max(0, len(nodes) - back)]
            way = position % 4
            nodes.append(tf.tanh(a) if way == 3 else (tf.add, tf.multiply, tf.subtract)[way](a, b))
        session = tf.Session()
    value = np.full(shape, 0.3, np.float32)
    return lambda: session.run(nodes[-1], {x: value})


def _mixed_by_hand(shape: list[int]) -> Work:
    lines = ["def work(v0, v1, tanh):"]
    for position, back in enumerate(_choices(NODES)):
        last = position + 1
        other = max(0, position + 2 - back)
        way = position % 4
        lines.append(
            f"    v{last + 1} = " + (f"tanh(v{last})" if way == 3 else f"v{last} {'+*-'[way]} v{other}")
        )
    space: dict[str, Any] = {}
    exec("\n".join([*lines, f"    return v{NODES + 1}"]), space)
    value = np.full(shape, 0.3, np.float32)[()]
    return lambda: space["work"](value, np.float32(0.5), np.tanh)


CASES = [
    Case("variable", "run one variable", variable),
    Case("scalar", "scalar expression with a feed", scalar),
    Case("scalars", "1,000 scalar nodes", lambda tf: _mixed(tf, []), lambda: _mixed_by_hand([])),
    Case(
        "arrays", "1,000 nodes of 32 x 32", lambda tf: _mixed(tf, [32, 32]), lambda: _mixed_by_hand([32, 32])
    ),
]
