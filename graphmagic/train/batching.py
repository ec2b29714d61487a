"""Batches by queues (`tf.train.batch` and its relatives): threads compute elements, a queue stacks them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphmagic import queues
from graphmagic.dtypes import float32
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.shapes import TensorShape
from graphmagic.summary import scalar
from graphmagic.train.queue_runner import QueueRunner, add_queue_runner

__all__ = ["batch", "batch_join", "shuffle_batch", "shuffle_batch_join"]

Make = Callable[[Any, Any], queues.QueueBase]


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

    Returns:
        Tensors like `tensors`, with one more dimension in front; each run takes the next batch.

    >>> import graphmagic as tf
    >>> row = tf.train.input_producer([1, 2, 3], shuffle=False).dequeue()
    >>> rows, coord = tf.train.batch(row, 2), tf.train.Coordinator()
    >>> with tf.Session() as sess:
    ...     threads = tf.train.start_queue_runners(sess, coord)
    ...     print(sess.run(rows), sess.run(rows))
    ...     coord.request_stop()
    ...     coord.join(threads)
    [1 2] [3 1]
    """
    return _batches(
        [tensors], batch_size, num_threads, enqueue_many, shapes, allow_smaller_final_batch, name or "batch",
        _in_order(dynamic_pad, capacity), lambda queue: _fullness(queue, capacity),
    )  # fmt: skip


def batch_join(
    tensors_list: Sequence[Any], batch_size: Any, capacity: int = 32, enqueue_many: bool = False, shapes: Any = None,
    dynamic_pad: bool = False, allow_smaller_final_batch: bool = False, shared_name: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """Batches from several sources, each with a thread of its own; see `batch`.

    Args:
        tensors_list: for each source what `batch` takes as its tensors, all alike.
        batch_size: how many runs make a batch.
        capacity: how many elements wait at most.
        enqueue_many: each tensor is many elements already.
        shapes: the shapes of elements, where they are not known.
        dynamic_pad: pad elements of different shapes with zeros.
        allow_smaller_final_batch: give what is left at the end.
        shared_name: accepted for old programs.
        name: the scope of what is made.
    """
    return _batches(
        list(tensors_list), batch_size, 1, enqueue_many, shapes, allow_smaller_final_batch, name or "batch_join",
        _in_order(dynamic_pad, capacity), lambda queue: _fullness(queue, capacity),
    )  # fmt: skip


def shuffle_batch(
    tensors: Any, batch_size: Any, capacity: int, min_after_dequeue: int, num_threads: int = 1,
    seed: int | None = None, enqueue_many: bool = False, shapes: Any = None, allow_smaller_final_batch: bool = False,
    shared_name: Any = None, name: str | None = None,
) -> Any:  # fmt: skip
    """Batches in random order: always any of at least `min_after_dequeue` elements more; see `batch`."""
    return _batches(
        [tensors], batch_size, num_threads, enqueue_many, shapes, allow_smaller_final_batch, name or "shuffle_batch",
        _shuffled(capacity, min_after_dequeue, seed), lambda queue: _surplus(queue, capacity, min_after_dequeue),
    )  # fmt: skip


def shuffle_batch_join(
    tensors_list: Sequence[Any], batch_size: Any, capacity: int, min_after_dequeue: int, seed: int | None = None,
    enqueue_many: bool = False, shapes: Any = None, allow_smaller_final_batch: bool = False, shared_name: Any = None,
    name: str | None = None,
) -> Any:  # fmt: skip
    """Batches in random order from several sources; see `batch_join` and `shuffle_batch`."""
    return _batches(
        list(tensors_list), batch_size, 1, enqueue_many, shapes, allow_smaller_final_batch,
        name or "shuffle_batch_join", _shuffled(capacity, min_after_dequeue, seed),
        lambda queue: _surplus(queue, capacity, min_after_dequeue),
    )  # fmt: skip


def _in_order(dynamic_pad: bool, capacity: int) -> Make:
    kind = queues.PaddingFIFOQueue if dynamic_pad else queues.FIFOQueue
    return lambda types, shapes: kind(capacity, types, shapes)


def _shuffled(capacity: int, least: int, seed: int | None) -> Make:
    return lambda types, shapes: queues.RandomShuffleQueue(capacity, least, types, shapes, seed=seed)


def _fullness(queue: queues.QueueBase, capacity: int) -> None:
    """A summary of how full a queue is, as TensorFlow makes it."""
    scalar(f"fraction_of_{capacity}_full", cast(queue.size(), float32) * (1.0 / capacity))


def _surplus(queue: queues.QueueBase, capacity: int, least: int) -> None:
    more = cast(maximum(0, queue.size() - least), float32)
    scalar(f"fraction_over_{least}_of_{capacity - least}_full", more * (1.0 / (capacity - least)))


def _batches(
    sources: list[Any], size: Any, threads: int, many: bool, shapes: Any, smaller: bool, name: str, make: Make,
    summarize: Callable[[queues.QueueBase], None],
) -> Any:  # fmt: skip
    first = sources[0]
    keys = sorted(first) if isinstance(first, dict) else []
    with name_scope(name) as scope:
        rows = [[convert_to_tensor(t) for t in _parts(source, keys)] for source in sources]
        constant(True)  # whether to keep elements; named and counted as in TensorFlow
        sizes = _common_shapes(rows, many) if shapes is None else shapes
        queue = make([t.dtype.base_dtype for t in rows[0]], sizes)
        ops = [queue.enqueue_many(row) if many else queue.enqueue(row) for row in rows]
        add_queue_runner(QueueRunner(queue, ops * threads))
        summarize(queue)
        result = queue.dequeue_up_to(size, name=scope) if smaller else queue.dequeue_many(size, name=scope)
    parts = result if isinstance(result, list) else [result]
    if keys:
        return dict(zip(keys, parts, strict=True))
    return parts if isinstance(first, (list, tuple)) else parts[0]


def _parts(source: Any, keys: list[Any]) -> list[Any]:
    if isinstance(source, dict):
        return [source[key] for key in keys]
    return list(source) if isinstance(source, (list, tuple)) else [source]


def _common_shapes(rows: list[list[Tensor]], many: bool) -> list[TensorShape]:
    """What is known of the shapes of elements from all sources."""
    columns = [[t.shape[1:] if many else t.shape for t in column] for column in zip(*rows, strict=True)]
    return [shapes[0] if all(s == shapes[0] for s in shapes) else _joined(shapes) for shapes in columns]


def _joined(shapes: list[TensorShape]) -> TensorShape:
    result = shapes[0]
    for other in shapes[1:]:
        result = result.most_specific_compatible_shape(other)
    return result
