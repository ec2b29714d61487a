"""Joining tensors and taking them apart: concat, stack, unstack, split, tile."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import array, fill, reduce, slicing
from graphmagic.ops.math import add, floormod
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


def _shape_text(x: Any) -> str:
    return "[" + ",".join(map(str, np.shape(x))) + "]"


# ----- concat -----

concat_op = OpDef(
    "ConcatV2",
    "values:N*T, axis:Tidx -> output:T",
    types={"Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32},
)


@concat_op.kernel
def concat_kernel(values: Any, axis: Any) -> Any:
    first = values[0]
    for index, other in enumerate(values):
        fits = other.ndim == first.ndim and all(
            a == b
            for i, (a, b) in enumerate(zip(first.shape, other.shape, strict=True))
            if i != int(axis) % first.ndim
        )
        if not fits:
            raise errors.InvalidArgumentError(
                None,
                None,
                f"ConcatOp : Dimensions of inputs should match: shape[0] = {_shape_text(first)} vs. "
                f"shape[{index}] = {_shape_text(other)}",
            )
    return np.concatenate(values, int(axis))


@concat_op.shape_rule
def concat_shape(values: list[Tensor], axis: Tensor) -> TensorShape:
    rank = next((len(v.shape.ints) for v in values if v.shape.ints is not None), None)
    if rank is None:
        return TensorShape(None)
    where = static_value(axis)
    if where is None:
        return unknown_shape(rank)
    position = int(where)
    if not -rank <= position < rank:
        raise ValueError(
            f"Shape must be at least rank {position + 1 if position >= 0 else -position} but is rank {rank}"
        )
    position %= rank
    total: int | None = 0
    merged = unknown_shape(rank)
    for tensor in values:
        shape = tensor.shape.with_rank(rank) if tensor.shape.ints is None else tensor.shape
        _check_concat(merged, shape, position)
        dims = list(shape.ints or ())
        size, dims[position] = dims[position], None
        total = None if total is None or size is None else total + size
        merged = merged.merge_with(dims)
    result = list(merged.ints or ())
    result[position] = total
    return TensorShape(result)


def _check_concat(merged: TensorShape, shape: TensorShape, axis: int) -> None:
    if len(shape) != len(merged):
        raise ValueError(f"Shapes must be equal rank, but are {len(merged)} and {len(shape)}")
    for index, (a, b) in enumerate(zip(merged.ints or (), shape.ints or (), strict=True)):
        if index != axis and a is not None and b is not None and a != b:
            raise ValueError(
                f"Dimension {index} in both shapes must be equal, but are {a} and {b}. "
                f"Shapes are {merged.bracketed()} and {shape.bracketed()}."
            )


@concat_op.gradient
def concat_grad(op: Operation, dy: Tensor) -> Grads:
    """Cut the gradient at the borders between the inputs."""
    values, axis = op.inputs[:-1], op.inputs[-1]
    if len(values) == 1:
        return dy, None
    rank = values[0].shape.ndims
    position = floormod(axis, array.rank(values[0]) if rank is None else rank)
    begin: Any = None
    parts: list[Tensor | None] = []
    for value in values:
        shape = array.shape(value)
        if begin is None:
            begin = array.zeros_like(shape)
        parts.append(slicing.slice(dy, begin, shape))
        marks = reduce.cast(reduce.equal(fill.range(0, array.size(shape)), position), dtypes.int32)
        begin = add(begin, marks * shape)  # type: ignore[operator]
    return (*parts, None)


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Join tensors along a dimension they have.

    Args:
        values: a list of tensors of one type, of equal shapes except along `axis`.
        axis: the dimension.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.concat([[[1, 2]], [[3, 4]]], axis=0))
    array([[1, 2],
           [3, 4]], dtype=int32)
    """
    if not isinstance(values, (list, tuple)):
        values = [values]
    if len(values) == 1:
        with get_default_graph().name_scope(name) as scope:
            axis_tensor = convert_to_tensor(axis, dtypes.int32, name="concat_dim")
            axis_tensor.shape.assert_is_compatible_with([])
            return array.identity(values[0], name=scope)
    return apply_op(concat_op, list(values), axis, name=name).outputs[0]


# ----- stack and unstack -----

pack_op = OpDef("Pack", "values:N*T -> output:T", defaults={"axis": 0})


@pack_op.kernel
def pack_kernel(values: Any, *, axis: int) -> Any:
    for index, other in enumerate(values):
        if np.shape(other) != np.shape(values[0]):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Shapes of all inputs must match: values[0].shape = {_shape_text(values[0])} != "
                f"values[{index}].shape = {_shape_text(other)}",
            )
    return np.stack(values, axis)


