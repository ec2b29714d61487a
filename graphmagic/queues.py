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

import heapq
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import as_dtype, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.random import get_seed
from graphmagic.ops.text import string_array
from graphmagic.ops.variant import scalar
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["FIFOQueue", "PaddingFIFOQueue", "PriorityQueue", "QueueBase", "RandomShuffleQueue"]

# ----- what a session holds of a queue -----


class _Elements:
    """The elements of a queue in a session; threads wait until there is room, or enough of them."""

    def __init__(self, op: Operation) -> None:
        capacity = op.attrs["capacity"]
        self.kind, self.name = op.type.removesuffix("V2"), f"_{op.id}_{op.name}"
        self.capacity = capacity if capacity > 0 else float("inf")
        self.least = op.attrs["min_after_dequeue"]
        self.shapes = op.attrs["shapes"]
        self.items: Any = [] if self.kind == "PriorityQueue" else deque()
        self.random = np.random.default_rng(op.attrs.get("seed"))
        self.closed = self.cancelled = False
        self.changed = threading.Condition()
        self.waiting_puts = 0
        self.count = 0

    def put(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add elements one by one, as soon as there is room for each."""
        for row in rows:
            self._check(row)
        with self.changed:
            if self.closed:
                raise errors.CancelledError(None, None, f"{self.kind} '{self.name}' is closed.")
            self.waiting_puts += 1
            try:
                for row in rows:
                    self._wait(lambda: len(self.items) < self.capacity)
                    self._add(row)
                    self.changed.notify_all()
            finally:
                self.waiting_puts -= 1
                self.changed.notify_all()

    def _check(self, row: tuple[Any, ...]) -> None:
        for i, (value, shape) in enumerate(zip(row, self.shapes, strict=False)):
            if not shape.is_compatible_with(np.shape(value)):
                raise errors.InvalidArgumentError(
                    None,
                    None,
                    f"Shape mismatch in tuple component {i}. Expected {shape}, got {list(np.shape(value))}",
                )

    def _add(self, row: tuple[Any, ...]) -> None:
        if self.kind == "PriorityQueue":
            self.count += 1
            heapq.heappush(self.items, (int(row[0]), self.count, row))
        else:
            self.items.append(row)

    def take(self, count: int, up_to: bool = False) -> list[tuple[Any, ...]]:
        """Remove elements as soon as there are enough; a closed queue has less than enough for good."""
        with self.changed:
            self._wait(
                lambda: len(self.items) >= count + self.least or (self.closed and not self.waiting_puts)
            )
            if len(self.items) < count and not (up_to and self.items):
                raise errors.OutOfRangeError(
                    None,
                    None,
                    f"{self.kind} '{self.name}' is closed and has insufficient elements "
                    f"(requested {count}, current size {len(self.items)})",
                )
            rows = [self._remove() for _ in range(min(count, len(self.items)))]
            self.changed.notify_all()
            return rows

    def _remove(self) -> Any:
        if self.kind == "PriorityQueue":
            return heapq.heappop(self.items)[2]
        if self.kind == "RandomShuffleQueue":
            chosen = int(self.random.integers(len(self.items)))
            self.items[0], self.items[chosen] = self.items[chosen], self.items[0]
        return self.items.popleft()

    def _wait(self, condition: Callable[[], bool]) -> None:
        while not condition():
            if self.cancelled:
                raise errors.CancelledError(None, None, "Operation was cancelled")
            self.changed.wait(0.1)  # with a time limit, so that Ctrl-C is heard
        if self.cancelled:
            raise errors.CancelledError(None, None, "Operation was cancelled")

    def close(self, cancel_pending: bool) -> None:
        """Take nothing more in; what waits for room gives up if `cancel_pending`."""
        with self.changed:
            self.closed = True
            if cancel_pending and self.waiting_puts:
                self.capacity = float("inf")
            self.changed.notify_all()

    def cancel(self) -> None:
        """Wake all threads that wait: the session closes."""
        with self.changed:
            self.cancelled = True
            self.changed.notify_all()


# ----- operations -----


def _queue_op(name: str) -> OpDef:
    opdef = OpDef(name, " -> handle:resource", stateful=True, differentiable=False)
    opdef.shape_rule(scalar)

    @opdef.kernel
    def queue_kernel(*, op: Operation, state: Any) -> _Elements:
        elements: _Elements = state.resource(op, lambda: _Elements(op))
        return elements

    return opdef


_OPS = {
    kind: _queue_op(f"{kind}V2")
    for kind in ("FIFOQueue", "RandomShuffleQueue", "PaddingFIFOQueue", "PriorityQueue")
}
_effect: dict[str, Any] = {"stateful": True, "differentiable": False}
enqueue_op = OpDef("QueueEnqueueV2", "handle:resource, components:[Tcomponents]", **_effect)
enqueue_many_op = OpDef("QueueEnqueueManyV2", "handle:resource, components:[Tcomponents]", **_effect)
dequeue_op = OpDef("QueueDequeueV2", "handle:resource -> components:[component_types]", **_effect)
dequeue_many_op = OpDef(
    "QueueDequeueManyV2", "handle:resource, n:int32 -> components:[component_types]", **_effect
)
dequeue_up_to_op = OpDef(
    "QueueDequeueUpToV2", "handle:resource, n:int32 -> components:[component_types]", **_effect
)
close_op = OpDef("QueueCloseV2", "handle:resource", **_effect)
size_op = OpDef("QueueSizeV2", "handle:resource -> size:int32", **_effect)
is_closed_op = OpDef("QueueIsClosedV2", "handle:resource -> is_closed:bool", **_effect)
for _opdef in (size_op, is_closed_op):
    _opdef.shape_rule(scalar)


@enqueue_op.kernel
def enqueue_kernel(queue: _Elements, components: Any) -> None:
    queue.put([tuple([np.array(c)[()] if np.asarray(c).dtype != object else c for c in components])])


@enqueue_many_op.kernel
def enqueue_many_kernel(queue: _Elements, components: Any) -> None:
    sizes = {len(c) for c in components}
    if len(sizes) > 1:
        raise errors.InvalidArgumentError(
            None, None, f"All input tensors must have the same size in the 0th dimension, not {sorted(sizes)}"
        )
    queue.put(list(zip(*[np.array(c) for c in components], strict=True)))


@dequeue_op.kernel
def dequeue_kernel(queue: _Elements) -> Any:
    return queue.take(1)[0]


def _stacked(rows: list[tuple[Any, ...]], queue: _Elements) -> Any:
    columns = zip(*rows, strict=True)
    return tuple([_column(list(column), queue) for column in columns])


def _column(items: list[Any], queue: _Elements) -> Any:
    if isinstance(items[0], (bytes, str)):
        return string_array(items, (len(items),))
    if queue.kind != "PaddingFIFOQueue":
        return np.stack(items)
    sizes = np.max([np.shape(item) for item in items], axis=0).astype(int).tolist()
    result = np.zeros((len(items), *sizes), np.asarray(items[0]).dtype)
    for i, item in enumerate(items):
        result[(i, *[slice(n) for n in np.shape(item)])] = item  # type: ignore[index]
    return result


@dequeue_many_op.kernel
def dequeue_many_kernel(queue: _Elements, n: Any) -> Any:
    return _stacked(queue.take(int(n)), queue)


@dequeue_up_to_op.kernel
def dequeue_up_to_kernel(queue: _Elements, n: Any) -> Any:
    return _stacked(queue.take(int(n), up_to=True), queue)


@close_op.kernel
def close_kernel(queue: _Elements, *, cancel_pending_enqueues: bool) -> None:
    queue.close(cancel_pending_enqueues)


@size_op.kernel
def size_kernel(queue: _Elements) -> Any:
    return np.int32(len(queue.items))


@is_closed_op.kernel
def is_closed_kernel(queue: _Elements) -> Any:
    return np.bool_(queue.closed)


# ----- classes -----


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
        options: dict[str, Any] = {"min_after_dequeue": 0, "seed": None} | attrs
        op = apply_op(_OPS[kind], name=name, capacity=int(capacity), shapes=self._shapes or [], **options)
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
        elif not isinstance(values, (list, tuple)) or (len(self._dtypes) == 1 and len(values) != 1):
            values = [values]
        if len(values) != len(self._dtypes):
            raise ValueError(
                f"Expected {len(self._dtypes)} values for an element of the queue, not {len(values)}"
            )
        return [
            convert_to_tensor(v, t, name=f"component_{i}")
            for i, (v, t) in enumerate(zip(values, self._dtypes, strict=True))
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
        """An operation that puts an element in for each row of some tensors."""
        tensors = self._tensors(vals)
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
        raise ValueError(f"Queue shapes must have the same length as dtypes, received shapes {shapes!r}")
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
        super().__init__("PaddingFIFOQueue", capacity, dtypes, shapes, names, name)


class RandomShuffleQueue(QueueBase):
    """A queue whose elements come out in random order; some always stay behind, to choose from."""

    def __init__(
        self, capacity: int, min_after_dequeue: int, dtypes: Any, shapes: Any = None, names: Any = None,
        seed: int | None = None, shared_name: Any = None, name: str = "random_shuffle_queue",
    ) -> None:  # fmt: skip
        seeds = [s for s in get_seed(seed) if s is not None]
        super().__init__(
            "RandomShuffleQueue", capacity, dtypes, shapes, names, name,
            min_after_dequeue=int(min_after_dequeue), seed=seeds or None,
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
