"""Tables that are filled once, with room for unknown words, or that change while a program runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import as_dtype, int64, string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.lookup.table_ops import (
    export_op,
    find_op,
    hash_table_op,
    insert_op,
    mutable_table_op,
    remove_op,
    size_op,
)
from graphmagic.ops.arithmetic import add
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.control import no_op
from graphmagic.ops.logic import not_equal
from graphmagic.ops.string_numbers import as_string, string_to_hash_bucket_fast

__all__ = ["IdTableWithHashBuckets", "MutableHashTable", "StaticHashTable", "StaticVocabularyTable"]


class _Table:
    """A table from keys to values of some types."""

    resource_handle: Any
    default_value: Any
    _name: str

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self.key_dtype, self.value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def name(self) -> str:
        """The name of the table's operation."""
        return self._name

    def size(self, name: str | None = None) -> Tensor:
        """How many entries there are, an int64 scalar."""
        with name_scope(name or f"{self._name}_Size"):
            return apply_op(size_op, self.resource_handle).outputs[0]

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The values of keys, the default value for those that are not there.

        Args:
            keys: a tensor or a sparse tensor.
            name: the name of the scope.

        Raises:
            TypeError: the keys are of another type.
        """
        return _of_values(keys, lambda found: self._find(found, name))

    def _find(self, keys: Any, name: str | None) -> Any:
        tensor = convert_to_tensor(keys)
        if tensor.dtype.base_dtype is not self.key_dtype:
            raise TypeError(
                f"Dtype of argument `keys` must be {self.key_dtype}, received: {tensor.dtype.base_dtype}"
            )
        with name_scope(name or f"{self._name}_Lookup"):
            return apply_op(find_op, self.resource_handle, tensor, self.default_value).outputs[0]


def _of_values(keys: Any, find: Callable[[Any], Any]) -> Any:
    """What is found for keys, or for the values of sparse ones."""
    if isinstance(keys, SparseTensor):
        return SparseTensor(keys.indices, find(keys.values), keys.dense_shape)
    return find(keys)


class StaticHashTable(_Table):
    """A table that is filled once, when `tf.tables_initializer` runs.

    Args:
        initializer: what fills it.
        default_value: the value of keys that are not there.
        name: the operation's name.

    Raises:
        TypeError: the default value is of another type.

    >>> import graphmagic as tf
    >>> pairs = tf.lookup.KeyValueTensorInitializer(["one", "two"], [1, 2])
    >>> table = tf.lookup.StaticHashTable(pairs, -1)
    >>> found = table.lookup(tf.constant(["two", "ten"]))
    >>> with tf.Session() as sess:
    ...     sess.run(tf.tables_initializer())
    ...     sess.run(found)
    array([ 2, -1], dtype=int32)
    """

    def __init__(self, initializer: Any, default_value: Any, name: str | None = None) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self.default_value = convert_to_tensor(default_value, self.value_dtype)
        types = {"key_dtype": self.key_dtype, "value_dtype": self.value_dtype}
        op = apply_op(hash_table_op, name=name or "hash_table", **types)
        self.resource_handle, self._name = op.outputs[0], op.name.rpartition("/")[2]
        self._initializer = initializer.initialize(self)

    @property
    def initializer(self) -> Any:
        """The operation that fills it."""
        return self._initializer

    init = initializer


class IdTableWithHashBuckets:
    """A table from words to numbers, with numbers for unknown words too, by their hash.

    Args:
        table: a table to int64, or None if all words are hashed.
        num_oov_buckets: how many numbers there are for unknown words.
        hasher_spec: must be the usual one.
        name: the name of the scope.
        key_dtype: the type of the words; that of the table if None.

    Raises:
        ValueError: there is no table and there are no numbers for unknown words.
    """

    def __init__(
        self, table: Any, num_oov_buckets: int, hasher_spec: Any = None, name: str | None = None, key_dtype: Any = None
    ) -> None:  # fmt: skip
        if table is None and num_oov_buckets <= 0:
            raise ValueError(
                f"Either `table` or `num_oov_buckets` > 0 must be specified, got `table`=None and "
                f"`num_oov_buckets`={num_oov_buckets}."
            )
        self._table, self._count = table, num_oov_buckets
        self._given = name
        self.key_dtype = as_dtype(key_dtype or (string if table is None else table.key_dtype))
        self.value_dtype = int64

    @property
    def name(self) -> str:
        """The name of the table."""
        if self._given:
            return self._given
        return f"hash_table_{id(self)}" if self._table is None else str(self._table.name)

    @property
    def initializer(self) -> Any:
        """The operation that fills the table."""
        return no_op() if self._table is None else self._table.initializer

    init = initializer

    def size(self, name: str | None = None) -> Any:
        """How many numbers there are, an int64 scalar."""
        with name_scope(name or f"{self.name}_Size"):
            known = convert_to_tensor(0, int64) if self._table is None else self._table.size()
            return known + convert_to_tensor(self._count, int64)

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The numbers of words.

        Args:
            keys: a tensor or a sparse tensor.
            name: the name of the scope.

        Raises:
            TypeError: the words are of another type.
        """
        return _of_values(keys, lambda found: self._find(convert_to_tensor(found), name))

    def _find(self, keys: Any, name: str | None) -> Any:
        if keys.dtype.base_dtype is not self.key_dtype:
            raise TypeError(
                f"Dtype of argument `keys` must be {self.key_dtype}, received: {keys.dtype.base_dtype}"
            )
        if self._count == 0:
            return self._table.lookup(keys, name)
        with name_scope(name or f"{self.name}_Lookup"):
            words = keys if self.key_dtype is string else as_string(cast(keys, int64))
            buckets = string_to_hash_bucket_fast(words, self._count, name="hash_bucket")
            if self._table is None:
                return buckets
            found = self._table.lookup(keys)
            others = add(buckets, self._table.size())
            return where(not_equal(found, self._table.default_value), found, others)


