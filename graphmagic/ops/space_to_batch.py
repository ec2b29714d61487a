"""Moving blocks of space into the batch, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.checks import invalid, of_rank, of_rank_at_least
from graphmagic.ops.constant import constant
from graphmagic.ops.division import floormod
from graphmagic.ops.like import zeros_like
from graphmagic.ops.space_to_depth import divided, times
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

__all__ = [
    "batch_to_space",
    "batch_to_space_nd",
    "required_space_to_batch_paddings",
    "space_to_batch",
    "space_to_batch_nd",
]

Grads = tuple[Tensor | None, ...]

space_to_batch_nd_op = OpDef(
    "SpaceToBatchND",
    "input:T, block_shape:Tblock_shape, paddings:Tpaddings -> output:T",
    types={"Tblock_shape": dtypes.INDICES, "Tpaddings": dtypes.INDICES},
    defaults={"Tblock_shape": dtypes.int32, "Tpaddings": dtypes.int32},
    value_inputs=("paddings", "block_shape"),
)
batch_to_space_nd_op = OpDef(
    "BatchToSpaceND",
    "input:T, block_shape:Tblock_shape, crops:Tcrops -> output:T",
    types={"Tblock_shape": dtypes.INDICES, "Tcrops": dtypes.INDICES},
    defaults={"Tblock_shape": dtypes.int32, "Tcrops": dtypes.int32},
    value_inputs=("crops", "block_shape"),
)


def _check_blocks(x: Any, block_shape: Any, borders: Any, what: str) -> list[int]:
    blocks: list[int] = np.asarray(block_shape).tolist()
    if x.ndim < 1 + len(blocks):
        raise invalid(f"input rank should be >= {1 + len(blocks)} instead of {x.ndim}")
    if np.shape(borders) != (len(blocks), 2):
        raise invalid(f"{what} should have shape [{len(blocks)}, 2] instead of {list(np.shape(borders))}")
    if any(b < 1 for b in blocks):
        raise invalid(
            f"All values in block_shape must be positive, got value, {min(blocks)} at index "
            f"{blocks.index(min(blocks))}."
        )
    if np.any(np.less(borders, 0)):
        raise invalid(f"{what.capitalize()} must be non-negative")
    return blocks


@space_to_batch_nd_op.kernel
def space_to_batch_nd_kernel(x: Any, block_shape: Any, paddings: Any) -> Any:
    blocks = _check_blocks(x, block_shape, paddings, "paddings")
    count = len(blocks)
    borders = [(0, 0), *[(int(a), int(b)) for a, b in paddings], *[(0, 0)] * (x.ndim - 1 - count)]
    padded = np.pad(x, borders)
    rest = list(padded.shape[1 + count :])
    dims = [padded.shape[0]]
    for axis, (size, block) in enumerate(zip(padded.shape[1:], blocks, strict=False)):
        if size % block:
            raise invalid(f"padded_shape[{axis}]={size} is not divisible by block_shape[{axis}]={block}")
        dims += [size // block, block]
    order = [2 + 2 * i for i in range(count)] + [0] + [1 + 2 * i for i in range(count)]
    order += range(2 * count + 1, 2 * count + 1 + len(rest))
    moved = padded.reshape(dims + rest).transpose(order)
    return moved.reshape([int(np.prod(blocks)) * dims[0], *dims[1::2], *rest])


@batch_to_space_nd_op.kernel
def batch_to_space_nd_kernel(x: Any, block_shape: Any, crops: Any) -> Any:
    blocks = _check_blocks(x, block_shape, crops, "crops")
    count, product = len(blocks), int(np.prod(blocks))
    if x.shape[0] % product:
        raise invalid(
            f"Input batch dimension ({x.shape[0]}) is not divisible by product of block sizes ({product})"
        )
    space, rest = list(x.shape[1 : 1 + count]), list(x.shape[1 + count :])
    split = x.reshape([*blocks, x.shape[0] // product, *space, *rest])
    order = [count] + [axis for i in range(count) for axis in (count + 1 + i, i)]
    order += range(2 * count + 1, 2 * count + 1 + len(rest))
    sizes = [s * b for s, b in zip(space, blocks, strict=True)]
    whole = split.transpose(order).reshape([x.shape[0] // product, *sizes, *rest])
    ends = [size - int(after) for size, (_, after) in zip(sizes, crops, strict=True)]
    for axis, (end, (before, _)) in enumerate(zip(ends, crops, strict=True)):
        if end < int(before):
            raise invalid(f"cropped_shape[{axis}]={end - int(before)} must be non-negative")
    return whole[(np.s_[:], *[np.s_[int(b) : end] for (b, _), end in zip(crops, ends, strict=True)])]


def _cropped(size: int, *crops: int) -> int:
    for crop in crops:
        if crop > size:
            raise ValueError(f"Negative dimension size caused by subtracting {crop} from {size}")
        size -= crop
    return size


def _static_blocks(x: Tensor, block_shape: Tensor, borders: Tensor, to_batch: bool) -> TensorShape:
    if block_shape.shape.ndims != 1:
        raise ValueError("block_shape must have rank 1.")
    count = block_shape.shape.as_list()[0]
    if count is None:
        raise ValueError("block_shape must have known size.")
    of_rank_at_least(x.shape, count + 1)
    of_rank(borders.shape, 2)
    blocks, edges = static_value(block_shape), static_value(borders)
    if blocks is not None and (blocks < 1).any():
        raise ValueError("block_shape must be positive")
    if blocks is not None and edges is not None and (edges < 0).any():
        raise ValueError(f"{'paddings' if to_batch else 'crops'} cannot be negative")
    if x.shape.ints is None:
        return TensorShape(None)
    batch, space, rest = x.shape.ints[0], list(x.shape.ints[1 : 1 + count]), x.shape.ints[1 + count :]
    if blocks is None:
        return TensorShape([None, *[None] * count, *rest])
    product = int(np.prod(blocks))
    batch = times(batch, product) if to_batch else divided(batch, product)
    for axis in range(count):
        size, block = space[axis], int(blocks[axis])
        if size is None or edges is None:
            space[axis] = None
        elif to_batch:
            space[axis] = divided(size + int(edges[axis].sum()), block)
        else:
            space[axis] = _cropped(size * block, *edges[axis].tolist())
    return TensorShape([batch, *space, *rest])


@space_to_batch_nd_op.shape_rule
def space_to_batch_nd_shape(x: Tensor, block_shape: Tensor, paddings: Tensor) -> TensorShape:
    return _static_blocks(x, block_shape, paddings, to_batch=True)


@batch_to_space_nd_op.shape_rule
def batch_to_space_nd_shape(x: Tensor, block_shape: Tensor, crops: Tensor) -> TensorShape:
    return _static_blocks(x, block_shape, crops, to_batch=False)


@space_to_batch_nd_op.gradient
def space_to_batch_nd_grad(op: Operation, dy: Tensor) -> Grads:
    return batch_to_space_nd(dy, op.inputs[1], op.inputs[2]), None, None


@batch_to_space_nd_op.gradient
def batch_to_space_nd_grad(op: Operation, dy: Tensor) -> Grads:
    return space_to_batch_nd(dy, op.inputs[1], op.inputs[2]), None, None


def space_to_batch_nd(input: Any, block_shape: Any, paddings: Any, name: str | None = None) -> Tensor:
    """Pad, cut into blocks, and move the places within a block into the batch.

    Args:
        input: a tensor ``[batch, space..., rest...]``.
        block_shape: the size of a block along each dimension of space.
        paddings: how many zeros before and after, for each dimension of space.
        name: the operation's name.

    Returns:
        A `Tensor` whose batch is larger by the number of places in a block.

    Raises:
        ValueError: the blocks do not divide the space.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.space_to_batch_nd([[1, 2, 3, 4]], [2], [[0, 0]]))
    array([[1, 3],
           [2, 4]], dtype=int32)
    """
    return apply_op(space_to_batch_nd_op, input, block_shape, paddings, name=name).outputs[0]


def batch_to_space_nd(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """Put the parts of a batch together to blocks, and crop: undoes `space_to_batch_nd`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.batch_to_space_nd([[1, 3], [2, 4]], [2], [[0, 0]]))
    array([[1, 2, 3, 4]], dtype=int32)
    """
    return apply_op(batch_to_space_nd_op, input, block_shape, crops, name=name).outputs[0]


def space_to_batch(
    input: Any, paddings: Any, block_size: int | None = None, name: str | None = None, block_shape: Any = None
) -> Tensor:
    """`space_to_batch_nd` for square blocks of images.

    >>> import graphmagic as tf
    >>> tf.space_to_batch(tf.zeros([1, 4, 4, 3]), [[0, 0], [0, 0]], block_size=2).shape.as_list()
    [4, 2, 2, 3]
    """
    size = one_of("block_shape", block_shape, "block_size", block_size)
    blocks = np.array([size, size], np.int64)
    return _of_images(space_to_batch_nd(input, blocks, paddings, name))


def batch_to_space(
    input: Any, crops: Any, block_size: int | None, name: str | None = None, block_shape: Any = None
) -> Tensor:
    """`batch_to_space_nd` for square blocks of images.

    >>> import graphmagic as tf
    >>> tf.batch_to_space(tf.zeros([4, 2, 2, 3]), [[0, 0], [0, 0]], block_size=2).shape.as_list()
    [1, 4, 4, 3]
    """
    size = one_of("block_shape", block_shape, "block_size", block_size)
    blocks = np.array([size, size], np.int64)
    return _of_images(batch_to_space_nd(input, blocks, crops, name))


def _of_images(result: Tensor) -> Tensor:
    result.set_shape(result.shape.with_rank(4))
    return result


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The paddings that make blocks divide a space, and the crops that undo them.

    Args:
        input_shape: the sizes of the space, a vector of n integers.
        block_shape: the sizes of a block.
        base_paddings: paddings that are wanted anyway, shape ``[n, 2]``; none if None.
        name: the scope of the operations made.

    Returns:
        Two tensors ``(paddings, crops)`` of shape ``[n, 2]``; constants if all arguments are.

    >>> import graphmagic as tf
    >>> paddings, crops = tf.required_space_to_batch_paddings([5], [2])
    >>> tf.Session().run([paddings, crops])
    [array([[0, 1]], dtype=int32), array([[0, 1]], dtype=int32)]
    """
    with get_default_graph().name_scope(name or "required_space_to_batch_paddings"):
        sizes = convert_to_tensor(input_shape, dtypes.int32, name="input_shape")
        blocks = convert_to_tensor(block_shape, dtypes.int32, name="block_shape")
        base = zeros_like(stack([blocks, blocks], 1)) if base_paddings is None else base_paddings
        base = convert_to_tensor(base, dtypes.int32, name="base_paddings")
        before, after = base[:, 0], base[:, 1]
        full = add(add(before, sizes), after)
        extra = floormod(subtract(blocks, floormod(full, blocks)), blocks)
        columns = [before, add(after, extra)], [zeros_like(extra), extra]
        results = []
        for title, (left, right) in zip(("paddings", "crops"), columns, strict=True):
            known = static_value(left), static_value(right)
            if known[0] is None or known[1] is None:
                results.append(stack([left, right], 1, name=title))
            else:
                results.append(constant(np.stack(known, 1), name=title))  # type: ignore[arg-type]
        return results[0], results[1]
