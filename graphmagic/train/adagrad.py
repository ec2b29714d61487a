"""Adagrad: smaller steps for elements that have changed much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.constant import constant
from graphmagic.ops.fill import fill
from graphmagic.ops.initializers import constant_initializer
from graphmagic.ops.queries import shape
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_ops

__all__ = ["AdagradOptimizer"]


@update_ops("Adagrad", "var:&T, accum:&T, lr:T, grad:T", update_slots=True)
def adagrad_ops(var: Any, accum: Any, lr: Any, grad: Any, *, update_slots: bool) -> Any:
    if update_slots:
        accum = accum + np.square(grad)
    return var - grad * lr / np.sqrt(accum), accum


class AdagradOptimizer(Optimizer):
    """Gradient descent with each element's steps divided by the root of its squared gradients' sum (Duchi et al. 2011).

    Args:
        learning_rate: a number or a scalar tensor.
        initial_accumulator_value: what the sums start from; positive.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    Raises:
        ValueError: `initial_accumulator_value` is not positive.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.AdagradOptimizer(0.1, 0.21).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.90909
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            dtype = var.dtype.base_dtype
            if var.shape.is_fully_defined():
                start = constant_initializer(self._initial_accumulator_value, dtype)
                self._get_or_make_slot_with_initializer(
                    var, start, var.shape, dtype, "accumulator", self._name
                )
            else:
                sizes = shape(var.initialized_value())
                value = fill(sizes, constant(self._initial_accumulator_value, dtype))
                self._get_or_make_slot(var, value, "accumulator", self._name)

    def _prepare(self) -> None:
        self._set_hyper("learning_rate", self._learning_rate)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        accumulator = self.get_slot(var, "accumulator")
        return self._apply_op(adagrad_ops.dense, var, accumulator, self._hyper("learning_rate", var), grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        accumulator = self.get_slot(var, "accumulator")
        rate = self._hyper("learning_rate", var)
        return self._apply_op(adagrad_ops.sparse, var, accumulator, rate, grad.values, grad.indices)
