"""Reductions: one number from many."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.array import expand_dims, one_of, rank, reshape, shape
from graphmagic.ops.broadcast import broadcast_to
from graphmagic.ops.constant import constant
from graphmagic.ops.logic import equal
from graphmagic.ops.math import add, cast, div, floormod, maximum, multiply, real_div
from graphmagic.shapes import TensorShape, unknown_shape

Grads = tuple[Tensor | None, ...]


def _axes(indices: Any, ndim: int) -> tuple[int, ...]:
    axes = tuple(np.asarray(indices).ravel().tolist())
    for axis in axes:
        if not -ndim <= axis < ndim:
            raise errors.InvalidArgumentError(
                None, None, f"Invalid reduction dimension ({axis} for input with {ndim} dimension(s)"
            )
    return tuple(dict.fromkeys(axis % ndim for axis in axes))


def _reduction_shape(x: Tensor, indices: Tensor, *, keep_dims: bool) -> TensorShape:
    if x.shape.ints is None:
        return TensorShape(None)
    axes = static_value(indices)
    ndim = len(x.shape.ints)
    if axes is None:
        count = indices.shape.num_elements()
        return unknown_shape(ndim if keep_dims else ndim - count if count == 1 else None)
    for axis in axes.ravel().tolist():
        if not -ndim <= axis < ndim:
            raise ValueError(f"Invalid reduction dimension {axis} for input with {ndim} dimensions.")
    reduced = {axis % ndim for axis in axes.ravel().tolist()}
    if keep_dims:
        return TensorShape([1 if i in reduced else d for i, d in enumerate(x.shape.ints)])
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i not in reduced])


def _reduction(
    name: str, kernel: Any, signature: str = "input:T, reduction_indices:Tidx -> output:T", **flags: Any
) -> OpDef:
    """Declare a reduction; `kernel` gets the array, a tuple of axes, and whether to keep them."""

    def reduction_kernel(x: Any, indices: Any, *, keep_dims: bool) -> Any:
        return kernel(x, _axes(indices, np.ndim(x)), keep_dims)

    types = {"Tidx": dtypes.INDICES, "T": flags.pop("T", dtypes.NUMBERS)}
    defaults = {"Tidx": dtypes.int32, "keep_dims": False}
    opdef = OpDef(name, signature, kernel=reduction_kernel, types=types, defaults=defaults, **flags)
    opdef.shape_rule(_reduction_shape)
    return opdef


def _reduce(
    opdef: OpDef, input_tensor: Any, axis: Any, keepdims: Any, name: str | None, old: tuple[Any, Any]
) -> Tensor:
    reduction_indices, keep_dims = old
    keepdims = one_of("keepdims", keepdims, "keep_dims", keep_dims)
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    kind = dtypes.bool if opdef.inputs[0].dtype is dtypes.bool else None
    if axis is None:
        input_tensor = convert_to_tensor(input_tensor, kind, name="input_tensor" if kind is None else "input")
        axis = _all_axes(input_tensor)
    return apply_op(opdef, input_tensor, axis, name=name, keep_dims=bool(keepdims)).outputs[0]


def _all_axes(x: Tensor) -> Tensor:
    if x.shape.ndims is not None:
        return constant(np.arange(x.shape.ndims, dtype=np.int32))
    from graphmagic.ops.fill import range as graph_range

    return graph_range(0, rank(x))


def _restored(op: Operation, value: Tensor) -> Tensor:
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
    from graphmagic.ops.array import ones_like, size, where
    from graphmagic.ops.gather import one_hot

    count = size(input_shape)
    positive = reshape(floormod(add(cast(axes, dtypes.int32), count), count), [-1])
    marked = reduce_any(one_hot(positive, count, on_value=True, off_value=False, dtype=dtypes.bool), axis=0)
    return where(marked, ones_like(input_shape), input_shape)


# ----- sum and mean -----

sum_op = _reduction("Sum", lambda x, axes, keep: np.add.reduce(x, axes, x.dtype, None, keep))


@sum_op.gradient
def sum_grad(op: Operation, dy: Tensor) -> Grads:
    return broadcast_to(_restored(op, dy), shape(op.inputs[0])), None


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
    return _reduce(sum_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


def _mean_kernel(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    total = np.add.reduce(x, axes, x.dtype, None, keep)
    count = int(np.prod([x.shape[a] for a in axes], dtype=np.int64))
    if x.dtype.kind in "iu":
        return np.trunc(np.true_divide(total, count)).astype(x.dtype) if count else total
    return np.true_divide(total, x.dtype.type(count))


mean_op = _reduction("Mean", _mean_kernel)


@mean_op.gradient
def mean_grad(op: Operation, dy: Tensor) -> Grads:
    from graphmagic.ops.array import size

    x, y = op.inputs[0], op.outputs[0]
    counts = x.shape.num_elements(), y.shape.num_elements()
    total = broadcast_to(_restored(op, dy), shape(x))
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
    return _reduce(mean_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- extremes -----


def _extreme_kernel(reduce: Any) -> Any:
    def kernel(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
        if x.size == 0:
            is_max = reduce is np.maximum.reduce
            limits = (
                (-np.inf, np.inf) if x.dtype.kind == "f" else (np.iinfo(x.dtype).min, np.iinfo(x.dtype).max)
            )
            return reduce(x, axes, None, None, keep, x.dtype.type(limits[0] if is_max else limits[1]))
        return reduce(x, axes, None, None, keep)

    return kernel


def _extreme_grad(op: Operation, dy: Tensor) -> Grads:
    """Equal extremes share the gradient equally, as in TensorFlow."""
    x = op.inputs[0]
    indicators = cast(equal(_restored(op, op.outputs[0]), x), x.dtype.base_dtype)
    ties = _restored(op, reduce_sum(indicators, op.inputs[1], op.attrs["keep_dims"]))
    return multiply(real_div(indicators, ties), _restored(op, dy)), None


max_op = _reduction("Max", _extreme_kernel(np.maximum.reduce), T=dtypes.REALS)
min_op = _reduction("Min", _extreme_kernel(np.minimum.reduce), T=dtypes.REALS)
max_op.gradient(_extreme_grad)
min_op.gradient(_extreme_grad)


def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The largest element across dimensions; NaN if there is one.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_max([[1, 5], [4, 2]], axis=1))
    array([5, 4], dtype=int32)
    """
    return _reduce(max_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The smallest element across dimensions; NaN if there is one.  Arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_min([[1, 5], [4, 2]], axis=1))
    array([1, 2], dtype=int32)
    """
    return _reduce(min_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- product -----

prod_op = _reduction("Prod", lambda x, axes, keep: np.multiply.reduce(x, axes, x.dtype, None, keep))
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
    flat = groups.reshape(*groups.shape[: len(kept)], -1)
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
    return multiply(_restored(op, dy), apply_op(others_op, x, indices).outputs[0]), None


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
    return _reduce(prod_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- any and all -----

_BOOLEAN = "input:bool, reduction_indices:Tidx -> output:bool"
any_op = _reduction(
    "Any",
    lambda x, axes, keep: np.logical_or.reduce(x, axes, None, None, keep),
    _BOOLEAN,
    differentiable=False,
)
all_op = _reduction(
    "All",
    lambda x, axes, keep: np.logical_and.reduce(x, axes, None, None, keep),
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
    return _reduce(any_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


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
    return _reduce(all_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- positions of extremes -----


def _arg_extreme(name: str, find: Any) -> OpDef:
    opdef = OpDef(
        name,
        "input:T, dimension:Tidx -> output:output_type",
        types={"T": dtypes.REALS, "Tidx": dtypes.INDICES, "output_type": dtypes.INDICES},
        defaults={"Tidx": dtypes.int32, "output_type": dtypes.int64},
        differentiable=False,
    )

    def kernel(x: Any, dimension: Any, *, dtype: Any) -> Any:
        axis = int(dimension)
        if not -x.ndim <= axis < x.ndim:
            raise errors.InvalidArgumentError(
                None, None, f"Expected dimension in the range [{-x.ndim}, {x.ndim}), but got {axis}"
            )
        if x.shape[axis] == 0:
            raise errors.InvalidArgumentError(
                None, None, f"Reduction axis {axis} is empty in shape [{','.join(map(str, x.shape))}]"
            )
        return np.asarray(find(x, axis)).astype(dtype)

    opdef.kernel(kernel)
    opdef.shape_rule(_arg_shape)
    return opdef


def _arg_shape(x: Tensor, dimension: Tensor) -> TensorShape:
    axis = static_value(dimension)
    if x.shape.ints is None or axis is None:
        return unknown_shape(None if x.shape.ndims is None else x.shape.ndims - 1)
    ndim, position = len(x.shape.ints), int(axis)
    if not -ndim <= position < ndim:
        raise ValueError(
            f"Dimension ({position}) must be in the range [{-ndim}, {ndim}), where {ndim} is the number of dimensions in the input."
        )
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i != position % ndim])


arg_max_op = _arg_extreme("ArgMax", np.argmax)
arg_min_op = _arg_extreme("ArgMin", np.argmin)


def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """The position of the largest element along an axis; the first where several are equal.

    Args:
        input: a tensor of real numbers.
        axis: the dimension; 0 if None.
        name: the operation's name.
        dimension: the old name of `axis`.
        output_type: int64 or int32.

    Returns:
        A `Tensor` of integers with that dimension removed.

    Raises:
        ValueError: the axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.argmax([[1, 9, 3], [7, 5, 6]], axis=1))
    array([1, 0])
    """
    axis = one_of("axis", axis, "dimension", dimension)
    return apply_op(
        arg_max_op, input, 0 if axis is None else axis, name=name, output_type=as_dtype(output_type)
    ).outputs[0]


def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = dtypes.int64,
) -> Tensor:
    """The position of the smallest element along an axis; arguments and errors as `argmax`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.argmin([[1, 9, 3], [7, 5, 6]], axis=0))
    array([0, 1, 0])
    """
    axis = one_of("axis", axis, "dimension", dimension)
    return apply_op(
        arg_min_op, input, 0 if axis is None else axis, name=name, output_type=as_dtype(output_type)
    ).outputs[0]
