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


def test_a_thread_that_waits_for_a_queue_holds_up_nobody(sess):
    queue = tf.FIFOQueue(1, [tf.float32], shapes=[[]])
    x = tf.placeholder(tf.float32, [3])
    waiting = queue.dequeue() + tf.reduce_sum(x)
    fill = queue.enqueue([10.0])
    v = tf.Variable(1.0)
    sess.run(v.initializer)
    feeds = {x: [1.0, 2.0, 3.0]}
    results = []
    threads = [threading.Thread(target=lambda: results.append(sess.run(waiting, feeds))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        assert sess.run(tf.reduce_sum(x), feeds) == 6.0
        sess.run(v.assign_add(1.0))
    for _ in range(4):  # one more than wait, so that this thread too runs what they are in the middle of
        sess.run(fill)
    assert sess.run(waiting, feeds) == 16.0
    for thread in threads:
        thread.join()

    assert results == [16.0] * 3
    assert sess.run(v) == 21.0


def test_an_interrupt_between_two_updates_leaves_whole_values(sess):
    one, two = tf.Variable(tf.zeros([4])), tf.Variable(tf.zeros([4]))

    def interrupt(value):
        raise KeyboardInterrupt

    first = one.assign_add(tf.ones([4]))
    with tf.control_dependencies([first]):
        stop = tf.py_func(interrupt, [0.0], tf.float32)
    with tf.control_dependencies([stop]):
        last = two.assign_add(tf.ones([4]))
    sess.run(tf.global_variables_initializer())
    for count in range(1, 4):
        with pytest.raises(KeyboardInterrupt):
            sess.run(last)
        assert sess.run(one).tolist() == [count] * 4
        assert sess.run(two).tolist() == [0.0] * 4