@pack_op.shape_rule
def pack_shape(values: list[Tensor], *, axis: int) -> TensorShape:
    shape = values[0].shape
    for index, tensor in enumerate(values[1:], 1):
        if not shape.is_compatible_with(tensor.shape):
            raise ValueError(
                f"Shapes must be equal rank, but are {shape.ndims} and {tensor.shape.ndims}"
                if shape.ndims != tensor.shape.ndims
                else f"Dimension {_first_difference(shape, tensor.shape)} in both shapes must be equal, but are "
                f"{shape.ints[_first_difference(shape, tensor.shape)]} and {tensor.shape.ints[_first_difference(shape, tensor.shape)]}. "  # type: ignore[index]
                f"Shapes are {shape.bracketed()} and {tensor.shape.bracketed()}.\n\tFrom merging shape {index - 1} with other shapes."
            )
        shape = shape.merge_with(tensor.shape)
    if shape.ints is None:
        return TensorShape(None)
    if not -len(shape) - 1 <= axis <= len(shape):
        raise ValueError(f"Invalid axis {axis}: must be in the interval [{-len(shape) - 1}, {len(shape)}]")
    dims = list(shape.ints)
    dims.insert(axis if axis >= 0 else axis + len(dims) + 1, len(values))
    return TensorShape(dims)


def _first_difference(a: TensorShape, b: TensorShape) -> int:
    pairs = zip(a.ints or (), b.ints or (), strict=True)
    return next(i for i, (p, q) in enumerate(pairs) if p is not None and q is not None and p != q)


@pack_op.gradient
def pack_grad(op: Operation, dy: Tensor) -> Grads:
    return tuple(unstack(dy, len(op.inputs), op.attrs["axis"]))


