"""The wire format of protocol buffers: numbers of variable length, and fields that carry their number and size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphmagic import errors

__all__ = ["delimited", "fields", "read_varint", "varint"]


def varint(number: int) -> bytes:
    """A number, seven bits a byte.

    >>> varint(300), read_varint(varint(300), 0)
    (b'\\xac\\x02', (300, 2))
    """
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def delimited(field: int, data: bytes) -> bytes:
    """A field that holds bytes.

    >>> list(fields(delimited(1, b"abc")))
    [(1, 2, b'abc')]
    """
    return varint(field << 3 | 2) + varint(len(data)) + data


def read_varint(data: bytes, at: int, what: str = "example") -> tuple[int, int]:
    """The number at a position, and the position behind it.

    Args:
        data: the bytes.
        at: the position.
        what: what they are, for messages.

    Raises:
        DataLossError: the bytes end before the number does.
    """
    number = shift = 0
    while True:
        if at >= len(data):
            raise errors.DataLossError(None, None, f"Could not parse {what} input: it is cut off")
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def fields(data: bytes, what: str = "example") -> Iterator[tuple[int, int, Any]]:
    """The number, the wire type and the content of each field of a message.

    Args:
        data: the message.
        what: what it is, for messages.

    Raises:
        DataLossError: it is no message, or cut off.
    """
    at = 0
    while at < len(data):
        key, at = read_varint(data, at, what)
        kind = key & 7
        if kind == 0:
            content: Any
            content, at = read_varint(data, at, what)
        else:
            if kind == 2:
                size, at = read_varint(data, at, what)
            elif kind in (1, 5):
                size = 8 if kind == 1 else 4
            else:
                raise errors.DataLossError(None, None, f"Could not parse {what} input: it has another format")
            content, at = data[at : at + size], at + size
            if len(content) < size:
                raise errors.DataLossError(None, None, f"Could not parse {what} input: it is cut off")
        yield key >> 3, kind, content
