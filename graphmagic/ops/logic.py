"""Comparison and logic, element by element."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.broadcast import broadcast_shape, same_shape


def _comparison(name: str, kernel: Any, types: Any = dtypes.REALS) -> OpDef:
    opdef = OpDef(
        name, "x:T, y:T -> z:bool", kernel=kernel, types={"T": types}, elementwise=True, differentiable=False
    )
    opdef.shape_rule(broadcast_shape)
    return opdef


def _as_bool(compare: Any) -> Any:
    """Comparing object arrays (strings) gives objects in NumPy; make them booleans."""

    def kernel(x: Any, y: Any) -> Any:
        return (
            np.asarray(compare(x, y)).astype(np.bool_)
            if getattr(x, "dtype", object) == object
            else compare(x, y)
        )

    return kernel


less_op = _comparison("Less", np.less)
less_equal_op = _comparison("LessEqual", np.less_equal)
greater_op = _comparison("Greater", np.greater)
greater_equal_op = _comparison("GreaterEqual", np.greater_equal)
equal_op = _comparison("Equal", _as_bool(np.equal), dtypes.ALL)
not_equal_op = _comparison("NotEqual", _as_bool(np.not_equal), dtypes.ALL)


def less(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x < y``, element by element, with broadcasting.

    Args:
        x: a tensor of real numbers.
        y: a tensor of the same type.
        name: the operation's name.

    Returns:
        A `Tensor` of booleans.

    Raises:
        TypeError: the types differ.
        ValueError: the shapes do not broadcast.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.less([1, 2, 3], 2))
    array([ True, False, False])
    """
    return apply_op(less_op, x, y, name=name).outputs[0]


def less_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x <= y``, element by element; arguments and errors as `less`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.less_equal([1, 2, 3], 2))
    array([ True,  True, False])
    """
    return apply_op(less_equal_op, x, y, name=name).outputs[0]


def greater(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x > y``, element by element; arguments and errors as `less`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.greater([1, 2, 3], 2))
    array([False, False,  True])
    """
    return apply_op(greater_op, x, y, name=name).outputs[0]


def greater_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x >= y``, element by element; arguments and errors as `less`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.greater_equal([1, 2, 3], 2))
    array([False,  True,  True])
    """
    return apply_op(greater_equal_op, x, y, name=name).outputs[0]


def equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether elements are equal; any type.  (``x == y`` in Python asks whether it is the same tensor.)

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.equal(["a", "b"], "a"))
    array([ True, False])
    """
    return apply_op(equal_op, x, y, name=name).outputs[0]


def not_equal(x: Any, y: Any, name: str | None = None) -> Tensor:
    """Whether elements differ; any type.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.not_equal([1, 2], 2))
    array([ True, False])
    """
    return apply_op(not_equal_op, x, y, name=name).outputs[0]


def _logical(name: str, kernel: Any) -> OpDef:
    opdef = OpDef(name, "x:bool, y:bool -> z:bool", kernel=kernel, elementwise=True, differentiable=False)
    opdef.shape_rule(broadcast_shape)
    return opdef


logical_and_op = _logical("LogicalAnd", np.logical_and)
logical_or_op = _logical("LogicalOr", np.logical_or)
logical_not_op = OpDef(
    "LogicalNot", "x:bool -> y:bool", kernel=np.logical_not, elementwise=True, differentiable=False
)
logical_not_op.shape_rule(same_shape)


def logical_and(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x and y`` of booleans, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.logical_and([True, False], True))
    array([ True, False])
    """
    return apply_op(logical_and_op, x, y, name=name).outputs[0]


def logical_or(x: Any, y: Any, name: str | None = None) -> Tensor:
    """``x or y`` of booleans, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.logical_or([True, False], False))
    array([ True, False])
    """
    return apply_op(logical_or_op, x, y, name=name).outputs[0]


def logical_not(x: Any, name: str | None = None) -> Tensor:
    """``not x`` of booleans, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.logical_not([True, False]))
    array([False,  True])
    """
    return apply_op(logical_not_op, x, name=name).outputs[0]


def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Tensor:
    """Whether exactly one of two booleans is true, element by element.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.logical_xor([True, False], True))
    array([False,  True])
    """
    with get_default_graph().name_scope(name) as scope:
        x, y = convert_to_tensor(x), convert_to_tensor(y)
        return logical_and(logical_or(x, y), logical_not(logical_and(x, y)), name=scope)
