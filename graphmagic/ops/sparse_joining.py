"""Sparse tensors joined and taken apart: sparse_concat, sparse_split."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import one_of
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.sparse_rearranging import reading_order
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.shapes import TensorShape

__all__ = ["sparse_concat", "sparse_split"]


# ----- concat -----

sparse_concat_op = OpDef(
    "SparseConcat",
    "indices:N*int64, values:N*T, shapes:N*int64 -> output_indices:int64, output_values:T, output_shape:int64",
    differentiable=False,
)


@sparse_concat_op.kernel
def sparse_concat_kernel(indices: Any, values: Any, shapes: Any, *, concat_dim: int) -> Any:
    rank = len(shapes[0])
    if not -rank <= concat_dim < rank:
        raise invalid(f"Concat dimension must be in range [{-rank}, {rank}), got {concat_dim}")
    axis, start, places = concat_dim % rank, 0, []
    for number, (part, shape) in enumerate(zip(indices, shapes, strict=True)):
        for other in range(rank):
            if other != axis and shape[other] != shapes[0][other]:
                raise invalid(
                    f"Input shapes must match: expected {shapes[0][other]} for dimension {other} but got "
                    f"{shape[other]} at position {number}"
                )
        places.append(part + np.where(np.arange(rank) == axis, start, 0))
        start += int(shape[axis])
    joined = np.concatenate(places)
    order = reading_order(joined)
    whole = np.where(np.arange(rank) == axis, start, shapes[0])
    return joined[order], np.concatenate(values)[order], whole


@sparse_concat_op.shape_rule
def sparse_concat_shape(
    indices: list[Tensor], values: list[Tensor], shapes: list[Tensor]
) -> list[TensorShape]:
    rank = next((s.shape.ints[0] for s in shapes if of_rank(s.shape, 1) and s.shape.ints), None)
    columns = next((i.shape.ints[1] for i in indices if i.shape.ints), None)
    counts = [of_rank(v.shape, 1).as_list()[0] for v in values]
    total = None if None in counts else sum(counts)  # type: ignore[arg-type]
    return [TensorShape([total, columns]), TensorShape([total]), TensorShape([rank])]


def sparse_concat(
    axis: int | None,
    sp_inputs: Any,
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: int | None = None,
    expand_nonconcat_dims: bool | None = None,
) -> SparseTensor:
    """Join sparse tensors along a dimension they have.

    Args:
        axis: the dimension.
        sp_inputs: a list of `SparseTensor`.
        name: the operation's name.
        expand_nonconcat_dim: let the other sizes differ, and take the largest.
        concat_dim: the old name of `axis`.
        expand_nonconcat_dims: another name of `expand_nonconcat_dim`.

    Returns:
        A `SparseTensor` whose elements are in the order of reading.

    Raises:
        InvalidArgumentError: the shapes do not fit, when the graph runs.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1]], [5], [1, 2])
    >>> tf.Session().run(tf.sparse_concat(1, [x, x])).indices
    array([[0, 1],
           [0, 3]])
    """
    number = one_of("axis", axis, "concat_dim", concat_dim)
    parts = [as_sparse(x) for x in sp_inputs]
    if len(parts) == 1:
        return parts[0]
    shapes = [x.dense_shape for x in parts]
    if expand_nonconcat_dim or expand_nonconcat_dims:
        from graphmagic.ops.concat import concat
        from graphmagic.ops.extremes import reduce_max
        from graphmagic.ops.stacking import stack

        largest: Any = reduce_max(stack(shapes), 0)
        place = number if number >= 0 else number + shapes[0].shape.as_list()[0]
        rest = [largest[:place], largest[place + 1 :]]
        shapes = [concat([rest[0], s[place : place + 1], rest[1]], 0) for s in shapes]
    op = apply_op(
        sparse_concat_op,
        [x.indices for x in parts],
        [x.values for x in parts],
        shapes,
        name=name,
        concat_dim=number,
    )
    return SparseTensor(*op.outputs)


# ----- split -----

sparse_split_op = OpDef(
    "SparseSplit",
    "split_dim:int64, indices:int64, values:T, shape:int64 -> "
    "output_indices:num_split*int64, output_values:num_split*T, output_shape:num_split*int64",
)


@sparse_split_op.kernel
def sparse_split_kernel(split_dim: Any, indices: Any, values: Any, shape: Any, *, num_split: int) -> Any:
    axis, rank = int(split_dim), len(shape)
    if not -rank <= axis < rank:
        raise invalid(f"Input axis should be in range [{-rank}, {rank}), got {axis}")
    axis %= rank
    size = int(shape[axis])
    if not 1 <= num_split <= size:
        raise invalid(
            f"Input num_split should be between 1 and the splitting dimension size ({size}), got {num_split}"
        )
    small, larger = divmod(size, num_split)
    widths = [small + (i < larger) for i in range(num_split)]
    starts = np.cumsum([0, *widths])
    found: list[list[Any]] = [[], [], []]
    for start, width in zip(starts, widths, strict=False):
        inside = (indices[:, axis] >= start) & (indices[:, axis] < start + width)
        here = np.arange(rank) == axis
        found[0].append(indices[inside] - np.where(here, start, 0))
        found[1].append(values[inside])
        found[2].append(np.where(here, width, shape))
    return tuple([array for part in found for array in part])


@sparse_split_op.shape_rule
def sparse_split_shape(
    split_dim: Tensor, indices: Tensor, values: Tensor, shape: Tensor, *, num_split: int
) -> list[TensorShape]:
    rank = of_rank(shape.shape, 1).as_list()[0]
    return (
        [TensorShape([None, rank])] * num_split
        + [TensorShape([None])] * num_split
        + [shape.shape] * num_split
    )


def sparse_split(
    keyword_required: Any = None,
    sp_input: Any = None,
    num_split: int | None = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """Cut a sparse tensor into parts along a dimension.

    Args:
        keyword_required: must not be given: all arguments are given by name.
        sp_input: a `SparseTensor`.
        num_split: the number of parts; the first ones are larger if it does not divide the size.
        axis: the dimension.
        name: the operation's name.
        split_dim: the old name of `axis`.

    Returns:
        A list of `SparseTensor`.

    Raises:
        ValueError: an argument is missing or not given by name.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0], [2]], [5, 6], [4])
    >>> [part.values.tolist() for part in tf.Session().run(tf.sparse_split(sp_input=x, num_split=2, axis=0))]
    [[5], [6]]
    """
    if keyword_required is not None:
        raise ValueError("Keyword arguments are required for this function.")
    if sp_input is None or num_split is None:
        raise ValueError(
            "sp_input and num_split are required" if sp_input is None else "num_split is required"
        )
    place = one_of("axis", axis, "split_dim", split_dim)
    if place is None:
        raise ValueError("axis is required")
    x = as_sparse(sp_input)
    outputs = apply_op(sparse_split_op, place, *x.fetch_parts(), name=name, num_split=num_split).outputs
    return [SparseTensor(*outputs[i::num_split]) for i in range(num_split)]
