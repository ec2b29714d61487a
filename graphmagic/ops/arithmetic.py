"""Sums, products and extremes, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import check_same_sizes, merged_all
from graphmagic.ops.choosing import where
from graphmagic.ops.elementwise import declare_binary, declare_unary
from graphmagic.ops.identity import identity
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import greater_equal, less_equal
from graphmagic.shapes import TensorShape, as_shape

Grads = tuple[Tensor | None, ...]

# ----- sums and products -----


add_op = declare_binary("Add", np.add, (*dtypes.NUMBERS, dtypes.string))


@add_op.gradient
def add_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, dy


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x + y``, element by element, with broadcasting; strings are joined.

    Args:
        x: a tensor of numbers or strings.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.add([1, 2], [[10], [20]]))
    array([[11, 12],
           [21, 22]], dtype=int32)
    """
    return apply_op(add_op, x, y, name=name).outputs[0]


sub_op = declare_binary("Sub", np.subtract)


@sub_op.gradient
def sub_grad(op: Operation, dy: Tensor) -> Grads:
    return dy, negative(dy)


def subtract(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x - y``, element by element, with broadcasting; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.subtract(5, 3))
    np.int32(2)
    """
    return apply_op(sub_op, x, y, name=name).outputs[0]


mul_op = declare_binary("Mul", np.multiply)


@mul_op.gradient
def mul_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    return multiply(dy, y), multiply(x, dy)


def multiply(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x * y``, element by element, with broadcasting; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.multiply([1.0, 2.0], 3.0))
    array([3., 6.], dtype=float32)
    """
    return apply_op(mul_op, x, y, name=name).outputs[0]


neg_op = declare_unary("Neg", np.negative, dtypes.NUMBERS)


@neg_op.gradient
def neg_grad(op: Operation, dy: Tensor) -> Tensor:
    return negative(dy)


def negative(x: Any, name: str | None = None) -> Tensor:
    """``-x``.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.negative([1, -2]))
    array([-1,  2], dtype=int32)
    """
    return apply_op(neg_op, x, name=name).outputs[0]


# ----- extremes and differences -----

maximum_op = declare_binary("Maximum", np.maximum, dtypes.REALS)


@maximum_op.gradient
def maximum_grad(op: Operation, dy: Tensor) -> Grads:
    return _split_by(greater_equal(op.inputs[0], op.inputs[1]), dy)


def maximum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The larger of `x` and `y`, element by element; NaN if either is; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.maximum([1.0, 5.0], 3.0))
    array([3., 5.], dtype=float32)
    """
    return apply_op(maximum_op, x, y, name=name).outputs[0]


minimum_op = declare_binary("Minimum", np.minimum, dtypes.REALS)


@minimum_op.gradient
def minimum_grad(op: Operation, dy: Tensor) -> Grads:
    return _split_by(less_equal(op.inputs[0], op.inputs[1]), dy)


def _split_by(condition: Tensor, dy: Tensor) -> Grads:
    zeros = zeros_like(dy)
    return where(condition, dy, zeros), where(condition, zeros, dy)


def minimum(x: Any, y: Any, name: str | None = None) -> Tensor:
    """The smaller of `x` and `y`, element by element; NaN if either is; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.minimum([1.0, 5.0], 3.0))
    array([1., 3.], dtype=float32)
    """
    return apply_op(minimum_op, x, y, name=name).outputs[0]


squared_difference_op = declare_binary("SquaredDifference", lambda x, y: np.square(np.subtract(x, y)))


@squared_difference_op.gradient
def squared_difference_grad(op: Operation, dy: Tensor) -> Grads:
    x, y = op.inputs
    dx = multiply(multiply(dy, 2), subtract(x, y))
    return dx, negative(dx)


def squared_difference(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``(x - y) ** 2``, element by element; arguments and errors as `add`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.squared_difference(5.0, 2.0))
    np.float32(9.0)
    """
    return apply_op(squared_difference_op, x, y, name=name).outputs[0]


# ----- sums of many -----

