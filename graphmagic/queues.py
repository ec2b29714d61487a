"""Queues: what one thread puts in, another takes out (TensorFlow's ``tf.FIFOQueue`` and its relatives).

>>> import graphmagic as tf
>>> queue = tf.FIFOQueue(3, [tf.int32], shapes=[[]])
>>> put, get = queue.enqueue_many([[1, 2, 3]]), queue.dequeue()
>>> with tf.Session() as sess:
...     sess.run(put)
...     sess.run(get), sess.run(get)
(np.int32(1), np.int32(2))
"""

from __future__ import annotations

from typing import Any

from graphmagic.dimension import Dimension
from graphmagic.dtypes import as_dtype, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.random import get_seed
from graphmagic.queue_ops import (
    QUEUE_OPS,
    close_op,
    dequeue_many_op,
    dequeue_op,
    dequeue_up_to_op,
    enqueue_many_op,
    enqueue_op,
    is_closed_op,
    size_op,
)
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["FIFOQueue", "PaddingFIFOQueue", "PriorityQueue", "QueueBase", "RandomShuffleQueue"]


class QueueBase:
    """A queue of elements, each a few tensors; a session's queue is its own.

    Args:
        kind: the type of queue.
        capacity: how many elements it holds; any number if not positive.
        dtypes: the types of an element's tensors.
        shapes: their shapes; needed to take many at once.
        names: names for the tensors, for elements that are dictionaries.
        name: the operation's name.
        attrs: more attributes of the operation.
    """

    def __init__(
        self, kind: str, capacity: int, dtypes: Any, shapes: Any, names: Any, name: str, **attrs: Any
    ) -> None:
        self._dtypes = [as_dtype(t) for t in (dtypes if isinstance(dtypes, (list, tuple)) else [dtypes])]
        self._shapes = _shapes(shapes, len(self._dtypes))
        self._names = [names] if isinstance(names, str) else names
        op = apply_op(
            QUEUE_OPS[kind],
            name=name,
            capacity=int(capacity),
            component_types=self._dtypes,
            shapes=self._shapes or [],
            **attrs,
        )
        self._ref = op.outputs[0]

    @property
    def queue_ref(self) -> Tensor:
        """The tensor that stands for the queue."""
        return self._ref

    @property
    def name(self) -> str:
        """The name of its operation."""
        return self._ref.op.name

    @property
    def dtypes(self) -> list[Any]:
        """The types of an element's tensors."""
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        """The shapes of an element's tensors."""
        return self._shapes or [TensorShape(None)] * len(self._dtypes)

    @property
    def names(self) -> Any:
        """The names of an element's tensors, or None."""
        return self._names

    def _scoped(self, name: str | None, suffix: str) -> str:
        return name or f"{self.name.rpartition('/')[2]}_{suffix}"

    def _tensors(self, values: Any) -> list[Tensor]:
        if isinstance(values, dict):
            values = [values[key] for key in self._names]
        elif not isinstance(values, (list, tuple)):
            values = [values]
        if len(values) < len(self._dtypes):  # of more values the last ones are ignored, as in TensorFlow
            raise ValueError(
                f"Expected {len(self._dtypes)} values for an element of the queue, not {len(values)}"
            )
        return [
            convert_to_tensor(v, t, name=f"component_{i}")
            for i, (v, t) in enumerate(zip(values, self._dtypes, strict=False))
        ]

    def enqueue(self, vals: Any, name: str | None = None) -> Operation:
        """An operation that puts one element in; it waits while the queue is full.

        Raises:
            ValueError: the element does not fit.
        """
        tensors = self._tensors(vals)
        for tensor, shape in zip(tensors, self.shapes, strict=True):
            tensor.shape.assert_is_compatible_with(shape)
        return apply_op(enqueue_op, self._ref, tensors, name=self._scoped(name, "enqueue"))

    def enqueue_many(self, vals: Any, name: str | None = None) -> Operation:
        """An operation that puts an element in for each row of some tensors.

        Raises:
            ValueError: they have different numbers of rows.
        """
        tensors = self._tensors(vals)
        rows = Dimension(None)
        for tensor in tensors:
            rows = rows.merge_with(tensor.shape.with_rank_at_least(1)[0])
        return apply_op(enqueue_many_op, self._ref, tensors, name=self._scoped(name, "EnqueueMany"))

    def _result(self, op: Operation, first: list[Any]) -> Any:
        for tensor, shape in zip(op.outputs, self.shapes, strict=True):
            tensor.set_shape(TensorShape(first).concatenate(shape))
        if self._names:
            return dict(zip(self._names, op.outputs, strict=True))
        return op.outputs[0] if len(op.outputs) == 1 else list(op.outputs)

    def dequeue(self, name: str | None = None) -> Any:
        """The next element; it waits while there is none."""
        op = apply_op(dequeue_op, self._ref, name=self._scoped(name, "Dequeue"), component_types=self._dtypes)
        return self._result(op, [])

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """The next `n` elements, stacked.

        Raises:
            ValueError: the shapes of the elements are not known.
        """
        return self._many(
            dequeue_many_op, n, self._scoped(name, "DequeueMany"), n if isinstance(n, int) else None
        )

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """The next `n` elements, stacked; fewer if the queue is closed and has fewer.

        Raises:
            ValueError: the shapes of the elements are not known.
        """
        return self._many(dequeue_up_to_op, n, self._scoped(name, "DequeueUpTo"), None)

    def _many(self, opdef: OpDef, n: Any, name: str, size: int | None) -> Any:
        if self._shapes is None:
            raise ValueError(
                f"{type(self).__name__}'s DequeueMany and DequeueUpTo need the components to have specified shapes"
            )
        op = apply_op(opdef, self._ref, n, name=name, component_types=self._dtypes)
        return self._result(op, [size])

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Operation:
        """An operation after which nothing more goes in; taking out goes on until the queue is empty."""
        return apply_op(
            close_op,
            self._ref,
            name=self._scoped(name, "Close"),
            cancel_pending_enqueues=cancel_pending_enqueues,
        )

    def size(self, name: str | None = None) -> Tensor:
        """How many elements there are."""
        return apply_op(size_op, self._ref, name=self._scoped(name, "Size")).outputs[0]

    def is_closed(self, name: str | None = None) -> Tensor:
        """Whether the queue is closed."""
        return apply_op(is_closed_op, self._ref, name=self._scoped(name, "IsClosed")).outputs[0]


