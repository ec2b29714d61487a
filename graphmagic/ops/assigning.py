"""Writing to variables."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.apply import apply_op
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.node import Tensor
from graphmagic.ops import state

__all__ = ["assign", "assign_add", "assign_sub"]


def check_variable(ref: Any, method: str) -> None:
    """Refuse what has no value to change, in TensorFlow's words, which miss a method.

    Raises:
        AttributeError: `ref` is no variable.
    """
    if isinstance(ref, Tensor) and not ref.dtype.is_ref_dtype:
        error, notes = f"'Tensor' object has no attribute '{method}'", created_at(ref.op)
    elif hasattr(ref, "dtype"):
        return
    else:
        error, notes = f"'{type(ref).__name__}' object has no attribute 'dtype'", ""
    raise with_notes(
        AttributeError(error), notes, "To fix it: only a tf.Variable has a value that can change."
    )


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Tensor:
    """Write a new value into a variable.

    Args:
        ref: the variable.
        value: the value.
        validate_shape: whether the shape must stay the same; it must if None.
        use_locking: whether concurrent runs wait for each other; they always do.
        name: the operation's name.

    Returns:
        A `Tensor` whose value is the new one.

    Raises:
        ValueError: the shape is known not to fit.
        TypeError: the type does not fit.
        AttributeError: `ref` is no variable.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1)
    >>> tf.Session().run(tf.assign(v, 5))
    np.int32(5)
    """
    check_variable(ref, "assign")
    return apply_op(
        state.assign_op,
        ref,
        value,
        name=name,
        validate_shape=True if validate_shape is None else validate_shape,
        use_locking=True if use_locking is None else use_locking,
    ).outputs[0]


def assign_add(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Tensor:
    """Add to a variable; arguments and errors as `assign`.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(1), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.assign_add(v, 5))
    np.int32(6)
    """
    check_variable(ref, "assign_add")
    return apply_op(state.assign_add_op, ref, value, name=name, use_locking=bool(use_locking)).outputs[0]


def assign_sub(ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None) -> Tensor:
    """Subtract from a variable; arguments and errors as `assign`.

    >>> import graphmagic as tf
    >>> v, sess = tf.Variable(1), tf.Session()
    >>> sess.run(v.initializer)
    >>> sess.run(tf.assign_sub(v, 5))
    np.int32(-4)
    """
    check_variable(ref, "assign_sub")
    return apply_op(state.assign_sub_op, ref, value, name=name, use_locking=bool(use_locking)).outputs[0]
