"""Graphs worth looking at: what people draw, from a line to tens of thousands of operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import graphmagic as tf

__all__ = ["GALLERY", "drawn"]


def linear() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.placeholder(tf.float32, [None], name="y")
    w = tf.Variable(0.0, name="w")
    b = tf.Variable(0.0, name="b")
    prediction = tf.add(w * x, b, name="prediction")
    loss = tf.reduce_mean(tf.square(prediction - y), name="loss")
    tf.train.GradientDescentOptimizer(0.1).minimize(loss, name="step")
    tf.global_variables_initializer()


def mlp() -> None:
    """A classifier of digits with Adam."""
    x = tf.placeholder(tf.float32, [None, 784], name="x")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    hidden = tf.layers.dense(x, 256, activation=tf.nn.relu, name="hidden_1")
    hidden = tf.layers.dense(hidden, 64, activation=tf.nn.relu, name="hidden_2")
    logits = tf.layers.dense(hidden, 10, name="logits")
    with tf.name_scope("loss"):
        each = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
        loss = tf.reduce_mean(each)
    with tf.name_scope("accuracy"):
        tf.reduce_mean(tf.cast(tf.equal(tf.argmax(logits, 1), labels), tf.float32))
    tf.train.AdamOptimizer(1e-3).minimize(loss)
    tf.train.Saver()
    tf.global_variables_initializer()


def lenet() -> None:
    """Convolutions with batch normalization."""
    images = tf.placeholder(tf.float32, [None, 28, 28, 1], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    training = tf.placeholder_with_default(False, [], name="training")
    x = images
    for n, filters in enumerate((6, 16), 1):
        with tf.variable_scope(f"conv_{n}"):
            x = tf.layers.conv2d(x, filters, 5, padding="same", use_bias=False)
            x = tf.layers.batch_normalization(x, training=training)
            x = tf.layers.max_pooling2d(tf.nn.relu(x), 2, 2)
    x = tf.layers.flatten(x)
    for n, units in enumerate((120, 84), 1):
        x = tf.layers.dense(x, units, activation=tf.nn.relu, name=f"dense_{n}")
    logits = tf.layers.dense(x, 10, name="logits")
    with tf.name_scope("loss"):
        loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
        tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
    tf.global_variables_initializer()


def lstm() -> None:
    """A recurrent network unrolled over 28 steps."""
    rows = tf.placeholder(tf.float32, [None, 28, 28], name="rows")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    outputs, _ = tf.nn.static_rnn(tf.nn.rnn_cell.LSTMCell(64), tf.unstack(rows, axis=1), dtype=tf.float32)
    logits = tf.layers.dense(outputs[-1], 10, name="logits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    tf.train.AdamOptimizer().minimize(loss)
    tf.global_variables_initializer()


def resnet() -> None:
    """A residual network of ten blocks."""
    images = tf.placeholder(tf.float32, [None, 32, 32, 3], name="images")
    labels = tf.placeholder(tf.int64, [None], name="labels")
    x = tf.layers.conv2d(images, 16, 3, padding="same", activation=tf.nn.relu, name="stem")
    for n in range(10):
        with tf.variable_scope(f"block_{n}"):
            inner = tf.layers.conv2d(x, 16, 3, padding="same", activation=tf.nn.relu, name="conv_1")
            inner = tf.layers.conv2d(inner, 16, 3, padding="same", name="conv_2")
            x = tf.nn.relu(x + inner)
    logits = tf.layers.dense(tf.reduce_mean(x, [1, 2]), 10, name="logits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    tf.global_variables_initializer()


def huge() -> None:
    """Twenty thousand operations: towers of layers of units."""
    x = tf.placeholder(tf.float32, [None, 8], name="x")
    for tower in range(4):
        with tf.name_scope(f"tower_{tower}"):
            for layer in range(50):
                with tf.name_scope(f"layer_{layer}"):
                    for unit in range(10):
                        with tf.name_scope(f"unit_{unit}"):
                            for _ in range(10):
                                x = tf.exp(x)
    tf.reduce_sum(x, name="y")


def flat() -> None:
    """Thousands of operations that nobody put into scopes."""
    x = tf.placeholder(tf.float32, [None, 8], name="x")
    w = tf.Variable(tf.ones([8, 8]), name="w")
    for _ in range(500):
        x = tf.nn.relu(tf.matmul(x, w)) + 1.0
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_mean(x))


def branches() -> None:
    """A choice, and a loop within a loop."""
    x = tf.placeholder(tf.float32, [], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    chosen = tf.cond(x > 0, lambda: tf.sqrt(x), lambda: tf.negative(x) * 2.0, name="choose")

    def row(i: Any, total: Any) -> Any:
        _, inner = tf.while_loop(
            lambda j, t: j < i, lambda j, t: (j + 1, t + chosen), [0, total], name="columns"
        )
        return i + 1, inner

    _, total = tf.while_loop(lambda i, t: i < n, row, [0, 0.0], name="rows")
    tf.identity(total, name="total")


def word2vec() -> None:
    """Skip-gram with noise-contrastive estimation."""
    with tf.name_scope("inputs"):
        words = tf.placeholder(tf.int32, [128], name="words")
        context = tf.placeholder(tf.int32, [128, 1], name="context")
    with tf.name_scope("embeddings"):
        embeddings = tf.Variable(tf.random_uniform([50000, 128], -1.0, 1.0), name="embeddings")
        embed = tf.nn.embedding_lookup(embeddings, words)
    with tf.name_scope("nce"):
        weights = tf.Variable(tf.truncated_normal([50000, 128], stddev=0.088), name="weights")
        biases = tf.Variable(tf.zeros([50000]), name="biases")
    with tf.name_scope("loss"):
        loss = tf.reduce_mean(tf.nn.nce_loss(weights, biases, context, embed, 64, 50000))
    tf.summary.scalar("loss", loss)
    with tf.name_scope("optimizer"):
        tf.train.GradientDescentOptimizer(1.0).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(embeddings), 1, keepdims=True))
    normalized = embeddings / norm
    examples = tf.constant(list(range(16)), tf.int32, name="examples")
    similar = tf.nn.embedding_lookup(normalized, examples)
    tf.matmul(similar, normalized, transpose_b=True, name="similarity")
    tf.summary.merge_all()
    tf.global_variables_initializer()
    tf.train.Saver()


def queues() -> None:
    """Files to records to batches, by queues."""
    names = tf.train.string_input_producer(["a.csv", "b.csv"], shuffle=True)
    _, line = tf.TextLineReader().read(names)
    *columns, label = tf.decode_csv(line, [[0.0]] * 4 + [[0]])
    features, labels = tf.train.batch([tf.stack(columns), label], batch_size=32)
    logits = tf.layers.dense(features, 3, name="logits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    tf.train.GradientDescentOptimizer(0.1).minimize(loss)


def pipeline() -> None:
    """A data set, shuffled and batched."""
    data = tf.data.Dataset.range(1000).map(lambda n: (tf.cast(n, tf.float32), n % 2))
    batches = data.shuffle(100).repeat().batch(32).make_one_shot_iterator()
    features, labels = batches.get_next()
    logits = tf.layers.dense(tf.expand_dims(features, 1), 2, name="logits")
    loss = tf.losses.sparse_softmax_cross_entropy(labels, logits)
    tf.train.AdamOptimizer().minimize(loss)
    tf.global_variables_initializer()


GALLERY: Mapping[str, Callable[[], None]] = MappingProxyType(
    {
        build.__name__: build
        for build in (
            linear, mlp, lenet, lstm, resnet, huge, flat, branches, word2vec, queues, pipeline
        )
    }
)  # fmt: skip
"""Every graph by its name."""


def drawn(name: str) -> tf.Graph:
    """Build the graph of that name."""
    with tf.Graph().as_default() as graph:
        GALLERY[name]()
    return graph
