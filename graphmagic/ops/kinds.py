"""Asking what a value is, and making it one of several kinds."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import one_of
from graphmagic.ops.control import with_dependencies
from graphmagic.ops.numerics import check_numerics
from graphmagic.ops.variable import Variable

__all__ = ["convert_to_tensor_or_indexed_slices", "is_tensor", "verify_tensor_all_finite"]


def is_tensor(x: Any) -> bool:
    """Whether a value is a tensor, a sparse tensor, slices of one, or a variable.

    >>> import graphmagic as tf
    >>> tf.is_tensor(tf.constant(1)), tf.is_tensor([1])
    (True, False)
    """
    return isinstance(x, (Tensor, SparseTensor, IndexedSlices, Variable))


def convert_to_tensor_or_indexed_slices(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    """Slices of a gradient as they are, anything else as a tensor; arguments as `tf.convert_to_tensor`.

    Raises:
        ValueError: slices of another type were passed.

    >>> import graphmagic as tf
    >>> rows = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0]))
    >>> tf.convert_to_tensor_or_indexed_slices(rows) is rows
    True
    """
    if not isinstance(value, IndexedSlices):
        return convert_to_tensor(value, dtype, name)
    if dtype is not None and value.dtype != dtype:
        raise ValueError(
            f"Incompatible tensor conversion requested to `dtype` {dtype} for `value` ({value}) with dtype "
            f"{value.dtype.name}"
        )
    return value


def verify_tensor_all_finite(
    t: Any = None, msg: str | None = None, name: str | None = None, x: Any = None, message: str | None = None
) -> Tensor:
    """A tensor as it is; the run fails if it has an element that is infinite or no number.

    Args:
        t: a tensor of floats.
        msg: what the error says.
        name: the name of the scope of the operations made.
        x: the new name of `t`.
        message: the new name of `msg`.

    Raises:
        InvalidArgumentError: an element is not finite, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.verify_tensor_all_finite([1.0, 2.0], "bad"))
    array([1., 2.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "VerifyFinite"):
        values = convert_to_tensor(one_of("x", x, "t", t), name="x")
        checked = check_numerics(values, str(one_of("message", message, "msg", msg)))
        result: Tensor = with_dependencies([checked], values)
        return result
