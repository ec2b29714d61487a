"""The models of ready-made estimators: logits from feature columns, by layers or by weighted sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from graphmagic import summary
from graphmagic.estimator.spec import ModeKeys
from graphmagic.feature_column import input_layer, linear_model
from graphmagic.layers import batch_normalization, dense, dropout
from graphmagic.nn import zero_fraction
from graphmagic.ops.scaling_initializers import glorot_uniform_initializer
from graphmagic.ops.variable_scope import variable_scope
from graphmagic.train.adagrad import AdagradOptimizer
from graphmagic.train.adam import AdamOptimizer
from graphmagic.train.ftrl import FtrlOptimizer
from graphmagic.train.gradient_descent import GradientDescentOptimizer
from graphmagic.train.optimizer import Optimizer
from graphmagic.train.rmsprop import RMSPropOptimizer

__all__ = ["DNN_RATE", "deep_logits", "linear_rate", "optimizer_of", "wide_logits"]

DNN_RATE = 0.05
_OPTIMIZERS: dict[str, Any] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}


def optimizer_of(given: Any, rate: float) -> Optimizer:
    """An optimizer from its name, from a function that makes it, or as it is.

    Raises:
        ValueError: there is none of that name, or it is something else.
    """
    if isinstance(given, str):
        if given not in _OPTIMIZERS:
            raise ValueError(
                f"Unsupported optimizer name: {given}. Supported names are: {tuple(sorted(_OPTIMIZERS))}"
            )
        made: Optimizer = _OPTIMIZERS[given](learning_rate=rate)
        return made
    found = given() if callable(given) else given
    if not isinstance(found, Optimizer):
        raise ValueError(f"The given object is not an Optimizer instance. Given: {found}")
    return found


def linear_rate(columns: Sequence[Any], most: float) -> float:
    """The learning rate for a weighted sum of columns."""
    return min(most, 1.0 / math.sqrt(len(columns)))


def deep_logits(
    features: Any, mode: str, units: int, hidden: Sequence[int], columns: Any, settings: dict[str, Any]
) -> Any:
    """Logits from fully connected layers.

    Args:
        features: the features.
        mode: one of `ModeKeys`.
        units: how many logits.
        hidden: how many units each hidden layer has.
        columns: the feature columns.
        settings: ``activation_fn``, ``dropout`` and ``batch_norm``.
    """
    is_training = mode == ModeKeys.TRAIN
    with variable_scope("dnn", values=tuple(features.values())):
        with variable_scope("input_from_feature_columns", values=tuple(features.values())):
            net = input_layer(features, columns)
        for i, size in enumerate(hidden):
            with variable_scope(f"hiddenlayer_{i}", values=(net,)) as scope:
                net = dense(
                    net,
                    size,
                    activation=settings["activation_fn"],
                    kernel_initializer=glorot_uniform_initializer(),
                    name=scope,  # type: ignore[arg-type]
                )
                if settings["dropout"] is not None and is_training:
                    net = dropout(net, rate=settings["dropout"], training=True)
                if settings["batch_norm"]:
                    net = batch_normalization(
                        net, momentum=0.999, training=is_training, name=f"batchnorm_{i}"
                    )
            _summarize(net, scope.name)
        with variable_scope("logits", values=(net,)) as scope:
            logits = dense(
                net,
                units,
                activation=None,
                kernel_initializer=glorot_uniform_initializer(),
                name=scope,  # type: ignore[arg-type]
            )
        _summarize(logits, scope.name)
    return logits


def _summarize(value: Any, name: str) -> None:
    summary.scalar(f"{name}/fraction_of_zero_values", zero_fraction(value))
    summary.histogram(f"{name}/activation", value)


def wide_logits(features: Any, units: int, columns: Any, combiner: str = "sum") -> Any:
    """Logits that are weighted sums of feature columns."""
    with variable_scope("linear", values=tuple(features.values())):
        return linear_model(features, columns, units=units, sparse_combiner=combiner)
