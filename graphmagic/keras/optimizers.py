"""Optimizers with Keras's names and usual rates, made of those of ``tf.train`` (``tf.keras.optimizers``)."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.adaptive import AdamaxOptimizer, NadamOptimizer, RMSpropOptimizer
from graphmagic.keras.backend import iterations
from graphmagic.keras.chosen import chosen
from graphmagic.ops.arithmetic import add, multiply
from graphmagic.ops.division import divide
from graphmagic.train.adadelta import AdadeltaOptimizer
from graphmagic.train.adagrad import AdagradOptimizer
from graphmagic.train.adam import AdamOptimizer
from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.momentum import MomentumOptimizer
from graphmagic.train.optimizer import Optimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "Adamax", "Nadam", "RMSprop", "get"]

TINY = 1e-7  # what Keras adds to divisors


def SGD(
    lr: float = 0.01, momentum: float = 0.0, decay: float = 0.0, nesterov: bool = False, **options: Any
) -> Optimizer:
    """Gradient descent, perhaps with momentum."""
    rate = _rate(lr, decay, options)
    if momentum:
        return MomentumOptimizer(rate, momentum, use_nesterov=nesterov)
    return GradientDescentOptimizer(rate)


def Adam(
    lr: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float | None = None,
    decay: float = 0.0,
    **options: Any,
) -> Optimizer:
    """Adam (Kingma and Ba, 2014)."""
    return AdamOptimizer(_rate(lr, decay, options), beta_1, beta_2, TINY if epsilon is None else epsilon)


def RMSprop(
    lr: float = 0.001, rho: float = 0.9, epsilon: float | None = None, decay: float = 0.0, **options: Any
) -> Optimizer:
    """RMSprop (Hinton, 2012)."""
    return RMSpropOptimizer(_rate(lr, decay, options), TINY if epsilon is None else epsilon, rho=rho)


def Adagrad(lr: float = 0.001, epsilon: float | None = None, decay: float = 0.0, **options: Any) -> Optimizer:
    """Adagrad (Duchi et al., 2011)."""
    return AdagradOptimizer(_rate(lr, decay, options))


def Adadelta(
    lr: float = 0.001, rho: float = 0.95, epsilon: float | None = None, decay: float = 0.0, **options: Any
) -> Optimizer:
    """Adadelta (Zeiler, 2012)."""
    return AdadeltaOptimizer(_rate(lr, decay, options), rho, TINY if epsilon is None else epsilon)


def Adamax(
    lr: float = 0.001, beta_1: float = 0.9, beta_2: float = 0.999, epsilon: float | None = None, decay: float = 0.0,
    **options: Any,
) -> Optimizer:  # fmt: skip
    """Adam with the largest gradient (Kingma and Ba, 2014)."""
    rate = _rate(lr, decay, options)
    return AdamaxOptimizer(rate, TINY if epsilon is None else epsilon, beta_1=beta_1, beta_2=beta_2)


def Nadam(
    lr: float = 0.001,
    beta_1: float = 0.9,
    beta_2: float = 0.999,
    epsilon: float | None = None,
    **options: Any,
) -> Optimizer:
    """Adam that looks a step ahead (Dozat, 2016)."""
    rate = _rate(lr, 0.0, options)
    return NadamOptimizer(rate, TINY if epsilon is None else epsilon, beta_1=beta_1, beta_2=beta_2)


def _rate(lr: float, decay: float, options: dict[str, Any]) -> Any:
    """The learning rate, or what makes one that falls from step to step."""
    rate = float(options.get("learning_rate", lr))
    return (lambda: divide(rate, add(1.0, multiply(decay, iterations())))) if decay else rate


def get(identifier: Any) -> Optimizer:
    """An optimizer by its name, or as it is; those of ``tf.train`` are welcome."""
    known = {f.__name__.lower(): f for f in (SGD, Adam, RMSprop, Adagrad, Adadelta, Adamax, Nadam)}
    if isinstance(identifier, str):
        made: Optimizer = chosen("optimizer", identifier.lower(), known)()
        return made
    if not isinstance(identifier, Optimizer):
        raise ValueError(f"Could not interpret optimizer identifier: {identifier}")
    return identifier
