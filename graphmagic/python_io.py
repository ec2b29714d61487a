"""TFRecord files in Python (TensorFlow's ``tf.python_io``): records, each with checksums of its length and content."""

from __future__ import annotations

import os as _os
import struct as _struct
from collections.abc import Iterator as _Iterator
from functools import cache as _cache
from functools import reduce as _reduce
from operator import xor as _xor
from typing import Any as _Any

import numpy as _np

from graphmagic import errors as _errors
from graphmagic.compression import reading as _reading
from graphmagic.compression import writing as _writing
from graphmagic.names import namespace as _namespace

__all__ = [
    "TFRecordCompressionType",
    "TFRecordOptions",
    "TFRecordWriter",
    "framed",
    "masked_checksum",
    "tf_record_iterator",
]


def _table() -> list[int]:
    result = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)  # noqa: PLW2901
        result.append(n)
    return result


_TABLE = _table()
_COLUMNS = _np.array(_TABLE, _np.uint32)


_WIDTH = 256  # bytes of a row


def _checksum(data: bytes, crc: int = 0xFFFFFFFF) -> int:
    """CRC-32C, from a state to a state; of long data in rows, all of them at a time."""
    height = len(data) // _WIDTH
    if height >= 64:
        rows = _np.zeros(height, _np.uint32)
        table = _np.frombuffer(data, _np.uint8, height * _WIDTH).reshape(height, _WIDTH)
        for column in _np.ascontiguousarray(table.T):
            rows = _COLUMNS[(rows ^ column) & 0xFF] ^ (rows >> 8)
        first, second, third, fourth = _behind_a_row()
        for row in rows.tolist():
            crc = first[crc & 255] ^ second[crc >> 8 & 255] ^ third[crc >> 16 & 255] ^ fourth[crc >> 24] ^ row
        data = data[height * _WIDTH :]
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc


@_cache
def _behind_a_row() -> list[list[int]]:
    """What a row of zeros makes of each byte of a state: a checksum is linear, so rows can be computed apart."""
    bits = [_checksum(bytes(_WIDTH), 1 << n) for n in range(32)]
    return [
        [_reduce(_xor, [bits[place + b] for b in range(8) if n >> b & 1], 0) for n in range(256)]
        for place in (0, 8, 16, 24)
    ]


def masked_checksum(data: bytes) -> int:
    """The checksum of TFRecord files: CRC-32C, rotated and shifted.

    >>> hex(masked_checksum(b"123456789"))
    '0xc78ab0e5'
    """
    crc = _checksum(data) ^ 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def framed(data: bytes) -> bytes:
    """A record as it stands in a file."""
    length = _struct.pack("<Q", len(data))
    return b"".join(
        [length, _struct.pack("<I", masked_checksum(length)), data, _struct.pack("<I", masked_checksum(data))]
    )


class TFRecordCompressionType:
    """How a file of records is packed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file of records is written and read.

    Args:
        compression_type: a `TFRecordCompressionType` or its name; None and "" mean unpacked.
        flush_mode: accepted, as all that follow, and without effect: they adjust how zlib works, not what is read.

    Raises:
        ValueError: there is no such compression.
    """

    compression_type_map = {  # noqa: RUF012 - TensorFlow's name
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: _Any = None,
        flush_mode: _Any = None,
        input_buffer_size: _Any = None,
        output_buffer_size: _Any = None,
        window_bits: _Any = None,
        compression_level: _Any = None,
        compression_method: _Any = None,
        mem_level: _Any = None,
        compression_strategy: _Any = None,
    ) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type = compression_type

    @classmethod
    def get_compression_type_string(cls, options: _Any) -> str:
        """The name of the compression that options, a `TFRecordCompressionType` or a name stand for.

        >>> TFRecordOptions.get_compression_type_string(TFRecordOptions(TFRecordCompressionType.GZIP))
        'GZIP'
        """
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if not options:
            return ""
        if options in cls.compression_type_map:
            return cls.compression_type_map[options]
        if options in cls.compression_type_map.values():
            return str(options)
        raise ValueError(f'Not a valid compression_type: "{options}"')


class TFRecordWriter:
    """Writes records to a file.

    Args:
        path: the file; what is there already is lost.
        options: a `TFRecordOptions`, or the name of a compression.

    Raises:
        ValueError: there is no such compression.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "data.tfrecord")
    >>> with TFRecordWriter(path) as writer:
    ...     writer.write(b"one")
    ...     writer.write(b"two")
    >>> list(tf_record_iterator(path))
    [b'one', b'two']
    """

    def __init__(self, path: _Any, options: _Any = None) -> None:
        self._file = _writing(path, TFRecordOptions.get_compression_type_string(options))

    def write(self, record: bytes | str) -> None:
        """Add a record."""
        self._file.write(framed(record.encode() if isinstance(record, str) else bytes(record)))

    def flush(self) -> None:
        """Hand over what was written."""
        self._file.flush()

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.close()


def tf_record_iterator(path: _Any, options: _Any = None) -> _Iterator[bytes]:
    """The records of a file.

    Args:
        path: the file.
        options: a `TFRecordOptions`, or the name of a compression.

    Raises:
        ValueError: there is no such compression.
        NotFoundError: there is no such file.
        DataLossError: the file is damaged.
    """
    try:
        file = _reading(path, TFRecordOptions.get_compression_type_string(options))
    except FileNotFoundError:
        raise _errors.NotFoundError(None, None, f"{_os.fspath(path)}; No such file or directory") from None
    with file:
        start = 0
        while header := file.read(12):
            length = _checked(header, 8, start)
            size = int(_struct.unpack("<Q", length)[0])
            yield _checked(file.read(size + 4), size, start)
            start = file.tell()


def _checked(data: bytes, size: int, start: int) -> bytes:
    if len(data) != size + 4:
        raise _errors.DataLossError(None, None, f"truncated record at {start}")
    if _struct.unpack("<I", data[size:])[0] != masked_checksum(data[:size]):
        raise _errors.DataLossError(None, None, f"corrupted record at {start}")
    return data[:size]


__getattr__, __dir__ = _namespace(__name__)
