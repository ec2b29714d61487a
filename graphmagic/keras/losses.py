"""Losses by their names (``tf.keras.losses``): each gives a number for each example."""

from __future__ import annotations

import math
from typing import Any

from graphmagic.dtypes import int32
from graphmagic.keras.chosen import chosen
from graphmagic.nn import l2_normalize, softplus
from graphmagic.ops.arithmetic import add, maximum, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.division import divide
from graphmagic.ops.elementary import log, square
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.fill import fill
from graphmagic.ops.logic import equal, logical_or
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_all, reduce_mean, reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.rounding import abs as abs_

__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "categorical_hinge",
    "cosine_proximity",
    "get",
    "hinge",
    "kullback_leibler_divergence",
    "logcosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
]

TINY = 1e-7  # probabilities are kept this far from 0 and 1


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared errors."""
    return reduce_mean(square(subtract(y_pred, y_true)), -1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the sizes of the errors."""
    return reduce_mean(abs_(subtract(y_pred, y_true)), -1)


def mean_absolute_percentage_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the sizes of the errors, in percent of the labels."""
    sizes = maximum(abs_(y_true), TINY)
    return multiply(100.0, reduce_mean(divide(abs_(subtract(y_true, y_pred)), sizes), -1))


def mean_squared_logarithmic_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared errors of logarithms."""
    predicted, true = [log(add(maximum(y, TINY), 1.0)) for y in (y_pred, y_true)]
    return reduce_mean(square(subtract(predicted, true)), -1)


def _signs(y_true: Any) -> Any:
    """Labels as -1 and 1, if they are 0 and 1."""
    is_binary = reduce_all(logical_or(equal(y_true, 0.0), equal(y_true, 1.0)))
    return where(fill(shape(y_true), is_binary), subtract(multiply(2.0, y_true), 1.0), y_true)


def hinge(y_true: Any, y_pred: Any) -> Any:
    """How far predictions are from the right side of the margin; labels are -1 and 1, or 0 and 1."""
    return reduce_mean(maximum(subtract(1.0, multiply(_signs(y_true), y_pred)), 0.0), -1)


def squared_hinge(y_true: Any, y_pred: Any) -> Any:
    """The squares of how far predictions are from the right side of the margin."""
    return reduce_mean(square(maximum(subtract(1.0, multiply(_signs(y_true), y_pred)), 0.0)), -1)


def categorical_hinge(y_true: Any, y_pred: Any) -> Any:
    """How much better the best wrong class is than the right one, and one."""
    right = reduce_sum(multiply(y_true, y_pred), -1)
    wrong = reduce_max(multiply(subtract(1.0, y_true), y_pred), -1)
    return maximum(0.0, add(subtract(wrong, right), 1.0))


def logcosh(y_true: Any, y_pred: Any) -> Any:
    """The mean of the logarithms of the hyperbolic cosines of the errors."""
    error = subtract(y_pred, y_true)
    return reduce_mean(subtract(add(error, softplus(multiply(-2.0, error))), math.log(2.0)), -1)


def kullback_leibler_divergence(y_true: Any, y_pred: Any) -> Any:
    """How far predicted probabilities are from the true ones (Kullback and Leibler, 1951)."""
    true, predicted = [clip_by_value(y, TINY, 1.0) for y in (y_true, y_pred)]
    return reduce_sum(multiply(true, log(divide(true, predicted))), -1)


def poisson(y_true: Any, y_pred: Any) -> Any:
    """The loss of predicted rates of counts."""
    return reduce_mean(subtract(y_pred, multiply(y_true, log(add(y_pred, TINY)))), -1)


def cosine_proximity(y_true: Any, y_pred: Any) -> Any:
    """The negative cosine of the angle between labels and predictions."""
    return multiply(-1.0, reduce_sum(multiply(l2_normalize(y_true, -1), l2_normalize(y_pred, -1)), -1))


def categorical_crossentropy(y_true: Any, y_pred: Any) -> Any:
    """The cross entropy of probabilities, with one-hot labels."""
    sums = reduce_sum(y_pred, -1, keepdims=True)
    probable = clip_by_value(divide(y_pred, sums), TINY, 1 - TINY)
    return -reduce_sum(multiply(y_true, log(probable)), -1)


def sparse_categorical_crossentropy(y_true: Any, y_pred: Any) -> Any:
    """The cross entropy of probabilities, with numbers of classes as labels."""
    labels = cast(reshape(y_true, [-1]), int32)
    return categorical_crossentropy(one_hot(labels, y_pred.shape.ints[-1]), y_pred)


def binary_crossentropy(y_true: Any, y_pred: Any) -> Any:
    """The cross entropy of probabilities of yes."""
    p: Any = clip_by_value(y_pred, TINY, 1 - TINY)
    each = y_true * log(p) + (1.0 - y_true) * log(1.0 - p)
    return -reduce_mean(each, -1)


def get(identifier: Any) -> Any:
    """A loss by its name."""
    functions = (
        *(binary_crossentropy, categorical_crossentropy, categorical_hinge, cosine_proximity, hinge),
        *(kullback_leibler_divergence, logcosh, mean_absolute_error, mean_absolute_percentage_error),
        *(mean_squared_error, mean_squared_logarithmic_error, poisson, sparse_categorical_crossentropy),
        squared_hinge,
    )
    known: dict[str, Any] = {f.__name__: f for f in functions}
    short = {"mse": mean_squared_error, "mae": mean_absolute_error, "mape": mean_absolute_percentage_error}
    short |= {"msle": mean_squared_logarithmic_error, "kld": kullback_leibler_divergence}
    known |= short | {name.upper(): f for name, f in short.items()} | {"cosine": cosine_proximity}
    return chosen("loss function", identifier, known)
