"""Recorded answers: arrays as JSON that survives the way there and back bit for bit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["FOLDER", "decode", "encode", "load", "save"]

FOLDER = Path(__file__).resolve().parents[2] / "oracle"


def encode(value: Any) -> Any:
    """An array as ``[dtype, shape, flat elements]``; None stays None.

    >>> encode(np.array([[1.5, np.nan]], np.float32))
    ['float32', [1, 2], [1.5, nan]]
    """
    if value is None:
        return None
    array = np.asarray(value)
    if array.dtype == object:
        return ["string", list(array.shape), [_text(item) for item in array.ravel()]]
    if array.dtype.kind == "c":
        return [array.dtype.name, list(array.shape), [[c.real, c.imag] for c in array.ravel().tolist()]]
    if array.dtype in (np.float16, np.float32):  # the shortest digits that mean this very number
        return [array.dtype.name, list(array.shape), [float(str(v)) for v in array.ravel()]]
    return [array.dtype.name, list(array.shape), array.ravel().tolist()]


def decode(recorded: Any) -> Any:
    """The array that `encode` wrote down.

    >>> decode(encode(np.array([0.1], np.float32))).tolist() == np.array([0.1], np.float32).tolist()
    True
    """
    if recorded is None:
        return None
    dtype, shape, elements = recorded
    if dtype == "string":
        array = np.empty(len(elements), object)
        array[:] = [item.encode("latin-1") for item in elements]
        return array.reshape(shape)
    if dtype.startswith("complex"):
        elements = [complex(*pair) for pair in elements]
    return np.array(elements, dtype).reshape(shape)


def _text(item: Any) -> str:
    return (item if isinstance(item, bytes) else str(item).encode()).decode("latin-1")


def save(family: str, answers: dict[str, dict[str, Any]]) -> None:
    """Write the answers of a family, one line each, so that a new recording shows what changed."""
    sections = []
    for section, entries in answers.items():
        lines = [
            f"{json.dumps(key)}:{json.dumps(entry, separators=(',', ':'))}" for key, entry in entries.items()
        ]
        sections.append(f"{json.dumps(section)}:{{\n" + ",\n".join(lines) + "\n}")
    (FOLDER / f"{family}.json").write_text("{" + ",\n".join(sections) + "}\n")


def load(family: str) -> dict[str, dict[str, Any]]:
    """The answers of a family; empty where none are recorded."""
    path = FOLDER / f"{family}.json"
    return json.loads(path.read_text()) if path.exists() else {"cases": {}, "mistakes": {}}
