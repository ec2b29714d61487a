"""Adam: momentum and RMSProp together, without their slow start."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.assigning import assign, assign_sub
from graphmagic.ops.casting import cast
from graphmagic.ops.control import group
from graphmagic.ops.elementary import sqrt
from graphmagic.ops.variable import Variable
from graphmagic.ops.variable_scatter import scatter_add
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_op

__all__ = ["AdamOptimizer"]


@update_op(
    "Adam",
    "var:&T, m:&T, v:&T, beta1_power:T, beta2_power:T, lr:T, beta1:T, beta2:T, epsilon:T, grad:T",
    use_nesterov=False,
)
def adam_op(
    var: Any,
    m: Any,
    v: Any,
    beta1_power: Any,
    beta2_power: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
    grad: Any,
    *,
    use_nesterov: bool,
) -> Any:
    rate = lr * np.sqrt(1 - beta2_power) / (1 - beta1_power)
    m = m + (grad - m) * (1 - beta1)
    v = v + (np.square(grad) - v) * (1 - beta2)
    direction = grad * (1 - beta1) + beta1 * m if use_nesterov else m
    return var - direction * rate / (np.sqrt(v) + epsilon), m, v


class AdamOptimizer(Optimizer):
    """Steps along the mean of the gradients over the root of their mean square (Kingma and Ba 2015).

    Args:
        learning_rate: a number or a scalar tensor.
        beta1: how much of the mean remains from step to step.
        beta2: how much of the mean square remains.
        epsilon: keeps divisors from being zero; the ``epsilon hat`` of the paper.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.AdamOptimizer(0.1).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.9
    """

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._settings = {"learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon}

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        first = min(var_list, key=lambda v: v.name)
        for name in ("beta1", "beta2"):
            start = self._call_if_callable(self._settings[name])
            self._create_non_slot_variable(start, f"{name}_power", first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)

    def _prepare(self) -> None:
        for name, value in self._settings.items():
            self._set_hyper(name, value)

    def _powers(self) -> list[Variable]:
        graph = get_default_graph()
        return [self._get_non_slot_variable(f"{name}_power", graph) for name in ("beta1", "beta2")]

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        dtype = var.dtype.base_dtype
        return self._apply_op(
            adam_op,
            var,
            self.get_slot(var, "m"),
            self.get_slot(var, "v"),
            *[cast(power, dtype) for power in self._powers()],
            *[self._hyper(name, var) for name in self._settings],
            grad,
        )

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        """All rows move, also those without a gradient: their means fade.  The operations are TensorFlow's own."""
        dtype = var.dtype.base_dtype
        powers: list[Any] = [cast(power, dtype) for power in self._powers()]
        hypers: list[Any] = [self._hyper(name, var) for name in self._settings]
        (beta1_power, beta2_power), (lr, beta1, beta2, epsilon) = powers, hypers
        values: Any = grad.values
        rate = lr * sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self._faded(self.get_slot(var, "m"), beta1, values * (1 - beta1), grad.indices)
        squares = (values * values) * (1 - beta2)
        v = self._faded(self.get_slot(var, "v"), beta2, squares, grad.indices)
        step = rate * m / (sqrt(v) + epsilon)
        update = assign_sub(var, step, use_locking=self._use_locking)
        return group(update, m, v)

    def _faded(self, slot: Any, beta: Any, rows: Any, indices: Tensor) -> Any:
        faded = assign(slot, slot * beta, use_locking=self._use_locking)
        with get_default_graph().control_dependencies([faded]):
            return scatter_add(slot, indices, rows, use_locking=self._use_locking)

    def _finish(self, update_ops: Sequence[Operation], name_scope: str) -> Operation:
        powers = self._powers()
        values: list[Any] = [power.value() for power in powers]
        with get_default_graph().control_dependencies(update_ops):
            changes = [
                power.assign(value * self._hypers[name], use_locking=self._use_locking)
                for power, value, name in zip(powers, values, ("beta1", "beta2"), strict=True)
            ]
        return group(*update_ops, *changes, name=name_scope)
