"""Work so small that only the overhead counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Case, Work
from benchmarks.jaxed import calling

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


def _mixed_with_jax(shape: list[int]) -> Work:
    import jax.numpy as jnp

    def work(x: Any) -> Any:
        nodes = [x, jnp.float32(0.5)]
        for position, back in enumerate(_choices(NODES)):
            a, b = nodes[-1], nodes[max(0, len(nodes) - back)]
            way = position % 4
            nodes.append(jnp.tanh(a) if way == 3 else (jnp.add, jnp.multiply, jnp.subtract)[way](a, b))
        return nodes[-1]

    return calling(work, np.full(shape, 0.3, np.float32))


def _mixed_case(name: str, what: str, shape: list[int], *aims: float) -> Case:
    return Case(
        name,
        what,
        lambda tf: _mixed(tf, shape),
        lambda: _mixed_by_hand(shape),
        lambda: _mixed_with_jax(shape),
        dict(zip(("tensorflow", "numpy", "jax"), aims, strict=True)),
    )


CASES = [
    Case("variable", "run one variable", variable, aims={"tensorflow": 0.02}),
    Case(
        "scalar",
        "scalar expression with a feed",
        scalar,
        with_jax=lambda: calling(lambda x: x * 2.0 + 1.0, np.float32(3.0)),
        aims={"tensorflow": 0.03, "jax": 0.4},
    ),
    _mixed_case("scalars", "1,000 scalar nodes", [], 0.07, 1.0, 0.6),
    _mixed_case("arrays", "1,000 nodes of 32 x 32", [32, 32], 0.8, 0.8, 2.5),
]
