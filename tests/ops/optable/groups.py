"""Data sets that look at several elements: windows, groups, folds."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats
from optable.datasets import first, rows


def numbers(tf: Any, count: int = 5) -> Any:
    return tf.data.Dataset.range(count)


def applied(name: str, *arguments: Any, count: int = 5, **keywords: Any) -> Any:
    return lambda tf: numbers(tf, count).apply(getattr(tf.data.experimental, name)(*arguments, **keywords))


def windows(*arguments: Any) -> Any:
    return lambda tf: numbers(tf).window(*arguments).flat_map(lambda window: window.batch(9))


def inverses(tf: Any, x: Any) -> Any:
    checked = rows(tf, x).map(lambda value: tf.check_numerics(1 / value, "no number"))
    return checked.apply(tf.data.experimental.ignore_errors())


def chosen(tf: Any, *order: int) -> Any:
    which = tf.data.Dataset.from_tensor_slices(np.array(order, np.int64))
    return tf.data.experimental.choose_from_datasets([numbers(tf), numbers(tf, 2)], which)


def folded(tf: Any) -> Any:
    return list(numbers(tf).reduce((np.int64(1), np.float32(2)), lambda s, x: (s[0] + x, s[1] * 2)))


def only(tf: Any, count: int) -> Any:
    return tf.data.experimental.get_single_element(numbers(tf, count))


CASES = [
    Case("WindowDataset", "apart", first(2, windows(3))),
    Case("WindowDataset", "steps", first(3, windows(2, 1, 2))),
    Case(
        "UnbatchDataset",
        "rows",
        first(3, lambda tf, x: rows(tf, x).apply(tf.data.experimental.unbatch())),
        (floats(3, 2),),
    ),
    Case("DirectedInterleaveDataset", "two", first(4, lambda tf: chosen(tf, 1, 0, 0, 1))),
    Case("IgnoreErrorsDataset", "zero", first(2, inverses), (np.array([1, 0, 2], "f"),)),
    Case(
        "UniqueDataset",
        "numbers",
        first(2, lambda tf, x: rows(tf, x).apply(tf.data.experimental.unique())),
        (np.array([1, 1, 2], "i"),),
    ),
    Case("DatasetToSingleElement", "one", lambda tf: only(tf, 1)),
    Case("ReduceDataset", "two", folded),
    Case("ScanDataset", "sums", first(4, applied("scan", np.int64(0), lambda s, x: (s + x, s * x)))),
    Case("TakeWhileDataset", "some", first(3, applied("take_while", lambda x: x < 3))),
    Case(
        "GroupByWindowDataset",
        "parity",
        first(2, applied("group_by_window", lambda x: x % 2, lambda _, group: group.batch(9), 3)),
    ),
]

MISTAKES = [
    Mistake("WindowDataset", "size", first(1, windows(0))),
    Mistake(
        "UnbatchDataset",
        "end",
        first(3, lambda tf: numbers(tf, 2).batch(2).apply(tf.data.experimental.unbatch())),
    ),
    Mistake("DirectedInterleaveDataset", "number", first(1, lambda tf: chosen(tf, 7))),
    Mistake("IgnoreErrorsDataset", "end", first(3, inverses), (np.array([1, 0, 2], "f"),)),
    Mistake(
        "UniqueDataset",
        "end",
        first(3, lambda tf, x: rows(tf, x).apply(tf.data.experimental.unique())),
        (np.array([1, 1, 2], "i"),),
    ),
    Mistake("DatasetToSingleElement", "none", lambda tf: only(tf, 0)),
    Mistake("DatasetToSingleElement", "two", lambda tf: only(tf, 2)),
    Mistake(
        "ReduceDataset",
        "types",
        lambda tf: numbers(tf).reduce(np.int32(0), lambda s, x: tf.cast(x, tf.float32)),
    ),
    Mistake("ScanDataset", "end", first(6, applied("scan", np.int64(0), lambda s, x: (s + x, s * x)))),
    Mistake("TakeWhileDataset", "end", first(4, applied("take_while", lambda x: x < 3))),
    Mistake(
        "GroupByWindowDataset",
        "size",
        first(1, applied("group_by_window", lambda x: x % 2, lambda _, group: group, 0)),
    ),
]
