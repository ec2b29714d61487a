"""TensorFlow's own checkpoints, read: an index that is a sorted table, and files of raw arrays.

The table has the format of LevelDB: blocks of keys and values, each with a checksum, an index of blocks, and a footer
that ends in a magic number.  The values are protocol buffers: type, shape, file, position, size and checksum.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import DType, as_dtype
from graphmagic.python_io import masked_checksum
from graphmagic.train.wire import fields, read_varint

__all__ = ["Entry", "TensorBundle", "is_bundle"]

MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
FOOTER = 48  # bytes: the places of two blocks, filled up, and the magic number
WHAT = "checkpoint"


class Entry(NamedTuple):
    """What the index says of a tensor."""

    dtype: DType
    shape: list[int]
    shard: int
    offset: int
    size: int
    checksum: int


def is_bundle(index: bytes) -> bool:
    """Whether the content of an index is TensorFlow's."""
    return len(index) >= FOOTER and index.endswith(MAGIC)


class TensorBundle:
    """Reads a checkpoint that TensorFlow has written.

    Args:
        prefix: the path without what the file names end in.
        index: the content of the index.

    Raises:
        DataLossError: the index is damaged.
        UnimplementedError: a part of the format that graphmagic does not read.
    """

    def __init__(self, prefix: str, index: bytes) -> None:
        self._prefix = prefix
        self._shards = 1
        self.entries: dict[str, Entry] = {}
        for key, value in _table(index):
            if key:
                self.entries[key.decode()] = _entry(key.decode(), value)
            else:
                self._shards = next((n for field, _, n in fields(value, WHAT) if field == 1), 1)

    def tensors(self, names: Sequence[str]) -> list[Any]:
        """Some of the arrays.

        Raises:
            DataLossError: a file is missing or damaged.
        """
        return [self._tensor(name) for name in names]

    def _tensor(self, name: str) -> Any:
        entry = self.entries[name]
        path = f"{self._prefix}.data-{entry.shard:05d}-of-{self._shards:05d}"
        with open(path, "rb") as file:
            file.seek(entry.offset)
            data = file.read(entry.size)
        if len(data) != entry.size:
            raise _damaged(f"{path} ends within tensor {name}")
        lengths, start = _lengths(data, entry) if entry.dtype.name == "string" else ([], 0)
        counted = struct.pack(f"<{len(lengths)}I", *lengths)  # the checksum is of the lengths in this form
        if entry.checksum != masked_checksum(counted + data[start:]):
            raise _damaged(f"Checksum does not match for tensor {name} in {path}")
        if entry.dtype.name == "string":
            return _strings(data[start + 4 :], lengths).reshape(entry.shape)
        return (
            np.frombuffer(data, entry.dtype.numpy.newbyteorder("<"))
            .reshape(entry.shape)
            .astype(entry.dtype.numpy)
        )


def _entry(name: str, value: bytes) -> Entry:
    found: dict[int, Any] = {}
    for field, _, content in fields(value, WHAT):
        if field == 7:
            raise errors.UnimplementedError(
                None,
                None,
                f"{name} is stored in slices, of a partitioned variable; graphmagic reads whole ones",
            )
        found[field] = content
    sizes = [content for field, _, content in fields(found.get(2, b""), WHAT) if field == 2]
    shape = [next((n for field, _, n in fields(size, WHAT) if field == 1), 0) for size in sizes]
    checksum = struct.unpack("<I", found.get(6, bytes(4)))[0]
    return Entry(
        as_dtype(found.get(1, 0)), shape, found.get(3, 0), found.get(4, 0), found.get(5, 0), checksum
    )


def _lengths(data: bytes, entry: Entry) -> tuple[list[int], int]:
    """The lengths of strings, and where they end."""
    lengths, at = [], 0
    for _ in range(int(np.prod(entry.shape, dtype=np.int64))):
        length, at = read_varint(data, at, WHAT)
        lengths.append(min(length, len(data)))
    return lengths, at


def _strings(data: bytes, lengths: list[int]) -> Any:
    ends = list(accumulate(lengths))
    result = np.empty(len(lengths), object)
    result[:] = [data[end - length : end] for length, end in zip(lengths, ends, strict=True)]
    return result


# ----- the table -----


def _table(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """All keys and values of a table."""
    _, at = _handle(content, len(content) - FOOTER)
    index, _ = _handle(content, at)
    for _, place in _block(content, *index):
        (start, size), _ = _handle(place, 0)
        yield from _block(content, start, size)


def _handle(data: bytes, at: int) -> tuple[tuple[int, int], int]:
    """Where a block is, and the position behind that."""
    start, at = read_varint(data, at, WHAT)
    size, at = read_varint(data, at, WHAT)
    return (start, size), at


def _block(content: bytes, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block, trailer = content[start : start + size], content[start + size : start + size + 5]
    if len(trailer) < 5 or struct.unpack("<I", trailer[1:])[0] != masked_checksum(block + trailer[:1]):
        raise _damaged("the checksum of a block does not match")
    if trailer[0]:
        raise errors.UnimplementedError(None, None, "the index is compressed; graphmagic reads plain ones")
    restarts = struct.unpack("<I", block[-4:])[0]
    end, at, key = len(block) - 4 * (restarts + 1), 0, b""
    while at < end:
        shared, at = read_varint(block, at, WHAT)
        fresh, at = read_varint(block, at, WHAT)
        length, at = read_varint(block, at, WHAT)
        key = key[:shared] + block[at : at + fresh]
        at += fresh
        yield key, block[at : at + length]
        at += length


def _damaged(text: str) -> errors.DataLossError:
    return errors.DataLossError(None, None, text)
