"""Gradient descent: the plainest optimizer."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops import state
from graphmagic.ops.math import cast, multiply
from graphmagic.train.optimizer import Optimizer

__all__ = ["GradientDescentOptimizer"]


class GradientDescentOptimizer(Optimizer):
    """Subtract the gradient times the learning rate (Cauchy 1847).

    Args:
        learning_rate: a number or a scalar tensor.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable([1.0, 2.0])
    >>> step = tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(v))
    >>> with tf.Session() as sess:
    ...     sess.run(v.initializer)
    ...     sess.run(step)
    ...     sess.run(v)
    array([0.9, 1.9], dtype=float32)
    """

    def __init__(self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent") -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._rate: Tensor | None = None

    def _prepare(self) -> None:
        rate = self._learning_rate() if callable(self._learning_rate) else self._learning_rate
        self._rate = convert_to_tensor(rate, name="learning_rate")

    def _rate_for(self, var: Any) -> Tensor:
        assert self._rate is not None
        return cast(self._rate, var.dtype.base_dtype)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return apply_op(
            state.gradient_descent_op, var, self._rate_for(var), grad, use_locking=self._use_locking
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        steps = multiply(grad.values, self._rate_for(var))
        return apply_op(state.scatter_sub_op, var, grad.indices, steps, use_locking=self._use_locking)
