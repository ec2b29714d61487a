"""Sorting slices into several tensors, and merging them again: dynamic_partition, dynamic_stitch."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import queries
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_shape
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.gather import gather
from graphmagic.ops.reduce import reduce_prod
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape

__all__ = ["dynamic_partition", "dynamic_stitch"]

Grads = tuple[Tensor | None, ...]


def _check_prefix(data: Tensor, numbers: Tensor) -> None:
    """Raise `ValueError` unless the static shape of `data` starts with that of `numbers`."""
    for a, b in zip(data.shape.ints or (), numbers.shape.ints or (), strict=False):
        if a is not None and b is not None and a != b:
            raise ValueError(f"Dimensions must be equal, but are {a} and {b}")


dynamic_partition_op = OpDef("DynamicPartition", "data:T, partitions:int32 -> outputs:num_partitions*T")


@dynamic_partition_op.kernel
def dynamic_partition_kernel(data: Any, partitions: Any, *, num_partitions: int) -> Any:
    rank = np.ndim(partitions)
    if np.shape(data)[:rank] != np.shape(partitions):
        raise invalid(
            f"data.shape must start with partitions.shape, got data.shape = {shape_text(data)}, "
            f"partitions.shape = {shape_text(partitions)}"
        )
    outside = np.argwhere((partitions < 0) | (partitions >= num_partitions))
    if len(outside):
        place = tuple(outside[0].tolist())
        at = f"[{','.join(map(str, place))}]" if place else ""
        raise invalid(f"partitions{at} = {partitions[place]} is not in [0, {num_partitions})")
    return tuple([np.asarray(data)[np.equal(partitions, i)] for i in range(num_partitions)])


@dynamic_partition_op.shape_rule
def dynamic_partition_shape(data: Tensor, partitions: Tensor, *, num_partitions: int) -> list[TensorShape]:
    if data.shape.ndims is None or partitions.shape.ndims is None:
        return [TensorShape(None)] * num_partitions
    rank = partitions.shape.ndims
    if rank > data.shape.ndims:
        raise ValueError(f"Shape must be at least rank {rank} but is rank {data.shape.ndims}")
    _check_prefix(data, partitions)
    return [TensorShape([None]).concatenate(data.shape[rank:])] * num_partitions


@dynamic_partition_op.gradient
def dynamic_partition_grad(op: Operation, *dys: Tensor) -> Grads:
    data, partitions = op.inputs
    whole = queries.shape(partitions)
    places = reshape(graph_range(reduce_prod(whole)), whole)
    pieces = dynamic_partition(places, partitions, op.attrs["num_partitions"])
    return reshape(dynamic_stitch(pieces, list(dys)), queries.shape(data)), None


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """Sort the slices of a tensor into several tensors.

    Args:
        data: a tensor.
        partitions: for each slice which tensor it goes to; the shape is a prefix of that of `data`.
        num_partitions: the number of tensors.
        name: the operation's name.

    Returns:
        A list of tensors.

    Raises:
        ValueError: the shapes do not fit.
        InvalidArgumentError: a number is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.dynamic_partition([10, 20, 30], [1, 0, 1], 2))
    [array([20], dtype=int32), array([10, 30], dtype=int32)]
    """
    return list(
        apply_op(dynamic_partition_op, data, partitions, name=name, num_partitions=num_partitions).outputs
    )


dynamic_stitch_op = OpDef("DynamicStitch", "indices:N*int32, data:N*T -> merged:T")


@dynamic_stitch_op.kernel
def dynamic_stitch_kernel(indices: Any, data: Any) -> Any:
    rest = np.shape(data[0])[np.ndim(indices[0]) :]
    for number, (places, slices) in enumerate(zip(indices, data, strict=True)):
        if np.shape(slices)[: np.ndim(places)] != np.shape(places):
            raise invalid(
                f"data[{number}].shape = {shape_text(slices)} does not start with indices[{number}].shape = "
                f"{shape_text(places)}"
            )
        if np.shape(slices)[np.ndim(places) :] != rest:
            raise invalid(
                f"Need data[0].shape[{np.ndim(indices[0])}:] = data[{number}].shape[{np.ndim(places)}:], got "
                f"data[0].shape = {shape_text(data[0])}, data[{number}].shape = {shape_text(slices)}, "
                f"indices[0].shape = {shape_text(indices[0])}, indices[{number}].shape = {shape_text(places)}"
            )
    flat = np.concatenate([np.ravel(places) for places in indices])
    count = int(flat.max()) + 1 if flat.size else 0
    if (flat < 0).any():
        raise invalid(f"indices[{int(np.argmax(flat < 0))}] is out of range")
    dtype = np.asarray(data[0]).dtype
    result = np.full((count, *rest), b"", dtype) if dtype.kind == "O" else np.zeros((count, *rest), dtype)
    for places, slices in zip(indices, data, strict=True):
        result[np.ravel(places)] = np.reshape(slices, (-1, *rest))
    return result


@dynamic_stitch_op.shape_rule
def dynamic_stitch_shape(indices: list[Tensor], data: list[Tensor]) -> TensorShape:
    rest = TensorShape(None)
    largest: int | None = -1
    for places, slices in zip(indices, data, strict=True):
        known = static_value(places)
        largest = None if known is None or largest is None else max([largest, *known.ravel().tolist()])
        if places.shape.ndims is None or slices.shape.ndims is None:
            continue
        _check_prefix(slices, places)
        rest = merged_shape(rest, slices.shape[places.shape.ndims :])
    return TensorShape([None if largest is None else largest + 1]).concatenate(rest)


@dynamic_stitch_op.gradient
def dynamic_stitch_grad(op: Operation, dy: Tensor) -> Grads:
    count = len(op.inputs) // 2
    return (*[None] * count, *[gather(dy, places) for places in op.inputs[:count]])


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """Merge slices of several tensors into one tensor.

    Args:
        indices: for each tensor, the places of its slices in the result.
        data: the tensors; where a place occurs twice the last slice counts.
        name: the operation's name.

    Returns:
        A `Tensor`; places that no index names hold zeros.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.dynamic_stitch([[1], [0, 2]], [[20], [10, 30]]))
    array([10, 20, 30], dtype=int32)
    """
    return apply_op(dynamic_stitch_op, indices, data, name=name).outputs[0]
