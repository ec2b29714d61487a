"""``python -m benchmarks.panel``: the share of a training loop that the live panel takes, in a real kernel.

Cells with the panel and without it take turns in one kernel. What counts is the processor time of the kernel's whole
process, all threads of it: also what is sent to the notebook, and the start and the end of the cell.
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_client.manager import start_new_kernel

ROUNDS = 5
SECONDS = (2.0,)
PREPARE = """%load_ext graphmagic
import json, time
import numpy as np
import graphmagic as tf
rng = np.random.default_rng(0)"""
WORKS = {
    "a line, 2 variables": """%%graph work --no-draw
x = tf.placeholder(tf.float32, [None], name="x")
w, b = tf.Variable(0.0, name="w"), tf.Variable(0.0, name="b")
loss = tf.reduce_mean(tf.square(w * x + b - 3.0 * x), name="loss")
step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
init = tf.global_variables_initializer()
feed = {x: [1.0, 2.0]}""",
    "a network with Adam, 14 variables": """%%graph work --no-draw
x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int32, [None])
logits = tf.layers.dense(tf.layers.dense(x, 128, tf.nn.relu), 10)
loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
loss = tf.identity(loss, name="loss")
step = tf.train.AdamOptimizer().minimize(loss)
init = tf.global_variables_initializer()
feed = {x: rng.random((64, 784), dtype="f4"), y: rng.integers(0, 10, 64)}""",
    "3,000 variables": """%%graph work --no-draw
v = [tf.Variable(tf.ones([20]), name=f"v_{i}") for i in range(3000)]
loss = tf.add_n([tf.reduce_sum(tf.square(u)) for u in v], name="loss")
step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
init = tf.global_variables_initializer()
feed = {}""",
}
START = "%%session s --new --graph work --no-panel\nsess.run(init)\nfor _ in range(50): sess.run([step, loss], feed)"
LOOP = "%%session s {option}\nfor _ in range({runs}): sess.run([step, loss], feed)"


class Kernel:
    """A kernel to run cells in."""

    def __init__(self) -> None:
        self.manager, self.client = start_new_kernel(kernel_name="python3")

    def run(self, cell: str) -> str:
        """Run a cell; gives what it prints."""
        printed: list[str] = []

        def hear(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                printed.append(message["content"]["text"])

        reply = self.client.execute_interactive(cell, output_hook=hear, timeout=300)
        assert reply["content"]["status"] == "ok", reply["content"]
        return "".join(printed)

    def clock(self) -> float:
        """The processor time of the kernel so far."""
        return float(self.run("print(time.process_time())"))

    def seconds(self, cell: str) -> float:
        """The processor time that a cell takes."""
        start = self.clock()
        self.run(cell)
        return self.clock() - start


@contextmanager
def kernel() -> Iterator[Kernel]:
    """A kernel with everything loaded. One thread, so that none waits for another at the expense of the clock."""
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    running = Kernel()
    try:
        running.run(PREPARE)
        yield running
    finally:
        running.client.stop_channels()
        running.manager.shutdown_kernel(now=True)


def shares(running: Kernel, work: str, seconds: float) -> tuple[int, list[float]]:
    """How many runs take so long, and which share more they take with a panel, in each of several rounds."""
    running.run(WORKS[work])
    running.run(START)
    probe = running.seconds(LOOP.format(option="--no-panel", runs=200))
    runs = max(20, round(200 * seconds / probe))
    without, shown = (LOOP.format(option=option, runs=runs) for option in ("--no-panel", "--watch loss"))
    found = []
    for _ in range(ROUNDS):
        before, panel, after = (running.seconds(cell) for cell in (without, shown, without))
        found.append(2 * panel / (before + after) - 1)
    return runs, found


if __name__ == "__main__":
    with kernel() as running:
        for work in WORKS:
            for seconds in SECONDS:
                runs, found = shares(running, work, seconds)
                quartiles = statistics.quantiles(found, n=4)
                print(  # noqa: T201
                    f"{work}, {runs} runs in {seconds:g} s: {statistics.median(found):.1%} "
                    f"({quartiles[0]:.1%} to {quartiles[2]:.1%})"
                )
