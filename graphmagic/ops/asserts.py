"""Checks of values: `tf.assert_equal` and its family.

What is known to be wrong while the graph is built is an error there; the rest is checked when the graph runs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphmagic.errors import InvalidArgumentError
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops import logic
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.asserting import Assert
from graphmagic.ops.control import no_op
from graphmagic.ops.reduce import reduce_all
from graphmagic.ops.rounding import abs as abs_

__all__ = [
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
]


def prefix(message: str | None) -> str:
    """A user's message at the front of an error's text."""
    return f"{message}.  " if message else ""


def _text(item: Any) -> str:
    value = static_value(item) if isinstance(item, Tensor) else None
    return str(item if value is None else value)


def _compare(
    symbol: str, function: Callable[..., Tensor], static: Callable[..., Any], default_name: str
) -> Callable[..., Operation]:
    """Make one function of the family."""
    example = "3, 2" if symbol[0] == ">" else "[2], [2]" if symbol == "==" else "2, 3"

    def check(
        x: Any,
        y: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Operation:
        # TensorFlow opens the scope twice; in the first it looks whether there is anything to check.
        if symbol == "==":
            with get_default_graph().name_scope(name or default_name):
                if x is y:
                    return no_op()
        with get_default_graph().name_scope(name or default_name):
            x, y = convert_to_tensor(x, name="x"), convert_to_tensor(y, name="y")
            if data is None:
                data = [f"Condition x {symbol} y did not hold element-wise:"]
                data += [f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
            if message is not None:
                data = [message, *data]
            condition = reduce_all(function(x, y))
            known = static_value(x), static_value(y)
            if known[0] is not None and known[1] is not None and not np.all(static(*known)):
                raise InvalidArgumentError(None, None, "\n".join(_text(item) for item in data))
            return Assert(condition, data, summarize=summarize)

    check.__name__ = check.__qualname__ = default_name
    check.__doc__ = f"""An operation that fails unless ``x {symbol} y`` holds for all elements.

    Args:
        x: a tensor.
        y: a tensor of its type, of a shape that broadcasts with it.
        data: what the message shows; the condition and the first elements of both if None.
        summarize: how many elements of each tensor the message shows.
        message: a text to put in front of it.
        name: the scope of what is made.

    Returns:
        The `Operation`; make something wait for it with `tf.control_dependencies`, else it does not run.

    Raises:
        InvalidArgumentError: it is known already that the condition does not hold.

    >>> import graphmagic as tf
    >>> tf.{default_name}({example}).type
    'Assert'
    """
    return check


assert_equal = _compare("==", logic.equal, np.equal, "assert_equal")
assert_none_equal = _compare("!=", logic.not_equal, np.not_equal, "assert_none_equal")
assert_less = _compare("<", logic.less, np.less, "assert_less")
assert_less_equal = _compare("<=", logic.less_equal, np.less_equal, "assert_less_equal")
assert_greater = _compare(">", logic.greater, np.greater, "assert_greater")
assert_greater_equal = _compare(">=", logic.greater_equal, np.greater_equal, "assert_greater_equal")


def _sign(
    symbol: str, compare: Callable[..., Operation], default_name: str, zero_first: bool
) -> Callable[..., Operation]:
    def check(
        x: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Operation:
        with get_default_graph().name_scope(name or default_name):
            x = convert_to_tensor(x, name="x")
            if data is None:
                parts = [f"Condition x {symbol} 0 did not hold element-wise:", f"x ({x.name}) = "]
                if symbol == "<=":  # one of the family is told in one piece in TensorFlow
                    parts = ["".join(parts)]
                data = [prefix(message), *parts, x]
            zero = convert_to_tensor(0, x.dtype.base_dtype)
            pair = (zero, x) if zero_first else (x, zero)
            return compare(*pair, data=data, summarize=summarize)

    check.__name__ = check.__qualname__ = default_name
    check.__doc__ = f"""An operation that fails unless ``x {symbol} 0`` holds for all elements.

    Arguments and result are as `tf.assert_less` has them, without `y`.
    """
    return check


assert_negative = _sign("<", assert_less, "assert_negative", zero_first=False)
assert_positive = _sign(">", assert_less, "assert_positive", zero_first=True)
assert_non_negative = _sign(">=", assert_less_equal, "assert_non_negative", zero_first=True)
assert_non_positive = _sign("<=", assert_less_equal, "assert_non_positive", zero_first=False)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Operation:
    """An operation that fails unless two tensors are about equal: ``abs(x - y) < atol + rtol * abs(y)``.

    Args:
        x: a tensor of floating-point numbers.
        y: a tensor of its type.
        rtol: the tolerance relative to `y`; ten times the type's resolution if None.
        atol: the absolute tolerance; the same if None.
        data: what the message shows.
        summarize: how many elements of each tensor the message shows.
        message: a text to put in front of it.
        name: the scope of what is made.

    Returns:
        The `Operation`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.assert_near([0.1 + 0.2], [0.3]))
    """
    with get_default_graph().name_scope(name or "assert_near"):
        x = convert_to_tensor(x, name="x")
        dtype = x.dtype.base_dtype
        y = convert_to_tensor(y, dtype, name="y")
        resolution = 10 * np.finfo(dtype.as_numpy_dtype).eps
        rtol = convert_to_tensor(resolution if rtol is None else rtol, dtype, name="rtol")
        atol = convert_to_tensor(resolution if atol is None else atol, dtype, name="atol")
        if data is None:
            tolerances = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
            data = [prefix(message), tolerances, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        tolerance = add(atol, multiply(rtol, abs_(y)))
        condition = reduce_all(logic.less(abs_(subtract(x, y)), tolerance))
        return Assert(condition, data, summarize=summarize)