def pack(values: Any, axis: int = 0, name: str | None = None) -> Tensor:
    """Join tensors of one shape along a new dimension; see `stack`."""
    return apply_op(pack_op, values, name=name, axis=axis).outputs[0]


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Join tensors of one shape along a new dimension.

    Args:
        values: a list of tensors of one type and shape.
        axis: where the new dimension goes.
        name: the operation's name.

    Returns:
        A `Tensor` of one rank more.

    Raises:
        ValueError: the shapes differ, or the axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.stack([[1, 2], [3, 4]], axis=1))
    array([[1, 3],
           [2, 4]], dtype=int32)
    """
    if not isinstance(values, (list, tuple)):
        values = unstack(values)
    if axis == 0 and values:
        return convert_to_tensor(list(values), name=name)
    return pack(list(values), axis, name)


unpack_op = OpDef("Unpack", "value:T -> output:num*T", defaults={"axis": 0})


@unpack_op.kernel
def unpack_kernel(value: Any, *, num: int, axis: int) -> Any:
    if value.shape[axis] != num:
        raise errors.InvalidArgumentError(
            None, None, f"Input shape axis {axis} must equal {num}, got shape {_shape_text(value)}"
        )
    return tuple([np.take(value, i, axis) for i in range(num)])


@unpack_op.shape_rule
def unpack_shape(value: Tensor, *, num: int, axis: int) -> list[TensorShape]:
    if value.shape.ints is None:
        return [TensorShape(None)] * num
    dims = list(value.shape.ints)
    if dims[axis] not in (None, num):
        raise ValueError(f"Dimension must be {num} but is {dims[axis]}")
    del dims[axis]
    return [TensorShape(dims)] * num


@unpack_op.gradient
def unpack_grad(op: Operation, *dys: Tensor) -> Tensor:
    return stack(list(dys), op.attrs["axis"])


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> list[Tensor]:
    """Take a tensor apart along a dimension.

    Args:
        value: a tensor of rank 1 or more.
        num: how many parts; taken from the shape if None.
        axis: the dimension.
        name: the operation's name.

    Returns:
        A list of tensors of one rank less.

    Raises:
        ValueError: the number of parts is not known, or does not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unstack([[1, 2], [3, 4]]))
    [array([1, 2], dtype=int32), array([3, 4], dtype=int32)]
    """
    value = convert_to_tensor(value)
    if num is None:
        shape = value.shape.ints
        if shape is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value.shape}")
        if not -len(shape) <= axis < len(shape):
            raise ValueError(f"Argument `axis` = {axis} not in [{-len(shape)}, {len(shape)})")
        num = shape[axis]
        if num is None:
            raise ValueError(f"Cannot infer argument `num` from shape {value.shape}")
    return list(apply_op(unpack_op, value, name=name, num=num, axis=axis).outputs)


# ----- split -----

split_op = OpDef("Split", "split_dim:int32, value:T -> output:num_split*T", view=True)


@split_op.kernel
def split_kernel(split_dim: Any, value: Any, *, num_split: int) -> Any:
    if value.shape[int(split_dim)] % num_split:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Number of ways to split should evenly divide the split dimension, but got split_dim {int(split_dim)} "
            f"(size = {value.shape[int(split_dim)]}) and num_split {num_split}",
        )
    return tuple(np.split(value, num_split, int(split_dim)))


@split_op.shape_rule
def split_shape(split_dim: Tensor, value: Tensor, *, num_split: int) -> list[TensorShape]:
    axis = static_value(split_dim)
    if value.shape.ints is None or axis is None:
        return [unknown_shape(value.shape.ndims)] * num_split
    dims = list(value.shape.ints)
    size = dims[int(axis)]
    if size is not None and size % num_split:
        raise ValueError(f"Dimension size must be evenly divisible by {num_split} but is {size}")
    dims[int(axis)] = None if size is None else size // num_split
    return [TensorShape(dims)] * num_split


@split_op.gradient
def split_grad(op: Operation, *dys: Tensor) -> Grads:
    return None, concat(list(dys), op.inputs[0])


split_v_op = OpDef(
    "SplitV",
    "value:T, size_splits:Tlen, split_dim:int32 -> output:num_split*T",
    types={"Tlen": dtypes.INDICES},
    defaults={"Tlen": dtypes.int32},
    view=True,
)


@split_v_op.kernel
def split_v_kernel(value: Any, size_splits: Any, split_dim: Any, *, num_split: int) -> Any:
    axis, sizes = int(split_dim), np.array(size_splits)
    if -1 in sizes:
        sizes[sizes == -1] = value.shape[axis] - sizes[sizes != -1].sum()
    if sizes.sum() != value.shape[axis] or (sizes < 0).any():
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Determined shape must either match input shape along split_dim exactly, got {sizes.tolist()} for {value.shape[axis]}",
        )
    return tuple(np.split(value, np.cumsum(sizes)[:-1], axis))


@split_v_op.shape_rule
def split_v_shape(
    value: Tensor, size_splits: Tensor, split_dim: Tensor, *, num_split: int
) -> list[TensorShape]:
    axis, sizes = static_value(split_dim), static_value(size_splits)
    if value.shape.ints is None or axis is None or sizes is None:
        return [unknown_shape(value.shape.ndims)] * num_split
    whole, rest = value.shape.ints[int(axis)], int(sizes[sizes != -1].sum())
    if whole is not None and (rest > whole or (rest != whole and -1 not in sizes)):
        raise ValueError(
            f"can't split axis of size {whole} into pieces of size [{','.join(map(str, sizes))}]"
        )
    known = [int(s) if s != -1 else None if whole is None else whole - rest for s in sizes]
    shapes = []
    for size in known:
        dims = list(value.shape.ints)
        dims[int(axis)] = size
        shapes.append(TensorShape(dims))
    return shapes


@split_v_op.gradient
def split_v_grad(op: Operation, *dys: Tensor) -> Grads:
    return concat(list(dys), op.inputs[2]), None, None


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> list[Tensor]:
    """Cut a tensor into parts along a dimension.

    Args:
        value: a tensor.
        num_or_size_splits: the number of equal parts, or a list of sizes.
        axis: the dimension.
        num: the number of sizes where that is not known.
        name: the operation's name.

    Returns:
        A list of tensors.

    Raises:
        ValueError: the dimension cannot be cut so.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.split([1, 2, 3, 4], 2))
    [array([1, 2], dtype=int32), array([3, 4], dtype=int32)]
    """
    if isinstance(num_or_size_splits, (int, np.integer)):
        return list(apply_op(split_op, axis, value, name=name, num_split=int(num_or_size_splits)).outputs)
    sizes = convert_to_tensor(num_or_size_splits)
    if sizes.shape.ndims == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. Argument provided: "
            + str(sizes)
        )
    count = num if num is not None else sizes.shape.num_elements()
    if count is None:
        raise ValueError(f"Cannot infer argument `num` from shape {sizes.shape}")
    return list(apply_op(split_v_op, value, sizes, axis, name=name, num_split=count).outputs)


# ----- tile -----

tile_op = OpDef(
    "Tile",
    "input:T, multiples:Tmultiples -> output:T",
    types={"Tmultiples": dtypes.INDICES},
    defaults={"Tmultiples": dtypes.int32},
)


@tile_op.kernel
def tile_kernel(x: Any, multiples: Any) -> Any:
    if len(multiples) != np.ndim(x):
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Expected multiples argument to be a vector of length {np.ndim(x)} but got length {len(multiples)}",
        )
    return np.tile(x, tuple(multiples))


@tile_op.shape_rule
def tile_shape(x: Tensor, multiples: Tensor) -> TensorShape:
    counts = partial_shape(multiples)
    if x.shape.ints is None or counts.ints is None:
        return unknown_shape(x.shape.ndims if counts.ndims is None else counts.ndims)
    if len(counts.ints) != len(x.shape.ints):
        raise ValueError(f"Shape must be rank {len(counts.ints)} but is rank {len(x.shape.ints)}")
    pairs = zip(x.shape.ints, counts.ints, strict=True)
    return TensorShape([None if d is None or m is None else d * m for d, m in pairs])


@tile_op.gradient
def tile_grad(op: Operation, dy: Tensor) -> Grads:
    """Fold each repeated dimension into (repeats, size) and sum over the repeats."""
    x, multiples = op.inputs
    shape = array.shape(x)
    pairs = array.reshape(array.transpose(stack([multiples, shape])), [-1])
    folded = array.reshape(dy, pairs)
    axes = fill.range(0, array.size(pairs), 2)
    return array.reshape(reduce.reduce_sum(folded, axes), shape), None


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """Repeat a tensor along its dimensions.

    Args:
        input: a tensor of rank r.
        multiples: how often along each dimension, r integers.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: there are not r multiples.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tile([1, 2], [2]))
    array([1, 2, 1, 2], dtype=int32)
    """
    return apply_op(tile_op, input, multiples, name=name).outputs[0]
