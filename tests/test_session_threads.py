"""One session used from several threads."""

import threading

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def in_threads(function, count=4):
    errors = []

    def guarded(index):
        try:
            function(index)
        except BaseException as error:  # a thread's error must reach the test
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_updates_from_threads_are_not_lost(sess):
    v = tf.Variable(0)
    more = v.assign_add(1)
    sess.run(v.initializer)
    in_threads(lambda _: [sess.run(more) for _ in range(500)])

    assert sess.run(v) == 2000
    assert sess.run_count == 2002


def test_runs_in_threads_do_not_mix_their_values(sess):
    x = tf.placeholder(tf.float32, [100])
    y = tf.sqrt(tf.square(x) * 4.0) + tf.reduce_sum(x) * 0.0
    results = {}
    in_threads(lambda i: results.update({i: [sess.run(y, {x: np.full(100, i)}) for _ in range(100)]}))

    assert all((r == 2.0 * i).all() for i in range(4) for r in results[i])


@pytest.mark.parametrize("seed", [None, 7])
def test_random_numbers_from_threads(seed):
    r = tf.random_uniform([3], seed=seed)
    sess, draws = tf.Session(), [[] for _ in range(4)]
    in_threads(lambda i: draws[i].extend(tuple(sess.run(r).tolist()) for _ in range(50)))
    together = [draw for drawn in draws for draw in drawn]

    assert len(set(together)) == 200
    if seed is not None:
        alone = tf.Session()
        assert sorted(together) == sorted(tuple(alone.run(r).tolist()) for _ in range(200))


def test_new_plans_from_threads(sess):
    x = tf.placeholder(tf.float32)
    tensors = [x + float(i) for i in range(20)]
    results = {}
    in_threads(lambda i: results.update({i: [sess.run(t, {x: 1.0}) for t in tensors]}))

    assert all(results[i] == [1.0 + n for n in range(20)] for i in range(4))
