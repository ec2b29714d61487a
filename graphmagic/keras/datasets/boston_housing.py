"""Prices of houses (``tf.keras.datasets.boston_housing``), from the file where Keras keeps them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.keras.datasets.files import found_file

__all__ = ["load_data"]


def load_data(
    path: str = "boston_housing.npz", test_split: float = 0.2, seed: int = 113
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """Numbers about districts and the prices there, as ``(x_train, y_train), (x_test, y_test)``.

    Args:
        path: the name of the file in ``~/.keras/datasets``, or its whole path.
        test_split: the share for testing.
        seed: the seed of the order.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
    """
    with np.load(found_file(path, "the arrays x and y")) as arrays:
        x, y = arrays["x"], arrays["y"]
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    x, y = x[order], y[order]
    border = int(len(x) * (1 - test_split))
    return (x[:border], y[:border]), (x[border:], y[border:])
