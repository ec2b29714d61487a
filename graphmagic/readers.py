"""Readers: they take file names from a queue and give what is in the files (`tf.TextLineReader` and its relatives)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.compression import checked_compression, unpacked
from graphmagic.dtypes import string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.text import as_bytes, string_array
from graphmagic.ops.variant import scalar
from graphmagic.python_io import TFRecordOptions, tf_record_iterator
from graphmagic.shapes import TensorShape

__all__ = [
    "FixedLengthRecordReader",
    "IdentityReader",
    "ReaderBase",
    "TFRecordReader",
    "TextLineReader",
    "WholeFileReader",
]

Items = Iterator[tuple[bytes, bytes]]
Read = Callable[[str, Mapping[str, Any]], Items]


class _Reader:
    """A reader in a session: how it reads a file, and where it is."""

    def __init__(self, read: Read, attrs: Mapping[str, Any]) -> None:
        self.read = read
        self.attrs = attrs
        self.lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Be where a new reader is."""
        self.items: Items | None = None
        self.records = self.files = 0

    def take(self, queue: Any) -> tuple[bytes, bytes]:
        """The next key and value, from the next file that has any."""
        if len(queue.kinds) != 1:
            raise invalid("Expected single component queue")
        if queue.kinds[0] != string:
            raise invalid("Expected queue with single string component")
        while (found := next(self.items, None) if self.items is not None else None) is None:
            self.files += self.items is not None
            self.items = None
            path = as_bytes(queue.take(1)[0][0]).decode()
            if not Path(path).is_file() and self.read is not _identity:
                raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
            self.items = self.read(path, self.attrs)
        self.records += 1
        if self.read in _OF_ONE:
            self.items = None
            self.files += 1
        return found

    def take_more(self, count: int) -> Items:
        """Up to so many further keys and values of the present file."""
        for found in islice(self.items or (), count):
            self.records += 1
            yield found


def _reader_op(name: str, read: Read) -> OpDef:
    opdef = OpDef(name, " -> handle:resource", stateful=True, differentiable=False)
    opdef.shape_rule(scalar)

    @opdef.kernel
    def reader_kernel(*, op: Operation, state: Any) -> Any:
        for argument in ("header_bytes", "footer_bytes", "hop_bytes"):
            if op.attrs.get(argument, 0) < 0:
                raise invalid(f"{argument} must be >= 0 not {op.attrs[argument]}")
        if op.attrs.get("record_bytes", 1) < 1:
            raise invalid(f"record_bytes must be >= 0 not {op.attrs['record_bytes']}")
        return state.resource(op, lambda: _Reader(read, op.attrs))

    return opdef


def _lines(path: str, attrs: Mapping[str, Any]) -> Items:
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            if number > attrs["skip_header_lines"]:
                yield f"{path}:{number}".encode(), line.rstrip(b"\n").removesuffix(b"\r")


def _records(path: str, attrs: Mapping[str, Any]) -> Items:
    start = 0
    for record in tf_record_iterator(path, attrs["compression_type"]):
        yield f"{path}:{start}".encode(), record
        start += len(record) + 16  # its length, and two sums that check it


def _pieces(path: str, attrs: Mapping[str, Any]) -> Items:
    data = unpacked(Path(path).read_bytes(), attrs["encoding"])
    size, first = attrs["record_bytes"], attrs["header_bytes"]
    if first > len(data):
        raise errors.OutOfRangeError(None, None, "reached end of file")
    last = len(data) - attrs["footer_bytes"] - size
    for number, start in enumerate(range(first, last + 1, attrs["hop_bytes"] or size)):
        yield f"{path}:{number}".encode(), data[start : start + size]


def _whole(path: str, attrs: Mapping[str, Any]) -> Items:
    yield path.encode(), Path(path).read_bytes()


def _identity(path: str, attrs: Mapping[str, Any]) -> Items:
    yield path.encode(), path.encode()


_OF_ONE = (_whole, _identity)  # which know that they are done with a file
lines_op = _reader_op("TextLineReaderV2", _lines)
records_op = _reader_op("TFRecordReaderV2", _records)
pieces_op = _reader_op("FixedLengthRecordReaderV2", _pieces)
whole_op = _reader_op("WholeFileReaderV2", _whole)
identity_op = _reader_op("IdentityReaderV2", _identity)


def _using(name: str, arguments: str) -> OpDef:
    return OpDef(name, f"reader_handle:resource{arguments}", stateful=True, differentiable=False)


read_op = _using("ReaderReadV2", ", queue_handle:resource -> key:string, value:string")
many_op = _using(
    "ReaderReadUpToV2", ", queue_handle:resource, num_records:int64 -> keys:string, values:string"
)
count_op = _using("ReaderNumRecordsProducedV2", " -> records_produced:int64")
files_op = _using("ReaderNumWorkUnitsCompletedV2", " -> units_completed:int64")
reset_op = _using("ReaderResetV2", " -> ")
read_op.shape_rule(lambda reader, queue: [TensorShape([]), TensorShape([])])
count_op.shape_rule(lambda reader: TensorShape([]))
files_op.shape_rule(lambda reader: TensorShape([]))


