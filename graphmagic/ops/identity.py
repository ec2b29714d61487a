"""Tensors handed on unchanged, or their bits under another type: identity, stop_gradient, bitcast."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import ANY, DType, as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape
from graphmagic.ops.checks import invalid
from graphmagic.shapes import TensorShape

identity_op = OpDef("Identity", "input:T -> output:T", types={"T": ANY}, view=True)


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


prevent_gradient_op = OpDef(
    "PreventGradient", "input:T -> output:T", defaults={"message": ""}, kernel=identity_kernel, view=True
)
prevent_gradient_op.shape_rule(same_shape)


@prevent_gradient_op.gradient
def prevent_gradient_grad(op: Operation, dy: Tensor) -> None:
    raise LookupError(f"Gradient explicitly disabled. Reason: {op.attrs['message'].encode()}")


def prevent_gradient(input: Any, message: str = "", name: str | None = None) -> Tensor:
    """The same value; asking for its gradient is an error that says `message`."""
    return apply_op(prevent_gradient_op, input, message=message, name=name).outputs[0]


identity_n_op = OpDef("IdentityN", "input:[T] -> output:[T]", view=True)


@identity_n_op.kernel
def identity_n_kernel(tensors: Any) -> Any:
    return tuple(tensors)


@identity_n_op.shape_rule
def identity_n_shape(tensors: list[Tensor]) -> list[TensorShape]:
    return [t.shape for t in tensors]


@identity_n_op.gradient
def identity_n_grad(op: Operation, *dys: Tensor) -> tuple[Tensor, ...]:
    return dys


def identity_n(input: Any, name: str | None = None) -> list[Tensor]:
    """The same values under new names, all by one operation.

    Args:
        input: a list of tensors.
        name: the operation's name.

    Returns:
        A list of tensors.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.identity_n([1, 2.5]))
    [np.int32(1), np.float32(2.5)]
    """
    return list(apply_op(identity_n_op, input, name=name).outputs)


guarantee_const_op = OpDef(
    "GuaranteeConst",
    "input:T -> output:T",
    kernel=identity_kernel,
    view=True,
    stateful=True,
    differentiable=False,
)
guarantee_const_op.shape_rule(same_shape)


def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """The same value, promised to be the same in every run; the promise is not used.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.guarantee_const(3))
    np.int32(3)
    """
    return apply_op(guarantee_const_op, input, name=name).outputs[0]


# ----- bitcast -----

bitcast_op = OpDef("Bitcast", "input:T -> output:type", types={"T": dtypes.NUMBERS}, differentiable=False)


@bitcast_op.kernel
def bitcast_kernel(x: Any, *, dtype: Any) -> Any:
    size, wanted = x.dtype.itemsize, dtype.itemsize
    if size < wanted and (not x.ndim or x.shape[-1] * size != wanted):
        raise invalid(f"Cannot bitcast from {as_dtype(x.dtype).name} to {as_dtype(dtype).name}")
    flat = np.ascontiguousarray(x).reshape(-1).view(dtype)
    if size == wanted:
        return flat.reshape(np.shape(x)).copy()
    if size > wanted:
        return flat.reshape((*np.shape(x), size // wanted)).copy()
    return flat.reshape(x.shape[:-1]).copy()


@bitcast_op.shape_rule
def bitcast_shape(x: Tensor, *, type: DType) -> TensorShape:
    size, wanted = x.dtype.size, type.size
    if size == wanted or x.shape.ints is None:
        return x.shape
    if size > wanted:
        return x.shape.concatenate([size // wanted])
    ratio = wanted // size
    if not x.shape.ints or x.shape.ints[-1] not in (None, ratio):
        found = x.shape.ints[-1] if x.shape.ints else None
        raise ValueError(
            f"Cannot bitcast from {x.dtype.name} to {type.name} due to shape. {found} does not match {ratio}"
        )
    return TensorShape(x.shape.ints[:-1])


def bitcast(input: Any, type: Any, name: str | None = None) -> Tensor:
    """The same bits read as another type.

    Args:
        input: numbers.
        type: the new type.
        name: the operation's name.

    Returns:
        A `Tensor`; with a last dimension more or less if the types are of different sizes.

    Raises:
        ValueError: the last dimension does not make whole numbers of the new type.

    >>> import graphmagic as tf
    >>> hex(tf.Session().run(tf.bitcast(1.0, tf.uint32)))
    '0x3f800000'
    """
    return apply_op(bitcast_op, input, name=name, type=as_dtype(type)).outputs[0]
