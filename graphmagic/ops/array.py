"""Shapes of tensors: asking for them and changing them, element values untouched."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.constant import constant
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


# ----- identity -----

identity_op = OpDef("Identity", "input:T -> output:T", view=True)


@identity_op.kernel
def identity_kernel(x: Any) -> Any:
    return x


identity_op.shape_rule(same_shape)


@identity_op.gradient
def identity_grad(op: Operation, dy: Tensor) -> Tensor:
    return dy


def identity(input: Any, name: str | None = None) -> Tensor:
    """The same value under a new name.

    Args:
        input: a tensor.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.identity(3, name="three"))
    np.int32(3)
    """
    return apply_op(identity_op, input, name=name).outputs[0]


stop_gradient_op = OpDef(
    "StopGradient", "input:T -> output:T", kernel=identity_kernel, view=True, differentiable=False
)
stop_gradient_op.shape_rule(same_shape)


def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """The same value, but a constant as far as gradients are concerned.

    >>> import graphmagic as tf
    >>> x = tf.constant(3.0)
    >>> tf.Session().run(tf.gradients(x * tf.stop_gradient(x), x))
    [np.float32(3.0)]
    """
    return apply_op(stop_gradient_op, input, name=name).outputs[0]


# ----- asking for the shape -----

_SHAPE_TYPES: dict[str, Any] = {"types": {"out_type": dtypes.INDICES}, "defaults": {"out_type": dtypes.int32}}
shape_op = OpDef("Shape", "input:T -> output:out_type", differentiable=False, **_SHAPE_TYPES)


@shape_op.kernel
def shape_kernel(x: Any, *, dtype: Any) -> Any:
    return np.array(np.shape(x), dtype)


@shape_op.shape_rule
def shape_shape(x: Tensor) -> TensorShape:
    return TensorShape([x.shape.ndims])


def shape(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The shape that a tensor has when it is run, as a vector of integers.

    Args:
        input: a tensor.
        name: the operation's name.
        out_type: int32 or int64.

    Returns:
        A `Tensor` of shape ``[rank]``; a constant where the shape is known already.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None, 3])
    >>> tf.Session().run(tf.shape(x), {x: [[1, 2, 3], [4, 5, 6]]})
    array([2, 3], dtype=int32)
    """
    with get_default_graph().name_scope(name or "Shape") as scope:
        x = convert_to_tensor(input)
        if x.shape.is_fully_defined():
            return constant(x.shape.as_list(), out_type, name=scope)
        return apply_op(shape_op, x, name=scope, out_type=as_dtype(out_type)).outputs[0]


size_op = OpDef("Size", "input:T -> output:out_type", differentiable=False, **_SHAPE_TYPES)


@size_op.kernel
def size_kernel(x: Any, *, dtype: Any) -> Any:
    return np.asarray(np.size(x), dtype)


@size_op.shape_rule
def scalar_shape(x: Tensor) -> TensorShape:
    return TensorShape([])


def size(input: Any, name: str | None = None, out_type: Any = dtypes.int32) -> Tensor:
    """The number of elements of a tensor when it is run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.size([[1, 2, 3], [4, 5, 6]]))
    np.int32(6)
    """
    with get_default_graph().name_scope(name or "Size") as scope:
        x = convert_to_tensor(input)
        count = x.shape.num_elements()
        if count is not None:
            return constant(count, out_type, name=scope)
        return apply_op(size_op, x, name=scope, out_type=as_dtype(out_type)).outputs[0]


rank_op = OpDef("Rank", "input:T -> output:int32", differentiable=False)


@rank_op.kernel
def rank_kernel(x: Any) -> Any:
    return np.asarray(np.ndim(x), np.int32)


