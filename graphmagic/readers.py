"""Readers: they take file names from a queue and give what is in the files (`tf.TextLineReader` and its relatives)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from graphmagic import errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.text import as_bytes, string_array
from graphmagic.ops.variant import scalar
from graphmagic.python_io import tf_record_iterator
from graphmagic.shapes import TensorShape

__all__ = ["IdentityReader", "ReaderBase", "TFRecordReader", "TextLineReader", "WholeFileReader"]

Items = Iterator[tuple[bytes, bytes]]


class _Position:
    """Where a reader of a session is."""

    def __init__(self) -> None:
        self.items: Items = iter(())
        self.lock = threading.Lock()


def _reader_op(name: str, read: Callable[[str, int], Items]) -> OpDef:
    opdef = OpDef(name, " -> handle:resource", stateful=True, differentiable=False)
    opdef.shape_rule(scalar)

    @opdef.kernel
    def reader_kernel(*, op: Operation, state: Any) -> Any:
        return state.resource(op, _Position), read, op.attrs["skip"]

    return opdef


def _lines(path: str, skip: int) -> Items:
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, 1):
            if number > skip:
                yield f"{path}:{number}".encode(), line.rstrip(b"\n").removesuffix(b"\r")


def _records(path: str, skip: int) -> Items:
    for number, record in enumerate(tf_record_iterator(path)):
        yield f"{path}:{number}".encode(), record


def _whole(path: str, skip: int) -> Items:
    yield path.encode(), Path(path).read_bytes()


def _identity(path: str, skip: int) -> Items:
    yield path.encode(), path.encode()


lines_op = _reader_op("TextLineReaderV2", _lines)
records_op = _reader_op("TFRecordReaderV2", _records)
whole_op = _reader_op("WholeFileReaderV2", _whole)
identity_op = _reader_op("IdentityReaderV2", _identity)
read_op = OpDef(
    "ReaderReadV2",
    "reader_handle:resource, queue_handle:resource -> key:string, value:string",
    stateful=True,
    differentiable=False,
)
read_op.shape_rule(lambda reader, queue: [TensorShape([]), TensorShape([])])
many_op = OpDef(
    "ReaderReadUpToV2",
    "reader_handle:resource, queue_handle:resource, num_records:int64 -> keys:string, values:string",
    stateful=True,
    differentiable=False,
)
many_op.shape_rule(lambda reader, queue, count: [TensorShape([None]), TensorShape([None])])


def _next(reader: Any, queue: Any) -> tuple[bytes, bytes]:
    position, read, skip = reader
    with position.lock:
        while (item := next(position.items, None)) is None:
            path = as_bytes(queue.take(1)[0][0]).decode()
            if not Path(path).is_file():
                raise errors.NotFoundError(None, None, f"{path}; No such file or directory")
            position.items = read(path, skip)
    return item  # type: ignore[no-any-return]


@read_op.kernel
def read_kernel(reader: Any, queue: Any) -> Any:
    key, value = _next(reader, queue)
    return string_array([key], ()), string_array([value], ())


@many_op.kernel
def many_kernel(reader: Any, queue: Any, count: Any) -> Any:
    rows = [_next(reader, queue)]
    with reader[0].lock:
        for item in reader[0].items:
            rows.append(item)
            if len(rows) >= count:
                break
    return string_array([k for k, _ in rows], (len(rows),)), string_array([v for _, v in rows], (len(rows),))


class ReaderBase:
    """A reader; in each session it is somewhere else.

    Args:
        opdef: its type of operation.
        name: the operation's name.
        skip: how many lines to leave out at the beginning of each file.
    """

    def __init__(self, opdef: OpDef, name: str | None, skip: int = 0) -> None:
        self._ref = apply_op(opdef, name=name or opdef.name, skip=skip).outputs[0]

    @property
    def reader_ref(self) -> Tensor:
        """The tensor that stands for the reader."""
        return self._ref

    def read(self, queue: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
        """The next key and value; files are taken from a queue of names."""
        handle = queue if isinstance(queue, Tensor) else queue.queue_ref
        key, value = apply_op(read_op, self._ref, handle, name=name).outputs
        return key, value

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
        """Some of the next keys and values."""
        handle = queue if isinstance(queue, Tensor) else queue.queue_ref
        keys, values = apply_op(many_op, self._ref, handle, num_records, name=name).outputs
        return keys, values


class TextLineReader(ReaderBase):
    """Gives the lines of text files."""

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(lines_op, name, skip_header_lines or 0)


class TFRecordReader(ReaderBase):
    """Gives the records of TFRecord files."""

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        super().__init__(records_op, name)


class WholeFileReader(ReaderBase):
    """Gives whole files."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(whole_op, name)


class IdentityReader(ReaderBase):
    """Gives the names themselves."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(identity_op, name)
