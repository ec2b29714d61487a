"""Placeholders: tensors that every run must be given."""

from __future__ import annotations

from typing import Any

from graphmagic import errors
from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import merged_shape
from graphmagic.shapes import TensorShape, as_shape

__all__ = ["placeholder", "placeholder_with_default"]

placeholder_op = OpDef("Placeholder", " -> output:dtype", stateful=True, differentiable=False)


@placeholder_op.kernel
def placeholder_kernel(*, op: Operation) -> Any:
    shape: TensorShape = op.attrs["shape"]
    known = f" and shape {shape.bracketed()}" if shape.ndims else ""
    dtype = {"float32": "float", "float64": "double"}.get(op.outputs[0].dtype.name, op.outputs[0].dtype.name)
    raise errors.InvalidArgumentError(
        None, None, f"You must feed a value for placeholder tensor '{op.name}' with dtype {dtype}{known}"
    )


@placeholder_op.shape_rule
def placeholder_shape(*, shape: TensorShape) -> TensorShape:
    return shape


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A tensor whose value must be fed to every run that needs it.

    Args:
        dtype: the type of the values.
        shape: what is known of their shape, such as ``[None, 784]``; None if nothing is.
        name: the operation's name.

    Returns:
        A `Tensor` to use as a key of ``feed_dict``.

    Raises:
        TypeError: `dtype` is no type.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32, [None])
    >>> tf.Session().run(x * 2.0, {x: [1, 2]})
    array([2., 4.], dtype=float32)
    """
    try:
        kind: DType = as_dtype(dtype)
    except TypeError:
        raise TypeError(f"Expected DataType for argument 'dtype' not {dtype!r}.") from None
    try:
        known = as_shape(shape)
    except (TypeError, ValueError) as error:
        raise type(error)(f"Error converting shape to a TensorShape: {error}.") from None
    return apply_op(placeholder_op, name=name, dtype=kind, shape=known).outputs[0]


with_default_op = OpDef("PlaceholderWithDefault", "input:dtype -> output:dtype", view=True, stateful=True)


@with_default_op.kernel
def with_default_kernel(default: Any) -> Any:
    return default


@with_default_op.shape_rule
def with_default_shape(default: Tensor, *, shape: TensorShape) -> TensorShape:
    merged_shape(default.shape, shape)
    return shape


@with_default_op.gradient
def with_default_grad(op: Operation, dy: Tensor) -> Tensor:
    return dy


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """A placeholder that has a value when none is fed.

    Args:
        input: the default value.
        shape: the static shape; None where other shapes may be fed.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        ValueError: the default does not have the shape.

    >>> import graphmagic as tf
    >>> rate = tf.placeholder_with_default(0.5, [])
    >>> tf.Session().run([rate * 1.0, rate * 2.0]), tf.Session().run(rate * 2.0, {rate: 3.0})
    ([np.float32(0.5), np.float32(1.0)], np.float32(6.0))
    """
    return apply_op(with_default_op, input, name=name, shape=as_shape(shape)).outputs[0]
