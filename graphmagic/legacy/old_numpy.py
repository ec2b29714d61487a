"""Names that programs of TensorFlow 1's time use of NumPy and that NumPy has dropped since; only the alias lends them."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy as np

__all__ = ["lend", "take_back"]

_TYPES = {"float": float, "int": int, "object": object, "str": str, "complex": complex, "unicode": str}
_RENAMED = {
    "Inf": "inf",
    "Infinity": "inf",
    "NaN": "nan",
    "alltrue": "all",
    "complex_": "complex128",
    "cumproduct": "cumprod",
    "float_": "float64",
    "infty": "inf",
    "product": "prod",
    "round_": "round",
    "row_stack": "vstack",
    "sometrue": "any",
    "string_": "bytes_",
    "trapz": "trapezoid",
    "unicode_": "str_",
}
_former: dict[str, Any] = {}  # what lent names stood for before, None for nothing


def _asscalar(a: Any) -> Any:
    """The only element of an array, as a Python number."""
    return a.item()


def _reshape(former: Any) -> Any:
    @functools.wraps(former)
    def reshape(a: Any, *args: Any, **options: Any) -> Any:
        if "newshape" in options:
            options["shape"] = options.pop("newshape")
        return former(a, *args, **options)

    return reshape


def _wanted() -> dict[str, Any]:
    here = vars(np)
    names = (
        _TYPES | {old: here[new] for old, new in _RENAMED.items() if new in here} | {"asscalar": _asscalar}
    )
    missing = {name: value for name, value in names.items() if name not in here}
    if "newshape" not in inspect.signature(np.reshape).parameters:
        missing["reshape"] = _reshape(np.reshape)
    return missing


def lend() -> None:
    """Give NumPy the names back that it lacks; twice changes nothing.

    >>> lend()
    >>> np.reshape([1, 2], newshape=[2, 1]).astype(np.float).tolist()
    [[1.0], [2.0]]
    >>> take_back()
    >>> "float" in vars(np)
    False
    """
    if _former:
        return
    for name, value in _wanted().items():
        _former[name] = vars(np).get(name)
        setattr(np, name, value)


def take_back() -> None:
    """Undo `lend`."""
    for name, value in _former.items():
        if value is None:
            delattr(np, name)
        else:
            setattr(np, name, value)
    _former.clear()
