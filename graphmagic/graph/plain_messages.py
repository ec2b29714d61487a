"""Messages that are no protocol buffers but have the same fields, methods and text."""

from __future__ import annotations

import copy
import struct
from typing import Any, ClassVar

from graphmagic.graph.message_fields import SCHEMA

__all__ = ["INSTALL", "PLAIN", "MissingExtraError", "PlainMessage"]

INSTALL = 'pip install "graphmagic[tensorboard]"'


class MissingExtraError(ImportError):
    """Something needs a package that is not installed; the text says which, and how to install it."""


class PlainMessage:
    """A message without protocol buffers: the same fields, the same text, but it cannot be written to a file.

    >>> node = PLAIN["NodeDef"](name="x", op="Const")
    >>> node.attr["dtype"].type = 1
    >>> print(node)
    name: "x"
    op: "Const"
    attr {
      key: "dtype"
      value {
        type: DT_FLOAT
      }
    }
    <BLANKLINE>
    """

    # The kind of each field, in the order of their numbers: with * if repeated; "map" maps strings to AttrValue.
    FIELDS: ClassVar[dict[str, str]] = {}
    ONEOF: ClassVar[bool] = False  # whether at most one of the fields is set

    def __init__(self, **values: Any) -> None:
        self.__dict__["_values"] = {}
        self.__dict__["_marked"] = False
        for name, value in values.items():
            kind = self._kind(name)
            if kind in PLAIN:
                getattr(self, name).CopyFrom(value)
            elif kind == "map":
                for key, item in value.items():
                    self._read(name)[key].CopyFrom(item)
            elif kind.endswith("*"):
                self._read(name).extend(value)
            else:
                setattr(self, name, value)

    def _kind(self, name: str) -> str:
        if name not in self.FIELDS:
            raise AttributeError(
                f"{type(self).__name__} has no field {name!r}; it has {', '.join(self.FIELDS)}"
            )
        return self.FIELDS[name]

    def _read(self, name: str) -> Any:
        kind = self._kind(name)
        if name in self._values:
            return self._values[name]
        if kind == "map":
            value: Any = _Map()
        elif kind.endswith("*"):
            value = _Repeated(kind[:-1])
        elif kind in PLAIN:
            value = PLAIN[kind]()
        else:
            return _DEFAULTS[kind]
        self._values[name] = value
        return value

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        kind = self._kind(name)
        if kind == "map" or kind.endswith("*") or kind in PLAIN:
            raise AttributeError(f"Assignment not allowed to field {name!r}: change the one that is there")
        if self.ONEOF:
            self._values.clear()
        self._values[name] = _checked(kind, value, name)

    def _set_fields(self) -> list[str]:
        found = [name for name in self.FIELDS if name in self._values and self._is_set(name)]
        return found[:1] if self.ONEOF else found

    def _is_set(self, name: str) -> bool:
        value = self._values[name]
        if isinstance(value, PlainMessage):
            return value._marked or bool(value._set_fields())
        if isinstance(value, (_Repeated, _Map)):
            return bool(value)
        return self.ONEOF or value != _DEFAULTS[self.FIELDS[name]]

    # ----- what protocol buffers call these -----

    def HasField(self, field_name: str) -> bool:  # noqa: N802
        """Whether a field is set."""
        self._kind(field_name)
        return field_name in self._set_fields()

    def ListFields(self) -> list[tuple[Any, Any]]:  # noqa: N802
        """The names of the fields that are set, with their values."""
        return [(name, self._values[name]) for name in self._set_fields()]

    def WhichOneof(self, oneof_group: str) -> str | None:  # noqa: N802
        """The field that is set, of a message of which one can be."""
        found = self._set_fields()
        return found[0] if self.ONEOF and found else None

    def Clear(self) -> None:  # noqa: N802
        """Unset all fields."""
        self._values.clear()
        self.__dict__["_marked"] = False

    def ClearField(self, field_name: str) -> None:  # noqa: N802
        """Unset a field."""
        self._kind(field_name)
        self._values.pop(field_name, None)

    def CopyFrom(self, other_msg: PlainMessage) -> None:  # noqa: N802
        """Become equal to another message of the same class."""
        if other_msg is not self:
            self.Clear()
            self.MergeFrom(other_msg)

    def MergeFrom(self, other_msg: PlainMessage) -> None:  # noqa: N802
        """Take over the fields that another message has set; repeated ones are appended."""
        if type(other_msg) is not type(self):
            raise TypeError(f"{type(self).__name__} cannot take over {type(other_msg).__name__}")
        self.SetInParent()
        for name in other_msg._set_fields():
            value = copy.deepcopy(other_msg._values[name])
            if isinstance(value, PlainMessage) and not self.ONEOF:
                self._read(name).MergeFrom(value)
            elif isinstance(value, _Map):
                self._read(name).update(value)
            elif isinstance(value, _Repeated):
                self._read(name).extend(value)
            else:
                if self.ONEOF:
                    self._values.clear()
                self._values[name] = value

    def SetInParent(self) -> None:  # noqa: N802
        """Count as set in the message around it, even if empty."""
        self.__dict__["_marked"] = True

    def SerializeToString(self, deterministic: bool = False) -> bytes:  # noqa: N802
        """Protocol buffers write themselves as bytes; this needs the extra.

        Raises:
            MissingExtraError: always; with the extra, other classes are used.
        """
        raise _missing("writing")

    def ParseFromString(self, serialized: bytes) -> int:  # noqa: N802
        """Protocol buffers read themselves from bytes; this needs the extra.

        Raises:
            MissingExtraError: always; with the extra, other classes are used.
        """
        raise _missing("reading")

    MergeFromString = ParseFromString

    @classmethod
    def FromString(cls, s: bytes) -> Any:  # noqa: N802
        """Protocol buffers are made from bytes; this needs the extra.

        Raises:
            MissingExtraError: always; with the extra, other classes are used.
        """
        raise _missing("reading")

    def ByteSize(self) -> int:  # noqa: N802
        """Protocol buffers know their size in bytes; this needs the extra.

        Raises:
            MissingExtraError: always; with the extra, other classes are used.
        """
        raise _missing("measuring")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        mine, others = self._set_fields(), other._set_fields()
        return mine == others and all(self._values[name] == other._values[name] for name in mine)

    __hash__ = None  # type: ignore[assignment]

    def __deepcopy__(self, memo: Any) -> PlainMessage:
        result = type(self)()
        result.__dict__["_values"] = copy.deepcopy(self._values, memo)
        result.__dict__["_marked"] = self._marked
        return result

    def __str__(self) -> str:
        from graphmagic.graph.message_text import lines

        return "".join(f"{line}\n" for line in lines(self))

    __repr__ = __str__


