"""Places in a flat array as places in an array of several dimensions, and the time."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.shapes import TensorShape

__all__ = ["timestamp", "unravel_index"]

Array = np.ndarray[Any, Any]
unravel_op = OpDef(
    "UnravelIndex", "indices:Tidx, dims:Tidx -> output:Tidx", types={"Tidx": dtypes.INDICES},
    defaults={"Tidx": dtypes.int32}, differentiable=False,
)  # fmt: skip


@unravel_op.kernel
def unravel_kernel(indices: Any, dims: Any) -> Array:
    if indices.ndim > 1:
        raise invalid("The indices can only be scalar or vector.")
    if dims.ndim != 1:
        raise invalid("The indices can only be 1-D")
    if np.any(dims == 0):
        raise invalid("Input dims cannot contain a dim of zero, but dims contains zero")
    total = int(np.prod(dims, dtype=np.int64))
    for index in indices.ravel().tolist():
        if not 0 <= index < total:
            raise invalid("index is out of bound as with dims")
    return np.array(np.unravel_index(indices, tuple(dims.tolist())), indices.dtype)


@unravel_op.shape_rule
def unravel_shape(indices: Tensor, dims: Tensor) -> TensorShape:
    count = of_rank(dims.shape, 1).as_list()[0]
    if indices.shape.ndims is None:
        return TensorShape(None)
    return TensorShape([count, *indices.shape.as_list()])


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """The coordinates of places that are counted row by row.

    Args:
        indices: the places, an integer or a vector of them.
        dims: the sizes of the array, a vector of the same type.
        name: the operation's name.

    Returns:
        A `Tensor` with one row for each dimension.

    Raises:
        InvalidArgumentError: a place is outside, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.unravel_index([2, 5, 7], [3, 3]))
    array([[0, 1, 2],
           [2, 2, 1]], dtype=int32)
    """
    return apply_op(unravel_op, indices, dims, name=name).outputs[0]


timestamp_op = OpDef("Timestamp", " -> ts:float64", stateful=True, differentiable=False)


@timestamp_op.kernel
def timestamp_kernel() -> Any:
    return np.float64(time.time())


timestamp_op.shape_rule(lambda: TensorShape([]))


def timestamp(name: str | None = None) -> Tensor:
    """The seconds since the beginning of 1970, when the graph runs.

    >>> import graphmagic as tf
    >>> bool(tf.Session().run(tf.timestamp()) > 1e9)
    True
    """
    return apply_op(timestamp_op, name=name).outputs[0]
