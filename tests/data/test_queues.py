"""Queues: elements, orders and errors, all recorded from TensorFlow."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture(autouse=True)
def fresh_graph():
    with tf.Graph().as_default():
        tf.set_random_seed(3)
        yield


def results(*fetches):
    """What runs give, one after the other; the kind of error where one fails."""
    found = []
    with tf.Session() as sess:
        for fetch in fetches:
            try:
                value = sess.run(fetch)
            except tf.errors.OpError as error:
                found.append(type(error).__name__)
                continue
            if isinstance(value, (list, tuple)):
                found.append([np.asarray(part).tolist() for part in value])
            elif isinstance(value, dict):
                found.append({key: np.asarray(part).tolist() for key, part in value.items()})
            else:
                found.append(None if value is None else np.asarray(value).tolist())
    return found


def test_a_priority_queue_gives_the_smallest_number_first():
    queue = tf.PriorityQueue(10, tf.string, shapes=())
    put = queue.enqueue_many([[3, 1, 2], ["c", "a", "b"]])
    assert results(put, queue.size(), queue.dequeue(), queue.dequeue_many(2), queue.close(), queue.dequeue()) == [
        None, 3, [1, b"a"], [[2, 3], [b"b", b"c"]], None, "OutOfRangeError",
    ]  # fmt: skip


def test_a_padding_queue_pads_with_zeros_and_empty_strings():
    queue = tf.PaddingFIFOQueue(10, [tf.string, tf.int64], shapes=[[None], [None, 2]])
    puts = [queue.enqueue([["a"], [[1, 2]]]), queue.enqueue([["b", "c"], [[1, 2], [3, 4]]])]
    assert results(*puts, queue.dequeue_many(2)) == [
        None, None, [[[b"a", b""], [b"b", b"c"]], [[[1, 2], [0, 0]], [[1, 2], [3, 4]]]],
    ]  # fmt: skip


def test_named_elements_and_a_closed_queue():
    queue = tf.FIFOQueue(3, [tf.float32, tf.int32], shapes=[[], [2]], names=["a", "b"])
    put = queue.enqueue_many({"a": [1.0, 2.0, 3.0], "b": [[1, 2], [3, 4], [5, 6]]})
    one = queue.enqueue({"a": 1.0, "b": [1, 2]})
    found = results(
        put, queue.dequeue(), queue.dequeue_many(2), queue.size(), queue.is_closed(), queue.close(), queue.is_closed(),
        one, queue.dequeue(), queue.dequeue_many(0),
    )  # fmt: skip
    assert found == [
        None, {"a": 1.0, "b": [1, 2]}, {"a": [2.0, 3.0], "b": [[3, 4], [5, 6]]}, 0, False, None, True,
        "CancelledError", "OutOfRangeError", {"a": [], "b": []},
    ]  # fmt: skip


def test_taking_up_to_a_number():
    queue = tf.FIFOQueue(9, [tf.int32], shapes=[[]])
    put, five = queue.enqueue_many([[1, 2, 3]]), queue.dequeue_up_to(5)
    assert results(put, queue.dequeue_up_to(2), queue.close(), five, five) == [
        None, [1, 2], None, [3], "OutOfRangeError",
    ]  # fmt: skip


def test_a_seeded_random_order_is_that_of_tensorflow():
    queue = tf.RandomShuffleQueue(20, 2, [tf.int32], shapes=[[]], seed=4)
    put = queue.enqueue_many([list(range(10))])
    assert results(put, queue.dequeue_many(8), queue.close(), queue.dequeue_many(2), queue.size()) == [
        None, [1, 4, 9, 5, 7, 0, 6, 8], None, [3, 2], 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "error", "text"),
    [
        (
            lambda: tf.FIFOQueue(3, [tf.int32], shapes=[[2]]).enqueue([[1, 2, 3]]),
            ValueError,
            r"\(3,\) and \(2,\) are incompatible",
        ),
        (lambda: tf.FIFOQueue(3, [tf.int32]).dequeue_many(2), ValueError, "specified shapes"),
        (lambda: tf.FIFOQueue(3, [tf.int32] * 2).enqueue([1]), ValueError, "Expected 2 values"),
        (
            lambda: tf.FIFOQueue(3, [tf.int32] * 2, shapes=[[], []]).enqueue_many([[1, 2], [1, 2, 3]]),
            ValueError,
            "Dimensions 2 and 3 are not compatible",
        ),
        (lambda: tf.FIFOQueue(3, [tf.int32] * 2, shapes=[[]]), ValueError, "same length"),
    ],
)
def test_errors_while_building(make, error, text):
    with pytest.raises(error, match=text):
        make()


def test_the_shape_of_an_element_is_checked_in_a_run():
    queue = tf.FIFOQueue(3, [tf.int32], shapes=[[2]])
    put = queue.enqueue([tf.placeholder_with_default([1, 2, 3], [None])])
    with (
        tf.Session() as sess,
        pytest.raises(tf.errors.InvalidArgumentError, match=r"tuple component 0. Expected \[2\], got \[3\]"),
    ):
        sess.run(put)


def test_producers_and_batches_make_what_tensorflow_makes():
    tf.train.string_input_producer(["a", "b"], num_epochs=2, name="fn")
    item = tf.train.range_input_producer(3, num_epochs=1, shuffle=False).dequeue()
    tf.train.shuffle_batch([item], 2, 10, 1)
    names = [op.name for op in tf.get_default_graph().get_operations()]
    assert names[names.index("fn/RandomShuffle") :][:5] == [
        "fn/RandomShuffle", "fn/limit_epochs/Const", "fn/limit_epochs/epochs", "fn/limit_epochs/epochs/Assign",
        "fn/limit_epochs/epochs/read",
    ]  # fmt: skip
    assert names[names.index("shuffle_batch/Const") :] == [
        "shuffle_batch/Const", "shuffle_batch/random_shuffle_queue", "shuffle_batch/random_shuffle_queue_enqueue",
        "shuffle_batch/random_shuffle_queue_Close", "shuffle_batch/random_shuffle_queue_Close_1",
        "shuffle_batch/random_shuffle_queue_Size", "shuffle_batch/sub/y", "shuffle_batch/sub",
        "shuffle_batch/Maximum/x", "shuffle_batch/Maximum", "shuffle_batch/Cast", "shuffle_batch/mul/y",
        "shuffle_batch/mul", "shuffle_batch/fraction_over_1_of_9_full/tags",
        "shuffle_batch/fraction_over_1_of_9_full", "shuffle_batch/n", "shuffle_batch",
    ]  # fmt: skip
    assert len(tf.get_collection(tf.GraphKeys.SUMMARIES)) == 3


def test_batches_of_several_sources():
    sources = [[tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()] for _ in range(2)]
    (joined,) = tf.train.batch_join(sources, 8)
    (shuffled,) = tf.train.shuffle_batch_join(
        [[tf.train.range_input_producer(4, num_epochs=1).dequeue()] for _ in range(2)], 8, 20, 0
    )
    with tf.Session() as sess:
        sess.run(tf.local_variables_initializer())
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess, coord)
        found = [sorted(sess.run(batch).tolist()) for batch in (joined, shuffled)]
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=10)
    assert found == [[0, 0, 1, 1, 2, 2, 3, 3]] * 2
