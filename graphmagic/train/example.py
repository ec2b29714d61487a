"""`tf.train.Example` and its parts: named lists of numbers and strings, written as TensorFlow writes them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from graphmagic.train.wire import delimited, fields, read_varint, varint

__all__ = ["BytesList", "Example", "Feature", "Features", "FloatList", "Int64List"]


class _Message:
    """What all of these can do."""

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        raise NotImplementedError

    def MergeFromString(self, serialized: bytes) -> int:
        """Read bytes."""
        raise NotImplementedError

    def ParseFromString(self, serialized: bytes) -> int:
        """Become what bytes say; the result is how many there are."""
        type(self).__init__(self)
        self.MergeFromString(serialized)
        return len(serialized)

    @classmethod
    def FromString(cls, s: bytes) -> Any:
        """The message that bytes say."""
        message = cls()
        message.ParseFromString(s)
        return message

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.SerializeToString() == other.SerializeToString()

    __hash__ = None  # type: ignore[assignment]


class _List(_Message):
    """A list of one kind of value."""

    def __init__(self, value: Any = ()) -> None:
        self.value = [self._checked(item) for item in value]

    def _checked(self, item: Any) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        return "".join(f"value: {item!r}\n" for item in self.value)


class BytesList(_List):
    """Strings.

    >>> BytesList(value=[b"a", b"b"]).value
    [b'a', b'b']
    """

    def _checked(self, item: Any) -> bytes:
        if isinstance(item, str) or not isinstance(item, (bytes, bytearray)):
            raise TypeError(f"{item!r} has type {type(item).__name__}, but expected one of: bytes")
        return bytes(item)

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        return b"".join(delimited(1, item) for item in self.value)

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        self.value += [content for number, _, content in fields(serialized) if number == 1]
        return len(serialized)


class FloatList(_List):
    """Numbers, as float32.

    >>> FloatList(value=[0.1, 2]).value
    [0.10000000149011612, 2.0]
    """

    def _checked(self, item: Any) -> float:
        if not hasattr(item, "__float__"):
            raise TypeError(f"{item!r} has type {type(item).__name__}, but expected one of: int, float")
        return float(struct.unpack("<f", struct.pack("<f", item))[0])

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        return delimited(1, struct.pack(f"<{len(self.value)}f", *self.value)) if self.value else b""

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        for number, _, content in fields(serialized):
            if number == 1:
                self.value += struct.unpack(f"<{len(content) // 4}f", content)
        return len(serialized)


class Int64List(_List):
    """Whole numbers.

    >>> Int64List(value=[1, -2]).value
    [1, -2]
    """

    def _checked(self, item: Any) -> int:
        if not hasattr(item, "__index__"):
            raise TypeError(f"{item!r} has type {type(item).__name__}, but expected one of: int")
        return int(item)

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        return delimited(1, b"".join(map(varint, self.value))) if self.value else b""

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        for number, kind, content in fields(serialized):
            if number == 1:
                found, at = ([content], 0) if kind == 0 else ([], 0)
                while kind == 2 and at < len(content):
                    item, at = read_varint(content, at)
                    found.append(item)
                self.value += [n - (1 << 64) if n >> 63 else n for n in found]
        return len(serialized)


class Feature(_Message):
    """A list of one of the three kinds.

    >>> feature = Feature(int64_list=Int64List(value=[7]))
    >>> feature.WhichOneof(), feature.int64_list.value
    ('int64_list', [7])
    """

    KINDS = {"bytes_list": (1, BytesList), "float_list": (2, FloatList), "int64_list": (3, Int64List)}  # noqa: RUF012

    def __init__(self, **values: Any) -> None:
        self._kind: str | None = None
        for name, (_, kind) in self.KINDS.items():
            setattr(self, name, kind() if values.get(name) is None else values[name])
            if values.get(name) is not None:
                self._kind = name

    def WhichOneof(self, oneof_group: str = "kind") -> str | None:
        """Which of the lists it has."""
        return self._kind or next((name for name in self.KINDS if getattr(self, name).value), None)

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        name = self.WhichOneof()
        return (
            b"" if name is None else delimited(self.KINDS[name][0], getattr(self, name).SerializeToString())
        )

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        for number, _, content in fields(serialized):
            for name, (field, _) in self.KINDS.items():
                if number == field:
                    self._kind = name
                    getattr(self, name).MergeFromString(content)
        return len(serialized)

    def __repr__(self) -> str:
        name = self.WhichOneof()
        return "" if name is None else f"{name} {{\n{getattr(self, name)!r}}}\n"


class Features(_Message):
    """Features by name.

    >>> Features({"label": Feature(int64_list=Int64List(value=[7]))}).feature["label"].int64_list.value
    [7]
    """

    def __init__(self, feature: Mapping[str, Feature] | None = None) -> None:
        self.feature: dict[str, Feature] = _Found(feature or {})

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        entries = [
            delimited(1, name.encode()) + delimited(2, f.SerializeToString())
            for name, f in sorted(self.feature.items())
        ]
        return b"".join(delimited(1, entry) for entry in entries)

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        for number, _, entry in fields(serialized):
            if number == 1:
                parts = {key: content for key, _, content in fields(entry)}
                self.feature[parts.get(1, b"").decode()] = Feature.FromString(parts.get(2, b""))
        return len(serialized)


class _Found(dict[str, Feature]):
    """A map that makes a feature when it is first asked for."""

    def __missing__(self, key: str) -> Feature:
        self[key] = Feature()
        return self[key]


class Example(_Message):
    """One example of a data set.

    >>> example = Example(features=Features(feature={"label": Feature(int64_list=Int64List(value=[7]))}))
    >>> Example.FromString(example.SerializeToString()).features.feature["label"].int64_list.value
    [7]
    """

    def __init__(self, features: Features | None = None) -> None:
        self.features = features or Features()

    def SerializeToString(self, deterministic: bool = False) -> bytes:
        """The message as bytes."""
        return delimited(1, self.features.SerializeToString())

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what bytes say."""
        for number, _, content in fields(serialized):
            if number == 1:
                self.features.MergeFromString(content)
        return len(serialized)
