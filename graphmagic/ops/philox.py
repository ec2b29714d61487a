"""TensorFlow's random streams in NumPy: the counter-based generator Philox4x32-10 and what is made of its bits.

Source: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the use of key and
counter follows TensorFlow's CPU kernels, so that published seeded outputs come out the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from graphmagic.ops.normals import pairs_float32, pairs_float64
from graphmagic.parallel import Contest, both, processors

__all__ = ["Stream"]

Array = np.ndarray[Any, Any]
Fill = Callable[[Array, Array], None]
_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = 0x9E3779B9, 0xBB67AE85
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MIN_SPLIT = 1 << 15  # counters that are worth handing half of over to another thread
_BLOCK = 1 << 13  # counters at a time: six uint64 vectors of this length stay in the second-level cache


def _fill(fill: Fill, counters: Array, out: Array) -> None:
    fill(counters, out)


def _fill_in_halves(fill: Fill, counters: Array, out: Array) -> None:
    middle = len(counters) // 2
    both(partial(fill, counters[:middle], out[:middle]), partial(fill, counters[middle:], out[middle:]))


def philox(key: int, counter_high: int, counters: Array) -> Array:
    """The bits of some counters.

    Args:
        key: the 64-bit key.
        counter_high: the upper 64 bits of the counters.
        counters: their lower 64 bits, uint64 of shape ``[n]``.

    Returns:
        uint32 of shape ``[n, 4]``.

    >>> [hex(word) for word in philox(0, 0, np.zeros(1, np.uint64))[0]]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    out = np.empty((len(counters), 4), np.uint32)
    _fill_words(key, counter_high, counters, out)
    return out


def _fill_words(key: int, counter_high: int, counters: Array, out: Array) -> None:
    for first in range(0, len(counters), _BLOCK):
        words = _philox_block(key, counter_high, counters[first : first + _BLOCK])
        out[first : first + _BLOCK] = words.T


def _philox_block(key: int, counter_high: int, counters: Array) -> Array:
    """The four words of some counters, as uint64 of shape ``[4, n]``."""
    words = np.empty((4, len(counters)), np.uint64)
    c0, c1, c2, c3 = words
    c0[:], c1[:] = counters & _LOW, counters >> _SHIFT
    c2[:], c3[:] = counter_high & 0xFFFFFFFF, counter_high >> 32 & 0xFFFFFFFF
    p, q = np.empty_like(c0), np.empty_like(c0)
    k0, k1 = key & 0xFFFFFFFF, key >> 32 & 0xFFFFFFFF
    for _ in range(10):
        np.multiply(c0, _MULTIPLIERS[0], p)
        np.multiply(c2, _MULTIPLIERS[1], q)
        np.right_shift(q, _SHIFT, c0)
        np.bitwise_xor(c0, c1, c0)
        np.bitwise_xor(c0, np.uint64(k0), c0)
        np.right_shift(p, _SHIFT, c2)
        np.bitwise_xor(c2, c3, c2)
        np.bitwise_xor(c2, np.uint64(k1), c2)
        np.bitwise_and(q, _LOW, c1)
        np.bitwise_and(p, _LOW, c3)
        k0, k1 = (k0 + _WEYL[0]) & 0xFFFFFFFF, (k1 + _WEYL[1]) & 0xFFFFFFFF
    return words


def _unit_float32(words: Array) -> Array:
    """uint32 to float32 in [0, 1): 23 bits become the mantissa of a number in [1, 2)."""
    return ((words & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)).view(np.float32) - np.float32(1)


def _unit_float64(words: Array) -> Array:
    """Pairs of uint32 to float64 in [0, 1): 52 bits become the mantissa."""
    high = (words[..., 0].astype(np.uint64) & np.uint64(0xFFFFF)) << _SHIFT
    bits = high | words[..., 1].astype(np.uint64) | np.uint64(0x3FF << 52)
    return bits.view(np.float64) - 1.0


