"""Turning dimensions round and shifting along them: reverse, reverse_sequence, roll."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.checks import invalid, merged_shape, of_rank
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]

reverse_op = OpDef(
    "ReverseV2",
    "tensor:T, axis:Tidx -> output:T",
    types={"Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32},
    value_inputs=("axis",),
)


@reverse_op.kernel
def reverse_kernel(x: Any, axis: Any) -> Any:
    if np.ndim(x) == 0 or x.size == 0:
        return np.array(x)  # before looking at the axes, as TensorFlow does
    axes: set[int] = set()
    for number in axis.tolist():
        if not -x.ndim <= number < x.ndim:
            raise invalid(
                f"'axis'[{axis.tolist().index(number)}] = {number} is out of valid range [0, {x.ndim - 1}"
            )
        if number % x.ndim in axes:
            raise invalid(f"axis {number % x.ndim} specified more than once.")
        axes.add(number % x.ndim)
    return np.flip(x, tuple(axes)).copy()


@reverse_op.shape_rule
def reverse_shape(x: Tensor, axis: Tensor) -> TensorShape:
    of_rank(axis.shape, 1)
    numbers = static_value(axis)
    if numbers is None or x.shape.ndims is None:
        return x.shape
    rank, seen = x.shape.ndims, set()
    for number in numbers.tolist():
        if not -rank <= number < rank:
            raise ValueError(
                f"'axis'[{numbers.tolist().index(number)}] = {number} is out of valid range [0, {rank - 1}"
            )
        if number % rank in seen:
            raise ValueError(f"axis {number % rank} specified more than once.")
        seen.add(number % rank)
    return x.shape


@reverse_op.gradient
def reverse_grad(op: Operation, dy: Tensor) -> Grads:
    return reverse(dy, op.inputs[1]), None


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """The elements in reverse order along some dimensions.

    Args:
        tensor: a tensor.
        axis: the dimensions, a vector of integers.
        name: the operation's name.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: a dimension is known not to exist, or is named twice.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reverse([[1, 2], [3, 4]], [1]))
    array([[2, 1],
           [4, 3]], dtype=int32)
    """
    return apply_op(reverse_op, tensor, axis, name=name).outputs[0]


# ----- reverse_sequence -----

reverse_sequence_op = OpDef(
    "ReverseSequence",
    "input:T, seq_lengths:Tlen -> output:T",
    types={"Tlen": dtypes.INDICES},
    defaults={"Tlen": dtypes.int64, "batch_dim": 0},
)


@reverse_sequence_op.kernel
def reverse_sequence_kernel(x: Any, seq_lengths: Any, *, seq_dim: int, batch_dim: int) -> Any:
    if seq_dim >= x.ndim or batch_dim >= x.ndim:
        raise invalid(f"seq_dim must be < input rank ( {seq_dim} vs. {x.ndim})")
    if len(seq_lengths) != x.shape[batch_dim]:
        raise invalid(
            f"Length of seq_lengths != input.dims({batch_dim}), ({len(seq_lengths)} vs. {x.shape[batch_dim]})"
        )
    size = x.shape[seq_dim]
    for index, length in enumerate(seq_lengths.tolist()):
        if length < 0:
            raise invalid(f"seq_lens({index}) < 0")
        if length > size:
            raise invalid(f"seq_lens({index}) > input.dims({seq_dim})")
    steps = np.arange(size)
    lengths = seq_lengths[:, None]
    picks = np.where(steps < lengths, lengths - 1 - steps, steps)
    order = picks if batch_dim < seq_dim else picks.T
    return np.take_along_axis(x, np.expand_dims(order, _other_axes(x.ndim, seq_dim, batch_dim)), seq_dim)


def _other_axes(rank: int, *axes: int) -> tuple[int, ...]:
    return tuple(a for a in range(rank) if a not in axes)


@reverse_sequence_op.shape_rule
def reverse_sequence_shape(x: Tensor, seq_lengths: Tensor, *, seq_dim: int, batch_dim: int) -> TensorShape:
    of_rank(seq_lengths.shape, 1)
    if x.shape.ints is None:
        return x.shape
    rank = len(x.shape.ints)
    if batch_dim >= rank:
        raise ValueError(f"batch_dim must be < input rank: {batch_dim} vs. {rank}")
    if seq_dim >= rank:
        raise ValueError(f"seq_dim must be < input rank: {seq_dim} vs. {rank}")
    dims, count = list(x.shape.ints), (seq_lengths.shape.ints or (None,))[0]
    if None not in (dims[batch_dim], count) and dims[batch_dim] != count:
        raise ValueError(f"Dimensions must be equal, but are {dims[batch_dim]} and {count}")
    dims[batch_dim] = count if dims[batch_dim] is None else dims[batch_dim]
    return TensorShape(dims)


@reverse_sequence_op.gradient
def reverse_sequence_grad(op: Operation, dy: Tensor) -> Grads:
    return reverse_sequence(dy, op.inputs[1], op.attrs["seq_dim"], op.attrs["batch_dim"]), None


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """Reverse the first elements of each sequence of a batch, and leave the rest in place.

    Args:
        input: a tensor.
        seq_lengths: for each entry of the batch, how many elements to reverse.
        seq_axis: the dimension to reverse along.
        batch_axis: the dimension of the batch; 0 if None.
        name: the operation's name.
        seq_dim: the old name of `seq_axis`.
        batch_dim: the old name of `batch_axis`.

    Returns:
        A `Tensor` of the same shape.

    Raises:
        ValueError: the dimensions do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reverse_sequence([[1, 2, 3], [4, 5, 6]], [2, 3], seq_axis=1))
    array([[2, 1, 3],
           [6, 5, 4]], dtype=int32)
    """
    return apply_op(
        reverse_sequence_op,
        input,
        seq_lengths,
        name=name,
        seq_dim=one_of("seq_axis", seq_axis, "seq_dim", seq_dim),
        batch_dim=one_of("batch_axis", batch_axis, "batch_dim", batch_dim) or 0,
    ).outputs[0]


# ----- roll -----

roll_op = OpDef(
    "Roll",
    "input:T, shift:Tshift, axis:Taxis -> output:T",
    types={"Tshift": dtypes.INDICES, "Taxis": dtypes.INDICES},
)


@roll_op.kernel
def roll_kernel(x: Any, shift: Any, axis: Any) -> Any:
    if x.ndim < 1:
        raise invalid("input must be 1-D or higher")
    if np.shape(shift) != np.shape(axis):
        raise invalid("shift and axis must have the same size")
    for number in np.atleast_1d(axis).tolist():
        if not -x.ndim <= number < x.ndim:
            raise invalid(f"axis {number} is out of range")
    return np.roll(x, np.asarray(shift).tolist(), np.asarray(axis).tolist())


@roll_op.shape_rule
def roll_shape(x: Tensor, shift: Tensor, axis: Tensor) -> TensorShape:
    if x.shape.ndims == 0:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    for tensor in (shift, axis):
        if tensor.shape.ndims is not None and tensor.shape.ndims > 1:
            raise ValueError(f"Shape must be at most rank 1 but is rank {tensor.shape.ndims}")
    merged_shape(shift.shape, axis.shape)
    return x.shape


@roll_op.gradient
def roll_grad(op: Operation, dy: Tensor) -> Grads:
    _, shift, axis = op.inputs
    return roll(dy, -shift, axis), None, None


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """Shift the elements along dimensions; what leaves at one end comes in at the other.

    Args:
        input: a tensor.
        shift: by how many places, an integer or a vector.
        axis: along which dimensions, an integer or a vector of the same length.
        name: the operation's name.

    Returns:
        A `Tensor` of the same shape.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.roll([0, 1, 2, 3, 4], shift=2, axis=0))
    array([3, 4, 0, 1, 2], dtype=int32)
    """
    return apply_op(roll_op, input, shift, axis, name=name).outputs[0]
