"""Running sums and products along an axis."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes, errors
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.division import real_div
from graphmagic.shapes import TensorShape


def _declare(name: str, ufunc: np.ufunc, start: Any) -> OpDef:
    """Declare a running `ufunc`, of which `start` is the value before the first element."""

    def kernel(x: Any, axis: Any, *, exclusive: bool, reverse: bool) -> Any:
        along = int(axis) + x.ndim if axis < 0 else int(axis)
        if not 0 <= along < x.ndim:
            raise errors.InvalidArgumentError(
                None, None, f"ScanOp: Expected scan axis in the range [{-x.ndim}, {x.ndim}), but got {along}"
            )
        source = np.moveaxis(x, along, 0)
        source = source[::-1] if reverse else source
        if exclusive and len(source):
            first = np.full((1, *source.shape[1:]), start, x.dtype)
            source = np.concatenate([first, source[:-1]])
        result = ufunc.accumulate(source, 0, x.dtype)
        return np.moveaxis(result[::-1] if reverse else result, 0, along)

    opdef = OpDef(
        name,
        "x:T, axis:Tidx -> out:T",
        kernel=kernel,
        types={"T": dtypes.NUMBERS, "Tidx": dtypes.INDICES},
        defaults={"Tidx": dtypes.int32, "exclusive": False, "reverse": False},
    )
    opdef.shape_rule(_scan_shape)
    return opdef


def _scan_shape(x: Tensor, axis: Tensor) -> TensorShape:
    return x.shape


cumsum_op = _declare("Cumsum", np.add, 0)
cumprod_op = _declare("Cumprod", np.multiply, 1)


@cumsum_op.gradient
def cumsum_grad(op: Operation, dy: Tensor) -> tuple[Tensor, None]:
    return cumsum(dy, op.inputs[1], op.attrs["exclusive"], not op.attrs["reverse"]), None


@cumprod_op.gradient
def cumprod_grad(op: Operation, dy: Tensor) -> tuple[Tensor, None]:
    """As in TensorFlow it divides by the elements, so it is NaN where one is zero."""
    x, axis = op.inputs
    exclusive, reverse = op.attrs["exclusive"], op.attrs["reverse"]
    products = cumprod(x, axis, exclusive, reverse)
    return real_div(cumsum(multiply(products, dy), axis, exclusive, not reverse), x), None


def cumsum(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """The running sum along an axis.

    Args:
        x: a tensor of numbers.
        axis: the dimension to sum along.
        exclusive: leave each element out of its own sum, so that the first one is 0.
        reverse: sum from the end.
        name: the operation's name.

    Returns:
        A `Tensor` of the shape and type of `x`.

    Raises:
        InvalidArgumentError: the axis is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> a = tf.constant([1, 2, 3])
    >>> sess = tf.Session()
    >>> sess.run(tf.cumsum(a)), sess.run(tf.cumsum(a, exclusive=True)), sess.run(tf.cumsum(a, reverse=True))
    (array([1, 3, 6], dtype=int32), array([0, 1, 3], dtype=int32), array([6, 5, 3], dtype=int32))
    """
    with get_default_graph().name_scope(name or "Cumsum") as scope:
        x = convert_to_tensor(x, name="x")
        return apply_op(
            cumsum_op, x, axis, name=scope, exclusive=bool(exclusive), reverse=bool(reverse)
        ).outputs[0]


def cumprod(
    x: Any, axis: Any = 0, exclusive: bool = False, reverse: bool = False, name: str | None = None
) -> Tensor:
    """The running product along an axis; arguments and errors as `cumsum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.cumprod([2, 3, 4]))
    array([ 2,  6, 24], dtype=int32)
    """
    with get_default_graph().name_scope(name or "Cumprod") as scope:
        x = convert_to_tensor(x, name="x")
        return apply_op(
            cumprod_op, x, axis, name=scope, exclusive=bool(exclusive), reverse=bool(reverse)
        ).outputs[0]
