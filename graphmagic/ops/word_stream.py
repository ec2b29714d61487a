"""The numbers of a random stream one after the other, as TensorFlow's data sets and queues take them."""

from __future__ import annotations

import numpy as np

from graphmagic.ops.philox import philox

__all__ = ["WordStream"]


class WordStream:
    """A stream of whole numbers below 2**32.

    Args:
        seed: the key of the stream.
        seed2: the upper half of its counter; if both are 0, the stream is another one each time.

    >>> words = WordStream(3, 7)
    >>> words.next(), words.next()
    (752709976, 3519827686)
    """

    def __init__(self, seed: int, seed2: int) -> None:
        if not seed and not seed2:
            seed, seed2 = (int(n) for n in np.random.SeedSequence().generate_state(2, np.uint64))
        self._seeds, self._position = (seed, seed2), 0
        self._words: list[int] = []

    def next(self) -> int:
        """The next number."""
        if not self._words:
            counters = np.arange(256, dtype=np.uint64) + np.uint64(self._position)
            self._words = philox(*self._seeds, counters).ravel().tolist()[::-1]
            self._position += 256
        return self._words.pop()
