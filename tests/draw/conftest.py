"""Small graphs, built from source text so that creation sites read the same on every machine."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import graphmagic as tf
from graphmagic.draw import render

sys.path.insert(0, str(Path(__file__).parent))  # for the gallery, which stands next to the tests

FOO = """\
foo = tf.Variable(42, name="foo")
init = tf.global_variables_initializer()
assign = tf.assign(foo, 13)
"""

LINEAR = """\
x = tf.placeholder(tf.float32, [None, 3], name="x")
y = tf.placeholder(tf.float32, [None, 1], name="y")
w = tf.Variable(tf.zeros([3, 1]), name="w")
b = tf.Variable(0.0, name="b")
prediction = tf.add(tf.matmul(x, w), b, name="prediction")
loss = tf.reduce_mean(tf.square(prediction - y), name="loss")
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
init = tf.global_variables_initializer()
"""

MLP = """\
x = tf.placeholder(tf.float32, [None, 784], name="x")
labels = tf.placeholder(tf.int64, [None], name="labels")
h = x
for n, (rows, columns) in enumerate([(784, 128), (128, 10)], 1):
    with tf.name_scope(f"layer_{n}"):
        w = tf.Variable(tf.truncated_normal([rows, columns], stddev=0.1), name="w")
        b = tf.Variable(tf.zeros([columns]), name="b")
        h = tf.matmul(h, w) + b
        if n == 1:
            h = tf.nn.relu(h)
with tf.name_scope("loss"):
    each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=h)
    loss = tf.reduce_mean(each)
with tf.name_scope("accuracy"):
    right = tf.equal(tf.argmax(h, 1), labels)
    accuracy = tf.reduce_mean(tf.cast(right, tf.float32))
train = tf.train.GradientDescentOptimizer(0.1).minimize(loss)
init = tf.global_variables_initializer()
"""

Build = Callable[..., tuple[Any, dict[str, Any]]]


def build_graph(source: str, filename: str = "lesson.py") -> tuple[Any, dict[str, Any]]:
    """Run a program in a new graph; returns the graph and the program's names."""
    graph = tf.Graph()
    names: dict[str, Any] = {"tf": tf}
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    with graph.as_default():
        exec(compile(source, filename, "exec"), names)
    return graph, names


@pytest.fixture
def build() -> Build:
    return build_graph


@pytest.fixture
def foo_graph() -> Any:
    return build_graph(FOO)[0]


@pytest.fixture
def linear() -> tuple[Any, dict[str, Any]]:
    return build_graph(LINEAR)


@pytest.fixture
def mlp() -> tuple[Any, dict[str, Any]]:
    return build_graph(MLP)


@pytest.fixture
def graphviz_engine() -> None:
    """Skips the test where there is nothing to draw with."""
    if not render.engines():
        pytest.skip("no Graphviz on this machine")
