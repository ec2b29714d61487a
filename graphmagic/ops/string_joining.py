"""Strings joined, and parts of strings: string_join, reduce_join, substr."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of, shape_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.queries import rank as rank_of
from graphmagic.ops.text import as_bytes, byte_strings, string_array
from graphmagic.shapes import TensorShape, broadcast_static, unknown_shape

__all__ = ["check_unit", "reduce_join", "string_join", "substr"]

string_join_op = OpDef(
    "StringJoin", "inputs:N*string -> output:string", defaults={"separator": ""}, differentiable=False
)


@string_join_op.kernel
def string_join_kernel(inputs: Any, *, separator: str) -> Any:
    shape: tuple[int, ...] = ()
    for index, x in enumerate(inputs):
        if np.ndim(x):
            if shape and np.shape(x) != shape:
                raise invalid(
                    f"Input shapes do not match: [{','.join(map(str, shape))}] vs. {shape_text(x)}"
                    if index
                    else "Input shapes do not match"
                )
            shape = np.shape(x)
    count = int(np.prod(shape, dtype=np.int64))
    columns = [byte_strings(x) if np.ndim(x) else byte_strings(x) * count for x in inputs]
    return string_array([as_bytes(separator).join(row) for row in zip(*columns, strict=True)], shape)


@string_join_op.shape_rule
def string_join_shape(inputs: list[Tensor]) -> TensorShape:
    if any(x.shape.ndims is None for x in inputs):
        return TensorShape(None)
    shape = TensorShape([])
    for x in inputs:
        if x.shape.ndims:
            shape = x.shape if shape.ndims == 0 else merged_shape(shape, x.shape)
    return shape


def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Join strings element by element.

    Args:
        inputs: a list of string tensors of one shape; scalars go with each element.
        separator: what stands between them.
        name: the operation's name.

    Returns:
        A `Tensor` of strings.

    Raises:
        ValueError: the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.string_join([["a", "b"], "x"], separator="-"))
    array([b'a-x', b'b-x'], dtype=object)
    """
    return apply_op(string_join_op, inputs, name=name, separator=separator).outputs[0]


# ----- reduce_join -----

reduce_join_op = OpDef(
    "ReduceJoin",
    "inputs:string, reduction_indices:int32 -> output:string",
    defaults={"keep_dims": False, "separator": ""},
    differentiable=False,
    value_inputs=("reduction_indices",),
)


@reduce_join_op.kernel
def reduce_join_kernel(inputs: Any, reduction_indices: Any, *, keep_dims: bool, separator: str) -> Any:
    x, rank, link = np.asarray(inputs, object), np.ndim(inputs), as_bytes(separator)
    axes: list[int] = []
    for number in np.atleast_1d(reduction_indices).tolist():
        if not -rank <= number < rank:
            raise errors.OutOfRangeError(
                None, None, f"Invalid reduction dimension {number} for input with {rank} dimension(s)"
            )
        if number % rank in axes:
            raise invalid(f"Duplicate reduction dimension {number}")
        axes.append(number % rank)
    for axis in axes:
        rows = np.moveaxis(x, axis, -1)
        flat = (
            rows.reshape(-1, rows.shape[-1])
            if x.size
            else np.empty((int(np.prod(rows.shape[:-1])), 0), object)
        )
        joined = [link.join(byte_strings(row)) for row in flat]
        x = np.expand_dims(string_array(joined, rows.shape[:-1]), axis)
    return x if keep_dims else np.squeeze(x, tuple(axes)) if axes else x


