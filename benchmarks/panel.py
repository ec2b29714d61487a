"""``python -m benchmarks.panel``: the share of a training loop's processor time that the live panel takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

import graphmagic as tf
from graphmagic.notebook.panel import Panel
from graphmagic.notebook.panel_table import PanelTable

RUNS = (1000, 5000, 20_000)


def training() -> tuple[Any, Any, Any, dict[Any, Any]]:
    """A session that trains a network on batches of 64 images, with Adam."""
    graph, rng = tf.Graph(), np.random.default_rng(0)
    with graph.as_default():
        x, y = tf.placeholder(tf.float32, [None, 784]), tf.placeholder(tf.int32, [None])
        logits = tf.layers.dense(tf.layers.dense(x, 128, tf.nn.relu), 10)
        loss = tf.losses.sparse_softmax_cross_entropy(y, logits)
        step = tf.train.AdamOptimizer().minimize(loss)
        init = tf.global_variables_initializer()
    sess = tf.Session(graph=graph)
    sess.run(init)
    sess.watch([loss])
    return sess, step, loss, {x: rng.random((64, 784), dtype="f4"), y: rng.integers(0, 10, 64)}


def show(table: PanelTable) -> None:
    """Draw a panel in both ways in which a notebook asks for it."""
    table._repr_html_()
    repr(table)


def share(runs: int) -> tuple[float, float]:
    """How long a run takes without the panel, in seconds, and the panel's share of that."""
    sess, step, loss, feed = training()
    panel, spent = Panel(sess, "Session train", show, watched=(loss,)), 0.0

    def timed(work: Callable[..., None]) -> Callable[..., None]:
        def call(*args: Any) -> None:
            nonlocal spent
            start = time.thread_time()
            work(*args)
            spent += time.thread_time() - start

        return call

    start = time.thread_time()
    timed(panel.start)()
    sess.listeners[:] = [panel._after_run]
    for _ in range(runs):
        sess.run([step, loss], feed)
    sess.listeners.clear()
    timed(panel.finish)()
    rest = time.thread_time() - start - spent
    return rest / runs, spent / rest


if __name__ == "__main__":
    for runs in RUNS:
        seconds, part = share(runs)
        print(f"{runs:>6} runs of {seconds * 1e3:.2f} ms: {part:.2%} for the panel")  # noqa: T201