add_n_op = OpDef("AddN", "inputs:N*T -> sum:T", types={"T": dtypes.NUMBERS}, elementwise=True)


@add_n_op.kernel
def add_n_kernel(inputs: Any, *, op: Operation) -> Any:
    check_same_sizes(op, inputs)
    total = inputs[0]
    for item in inputs[1:]:
        total = np.add(total, item)
    return total if len(inputs) > 1 else np.array(total)


@add_n_op.shape_rule
def add_n_shape(inputs: list[Tensor]) -> TensorShape:
    return merged_all(inputs)


@add_n_op.gradient
def add_n_grad(op: Operation, dy: Tensor) -> Grads:
    return (dy,) * len(op.inputs)


def add_n(inputs: Any, name: str | None = None) -> Tensor:
    """The sum of a list of tensors of one shape and type.

    Args:
        inputs: the tensors, at least one.
        name: the operation's name.

    Returns:
        A `Tensor`; the only element of `inputs` itself if there is but one and no name.

    Raises:
        ValueError: the list is empty, or the shapes differ.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.add_n([[1, 2], [3, 4], [5, 6]]))
    array([ 9, 12], dtype=int32)
    """
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise ValueError(
            "inputs must be an iterable of at least one Tensor/IndexedSlices with the same dtype and shape"
        )
    tensors = [convert_to_tensor(t) for t in inputs]
    if len(tensors) == 1:
        return tensors[0] if name is None else identity(tensors[0], name=name)
    return apply_op(add_n_op, tensors, name=name).outputs[0]


def accumulate_n(inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None) -> Tensor:
    """The sum of a list of tensors whose shape and type may be given; otherwise as `add_n`.

    Args:
        inputs: the tensors, at least one.
        shape: the shape they must have; None to take what they have.
        tensor_dtype: the type they must have; None to take what they have.
        name: the operation's name.

    Returns:
        A `Tensor`; the only element of `inputs` itself if there is but one and no name.

    Raises:
        ValueError: the list is empty, or shapes or types differ.
        TypeError: the type is not `tensor_dtype`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.accumulate_n([[1, 2], [3, 4]]))
    array([4, 6], dtype=int32)
    """
    mistake = "inputs must be a list of at least one Tensor with the same dtype and shape"
    if not isinstance(inputs, (list, tuple)) or not inputs:
        raise ValueError(mistake)
    tensors = [convert_to_tensor(t) for t in inputs]
    kind = tensors[0].dtype.base_dtype
    if any(t.dtype.base_dtype is not kind for t in tensors):
        raise ValueError(mistake)
    merged = as_shape(shape)
    for tensor in tensors:
        merged = merged.merge_with(tensor.shape)
    if tensor_dtype is not None and as_dtype(tensor_dtype) is not kind:
        raise TypeError(
            f"The `tensor_dtype` argument is {as_dtype(tensor_dtype)}, but `input` is of type {kind}. "
            "These must be equal. Try casting the input to the desired type."
        )
    if len(tensors) == 1:
        return tensors[0] if name is None else identity(tensors[0], name=name)
    return add_n(tensors, name=name)


def scalar_mul(scalar: Any, x: Any, name: str | None = None) -> Any:
    """A number times a tensor, or times `IndexedSlices`, whose values it multiplies.

    Args:
        scalar: a number, or a tensor without dimensions.
        x: a tensor or `IndexedSlices`.
        name: the operation's name.

    Returns:
        The same kind of value as `x`.

    Raises:
        ValueError: `scalar` has dimensions.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.scalar_mul(2.0, tf.constant([1.0, 2.0])))
    array([2., 4.], dtype=float32)
    """
    factor = convert_to_tensor(scalar, x.dtype.base_dtype, name="scalar")
    if factor.shape.ndims != 0:
        raise ValueError(f"The input scalar must be a 0-D value. Received shape {factor.shape}.")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(multiply(factor, x.values, name), x.indices, x.dense_shape)
    return multiply(factor, x, name)