class Stream:
    """The random numbers of one operation in one session: the same seeds give the same numbers, run after run.

    Args:
        seed: the graph's seed.
        seed2: the operation's seed; both 0 means seeds from the operating system.
        threads: how many threads may make many numbers.

    >>> stream = Stream(42, 3)
    >>> [float(stream.uniform(1, np.float32)[0]) for _ in range(2)]
    [0.63789963722229, 0.8774011135101318]
    """

    def __init__(self, seed: int, seed2: int, threads: int = 1) -> None:
        if seed == 0 and seed2 == 0:
            entropy = np.random.SeedSequence().generate_state(2, np.uint64)
            seed, seed2 = int(entropy[0]), int(entropy[1])
        self.key, self.counter_high, self.position = seed, seed2, 0
        self._is_split = min(threads, processors()) > 1
        self._contest = Contest(_fill, _fill_in_halves)

    def _filled(self, fill: Fill, counters: Array, kind: Any) -> Array:
        """Four numbers of each counter, by a function that fills an array for some counters."""
        out = np.empty((len(counters), 4), kind)
        if self._is_split and len(counters) >= _MIN_SPLIT:
            self._contest(fill, counters, out)
        else:
            fill(counters, out)
        return out

    def _words(self, count: int) -> Array:
        counters = self._counters(-(-count // 4))
        fill = partial(_fill_words, self.key, self.counter_high)
        return self._filled(fill, counters, np.uint32).ravel()[:count]

    def _counters(self, count: int) -> Array:
        return np.arange(count, dtype=np.uint64) + np.uint64(self.position)

    def skip(self, count: int) -> None:
        """Go on to what follows `count` numbers: kernels reserve 256 counters for each, whatever they use."""
        self.position += count * 256

    def doubles(self, count: int) -> Array:
        """`count` float64 in [0, 1) from here on; the stream stays where it is."""
        return _unit_float64(self._words(2 * count).reshape(-1, 2))

    def uniform(self, count: int, dtype: Any) -> Array:
        """`count` floats in [0, 1)."""
        if np.dtype(dtype) == np.float64:
            result = self.doubles(count)
        elif np.dtype(dtype) == np.float16:
            words = self._words(count).astype(np.uint16)
            result = ((words & np.uint16(0x3FF)) | np.uint16(15 << 10)).view(np.float16) - np.float16(1)
        else:
            result = _unit_float32(self._words(count))
        self.skip(count)
        return result

    def integers(self, count: int, low: int, high: int, dtype: Any) -> Array:
        """`count` integers in [low, high)."""
        span = high - low
        if np.dtype(dtype).itemsize == 8:
            words = self._words(2 * count).reshape(-1, 2).astype(np.uint64)
            bits = words[:, 0] | words[:, 1] << _SHIFT
            result = (bits % np.uint64(span)).astype(np.int64) + low
        else:
            result = (self._words(count) % np.uint32(span)).astype(np.int64) + low
        self.skip(count)
        return result.astype(dtype)

    def normal(self, count: int, dtype: Any) -> Array:
        """`count` standard normals."""
        kind = np.dtype(dtype)
        if kind == np.float64:
            result = self._normals_float64(self._counters(-(-count // 2)))
        else:
            result = self._normals_float32(self._counters(-(-count // 4)))
        self.skip(count)
        return result.ravel()[:count].astype(kind, copy=False)

    def _normals_float32(self, counters: Array) -> Array:
        """Four float32 normals of each counter."""
        return self._filled(self._fill_normals, counters, np.float32)

    def _fill_normals(self, counters: Array, out: Array) -> None:
        for first in range(0, len(counters), _BLOCK):
            words = _philox_block(self.key, self.counter_high, counters[first : first + _BLOCK])
            sine, cosine = pairs_float32(words[0::2], words[1::2])
            out[first : first + _BLOCK, 0::2] = sine.T
            out[first : first + _BLOCK, 1::2] = cosine.T

    def _normals_float64(self, counters: Array) -> Array:
        """Two float64 normals of each counter."""
        words = philox(self.key, self.counter_high, counters)
        units = _unit_float64(words.reshape(-1, 2, 2))
        return np.stack(pairs_float64(units[:, 0], units[:, 1]), 1)

    def truncated_normal(self, count: int, dtype: Any) -> Array:
        """`count` standard normals, those beyond two standard deviations drawn again."""
        kind = np.dtype(dtype)
        draw, width = (self._normals_float64, 2) if kind == np.float64 else (self._normals_float32, 4)
        # each number has 64 counters in reserve, and a group takes one of its own for each attempt
        own = np.arange(-(-count // width), dtype=np.uint64) * np.uint64(64 * width) + np.uint64(
            self.position
        )
        out = draw(own)
        todo = np.flatnonzero((np.abs(out) >= 2).any(1))
        filled, attempt = np.zeros(len(own), np.int64), 0
        while len(todo):
            candidates = draw(own[todo] + np.uint64(attempt))
            for candidate in candidates.T:
                keep = (np.abs(candidate) < 2) & (filled[todo] < width)
                out[todo[keep], filled[todo[keep]]] = candidate[keep]
                filled[todo[keep]] += 1
            todo, attempt = todo[filled[todo] < width], attempt + 1
        self.skip(count)
        return out.ravel()[:count].astype(kind, copy=False)

    def shuffle(self, values: Array) -> Array:
        """`values` with their first dimension permuted (Fisher and Yates)."""
        count = len(values)
        order = np.arange(count)
        words = self._words(count)
        for i in range(count - 1):
            j = i + int(words[i] % np.uint32(count - i))
            order[i], order[j] = order[j], order[i]
        self.position += -(-max(count - 1, 0) // 4)
        return values[order]
