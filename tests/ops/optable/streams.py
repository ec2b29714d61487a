"""Queues, whose elements a session keeps, and operations whose results depend on what has come before: `unique`."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints, strings

NUMBERS = np.array([3, 1, 3, 2, 1, 3], np.int32)


def _after(tf: Any, ops: list[Any], make: Any) -> Any:
    with tf.control_dependencies(ops):
        return make()


# ----- queues -----


def _queue(tf: Any, kind: str = "FIFOQueue") -> Any:
    if kind == "RandomShuffleQueue":
        return tf.RandomShuffleQueue(10, 0, [tf.float32], [[]], seed=3)
    if kind == "PaddingFIFOQueue":
        return tf.PaddingFIFOQueue(10, [tf.float32], [[None]])
    if kind == "PriorityQueue":
        return tf.PriorityQueue(10, [tf.float32], [[]])
    return tf.FIFOQueue(10, [tf.float32], [[]])


def _through(kind: str, take: Any) -> Any:
    """Put all rows in, then take some out."""

    def build(tf: Any, x: Any) -> Any:
        queue = _queue(tf, kind)
        return _after(tf, [queue.enqueue_many([x])], lambda: take(queue))

    return build


def _priority(tf: Any, x: Any) -> Any:
    queue = _queue(tf, "PriorityQueue")
    return _after(
        tf, [queue.enqueue_many([tf.constant([5, 1, 3], tf.int64), x])], lambda: queue.dequeue_many(3)
    )


def _padded(tf: Any, x: Any) -> Any:
    queue = _queue(tf, "PaddingFIFOQueue")
    first = queue.enqueue([x])
    second = _after(tf, [first], lambda: queue.enqueue([x[:1]]))
    return _after(tf, [second], lambda: queue.dequeue_many(2))


def _closed(tf: Any) -> Any:
    queue = _queue(tf)
    return _after(tf, [queue.close()], queue.is_closed)


def _take_from_empty(tf: Any) -> Any:
    queue = _queue(tf)
    return _after(tf, [queue.close()], queue.dequeue)


def _take_many_from_empty(tf: Any, method: str) -> Any:
    queue = _queue(tf)
    return _after(tf, [queue.close()], lambda: getattr(queue, method)(2))


def _put_into_closed(tf: Any) -> Any:
    queue = _queue(tf)
    return _after(tf, [queue.close()], lambda: queue.enqueue([1.0]))


QUEUE_CASES = [
    Case("FIFOQueueV2", "order", _through("FIFOQueue", lambda q: q.dequeue_many(3)), (floats(3),)),
    Case("PaddingFIFOQueueV2", "shorter", _padded, (floats(3),)),
    Case("PriorityQueueV2", "smallest_first", _priority, (floats(3),)),
    Case(
        "RandomShuffleQueueV2",
        "seeded",
        _through("RandomShuffleQueue", lambda q: q.dequeue_many(5)),
        (floats(5),),
    ),
    Case(
        "QueueEnqueueV2",
        "one",
        lambda tf, x: (q := _queue(tf)) and _after(tf, [q.enqueue([x])], q.size),
        (floats(),),
    ),
    Case(
        "QueueEnqueueV2",
        "more_values_than_parts",
        lambda tf: (q := _queue(tf)) and _after(tf, [q.enqueue([1.0, 2.0])], q.dequeue),
    ),
    Case(
        "QueueEnqueueManyV2",
        "more_values_than_parts",
        lambda tf: (q := _queue(tf)) and _after(tf, [q.enqueue_many([[1.0], [2.0]])], q.size),
    ),
    Case("QueueEnqueueManyV2", "rows", _through("FIFOQueue", lambda q: q.size()), (floats(4),)),
    Case("QueueDequeueV2", "first", _through("FIFOQueue", lambda q: q.dequeue()), (floats(4),)),
    Case("QueueDequeueManyV2", "some", _through("FIFOQueue", lambda q: q.dequeue_many(2)), (floats(4),)),
    Case(
        "QueueDequeueUpToV2",
        "what_is_there",
        _through("FIFOQueue", lambda q: q.dequeue_up_to(2)),
        (floats(4),),
    ),
    Case("QueueSizeV2", "empty", lambda tf: _queue(tf).size()),
    Case("QueueCloseV2", "then_closed", _closed),
    Case("QueueIsClosedV2", "open", lambda tf: _queue(tf).is_closed()),
]
QUEUE_MISTAKES = [
    Mistake("QueueDequeueV2", "closed", _take_from_empty),
    Mistake("QueueEnqueueV2", "closed", _put_into_closed),
    Mistake("QueueEnqueueV2", "type", lambda tf: _queue(tf).enqueue([tf.constant(1)])),
    Mistake("QueueEnqueueV2", "shape", lambda tf: _queue(tf).enqueue([tf.ones([2])])),
    Mistake(
        "QueueEnqueueV2",
        "fewer_values_than_parts",
        lambda tf: tf.FIFOQueue(9, [tf.float32] * 2, [[]] * 2).enqueue([1.0]),
        says={"full": ("build", "ValueError", "Expected 2 values for an element of the queue, not 1")},
        why="TensorFlow finds out in the run, and speaks of signatures",
    ),
    Mistake("QueueEnqueueManyV2", "list_of_numbers", lambda tf: _queue(tf).enqueue_many([1.0, 2.0])),
    Mistake("QueueEnqueueManyV2", "scalar", lambda tf: _queue(tf).enqueue_many([tf.constant(1.0)])),
    Mistake("QueueDequeueManyV2", "closed", lambda tf: _take_many_from_empty(tf, "dequeue_many")),
    Mistake("QueueDequeueUpToV2", "closed", lambda tf: _take_many_from_empty(tf, "dequeue_up_to")),
    Mistake(
        "RandomShuffleQueueV2", "shapes", lambda tf: tf.RandomShuffleQueue(10, 0, [tf.float32], [[], []])
    ),
    Mistake("FIFOQueueV2", "shapes", lambda tf: tf.FIFOQueue(10, [tf.float32], [[], []])),
    Mistake("PaddingFIFOQueueV2", "no_shapes", lambda tf: tf.PaddingFIFOQueue(10, [tf.float32], None)),
    Mistake("PriorityQueueV2", "shapes", lambda tf: tf.PriorityQueue(10, [tf.float32], [[], [], []])),
]

# ----- unique -----

UNIQUE_CASES = [
    Case("Unique", "numbers", lambda tf, x: list(tf.unique(x)), (NUMBERS,)),
    Case("Unique", "floats", lambda tf, x: list(tf.unique(x, tf.int64)), (floats(4),)),
    Case("Unique", "strings", lambda tf, x: list(tf.unique(x)), (strings(b"b", b"a", b"b"),)),
    Case("Unique", "empty", lambda tf, x: list(tf.unique(x)), (ints(0),)),
    Case("UniqueWithCounts", "numbers", lambda tf, x: list(tf.unique_with_counts(x)), (NUMBERS,)),
    Case("UniqueWithCounts", "floats", lambda tf, x: list(tf.unique_with_counts(x)), (floats(4),)),
    Case(
        "BroadcastGradientArgs",
        "stretched",
        lambda tf, a, b: raw(tf, "BroadcastGradientArgs", a, b),
        (np.array([2, 1, 3], np.int32), np.array([4, 3], np.int32)),
    ),
    Case(
        "BroadcastGradientArgs",
        "scalar",
        lambda tf, a, b: raw(tf, "BroadcastGradientArgs", a, b),
        (np.array([2, 5], np.int32), ints(0)),
    ),
]
UNIQUE_MISTAKES = [
    Mistake("Unique", "matrix", lambda tf, x: tf.unique(x)[0], (ints(2, 3),)),
    Mistake("Unique", "gradient", lambda tf, x: tf.gradients(tf.unique(x)[0], x), (floats(4),)),
    Mistake("UniqueWithCounts", "matrix", lambda tf, x: tf.unique_with_counts(x)[0], (ints(2, 3),)),
    Mistake(
        "UniqueWithCounts",
        "gradient",
        lambda tf, x: tf.gradients(tf.unique_with_counts(x)[0], x),
        (floats(4),),
    ),
    Mistake(
        "BroadcastGradientArgs",
        "do_not_fit",
        lambda tf, a, b: raw(tf, "BroadcastGradientArgs", a, b)[0],
        (np.array([2], np.int32), np.array([3], np.int32)),
    ),
]

CASES = [*QUEUE_CASES, *UNIQUE_CASES]
MISTAKES = [*QUEUE_MISTAKES, *UNIQUE_MISTAKES]
