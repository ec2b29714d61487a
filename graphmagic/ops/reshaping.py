"""Other shapes for the same elements in the same order: reshape, expand_dims, squeeze."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.queries import shape
from graphmagic.shapes import TensorShape

Grads = tuple[Tensor | None, ...]


reshape_op = OpDef(
    "Reshape",
    "tensor:T, shape:Tshape -> output:T",
    types={"Tshape": dtypes.INDICES},
    defaults={"Tshape": dtypes.int32},
    view=True,
    shape_inputs=("shape",),
)


@reshape_op.kernel
def reshape_kernel(x: Any, shape: Any) -> Any:
    wanted = tuple(shape.tolist())
    _check_sizes(wanted)
    known = int(np.prod([d for d in wanted if d != -1], dtype=np.int64))
    if -1 not in wanted and known != x.size:
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {x.size} values, but the requested shape has {known}",
        )
    if -1 in wanted and (x.size % known if known else x.size):
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Input to reshape is a tensor with {x.size} values, but the requested shape requires a multiple of "
            f"{known}",
        )
    if -1 in wanted and not known:  # zeros on both sides do not count, so that the others can tell the size
        rest = math.prod(d for d in np.shape(x) if d) // math.prod(d for d in wanted if d > 0)
        wanted = tuple([rest if d == -1 else d for d in wanted])
    return np.reshape(x, wanted)


def _check_sizes(wanted: tuple[int, ...]) -> None:
    unknown = [axis for axis, size in enumerate(wanted) if size == -1]
    if len(unknown) > 1:
        raise invalid(f"Only one input size may be -1, not both {unknown[0]} and {unknown[1]}")
    for axis, size in enumerate(wanted):
        if size < -1:
            raise invalid(f"Size {axis} must be non-negative, not {size}")


@reshape_op.shape_rule
def reshape_shape(tensor: Tensor, shape: Tensor) -> TensorShape:
    of_rank(shape.shape, 1)
    target = partial_shape(shape)
    size = tensor.shape.num_elements()
    if size is None or target.ints is None:
        return target
    unknown = target.ints.count(None)
    known = int(np.prod([d for d in target.ints if d is not None], dtype=np.int64))
    if (unknown == 0 and known != size) or (unknown and not known and size):
        raise ValueError(
            f"Cannot reshape a tensor with {size} elements to shape {target.bracketed()} ({known} elements)"
        )
    if unknown != 1:
        return target
    if known and size % known:
        raise ValueError(f"Dimension size must be evenly divisible by {known} but is {size}")
    return TensorShape([size // known if d is None and known else d for d in target.ints])


@reshape_op.gradient
def reshape_grad(op: Operation, dy: Tensor) -> Grads:
    return reshape(dy, shape(op.inputs[0])), None


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The same elements in the same order, in another shape.

    Args:
        tensor: a tensor.
        shape: the new shape, a vector of integers; one of them may be -1 and is then computed.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the numbers of elements are known to differ.
        InvalidArgumentError: they turn out to differ when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reshape([1, 2, 3, 4, 5, 6], [2, -1]))
    array([[1, 2, 3],
           [4, 5, 6]], dtype=int32)
    """
    return apply_op(reshape_op, tensor, shape, name=name).outputs[0]


expand_dims_op = OpDef(
    "ExpandDims",
    "input:T, dim:Tdim -> output:T",
    types={"Tdim": dtypes.INDICES},
    defaults={"Tdim": dtypes.int32},
    view=True,
    value_inputs=("dim",),
)


@expand_dims_op.kernel
def expand_dims_kernel(x: Any, dim: Any) -> Any:
    if not -np.ndim(x) - 1 <= dim <= np.ndim(x):
        raise invalid(f"Tried to expand dim index {int(dim)} for tensor with {np.ndim(x)} dimensions.")
    return np.expand_dims(x, int(dim.item()))


@expand_dims_op.shape_rule
def expand_dims_shape(x: Tensor, dim: Tensor) -> TensorShape:
    axis = static_value(dim)
    if axis is not None and axis.size != 1:
        raise ValueError("'dim' input must be a tensor with a single value")
    if x.shape.ints is None or axis is None:
        return TensorShape(None)
    position, last = int(axis.ravel()[0]), len(x.shape)
    if not -last - 1 <= position <= last:
        raise ValueError(f"dim {position} not in the interval [{-last - 1}, {last}].")
    dims = list(x.shape.ints)
    dims.insert(position if position >= 0 else position + last + 1, 1)
    return TensorShape(dims)


@expand_dims_op.gradient
def expand_dims_grad(op: Operation, dy: Tensor) -> Grads:
    return reshape(dy, shape(op.inputs[0])), None


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """Insert a dimension of size 1.

    Args:
        input: a tensor of rank r.
        axis: where, from ``-r - 1`` to ``r``.
        name: the operation's name.
        dim: the old name of `axis`.

    Returns:
        A `Tensor` of rank ``r + 1``.

    Raises:
        ValueError: no axis is given, two are, or it is out of range.

    >>> import graphmagic as tf
    >>> tf.expand_dims(tf.zeros([2, 3]), 1).shape.as_list()
    [2, 1, 3]
    """
    axis = one_of("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return apply_op(expand_dims_op, input, axis, name=name).outputs[0]


squeeze_op = OpDef("Squeeze", "input:T -> output:T", view=True)


@squeeze_op.kernel
def squeeze_kernel(x: Any, *, squeeze_dims: list[int]) -> Any:
    for axis in squeeze_dims:
        if not -x.ndim <= axis < x.ndim:
            raise invalid(f"Tried to squeeze dim index {axis} for tensor with {x.ndim} dimensions.")
        if x.shape[axis] != 1:
            raise errors.InvalidArgumentError(
                None, None, f"Can not squeeze dim[{axis}], expected a dimension of 1, got {x.shape[axis]}"
            )
    return np.squeeze(x, tuple({axis % x.ndim for axis in squeeze_dims}) or None)


@squeeze_op.shape_rule
def squeeze_shape(x: Tensor, *, squeeze_dims: list[int]) -> TensorShape:
    if x.shape.ints is None:
        return TensorShape(None)
    rank = len(x.shape.ints)
    for axis in squeeze_dims:
        if not -rank <= axis < rank:
            raise ValueError(f"squeeze_dims[{squeeze_dims.index(axis)}] not in [{-rank},{rank}).")
        if x.shape.ints[axis] not in (1, None):
            raise ValueError(
                f"Can not squeeze dim[{axis}], expected a dimension of 1, got {x.shape.ints[axis]}"
            )
    if not squeeze_dims:
        return TensorShape(None) if None in x.shape.ints else TensorShape([d for d in x.shape.ints if d != 1])
    dropped = {axis % rank for axis in squeeze_dims}
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i not in dropped])


@squeeze_op.gradient
def squeeze_grad(op: Operation, dy: Tensor) -> Tensor:
    return reshape(dy, shape(op.inputs[0]))


def squeeze(input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None) -> Tensor:
    """Drop dimensions of size 1.

    Args:
        input: a tensor.
        axis: the dimensions to drop, an integer or a list; all of size 1 if None.
        name: the operation's name.
        squeeze_dims: the old name of `axis`.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: one of the dimensions is known not to be 1.

    >>> import graphmagic as tf
    >>> tf.squeeze(tf.zeros([1, 2, 1])).shape.as_list()
    [2]
    """
    axis = one_of("axis", axis, "squeeze_dims", squeeze_dims)
    axes = [] if axis is None else [int(a) for a in np.atleast_1d(axis)]
    return apply_op(squeeze_op, input, name=name, squeeze_dims=axes).outputs[0]
