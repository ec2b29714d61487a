"""Metrics by their names (``tf.keras.metrics``): each gives a number for each example."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import float32, int64
from graphmagic.keras import losses
from graphmagic.ops.casting import cast
from graphmagic.ops.extremes import argmax
from graphmagic.ops.logic import equal, greater
from graphmagic.ops.reduce import reduce_mean
from graphmagic.ops.reshaping import reshape

__all__ = ["binary_accuracy", "categorical_accuracy", "get", "sparse_categorical_accuracy"]


def binary_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether a probability is on the right side of 0.5."""
    return reduce_mean(cast(equal(greater(y_pred, 0.5), greater(y_true, 0.5)), float32), -1)


def categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the most probable class is right, with one-hot labels."""
    return cast(equal(argmax(y_true, -1), argmax(y_pred, -1)), float32)


def sparse_categorical_accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the most probable class is right, with numbers of classes as labels."""
    return cast(equal(cast(reshape(y_true, [-1]), int64), argmax(y_pred, -1)), float32)


def get(identifier: Any, loss: Any) -> Any:
    """A metric by its name; what ``accuracy`` means depends on the loss."""
    if identifier in ("accuracy", "acc"):
        return {
            losses.binary_crossentropy: binary_accuracy,
            losses.sparse_categorical_crossentropy: sparse_categorical_accuracy,
        }.get(loss, categorical_accuracy)
    for function in (binary_accuracy, categorical_accuracy, sparse_categorical_accuracy):
        if identifier == function.__name__:
            return function
    return losses.get(identifier)
