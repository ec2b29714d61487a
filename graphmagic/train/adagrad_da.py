"""Adagrad with dual averaging: each step is taken from the start, along the sum of all gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.identity import identity
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.update_ops import update_ops

__all__ = ["AdagradDAOptimizer"]


@update_ops(
    "AdagradDA",
    "var:&T, gradient_accumulator:&T, gradient_squared_accumulator:&T, grad:T, lr:T, l1:T, l2:T, global_step:int64",
)
def adagrad_da_ops(
    var: Any, total: Any, squares: Any, grad: Any, lr: Any, l1: Any, l2: Any, global_step: Any
) -> Any:
    step = var.dtype.type(global_step)
    total, squares = total + grad, squares + np.square(grad)
    shrunk = np.sign(total) * np.maximum(np.abs(total) - l1 * step, 0) if l1 > 0 else total
    return -lr * shrunk / (l2 * step * lr + np.sqrt(squares)), total, squares


class AdagradDAOptimizer(Optimizer):
    """Adagrad for sparse linear models: weights that no longer matter become exactly zero (Duchi et al. 2011).

    Args:
        learning_rate: a number or a scalar tensor.
        global_step: the number of steps taken so far, an int64 scalar.
        initial_gradient_squared_accumulator_value: what the sums of squares start from; positive.
        l1_regularization_strength: how strongly weights are pulled to zero.
        l2_regularization_strength: how strongly large weights are pulled back.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the default name of the training operation.

    Raises:
        ValueError: `initial_gradient_squared_accumulator_value` is not positive.

    >>> import graphmagic as tf
    >>> v, steps = tf.Variable(1.0), tf.train.create_global_step()
    >>> step = tf.train.AdagradDAOptimizer(0.1, steps, 0.21).minimize(v, steps)
    >>> with tf.Session() as sess:
    ...     sess.run(tf.global_variables_initializer())
    ...     _ = sess.run(step)
    ...     print(round(float(sess.run(v)), 5))
    -0.09091
    """

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError(
                "initial_gradient_squared_accumulator_value must be positive: "
                f"{initial_gradient_squared_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._global_step = global_step
        self._start = initial_gradient_squared_accumulator_value
        self._l1 = l1_regularization_strength
        self._l2 = l2_regularization_strength
        self._next_step: Tensor | None = None

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            dtype = var.dtype.base_dtype
            zero, start = constant(0.0, dtype, var.shape), constant(self._start, dtype, var.shape)
            self._get_or_make_slot(var, zero, "gradient_accumulator", self._name)
            self._get_or_make_slot(var, start, "gradient_squared_accumulator", self._name)

    def _prepare(self) -> None:
        self._set_hyper("learning_rate", self._learning_rate)
        self._next_step = add(identity(self._global_step), 1, name="add")

    def _slots_of(self, var: Any) -> list[Any]:
        return [self.get_slot(var, name) for name in ("gradient_accumulator", "gradient_squared_accumulator")]

    def _settings(self, var: Any) -> list[Tensor]:
        dtype = var.dtype.base_dtype
        step = identity(self._next_step)
        return [self._hyper("learning_rate", var), cast(self._l1, dtype), cast(self._l2, dtype), step]

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        return self._apply_op(adagrad_da_ops.dense, var, *self._slots_of(var), grad, *self._settings(var))

    def _apply_sparse(self, grad: IndexedSlices, var: Any) -> Operation:
        return self._apply_op(
            adagrad_da_ops.sparse, var, *self._slots_of(var), grad.values, grad.indices, *self._settings(var)
        )
