"""News of 46 kinds (``tf.keras.datasets.reuters``), from the file where Keras keeps them."""

from __future__ import annotations

import json
from typing import Any

from graphmagic.keras.datasets.files import found_file
from graphmagic.keras.datasets.pickles import arrays_in
from graphmagic.keras.datasets.words import as_array, prepared

__all__ = ["get_word_index", "load_data"]


def load_data(
    path: str = "reuters.npz", num_words: int | None = None, skip_top: int = 0, maxlen: int | None = None,
    test_split: float = 0.2, seed: int = 113, start_char: int | None = 1, oov_char: int | None = 2, index_from: int = 3,
) -> tuple[tuple[Any, Any], tuple[Any, Any]]:  # fmt: skip
    """The texts as lists of numbers of words, as ``(x_train, y_train), (x_test, y_test)``.

    Args:
        path: the name of the file in ``~/.keras/datasets``, or its whole path.
        num_words: only the most frequent words.
        skip_top: without the most frequent ones.
        maxlen: only shorter texts.
        test_split: the share for testing.
        seed: the seed of the order.
        start_char: the number that begins each text.
        oov_char: the number of words that are left out; None drops them.
        index_from: what is added to the numbers of words.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
        ValueError: the file holds more than lists of numbers.
    """
    arrays = arrays_in(found_file(path, "the arrays x and y"))
    options: dict[str, Any] = {
        "start_char": start_char, "oov_char": oov_char, "index_from": index_from, "num_words": num_words,
        "skip_top": skip_top, "maxlen": maxlen,
    }  # fmt: skip
    x, y = prepared(arrays["x"], arrays["y"], seed, **options)
    border = int(len(x) * (1 - test_split))
    return (as_array(x[:border]), y[:border]), (as_array(x[border:]), y[border:])


def get_word_index(path: str = "reuters_word_index.json") -> dict[str, int]:
    """The number of each word.

    Args:
        path: the name of the file in ``~/.keras/datasets``, or its whole path.

    Raises:
        FileNotFoundError: there is no such file; nothing is fetched from the internet.
    """
    found: dict[str, int] = json.loads(found_file(path, "words and their numbers").read_text())
    return found
