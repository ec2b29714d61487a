"""Input by queues: producers (`tf.train.string_input_producer` and its relatives)."""

from __future__ import annotations

from typing import Any

from graphmagic import queues
from graphmagic.dtypes import float32, int64, string
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import control_dependencies, name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.asserting import Assert
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import range as range_
from graphmagic.ops.gather import gather
from graphmagic.ops.identity import identity
from graphmagic.ops.logic import greater
from graphmagic.ops.queries import shape, size
from graphmagic.ops.random import random_shuffle
from graphmagic.ops.state import count_up_to
from graphmagic.ops.variable import Variable
from graphmagic.summary import scalar
from graphmagic.train.queue_runner import QueueRunner, add_queue_runner

__all__ = [
    "input_producer",
    "range_input_producer",
    "slice_input_producer",
    "string_input_producer",
]


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Tensor:
    """A tensor that can be computed that many times.

    Args:
        tensor: what to compute.
        num_epochs: how often; for ever if None.
        name: the scope of what is made.

    Returns:
        A `Tensor` of the same value; its counter is a local variable.

    Raises:
        ValueError: `num_epochs` is not positive.
        OutOfRangeError: it has been computed that often, when the graph runs.

    >>> import graphmagic as tf
    >>> twice = tf.train.limit_epochs([1, 2], num_epochs=2)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.local_variables_initializer())
    ...     print(sess.run(twice), sess.run(twice))
    [1 2] [1 2]
    """
    value = convert_to_tensor(tensor, name="tensor")
    if num_epochs is None:
        return value
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with name_scope(name or "limit_epochs") as scope:
        epochs = Variable(
            constant(0, int64), name="epochs", trainable=False, collections=["local_variables"], dtype=int64
        )
        with control_dependencies([count_up_to(epochs, num_epochs)]):
            return identity(value, name=scope)


def input_producer(
    input_tensor: Any, element_shape: Any = None, num_epochs: int | None = None, shuffle: bool = True,
    seed: int | None = None, capacity: int = 32, shared_name: Any = None, summary_name: Any = None,
    name: str | None = None, cancel_op: Any = None,
) -> queues.FIFOQueue:  # fmt: skip
    """A queue that the rows of a tensor are put into, again and again.

    Args:
        input_tensor: the rows.
        element_shape: the shape of a row.
        num_epochs: how often all of them; forever if None.
        shuffle: in a new order each time.
        seed: of the order.
        capacity: how many the queue holds.
        shared_name: accepted for old programs.
        summary_name: the name of a summary of how full the queue is; none if None.
        name: the scope of what is made.
        cancel_op: what to run to stop.

    Returns:
        A queue, which the threads fill that `start_queue_runners` starts.

    >>> import graphmagic as tf
    >>> queue = tf.train.input_producer([1, 2, 3], shuffle=False)
    >>> row, coord = queue.dequeue(), tf.train.Coordinator()
    >>> with tf.Session() as sess:
    ...     threads = tf.train.start_queue_runners(sess, coord)
    ...     print([int(sess.run(row)) for _ in range(5)])
    ...     coord.request_stop()
    ...     coord.join(threads)
    [1, 2, 3, 1, 2]
    """
    with name_scope(name or "input_producer") as scope:
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        found = rows.shape[1:].merge_with(element_shape)
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = queues.FIFOQueue(capacity, [rows.dtype.base_dtype], [found], name=scope)
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([rows])], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, cast(queue.size(), float32) * (1.0 / capacity))
        return queue


def string_input_producer(
    string_tensor: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None,
    capacity: int = 32, shared_name: Any = None, name: str | None = None, cancel_op: Any = None,
) -> queues.FIFOQueue:  # fmt: skip
    """A queue of strings, such as names of files; see `input_producer`.

    Raises:
        ValueError: there are no strings.
    """
    if isinstance(string_tensor, (list, tuple)) and not string_tensor:
        raise ValueError("string_input_producer requires a non-null input tensor")
    full = f"fraction_of_{capacity}_full"
    with name_scope(name or "input_producer") as scope:
        names = convert_to_tensor(string_tensor, string)
        some = Assert(greater(size(names), 0), ["string_input_producer requires a non-null input tensor"])
        with control_dependencies([some]):
            names = identity(names)
        return input_producer(
            names, [], num_epochs, shuffle, seed, capacity, summary_name=full, name=scope, cancel_op=cancel_op
        )


def range_input_producer(
    limit: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None, capacity: int = 32,
    shared_name: Any = None, name: str | None = None,
) -> queues.FIFOQueue:  # fmt: skip
    """A queue of the whole numbers below a limit; see `input_producer`."""
    full = f"fraction_of_{capacity}_full"
    with name_scope(name or "input_producer") as scope:
        numbers = range_(limit)
        return input_producer(numbers, [], num_epochs, shuffle, seed, capacity, summary_name=full, name=scope)


def slice_input_producer(
    tensor_list: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None,
    capacity: int = 32, shared_name: Any = None, name: str | None = None,
) -> list[Tensor]:  # fmt: skip
    """A row of each of several tensors, the next one each time; see `input_producer`."""
    with name_scope(name or "input_producer"):
        tensors = [convert_to_tensor(t) for t in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        queue = range_input_producer(shape(tensors[0])[0], num_epochs, shuffle, seed, capacity)
        index = queue.dequeue()
        return [gather(t, index) for t in tensors]
