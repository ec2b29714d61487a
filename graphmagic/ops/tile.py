"""Repeating tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops import fill, queries, reduce
from graphmagic.ops.checks import invalid
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.stacking import stack
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


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
    for index, count in enumerate(multiples.tolist()):
        if count < 0:
            raise invalid(f"Expected multiples[{index}] >= 0, but got {count}")
    return np.tile(x, tuple(multiples))


@tile_op.shape_rule
def tile_shape(x: Tensor, multiples: Tensor) -> TensorShape:
    counts = partial_shape(multiples)
    if counts.ints is None:
        return unknown_shape(x.shape.ndims)
    if x.shape.ints is None:
        return TensorShape([0 if m == 0 else None for m in counts.ints])
    if len(counts.ints) != len(x.shape.ints):
        raise ValueError(f"Shape must be rank {len(x.shape.ints)} but is rank {len(counts.ints)}")
    pairs = zip(x.shape.ints, counts.ints, strict=True)
    return TensorShape([0 if 0 in (d, m) else None if d is None or m is None else d * m for d, m in pairs])


@tile_op.gradient
def tile_grad(op: Operation, dy: Tensor) -> Grads:
    """Fold each repeated dimension into (repeats, size) and sum over the repeats."""
    x, multiples = op.inputs
    shape = queries.shape(x)
    pairs = reshape(transpose(stack([multiples, shape])), [-1])
    folded = reshape(dy, pairs)
    axes = fill.range(0, queries.size(pairs), 2)
    return reshape(reduce.reduce_sum(folded, axes), shape), None


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
