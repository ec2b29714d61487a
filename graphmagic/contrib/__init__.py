"""What tutorials used of TensorFlow 1's contributed code (``tf.contrib``).

Each part is loaded when it is first used; what graphmagic lacks says so.
"""

from __future__ import annotations

import importlib as _importlib
from typing import Any as _Any

from graphmagic.names import UnsupportedNameError as _UnsupportedNameError

_OWN = (
    "boosted_trees",
    "crf",
    "distributions",
    "factorization",
    "framework",
    "layers",
    "learn",
    "legacy_seq2seq",
)
_PARTS = {
    **{
        part: f"contrib.{part}"
        for part in (*_OWN, "lookup", "rnn", "seq2seq", "slim", "tensor_forest", "tensorboard")
    },
    **{part: f"contrib.{part}" for part in ("data", "training", "util")},
    "keras": "keras",  # graphmagic's own, under the name it had before
}


def __getattr__(name: str) -> _Any:
    if name in _PARTS:
        return _importlib.import_module(f"graphmagic.{_PARTS[name]}")
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    raise _UnsupportedNameError(__name__, name)


def __dir__() -> list[str]:
    return sorted(_PARTS)
