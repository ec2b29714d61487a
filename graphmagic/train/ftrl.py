"""FTRL-Proximal: follow the leader, with weights that become exactly zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.constant import constant
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import UpdateOps, update_ops

__all__ = ["FtrlOptimizer"]


def _follow(
    var: Any, accum: Any, linear: Any, grad: Any, shrunk: Any, lr: Any, l1: Any, l2: Any, lr_power: Any
) -> Any:
    total = accum + np.square(grad)
    before, now = np.power(accum, -lr_power), np.power(total, -lr_power)
    linear = linear + shrunk - (now - before) / lr * var
    new = (l1 * np.sign(linear) - linear) / (now / lr + 2 * l2)
    return np.where(np.abs(linear) > l1, new, np.zeros_like(new)), total, linear


@update_ops("Ftrl", "var:&T, accum:&T, linear:&T, grad:T, lr:T, l1:T, l2:T, lr_power:T")
def ftrl_ops(var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any) -> Any:
    return _follow(var, accum, linear, grad, grad, lr, l1, l2, lr_power)


@update_ops("FtrlV2", "var:&T, accum:&T, linear:&T, grad:T, lr:T, l1:T, l2:T, l2_shrinkage:T, lr_power:T")
def ftrl_v2_ops(
    var: Any,
    accum: Any,
    linear: Any,
    grad: Any,
    lr: Any,
    l1: Any,
    l2: Any,
    l2_shrinkage: Any,
    lr_power: Any,
) -> Any:
    return _follow(var, accum, linear, grad, grad + 2 * l2_shrinkage * var, lr, l1, l2, lr_power)


class FtrlOptimizer(Optimizer):
    """Follow the regularized leader, for sparse linear models (McMahan et al. 2013).

    Args:
        learning_rate: a number or a scalar tensor.
        learning_rate_power: how the learning rate falls; at most 0.
        initial_accumulator_value: what the sums of squares start from; not negative.
        l1_regularization_strength: how strongly weights are pulled to zero.
        l2_regularization_strength: how strongly large weights are pulled back.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.
        accum_name: the last part of the name of the sums of squares.
        linear_name: the last part of the name of the linear terms.
        l2_shrinkage_regularization_strength: how strongly weights shrink in proportion to the gradient's magnitude.

    Raises:
        ValueError: an argument has the wrong sign.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.FtrlOptimizer(0.1, initial_accumulator_value=0.21).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    0.49249
    """

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: Any = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        for argument, value in (
            ("initial_accumulator_value", initial_accumulator_value),
            ("l1_regularization_strength", l1_regularization_strength),
            ("l2_regularization_strength", l2_regularization_strength),
            ("l2_shrinkage_regularization_strength", l2_shrinkage_regularization_strength),
        ):
            if value < 0.0:
                raise ValueError(f"{argument} {value} needs to be positive or zero")
        if learning_rate_power > 0.0:
            raise ValueError(f"learning_rate_power {learning_rate_power} needs to be negative or zero")
        self._start = initial_accumulator_value
        self._names = accum_name or name, linear_name or name
        self._shrinks = l2_shrinkage_regularization_strength > 0
        self._settings = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
            "learning_rate_power": learning_rate_power,
        }

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            start = constant(self._start, var.dtype.base_dtype, var.shape)
            self._get_or_make_slot(var, start, "accum", self._names[0])
            self._zeros_slot(var, "linear", self._names[1])

    def _prepare(self) -> None:
        for name, value in self._settings.items():
            self._set_hyper(name, value)

    @property
    def _ops(self) -> UpdateOps:
        return ftrl_v2_ops if self._shrinks else ftrl_ops

    def _slots_of(self, var: Any) -> list[Any]:
        return [self.get_slot(var, "accum"), self.get_slot(var, "linear")]

    def _inputs(self, var: Any) -> list[Tensor]:
        names = [n for n in self._settings if self._shrinks or n != "l2_shrinkage_regularization_strength"]
        return [self._hyper(name, var) for name in names]

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(self._ops.dense, var, *self._slots_of(var), grad, *self._inputs(var))

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        slots = self._slots_of(var)
        return self._apply_op(self._ops.sparse, var, *slots, grad.values, grad.indices, *self._inputs(var))
