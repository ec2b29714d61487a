"""Checks while the graph runs: `tf.Assert`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.errors import InvalidArgumentError
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["Assert", "element_texts", "summarized"]


def summarized(array: Any, limit: int | None = None) -> str:
    """The first elements of an array as TensorFlow writes them in messages.

    Args:
        array: the array.
        limit: how many elements; three if None, all if negative.

    >>> summarized(np.arange(4)), summarized(np.arange(4).reshape(2, 2)), summarized(np.float32(0.1))
    ('0 1 2...', '[0 1][2...]...', '0.1')
    """
    values = np.asarray(array)
    if not values.size:
        return ""
    count = 3 if limit is None else values.size if limit < 0 else limit
    texts = element_texts(values.ravel()[:count])
    body = _rows(values.shape, iter(texts), [count], outermost=True) if values.ndim else " ".join(texts)
    return body + ("..." if values.size > count else "")


def element_texts(values: np.ndarray[Any, Any], quoted: bool = False) -> list[str]:
    """The elements of an array as TensorFlow writes them, in order.

    Args:
        values: the array.
        quoted: whether strings are in quotes.
    """
    if values.dtype.kind == "f":
        return [_float_text(v) for v in values.ravel()]
    texts = [_text(v) for v in values.ravel().tolist()]
    return [f'"{t}"' for t in texts] if quoted and values.dtype == object else texts


_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace").translate(_ESCAPES)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _float_text(value: Any) -> str:
    """A number with few digits if they are enough to tell it from all others, else with more."""
    kind, few, many = (np.float64, 15, 17) if value.dtype.itemsize == 8 else (np.float32, 6, 9)
    short = f"{float(value):.{few}g}"
    return short if kind(short) == value or np.isnan(value) else f"{float(value):.{many}g}"


def _rows(shape: Sequence[int], texts: Any, left: list[int], outermost: bool = False) -> str:
    """A nest of brackets; `left` counts down the elements that may still be written."""
    if len(shape) == 1:
        items: list[str] = []
        for _ in range(shape[0]):
            if not left[0]:
                return " ".join(items) + ("" if outermost else "...")
            items.append(next(texts))
            left[0] -= 1
        return " ".join(items)
    return "".join([f"[{_rows(shape[1:], texts, left)}]" for _ in range(shape[0]) if left[0]])


assert_op = OpDef(
    "Assert", "condition:bool, data:[T]", defaults={"summarize": 3}, stateful=True, differentiable=False
)


@assert_op.kernel
def assert_kernel(condition: Any, data: Any, *, summarize: int) -> None:
    if not np.all(condition):
        parts = " ".join(f"[{summarized(item, summarize)}]" for item in data)
        raise InvalidArgumentError(None, None, f"assertion failed: {parts}")


_GUARD = 9  # the operations of a cond that asserts, without those for its data


def Assert(  # noqa: N802
    condition: Any, data: Sequence[Any], summarize: int | None = None, name: str | None = None
) -> Operation:
    """An operation that fails when it runs and a condition does not hold.

    Args:
        condition: a boolean scalar.
        data: what the message shows then: tensors and texts.
        summarize: how many elements of each; three if None, all if negative.
        name: the scope of what is made.

    Returns:
        The `Operation`; make something wait for it with `tf.control_dependencies`, else it does not run.

    >>> import graphmagic as tf
    >>> x = tf.placeholder(tf.float32)
    >>> with tf.control_dependencies([tf.Assert(x > 0.0, ["x must be positive:", x])]):
    ...     root = tf.sqrt(x)
    >>> tf.Session().run(root, {x: 4.0})
    np.float32(2.0)
    """
    with get_default_graph().name_scope(name or "Assert") as scope:
        tensors = [convert_to_tensor(item) for item in data]
        on_host = all(t.dtype.base_dtype in (dtypes.string, dtypes.int32) for t in tensors)
        constants = sum(not isinstance(item, Tensor) for item in data)
        # TensorFlow makes the texts twice, and a cond with a Switch for each tensor around what is not text.
        get_default_graph().spared += constants if on_host else _GUARD + len(tensors)
        return apply_op(
            assert_op,
            condition if on_host else convert_to_tensor(condition, name="Condition"),
            tensors,
            name="Assert" if on_host else f"{scope}AssertGuard/Assert/",
            summarize=3 if summarize is None else summarize,
        )
