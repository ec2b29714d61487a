"""Handwritten digits (``tf.keras.datasets.mnist``), from the file where Keras keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["load_data"]


def load_data(path: str = "mnist.npz") -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The digits, as ``(x_train, y_train), (x_test, y_test)``.

    Args:
        path: the name of the file in ``~/.keras/datasets``, or its whole path.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
    """
    places = [Path(path), Path.home() / ".keras" / "datasets" / path]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise FileNotFoundError(
            f"There is no {path} here nor in ~/.keras/datasets, and graphmagic fetches nothing from the internet. "
            "Put the file there, with the arrays x_train, y_train, x_test and y_test."
        )
    with np.load(found) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])
