"""Sparse inputs for the table: tensors, and lines about functions of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.data import floats

PLACES = np.array([[0, 1], [0, 3], [2, 0], [2, 2]], np.int64)
OTHERS = np.array([[0, 0], [0, 3], [2, 0]], np.int64)
SHAPE = np.array([3, 4], np.int64)
CUBE = np.array([[0, 0, 1], [0, 1, 3], [1, 2, 0]], np.int64)
BOX = np.array([2, 3, 4], np.int64)


def sparse_inputs(build: Any, count: int = 1) -> Any:
    """The case with each three inputs made one sparse tensor, and sparse results taken apart."""

    def whole(tf: Any, *inputs: Any) -> Any:
        sparse = [tf.SparseTensor(*inputs[3 * i : 3 * i + 3]) for i in range(count)]
        return parts(tf, build(tf, *sparse, *inputs[3 * count :]))

    return whole


def parts(tf: Any, found: Any) -> list[Any]:
    if isinstance(found, tf.SparseTensor):
        return [found.indices, found.values, found.dense_shape]
    if isinstance(found, (list, tuple)):
        return [p for item in found for p in parts(tf, item)]
    return [found]


def call(function: str, *args: Any, count: int = 1, **keywords: Any) -> Any:
    return sparse_inputs(lambda tf, *inputs: find(tf, function)(*inputs, *args, **keywords), count)


def placed(function: str, *args: Any) -> Any:
    """A function of a sparse tensor whose places and shape are constant."""
    return lambda tf, v: parts(tf, find(tf, function)(tf.SparseTensor(PLACES, v, SHAPE), *args))


def find(tf: Any, function: str) -> Any:
    for name in function.split("."):
        tf = getattr(tf, name)
    return tf


MATRIX = (PLACES, floats(4), SHAPE)
OTHER = (OTHERS, floats(3, seed=2), SHAPE)


def always(*answer: str) -> dict[str, Any]:
    return {"full": answer, "unknown": answer}


def gradient(function: Any) -> Any:
    """Asks for a gradient that there is not."""

    def build(tf: Any) -> Any:
        values = tf.constant([1.0, 2.0, 3.0, 4.0])
        return tf.gradients(function(tf, tf.SparseTensor(PLACES, values, SHAPE)), values)

    return build
