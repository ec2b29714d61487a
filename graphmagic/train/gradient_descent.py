"""Gradient descent: the plainest optimizer."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.variable_scatter import scatter_sub
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_op

__all__ = ["GradientDescentOptimizer"]


@update_op("GradientDescent", "var:&T, alpha:T, delta:T")
def gradient_descent_op(var: Any, alpha: Any, delta: Any) -> Any:
    return np.subtract(var, np.multiply(alpha, delta))


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

    def _prepare(self) -> None:
        self._set_hyper("learning_rate", self._learning_rate)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(gradient_descent_op, var, self._hyper("learning_rate", var), grad)

    def _apply_sparse_duplicate_indices(self, grad: IndexedSlices, var: Any) -> Operation:
        values: Any = grad.values
        steps = values * self._hyper("learning_rate", var)
        return scatter_sub(var, grad.indices, steps, self._use_locking).op
