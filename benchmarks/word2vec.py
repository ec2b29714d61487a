"""One step of learning word vectors with noise-contrastive estimation: 50,000 words, 128 numbers each."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.case import Case, Work

WORDS, NUMBERS, BATCH, SAMPLED, RATE = 50_000, 128, 128, 64, 1.0


def step(tf: Any) -> Work:
    """The step as a graph; only some rows of the matrices change."""
    random = np.random.default_rng(0)
    words = np.minimum(np.exp(random.random((2, BATCH)) * np.log(WORDS)), WORDS - 1).astype(np.int32)
    with tf.Graph().as_default():
        inputs, labels = tf.placeholder(tf.int32, [BATCH]), tf.placeholder(tf.int32, [BATCH, 1])
        vectors = tf.Variable(tf.random_uniform([WORDS, NUMBERS], -1.0, 1.0, seed=1))
        weights = tf.Variable(tf.truncated_normal([WORDS, NUMBERS], stddev=NUMBERS**-0.5, seed=2))
        biases = tf.Variable(tf.zeros([WORDS]))
        found = tf.nn.embedding_lookup(vectors, inputs)
        loss = tf.reduce_mean(
            tf.nn.nce_loss(weights, biases, labels, found, num_sampled=SAMPLED, num_classes=WORDS)
        )
        train = tf.train.GradientDescentOptimizer(RATE).minimize(loss)
        session = tf.Session()
        session.run(tf.global_variables_initializer())
    return lambda: session.run(train, {inputs: words[0], labels: words[1][:, None]})


CASES = [Case("word2vec", "word2vec NCE step, 50,000 x 128", step, aims={"tensorflow": 0.8})]
