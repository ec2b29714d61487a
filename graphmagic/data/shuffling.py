"""The order of a shuffled data set: always any of the next few elements, by TensorFlow's random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphmagic.data.sources import Element, Source, source_op
from graphmagic.ops.checks import invalid
from graphmagic.ops.word_stream import WordStream

__all__ = ["shuffle_op"]

shuffle_op = source_op(
    "ShuffleDataset",
    "input_dataset:variant, buffer_size:int64, seed:int64, seed2:int64",
    defaults={"reshuffle_each_iteration": True},
)


def _taken(ring: list[Any], first: int, last: int, words: WordStream) -> Element:
    """Any of the elements in a ring; the oldest one moves to its place."""
    chosen = (first + words.next() % (last - first)) % len(ring)
    element: Element = ring[chosen]
    ring[chosen] = ring[first % len(ring)]
    return element


@shuffle_op.kernel
def shuffle_kernel(
    source: Source, buffer_size: Any, seed: Any, seed2: Any, *, reshuffle_each_iteration: bool
) -> Source:
    if buffer_size < 1:
        raise invalid("buffer_size must be greater than zero.")
    seeds = int(seed) % 2**64, int(seed2) % 2**64
    parent = WordStream(*seeds)

    def start() -> Iterator[Element]:
        words = WordStream(parent.next(), parent.next()) if reshuffle_each_iteration else WordStream(*seeds)
        elements = source.start()
        ring: list[Any] = [None] * int(buffer_size)
        first = last = 0  # positions of the oldest element and behind the newest; both only grow
        for element in elements:
            ring[last % len(ring)] = element
            last += 1
            if last - first == len(ring):
                yield _taken(ring, first, last, words)
                first += 1
        while first < last:
            yield _taken(ring, first, last, words)
            first += 1

    return Source(start)
