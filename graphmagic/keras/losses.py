"""Losses by their names (``tf.keras.losses``): each gives a number for each example."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import int32
from graphmagic.keras.chosen import chosen
from graphmagic.ops.arithmetic import maximum, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.division import divide
from graphmagic.ops.elementary import log, square
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.reduce import reduce_mean, reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.rounding import abs as abs_

__all__ = [
    "binary_crossentropy",
    "categorical_crossentropy",
    "get",
    "hinge",
    "mean_absolute_error",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
]

TINY = 1e-7  # probabilities are kept this far from 0 and 1


def mean_squared_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the squared errors."""
    return reduce_mean(square(subtract(y_pred, y_true)), -1)


def mean_absolute_error(y_true: Any, y_pred: Any) -> Any:
    """The mean of the sizes of the errors."""
    return reduce_mean(abs_(subtract(y_pred, y_true)), -1)


def hinge(y_true: Any, y_pred: Any) -> Any:
    """How far predictions are from the right side of the margin; labels are -1 and 1."""
    return reduce_mean(maximum(subtract(1.0, multiply(y_true, y_pred)), 0.0), -1)


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
    known: dict[str, Any] = {
        f.__name__: f
        for f in (
            *(binary_crossentropy, categorical_crossentropy, hinge, mean_absolute_error, mean_squared_error),
            sparse_categorical_crossentropy,
        )
    }
    known |= {"mse": mean_squared_error, "mae": mean_absolute_error}
    known |= {"MSE": mean_squared_error, "MAE": mean_absolute_error}
    return chosen("loss function", identifier, known)
