"""Random graphs whose numbers are small integers, so that every order of summation gives the same result exactly."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import numpy as np

import graphmagic as tf
from fuzzing.flows import add_branch, add_loop, clipped
from fuzzing.images import add_images
from graphmagic.graph.apply import apply_op
from graphmagic.graph.opdef import registry

__all__ = ["RandomGraph"]

# Larger numbers are clipped; wherever a sum could leave what float32 holds exactly, no operation is added.
LIMIT = 1 << 11
MAX_SIZE = 1 << 19
SIZES = [(2, 3), (4, 6), (1, 5), (7, 1), (33, 40), (48, 200), (208, 160), (400, 410)]
LENGTHS = [5, 10, 10, 20, 30]
BINARY = [tf.add, tf.subtract, tf.multiply, tf.maximum, tf.minimum]
UNARY = [tf.negative, tf.square, tf.abs, tf.nn.relu, tf.sign, tf.identity]


@dataclass
class RandomGraph:
    """A graph with feeds, variables, reads and writes in random places."""

    seed: int
    length: int = 0
    writing: bool = True
    graph: Any = field(init=False)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.flowing = self.seed % 2 == 0
        self.length = self.length or self.random.choice(LENGTHS)
        self.has_nans = self.seed % 7 == 3
        self.numbers = np.random.default_rng(self.seed)
        rows, columns = self.random.choice(SIZES[:-2] if self.random.random() < 0.9 else SIZES[-2:])
        matrices = [(rows, columns), (columns, rows), (rows, 1)]
        self.shapes = [*matrices, (rows,), (columns,), (1,), (), (rows * columns,)]
        self.values: list[Any] = []
        self.bounds: dict[Any, int] = {}
        self.feeds: list[Any] = []
        self.variables: list[Any] = []
        self.writes: list[Any] = []
        self.training: list[Any] = []
        self.graph = tf.Graph()
        with self.graph.as_default():
            self._sources()
            for _ in range(self.length):
                self._step()
            for _ in range(2 if self.seed % 3 == 0 else 0):
                add_images(self)
                self._step()
            if self.writing and self.random.random() < 0.4:
                self._train()
        self.fetches, self.targets = self._choose_fetches()

    # ----- what a run needs -----

    def new_feeds(self) -> dict[Any, Any]:
        """Values to feed: arrays, and sometimes views that do not lie flat in memory."""
        return {t: self._fed(t.shape.as_list(), t.dtype.as_numpy_dtype) for t in self.feeds}

    def _fed(self, shape: list[int], dtype: Any) -> Any:
        way = self.random.randrange(5)
        if way == 0:
            array = self._array(shape[::-1], dtype).T
        elif way == 1 and shape:
            array = self._array([2 * shape[0], *shape[1:]], dtype)[::2]
        else:
            array = self._array(shape, dtype)
        if self.has_nans and array.dtype.kind == "f" and array.ndim:
            array[self.numbers.random(array.shape) < 0.1] = np.nan
        return array

    def starts(self) -> dict[Any, Any]:
        """A value for each variable, by its operation."""
        return {v.op: self._array(v.shape.as_list(), v.dtype.as_numpy_dtype) for v in self.variables}

    # ----- building -----

    def _array(self, shape: Any, dtype: Any) -> Any:
        return self.numbers.integers(-3, 4, tuple(shape)).astype(dtype)

    def _keep(self, tensor: Any, bound: int) -> Any:
        if bound > LIMIT:
            tensor, bound = clipped(tensor), 3
        self.values.append(tensor)
        self.bounds[tensor] = bound
        return tensor

    def _pick(self, fits: Any = lambda t: True) -> Any:
        found = [t for t in self.values if fits(t)]
        recent = found[-8:] if self.random.random() < 0.7 else found
        return self.random.choice(recent) if recent else None

    def _sources(self) -> None:
        kinds = [tf.float32] * 4 + [tf.int32]
        for _ in range(3):
            placeholder = tf.placeholder(self.random.choice(kinds), self.random.choice(self.shapes))
            self.feeds.append(placeholder)
            self._keep(placeholder, 3)
        for _ in range(2):
            kind = self.random.choice(kinds)
            self._keep(tf.constant(self._array(self.random.choice(self.shapes), kind.as_numpy_dtype)), 3)
        for position in range(3):
            kind, shape = self.random.choice(kinds), self.random.choice(self.shapes)
            if position == 2 and self.random.random() < 0.5:  # a slot for the one before
                kind, shape = self.variables[1].dtype.base_dtype, self.variables[1].shape.as_list()
            variable = tf.Variable(self._array(shape, kind.as_numpy_dtype))
            self.variables.append(variable)
            self._keep(variable._snapshot, 60)

    def _step(self) -> None:
        actions = [self._binary] * 8 + [self._unary] * 4 + [self._view] * 4 + [self._matmul] * 3
        actions += [self._reduce] * 3 + [self._twin] * 2
        actions += [self._choice, self._add_n, self._relu_grad, self._gradient, self._mean]
        actions += [self._indicator, self._spread, self._centred]
        if not self.has_nans:  # what integer they become is not defined
            actions += [self._cast] * 2
        if self.flowing:
            actions += [lambda: add_branch(self), lambda: add_loop(self)] * 3
        if self.writing:
            actions += [self._write] * 4
        self.random.choice(actions)()

    def _binary(self) -> None:
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and _broadcast(t, x))
        if self.random.random() < 0.5:
            x, y = y, x
        op, a, b = self.random.choice(BINARY), self.bounds[x], self.bounds[y]
        self._keep(op(x, y), a * b if op is tf.multiply else a + b)

    def _unary(self) -> None:
        x = self._pick()
        op = self.random.choice(UNARY)
        self._keep(op(x), self.bounds[x] ** 2 if op is tf.square else self.bounds[x])

    def _view(self) -> None:
        x = self._pick()
        count = x.shape.num_elements()
        same = [s for s in [*self.shapes, (count, 1)] if int(np.prod(s)) == count]
        ways = [lambda: tf.reshape(x, self.random.choice(same)), lambda: tf.stop_gradient(x)]
        if x.shape.ndims == 2:
            ways += [lambda: tf.transpose(x), lambda: x[:, :1], lambda: x[0]]
            ways += [lambda: tf.expand_dims(x, 0)[0], lambda: tf.broadcast_to(x, x.shape.as_list())]
        self._keep(self.random.choice(ways)(), self.bounds[x])

    def _matmul(self) -> None:
        x = self._pick(lambda t: t.shape.ndims == 2)
        if x is None:
            return
        ta, tb = self.random.random() < 0.4, self.random.random() < 0.4
        inner = x.shape.as_list()[0 if ta else 1]
        y = self._pick(lambda t: t.dtype is x.dtype and t.shape.ndims == 2 and t.shape.as_list()[tb] == inner)
        if y is None:
            return
        bound = self.bounds[x] * self.bounds[y] * inner
        outer = x.shape.as_list()[1 if ta else 0] * y.shape.as_list()[0 if tb else 1]
        if bound < 1 << 22 and outer <= MAX_SIZE:
            product = self._keep(tf.matmul(x, y, transpose_a=ta, transpose_b=tb), bound)
            columns = product.shape.as_list()[1]
            if (
                columns > 1 and self.random.random() < 0.3
            ):  # some columns, perhaps the only ones that anything uses
                first = self.random.randrange(columns)
                if self.random.random() < 0.7:
                    self.values.remove(product)
                self._keep(tf.slice(product, [0, first], [-1, columns - first]), self.bounds[product])

    def _reduce(self) -> None:
        x = self._pick(lambda t: t.shape.ndims > 0)
        count = x.shape.num_elements()
        if self.bounds[x] * count >= 1 << 22:
            return
        axis = self.random.choice([None, *range(x.shape.ndims)])
        reduce = self.random.choice([tf.reduce_sum, tf.reduce_sum, tf.reduce_max])
        self._keep(reduce(x, axis, keepdims=self.random.random() < 0.5), self.bounds[x] * count)

    def _twin(self) -> None:
        """The same operation once more, for the pass that merges equal ones."""
        x = self._pick()
        twins = [tf.square(x), tf.square(x)]
        for twin in twins:
            self._keep(twin, self.bounds[x] ** 2)

    def _cast(self) -> None:
        x = self._pick()
        self._keep(tf.cast(x, tf.int32 if x.dtype is tf.float32 else tf.float32), self.bounds[x])

    def _choice(self) -> None:
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and t.shape.as_list() == x.shape.as_list())
        self._keep(tf.where(tf.greater(x, y), y, x), max(self.bounds[x], self.bounds[y]))

    def _mean(self) -> None:
        x = self._pick(lambda t: t.shape.ndims > 0 and t.dtype is tf.float32)
        if x is not None and self.bounds[x] * x.shape.num_elements() < 1 << 22:
            axis = self.random.choice([None, *range(x.shape.ndims)])
            self._keep(tf.floor(tf.reduce_mean(x, axis, keepdims=self.random.random() < 0.5)), self.bounds[x])

    def _indicator(self) -> None:
        """A comparison, back as numbers."""
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and t.shape.as_list() == x.shape.as_list())
        compare = self.random.choice([tf.less, tf.greater_equal, tf.not_equal])
        self._keep(tf.cast(compare(x, y), x.dtype), 1)

    def _spread(self) -> None:
        """A value repeated by an operation of its own, then computed with."""
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and _broadcast(t, x))
        shape = np.broadcast_shapes(tuple(x.shape.as_list()), tuple(y.shape.as_list()))
        if not shape:
            return
        self._keep(tf.broadcast_to(x, shape) - tf.broadcast_to(y, shape), self.bounds[x] + self.bounds[y])

    def _centred(self) -> None:
        """A value less its own reduction: no single pass over it computes that."""
        x = self._pick(lambda t: t.shape.ndims > 0)
        axis = self.random.choice([None, *range(x.shape.ndims)])
        self._keep(x * 2 - tf.reduce_max(x * 2, axis, keepdims=True), 4 * self.bounds[x])

    def _relu_grad(self) -> None:
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and t.shape.as_list() == x.shape.as_list())
        self._keep(apply_op(registry["ReluGrad"], x, y).outputs[0], self.bounds[x])

    def _gradient(self) -> None:
        """A gradient through broadcasting."""
        x = self._pick(lambda t: t.dtype is tf.float32)
        y = self._pick(lambda t: t.dtype is tf.float32 and _broadcast(t, x))
        if x is None or y is None or x is y:
            return
        bound = self.bounds[x] * self.bounds[y] * max(x.shape.num_elements(), y.shape.num_elements())
        if bound < 1 << 21:
            found = tf.gradients(tf.reduce_sum(x * y), [y])[0]
            self._keep(found, bound)

    def _add_n(self) -> None:
        x = self._pick()
        y = self._pick(lambda t: t.dtype is x.dtype and t.shape.as_list() == x.shape.as_list())
        self._keep(tf.add_n([x, y, x]), 2 * self.bounds[x] + self.bounds[y])

    def _write(self) -> None:
        variable = self.random.choice(self.variables)
        kind, shape = variable.dtype.base_dtype, variable.shape.as_list()
        value = self._pick(lambda t: t.dtype is kind and t.shape.as_list() == shape)
        if value is None:
            return
        if self.bounds[value] > 3 and self.random.random() < 0.8:
            value = clipped(value)
        elif self.bounds[value] > 60:
            return
        ways = [tf.assign, tf.assign_add, tf.assign_sub, self._scatter, self._scatter]
        if kind is tf.float32:
            ways += [_descend] * 2 + [self._roll] * 3
        with tf.control_dependencies(self.writes[-1:] if self.random.random() < 0.7 else []):
            write = self.random.choice(ways)(variable, value)
            self.writes.append(write)
        if self.random.random() < 0.4:
            self._keep(tf.identity(write), 300)
        if self.random.random() < 0.5:
            with tf.control_dependencies([write]):
                self._keep(tf.identity(variable._ref), 300)

    def _roll(self, variable: Any, value: Any) -> Any:
        """A step with momentum 0, which changes a second variable too."""
        others = [v for v in self.variables if v is not variable and v.dtype is variable.dtype]
        others = [v for v in others if v.shape.as_list() == variable.shape.as_list()]
        if not others:
            return tf.assign(variable, value)
        return _roll_into(variable, self.random.choice(others), value)

    def _train(self) -> None:
        """A step with momentum, in every run, of a variable as large as there are."""
        shape = self.random.choice([self.shapes[0], self.shapes[-1]])
        pair = [tf.Variable(self._array(shape, np.float32)) for _ in range(2)]
        self.variables += pair
        for variable in pair:
            self._keep(variable._snapshot, 60)
        change = tf.placeholder(tf.float32, shape)
        self.feeds.append(change)
        with tf.control_dependencies(self.writes[-1:]):
            self.training.append(_roll_into(pair[0], pair[1], change))

    def _scatter(self, variable: Any, value: Any) -> Any:
        """Change some rows, perhaps one of them several times."""
        if variable.shape.ndims == 0:
            return tf.assign(variable, value)
        size = variable.shape.as_list()[0]
        indices = self.numbers.integers(0, size, self.random.randrange(1, 6)).astype(np.int32)
        ways = [
            tf.scatter_add,
            tf.scatter_sub,
            lambda v, i, x: tf.scatter_update(v, np.unique(i), x[: len(np.unique(i))]),
        ]
        return self.random.choice(ways)(variable, indices, tf.gather(value, indices))

    def _choose_fetches(self) -> tuple[list[Any], list[Any]]:
        fetches = self.random.sample(self.values, self.random.randrange(1, 5))
        if self.seed % 3 == 0:
            fetches += self.random.sample(self.values[-10:], 2)
        if self.random.random() < 0.2:
            fetches.append(fetches[0])
        if self.random.random() < 0.2:
            fetches.append(self.random.choice(self.variables)._ref)
        targets = self.random.sample(self.writes, min(len(self.writes), self.random.randrange(0, 3)))
        return fetches, [t.op for t in (*targets, *self.training)]


def _descend(variable: Any, value: Any) -> Any:
    return apply_op(registry["ApplyGradientDescent"], variable, tf.constant(1.0), value).outputs[0]


def _roll_into(variable: Any, slot: Any, value: Any) -> Any:
    one, none = tf.constant(1.0), tf.constant(0.0)
    return apply_op(registry["ApplyMomentum"], variable, slot, one, value, none).outputs[0]


def _broadcast(x: Any, y: Any) -> bool:
    try:
        shape = np.broadcast_shapes(tuple(x.shape.as_list()), tuple(y.shape.as_list()))
    except ValueError:
        return False
    return int(np.prod(shape)) <= MAX_SIZE