rank_op.shape_rule(scalar_shape)


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of dimensions of a tensor when it is run.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.rank([[1, 2], [3, 4]]))
    np.int32(2)
    """
    with get_default_graph().name_scope(name or "Rank") as scope:
        x = convert_to_tensor(input)
        if x.shape.ndims is not None:
            return constant(x.shape.ndims, dtypes.int32, name=scope)
        return apply_op(rank_op, x, name=scope).outputs[0]


# ----- changing the shape -----

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
            f"Input to reshape is a tensor with {x.size} values, but the requested shape requires a multiple of {known}",
        )
    if -1 in wanted and not known:
        wanted = tuple([0 if d == -1 else d for d in wanted])
    return np.reshape(x, wanted)


@reshape_op.shape_rule
def reshape_shape(tensor: Tensor, shape: Tensor) -> TensorShape:
    target = partial_shape(shape)
    size = tensor.shape.num_elements()
    if size is None or target.ints is None:
        return target
    unknown = target.ints.count(None)
    known = int(np.prod([d for d in target.ints if d is not None], dtype=np.int64))
    if unknown == 0 and known != size:
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
    return np.expand_dims(x, int(dim))


@expand_dims_op.shape_rule
def expand_dims_shape(x: Tensor, dim: Tensor) -> TensorShape:
    axis = static_value(dim)
    if x.shape.ints is None:
        return TensorShape(None)
    if axis is None:
        return unknown_shape(len(x.shape) + 1)
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


def one_of(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The value of an argument that may also be given under its old name."""
    if new is not None and old is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'.")
    return old if new is None else new


squeeze_op = OpDef("Squeeze", "input:T -> output:T", view=True)


@squeeze_op.kernel
def squeeze_kernel(x: Any, *, squeeze_dims: list[int]) -> Any:
    for axis in squeeze_dims:
        if x.shape[axis] != 1:
            raise errors.InvalidArgumentError(
                None, None, f"Can not squeeze dim[{axis}], expected a dimension of 1, got {x.shape[axis]}"
            )
    return np.squeeze(x, tuple(squeeze_dims) or None)


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


transpose_op = OpDef(
    "Transpose",
    "x:T, perm:Tperm -> y:T",
    types={"Tperm": dtypes.INDICES},
    defaults={"Tperm": dtypes.int32},
    view=True,
)


@transpose_op.kernel
def transpose_kernel(x: Any, perm: Any) -> Any:
    return np.transpose(x, perm)


@transpose_op.shape_rule
def transpose_shape(x: Tensor, perm: Tensor) -> TensorShape:
    length = perm.shape.ints[0] if perm.shape.ints else None
    if x.shape.ints is None:
        return unknown_shape(length)
    if length is not None and length != len(x.shape.ints):
        raise ValueError(f"Dimension must be {len(x.shape.ints)} but is {length}")
    order = static_value(perm)
    if order is None:
        return unknown_shape(len(x.shape.ints))
    if sorted(order % max(len(order), 1)) != list(range(len(order))):
        raise ValueError(f"perm {order.tolist()} is not a permutation of {list(range(len(order)))}")
    return TensorShape([x.shape.ints[i] for i in order])


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
        from graphmagic.ops.fill import range as graph_range
        from graphmagic.ops.math import subtract

        count = rank(a)
        reverse = subtract(subtract(count, 1), graph_range(0, count, 1))
        return apply_op(transpose_op, a, reverse, name=scope).outputs[0]


invert_permutation_op = OpDef(
    "InvertPermutation", "x:T -> y:T", types={"T": dtypes.INDICES}, differentiable=False
)


@invert_permutation_op.kernel
def invert_permutation_kernel(x: Any) -> Any:
    return np.argsort(x).astype(x.dtype)


invert_permutation_op.shape_rule(same_shape)


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """The permutation that undoes `x`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.invert_permutation([2, 0, 1]))
    array([1, 2, 0], dtype=int32)
    """
    return apply_op(invert_permutation_op, x, name=name).outputs[0]


# ----- tensors like another, and choosing between two -----

zeros_like_op = OpDef("ZerosLike", "x:T -> y:T", differentiable=False)


@zeros_like_op.kernel
def zeros_like_kernel(x: Any) -> Any:
    if x.dtype == object:
        return np.full(np.shape(x), b"", object)
    return np.zeros(np.shape(x), x.dtype)


