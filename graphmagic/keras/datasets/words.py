"""Texts as lists of numbers of words: what the data sets of reviews and of news have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["as_array", "prepared"]


def prepared(
    texts: Any, labels: Any, seed: int, *, start_char: int | None, oov_char: int | None, index_from: int,
    num_words: int | None, skip_top: int, maxlen: int | None,
) -> tuple[list[list[int]], Any]:  # fmt: skip
    """Texts in random order, with numbers for their beginning and for words that are left out.

    Args:
        texts: lists of numbers of words, the most frequent one has number 1.
        labels: a number for each text.
        seed: the seed of the order.
        start_char: the number that begins each text; None for none.
        oov_char: the number of words that are left out; None drops them.
        index_from: what is added to the numbers of words.
        num_words: words from this number on are left out.
        skip_top: words before this number are left out.
        maxlen: texts of this length or longer are left out.

    >>> prepared([[1, 9, 3]], [0], 113, start_char=1, oov_char=2, index_from=3, num_words=10, skip_top=0, maxlen=None)
    ([[1, 4, 2, 6]], array([0]))
    """
    order = np.arange(len(texts))
    np.random.RandomState(seed).shuffle(order)
    head = [] if start_char is None else [start_char]
    found = [head + [int(word) + index_from for word in texts[i]] for i in order]
    kept = [i for i, text in enumerate(found) if maxlen is None or len(text) < maxlen]
    found, chosen = [found[i] for i in kept], np.asarray(labels)[order][kept]
    most = num_words or max((max(text, default=0) for text in found), default=0) + 1
    if oov_char is None:
        return [[w for w in text if skip_top <= w < most] for text in found], chosen
    return [[w if skip_top <= w < most else oov_char for w in text] for text in found], chosen


def as_array(texts: list[list[int]]) -> Any:
    """Lists of different lengths as an array of lists."""
    result = np.empty(len(texts), object)
    result[:] = texts
    return result
