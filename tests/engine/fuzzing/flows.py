"""Random branches and loops: nested, with writes, lists and arrays of tensors, and their gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import graphmagic as tf

if TYPE_CHECKING:
    from fuzzing.graphs import RandomGraph

__all__ = ["add_branch", "add_loop", "clipped"]

MAX_DEPTH = 2


def clipped(x: Any) -> Any:
    """The nearest values between -3 and 3."""
    return tf.minimum(tf.maximum(x, tf.cast(-3, x.dtype)), tf.cast(3, x.dtype))


def add_branch(graph: RandomGraph) -> None:
    """A `cond` whose branches compute different things of the same shape, or nothing at all."""
    made = _Flow(graph)
    if made.pair is not None:
        a, b = made.pair
        made.keep(made.branch(a, b, 0), a)


def add_loop(graph: RandomGraph) -> None:
    """A `while_loop` of a few iterations, whose variables may change places."""
    made = _Flow(graph)
    if made.pair is not None:
        a, b = made.pair
        for result in made.loop(a, b, 0):
            made.keep(result, a)


class _Flow:
    """Builds one branch or loop from two values of the same type and shape."""

    def __init__(self, graph: RandomGraph) -> None:
        self.graph, self.random = graph, graph.random
        x = graph._pick()
        y = graph._pick(lambda t: t.dtype is x.dtype and t.shape.as_list() == x.shape.as_list())
        self.pair = (self._small(x), self._small(y)) if y is not None else None
        self.shape = x.shape
        self.may_write = graph.writing and self.random.random() < 0.4
        self.is_smooth = x.dtype is tf.float32 and not self.may_write

    def _small(self, x: Any) -> Any:
        return x if self.graph.bounds[x] <= 3 else clipped(x)

    def keep(self, result: Any, start: Any) -> None:
        """Note a result, and sometimes its gradient."""
        self.graph._keep(result, 3)
        if self.is_smooth and self.random.random() < 0.4:
            found = tf.gradients(tf.reduce_sum(result), [start])[0]
            if found is not None:
                self.graph._keep(clipped(found), 3)

    # ----- control flow -----

    def branch(self, a: Any, b: Any, depth: int) -> Any:
        limit = self.random.randrange(-3, 4)
        holds = tf.reduce_max(a) > tf.cast(limit, a.dtype)
        return tf.cond(holds, self._block(a, b, depth), self._block(b, a, depth))

    def _block(self, a: Any, b: Any, depth: int) -> Callable[[], Any]:
        return lambda: self._after_a_write(self.value(a, b, depth + 1), a)

    def loop(self, a: Any, b: Any, depth: int) -> list[Any]:
        count = self.random.randrange(0, 4)
        stops_early, swaps, stacks = [self.random.random() < p for p in (0.3, 0.3, 0.4)]
        array = tf.TensorArray(a.dtype, size=count, element_shape=self.shape)

        def go_on(i: Any, a: Any, b: Any, flow: Any) -> Any:
            limited = i < count
            return tf.logical_and(limited, tf.reduce_max(a) < tf.cast(3, a.dtype)) if stops_early else limited

        def body(i: Any, a: Any, b: Any, array: Any) -> Any:
            one = self._after_a_write(self.value(a, b, depth + 1), a)
            other = self.value(b, a, depth + 1)
            return i + 1, *((other, one) if swaps else (one, other)), array.write(i, one) if stacks else array

        _, a, b, array = tf.while_loop(go_on, body, [0, a, b, array])
        results = [a, b]
        if stacks and count and not stops_early and depth == 0:
            total = tf.reduce_max(array.stack(), 0)
            total.set_shape(self.shape)
            results.append(total)
        return results

    def _after_a_write(self, value: Any, written: Any) -> Any:
        fitting = [
            v
            for v in self.graph.variables
            if v.dtype.base_dtype is written.dtype and v.shape.as_list() == self.shape.as_list()
        ]
        if not self.may_write or not fitting or self.random.random() < 0.5:
            return value
        variable = self.random.choice(fitting)
        with tf.control_dependencies([tf.assign(variable, written)]):
            return tf.identity(value)

    # ----- what is computed inside -----

    def value(self, a: Any, b: Any, depth: int) -> Any:
        """Something between -3 and 3 of the same shape."""
        outside = self.pair[1] if self.pair is not None else b
        ways: list[Callable[[], Any]] = [
            lambda: a,
            lambda: b,
            lambda: tf.negative(a),
            lambda: clipped(a + b),
            lambda: clipped(a * b - outside),
            lambda: tf.maximum(-a, b),
            lambda: tf.reshape(clipped(tf.reshape(a, [-1]) + 1), self.shape.as_list()),
            lambda: clipped(a + tf.cast(self.random.randrange(-2, 3), a.dtype)),
            lambda: tf.minimum(tf.stop_gradient(a), outside),
        ]
        if self.shape.ndims == 2:
            ways += [lambda: tf.transpose(clipped(tf.transpose(a) + tf.transpose(b)))] * 2
            ways += [lambda: tf.transpose(tf.transpose(clipped(a - b)))]
        if depth <= MAX_DEPTH:
            ways += [lambda: self.branch(a, b, depth), lambda: self.loop(a, b, depth)[0]]
        return self.random.choice(ways)()
