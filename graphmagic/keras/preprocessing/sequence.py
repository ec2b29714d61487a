"""Preparing sequences (``tf.keras.preprocessing.sequence``)."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["pad_sequences"]


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: str = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> Any:
    """Sequences of one length, as a matrix.

    Args:
        sequences: lists of numbers.
        maxlen: the length; that of the longest if None.
        dtype: the type of the result.
        padding: ``pre`` or ``post``: where short ones are filled.
        truncating: ``pre`` or ``post``: where long ones are cut.
        value: what they are filled with.

    >>> pad_sequences([[1], [2, 3, 4]], maxlen=2).tolist()
    [[0, 1], [3, 4]]
    """
    for name, given in (("Padding", padding), ("Truncating", truncating)):
        if given not in ("pre", "post"):
            raise ValueError(f'{name} type "{given}" not understood')
    length = max(map(len, sequences), default=0) if maxlen is None else maxlen
    result = np.full((len(sequences), length), value, dtype)
    for row, sequence in zip(result, sequences, strict=True):
        kept = list(sequence)[-length:] if truncating == "pre" else list(sequence)[:length]
        if kept and length:
            if padding == "post":
                row[: len(kept)] = kept
            else:
                row[-len(kept) :] = kept
    return result
