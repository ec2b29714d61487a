"""Data sets of comma-separated values."""

from __future__ import annotations

import csv
import math
from collections import OrderedDict
from collections.abc import Sequence
from itertools import islice
from typing import Any

import numpy as np

from graphmagic import gfile
from graphmagic.data import group_ops
from graphmagic.data.dataset import Dataset
from graphmagic.data.files import TextLineDataset
from graphmagic.dtypes import DType, float32, float64, int32, int64, string
from graphmagic.graph.node import Tensor
from graphmagic.ops.constant import constant
from graphmagic.ops.decoding import decode_csv

__all__ = ["CsvDataset", "make_csv_dataset"]


class CsvDataset(Dataset):
    """The rows of files with comma-separated values, as tuples of scalars.

    Args:
        filenames: a path, or several.
        record_defaults: for each column its value where it is empty, or its type if it must not be empty.
        compression_type: ``""``, ``"GZIP"`` or ``"ZLIB"``.
        buffer_size: accepted for old programs.
        header: whether the first line of each file is left out.
        field_delim: what parts values.
        use_quote_delim: whether values in quotes may contain that.
        na_value: another text for an empty value.
        select_cols: the numbers of the columns that are read; all if None.

    >>> import graphmagic as tf, pathlib, tempfile
    >>> path = tempfile.mktemp(".csv")
    >>> _ = pathlib.Path(path).write_text("1,2.5,x\\n3,,y\\n")
    >>> rows = tf.data.experimental.CsvDataset(path, [tf.int32, 0.0, tf.string])
    >>> row = rows.make_one_shot_iterator().get_next()
    >>> with tf.Session() as sess:
    ...     sess.run(row), sess.run(row)
    ((np.int32(1), np.float32(2.5), b'x'), (np.int32(3), np.float32(0.0), b'y'))
    """

    def __init__(
        self, filenames: Any, record_defaults: Sequence[Any], compression_type: Any = None, buffer_size: Any = None,
        header: bool = False, field_delim: str = ",", use_quote_delim: bool = True, na_value: str = "",
        select_cols: Sequence[int] | None = None,
    ) -> None:  # fmt: skip
        defaults = [_default(value) for value in record_defaults]
        names = Dataset.from_tensor_slices(
            np.atleast_1d(filenames) if isinstance(filenames, str) else filenames
        )
        lines = names.flat_map(lambda name: TextLineDataset(name, compression_type).skip(1 if header else 0))
        rows = lines.map(
            lambda line: tuple(
                decode_csv(
                    line, defaults, field_delim, use_quote_delim, na_value=na_value, select_cols=select_cols
                )
            )
        )
        super().__init__(lambda **known: rows.variant(), rows.output_types, rows.output_shapes)


def _default(value: Any) -> Any:
    """What `tf.decode_csv` takes for a default value or a type."""
    if isinstance(value, DType):
        return constant(np.empty(0, object if value is string else value.numpy), value)
    return value if isinstance(value, (Tensor, np.ndarray, list)) else [value]


# The types of columns, the first that fits.
_KINDS = (int32, int64, float32, float64, string)


def _fits(text: str, kind: Any, na_value: str) -> bool:
    if text in ("", na_value) or kind is string:
        return True
    try:
        value = int(text) if kind.is_integer else float(text)
    except ValueError:
        return False
    if not kind.is_integer and not math.isfinite(value):
        return True
    return bool(float(kind.min) <= value <= float(kind.max))


def _inferred(rows: list[list[str]], columns: Sequence[int], na_value: str) -> list[Any]:
    """The types of columns, which must not be empty everywhere."""
    return [
        next(kind for kind in _KINDS if all(_fits(row[column], kind, na_value) for row in rows))
        for column in columns
    ]