def _missing(action: str) -> MissingExtraError:
    return MissingExtraError(
        f"{action} protocol buffers needs the tensorboard package, which defines them. To install it: {INSTALL}"
    )


class _Repeated(list[Any]):
    """A repeated field."""

    def __init__(self, kind: str, items: Any = ()) -> None:
        super().__init__(items)
        self.kind = kind

    def add(self, **values: Any) -> Any:
        item = PLAIN[self.kind](**values)
        super().append(item)
        return item

    def append(self, item: Any) -> None:
        super().append(copy.deepcopy(item) if self.kind in PLAIN else _checked(self.kind, item, self.kind))

    def extend(self, items: Any) -> None:
        for item in items:
            self.append(item)

    MergeFrom = extend

    def __deepcopy__(self, memo: Any) -> _Repeated:
        return _Repeated(self.kind, [copy.deepcopy(item, memo) for item in self])


class _Map(dict[str, Any]):
    """A map of strings to attributes; reading a missing one makes it, as protocol buffers do."""

    def __missing__(self, key: str) -> Any:
        self[key] = PLAIN["AttrValue"]()
        return self[key]


_DEFAULTS: dict[str, Any] = {
    "string": "",
    "bytes": b"",
    "int": 0,
    "enum": 0,
    "float": 0.0,
    "double": 0.0,
    "bool": False,
}


def _checked(kind: str, value: Any, name: str) -> Any:
    """A value as a field of a kind keeps it."""
    if kind == "bytes" and isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if kind == "string" and isinstance(value, (str, bytes)):
        return value if isinstance(value, str) else value.decode()
    if kind == "bool" and hasattr(value, "__index__"):
        return bool(value)
    if kind in ("int", "enum") and hasattr(value, "__index__"):
        return int(value)
    if kind == "float" and hasattr(value, "__float__"):
        return struct.unpack("f", struct.pack("f", float(value)))[0]
    if kind == "double" and hasattr(value, "__float__"):
        return float(value)
    raise TypeError(f"{value!r} has type {type(value).__name__}, but field {name!r} holds {kind}")


PLAIN: dict[str, type[PlainMessage]] = {
    name: type(
        name,
        (PlainMessage,),
        {"FIELDS": fields, "ONEOF": name == "AttrValue", "__doc__": PlainMessage.__doc__},
    )
    for name, fields in SCHEMA.items()
}
PLAIN["AttrValue"].ListValue = PLAIN["ListValue"]  # type: ignore[attr-defined]
PLAIN["TensorShapeProto"].Dim = PLAIN["Dim"]  # type: ignore[attr-defined]
