"""What tutorials used of TensorFlow 1's contributed code (``tf.contrib``).

Each part is loaded when it is first used; what graphmagic lacks says so.
"""

from __future__ import annotations

import importlib as _importlib
from typing import Any as _Any

_PARTS = frozenset(
    (
        *(
            "crf",
            "distributions",
            "factorization",
            "framework",
            "layers",
            "learn",
            "legacy_seq2seq",
            "rnn",
            "seq2seq",
            "slim",
        ),
        *("tensor_forest", "tensorboard"),
    )
)
_LACKING = {
    "boosted_trees": "for boosted trees use scikit-learn's HistGradientBoostingClassifier",
    "eager": "graphmagic has graphs and sessions only; for eager execution use TensorFlow itself",
    "keras": "use tf.layers",
    "lookup": "look words up in a Python dictionary",
}


def __getattr__(name: str) -> _Any:
    if name in _PARTS:
        return _importlib.import_module(f"graphmagic.contrib.{name}")
    hint = f": {_LACKING[name]}" if name in _LACKING else ""
    raise AttributeError(f"graphmagic has no tf.contrib.{name}{hint}")
