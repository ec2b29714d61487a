"""Optimizers as Keras has them where those of ``tf.train`` differ: RMSprop, Adamax, Nadam."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.keras.backend import iterations
from graphmagic.ops.arithmetic import maximum
from graphmagic.ops.assigning import assign, assign_sub
from graphmagic.ops.elementary import pow as power
from graphmagic.ops.elementary import sqrt, square
from graphmagic.ops.rounding import abs as abs_
from graphmagic.ops.variable import Variable
from graphmagic.train.optimizer import Optimizer

__all__ = ["AdamaxOptimizer", "NadamOptimizer", "RMSpropOptimizer"]


class _Adaptive(Optimizer):
    """An optimizer whose step is written with operations; all rows take part in it, as in Keras.

    Args:
        learning_rate: a number, or a function that makes a tensor.
        epsilon: keeps divisors from being zero.
        **settings: numbers that the step uses.
    """

    slots: tuple[str, ...] = ()

    def __init__(self, learning_rate: Any, epsilon: float, **settings: float) -> None:
        super().__init__(False, type(self).__name__.removesuffix("Optimizer"))
        self._rate, self.epsilon, self._settings = learning_rate, epsilon, settings

    def _create_slots(self, var_list: Sequence[Any]) -> None:
        for var in var_list:
            for name in self.slots:
                self._zeros_slot(var, name, self._name)

    def _prepare(self) -> None:
        self._set_hyper("learning_rate", self._rate)

    def _apply_sparse(self, grad: Any, var: Any) -> Operation:
        return self._apply_dense(convert_to_tensor(grad), var)

    def _apply_dense(self, grad: Tensor, var: Any) -> Operation:
        way = self.way(grad, [self.get_slot(var, name) for name in self.slots])
        return assign_sub(var, self._hyper("learning_rate", var) * way).op

    def way(self, grad: Any, slots: list[Any]) -> Any:
        """How far a variable goes for a rate of one."""
        raise NotImplementedError


class RMSpropOptimizer(_Adaptive):
    """Gradients over the root of their recent mean square, which begins with zero (Hinton 2012)."""

    slots = ("rms",)

    def way(self, grad: Any, slots: list[Any]) -> Any:
        """How far a variable goes for a rate of one."""
        rho = self._settings["rho"]
        mean = assign(slots[0], rho * slots[0] + (1.0 - rho) * square(grad))
        return grad / (sqrt(mean) + self.epsilon)


class AdamaxOptimizer(_Adaptive):
    """Adam with the largest gradient instead of the mean square (Kingma and Ba 2015, section 7.1)."""

    slots = ("m", "v")

    def way(self, grad: Any, slots: list[Any]) -> Any:
        """How far a variable goes for a rate of one."""
        beta1, beta2 = self._settings["beta_1"], self._settings["beta_2"]
        mean = assign(slots[0], beta1 * slots[0] + (1.0 - beta1) * grad)
        largest = assign(slots[1], maximum(beta2 * slots[1], abs_(grad)))
        return mean / ((1.0 - power(beta1, iterations() + 1.0)) * (largest + self.epsilon))


class NadamOptimizer(_Adaptive):
    """Adam that looks a step ahead (Dozat 2016), with its schedule of momentum."""

    slots = ("m", "v")

    def _prepare(self) -> None:
        super()._prepare()
        beta1, step = self._settings["beta_1"], iterations() + 1.0
        now, following = [beta1 * (1.0 - 0.5 * power(0.96, 0.004 * s)) for s in (step, step + 1.0)]
        first = Variable(1.0, trainable=False, name="momentum_cache")
        self._now, self._next = now, following
        self._product = assign(first, first * now)

    def way(self, grad: Any, slots: list[Any]) -> Any:
        """How far a variable goes for a rate of one."""
        beta1, beta2 = self._settings["beta_1"], self._settings["beta_2"]
        mean = assign(slots[0], beta1 * slots[0] + (1.0 - beta1) * grad)
        squares = assign(slots[1], beta2 * slots[1] + (1.0 - beta2) * square(grad))
        ahead = self._next * mean / (1.0 - self._product * self._next)
        here = (1.0 - self._now) * grad / (1.0 - self._product)
        return (here + ahead) / (sqrt(squares / (1.0 - power(beta2, iterations() + 1.0))) + self.epsilon)