def _shapes(shapes: Any, count: int) -> list[TensorShape] | None:
    if shapes is None:
        return None
    is_one = isinstance(shapes, TensorShape) or (
        count == 1
        and isinstance(shapes, (list, tuple))
        and not any(isinstance(s, (list, tuple, TensorShape)) for s in shapes)
    )
    found = [as_shape(shapes)] if is_one else [as_shape(s) for s in shapes]
    if len(found) != count:
        raise ValueError(
            "Queue shapes must have the same length as dtypes, "
            f"received len(shapes)={len(found)}, len(dtypes)={count}"
        )
    return found


class FIFOQueue(QueueBase):
    """A queue whose elements come out in the order in which they went in."""

    def __init__(
        self, capacity: int, dtypes: Any, shapes: Any = None, names: Any = None, shared_name: Any = None,
        name: str = "fifo_queue",
    ) -> None:  # fmt: skip
        super().__init__("FIFOQueue", capacity, dtypes, shapes, names, name)


class PaddingFIFOQueue(QueueBase):
    """A `FIFOQueue` whose elements are padded with zeros where many of different shapes are taken out."""

    def __init__(
        self, capacity: int, dtypes: Any, shapes: Any, names: Any = None, shared_name: Any = None,
        name: str = "padding_fifo_queue",
    ) -> None:  # fmt: skip
        if shapes is None:
            raise ValueError("When providing partial shapes, a list of shapes must be provided.")
        super().__init__("PaddingFIFOQueue", capacity, dtypes, shapes, names, name)


class RandomShuffleQueue(QueueBase):
    """A queue whose elements come out in random order; some always stay behind, to choose from."""

    def __init__(
        self, capacity: int, min_after_dequeue: int, dtypes: Any, shapes: Any = None, names: Any = None,
        seed: int | None = None, shared_name: Any = None, name: str = "random_shuffle_queue",
    ) -> None:  # fmt: skip
        first, second = get_seed(seed)
        super().__init__(
            "RandomShuffleQueue", capacity, dtypes, shapes, names, name,
            min_after_dequeue=int(min_after_dequeue), seed=first or 0, seed2=second or 0,
        )  # fmt: skip


class PriorityQueue(QueueBase):
    """A queue whose elements come out in the order of a number, the smallest first."""

    def __init__(
        self, capacity: int, types: Any, shapes: Any = None, names: Any = None, shared_name: Any = None,
        name: str = "priority_queue",
    ) -> None:  # fmt: skip
        types = list(types) if isinstance(types, (list, tuple)) else [types]
        shapes = [[], *(shapes or [[] for _ in types])]
        super().__init__("PriorityQueue", capacity, [int64, *types], shapes, names, name)
