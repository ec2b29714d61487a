"""A sampler of candidate classes whose frequencies are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic.graph.node import Operation
from graphmagic.nn.candidates import Candidates, declare, sample

__all__ = ["fixed_unigram_candidate_sampler"]

Array = np.ndarray[Any, Any]


class Table:
    """Frequencies of classes, arranged so that two random numbers choose a class (M. D. Vose's alias method, 1991).

    Args:
        weights: the frequencies, float32.
    """

    def __init__(self, weights: Array) -> None:
        self.weights, self.total = weights, np.float32(weights.sum(dtype=np.float64))
        scaled = (weights.astype(np.float64) * len(weights) / weights.sum(dtype=np.float64)).tolist()
        self.other = np.arange(len(weights))
        low = [i for i, p in enumerate(scaled) if p < 1]
        high = [i for i, p in enumerate(scaled) if p >= 1]
        while low and high:
            small, large = low.pop(), high.pop()
            self.other[small] = large
            scaled[large] -= 1.0 - scaled[small]
            (low if scaled[large] < 1 else high).append(large)
        for rest in (*low, *high):
            scaled[rest] = 1.0
        self.keep = np.array(scaled, np.float32)


def _draw(words: Array, classes: int, table: Table) -> Array:
    bits = (words[::2].astype(np.uint32) & np.uint32(0x7FFFFF)) | np.uint32(0x3F800000)
    column = (words[1::2] % np.uint64(len(table.weights))).astype(np.int64)
    return np.where(bits.view(np.float32) - np.float32(1) < table.keep[column], column, table.other[column])


def _chance(values: Array, classes: int, table: Table) -> Array:
    inside = (values >= 0) & (values < len(table.weights))
    chance: Array = table.weights[np.where(inside, values, 0)] / table.total
    return np.where(inside, chance, np.float32(0)).astype(np.float32)


def _table(op: Operation) -> Table:
    """The table of an operation: those classes that belong to its shard."""
    attrs = op.attrs
    reserved = attrs["num_reserved_ids"]
    weights = [0.0] * reserved + [
        float(np.float32(w) ** np.float32(attrs["distortion"])) for w in _counts(op)
    ]
    return Table(np.array(weights[attrs["shard"] :: attrs["num_shards"]], np.float32))


def _counts(op: Operation) -> list[float]:
    if op.attrs["unigrams"]:
        return list(op.attrs["unigrams"])
    with open(op.attrs["vocab_file"], encoding="utf-8") as file:
        return [float(line.rstrip("\n").rpartition(",")[2]) for line in file if line.strip()]


fixed_op = declare("FixedUnigramCandidateSampler", _draw, _chance, _table)


def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Sequence[float] = (),
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Sample classes with given frequencies.

    Args:
        true_classes: the classes of the examples, an int64 matrix of `num_true` columns.
        num_true: the number of classes of each example.
        num_sampled: how many classes to sample.
        unique: whether all sampled classes are different.
        range_max: the number of classes.
        vocab_file: a file with a line for each class, which ends in a comma and the frequency.
        distortion: the power to which frequencies are raised.
        num_reserved_ids: how many classes come before those with frequencies, and are never sampled.
        num_shards: sample from one of so many parts of the classes.
        shard: which part.
        unigrams: the frequencies, instead of `vocab_file`.
        seed: the operation's seed; see `tf.set_random_seed`.
        name: the operation's name.

    Returns:
        (sampled_candidates, true_expected_count, sampled_expected_count)

    Raises:
        ValueError: there are no frequencies, or both a file and a list.

    >>> import graphmagic as tf
    >>> classes = tf.constant([[1], [2]], tf.int64)
    >>> sampler = tf.nn.fixed_unigram_candidate_sampler
    >>> found = sampler(classes, 1, 5, False, 3, unigrams=[0.0, 1.0, 0.0], seed=3)
    >>> tf.Session().run(found.sampled_candidates)
    array([1, 1, 1, 1, 1])
    """
    if bool(vocab_file) == bool(len(unigrams)):
        raise ValueError("Must provide either vocab_file or unigrams, and not both.")
    frequencies = {
        "vocab_file": vocab_file,
        "distortion": distortion,
        "num_reserved_ids": num_reserved_ids,
        "num_shards": num_shards,
        "shard": shard,
        "unigrams": [float(w) for w in unigrams],
    }
    return sample(
        fixed_op, true_classes, num_true, num_sampled, unique, seed, name, range_max=range_max, **frequencies
    )
