"""Optimizers with Keras's names and usual rates, made of those of ``tf.train`` (``tf.keras.optimizers``)."""

from __future__ import annotations

from typing import Any

from graphmagic.keras.chosen import chosen
from graphmagic.train.adadelta import AdadeltaOptimizer
from graphmagic.train.adagrad import AdagradOptimizer
from graphmagic.train.adam import AdamOptimizer
from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.momentum import MomentumOptimizer
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.rmsprop import RMSPropOptimizer

__all__ = ["SGD", "Adadelta", "Adagrad", "Adam", "RMSprop", "get"]


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
    return AdamOptimizer(_rate(lr, decay, options), beta_1, beta_2, 1e-7 if epsilon is None else epsilon)


def RMSprop(
    lr: float = 0.001, rho: float = 0.9, epsilon: float | None = None, decay: float = 0.0, **options: Any
) -> Optimizer:
    """RMSprop (Hinton, 2012)."""
    return RMSPropOptimizer(_rate(lr, decay, options), rho, epsilon=1e-7 if epsilon is None else epsilon)


def Adagrad(lr: float = 0.01, epsilon: float | None = None, decay: float = 0.0, **options: Any) -> Optimizer:
    """Adagrad (Duchi et al., 2011)."""
    return AdagradOptimizer(_rate(lr, decay, options))


def Adadelta(
    lr: float = 1.0, rho: float = 0.95, epsilon: float | None = None, decay: float = 0.0, **options: Any
) -> Optimizer:
    """Adadelta (Zeiler, 2012)."""
    return AdadeltaOptimizer(_rate(lr, decay, options), rho, 1e-7 if epsilon is None else epsilon)


def _rate(lr: float, decay: float, options: dict[str, Any]) -> float:
    if decay:
        raise ValueError("graphmagic's Keras optimizers have no decay: leave it out.")
    return float(options.get("learning_rate", lr))


def get(identifier: Any) -> Optimizer:
    """An optimizer by its name, or as it is; those of ``tf.train`` are welcome."""
    known = {f.__name__.lower(): f for f in (SGD, Adam, RMSprop, Adagrad, Adadelta)}
    if isinstance(identifier, str):
        made: Optimizer = chosen("optimizer", identifier.lower(), known)()
        return made
    if not isinstance(identifier, Optimizer):
        raise ValueError(f"Could not interpret optimizer identifier: {identifier}")
    return identifier
