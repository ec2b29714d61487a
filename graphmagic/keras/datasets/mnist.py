"""Handwritten digits (``tf.keras.datasets.mnist``), from the file where Keras keeps them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.keras.datasets.files import found_file

__all__ = ["load_data"]


def load_data(path: str = "mnist.npz") -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The digits, as ``(x_train, y_train), (x_test, y_test)``.

    Args:
        path: the name of the file in ``~/.keras/datasets``, or its whole path.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
    """
    with np.load(found_file(path, "the arrays x_train, y_train, x_test and y_test")) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
