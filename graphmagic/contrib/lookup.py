"""Tables from keys to values, under their old names (``tf.contrib.lookup``); see `tf.lookup`."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import int64, string
from graphmagic.lookup.index_tables import (
    index_table_from_file,
    index_table_from_tensor,
    index_to_string_table_from_file,
    index_to_string_table_from_tensor,
)
from graphmagic.lookup.initializers import KeyValueTensorInitializer, TextFileIndex, TextFileInitializer
from graphmagic.lookup.tables import (
    IdTableWithHashBuckets,
    MutableHashTable,
    StaticHashTable,
    StaticVocabularyTable,
)
from graphmagic.names import namespace as _namespace

__all__ = [
    "HashTable",
    "IdTableWithHashBuckets",
    "KeyValueTensorInitializer",
    "MutableHashTable",
    "StaticHashTable",
    "StaticVocabularyTable",
    "TextFileIdTableInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "TextFileStringTableInitializer",
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
]


class HashTable(StaticHashTable):
    """`tf.lookup.StaticHashTable` under its old name.

    Args:
        initializer: what fills it.
        default_value: the value of keys that are not there.
        shared_name: accepted for old programs.
        name: the operation's name.
    """

    def __init__(
        self, initializer: Any, default_value: Any, shared_name: str | None = None, name: str | None = None
    ) -> None:
        super().__init__(initializer, default_value, name)


class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table from int64 numbers of lines to the words in them; arguments as `TextFileInitializer`."""

    def __init__(
        self, filename: Any, key_column_index: int = TextFileIndex.LINE_NUMBER,
        value_column_index: int = TextFileIndex.WHOLE_LINE, vocab_size: int | None = None, delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:  # fmt: skip
        super().__init__(
            filename, int64, key_column_index, string, value_column_index, vocab_size, delimiter, name
        )


class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table from words to the int64 numbers of their lines; arguments as `TextFileInitializer`."""

    def __init__(
        self, filename: Any, key_column_index: int = TextFileIndex.WHOLE_LINE,
        value_column_index: int = TextFileIndex.LINE_NUMBER, vocab_size: int | None = None, delimiter: str = "\t",
        name: str = "text_file_id_table_init", key_dtype: Any = string,
    ) -> None:  # fmt: skip
        super().__init__(
            filename, key_dtype, key_column_index, int64, value_column_index, vocab_size, delimiter, name
        )


__getattr__, __dir__ = _namespace(__name__)
