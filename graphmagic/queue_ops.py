"""What queues are in a session, and the operations that put elements in and take them out."""

from __future__ import annotations

import heapq
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.text import string_array
from graphmagic.ops.variant import scalar
from graphmagic.ops.word_stream import WordStream
from graphmagic.shapes import TensorShape

__all__ = [
    "QUEUE_OPS",
    "close_op",
    "dequeue_many_op",
    "dequeue_op",
    "dequeue_up_to_op",
    "enqueue_many_op",
    "enqueue_op",
    "is_closed_op",
    "size_op",
]

# ----- what a session holds of a queue -----


class _Elements:
    """The elements of a queue in a session; threads wait until there is room, or enough of them."""

    def __init__(self, op: Operation) -> None:
        capacity = op.attrs["capacity"]
        self.kind, self.resource_name = op.type.removesuffix("V2"), op.name
        self.capacity = capacity if capacity > 0 else float("inf")
        self.least = op.attrs["min_after_dequeue"]
        self.shapes = op.attrs["shapes"]
        self.items: Any = [] if self.kind == "PriorityQueue" else deque()
        self.kinds = op.attrs["component_types"]
        self.random = WordStream(op.attrs["seed"], op.attrs["seed2"])
        self.closed = self.cancelled = False
        self.changed = threading.Condition()
        self.waiting_puts = 0
        self.tickets: deque[object] = (
            deque()
        )  # of those who take, the first to come is the first to be served
        self.count = 0

    def put(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Add elements one by one, as soon as there is room for each."""
        for row in rows:
            self._check(row)
        with self.changed:
            if self.closed:
                raise errors.CancelledError(None, None, f"{self.kind} '{self.resource_name}' is closed.")
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
                    f"Shape mismatch in tuple component {i}. Expected {shape.bracketed()}, "
                    f"got {TensorShape(np.shape(value)).bracketed()}",
                )

    def _add(self, row: tuple[Any, ...]) -> None:
        if self.kind == "PriorityQueue":
            self.count += 1
            heapq.heappush(self.items, (int(row[0]), self.count, row))
        else:
            self.items.append(row)

    def take(self, count: int, up_to: bool = False) -> list[tuple[Any, ...]]:
        """Remove elements, as they come, so that there may be more of them than the queue has room for.

        A closed queue has less than enough for good: then all of them stay.
        """
        ticket, rows = object(), list[tuple[Any, ...]]()
        with self.changed:
            self.tickets.append(ticket)
            try:
                self._wait(lambda: self.tickets[0] is ticket and self._collect(rows, count, up_to))
                if len(rows) < count and not (up_to and rows):
                    raise errors.OutOfRangeError(
                        None,
                        None,
                        f"{self.kind} '{self.resource_name}' is closed and has insufficient elements "
                        f"(requested {count}, current size {len(rows) + len(self.items)})",
                    )
            except BaseException:
                self._put_back(rows)
                raise
            finally:
                self.tickets.remove(ticket)
                self.changed.notify_all()
        return rows

    def _collect(self, rows: list[tuple[Any, ...]], count: int, up_to: bool) -> bool:
        """Take what may be taken now; whether that is all there will be."""
        is_final = self.closed and not self.waiting_puts
        if is_final and not up_to and len(rows) + len(self.items) < count:
            return True
        least = 0 if is_final else self.least
        while len(rows) < count and len(self.items) > least:
            rows.append(self._remove())
            self.changed.notify_all()
        return is_final or len(rows) == count

    def _put_back(self, rows: list[tuple[Any, ...]]) -> None:
        if self.kind == "PriorityQueue":
            for row in rows:
                self._add(row)
        else:
            self.items.extendleft(reversed(rows))

    def _remove(self) -> Any:
        if self.kind == "PriorityQueue":
            return heapq.heappop(self.items)[2]
        if self.kind == "RandomShuffleQueue":  # the last one takes the place of the one that goes
            chosen = self.random.next() % len(self.items)
            self.items[chosen], self.items[-1] = self.items[-1], self.items[chosen]
            return self.items.pop()
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
    # Only one kind shuffles; a graph definition of TensorFlow does not say these of the others.
    defaults = {"min_after_dequeue": 0, "seed": 0, "seed2": 0}
    opdef = OpDef(name, " -> handle:resource", defaults=defaults, stateful=True, differentiable=False)
    opdef.shape_rule(scalar)

    @opdef.kernel
    def queue_kernel(*, op: Operation, state: Any) -> _Elements:
        elements: _Elements = state.resource(op, lambda: _Elements(op))
        return elements

    return opdef


QUEUE_OPS = {
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
    if not rows:
        return tuple(
            [
                np.zeros((0, *[n or 0 for n in s.ints]), k.numpy)
                for s, k in zip(queue.shapes, queue.kinds, strict=True)
            ]
        )
    columns = zip(*rows, strict=True)
    return tuple([_column(list(column), queue) for column in columns])


def _column(items: list[Any], queue: _Elements) -> Any:
    if isinstance(items[0], (bytes, str)):
        return string_array(items, (len(items),))
    if queue.kind != "PaddingFIFOQueue":
        return np.stack(items)
    sizes = np.max([np.shape(item) for item in items], axis=0).astype(int).tolist()
    kind = np.asarray(items[0]).dtype
    result = np.full((len(items), *sizes), b"" if kind == object else 0, kind)
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
