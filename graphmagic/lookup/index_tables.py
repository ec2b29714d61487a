"""Tables between words and their numbers, from a list or a file."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import as_dtype, int64, string
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.lookup.initializers import KeyValueTensorInitializer, TextFileInitializer
from graphmagic.lookup.table_ops import LINE_NUMBER, WHOLE_LINE
from graphmagic.lookup.tables import IdTableWithHashBuckets, StaticHashTable
from graphmagic.ops.casting import cast
from graphmagic.ops.fill import range as range_
from graphmagic.ops.queries import size

__all__ = [
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
]


def _check_kind(name: str, dtype: Any) -> Any:
    kind = as_dtype(dtype)
    if not (kind.is_integer or kind is string):
        raise TypeError(f"`{name}` must either be integer or string.")
    return kind


def _with_buckets(table: StaticHashTable, count: int, kind: Any, scope: str) -> Any:
    if count < 0:
        raise ValueError(f"`num_oov_buckets` must be greater or equal than 0, got {count}.")
    return IdTableWithHashBuckets(table, count, key_dtype=kind) if count else table


def index_table_from_tensor(
    vocabulary_list: Any, num_oov_buckets: int = 0, default_value: int = -1, hasher_spec: Any = None,
    dtype: Any = string, name: str | None = None,
) -> Any:  # fmt: skip
    """A table from words to their places in a list.

    Args:
        vocabulary_list: the words, a vector.
        num_oov_buckets: how many numbers there are for unknown words, chosen by hash.
        default_value: the number of all unknown words if there are none.
        hasher_spec: must be the usual one.
        dtype: the type of the words, strings or integers.
        name: the name of the scope.

    Raises:
        ValueError: there are no words, or less than no numbers for unknown ones.
        TypeError: the type is another.

    >>> import graphmagic as tf
    >>> table = tf.contrib.lookup.index_table_from_tensor(["emerson", "lake"], num_oov_buckets=1)
    >>> found = table.lookup(tf.constant(["lake", "palmer"]))
    >>> with tf.Session() as sess:
    ...     sess.run(tf.tables_initializer())
    ...     sess.run(found)
    array([1, 2])
    """
    if vocabulary_list is None:
        raise ValueError("`vocabulary_list` must be specified.")
    if num_oov_buckets < 0:
        raise ValueError(f"`num_oov_buckets` must be greater or equal than 0, got {num_oov_buckets}.")
    kind = _check_kind("dtype", dtype)
    with name_scope(name or "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if not (keys.dtype.is_integer if kind.is_integer else keys.dtype.base_dtype is kind):
            wanted = "integer" if kind.is_integer else str(kind)
            raise ValueError(f"Invalid `dtype`: Expected {wanted}, got {keys.dtype.base_dtype}.")
        numbers = cast(range_(size(keys)), int64)
        with name_scope("hash_table"):
            words = cast(keys, int64) if keys.dtype.is_integer else keys
            pairs = KeyValueTensorInitializer(words, numbers, name="table_init")
            table = StaticHashTable(pairs, default_value)
            return _with_buckets(table, num_oov_buckets, kind, "hash_table")


def index_table_from_file(
    vocabulary_file: Any = None, num_oov_buckets: int = 0, vocab_size: int | None = None, default_value: int = -1,
    hasher_spec: Any = None, key_dtype: Any = string, name: str | None = None, key_column_index: int = WHOLE_LINE,
    value_column_index: int = LINE_NUMBER, delimiter: str = "\t",
) -> Any:  # fmt: skip
    """A table from words to the numbers of their lines in a file, from 0 on.

    Args:
        vocabulary_file: the file.
        num_oov_buckets: how many numbers there are for unknown words, chosen by hash.
        vocab_size: how many lines are read; all if None.
        default_value: the number of all unknown words if there are none.
        hasher_spec: must be the usual one.
        key_dtype: the type of the words, strings or integers.
        name: the name of the scope.
        key_column_index: the column of the words, or one of `TextFileIndex`.
        value_column_index: the column of the numbers, or one of `TextFileIndex`.
        delimiter: what parts columns.

    Raises:
        ValueError: there is no file name, or less than no numbers for unknown words.
        TypeError: the type is another.
    """
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("`vocabulary_file` must be specified and must not be empty.")
    if num_oov_buckets < 0:
        raise ValueError(f"`num_oov_buckets` must be greater or equal than 0, got {num_oov_buckets}.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"`vocab_size` must be greater than 0, got {vocab_size}.")
    kind = _check_kind("key_dtype", key_dtype)
    with name_scope(name or "string_to_index"), name_scope("hash_table"):
        pairs = TextFileInitializer(
            vocabulary_file, int64 if kind.is_integer else kind, key_column_index, int64, value_column_index,
            vocab_size, delimiter, "table_init",
        )  # fmt: skip
        return _with_buckets(StaticHashTable(pairs, default_value), num_oov_buckets, kind, "hash_table")


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: str = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table from int64 numbers to the words at these places in a list.

    Args:
        vocabulary_list: the words, a vector.
        default_value: the word of other numbers.
        name: the name of the scope.

    Raises:
        ValueError: there are no words.
    """
    if vocabulary_list is None:
        raise ValueError("`vocabulary_list` argument must be specified.")
    with name_scope(name or "index_to_string"):
        words = convert_to_tensor(vocabulary_list, string)
        numbers = cast(range_(size(words)), int64)
        pairs = KeyValueTensorInitializer(numbers, words, name="table_init")
        return StaticHashTable(pairs, default_value)


def index_to_string_table_from_file(
    vocabulary_file: Any, vocab_size: int | None = None, default_value: str = "UNK", name: str | None = None,
    key_column_index: int = LINE_NUMBER, value_column_index: int = WHOLE_LINE, delimiter: str = "\t",
) -> StaticHashTable:  # fmt: skip
    """A table from int64 numbers to the words in these lines of a file; arguments as `index_table_from_file`.

    Raises:
        ValueError: there is no file name.
    """
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("vocabulary_file argument must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"`vocab_size` must be greater than 0, got {vocab_size}.")
    with name_scope(name or "index_to_string"):
        pairs = TextFileInitializer(
            vocabulary_file,
            int64,
            key_column_index,
            string,
            value_column_index,
            vocab_size,
            delimiter,
            "table_init",
        )
        return StaticHashTable(pairs, default_value)
