"""Parts of a tensor by begin and size: `tf.slice`."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import UnusableShapeError, partial_shape, static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import like, queries
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank
from graphmagic.ops.strided import strided_slice_grad_op
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


slice_op = OpDef(
    "Slice",
    "input:T, begin:Index, size:Index -> output:T",
    types={"Index": dtypes.INDICES},
    view=True,
    value_inputs=("begin", "size"),
)


@slice_op.kernel
def slice_kernel(x: Any, begin: Any, size: Any) -> Any:
    if not len(begin) == len(size) == np.ndim(x):
        raise invalid(
            f"Expected begin and size arguments to be 1-D tensors of size {np.ndim(x)}, but got shapes "
            f"{shape_text(begin)} and {shape_text(size)} instead."
        )
    index = []
    for axis, (first, count, whole) in enumerate(zip(begin.tolist(), size.tolist(), x.shape, strict=True)):
        last = whole if count == -1 else first + count
        if not (0 <= first <= whole and first <= last <= whole):
            raise errors.InvalidArgumentError(
                None,
                None,
                f"Expected begin[{axis}] in [0, {whole}], but got {first}"
                if not 0 <= first <= whole
                else f"Expected size[{axis}] in [0, {whole - first}], but got {count}",
            )
        index.append(builtins.slice(first, last))
    return x[tuple(index)]


@slice_op.shape_rule
def slice_shape(x: Tensor, begin: Tensor, size: Tensor) -> TensorShape:
    rank = (merged_shape(of_rank(begin.shape, 1), of_rank(size.shape, 1)).ints or (None,))[0]
    if rank is not None:
        of_rank(x.shape, rank)
    counts, starts = static_value(size), static_value(begin)
    if counts is None:
        sizes = partial_shape(size)
        return unknown_shape(x.shape.ndims if rank is None else rank) if sizes.ints is None else sizes
    dims: list[int | None] = []
    for axis, count in enumerate(counts.tolist()):
        whole = None if x.shape.ints is None else x.shape.ints[axis]
        first = None if starts is None else int(starts[axis])
        if count == -1:
            dims.append(None if whole is None or first is None else max(whole - first, 0))
            continue
        if count < -1:
            raise UnusableShapeError(f"Invalid value in tensor used for shape: {count}")
        dims.append(count)
    return TensorShape(dims)


@slice_op.gradient
def slice_grad(op: Operation, dy: Tensor) -> Grads:
    x, begin, _ = op.inputs
    kind = begin.dtype.base_dtype
    size = queries.shape(op.outputs[0], out_type=kind)
    whole = queries.shape(x, out_type=kind)
    end = begin + size
    ones = like.ones_like(begin)
    return apply_op(strided_slice_grad_op, whole, begin, end, ones, dy).outputs[0], None, None


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """A part of a tensor: `size` elements from `begin`, along each dimension.

    Args:
        input_: a tensor of rank r.
        begin: the first position along each dimension, r integers.
        size: how many, r integers; -1 means all that follow.
        name: the operation's name.

    Returns:
        A `Tensor` of rank r.

    Raises:
        ValueError: the slice is known to leave the tensor.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.slice([[1, 2, 3], [4, 5, 6]], [0, 1], [-1, 2]))
    array([[2, 3],
           [5, 6]], dtype=int32)
    """
    return apply_op(slice_op, input_, begin, size, name=name).outputs[0]
