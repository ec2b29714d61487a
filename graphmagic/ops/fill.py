"""Tensors made from a few numbers: zeros, ones, one value, sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.constant import constant
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import reshape
from graphmagic.shapes import TensorShape, as_shape

_SMALL = 1000  # TensorFlow makes a constant of zeros and ones with fewer elements

fill_op = OpDef(
    "Fill",
    "dims:index_type, value:T -> output:T",
    types={"index_type": dtypes.INDICES},
    defaults={"index_type": dtypes.int32},
    shape_inputs=("dims",),
)


@fill_op.kernel
def fill_kernel(dims: Any, value: Any, *, dtype: Any) -> Any:
    if np.ndim(dims) != 1:
        raise invalid(f"dims must represent a vector, got shape {shape_text(dims)}")
    if np.ndim(value):
        raise invalid(f"value must represent a scalar, got shape {shape_text(value)}")
    if np.any(np.less(dims, 0)):
        raise invalid(f"Dimension {np.min(dims)} must be >= 0")
    return np.full(tuple(dims), value, dtype)


@fill_op.shape_rule
def fill_shape(dims: Tensor, value: Tensor) -> TensorShape:
    of_rank(dims.shape, 1)
    of_rank(value.shape, 0)
    return partial_shape(dims)


@fill_op.gradient
def fill_grad(op: Operation, dy: Tensor) -> tuple[Tensor | None, ...]:
    return None, reduce_sum(dy)


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of one value.

    Args:
        dims: the shape, a vector of integers.
        value: the scalar.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.fill([2, 2], 7))
    array([[7, 7],
           [7, 7]], dtype=int32)
    """
    return apply_op(fill_op, dims, value, name=name).outputs[0]


def _filled(value: int, name: str, shape: Any, dtype: Any) -> Tensor:
    kind = as_dtype(dtype).base_dtype
    scalar: Any = "" if kind is dtypes.string else bool(value) if kind.is_bool else value
    with get_default_graph().name_scope(name) as scope:
        if not isinstance(shape, Tensor):
            shape = _static_or_tensor(shape)
        if isinstance(shape, TensorShape):
            count = shape.num_elements()
            if count is not None and count < _SMALL:
                return constant(scalar, kind, shape, name=scope)
            shape = convert_to_tensor(shape, dtypes.int32)
        if shape.shape.ndims == 0:
            shape = reshape(shape, [-1])
        return fill(shape, constant(scalar, kind), name=scope)


def _static_or_tensor(shape: Any) -> Any:
    for size in shape if isinstance(shape, (list, tuple)) else ():
        if isinstance(size, Dimension):
            int(size)  # an unknown size cannot be filled: Python's error, as in TensorFlow
    try:
        return as_shape(shape)
    except TypeError:
        return convert_to_tensor(shape, dtypes.int32)


def fill_with_one(shape: Tensor, dtype: DType, name: str) -> Tensor:
    """Ones of a shape that is a tensor."""
    return fill(shape, constant(True if dtype.is_bool else 1, dtype), name=name)


