"""Labels without known places against all ways to write them; safe lookups of sparse numbers."""

from itertools import product

import numpy as np
import pytest

import graphmagic as tf

X = np.random.default_rng(0).normal(size=(4, 1, 3)).astype("f")


def collapsed(path):
    return tuple([a for i, a in enumerate(path) if a != 2 and (i == 0 or a != path[i - 1])])


def probabilities():
    """Of each sequence of labels."""
    shares = np.exp(X[:, 0]) / np.exp(X[:, 0]).sum(-1, keepdims=True)
    found = {}
    for path in product(range(3), repeat=4):
        found[collapsed(path)] = found.get(collapsed(path), 0) + np.prod(
            [shares[i, a] for i, a in enumerate(path)]
        )
    return found


@pytest.mark.parametrize("labels", [(0,), (0, 1), (1, 1), (0, 1, 0)])
def test_the_loss_is_that_of_all_ways(labels):
    places = [[0, i] for i in range(len(labels))]
    with tf.Graph().as_default(), tf.Session() as sess:
        sparse = tf.SparseTensor(places, tf.constant(labels, tf.int32), [1, len(labels)])
        loss = sess.run(tf.nn.ctc_loss(sparse, X, [4]))

    assert loss[0] == pytest.approx(-np.log(probabilities()[labels]), rel=1e-5)


def test_the_best_beams_are_the_most_probable_sequences():
    wanted = probabilities()
    best = sorted(wanted, key=wanted.get, reverse=True)[:5]
    with tf.Graph().as_default(), tf.Session() as sess:
        paths, scores = sess.run(tf.nn.ctc_beam_search_decoder(X, [4], 100, 5, merge_repeated=False))

    assert [tuple(path.values) for path in paths] == best
    np.testing.assert_allclose(np.exp(scores[0]), [wanted[way] for way in best], rtol=1e-5)


def test_labels_are_learned():
    with tf.Graph().as_default(), tf.Session() as sess:
        logits = tf.Variable(X)
        sparse = tf.SparseTensor([[0, 0], [0, 1]], tf.constant([1, 0], tf.int32), [1, 2])
        step = tf.train.AdamOptimizer(0.2).minimize(tf.nn.ctc_loss(sparse, logits, [4]))
        (found,), _ = tf.nn.ctc_greedy_decoder(logits, [4])
        sess.run(tf.global_variables_initializer())
        for _ in range(60):
            sess.run(step)

        assert sess.run(found).values.tolist() == [1, 0]


def test_second_derivatives_are_refused():
    x = tf.constant(X)
    sparse = tf.SparseTensor([[0, 0]], tf.constant([1], tf.int32), [1, 1])
    slope = tf.gradients(tf.nn.ctc_loss(sparse, x, [4]), x)[0]

    with pytest.raises(LookupError, match="no way to take the second  derivative of ctc_loss"):
        tf.gradients(slope, x)


def test_rows_without_numbers_and_numbers_below_zero():
    table = tf.constant(np.arange(12, dtype="f").reshape(6, 2))
    ids = tf.SparseTensor([[0, 0], [0, 1], [2, 0]], tf.constant([1, -1, 3], tf.int64), [4, 3])
    lookup = tf.nn.safe_embedding_lookup_sparse
    with tf.Session() as sess:
        zeros, fifth = sess.run([lookup(table, ids), lookup(table, ids, default_id=5, combiner="sum")])

    assert zeros.tolist() == [[2, 3], [0, 0], [6, 7], [0, 0]]
    assert fifth.tolist() == [[2, 3], [10, 11], [6, 7], [10, 11]]


def test_weights_of_zero_do_not_count():
    table = tf.constant(np.arange(12, dtype="f").reshape(6, 2))
    places = [[0, 0, 0], [0, 1, 1], [1, 0, 0]]
    ids = tf.SparseTensor(places, tf.constant([1, 2, 3], tf.int64), [2, 3, 3])
    weights = tf.SparseTensor(places, tf.constant([1.0, 0.0, 3.0]), [2, 3, 3])
    found = tf.nn.safe_embedding_lookup_sparse(table, ids, weights)

    assert found.shape.as_list() == [2, 3, 2]
    assert tf.Session().run(found).tolist() == [[[2, 3], [0, 0], [0, 0]], [[6, 7], [0, 0], [0, 0]]]
    with pytest.raises(TypeError, match="Dtype for sparse_weights should be <dtype: 'float32'>"):
        wrong = tf.SparseTensor(places, tf.constant([1, 0, 3]), [2, 3, 3])
        tf.nn.safe_embedding_lookup_sparse(table, ids, wrong)
