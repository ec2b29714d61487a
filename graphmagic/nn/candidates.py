"""Samplers of candidate classes: a few classes instead of all, for losses over large vocabularies.

They draw the very classes that TensorFlow 1 draws from the same seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.philox import Stream, philox
from graphmagic.ops.random import get_seed
from graphmagic.shapes import TensorShape

__all__ = [
    "all_candidate_sampler",
    "learned_unigram_candidate_sampler",
    "log_uniform_candidate_sampler",
    "uniform_candidate_sampler",
]

Array = np.ndarray[Any, Any]
_RESERVED = 512  # counters per sample that a run sets aside, used or not
_AHEAD = 1024  # counters whose words are made at once, those of runs to come too: so many take twice as long as few


class Candidates(NamedTuple):
    """Sampled classes, and how often each true and each sampled class was to be expected among them."""

    sampled_candidates: Tensor
    true_expected_count: Tensor
    sampled_expected_count: Tensor


class Source:
    """What a sampler knows in one session: its random stream, and for a learning one what it has seen."""

    def __init__(self, op: Operation, counts: Any) -> None:
        self.stream = Stream(op.attrs["seed"] % 2**64, op.attrs["seed2"] % 2**64)
        self.counts = counts
        self._ahead: dict[int, Array] = {}

    def words(self, count: int) -> Iterator[Array]:
        """Blocks of random 32-bit words, enough for `count` samples each even if half of them are drawn again."""
        first, size = self.stream.position, max(count, 16)
        self.stream.position += count * _RESERVED
        if first not in self._ahead:
            runs = max(1, _AHEAD // size)
            starts = range(first, first + runs * count * _RESERVED, count * _RESERVED)
            blocks = self._block(np.concatenate([self._counters(start, size) for start in starts]))
            self._ahead = dict(zip(starts, blocks.reshape(runs, -1), strict=True))
        yield self._ahead.pop(first)
        while True:
            first += size
            yield self._block(self._counters(first, size))

    def _counters(self, first: int, size: int) -> Array:
        return np.arange(first, first + size, dtype=np.uint64)

    def _block(self, counters: Array) -> Array:
        return philox(self.stream.key, self.stream.counter_high, counters).ravel().astype(np.uint64)


# ----- how single classes are drawn: words in, classes out; and how probable each class is -----


def _uniform(words: Array, classes: int, counts: Array) -> Array:
    picked: Array = (words[::2] | (words[1::2] << np.uint64(32))) % np.uint64(classes)
    return picked


def _uniform_chance(values: Array, classes: int, counts: Array) -> Array:
    return np.full(np.shape(values), 1 / classes, np.float32)


def _log_uniform(words: Array, classes: int, counts: Array) -> Array:
    bits = ((words[::2] & np.uint64(0xFFFFF)) << np.uint64(32)) | words[1::2] | np.uint64(0x3FF << 52)
    unit = bits.view(np.float64) - 1.0
    picked: Array = (np.exp(unit * np.log1p(classes)).astype(np.int64) - 1) % classes
    return picked


def _log_uniform_chance(values: Array, classes: int, counts: Array) -> Array:
    x = np.asarray(values, np.float64)
    chance: Array = np.log((x + 2.0) / (x + 1.0)) / np.log1p(classes)
    return chance.astype(np.float32)


def _unigram(words: Array, classes: int, counts: Array) -> Array:
    ends = np.cumsum(counts)
    return np.searchsorted(ends, (words % np.uint64(ends[-1])).astype(np.int64), "right")


def _unigram_chance(values: Array, classes: int, counts: Array) -> Array:
    return counts[values].astype(np.float32) / np.float32(counts.sum())


def _draw(
    source: Source, draw: Callable[..., Array], count: int, classes: int, unique: bool
) -> tuple[Array, int]:
    """`count` classes, and how many draws it took: more than `count` where equal ones are drawn again."""
    found: dict[int, None] | list[int] = {} if unique else []
    tries = 0
    for words in source.words(count):
        for value in draw(words, classes, source.counts).tolist():
            if len(found) == count:
                return np.array([*found], np.int64), tries
            tries += 1
            if isinstance(found, dict):
                found[value] = None
            else:
                found.append(value)
    raise AssertionError("the stream of words has no end")


def _expected(chance: Array, count: int, tries: int) -> Array:
    """How often a class is expected among `count` samples, given that it took so many tries."""
    if tries == count:
        return chance * np.float32(count)
    return -np.expm1(np.float32(tries) * np.log1p(-chance))


def declare(
    name: str,
    draw: Callable[..., Array],
    chance: Callable[..., Array],
    counts_of: Callable[[Operation], Any],
    learns: bool = False,
) -> OpDef:
    """Declare a sampler.

    Args:
        name: the type of operation.
        draw: makes classes of random words, the number of classes and the counts.
        chance: how probable classes are, given the number of classes and the counts.
        counts_of: what a session knows of frequencies at first.
        learns: whether true classes are added to the counts.
    """
    opdef = OpDef(
        name,
        "true_classes:int64 -> sampled_candidates:int64, true_expected_count:float32, "
        "sampled_expected_count:float32",
        defaults={"seed": 0, "seed2": 0},
        stateful=True,
        differentiable=False,
    )

    def kernel(true_classes: Any, *, op: Operation, state: Any) -> tuple[Array, ...]:
        count, classes, unique = (op.attrs[key] for key in ("num_sampled", "range_max", "unique"))
        _check(true_classes, op)
        if unique and count > classes:
            raise invalid("Sampler's range is too small.")
        with state.lock:
            source: Source = state.resource(op, lambda: Source(op, counts_of(op)))
            sampled, tries = _draw(source, draw, count, classes, unique)
            expected = [
                _expected(chance(v, classes, source.counts), count, tries) for v in (true_classes, sampled)
            ]
            if learns:
                np.add.at(source.counts, true_classes.ravel(), 1)
        return sampled, expected[0], expected[1]

    opdef.kernel(kernel)
    opdef.shape_rule(_sampler_shape)
    return opdef


def _check(true_classes: Array, op: Operation) -> None:
    if true_classes.ndim != 2:
        raise invalid("true_classes must be a matrix")
    if true_classes.shape[1] != op.attrs["num_true"]:
        raise invalid(
            f"true_classes must have num_true columns, expected: {true_classes.shape[1]} was: {op.attrs['num_true']}",
        )


def _sampler_shape(true_classes: Tensor, *, num_sampled: int, num_true: int) -> list[TensorShape]:
    if num_sampled < 1:
        raise ValueError("num_sampled must be >= 1")
    rows = of_rank(true_classes.shape, 2).as_list()[0]
    return [TensorShape([num_sampled]), TensorShape([rows, num_true]), TensorShape([num_sampled])]


def _nothing(op: Operation) -> None:
    """All that is to be known of frequencies stands in a formula."""


def _one_of_each(op: Operation) -> Array:
    return np.ones(op.attrs["range_max"], np.int64)


uniform_op = declare("UniformCandidateSampler", _uniform, _uniform_chance, _nothing)
log_uniform_op = declare("LogUniformCandidateSampler", _log_uniform, _log_uniform_chance, _nothing)
learned_unigram_op = declare(
    "LearnedUnigramCandidateSampler", _unigram, _unigram_chance, _one_of_each, learns=True
)

all_op = OpDef(
    "AllCandidateSampler",
    "true_classes:int64 -> sampled_candidates:int64, true_expected_count:float32, sampled_expected_count:float32",
    defaults={"seed": 0, "seed2": 0},
    stateful=True,
    differentiable=False,
)


@all_op.kernel
def all_kernel(true_classes: Any, *, op: Operation) -> tuple[Array, ...]:
    _check(true_classes, op)
    count = op.attrs["num_sampled"]
    return np.arange(count), np.ones(true_classes.shape, np.float32), np.ones(count, np.float32)


all_op.shape_rule(_sampler_shape)


def sample(
    opdef: OpDef,
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: Any,
    name: Any,
    **attrs: Any,
) -> Candidates:
    """Make the operation of a sampler; `attrs` are those that only some have."""
    first, second = get_seed(seed)
    op = apply_op(
        opdef,
        true_classes,
        name=name,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        seed=first or 0,
        seed2=second or 0,
        **attrs,
    )
    return Candidates(*op.outputs)


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Sample classes so that class k comes with probability ``log((k + 2) / (k + 1)) / log(range_max + 1)``.

    That is about Zipf's law for classes sorted by falling frequency, such as words of a vocabulary.

    Args:
        true_classes: the classes of the examples, an int64 matrix of `num_true` columns.
        num_true: the number of classes of each example.
        num_sampled: how many classes to sample.
        unique: whether all sampled classes are different.
        range_max: the number of classes.
        seed: the operation's seed; see `tf.set_random_seed`.
        name: the operation's name.

    Returns:
        (sampled_candidates, true_expected_count, sampled_expected_count)

    Raises:
        InvalidArgumentError: there are fewer classes than are to be sampled uniquely, when the graph runs.

    >>> import graphmagic as tf
    >>> classes = tf.constant([[1], [2]], tf.int64)
    >>> tf.Session().run(tf.nn.log_uniform_candidate_sampler(classes, 1, 5, True, 10, seed=3).sampled_candidates)
    array([0, 6, 4, 1, 5])
    """
    return sample(
        log_uniform_op, true_classes, num_true, num_sampled, unique, seed, name, range_max=range_max
    )


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Sample classes, all with the same probability; arguments as `log_uniform_candidate_sampler`.

    >>> import graphmagic as tf
    >>> classes = tf.constant([[1], [2]], tf.int64)
    >>> tf.Session().run(tf.nn.uniform_candidate_sampler(classes, 1, 5, True, 10, seed=3).sampled_candidates)
    array([5, 0, 3, 8, 7])
    """
    return sample(uniform_op, true_classes, num_true, num_sampled, unique, seed, name, range_max=range_max)


def learned_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Sample classes as often as they have been seen among the true classes, plus one.

    Arguments as `log_uniform_candidate_sampler`; each session counts for itself.

    >>> import graphmagic as tf
    >>> classes = tf.constant([[1], [2]], tf.int64)
    >>> tf.Session().run(tf.nn.learned_unigram_candidate_sampler(classes, 1, 5, True, 10, seed=3).sampled_candidates)
    array([7, 3, 0, 6, 2])
    """
    return sample(
        learned_unigram_op, true_classes, num_true, num_sampled, unique, seed, name, range_max=range_max
    )


def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """All classes from 0 to `num_sampled`, for comparison with the samplers; arguments as there.

    >>> import graphmagic as tf
    >>> classes = tf.constant([[1], [2]], tf.int64)
    >>> tf.Session().run(tf.nn.all_candidate_sampler(classes, 1, 3, True).sampled_candidates)
    array([0, 1, 2])
    """
    return sample(all_op, true_classes, num_true, num_sampled, unique, seed, name)
