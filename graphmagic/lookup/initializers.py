"""What fills a table: tensors, or a file."""

from __future__ import annotations

from typing import Any

from graphmagic.dtypes import as_dtype, int64, string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import add_to_collection, name_scope
from graphmagic.graph.graph import GraphKeys
from graphmagic.graph.node import Operation
from graphmagic.lookup.table_ops import LINE_NUMBER, WHOLE_LINE, file_op, import_op

__all__ = ["KeyValueTensorInitializer", "TextFileIndex", "TextFileInitializer"]


class TextFileIndex:
    """Which part of a line is a key or a value, besides the number of a column."""

    WHOLE_LINE = WHOLE_LINE
    LINE_NUMBER = LINE_NUMBER


class _Initializer:
    """What fills a table with keys and values of some types."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self.key_dtype, self.value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    def initialize(self, table: Any) -> Operation:
        """The operation that fills a table; it joins the collection that `tf.tables_initializer` runs.

        Raises:
            TypeError: the table is for other types.
        """
        for what, found, wanted in (
            ("key", self.key_dtype, table.key_dtype),
            ("value", self.value_dtype, table.value_dtype),
        ):
            if found is not wanted:
                raise TypeError(f"Invalid {what} dtype for table, expected {wanted} but got {found}.")
        op = self._fill(table)
        add_to_collection(GraphKeys.TABLE_INITIALIZERS, op)
        return op

    def _fill(self, table: Any) -> Operation:
        raise NotImplementedError


class KeyValueTensorInitializer(_Initializer):
    """Fills a table with keys and values.

    Args:
        keys: the keys, a tensor.
        values: the values, a tensor of the same shape.
        key_dtype: the type of the keys if it is not to be theirs.
        value_dtype: the type of the values if it is not to be theirs.
        name: the name of the scope of the operation.
    """

    def __init__(
        self, keys: Any, values: Any, key_dtype: Any = None, value_dtype: Any = None, name: str | None = None
    ) -> None:
        self._keys = convert_to_tensor(keys, key_dtype, name="keys")
        self._values = convert_to_tensor(values, value_dtype, name="values")
        self._name = name or "key_value_init"
        super().__init__(self._keys.dtype.base_dtype, self._values.dtype.base_dtype)

    def _fill(self, table: Any) -> Operation:
        with name_scope(self._name):
            return apply_op(import_op, table.resource_handle, self._keys, self._values)


class TextFileInitializer(_Initializer):
    """Fills a table with what is in the lines of a file.

    Args:
        filename: the file.
        key_dtype: the type of the keys.
        key_index: the number of their column, or one of `TextFileIndex`.
        value_dtype: the type of the values.
        value_index: the number of their column, or one of `TextFileIndex`.
        vocab_size: how many lines are read; all if None.
        delimiter: what parts columns.
        name: the name of the scope of the operation.
        value_index_offset: what is added to numbers of lines.

    Raises:
        ValueError: an index is none, or not for keys or values of this type.
    """

    def __init__(
        self, filename: Any, key_dtype: Any, key_index: int, value_dtype: Any, value_index: int,
        vocab_size: int | None = None, delimiter: str = "\t", name: str | None = None, value_index_offset: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(key_dtype, value_dtype)
        _check_index("key", key_index, self.key_dtype)
        _check_index("value", value_index, self.value_dtype)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"`vocab_size` should be positive, got: {vocab_size}.")
        if key_index == value_index and key_index >= 0:
            raise ValueError(
                f"`key_index` and `value_index` should be different, but both are set to {key_index}."
            )
        self._filename = convert_to_tensor(filename, string, name="asset_path")
        self._name = name or "text_file_init"
        self._attrs: dict[str, Any] = {
            "key_index": key_index,
            "value_index": value_index,
            "vocab_size": -1 if vocab_size is None else vocab_size,
            "delimiter": delimiter,
            "offset": value_index_offset,
        }

    def _fill(self, table: Any) -> Operation:
        add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        with name_scope(self._name):
            return apply_op(file_op, table.resource_handle, self._filename, **self._attrs)


def _check_index(what: str, index: int, dtype: Any) -> None:
    if index < WHOLE_LINE:
        raise ValueError(f"`{what}_index` should be >= -2, received: {index}.")
    if index == LINE_NUMBER and dtype is not int64:
        raise ValueError(
            f"`{what}_dtype` must be int64 if `{what}_index` is TextFileIndex.LINE_NUMBER, received: {dtype}"
        )
    if index == WHOLE_LINE and not (dtype is string or dtype.is_integer):
        raise ValueError(
            f"`{what}_dtype` should be either integer or string for `{what}_index` {index}, received: {dtype}"
        )
