"""Making a graph and running it once."""

from __future__ import annotations

from functools import partial
from typing import Any

from benchmarks.case import Case, Work


def build_and_run(tf: Any, nodes: int) -> Work:
    """Build a chain of scalar operations and run it, once."""

    def work() -> None:
        with tf.Graph().as_default(), tf.Session() as session:
            x = tf.placeholder(tf.float32, [])
            y = x
            for _ in range(nodes // 2):
                y = tf.tanh(y) + x
            session.run(y, {x: 1.0})

    return work


CASES = [
    Case(
        f"build{nodes}",
        f"build and run {nodes:,} nodes once",
        partial(build_and_run, nodes=nodes),
        aims={"tensorflow": 0.15},
    )
    for nodes in (1000, 10_000)
]