@many_op.shape_rule
def many_shape(reader: Tensor, queue: Tensor, count: Tensor) -> list[TensorShape]:
    of_rank(count.shape, 0)
    return [TensorShape([None]), TensorShape([None])]


@read_op.kernel
def read_kernel(reader: _Reader, queue: Any) -> Any:
    with reader.lock:
        key, value = reader.take(queue)
    return string_array([key], ()), string_array([value], ())


@many_op.kernel
def many_kernel(reader: _Reader, queue: Any, count: Any) -> Any:
    with reader.lock:
        rows = [reader.take(queue), *reader.take_more(int(count) - 1)]
    return string_array([k for k, _ in rows], (len(rows),)), string_array([v for _, v in rows], (len(rows),))


@count_op.kernel
def count_kernel(reader: _Reader) -> Any:
    return np.int64(reader.records)


@files_op.kernel
def files_kernel(reader: _Reader) -> Any:
    return np.int64(reader.files)


@reset_op.kernel
def reset_kernel(reader: _Reader) -> Any:
    with reader.lock:
        reader.reset()


class ReaderBase:
    """A reader; in each session it is somewhere else.

    Args:
        reader_ref: the tensor that stands for it.
        supports_serialize: whether its place in a file can be saved; TensorFlow's can say so.
    """

    def __init__(self, reader_ref: Tensor, supports_serialize: bool = False) -> None:
        self._ref = reader_ref
        self._supports_serialize = supports_serialize

    @property
    def reader_ref(self) -> Tensor:
        """The tensor that stands for the reader."""
        return self._ref

    @property
    def supports_serialize(self) -> bool:
        """Whether TensorFlow could save the state of such a reader."""
        return self._supports_serialize

    def read(self, queue: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
        """The next key and value; files are taken from a queue of names."""
        key, value = apply_op(read_op, self._ref, _handle(queue), name=name).outputs
        return key, value

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Some of the next keys and values."""
        keys, values = apply_op(many_op, self._ref, _handle(queue), num_records, name=name).outputs
        return keys, values

    def num_records_produced(self, name: str | None = None) -> Tensor:
        """How many records the reader has given."""
        return apply_op(count_op, self._ref, name=name).outputs[0]

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        """How many files the reader has read to their ends."""
        return apply_op(files_op, self._ref, name=name).outputs[0]

    def reset(self, name: str | None = None) -> Operation:
        """Make the reader as a new one is: it takes the next file, and counts anew."""
        return apply_op(reset_op, self._ref, name=name)


def _handle(queue: Any) -> Tensor:
    handle: Tensor = queue if isinstance(queue, Tensor) else queue.queue_ref
    return handle


def _new(opdef: OpDef, name: str | None, **attrs: Any) -> Tensor:
    return apply_op(opdef, name=name or opdef.name, container="", shared_name="", **attrs).outputs[0]


class TextLineReader(ReaderBase):
    """Gives the lines of text files.

    Args:
        skip_header_lines: how many to leave out at the beginning of each file.
        name: the operation's name.
    """

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(_new(lines_op, name, skip_header_lines=skip_header_lines or 0))


class TFRecordReader(ReaderBase):
    """Gives the records of TFRecord files.

    Args:
        name: the operation's name.
        options: a `tf.python_io.TFRecordOptions`, if the files are packed.

    Raises:
        ValueError: there is no such compression.
    """

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        packed = TFRecordOptions.get_compression_type_string(options)
        super().__init__(_new(records_op, name, compression_type=packed))


class FixedLengthRecordReader(ReaderBase):
    """Gives records of a fixed number of bytes; the key of each is its file's name and its number.

    Args:
        record_bytes: how long each is.
        header_bytes: how much to skip at the beginning of each file.
        footer_bytes: how much to leave out at the end.
        hop_bytes: how far a record begins behind the one before, if not `record_bytes`.
        name: the operation's name.
        encoding: "GZIP" or "ZLIB", if the files are packed.

    Raises:
        ValueError: there is no such encoding.
    """

    def __init__(
        self,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        hop_bytes: int | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> None:
        super().__init__(
            _new(
                pieces_op,
                name,
                record_bytes=record_bytes,
                header_bytes=header_bytes or 0,
                footer_bytes=footer_bytes or 0,
                hop_bytes=hop_bytes or 0,
                encoding=checked_compression(encoding),
            )
        )


class WholeFileReader(ReaderBase):
    """Gives whole files."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(_new(whole_op, name), supports_serialize=True)


class IdentityReader(ReaderBase):
    """Gives the names themselves."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(_new(identity_op, name), supports_serialize=True)
