"""Reductions: one number from many."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, maximum, multiply
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.casting import cast
from graphmagic.ops.constant import constant
from graphmagic.ops.division import div, floormod, real_div
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


def _axes(indices: Any, ndim: int) -> tuple[int, ...]:
    axes = tuple(np.asarray(indices).ravel().tolist())
    for axis in axes:
        if not -ndim <= axis < ndim:
            raise errors.InvalidArgumentError(
                None, None, f"Invalid reduction dimension ({axis} for input with {ndim} dimension(s)"
            )
        if [a % ndim for a in axes].count(axis % ndim) > 1:
            raise errors.InvalidArgumentError(
                None, None, f"Invalid reduction arguments: Axes contains duplicate dimension: {axis % ndim}"
            )
    return tuple([axis % ndim for axis in axes])


def _reduction_shape(x: Tensor, indices: Tensor, *, keep_dims: bool) -> TensorShape:
    if x.shape.ints is None:
        return TensorShape(None)
    axes = static_value(indices)
    ndim = len(x.shape.ints)
    if axes is None:
        return unknown_shape(ndim if keep_dims else None)
    for axis in axes.ravel().tolist():
        if not -ndim <= axis < ndim:
            raise ValueError(f"Invalid reduction dimension {axis} for input with {ndim} dimensions.")
    reduced = {axis % ndim for axis in axes.ravel().tolist()}
    if keep_dims:
        return TensorShape([1 if i in reduced else d for i, d in enumerate(x.shape.ints)])
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i not in reduced])


def declare_reduction(
    name: str, kernel: Any, signature: str = "input:T, reduction_indices:Tidx -> output:T", **flags: Any
) -> OpDef:
    """Declare a reduction; `kernel` gets the array, a tuple of axes, and whether to keep them."""

    def reduction_kernel(x: Any, indices: Any, *, keep_dims: bool) -> Any:
        return kernel(x, _axes(indices, np.ndim(x)), keep_dims)

    types = {"Tidx": dtypes.INDICES, "T": flags.pop("T", dtypes.NUMBERS)}
    defaults = {"Tidx": dtypes.int32, "keep_dims": False}
    flags = {"value_inputs": ("reduction_indices",), **flags}
    opdef = OpDef(name, signature, kernel=reduction_kernel, types=types, defaults=defaults, **flags)
    opdef.shape_rule(_reduction_shape)
    return opdef


def reduced(
    opdef: OpDef, input_tensor: Any, axis: Any, keepdims: Any, name: str | None, old: tuple[Any, Any]
) -> Tensor:
    reduction_indices, keep_dims = old
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    if axis is None:
        kind = opdef.inputs[0].dtype  # a tensor of another type is for the operation itself to reject
        if kind is None or not isinstance(input_tensor, Tensor):
            input_tensor = convert_to_tensor(input_tensor, kind, name="input" if kind else "input_tensor")
        result = apply_op(
            opdef, input_tensor, _all_axes(input_tensor), name=name, keep_dims=bool(keepdims)
        ).outputs[0]
        if not keepdims:
            result.set_shape([])
        return result
    return apply_op(opdef, input_tensor, axis, name=name, keep_dims=bool(keepdims)).outputs[0]


def _all_axes(x: Tensor) -> Tensor:
    if x.shape.ndims is not None:
        return constant(np.arange(x.shape.ndims, dtype=np.int32))
    from graphmagic.ops.fill import range as graph_range

    return graph_range(0, rank(x))


def restored(op: Operation, value: Tensor) -> Tensor:
    """A reduced value with the reduced dimensions back as 1, so that it broadcasts against the input."""
    if op.attrs["keep_dims"]:
        return value
    x, indices = op.inputs
    axes, ndim = static_value(indices), x.shape.ndims
    if axes is None or ndim is None:
        return reshape(value, _kept_shape(shape(x), indices))
    for axis in sorted({int(a) % ndim for a in axes.ravel()}):
        value = expand_dims(value, axis)
    return value


def _kept_shape(input_shape: Tensor, axes: Tensor) -> Tensor:
    """`input_shape` with 1 at `axes`, computed in the graph."""
    from graphmagic.ops.choosing import where
    from graphmagic.ops.like import ones_like
    from graphmagic.ops.one_hot import one_hot
    from graphmagic.ops.queries import size

    count = size(input_shape)
    positive = reshape(floormod(add(cast(axes, dtypes.int32), count), count), [-1])
    marked = reduce_any(one_hot(positive, count, on_value=True, off_value=False, dtype=dtypes.bool), axis=0)
    return where(marked, ones_like(input_shape), input_shape)


# ----- sum and mean -----

sum_op = declare_reduction(
    "Sum", lambda x, axes, keep: np.add.reduce(x, axis=axes, dtype=x.dtype, keepdims=keep)
)


@sum_op.gradient
def sum_grad(op: Operation, dy: Tensor) -> Grads:
    return broadcast_to(restored(op, dy), shape(op.inputs[0])), None


def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The sum of elements across dimensions.

    Args:
        input_tensor: a tensor of numbers.
        axis: the dimensions to sum over, an integer or a list; all if None.
        keepdims: keep the summed dimensions with size 1.
        name: the operation's name.
        reduction_indices: the old name of `axis`.
        keep_dims: the old name of `keepdims`.

    Returns:
        A `Tensor` of the same type.

    Raises:
        ValueError: an axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_sum([[1, 2, 3], [4, 5, 6]], axis=0))
    array([5, 7, 9], dtype=int32)
    """
    return reduced(sum_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


def _mean_kernel(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    count = int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    if x.dtype.kind in "iu":
        wide: Any = np.int64 if x.dtype.kind == "i" else np.uint64
        total = np.add.reduce(x, axis=axes, dtype=wide, keepdims=keep)  # type: ignore[call-overload]
        quotient = np.floor_divide(np.absolute(total), wide(max(count, 1)))
        return np.where(np.less(total, 0), np.negative(quotient), quotient).astype(x.dtype)
    total = np.add.reduce(x, axis=axes, dtype=x.dtype, keepdims=keep)  # type: ignore[call-overload]
    return np.true_divide(total, x.dtype.type(count))


mean_op = declare_reduction("Mean", _mean_kernel)


@mean_op.gradient
def mean_grad(op: Operation, dy: Tensor) -> Grads:
    from graphmagic.ops.queries import size

    x, y = op.inputs[0], op.outputs[0]
    counts = x.shape.num_elements(), y.shape.num_elements()
    total = broadcast_to(restored(op, dy), shape(x))
    if counts[0] is not None and counts[1] is not None:
        factor = constant(counts[0] // max(counts[1], 1), x.dtype.base_dtype)
    else:
        factor = cast(div(size(x), maximum(size(y), 1)), x.dtype.base_dtype)
    return real_div(total, factor), None


def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The mean of elements across dimensions; of integers rounded towards 0.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_mean([[1.0, 2.0], [3.0, 5.0]]))
    np.float32(2.75)
    """
    return reduced(mean_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- product -----

prod_op = declare_reduction(
    "Prod", lambda x, axes, keep: np.multiply.reduce(x, axis=axes, dtype=x.dtype, keepdims=keep)
)
others_op = OpDef(
    "ProdOfOthers",
    "input:T, reduction_indices:Tidx -> output:T",
    types={"T": dtypes.REAL_FLOATS, "Tidx": dtypes.INDICES},
)


@others_op.kernel
def others_kernel(x: Any, indices: Any) -> Any:
    """For each element the product of the others in its group: a division would fail at zeros."""
    axes = _axes(indices, np.ndim(x))
    if not axes:
        return np.ones_like(x)
    kept = [a for a in range(x.ndim) if a not in axes]
    order = [*kept, *axes]
    groups = np.transpose(x, order)
    count = int(np.prod(groups.shape[len(kept) :], dtype=np.int64))
    flat = groups.reshape(*groups.shape[: len(kept)], count)
    one = np.ones_like(flat[..., :1])
    before = np.cumprod(np.concatenate([one, flat[..., :-1]], -1), -1, dtype=x.dtype)
    after = np.cumprod(np.concatenate([one, flat[..., :0:-1]], -1), -1, dtype=x.dtype)[..., ::-1]
    return np.transpose((before * after).reshape(groups.shape), np.argsort(order))


others_op.shape_rule(lambda x, indices: x.shape)


@others_op.gradient
def others_grad(op: Operation, dy: Tensor) -> Grads:
    """d(prod of others_j)/dx_i = prod / (x_i x_j), written with two leave-one-out products, for j != i."""
    x, indices = op.inputs
    weighted = multiply(dy, op.outputs[0])
    pairs = real_div(reduce_sum(weighted, indices, keepdims=True), x)
    return add(pairs, real_div(multiply(weighted, constant(-1.0, x.dtype.base_dtype)), x)), None


@prod_op.gradient
def prod_grad(op: Operation, dy: Tensor) -> Grads:
    x, indices = op.inputs
    return multiply(restored(op, dy), apply_op(others_op, x, indices).outputs[0]), None


def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The product of elements across dimensions.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_prod([[1, 5], [4, 2]]))
    np.int32(40)
    """
    return reduced(prod_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- any and all -----

_BOOLEAN = "input:bool, reduction_indices:Tidx -> output:bool"
any_op = declare_reduction(
    "Any",
    lambda x, axes, keep: np.logical_or.reduce(x, axis=axes, keepdims=keep),
    _BOOLEAN,
    differentiable=False,
)
all_op = declare_reduction(
    "All",
    lambda x, axes, keep: np.logical_and.reduce(x, axis=axes, keepdims=keep),
    _BOOLEAN,
    differentiable=False,
)


def reduce_any(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Whether any element is true, across dimensions.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_any([[True, False], [False, False]], axis=1))
    array([ True, False])
    """
    return reduced(any_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


def reduce_all(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """Whether all elements are true, across dimensions.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_all([[True, False], [True, True]], axis=1))
    array([False,  True])
    """
    return reduced(all_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))
