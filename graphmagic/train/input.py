"""Input by queues: producers, and batches (`tf.train.string_input_producer`, `tf.train.batch` and their relatives)."""

from __future__ import annotations

from typing import Any

from graphmagic import queues
from graphmagic.dtypes import int64, string
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.fill import range as range_
from graphmagic.ops.gather import gather
from graphmagic.ops.identity import identity
from graphmagic.ops.queries import shape
from graphmagic.ops.random import random_shuffle
from graphmagic.ops.state import count_up_to
from graphmagic.ops.variable import Variable
from graphmagic.train.queue_runner import QueueRunner, add_queue_runner

__all__ = [
    "batch",
    "input_producer",
    "range_input_producer",
    "shuffle_batch",
    "slice_input_producer",
    "string_input_producer",
]


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Tensor:
    """A tensor that can be computed that many times."""
    value = convert_to_tensor(tensor, name="tensor")
    if num_epochs is None:
        return value
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    from graphmagic.graph.default import control_dependencies

    with name_scope(name or "limit_epochs") as scope:
        epochs = Variable(0, name="epochs", trainable=False, collections=["local_variables"], dtype=int64)
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
        summary_name: accepted for old programs.
        name: the scope of what is made.
        cancel_op: what to run to stop.
    """
    with name_scope(name or "input_producer"):
        rows = convert_to_tensor(input_tensor, name="input_tensor")
        found = rows.shape[1:].merge_with(element_shape)
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = queues.FIFOQueue(capacity, [rows.dtype.base_dtype], [found], name=name or "input_producer")
        add_queue_runner(QueueRunner(queue, [queue.enqueue_many([rows])], cancel_op=cancel_op))
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
    with name_scope(name or "input_producer"):
        names = convert_to_tensor(string_tensor, string)
    return input_producer(names, [], num_epochs, shuffle, seed, capacity, name=name, cancel_op=cancel_op)


def range_input_producer(
    limit: Any, num_epochs: int | None = None, shuffle: bool = True, seed: int | None = None, capacity: int = 32,
    shared_name: Any = None, name: str | None = None,
) -> queues.FIFOQueue:  # fmt: skip
    """A queue of the whole numbers below a limit; see `input_producer`."""
    return input_producer(range_(limit), [], num_epochs, shuffle, seed, capacity, name=name)


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


def batch(
    tensors: Any, batch_size: Any, num_threads: int = 1, capacity: int = 32, enqueue_many: bool = False,
    shapes: Any = None, dynamic_pad: bool = False, allow_smaller_final_batch: bool = False, shared_name: Any = None,
    name: str | None = None,
) -> Any:  # fmt: skip
    """Batches of what some tensors are, run after run, computed in threads of their own.

    Args:
        tensors: a list or dictionary of tensors, or one tensor.
        batch_size: how many runs make a batch.
        num_threads: how many threads.
        capacity: how many elements wait at most.
        enqueue_many: each tensor is many elements already.
        shapes: the shapes of elements, where they are not known.
        dynamic_pad: pad elements of different shapes with zeros.
        allow_smaller_final_batch: give what is left at the end.
        shared_name: accepted for old programs.
        name: the scope of what is made.
    """
    kind = queues.PaddingFIFOQueue if dynamic_pad else queues.FIFOQueue

    def make(types: Any, sizes: Any) -> Any:
        return kind(capacity, types, sizes)

    return _batches(
        tensors,
        batch_size,
        num_threads,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        name or "batch",
        make,
    )


def shuffle_batch(
    tensors: Any, batch_size: Any, capacity: int, min_after_dequeue: int, num_threads: int = 1,
    seed: int | None = None, enqueue_many: bool = False, shapes: Any = None, allow_smaller_final_batch: bool = False,
    shared_name: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """Batches in random order: always any of at least `min_after_dequeue` elements more; see `batch`."""

    def make(types: Any, sizes: Any) -> Any:
        return queues.RandomShuffleQueue(capacity, min_after_dequeue, types, sizes, seed=seed)

    return _batches(
        tensors,
        batch_size,
        num_threads,
        enqueue_many,
        shapes,
        allow_smaller_final_batch,
        name or "shuffle_batch",
        make,
    )


def _batches(
    tensors: Any, size: Any, threads: int, many: bool, shapes: Any, smaller: bool, name: str, make: Any
) -> Any:
    is_dict, is_list = isinstance(tensors, dict), isinstance(tensors, (list, tuple))
    keys = sorted(tensors) if is_dict else []
    flat = [tensors[k] for k in keys] if is_dict else list(tensors) if is_list else [tensors]
    with name_scope(name):
        values = [convert_to_tensor(t) for t in flat]
        sizes = [t.shape[1:] if many else t.shape for t in values] if shapes is None else shapes
        queue = make([t.dtype.base_dtype for t in values], sizes)
        op = queue.enqueue_many(values) if many else queue.enqueue(values)
        add_queue_runner(QueueRunner(queue, [op] * threads))
        result = queue.dequeue_up_to(size) if smaller else queue.dequeue_many(size)
    parts = result if isinstance(result, list) else [result]
    if is_dict:
        return dict(zip(keys, parts, strict=True))
    return parts if is_list else parts[0]
