"""Permuting the dimensions."""

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
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import rank
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


transpose_op = OpDef(
    "Transpose",
    "x:T, perm:Tperm -> y:T",
    types={"Tperm": dtypes.INDICES},
    defaults={"Tperm": dtypes.int32},
    view=True,
    value_inputs=("perm",),
)


@transpose_op.kernel
def transpose_kernel(x: Any, perm: Any) -> Any:
    try:
        return np.transpose(x, perm)
    except ValueError:
        raise invalid(_what_is_wrong(np.ndim(x), perm.tolist())) from None


def _what_is_wrong(rank: int, order: list[int]) -> str:
    if len(order) != rank:
        return f"transpose expects a vector of size {rank}. But input(1) is a vector of size {len(order)}"
    for axis in order:
        if not -rank <= axis < rank:
            return f"{axis} is out of range [0 .. {rank})"
    missing = min(set(range(rank)) - {axis % rank for axis in order})
    return f"{missing} is missing from {{{','.join(map(str, order))}}}."


@transpose_op.shape_rule
def transpose_shape(x: Tensor, perm: Tensor) -> TensorShape:
    length = (of_rank(perm.shape, 1).ints or (None,))[0]
    rank = x.shape.ndims if length is None else length
    if x.shape.ndims is not None and x.shape.ndims != rank:
        raise ValueError(f"Dimension must be {x.shape.ndims} but is {rank}")
    order = static_value(perm)
    if order is None or rank is None:
        return unknown_shape(rank)
    for axis in order.tolist():
        if not -rank <= axis < rank:
            raise ValueError(f"perm dim {axis} is out of range of input rank {rank}")
    return unknown_shape(rank) if x.shape.ints is None else TensorShape([x.shape.ints[i] for i in order])


@transpose_op.gradient
def transpose_grad(op: Operation, dy: Tensor) -> Grads:
    return transpose(dy, invert_permutation(op.inputs[1])), None


def transpose(a: Any, perm: Any = None, name: str = "transpose", conjugate: bool = False) -> Tensor:
    """Permute the dimensions.

    Args:
        a: a tensor.
        perm: for each dimension of the result, which dimension of `a` it is; the reverse order if None.
        name: the operation's name.
        conjugate: for complex numbers, which graphmagic does not have.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: `perm` is not a permutation of the dimensions.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.transpose([[1, 2, 3], [4, 5, 6]]))
    array([[1, 4],
           [2, 5],
           [3, 6]], dtype=int32)
    """
    with get_default_graph().name_scope(name or "transpose") as scope:
        a = convert_to_tensor(a, name="a")
        if perm is not None:
            return apply_op(transpose_op, a, perm, name=scope).outputs[0]
        if a.shape.ndims is not None:
            return apply_op(
                transpose_op, a, np.arange(a.shape.ndims)[::-1].astype(np.int32), name=scope
            ).outputs[0]
        from graphmagic.ops.arithmetic import subtract
        from graphmagic.ops.fill import range as graph_range

        count = rank(a)
        reverse = subtract(subtract(count, 1), graph_range(0, count, 1))
        return apply_op(transpose_op, a, reverse, name=scope).outputs[0]


invert_permutation_op = OpDef(
    "InvertPermutation", "x:T -> y:T", types={"T": dtypes.INDICES}, differentiable=False
)


@invert_permutation_op.kernel
def invert_permutation_kernel(x: Any) -> Any:
    if x.ndim != 1:
        raise invalid("invert_permutation expects a 1D vector.")
    inverse = np.argsort(x).astype(x.dtype)
    if not np.array_equal(x[inverse], np.arange(len(x))):
        outside = x[(x < 0) | (x >= len(x))]
        if len(outside):
            raise invalid(f"{outside[0]} is not between 0 and {len(x)}")
        raise invalid(f"{np.flatnonzero(np.bincount(x) > 1)[0]} is duplicated in the input.")
    return inverse


@invert_permutation_op.shape_rule
def invert_permutation_shape(x: Tensor) -> TensorShape:
    return of_rank(x.shape, 1)


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """The permutation that undoes `x`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.invert_permutation([2, 0, 1]))
    array([1, 2, 0], dtype=int32)
    """
    return apply_op(invert_permutation_op, x, name=name).outputs[0]
