"""Values packed into strings: base64, raw bytes, lines of CSV."""

from __future__ import annotations

import base64
import binascii
from itertools import pairwise
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import invalid
from graphmagic.ops.string_numbers import parse_number
from graphmagic.ops.text import as_bytes, byte_strings, each, string_array
from graphmagic.shapes import TensorShape

__all__ = ["decode_base64", "decode_csv", "decode_raw", "encode_base64"]

# ----- base64 -----

encode_base64_op = OpDef(
    "EncodeBase64", "input:string -> output:string", defaults={"pad": False}, differentiable=False
)
decode_base64_op = OpDef("DecodeBase64", "input:string -> output:string", differentiable=False)


@encode_base64_op.kernel
def encode_base64_kernel(x: Any, *, pad: bool) -> Any:
    return each(lambda text: base64.urlsafe_b64encode(text).rstrip(b"" if pad else b"="), x)


@decode_base64_op.kernel
def decode_base64_kernel(x: Any) -> Any:
    return each(_decoded, x)


def _decoded(text: bytes) -> bytes:
    bare = text.rstrip(b"=")
    try:
        if b"+" in bare or b"/" in bare:
            raise ValueError(text)
        return base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise invalid("Invalid character found in base64.") from None


encode_base64_op.shape_rule(same_shape)
decode_base64_op.shape_rule(same_shape)


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Bytes as letters, digits, ``-`` and ``_``.

    Args:
        input: a string tensor.
        pad: fill up with ``=`` to a multiple of four characters.
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.encode_base64("graph"))
    b'Z3JhcGg'
    """
    return apply_op(encode_base64_op, input, name=name, pad=pad).outputs[0]


def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """The bytes that `encode_base64` wrote.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.decode_base64("Z3JhcGg"))
    b'graph'
    """
    return apply_op(decode_base64_op, input, name=name).outputs[0]


# ----- raw bytes -----

decode_raw_op = OpDef(
    "DecodeRaw",
    "bytes:string -> output:out_type",
    types={"out_type": (*dtypes.REALS, dtypes.bool, dtypes.complex64, dtypes.complex128)},
    defaults={"little_endian": True},
    differentiable=False,
)


@decode_raw_op.kernel
def decode_raw_kernel(x: Any, *, dtype: Any, little_endian: bool) -> Any:
    texts = byte_strings(x)
    if not texts:
        return np.empty((*np.shape(x), 0), dtype)
    size = len(texts[0])
    for index, text in enumerate(texts):
        if len(text) != size:
            raise invalid(
                "DecodeRaw requires input strings to all be the same size, but element "
                f"{index} has size {size} != {len(text)}"
            )
    if size % dtype.itemsize:
        raise invalid(
            f"Input to DecodeRaw has length {size} that is not a multiple of {dtype.itemsize}, the size of "
            f"{_short_name(dtype)}"
        )
    numbers = np.frombuffer(b"".join(texts), dtype.newbyteorder("<" if little_endian else ">"))
    return numbers.astype(dtype).reshape((*np.shape(x), size // dtype.itemsize))


def _short_name(dtype: Any) -> str:
    name = as_dtype(dtype).name
    return {"float32": "float", "float64": "double", "float16": "half"}.get(name, name)


@decode_raw_op.shape_rule
def decode_raw_shape(x: Tensor) -> TensorShape:
    return x.shape.concatenate([None])


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """The numbers whose bytes strings hold.

    Args:
        input_bytes: strings of one length.
        out_type: the type of the numbers.
        little_endian: whether the lowest byte of a number comes first.
        name: the operation's name.
        bytes: the old name of `input_bytes`.

    Returns:
        A `Tensor` with one dimension more, over the numbers of a string.

    Raises:
        InvalidArgumentError: the lengths do not fit, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.decode_raw("ab", tf.uint8))
    array([97, 98], dtype=uint8)
    """
    text = one_of("input_bytes", input_bytes, "bytes", bytes)
    return apply_op(
        decode_raw_op, text, name=name, out_type=as_dtype(out_type), little_endian=little_endian
    ).outputs[0]


# ----- CSV -----

decode_csv_op = OpDef(
    "DecodeCSV",
    "records:string, record_defaults:[OUT_TYPE] -> output:[OUT_TYPE]",
    defaults={"field_delim": ",", "use_quote_delim": True, "na_value": "", "select_cols": []},
)
_COLUMN_TYPES = (dtypes.float32, dtypes.float64, dtypes.int32, dtypes.int64, dtypes.string)


@decode_csv_op.kernel
def decode_csv_kernel(
    records: Any,
    record_defaults: Any,
    *,
    OUT_TYPE: list[Any],  # noqa: N803
    field_delim: str,
    use_quote_delim: bool,
    na_value: str,
    select_cols: list[int],
) -> Any:
    if len(field_delim) != 1:
        raise invalid("field_delim should be only 1 char")
    count = len(OUT_TYPE)
    columns: list[list[Any]] = [[] for _ in OUT_TYPE]
    delimiter, missing = as_bytes(field_delim), as_bytes(na_value)
    for row, text in enumerate(byte_strings(records)):
        fields = _fields(text, delimiter, use_quote_delim)
        if select_cols:
            fields = [fields[i] for i in select_cols if i < len(fields)]
        if len(fields) != count:
            raise invalid(f"Expect {count} fields but have {len(fields)} in record {row}")
        for index, (field, kind, default) in enumerate(zip(fields, OUT_TYPE, record_defaults, strict=True)):
            if field and field != missing:
                columns[index].append(_value(field, kind, index, row))
            elif np.size(default):
                columns[index].append(np.asarray(default).ravel()[0])
            else:
                raise invalid(f"Field {index} is required but missing in record {row}!")
    return tuple(
        [
            string_array(column, np.shape(records))
            if kind is dtypes.string
            else np.array(column, kind.numpy).reshape(np.shape(records))
            for column, kind in zip(columns, OUT_TYPE, strict=True)
        ]
    )


def _value(field: bytes, kind: Any, index: int, row: int) -> Any:
    if kind is dtypes.string:
        return field

    def problem(text: bytes) -> Exception:
        return invalid(
            f"Field {index} in record {row} is not a valid {_short_name(kind)}: {text.decode(errors='replace')}"
        )

    return parse_number(field, kind, problem)


def _fields(text: bytes, delimiter: bytes, quotes: bool) -> list[bytes]:
    """The fields of a record, as RFC 4180 has them: a quote inside quotes is doubled.

    Line ends before a field do not count.
    """
    fields: list[bytes] = []
    forbidden = (b"\n", b"\r", b'"') if quotes else (b"\n", b"\r")
    at = 0
    while at < len(text):
        if text[at : at + 1] in (b"\n", b"\r"):
            at += 1
            continue
        if quotes and text[at : at + 1] == b'"':
            field, at = _quoted(text, at + 1, delimiter)
        else:
            end = text.find(delimiter, at)
            field, at = (text[at:], len(text)) if end < 0 else (text[at:end], end)
            if any(mark in field for mark in forbidden):
                raise invalid("Unquoted fields cannot have quotes/CRLFs inside")
        fields.append(field)
        at += 1
    return [*fields, b""] if text.endswith(delimiter) else fields


def _quoted(text: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    """A field in quotes, and where it ends; `at` is behind the first quote."""
    parts = []
    while True:
        end = text.find(b'"', at)
        if end < 0:
            raise invalid("Quoted field has to end with quote followed by delim or end")
        parts.append(text[at:end])
        after = text[end + 1 : end + 2]
        if after in (b"", delimiter):
            return b"".join(parts), end + 1
        if after != b'"':
            raise invalid("Quote inside a string has to be escaped by another quote")
        parts.append(b'"')
        at = end + 2


@decode_csv_op.shape_rule
def decode_csv_shape(records: Tensor, record_defaults: list[Tensor]) -> list[TensorShape]:
    for default in record_defaults:
        if default.shape.ndims is not None and default.shape.ndims > 1:
            raise ValueError(f"Shape must be at most rank 1 but is rank {default.shape.ndims}")
        if default.shape.ndims == 1 and (default.shape.as_list()[0] or 0) > 1:
            raise ValueError("Shape of a default must be a length-0 or length-1 vector, or a scalar.")
    return [records.shape] * len(record_defaults)


def decode_csv(
    records: Any,
    record_defaults: Any,
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Any = None,
) -> list[Tensor]:
    """The columns of lines of comma-separated values.

    Args:
        records: strings, one line each.
        record_defaults: for each column the value of empty fields, whose type is that of the column: float32,
            float64, int32, int64 or string; an empty list or vector of a type where a field must not be empty.
        field_delim: what separates fields, one character.
        use_quote_delim: whether fields may stand in double quotes; if not, quotes are ordinary characters.
        name: the operation's name.
        na_value: another way to write an empty field.
        select_cols: the numbers of the columns to return, in ascending order; all if None.

    Returns:
        A list of tensors of the shape of `records`, one per column.

    Raises:
        ValueError: the arguments contradict each other.
        InvalidArgumentError: a line does not have the right fields, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.decode_csv(["1,2.5,a", ",,"], [[7], [0.0], ["?"]]))
    [array([1, 7], dtype=int32), array([2.5, 0. ], dtype=float32), array([b'a', b'?'], dtype=object)]
    """
    if select_cols is not None and any(a >= b for a, b in pairwise(select_cols)):
        raise ValueError("select_cols is not strictly increasing.")
    if select_cols is not None and select_cols and select_cols[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if select_cols is not None and len(select_cols) != len(record_defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")
    with get_default_graph().name_scope(name or "DecodeCSV") as scope:
        defaults = [convert_to_tensor(d, name=f"record_defaults_{i}") for i, d in enumerate(record_defaults)]
        for default in defaults:
            if default.dtype.base_dtype not in _COLUMN_TYPES:
                raise TypeError(
                    f"Value passed to parameter 'record_defaults' has DataType {default.dtype.base_dtype.name} not in "
                    f"list of allowed values: {', '.join(t.name for t in _COLUMN_TYPES)}"
                )
        attrs = {
            "field_delim": field_delim,
            "use_quote_delim": use_quote_delim,
            "na_value": na_value,
            "select_cols": list(select_cols or ()),
        }
        return list(apply_op(decode_csv_op, records, defaults, name=scope, **attrs).outputs)
