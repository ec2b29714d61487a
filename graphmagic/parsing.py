"""Examples as tensors: `tf.parse_single_example` and what it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from graphmagic import errors
from graphmagic.dtypes import as_dtype, int64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
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


@parse_op.kernel
def parse_kernel(serialized: Any, *, op: Operation) -> Any:
    is_batch = np.ndim(serialized) == 1
    examples = [Example.FromString(text) for text in byte_strings(serialized)]
    results: list[Any] = []
    for name, spec in op.attrs["features"].items():
        rows = [_values(example, name, spec) for example in examples]
        if isinstance(spec, VarLenFeature):
            results += _sparse(rows, as_dtype(spec.dtype), is_batch)
        else:
            shaped = [row.reshape(TensorShape(spec.shape).as_list()) for row in rows]
            results.append(_stack(shaped) if is_batch else shaped[0])
    return tuple(results)


def _stack(rows: list[Any]) -> Any:
    if rows and rows[0].dtype == object:
        return string_array(
            [item for row in rows for item in row.ravel().tolist()], (len(rows), *rows[0].shape)
        )
    return np.stack(rows)


def _values(example: Example, name: str, spec: Any) -> Any:
    dtype = as_dtype(spec.dtype)
    feature = example.features.feature.get(name)
    kind = None if feature is None else feature.WhichOneof()
    if feature is None or kind is None:
        if isinstance(spec, VarLenFeature):
            found: Any = []
        elif spec.default_value is None:
            raise errors.InvalidArgumentError(
                None, None, f"Feature: {name} (data type: {dtype.name}) is required but could not be found."
            )
        else:
            found = (
                np.broadcast_to(np.asarray(spec.default_value), TensorShape(spec.shape).as_list())  # type: ignore[arg-type]
                .ravel()
                .tolist()
            )
    elif kind != _LISTS[dtype.name]:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Key: {name}.  Data types don't match. Expected type: {dtype.name}, but the example has a {kind}.",
        )
    else:
        found = getattr(feature, kind).value
    size = None if isinstance(spec, VarLenFeature) else TensorShape(spec.shape).num_elements()
    if size is not None and len(found) != size:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Key: {name}.  Number of {dtype.name} values != expected.  Values size: {len(found)} but output shape: "
            f"{TensorShape(spec.shape).as_list()}",
        )
    if dtype.name == "string":
        return string_array([as_bytes(item) for item in found], (len(found),))
    return np.array(found, dtype.numpy)


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
    return _parse(serialized, features, name, [None])


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
        dtype, rank = as_dtype(spec.dtype), 1 + len(batch)
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