def zeros(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of zeros.

    Args:
        shape: a list of integers, a `TensorShape`, or an integer vector.
        dtype: the type of the elements; empty strings for strings, False for booleans.
        name: the operation's name.

    Returns:
        A `Tensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.zeros([2, 3]))
    array([[0., 0., 0.],
           [0., 0., 0.]], dtype=float32)
    """
    return _filled(0, name or "zeros", shape, dtype)


def ones(shape: Any, dtype: Any = dtypes.float32, name: str | None = None) -> Tensor:
    """A tensor of ones; arguments as `zeros`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.ones([3], tf.int32))
    array([1, 1, 1], dtype=int32)
    """
    return _filled(1, name or "ones", shape, dtype)


range_op = OpDef(
    "Range",
    "start:Tidx, limit:Tidx, delta:Tidx -> output:Tidx",
    types={"Tidx": dtypes.REALS},
    differentiable=False,
    value_inputs=("start", "limit", "delta"),
)


def _check_scalars(**values: Any) -> None:
    for name, value in values.items():
        if np.ndim(value):
            raise invalid(f"{name} must be a scalar, not shape {shape_text(value)}")


def _of_scalars(**tensors: Tensor) -> None:
    for name, tensor in tensors.items():
        try:
            of_rank(tensor.shape, 0)
        except ValueError as error:
            raise ValueError(f"{error}\n\t for '{name}'") from None


@range_op.kernel
def range_kernel(start: Any, limit: Any, delta: Any, *, dtype: Any) -> Any:
    _check_scalars(start=start, limit=limit, delta=delta)
    if delta == 0:
        raise errors.InvalidArgumentError(None, None, f"Requires delta != 0: {delta}")
    count = max(0, int(np.ceil((np.float64(limit) - np.float64(start)) / np.float64(delta))))
    if (limit < start and delta > 0) or (limit > start and delta < 0):
        sign = "<=" if delta > 0 else ">="
        raise errors.InvalidArgumentError(
            None,
            None,
            f"Requires start {sign} limit when delta {'>' if delta > 0 else '<'} 0: {start}/{limit}",
        )
    return (start + np.arange(count) * delta).astype(dtype)


@range_op.shape_rule
def range_shape(start: Tensor, limit: Tensor, delta: Tensor) -> TensorShape:
    _of_scalars(start=start, limit=limit, delta=delta)
    values = [static_value(t) for t in (start, limit, delta)]
    if any(v is None for v in values):
        return TensorShape([None])
    first, last, step = (float(v) for v in values if v is not None)
    if step == 0:
        raise ValueError("Requires delta != 0")
    if (last < first and step > 0) or (last > first and step < 0):
        raise ValueError(
            f"Requires start {'<=' if step > 0 else '>='} limit when delta {'>' if step > 0 else '<'} 0: "
            f"{first:g}/{last:g}"
        )
    return TensorShape([max(0, int(np.ceil((last - first) / step)))])


_WIDENING = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)


def range(start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str = "range") -> Tensor:
    """A sequence of numbers.

    Args:
        start: the first number; the limit if `limit` is None, and then 0 is the first.
        limit: the end, not included.
        delta: the step.
        dtype: the type; the widest of the arguments' types if None.
        name: the operation's name.

    Returns:
        A vector.

    Raises:
        ValueError: the step is 0 or leads away from the limit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.range(3, 9, 2))
    array([3, 5, 7], dtype=int32)
    """
    if limit is None:
        start, limit = 0, start
    with get_default_graph().name_scope(name) as scope:
        wanted = None if dtype is None else as_dtype(dtype)
        ends = [
            convert_to_tensor(v, wanted, name=n)
            for v, n in ((start, "start"), (limit, "limit"), (delta, "delta"))
        ]
        if wanted is None:
            kinds = [t.dtype.base_dtype for t in ends]
            wanted = max(kinds, key=_WIDENING.index) if all(k in _WIDENING for k in kinds) else kinds[0]
        return apply_op(range_op, *[cast(t, wanted) for t in ends], name=scope).outputs[0]


linspace_op = OpDef(
    "LinSpace",
    "start:T, stop:T, num:Tidx -> output:T",
    types={"T": dtypes.REAL_FLOATS, "Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32},
    differentiable=False,
    value_inputs=("num",),
)


@linspace_op.kernel
def linspace_kernel(start: Any, stop: Any, num: Any, *, dtype: Any) -> Any:
    _check_scalars(start=start, stop=stop, num=num)
    if num <= 0:
        raise errors.InvalidArgumentError(None, None, f"Requires num > 0: {num}")
    return np.linspace(start, stop, int(num), dtype=dtype)


@linspace_op.shape_rule
def linspace_shape(start: Tensor, stop: Tensor, num: Tensor) -> TensorShape:
    _of_scalars(start=start, stop=stop, num=num)
    count = static_value(num)
    if count is not None and count <= 0:
        raise ValueError(f"Requires num > 0: {count}")
    return TensorShape([None if count is None else int(count)])


def linspace(start: Any, stop: Any, num: Any, name: str | None = None) -> Tensor:
    """Evenly spaced numbers, both ends included.

    Args:
        start: the first number, a float.
        stop: the last number.
        num: how many.
        name: the operation's name.

    Returns:
        A vector of `num` floats.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linspace(0.0, 1.0, 3))
    array([0. , 0.5, 1. ], dtype=float32)
    """
    return apply_op(linspace_op, start, stop, num, name=name).outputs[0]
