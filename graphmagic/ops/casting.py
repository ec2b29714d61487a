"""Converting elements to another type."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import same_shape

cast_op = OpDef("Cast", "x:SrcT -> y:DstT", elementwise=True)


@cast_op.kernel
def cast_kernel(x: Any, *, dtype: Any) -> Any:
    return x.astype(dtype)


cast_op.shape_rule(same_shape)


@cast_op.gradient
def cast_grad(op: Operation, dy: Tensor) -> Tensor | None:
    source = op.inputs[0].dtype.base_dtype
    return cast(dy, source) if source.is_floating and dy.dtype.is_floating else None


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """Convert the elements to another type; floats become integers by dropping the fraction.

    Args:
        x: a tensor.
        dtype: the type to convert to.
        name: the operation's name.

    Returns:
        A `Tensor`; `x` itself if it has that type already.

    Raises:
        TypeError: there is no such conversion.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cast([1.8, -1.8], tf.int32))
    array([ 1, -1], dtype=int32)
    """
    wanted = as_dtype(dtype).base_dtype
    if isinstance(x, Tensor) and x.dtype.base_dtype is wanted:
        return x
    with get_default_graph().name_scope(name or "Cast") as scope:
        tensor = convert_to_tensor(x, name="x")
        if tensor.dtype.base_dtype is wanted:
            return tensor
        if dtypes.string in (tensor.dtype.base_dtype, wanted):
            raise TypeError(
                f"Cast {tensor.dtype.base_dtype.name} to {wanted.name} is not supported; "
                "see tf.as_string, tf.string_to_number."
            )
        return apply_op(cast_op, tensor, name=scope, DstT=wanted).outputs[0]


def to_float(x: Any, name: str = "ToFloat") -> Tensor:
    """Convert to float32; see `cast`."""
    return cast(x, dtypes.float32, name)


def to_double(x: Any, name: str = "ToDouble") -> Tensor:
    """Convert to float64; see `cast`."""
    return cast(x, dtypes.float64, name)


def to_int32(x: Any, name: str = "ToInt32") -> Tensor:
    """Convert to int32; see `cast`."""
    return cast(x, dtypes.int32, name)


def to_int64(x: Any, name: str = "ToInt64") -> Tensor:
    """Convert to int64; see `cast`."""
    return cast(x, dtypes.int64, name)
