"""Strings taken apart: string_split, strings.split."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import one_of, shape_text
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.text import as_bytes, byte_strings, string_array
from graphmagic.shapes import TensorShape

__all__ = ["split", "string_split"]

_PIECES = "indices:int64, values:string, shape:int64"
string_split_op = OpDef(
    "StringSplit",
    f"input:string, delimiter:string -> {_PIECES}",
    defaults={"skip_empty": True},
    differentiable=False,
)
string_split_v2_op = OpDef(
    "StringSplitV2", f"input:string, sep:string -> {_PIECES}", defaults={"maxsplit": -1}, differentiable=False
)


def _sparse_rows(rows: list[list[bytes]]) -> tuple[Any, Any, Any]:
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = [piece for row in rows for piece in row]
    shape = np.array([len(rows), max(map(len, rows), default=0)], np.int64)
    return np.array(places, np.int64).reshape(-1, 2), string_array(values, (len(values),)), shape


@string_split_op.kernel
def string_split_kernel(x: Any, delimiter: Any, *, skip_empty: bool) -> Any:
    if np.ndim(x) != 1:
        raise invalid(f"input must be a vector, got shape: {shape_text(x)}")
    if np.ndim(delimiter):
        raise invalid(f"delimiter must be a scalar, got shape: {shape_text(delimiter)}")
    marks = as_bytes(np.asarray(delimiter, object)[()])
    rows = [_split_at_any(text, marks) for text in byte_strings(x)]
    return _sparse_rows([[p for p in row if p or not skip_empty] for row in rows])


def _split_at_any(text: bytes, marks: bytes) -> list[bytes]:
    """Split at each byte that is one of `marks`; into single bytes if there are none.  Nothing has no pieces."""
    if not marks or not text:
        return [text[i : i + 1] for i in range(len(text))]
    for mark in marks[1:]:
        text = text.replace(bytes([mark]), marks[:1])
    return text.split(marks[:1])


@string_split_v2_op.kernel
def string_split_v2_kernel(x: Any, sep: Any, *, maxsplit: int) -> Any:
    if np.ndim(x) != 1:
        raise invalid(f"input must be a vector, got shape: {shape_text(x)}")
    if np.ndim(sep):
        raise invalid(f"sep must be a scalar, got shape: {shape_text(sep)}")
    mark = as_bytes(np.asarray(sep, object)[()]) or None
    return _sparse_rows([text.split(mark, maxsplit) for text in byte_strings(x)])


def _split_shape(x: Tensor, mark: Tensor) -> list[TensorShape]:
    of_rank(x.shape, 1)
    of_rank(mark.shape, 0)
    return [TensorShape([None, 2]), TensorShape([None]), TensorShape([2])]


string_split_op.shape_rule(_split_shape)
string_split_v2_op.shape_rule(_split_shape)


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """Split each string of a vector into pieces.

    Args:
        source: a vector of strings.
        sep: each of its bytes separates pieces; a space if None, and nothing at all to split into bytes.
        skip_empty: leave out empty pieces.
        delimiter: the old name of `sep`.
        result_type: ``"SparseTensor"``; ragged tensors are not supported.
        name: the operation's name.

    Returns:
        A `SparseTensor` with one row per string.

    Raises:
        ValueError: `source` is no vector, or the result type is not supported.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_split(["a b", "c"]).values)
    array([b'a', b'b', b'c'], dtype=object)
    """
    _check_result_type(result_type)
    mark = one_of("sep", sep, "delimiter", delimiter)
    with get_default_graph().name_scope(name or "StringSplit"):
        delimiters = convert_to_tensor(" " if mark is None else mark, dtypes.string)
        text = convert_to_tensor(source, dtypes.string)
        found = apply_op(string_split_op, text, delimiters, skip_empty=skip_empty)
        return _as_sparse_rows(found.outputs)


def split(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """Split each string of a vector as Python's `str.split` does.

    Args:
        input: a vector of strings.
        sep: the separator; runs of white space if None.
        maxsplit: split at most so often.
        result_type: ``"SparseTensor"``; ragged tensors are not supported.
        source: the old name of `input`.
        name: the operation's name.

    Returns:
        A `SparseTensor` with one row per string.

    Raises:
        ValueError: `input` is no vector, or the result type is not supported.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.strings.split(["a--b", "c"], "--").values)
    array([b'a', b'b', b'c'], dtype=object)
    """
    _check_result_type(result_type)
    text = one_of("input", input, "source", source)
    with get_default_graph().name_scope(name or "StringSplit"):
        separator = convert_to_tensor("" if sep is None else sep, dtypes.string)
        words = convert_to_tensor(text, dtypes.string)
        return _as_sparse_rows(apply_op(string_split_v2_op, words, separator, maxsplit=maxsplit).outputs)


def _check_result_type(result_type: str) -> None:
    if result_type != "SparseTensor":
        raise ValueError(
            f"result_type must be 'SparseTensor', not {result_type!r}: graphmagic has no ragged tensors."
        )


def _as_sparse_rows(outputs: Any) -> SparseTensor:
    indices, values, shape = outputs
    indices.set_shape([None, 2])
    values.set_shape([None])
    shape.set_shape([2])
    return SparseTensor(indices, values, shape)
