"""Adadelta: steps in the proportion of recent steps to recent gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_ops

__all__ = ["AdadeltaOptimizer"]


@update_ops("Adadelta", "var:&T, accum:&T, accum_update:&T, lr:T, rho:T, epsilon:T, grad:T")
def adadelta_ops(var: Any, accum: Any, accum_update: Any, lr: Any, rho: Any, epsilon: Any, grad: Any) -> Any:
    rest = 1 - rho
    accum = accum * rho + np.square(grad) * rest
    update = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    return var - update * lr, accum, accum_update * rho + np.square(update) * rest


class AdadeltaOptimizer(Optimizer):
    """Gradient descent without a learning rate to tune (Zeiler 2012).

    Args:
        learning_rate: a number or a scalar tensor; 1 is the published method.
        rho: how much of the averages remains from step to step.
        epsilon: keeps the first steps from being zero.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.AdadeltaOptimizer(1.0, epsilon=1e-2).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.59175
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._settings = {"lr": learning_rate, "rho": rho, "epsilon": epsilon}

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            self._zeros_slot(var, "accum", self._name)
            self._zeros_slot(var, "accum_update", self._name)

    def _prepare(self) -> None:
        for name, value in self._settings.items():
            self._set_hyper(name, value)

    def _inputs(self, var: Any) -> list[Any]:
        slots = [self.get_slot(var, "accum"), self.get_slot(var, "accum_update")]
        return [*slots, *[self._hyper(name, var) for name in self._settings]]

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(adadelta_ops.dense, var, *self._inputs(var), grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        return self._apply_op(adadelta_ops.sparse, var, *self._inputs(var), grad.values, grad.indices)
