"""Examples as tensors: `tf.parse_single_example` and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from graphmagic.dtypes import DType, as_dtype, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid
from graphmagic.ops.text import as_bytes, byte_strings, string_array
from graphmagic.shapes import TensorShape
from graphmagic.train.example import Example

__all__ = ["FixedLenFeature", "VarLenFeature", "parse_example", "parse_single_example"]


class FixedLenFeature(NamedTuple):
    """A feature with as many values in every example."""

    shape: Any
    dtype: Any
    default_value: Any = None


class VarLenFeature(NamedTuple):
    """A feature with any number of values."""

    dtype: Any


parse_op = OpDef("ParseExample", "serialized:string -> values:[Tout]", differentiable=False)
_LISTS = {"string": "bytes_list", "float32": "float_list", "int64": "int64_list"}
_TYPES = {"bytes_list": "string", "float_list": "float", "int64_list": "int64"}


@parse_op.kernel
def parse_kernel(serialized: Any, *, op: Operation) -> Any:
    is_batch = np.ndim(serialized) == 1
    examples = [_example(text) for text in byte_strings(serialized)]
    results: list[Any] = []
    for name, spec in op.attrs["features"].items():
        rows = [_values(example, name, spec, index) for index, example in enumerate(examples)]
        if isinstance(spec, VarLenFeature):
            results += _sparse(rows, as_dtype(spec.dtype), is_batch)
        else:
            shaped = [row.reshape(TensorShape(spec.shape).as_list()) for row in rows]
            empty = np.empty([0, *_sizes(spec)], as_dtype(spec.dtype).numpy)
            results.append((_stack(shaped) if shaped else empty) if is_batch else shaped[0])
    return tuple(results)


def _sizes(spec: FixedLenFeature) -> list[int]:
    return [int(size) for size in TensorShape(spec.shape).as_list()]  # type: ignore[arg-type]


def _example(text: bytes) -> Any:
    try:
        return Example.FromString(text)
    except Exception:
        shown = text.decode(errors="backslashreplace")
        raise invalid(f"Could not parse example input, value: '{shown}'") from None


def _stack(rows: list[Any]) -> Any:
    if rows and rows[0].dtype == object:
        return string_array(
            [item for row in rows for item in row.ravel().tolist()], (len(rows), *rows[0].shape)
        )
    return np.stack(rows)


def _values(example: Example, name: str, spec: Any, index: int) -> Any:
    """The values of one feature of an example, as a vector."""
    dtype, is_dense = as_dtype(spec.dtype), isinstance(spec, FixedLenFeature)
    feature = example.features.feature.get(name)
    kind = None if feature is None else feature.WhichOneof()
    place = f"Name: <unknown>, Key: {name}, Index: {index}.  "
    if feature is None or kind is None:
        found = _default(name, spec, dtype) if is_dense else []
    elif kind != _LISTS[dtype.name]:
        types = (
            f"Data type: {_TYPES[kind]} but expected type: {_TYPES[_LISTS[dtype.name]]}"
            if is_dense
            else f"Expected type: {_TYPES[_LISTS[dtype.name]]}, Actual type: {_TYPES[kind]}"
        )
        raise invalid(f"{place}Data types don't match. {types}")
    else:
        found = getattr(feature, kind).value
    if is_dense and len(found) != TensorShape(spec.shape).num_elements():
        raise invalid(
            f"{place}Number of {_TYPES[_LISTS[dtype.name]]} values != expected.  Values size: {len(found)} but output "
            f"shape: {shape_text(np.empty(_sizes(spec)))}"
        )
    if dtype.name == "string":
        return string_array([as_bytes(item) for item in found], (len(found),))
    return np.array(found, dtype.numpy)


def _default(name: str, spec: FixedLenFeature, dtype: DType) -> list[Any]:
    """What a feature is where an example does not have it."""
    if spec.default_value is None:
        raise invalid(
            f"Name: <unknown>, Feature: {name} (data type: {_TYPES[_LISTS[dtype.name]]}) is required but could not be "
            "found."
        )
    return np.asarray(spec.default_value).ravel().tolist()


def _sparse(rows: list[Any], dtype: Any, is_batch: bool) -> list[Any]:
    """Indices, values and shape."""
    values = _stack([np.concatenate(rows)])[0] if rows else np.empty(0, dtype.numpy)
    longest = max([len(row) for row in rows], default=0)
    if not is_batch:
        return [np.arange(longest, dtype=np.int64)[:, None], values, np.array([longest], np.int64)]
    indices = [[i, j] for i, row in enumerate(rows) for j in range(len(row))]
    shape = np.array([len(rows), longest], np.int64)
    return [np.array(indices, np.int64).reshape(-1, 2), values, shape]


def parse_single_example(
    serialized: Any, features: Mapping[str, Any], name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of a `tf.train.Example`.

    Args:
        serialized: a string.
        features: for each name a `FixedLenFeature` or a `VarLenFeature`.
        name: the operation's name.
        example_names: accepted for old programs.

    Returns:
        A dictionary of tensors, sparse ones for features of any length.
    """
    return _parse(serialized, features, name or "ParseSingleExample", [])


def parse_example(
    serialized: Any, features: Mapping[str, Any], name: str | None = None, example_names: Any = None
) -> dict[str, Any]:
    """The features of a batch of `tf.train.Example`; see `parse_single_example`."""
    serialized = convert_to_tensor(serialized, name="serialized")
    rows = serialized.shape.with_rank(1).as_list() if serialized.shape.ndims is not None else [None]
    return _parse(serialized, features, name, rows)


def _checked(spec: FixedLenFeature | VarLenFeature) -> DType:
    """The type of a feature, if examples can have it, and its default value has as many elements as its shape."""
    dtype = as_dtype(spec.dtype)
    if dtype.name not in _LISTS:
        parameter = "dense_defaults" if isinstance(spec, FixedLenFeature) else "sparse_types"
        raise TypeError(
            f"Value passed to parameter '{parameter}' has DataType {dtype.name} "
            "not in list of allowed values: float32, int64, string"
        )
    if isinstance(spec, FixedLenFeature) and spec.default_value is not None:
        given, shape = np.size(spec.default_value), TensorShape(spec.shape)
        if given != shape.num_elements():
            raise ValueError(
                f"Cannot reshape a tensor with {given} elements to shape {shape.bracketed()} "
                f"({shape.num_elements()} elements)"
            )
    return dtype


def _parse(
    serialized: Any, features: Mapping[str, Any], name: str | None, batch: list[Any]
) -> dict[str, Any]:
    if not features:
        raise ValueError("Missing: features was {}.")
    specs = {key: features[key] for key in sorted(features)}
    kinds, shapes = [], []
    for key, spec in specs.items():
        if not isinstance(spec, (FixedLenFeature, VarLenFeature)):
            raise ValueError(f"Invalid feature {key}:{spec}.")
        dtype, rank = _checked(spec), 1 + len(batch)
        if isinstance(spec, VarLenFeature):
            kinds += [int64, dtype, int64]
            shapes += [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]
        else:
            kinds.append(dtype)
            shapes.append(TensorShape(batch).concatenate(spec.shape))
    op = apply_op(parse_op, serialized, name=name, Tout=kinds, features=specs)
    outputs = list(op.outputs)
    for tensor, shape in zip(outputs, shapes, strict=True):
        tensor.set_shape(shape)
    results: dict[str, Any] = {}
    for key, spec in specs.items():
        if isinstance(spec, VarLenFeature):
            results[key] = SparseTensor(*[outputs.pop(0) for _ in range(3)])
        else:
            results[key] = outputs.pop(0)
    return results