class StaticVocabularyTable(IdTableWithHashBuckets):
    """A table from words to int64 numbers, with numbers for unknown words behind the others.

    Args:
        initializer: what fills it with the words and the numbers from 0 on; None if all words are hashed.
        num_oov_buckets: how many numbers there are for unknown words.
        lookup_key_dtype: the type of the words; that of the initializer if None.
        name: the operation's name.

    Raises:
        TypeError: the numbers are no int64.
        ValueError: there are no numbers for unknown words.

    >>> import graphmagic as tf
    >>> pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
    >>> found = tf.lookup.StaticVocabularyTable(pairs, 3).lookup(tf.constant(["b", "q", "zz"]))
    >>> with tf.Session() as sess:
    ...     sess.run(tf.tables_initializer())
    ...     sess.run(found)
    array([1, 4, 3])
    """

    def __init__(
        self, initializer: Any, num_oov_buckets: int, lookup_key_dtype: Any = None, name: str | None = None
    ) -> None:  # fmt: skip
        if num_oov_buckets <= 0:
            raise ValueError(
                f"`num_oov_buckets` must be > 0; use StaticHashTable. Received: {num_oov_buckets}"
            )
        if initializer is not None and initializer.value_dtype is not int64:
            raise TypeError(f"Invalid `value_dtype`, expected {int64} but got {initializer.value_dtype}.")
        table = None if initializer is None else StaticHashTable(initializer, -1, name)
        super().__init__(table, num_oov_buckets, name=name, key_dtype=lookup_key_dtype)


class MutableHashTable(_Table):
    """A table that operations put entries in; empty at first, in each session one of its own.

    Args:
        key_dtype: the type of the keys.
        value_dtype: the type of the values.
        default_value: the value of keys that are not there, a scalar or a vector.
        shared_name: accepted for old programs.
        name: the operation's name.
        checkpoint: accepted for old programs: checkpoints hold variables only.

    >>> import graphmagic as tf
    >>> table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    >>> put, found = table.insert(tf.constant(["a"]), tf.constant([5], tf.int64)), table.lookup(tf.constant(["a", "b"]))
    >>> with tf.Session() as sess:
    ...     sess.run(put)
    ...     sess.run(found)
    array([ 5, -1])
    """

    def __init__(
        self, key_dtype: Any, value_dtype: Any, default_value: Any, shared_name: str | None = None,
        name: str = "MutableHashTable", checkpoint: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(key_dtype, value_dtype)
        self.default_value = convert_to_tensor(default_value, self.value_dtype)
        types: dict[str, Any] = {"key_dtype": self.key_dtype, "value_dtype": self.value_dtype}
        op = apply_op(mutable_table_op, name=name, use_node_name_sharing=True, **types)
        self.resource_handle, self._name = op.outputs[0], op.name.rpartition("/")[2]

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Operation:
        """The operation that puts entries in, over those that have the same keys."""
        with name_scope(name or f"{self._name}_lookup_table_insert"):
            found = convert_to_tensor(keys, self.key_dtype, name="keys")
            new = convert_to_tensor(values, self.value_dtype, name="values")
            return apply_op(insert_op, self.resource_handle, found, new)

    def remove(self, keys: Any, name: str | None = None) -> Operation:
        """The operation that takes entries out."""
        with name_scope(name or f"{self._name}_lookup_table_remove"):
            found = convert_to_tensor(keys, self.key_dtype, name="keys")
            return apply_op(remove_op, self.resource_handle, found)

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys, and all values."""
        with name_scope(name or f"{self._name}_lookup_table_export_values"):
            types: dict[str, Any] = {"Tkeys": self.key_dtype, "Tvalues": self.value_dtype}
            keys, values = apply_op(export_op, self.resource_handle, **types).outputs
            return keys, values
