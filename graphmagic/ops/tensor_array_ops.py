"""The operations of `tf.TensorArray`, in TensorFlow 1's names: writing, reading, stacking, splitting.

Each takes the current version of the array, its *flow*, and writes give a new one.  The gradient of a flow is a flow
too: of what was read, positions with their gradients; adding up such gradients costs as much as there is to add.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from graphmagic.errors import InvalidArgumentError
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.flows import Flow, Spec
from graphmagic.ops.variant import scalar
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]

# ----- creating -----

tensor_array_op = OpDef(
    "TensorArrayV3", "size:int32 -> handle:resource, flow:variant", stateful=True, differentiable=False
)


@tensor_array_op.kernel
def tensor_array_kernel(size: Any, *, op: Operation) -> Any:
    name, attrs = op.attrs["tensor_array_name"] or op.name, op.attrs
    spec = Spec.named(name, attrs["dtype"].as_numpy_dtype, attrs["element_shape"], attrs["dynamic_size"])
    return spec, Flow({}, int(size))


tensor_array_op.shape_rule(lambda size: [TensorShape([2]), TensorShape([])])

size_op = OpDef("TensorArraySizeV3", "handle:resource, flow_in:variant -> size:int32", differentiable=False)
size_op.shape_rule(scalar)


@size_op.kernel
def size_kernel(spec: Spec, flow: Flow) -> Any:
    return np.int32(flow.size)


# ----- one element -----

write_op = OpDef(
    "TensorArrayWriteV3", "handle:resource, index:int32, value:T, flow_in:variant -> flow_out:variant"
)
write_op.shape_rule(scalar)


@write_op.kernel
def write_kernel(spec: Spec, index: Any, value: Any, flow: Flow) -> Any:
    return flow.write(spec, int(index), value)


read_op = OpDef(
    "TensorArrayReadV3", "handle:resource, index:int32, flow_in:variant -> value:dtype", view=True
)


@read_op.kernel
def read_kernel(spec: Spec, index: Any, flow: Flow) -> Any:
    return flow.read(spec, int(index))


@write_op.gradient
def write_grad(op: Operation, dy: Tensor) -> Grads:
    _, index, value, _ = op.inputs
    return None, None, entries(dy, index, value), dy


@read_op.gradient
def read_grad(op: Operation, dy: Tensor) -> Grads:
    return None, None, from_entries(op.inputs[1], dy)


# ----- many elements of one shape -----

gather_op = OpDef("TensorArrayGatherV3", "handle:resource, indices:int32, flow_in:variant -> value:dtype")


@gather_op.kernel
def gather_kernel(spec: Spec, indices: Any, flow: Flow, *, element_shape: TensorShape) -> Any:
    return flow.gather(replace(spec, shape=element_shape), indices)


scatter_op = OpDef(
    "TensorArrayScatterV3", "handle:resource, indices:int32, value:T, flow_in:variant -> flow_out:variant"
)
scatter_op.shape_rule(scalar)


@scatter_op.kernel
def scatter_kernel(spec: Spec, indices: Any, value: Any, flow: Flow) -> Any:
    return flow.scatter(spec, indices, value)


@gather_op.gradient
def gather_grad(op: Operation, dy: Tensor) -> Grads:
    return None, None, from_entries(op.inputs[1], dy)


@scatter_op.gradient
def scatter_grad(op: Operation, dy: Tensor) -> Grads:
    _, indices, value, _ = op.inputs
    return None, None, entries(dy, indices, value), dy


# ----- pieces of different lengths -----

concat_op = OpDef("TensorArrayConcatV3", "handle:resource, flow_in:variant -> value:dtype, lengths:int64")


@concat_op.kernel
def concat_kernel(spec: Spec, flow: Flow, *, element_shape: TensorShape) -> Any:
    parts = [np.asarray(flow.read(spec, index)) for index in range(flow.size)]
    if not parts:
        return flow.gather(replace(spec, shape=element_shape), np.zeros(0, np.int32)), np.zeros(0, np.int64)
    if any(part.ndim == 0 for part in parts):
        raise InvalidArgumentError(
            None, None, "Concat saw a scalar shape at index 0 but requires at least vectors."
        )
    return np.concatenate(parts), np.array([len(part) for part in parts], np.int64)


split_op = OpDef(
    "TensorArraySplitV3",
    "handle:resource, value:T, lengths:int64, flow_in:variant -> flow_out:variant",
)
split_op.shape_rule(scalar)


@split_op.kernel
def split_kernel(spec: Spec, value: Any, lengths: Any, flow: Flow) -> Any:
    if int(lengths.sum()) != len(value):
        raise InvalidArgumentError(
            None,
            None,
            f"Expected sum of lengths to be equal to values.shape[0], but sum of lengths is {int(lengths.sum())} "
            f"and value's shape is: [{','.join(map(str, value.shape))}]",
        )
    pieces = np.split(value, np.cumsum(lengths)[:-1])
    return flow.put(list(enumerate(pieces)), max(flow.size, len(pieces)))


@concat_op.gradient
def concat_grad(op: Operation, dy: Tensor, d_lengths: Any) -> Grads:
    return None, from_pieces(dy, op.outputs[1])


@split_op.gradient
def split_grad(op: Operation, dy: Tensor) -> Grads:
    return None, pieces_of(dy, op.inputs[1], op.inputs[2]), None, dy


# ----- gradients: a flow from what was read, what was written from a flow -----

from_entries_op = OpDef("TensorArrayFromEntries", "indices:int32, value:T -> flow:variant")
from_entries_op.shape_rule(scalar)


@from_entries_op.kernel
def from_entries_kernel(indices: Any, value: Any) -> Any:
    """A flow with these elements at these positions; a position that occurs twice gets the sum."""
    if np.ndim(indices) == 0:
        return Flow({int(indices): value}, int(indices) + 1)
    items: dict[int, Any] = {}
    for index, row in zip(indices.tolist(), value, strict=True):
        items[index] = np.add(items[index], row) if index in items else row
    return Flow(items, max(items, default=-1) + 1)


entries_op = OpDef("TensorArrayEntries", "flow:variant, indices:int32, like:T -> value:T")
entries_op.shape_rule(lambda flow, indices, like: like.shape)


@entries_op.kernel
def entries_kernel(flow: Flow, indices: Any, like: Any) -> Any:
    """The elements at these positions in the form of `like`, zeros where there are none."""
    items = flow.items()
    if np.ndim(indices) == 0:
        return (
            items[int(indices)] if int(indices) in items else np.zeros(np.shape(like), np.asarray(like).dtype)
        )
    result = np.zeros(np.shape(like), np.asarray(like).dtype)
    for row, index in enumerate(indices.tolist()):
        if index in items:
            result[row] = items[index]
    return result


@from_entries_op.gradient
def from_entries_grad(op: Operation, dy: Tensor) -> Grads:
    return None, entries(dy, *op.inputs)


@entries_op.gradient
def entries_grad(op: Operation, dy: Tensor) -> Grads:
    return from_entries(op.inputs[1], dy), None, None


def from_entries(indices: Tensor, value: Tensor) -> Tensor:
    """The gradient of a flow of which some elements were read."""
    return apply_op(from_entries_op, indices, value).outputs[0]


def entries(flow: Tensor, indices: Tensor, like: Tensor) -> Tensor:
    """The gradient of what was written into a flow."""
    return apply_op(entries_op, flow, indices, like).outputs[0]


from_pieces_op = OpDef("TensorArrayFromPieces", "value:T, lengths:int64 -> flow:variant")
from_pieces_op.shape_rule(scalar)


@from_pieces_op.kernel
def from_pieces_kernel(value: Any, lengths: Any) -> Any:
    return Flow(dict(enumerate(np.split(value, np.cumsum(lengths)[:-1]))), len(lengths))


pieces_op = OpDef("TensorArrayPieces", "flow:variant, like:T, lengths:int64 -> value:T")
pieces_op.shape_rule(lambda flow, like, lengths: like.shape)


@pieces_op.kernel
def pieces_kernel(flow: Flow, like: Any, lengths: Any) -> Any:
    result = np.zeros(like.shape, like.dtype)
    ends = np.cumsum(lengths).tolist()
    for index, value in flow.items().items():
        result[ends[index] - int(lengths[index]) : ends[index]] = value
    return result


@from_pieces_op.gradient
def from_pieces_grad(op: Operation, dy: Tensor) -> Grads:
    return pieces_of(dy, *op.inputs), None


@pieces_op.gradient
def pieces_grad(op: Operation, dy: Tensor) -> Grads:
    return from_pieces(dy, op.inputs[2]), None, None


def from_pieces(value: Tensor, lengths: Tensor) -> Tensor:
    """The gradient of a flow whose elements were joined."""
    return apply_op(from_pieces_op, value, lengths).outputs[0]


def pieces_of(flow: Tensor, like: Tensor, lengths: Tensor) -> Tensor:
    """The gradient of an array that was cut into the elements of a flow."""
    return apply_op(pieces_op, flow, like, lengths).outputs[0]
