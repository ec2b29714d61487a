"""Extremes: the largest and smallest elements across dimensions, and where they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.casting import cast
from graphmagic.ops.division import real_div
from graphmagic.ops.logic import equal
from graphmagic.ops.reduce import Grads, declare_reduction, reduce_sum, reduced, restored
from graphmagic.shapes import TensorShape, unknown_shape

# ----- extremes -----


def _extreme_kernel(extreme: np.ufunc) -> Any:
    def kernel(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
        if x.size:
            return extreme.reduce(x, axis=axes, keepdims=keep)
        limits = (-np.inf, np.inf) if x.dtype.kind == "f" else as_dtype(x.dtype).limits
        worst = x.dtype.type(limits[0] if extreme is np.maximum else limits[1])
        return extreme.reduce(x, axis=axes, keepdims=keep, initial=worst)

    return kernel


def _extreme_grad(op: Operation, dy: Tensor) -> Grads:
    """Equal extremes share the gradient equally, as in TensorFlow."""
    x = op.inputs[0]
    indicators = cast(equal(restored(op, op.outputs[0]), x), x.dtype.base_dtype)
    ties = restored(op, reduce_sum(indicators, op.inputs[1], op.attrs["keep_dims"]))
    return multiply(real_div(indicators, ties), restored(op, dy)), None


max_op = declare_reduction("Max", _extreme_kernel(np.maximum), T=dtypes.REALS)
min_op = declare_reduction("Min", _extreme_kernel(np.minimum), T=dtypes.REALS)
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
    return reduced(max_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


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
    return reduced(min_op, input_tensor, axis, keepdims, name, (reduction_indices, keep_dims))


# ----- positions of extremes -----


def _arg_extreme(name: str, find: Any, worst: float) -> OpDef:
    """Declare the position of an extreme; NaN counts as `worst`, so it is never found next to a number."""
    opdef = OpDef(
        name,
        "input:T, dimension:Tidx -> output:output_type",
        types={"T": dtypes.REALS, "Tidx": dtypes.INDICES, "output_type": dtypes.INDICES},
        defaults={"Tidx": dtypes.int32, "output_type": dtypes.int64},
        differentiable=False,
        value_inputs=("dimension",),
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
        found = find(x, axis)
        if x.dtype.kind == "f":  # NumPy finds NaN first
            picked = np.take_along_axis(x, np.expand_dims(found, axis), axis)
            found = find(np.where(np.isnan(x), worst, x), axis) if np.isnan(picked).any() else found
        return np.asarray(found).astype(dtype)

    opdef.kernel(kernel)
    opdef.shape_rule(_arg_shape)
    return opdef


def _arg_shape(x: Tensor, dimension: Tensor) -> TensorShape:
    axis = static_value(dimension)
    if x.shape.ints is None:
        return TensorShape(None)
    if len(x.shape.ints) < 2:
        return TensorShape([])
    if axis is None:
        return unknown_shape(len(x.shape.ints) - 1)
    ndim, position = len(x.shape.ints), int(axis)
    if not -ndim <= position < ndim:
        raise ValueError(
            f"Dimension ({position}) must be in the range [{-ndim}, {ndim}), where {ndim} is the number of dimensions "
            "in the input."
        )
    return TensorShape([d for i, d in enumerate(x.shape.ints) if i != position % ndim])


arg_max_op = _arg_extreme("ArgMax", np.argmax, -np.inf)
arg_min_op = _arg_extreme("ArgMin", np.argmin, np.inf)


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


def arg_max(input: Any, dimension: Any, output_type: Any = dtypes.int64, name: str | None = None) -> Tensor:
    """The old spelling of `argmax`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.arg_max([[1, 9, 3], [7, 5, 6]], 1))
    array([1, 0])
    """
    return argmax(input, dimension, name, output_type=output_type)


def arg_min(input: Any, dimension: Any, output_type: Any = dtypes.int64, name: str | None = None) -> Tensor:
    """The old spelling of `argmin`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.arg_min([[1, 9, 3], [7, 5, 6]], 1))
    array([0, 1])
    """
    return argmin(input, dimension, name, output_type=output_type)


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