@reduce_join_op.shape_rule
def reduce_join_shape(inputs: Tensor, reduction_indices: Tensor, *, keep_dims: bool) -> TensorShape:
    if inputs.shape.ints is None:
        return TensorShape(None)
    rank, axes = len(inputs.shape.ints), static_value(reduction_indices)
    if axes is None:
        return unknown_shape(rank) if keep_dims else TensorShape(None)
    dropped = set()
    for number in np.atleast_1d(axes).tolist():
        if not -rank <= number < rank:
            raise ValueError(f"Invalid reduction dimension {number} for input with {rank} dimensions.")
        dropped.add(number % rank)
    if keep_dims:
        return TensorShape([1 if i in dropped else d for i, d in enumerate(inputs.shape.ints)])
    return TensorShape([d for i, d in enumerate(inputs.shape.ints) if i not in dropped])


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """Join the strings along dimensions.

    Args:
        inputs: a string tensor.
        axis: the dimensions, one after the other; all from the last to the first if None.
        keep_dims: the old name of `keepdims`.
        separator: what stands between the strings.
        name: the operation's name.
        reduction_indices: the old name of `axis`.
        keepdims: keep the dimensions, with size 1.

    Returns:
        A `Tensor` of strings.

    Raises:
        ValueError: there is no such dimension.

    >>> import graphmagic as tf
    >>> x = tf.constant([["a", "b"], ["c", "d"]])
    >>> tf.Session().run([tf.reduce_join(x), tf.reduce_join(x, 0, separator="-")])
    [b'abcd', array([b'a-c', b'b-d'], dtype=object)]
    """
    keep = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axes = one_of("axis", axis, "reduction_indices", reduction_indices)
    with get_default_graph().name_scope("ReduceJoin"):
        x = convert_to_tensor(inputs)
        if axes is None:
            known = x.shape.ndims
            axes = (
                np.arange(known, dtype=np.int32)[::-1]
                if known is not None
                else graph_range(rank_of(x) - 1, -1, -1)
            )
        return apply_op(
            reduce_join_op, x, axes, name=name, keep_dims=bool(keep), separator=separator
        ).outputs[0]


# ----- substr -----

substr_op = OpDef(
    "Substr",
    "input:string, pos:T, len:T -> output:string",
    types={"T": dtypes.INDICES},
    defaults={"unit": "BYTE"},
    differentiable=False,
)


@substr_op.kernel
def substr_kernel(x: Any, pos: Any, length: Any, *, unit: str) -> Any:
    texts, starts, counts = np.broadcast_arrays(np.asarray(x, object), pos, length)
    results = []
    for index, (item, start, count) in enumerate(
        zip(texts.ravel().tolist(), starts.ravel().tolist(), counts.ravel().tolist(), strict=True)
    ):
        text: Any = as_bytes(item) if unit == "BYTE" else as_bytes(item).decode(errors="replace")
        if not -len(text) <= start <= len(text):
            shown = as_bytes(item).decode(errors="replace")
            raise invalid(f"pos {start} out of range for string b'{shown}' at index {index}")
        first = start if start >= 0 else start + len(text)
        results.append(as_bytes(text[first : first + max(count, 0)]))
    return string_array(results, texts.shape)


@substr_op.shape_rule
def substr_shape(x: Tensor, pos: Tensor, length: Tensor) -> TensorShape:
    if pos.shape.ndims is not None and length.shape.ndims is not None:
        of_rank(length.shape, pos.shape.ndims)
        for a, b in zip(pos.shape.ints or (), length.shape.ints or (), strict=True):
            if a is not None and b is not None and a != b:
                raise ValueError(
                    f"pos and len shapes must match: {pos.shape.bracketed()} vs. {length.shape.bracketed()}"
                )
    return broadcast_static(x.shape, pos.shape)


def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """A part of each string.

    Args:
        input: a string tensor.
        pos: where the part begins; negative numbers count from the end.
        len: how long it is; it ends earlier where the string does.
        name: the operation's name.
        unit: what to count: ``"BYTE"`` or ``"UTF8_CHAR"``.

    Returns:
        A `Tensor` of strings.

    Raises:
        InvalidArgumentError: `pos` lies outside a string, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.substr("hello", 1, 3))
    b'ell'
    """
    return apply_op(substr_op, input, pos, len, name=name, unit=check_unit("Substr", unit)).outputs[0]


def check_unit(op_type: str, unit: str) -> str:
    """`unit`, which says what to count in a string.

    Raises:
        ValueError: it is neither bytes nor characters.
    """
    if unit not in ("BYTE", "UTF8_CHAR"):
        raise ValueError(
            f"Attr 'unit' of '{op_type}' Op passed string '{unit}' not in: \"BYTE\", \"UTF8_CHAR\"."
        )
    return unit
