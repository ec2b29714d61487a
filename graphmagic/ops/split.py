"""Cutting tensors into parts."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid
from graphmagic.ops.concat import concat
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


split_op = OpDef(
    "Split", "split_dim:int32, value:T -> output:num_split*T", view=True, value_inputs=("split_dim",)
)


def _check_axis(axis: int, rank: int) -> None:
    if not -rank <= axis < rank:
        raise invalid(f"-input rank(-{rank}) <= split_dim < input rank ({rank}), but got {axis}")


def _known_axis(axis: Any, rank: int) -> int:
    if not -rank <= axis < rank:
        raise ValueError(
            f"Dimension size, given by scalar input {int(axis)} must be in range [-{rank}, {rank})"
        )
    return int(axis)


@split_op.kernel
def split_kernel(split_dim: Any, value: Any, *, num_split: int) -> Any:
    _check_axis(int(split_dim), value.ndim)
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
    where = _known_axis(axis, len(value.shape.ints))
    size = value.shape.ints[where]
    if size is not None and size % num_split:
        raise ValueError(
            f"Dimension size must be evenly divisible by {num_split} but is {size}\n\t"
            "Number of ways to split should evenly divide the split dimension"
        )
    return [_with_size(value.shape, where, None if size is None else size // num_split)] * num_split


@split_op.gradient
def split_grad(op: Operation, *dys: Tensor) -> Grads:
    return None, concat(list(dys), op.inputs[0])


split_v_op = OpDef(
    "SplitV",
    "value:T, size_splits:Tlen, split_dim:int32 -> output:num_split*T",
    types={"Tlen": dtypes.INDICES},
    defaults={"Tlen": dtypes.int32},
    view=True,
    value_inputs=("size_splits", "split_dim"),
)


@split_v_op.kernel
def split_v_kernel(value: Any, size_splits: Any, split_dim: Any, *, num_split: int) -> Any:
    axis, sizes = int(split_dim), np.array(size_splits)
    _check_axis(axis, value.ndim)
    if np.count_nonzero(sizes == -1) > 1:
        raise invalid("There can only be one -1 in the input.")
    given = sizes[sizes != -1].sum()
    if given > value.shape[axis] or (given != value.shape[axis] and -1 not in sizes):
        raise invalid(
            "Determined shape must either match input shape along split_dim exactly if fully specified, or be less "
            f"than the size of the input along split_dim if not fully specified.  Got: {given}"
        )
    sizes[sizes == -1] = value.shape[axis] - given
    if (sizes < 0).any():
        index = int(np.argmax(sizes < 0))
        raise invalid(f"Split size at index {index} must be >= 0. Got: {sizes[index]}")
    return tuple(np.split(value, np.cumsum(sizes)[:-1], axis))


@split_v_op.shape_rule
def split_v_shape(
    value: Tensor, size_splits: Tensor, split_dim: Tensor, *, num_split: int
) -> list[TensorShape]:
    axis, sizes = static_value(split_dim), static_value(size_splits)
    if value.shape.ints is None or axis is None:
        return [unknown_shape(value.shape.ndims)] * num_split
    where = _known_axis(axis, len(value.shape.ints))
    if sizes is None:
        return [_with_size(value.shape, where, None)] * num_split
    if np.count_nonzero(sizes == -1) > 1:
        raise ValueError("size_splits can only have one -1")
    whole, rest = value.shape.ints[where], int(sizes[sizes != -1].sum())
    if whole is not None and rest > whole and -1 in sizes:
        index = sizes.tolist().index(-1)
        raise ValueError(f"Split size at index {index} must be >= 0. Got: {whole - rest}")
    if whole is not None and (rest > whole or (rest != whole and -1 not in sizes)):
        raise ValueError(
            f"can't split axis of size {whole} into pieces of size [{','.join(map(str, sizes))}]"
        )
    known = [int(s) if s != -1 else None if whole is None else whole - rest for s in sizes]
    return [_with_size(value.shape, where, size) for size in known]


def _with_size(shape: TensorShape, axis: int, size: int | None) -> TensorShape:
    dims = list(shape.ints or ())
    dims[axis] = size
    return TensorShape(dims)


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
        if num_or_size_splits < 1:
            raise ValueError(
                f"Attr 'num_split' of 'Split' Op passed {num_or_size_splits} less than minimum 1."
            )
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
