"""Pictures of clothes (``tf.keras.datasets.fashion_mnist``), from the files where Keras keeps them."""

from __future__ import annotations

import gzip
from typing import Any

import numpy as np

from graphmagic.keras.datasets.files import found_file

__all__ = ["load_data"]


def load_data() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The pictures, 28 x 28 pixels, as ``(x_train, y_train), (x_test, y_test)``.

    Raises:
        FileNotFoundError: there are no such files; nothing is fetched from the internet.
    """

    def read(name: str, head: int) -> Any:
        path = found_file(f"fashion-mnist/{name}-ubyte.gz", "Fashion-MNIST's numbers in the IDX format")
        with gzip.open(path) as file:
            return np.frombuffer(file.read(), np.uint8, offset=head)

    parts = []
    for kind in ("train", "t10k"):
        labels = read(f"{kind}-labels-idx1", 8)
        parts.append((read(f"{kind}-images-idx3", 16).reshape(len(labels), 28, 28), labels))
    return parts[0], parts[1]
