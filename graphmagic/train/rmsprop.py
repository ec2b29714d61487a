"""RMSProp: gradients divided by the root of their recent mean square."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.initializers import ones_initializer
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import UpdateOps, update_ops

__all__ = ["RMSPropOptimizer"]


@update_ops("RMSProp", "var:&T, ms:&T, mom:&T, lr:T, rho:T, momentum:T, epsilon:T, grad:T")
def rms_prop_ops(
    var: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> Any:
    ms = ms + (np.square(grad) - ms) * (1 - rho)
    mom = mom * momentum + grad * lr / np.sqrt(ms + epsilon)
    return var - mom, ms, mom


@update_ops("CenteredRMSProp", "var:&T, mg:&T, ms:&T, mom:&T, lr:T, rho:T, momentum:T, epsilon:T, grad:T")
def centered_rms_prop_ops(
    var: Any, mg: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> Any:
    ms = ms + (np.square(grad) - ms) * (1 - rho)
    mg = mg + (grad - mg) * (1 - rho)
    mom = mom * momentum + grad * lr / np.sqrt(ms - np.square(mg) + epsilon)
    return var - mom, mg, ms, mom


class RMSPropOptimizer(Optimizer):
    """Gradient descent with each element's gradient divided by the root of its recent mean square (Hinton 2012).

    Args:
        learning_rate: a number or a scalar tensor.
        decay: how much of the mean remains from step to step.
        momentum: how much of the last step is repeated.
        epsilon: keeps divisors from being zero.
        use_locking: whether concurrent runs wait for each other; they always do.
        centered: divide by the standard deviation instead (Graves 2013).
        name: the default name of the training operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.RMSPropOptimizer(0.1).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.9
    """

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._settings = {
            "learning_rate": learning_rate,
            "decay": decay,
            "momentum": momentum,
            "epsilon": epsilon,
        }
        self._centered = centered

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            dtype = var.dtype.base_dtype
            self._get_or_make_slot_with_initializer(
                var, ones_initializer(dtype), var.shape, dtype, "rms", self._name
            )
            if self._centered:
                self._zeros_slot(var, "mg", self._name)
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self) -> None:
        for name, value in self._settings.items():
            self._set_hyper(name, value)

    @property
    def _ops(self) -> UpdateOps:
        return centered_rms_prop_ops if self._centered else rms_prop_ops

    def _inputs(self, var: Any) -> list[Any]:
        names = ["mg"] * self._centered + ["rms", "momentum"]
        slots = [self.get_slot(var, name) for name in names]
        return [*slots, *[self._hyper(name, var) for name in self._settings]]

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(self._ops.dense, var, *self._inputs(var), grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        return self._apply_op(self._ops.sparse, var, *self._inputs(var), grad.values, grad.indices)
