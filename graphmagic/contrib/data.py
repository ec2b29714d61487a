"""Data sets under their old name (``tf.contrib.data``); see `tf.data` and ``tf.data.experimental``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.data import Dataset, FixedLengthRecordDataset, Iterator, TextLineDataset, TFRecordDataset
from graphmagic.data.experimental import (
    Counter,
    CsvDataset,
    bucket_by_sequence_length,
    choose_from_datasets,
    enumerate_dataset,
    get_single_element,
    group_by_window,
    ignore_errors,
    make_csv_dataset,
    map_and_batch,
    parallel_interleave,
    prefetch_to_device,
    sample_from_datasets,
    scan,
    shuffle_and_repeat,
    unbatch,
    unique,
)
from graphmagic.names import namespace as _namespace

__all__ = [
    "Counter",
    "CsvDataset",
    "Dataset",
    "FixedLengthRecordDataset",
    "Iterator",
    "TFRecordDataset",
    "TextLineDataset",
    "batch_and_drop_remainder",
    "bucket_by_sequence_length",
    "choose_from_datasets",
    "enumerate_dataset",
    "get_single_element",
    "group_by_window",
    "ignore_errors",
    "make_csv_dataset",
    "map_and_batch",
    "padded_batch_and_drop_remainder",
    "parallel_interleave",
    "prefetch_to_device",
    "sample_from_datasets",
    "scan",
    "shuffle_and_repeat",
    "unbatch",
    "unique",
]


def batch_and_drop_remainder(batch_size: Any) -> Callable[[Dataset], Dataset]:
    """`Dataset.batch` without a last batch that is smaller."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(
    batch_size: Any, padded_shapes: Any, padding_values: Any = None
) -> Callable[[Dataset], Dataset]:
    """`Dataset.padded_batch` without a last batch that is smaller."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )


__getattr__, __dir__ = _namespace(__name__)