def _beginning(path: str, count: int | None, **options: Any) -> list[list[str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(islice(csv.reader(file, **options), count))


def make_csv_dataset(
    file_pattern: Any, batch_size: int, column_names: Sequence[str] | None = None, column_defaults: Any = None,
    label_name: str | None = None, select_columns: Sequence[Any] | None = None, field_delim: str = ",",
    use_quote_delim: bool = True, na_value: str = "", header: bool = True, num_epochs: int | None = None,
    shuffle: bool = True, shuffle_buffer_size: int = 10000, shuffle_seed: int | None = None,
    prefetch_buffer_size: Any = None, num_parallel_reads: Any = None, sloppy: bool = False,
    num_rows_for_inference: int | None = 100, compression_type: Any = None, ignore_errors: bool = False,
) -> Dataset:  # fmt: skip
    """Batches of the rows of files with comma-separated values: dictionaries by column.

    Args:
        file_pattern: paths, or patterns of paths.
        batch_size: how many rows.
        column_names: the names of the columns; those of the first line if None.
        column_defaults: for each column its value where it is empty, or its type; found out from the first rows if
            None.
        label_name: the column with the labels.
        select_columns: the names or numbers of the columns that are read; all if None.
        field_delim: what parts values.
        use_quote_delim: whether values in quotes may contain that.
        na_value: another text for an empty value.
        header: whether the first line of each file has the names.
        num_epochs: how often all rows come; forever if None.
        shuffle: whether in random order.
        shuffle_buffer_size: how many rows are looked at for that.
        shuffle_seed: the seed of the order.
        prefetch_buffer_size: accepted for old programs.
        num_parallel_reads: accepted for old programs.
        sloppy: accepted for old programs.
        num_rows_for_inference: how many rows say which types columns have; all if None.
        compression_type: must be None.
        ignore_errors: whether rows that cannot be read are left out.

    Returns:
        A data set of dictionaries, or of pairs of a dictionary and labels.

    Raises:
        ValueError: no file fits, or there is no such column, or a column is there twice.
    """
    patterns = [file_pattern] if isinstance(file_pattern, str) else list(file_pattern)
    paths = sorted(path for pattern in patterns for path in gfile.Glob(pattern))
    if not paths:
        raise ValueError(f"No files match `file_pattern` {file_pattern}.")
    options: dict[str, Any] = {"delimiter": field_delim}
    if not use_quote_delim:
        options["quoting"] = csv.QUOTE_NONE
    if column_names is None:
        if not header:
            raise ValueError("Expected `column_names` or `header` arguments. Neither is provided.")
        column_names = _beginning(paths[0], 1, **options)[0]
    names = list(column_names)
    if len(set(names)) != len(names):
        raise ValueError("Cannot have duplicate column names.")
    columns = (
        [_number(c, names) for c in select_columns] if select_columns is not None else list(range(len(names)))
    )
    columns.sort()
    if column_defaults is None:
        limit = None if num_rows_for_inference is None else num_rows_for_inference + header
        rows = [row for path in paths for row in _beginning(path, limit, **options)[1 if header else 0 :]]
        column_defaults = [
            _usual(kind) for kind in _inferred(rows[:num_rows_for_inference], columns, na_value)
        ]
    chosen = [names[c] for c in columns]
    if label_name is not None and label_name not in chosen:
        raise ValueError("`label_name` provided must be one of the columns.")
    dataset: Any = CsvDataset(
        paths, column_defaults, None, None, header, field_delim, use_quote_delim, na_value, columns
    )
    if ignore_errors:
        dataset = dataset._with(group_ops.ignore_op)

    def by_name(*values: Any) -> Any:
        features = OrderedDict(zip(chosen, values, strict=True))
        if label_name is None:
            return features
        label = features.pop(label_name)
        return features, label

    if shuffle:
        dataset = dataset.shuffle(shuffle_buffer_size, shuffle_seed)
    return dataset.repeat(num_epochs).batch(batch_size, num_epochs is None).map(by_name)  # type: ignore[no-any-return]


def _usual(kind: Any) -> Any:
    """The value of an empty cell of a column whose type was found out."""
    return [""] if kind is string else constant([0], kind)


def _number(column: Any, names: list[str]) -> int:
    if isinstance(column, str):
        if column not in names:
            raise ValueError(
                f"Value '{column}' specified in `select_columns` is not a valid column index or name."
            )
        return names.index(column)
    return int(column)
