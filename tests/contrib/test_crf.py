"""Conditional random fields against all sequences of tags, one by one."""

from itertools import pairwise, product

import numpy as np
import pytest

import graphmagic as tf

crf = tf.contrib.crf
rng = np.random.default_rng(0)
LENGTHS = np.array([4, 1, 2, 0], np.int32)
SCORES = rng.normal(size=(4, 4, 3)).astype("f")
TABLE = rng.normal(size=(3, 3)).astype("f")
TAGS = rng.integers(0, 3, (4, 4)).astype("i")


def score_of(row, tags):
    return sum(SCORES[row, t, tag] for t, tag in enumerate(tags)) + sum(
        TABLE[a, b] for a, b in pairwise(tags)
    )


def all_scores(row, allowed=None):
    ways = product(range(3), repeat=int(LENGTHS[row]))
    if allowed is not None:
        ways = [w for w in ways if all(allowed[row, t, tag] for t, tag in enumerate(w))]
    return {way: score_of(row, way) for way in ways}


def norm_of(scores):
    return np.log(np.sum(np.exp(list(scores.values()))))


@pytest.mark.parametrize("known", [True, False])
def test_likelihoods_are_those_of_all_sequences(known):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, SCORES.shape if known else [None, None, 3])
        found, _ = crf.crf_log_likelihood(x, TAGS, LENGTHS, tf.constant(TABLE))
        gradient = tf.gradients(found, x)[0]
        likelihood, slope = sess.run([found, gradient], {x: SCORES})

    wanted = [score_of(i, TAGS[i, :n]) - (norm_of(all_scores(i)) if n else 0) for i, n in enumerate(LENGTHS)]
    np.testing.assert_allclose(likelihood, wanted, rtol=1e-5)
    assert np.abs(slope[0]).min() > 0
    assert not slope[1, 1:].any()


@pytest.mark.parametrize("known", [True, False])
def test_the_best_tags_are_the_best_of_all(known):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, SCORES.shape if known else [None, None, 3])
        tags, best = sess.run(crf.crf_decode(x, TABLE, LENGTHS), {x: SCORES})

    assert tags.dtype == np.int32
    for i in range(3):
        ways = all_scores(i)
        way = max(ways, key=ways.get)
        assert tuple(tags[i, : LENGTHS[i]]) == way
        assert not tags[i, LENGTHS[i] :].any()
        assert best[i] == pytest.approx(ways[way], rel=1e-5)
        found, value = crf.viterbi_decode(SCORES[i, : LENGTHS[i]], TABLE)
        assert tuple(found) == way
        assert value == pytest.approx(ways[way], rel=1e-5)


def test_a_sequence_of_one_step_needs_no_transitions():
    with tf.Graph().as_default(), tf.Session() as sess:
        tags, best = sess.run(crf.crf_decode(SCORES[:, :1], TABLE, [1] * 4))

    assert tags[:, 0].tolist() == SCORES[:, 0].argmax(1).tolist()
    np.testing.assert_allclose(best, SCORES[:, 0].max(1))


def test_several_tags_may_be_right():
    allowed = rng.random(SCORES.shape) < 0.7
    allowed[..., 0] = True
    with tf.Graph().as_default(), tf.Session() as sess:
        found = sess.run(crf.crf_multitag_sequence_score(SCORES, allowed, LENGTHS, TABLE))

    np.testing.assert_allclose(found[:3], [norm_of(all_scores(i, allowed)) for i in range(3)], rtol=1e-5)


def test_transitions_are_a_variable_unless_given_and_are_learned():
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.constant(SCORES)
        likelihood, table = crf.crf_log_likelihood(x, TAGS, LENGTHS)
        loss = -tf.reduce_mean(likelihood)
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
        sess.run(tf.global_variables_initializer())
        before = sess.run(loss)
        for _ in range(60):
            sess.run(step)

        assert table.op.name == "transitions"
        assert table.shape.as_list() == [3, 3]
        assert sess.run(loss) < before - 0.3
