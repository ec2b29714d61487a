"""Small pictures of ten kinds (``tf.keras.datasets.cifar10``), from the files where Keras keeps them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.keras.datasets.files import found_file
from graphmagic.keras.datasets.pickles import plain_values

__all__ = ["load_data"]


def load_data() -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The pictures, 32 x 32 x 3, as ``(x_train, y_train), (x_test, y_test)``; labels are columns.

    Raises:
        FileNotFoundError: there is no such folder; nothing is fetched from the internet.
        ValueError: a file holds more than pictures and labels.
    """
    folder = found_file("cifar-10-batches-py", "the files data_batch_1 to data_batch_5 and test_batch")

    def read(name: str) -> tuple[Any, Any]:
        found = plain_values((folder / name).read_bytes())
        pictures = found[b"data"].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return pictures, np.array(found[b"labels"], np.uint8).reshape(-1, 1)

    pieces = [read(f"data_batch_{number}") for number in range(1, 6)]
    x, y = (np.concatenate(parts) for parts in zip(*pieces, strict=True))
    return (x, y), read("test_batch")
