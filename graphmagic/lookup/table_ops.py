"""What tables are in a session, and the operations that fill them and look in them."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import as_dtype, string
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid
from graphmagic.ops.text import as_bytes, string_array
from graphmagic.ops.variant import scalar
from graphmagic.shapes import TensorShape

__all__ = [
    "export_op",
    "file_op",
    "find_op",
    "hash_table_op",
    "import_op",
    "insert_op",
    "mutable_table_op",
    "remove_op",
    "size_op",
]

WHOLE_LINE, LINE_NUMBER = -2, -1
_KERNEL_NAMES = {"float32": "float", "float64": "double"}


class _Entries:
    """The entries of a table in a session."""

    def __init__(self, op: Operation) -> None:
        self.key_dtype, self.value_dtype = as_dtype(op.attrs["key_dtype"]), as_dtype(op.attrs["value_dtype"])
        self.values: dict[Any, Any] | None = {} if op.type.startswith("Mutable") else None
        self.lock = threading.Lock()

    def keys_of(self, array: Any) -> list[Any]:
        """The elements of an array of keys."""
        items = np.ravel(array).tolist()
        return [as_bytes(item) for item in items] if self.key_dtype is string else items

    def filled(self) -> dict[Any, Any]:
        """The entries.

        Raises:
            FailedPreconditionError: the table has not been filled.
        """
        if self.values is None:
            raise errors.FailedPreconditionError(None, None, "Table not initialized.")
        return self.values

    def array_of(self, values: list[Any], shape: tuple[int, ...]) -> Any:
        """Values as an array."""
        if self.value_dtype is string:
            return string_array(values, shape)
        return np.array(values, self.value_dtype.numpy).reshape(shape)


def _table_op(name: str) -> OpDef:
    opdef = OpDef(
        name,
        " -> table_handle:resource",
        defaults={"container": "", "shared_name": "", "use_node_name_sharing": False},
        stateful=True,
        differentiable=False,
    )
    opdef.shape_rule(scalar)

    @opdef.kernel
    def table_kernel(*, op: Operation, state: Any) -> _Entries:
        entries: _Entries = state.resource(op, lambda: _Entries(op))
        return entries

    return opdef


_effect: dict[str, Any] = {"stateful": True, "differentiable": False}
hash_table_op = _table_op("HashTableV2")
mutable_table_op = _table_op("MutableHashTableV2")
import_op = OpDef("LookupTableImportV2", "table_handle:resource, keys:Tin, values:Tout", **_effect)
insert_op = OpDef("LookupTableInsertV2", "table_handle:resource, keys:Tin, values:Tout", **_effect)
remove_op = OpDef("LookupTableRemoveV2", "table_handle:resource, keys:Tin", **_effect)
find_op = OpDef(
    "LookupTableFindV2", "table_handle:resource, keys:Tin, default_value:Tout -> values:Tout", **_effect
)
size_op = OpDef("LookupTableSizeV2", "table_handle:resource -> size:int64", **_effect)
export_op = OpDef("LookupTableExportV2", "table_handle:resource -> keys:Tkeys, values:Tvalues", **_effect)
file_op = OpDef(
    "InitializeTableFromTextFileV2",
    "table_handle:resource, filename:string",
    defaults={"vocab_size": -1, "delimiter": "\t", "offset": 0},
    **_effect,
)
size_op.shape_rule(scalar)
export_op.shape_rule(lambda table: [TensorShape(None), TensorShape(None)])


def _shown(key: Any) -> str:
    return key.decode(errors="replace") if isinstance(key, bytes) else str(key)


def _fill(table: _Entries, pairs: list[tuple[Any, Any]]) -> None:
    """Fill a table, once: a second time nothing happens."""
    with table.lock:
        if table.values is not None:
            return
        found: dict[Any, Any] = {}
        for key, value in pairs:
            if found.setdefault(key, value) != value:
                raise errors.FailedPreconditionError(
                    None,
                    None,
                    f"HashTable has different value for same key. Key {_shown(key)} has {_shown(found[key])} and trying "
                    f"to add value {_shown(value)}",
                )
        table.values = found


@import_op.kernel
def import_kernel(table: _Entries, keys: Any, values: Any) -> None:
    if np.size(keys) != np.size(values):
        raise invalid(
            f"Number of elements in keys and values must match: {np.size(keys)} and {np.size(values)}"
        )
    _fill(table, list(zip(table.keys_of(keys), np.ravel(values).tolist(), strict=True)))


@import_op.shape_rule
def import_shape(table: Tensor, keys: Tensor, values: Tensor) -> list[TensorShape]:
    for a, b in zip(keys.shape.ints or (), values.shape.ints or (), strict=False):
        if None not in (a, b) and a != b:
            raise ValueError(f"Dimensions must be equal, but are {a} and {b}")
    return []


def _check_types(table: _Entries, *arrays: Any) -> None:
    found = [string if a.dtype == object else as_dtype(a.dtype) for a in map(np.asarray, arrays)]
    wanted = [table.key_dtype, table.value_dtype][: len(found)]
    if found != wanted:
        texts = [
            ", ".join(["resource", *[_KERNEL_NAMES.get(k.name, k.name) for k in kinds]])
            for kinds in (found, wanted)
        ]
        raise invalid(f"Signature mismatch, have: {texts[0]}-> expected: {texts[1]}->")


@insert_op.kernel
def insert_kernel(table: _Entries, keys: Any, values: Any) -> None:
    _check_types(table, keys, values)
    with table.lock:
        rows = np.reshape(values, (np.size(keys), *np.shape(values)[np.ndim(keys) :]))
        table.filled().update(zip(table.keys_of(keys), rows, strict=True))


@remove_op.kernel
def remove_kernel(table: _Entries, keys: Any) -> None:
    _check_types(table, keys)
    with table.lock:
        for key in table.keys_of(keys):
            table.filled().pop(key, None)


@find_op.kernel
def find_kernel(table: _Entries, keys: Any, default_value: Any) -> Any:
    entries = table.filled()
    default = default_value if np.ndim(default_value) else np.asarray(default_value)[()]
    found = [entries.get(key, default) for key in table.keys_of(keys)]
    if np.ndim(default_value):
        return np.array(found, table.value_dtype.numpy).reshape((*np.shape(keys), *np.shape(default_value)))
    return table.array_of([as_bytes(v) if table.value_dtype is string else v for v in found], np.shape(keys))


@find_op.shape_rule
def find_shape(table: Tensor, keys: Tensor, default_value: Tensor) -> TensorShape:
    return keys.shape.concatenate(default_value.shape)


@size_op.kernel
def size_kernel(table: _Entries) -> Any:
    return np.int64(len(table.values or ()))


@export_op.kernel
def export_kernel(table: _Entries) -> Any:
    with table.lock:
        entries = table.filled()
        keys: Any = list(entries)
        shape = (len(keys),)
        named = (
            string_array(keys, shape) if table.key_dtype is string else np.array(keys, table.key_dtype.numpy)
        )
        values = list(entries.values())
        if values and np.ndim(values[0]):
            return named, np.stack(values)
        return named, table.array_of(values, shape)


@file_op.kernel
def file_kernel(
    table: _Entries,
    filename: Any,
    *,
    key_index: int,
    value_index: int,
    vocab_size: int,
    delimiter: str,
    offset: int,
) -> None:
    path = as_bytes(np.asarray(filename).item()).decode()
    if not Path(path).is_file():
        raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
    lines = Path(path).read_bytes().splitlines()
    if vocab_size > len(lines):
        raise invalid(f"Invalid vocab_size in {path}: expected {vocab_size} but got {len(lines)}")
    chosen = lines if vocab_size < 0 else lines[:vocab_size]

    def part(number: int, line: bytes, index: int, dtype: Any) -> Any:
        if index == LINE_NUMBER:
            return number + offset
        if index == WHOLE_LINE:
            return line
        columns = line.split(delimiter.encode())
        if index >= len(columns):
            raise invalid(
                f"Invalid number of columns in {path} line {number} ({_shown(line)}) : expected at least {index + 1} "
                f"got {len(columns)}"
            )
        text = columns[index]
        try:
            return text if dtype is string else dtype.numpy.type(text.decode()).item()
        except ValueError:
            raise invalid(f"Field {_shown(text)} in line {number} is not a valid {dtype.name}.") from None

    pairs = [
        (part(n, line, key_index, table.key_dtype), part(n, line, value_index, table.value_dtype))
        for n, line in enumerate(chosen)
    ]
    _fill(table, pairs)


@file_op.shape_rule
def file_shape(table: Tensor, filename: Tensor) -> list[TensorShape]:
    filename.shape.merge_with([])
    return []
