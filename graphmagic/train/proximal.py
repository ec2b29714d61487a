"""Proximal methods: after each step weights are pulled towards zero, small ones all the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.constant import constant
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_ops

__all__ = ["ProximalAdagradOptimizer", "ProximalGradientDescentOptimizer"]


def _pulled(var: Any, rate: Any, l1: Any, l2: Any) -> Any:
    if l1 > 0:
        var = np.sign(var) * np.maximum(np.abs(var) - rate * l1, 0)
    return var / (1 + l2 * rate)


@update_ops("ProximalGradientDescent", "var:&T, alpha:T, l1:T, l2:T, delta:T")
def proximal_gradient_descent_ops(var: Any, alpha: Any, l1: Any, l2: Any, delta: Any) -> Any:
    return _pulled(var - delta * alpha, alpha, l1, l2)


@update_ops("ProximalAdagrad", "var:&T, accum:&T, lr:T, l1:T, l2:T, grad:T")
def proximal_adagrad_ops(var: Any, accum: Any, lr: Any, l1: Any, l2: Any, grad: Any) -> Any:
    accum = accum + np.square(grad)
    rate = lr / np.sqrt(accum)
    return _pulled(var - grad * rate, rate, l1, l2), accum


class _Proximal(Optimizer):
    def __init__(self, learning_rate: Any, l1: Any, l2: Any, use_locking: bool, name: str) -> None:
        super().__init__(use_locking, name)
        self._settings = {
            "learning_rate": learning_rate,
            "l1_regularization_strength": l1,
            "l2_regularization_strength": l2,
        }

    def _prepare(self) -> None:
        for name, value in self._settings.items():
            self._set_hyper(name, value)

    def _inputs(self, var: Any) -> list[Tensor]:
        return [self._hyper(name, var) for name in self._settings]


class ProximalGradientDescentOptimizer(_Proximal):
    """Gradient descent with weights pulled towards zero (Duchi and Singer 2009).

    Args:
        learning_rate: a number or a scalar tensor.
        l1_regularization_strength: how strongly all weights are pulled.
        l2_regularization_strength: how strongly large weights are pulled.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.ProximalGradientDescentOptimizer(0.5, l1_regularization_strength=0.5).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     sess.run(v)
    np.float32(0.25)
    """

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(
            learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name
        )

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(proximal_gradient_descent_ops.dense, var, *self._inputs(var), grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        opdef = proximal_gradient_descent_ops.sparse
        return self._apply_op(opdef, var, *self._inputs(var), grad.values, grad.indices)


class ProximalAdagradOptimizer(_Proximal):
    """Adagrad with weights pulled towards zero (Duchi et al. 2011).

    Args:
        learning_rate: a number or a scalar tensor.
        initial_accumulator_value: what the sums of squares start from; positive.
        l1_regularization_strength: how strongly all weights are pulled.
        l2_regularization_strength: how strongly large weights are pulled.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    Raises:
        ValueError: `initial_accumulator_value` is not positive.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> step = tf.train.ProximalAdagradOptimizer(0.5, 3.0).minimize(v)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     sess.run(step)
    ...     sess.run(v)
    np.float32(0.75)
    """

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: Any = 0.0,
        l2_regularization_strength: Any = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(f"initial_accumulator_value must be positive: {initial_accumulator_value}")
        super().__init__(
            learning_rate, l1_regularization_strength, l2_regularization_strength, use_locking, name
        )
        self._start = initial_accumulator_value

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            start = constant(self._start, var.dtype.base_dtype, var.shape)
            self._get_or_make_slot(var, start, "accumulator", self._name)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        slot = self.get_slot(var, "accumulator")
        return self._apply_op(proximal_adagrad_ops.dense, var, slot, *self._inputs(var), grad)

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        slot = self.get_slot(var, "accumulator")
        opdef = proximal_adagrad_ops.sparse
        return self._apply_op(opdef, var, slot, *self._inputs(var), grad.values, grad.indices)
