"""Arrays and lists from pickles, and nothing else: a pickle can name any function to call."""

from __future__ import annotations

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["arrays_in", "plain_values"]

_ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
}


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Only what arrays are made of."""
        if (module, name) not in _ALLOWED:
            raise ValueError(f"the file asks for {module}.{name}, which data does not need; it is not read")
        if name == "_reconstruct":
            return np.zeros(0).__reduce__()[0]
        return super().find_class(module, name)


def plain_values(data: bytes, encoding: str = "bytes") -> Any:
    """Arrays, lists, dictionaries, numbers and texts from a pickle.

    Args:
        data: the pickle.
        encoding: what texts of Python 2 become.

    Raises:
        ValueError: there is something else in it.

    >>> plain_values(pickle.dumps({"a": [1, 2]}))
    {'a': [1, 2]}
    >>> plain_values(pickle.dumps(print))
    Traceback (most recent call last):
    ValueError: the file asks for builtins.print, which data does not need; it is not read
    """
    return _Plain(io.BytesIO(data), encoding=encoding).load()


def arrays_in(path: Path) -> dict[str, Any]:
    """The arrays of an ``.npz`` file, also those that hold lists.

    Args:
        path: the file.

    Raises:
        ValueError: an array holds something else.
    """
    found = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            data = archive.read(name)
            file = io.BytesIO(data)
            version = np.lib.format.read_magic(file)
            read = (
                np.lib.format.read_array_header_1_0
                if version == (1, 0)
                else np.lib.format.read_array_header_2_0
            )
            _, _, dtype = read(file)
            plain = plain_values(file.read()) if dtype.hasobject else np.load(io.BytesIO(data))
            found[name.removesuffix(".npy")] = plain
    return found