zeros_like_op.shape_rule(same_shape)


def zeros_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Zeros of the shape and type of another tensor.

    Args:
        tensor: a tensor.
        dtype: another type than that of `tensor`.
        name: the operation's name.
        optimize: make a constant where the shape is known.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.zeros_like([1.5, 2.5]))
    array([0., 0.], dtype=float32)
    """
    from graphmagic.ops.fill import zeros

    with get_default_graph().name_scope(name or "zeros_like") as scope:
        x = convert_to_tensor(tensor, name="tensor")
        kind = x.dtype.base_dtype if dtype is None else as_dtype(dtype)
        if optimize and x.shape.is_fully_defined():
            return zeros(x.shape, kind, name=scope)
        if kind is x.dtype.base_dtype:
            return apply_op(zeros_like_op, x, name=scope).outputs[0]
        return zeros(shape(x), kind, name=scope)


def ones_like(tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Ones of the shape and type of another tensor; arguments as `zeros_like`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.ones_like([1.5, 2.5]))
    array([1., 1.], dtype=float32)
    """
    from graphmagic.ops.fill import fill_with_one

    with get_default_graph().name_scope(name or "ones_like") as scope:
        x = convert_to_tensor(tensor, name="tensor")
        kind = x.dtype.base_dtype if dtype is None else as_dtype(dtype)
        result = fill_with_one(shape(x), kind, scope)
        result.set_shape(x.shape)
        return result


select_op = OpDef("Select", "condition:bool, t:T, e:T -> output:T", elementwise=True)


@select_op.kernel
def select_kernel(condition: Any, t: Any, e: Any) -> Any:
    rows = np.ndim(condition)
    if 0 < rows < np.ndim(t):  # a vector chooses whole rows
        condition = np.reshape(condition, (*condition.shape, *[1] * (np.ndim(t) - rows)))
    return np.where(condition, t, e)


@select_op.shape_rule
def select_shape(condition: Tensor, t: Tensor, e: Tensor) -> TensorShape:
    if not t.shape.is_compatible_with(e.shape):
        raise ValueError(f"Shapes must be equal, but are {t.shape.bracketed()} and {e.shape.bracketed()}")
    merged = t.shape.merge_with(e.shape)
    if condition.shape.ndims in (None, 0) or merged.ints is None:
        return merged
    if condition.shape.ndims == 1 and len(merged) > 1:
        condition.shape.merge_with(merged[:1])
        return merged
    if not condition.shape.is_compatible_with(merged):
        raise ValueError(
            f"Shapes must be equal, but are {condition.shape.bracketed()} and {merged.bracketed()}"
        )
    return merged


@select_op.gradient
def select_grad(op: Operation, dy: Tensor) -> Grads:
    condition = op.inputs[0]
    zeros = zeros_like(dy)
    return None, where(condition, dy, zeros), where(condition, zeros, dy)


where_op = OpDef("Where", "input:T -> index:int64", differentiable=False)


@where_op.kernel
def where_kernel(x: Any) -> Any:
    return np.argwhere(x).astype(np.int64)


@where_op.shape_rule
def where_shape(x: Tensor) -> TensorShape:
    return TensorShape([None, x.shape.ndims])


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """Choose between `x` and `y` element by element, or list where `condition` holds.

    Args:
        condition: booleans of the shape of `x`, or a vector that chooses rows, or a scalar.
        x: values where `condition` is true.
        y: values where it is false, same shape and type.
        name: the operation's name.

    Returns:
        A `Tensor` like `x`; without `x` and `y` the positions of true elements, int64 of shape ``[n, rank]``.

    Raises:
        ValueError: only one of `x` and `y` is given, or the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.where([True, False], [1, 2], [10, 20]))
    array([ 1, 20], dtype=int32)
    """
    if x is None and y is None:
        with get_default_graph().name_scope(name or "Where") as scope:
            return apply_op(where_op, condition, name=scope).outputs[0]
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return apply_op(select_op, condition, x, y, name=name).outputs[0]
