"""Momentum: steps that remember the direction they had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_ops

__all__ = ["MomentumOptimizer"]


@update_ops("Momentum", "var:&T, accum:&T, lr:T, grad:T, momentum:T", use_nesterov=False)
def momentum_ops(var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, *, use_nesterov: bool) -> Any:
    accum = accum * momentum + grad
    if use_nesterov:
        return var - (grad * lr + accum * momentum * lr), accum
    return var - accum * lr, accum


class MomentumOptimizer(Optimizer):
    """Gradient descent along a sum of past gradients that fades (Polyak 1964).

    Args:
        learning_rate: a number or a scalar tensor.
        momentum: how much of the sum remains from step to step.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.
        use_nesterov: look ahead along the sum (Sutskever et al. 2013).

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.MomentumOptimizer(0.1, 0.5).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.75
    """

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._momentum = momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self) -> None:
        self._set_hyper("learning_rate", self._learning_rate)
        self._set_hyper("momentum", self._momentum)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(
            momentum_ops.dense,
            var,
            self.get_slot(var, "momentum"),
            self._hyper("learning_rate", var),
            grad,
            self._hyper("momentum", var),
            use_nesterov=self._use_nesterov,
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        return self._apply_op(
            momentum_ops.sparse,
            var,
            self.get_slot(var, "momentum"),
            self._hyper("learning_rate", var),
            grad.values,
            grad.indices,
            self._hyper("momentum", var),
            use_nesterov=self._use_nesterov,
        )
