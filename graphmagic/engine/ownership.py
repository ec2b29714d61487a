"""What happens to values on their way out of a plan, into a variable, and into a plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.engine.state import State

__all__ = ["copied", "encoded", "function_space", "handed_over", "stored"]


def copied(value: Any) -> Any:
    """A value that shares no memory with `value`; arrays without dimensions become scalars."""
    if type(value) is np.ndarray:
        return value.copy() if value.ndim else value[()]
    return value


def handed_over(value: Any) -> Any:
    """A value that nobody else refers to; arrays without dimensions become scalars."""
    return value[()] if type(value) is np.ndarray and not value.ndim else value


def stored(value: Any) -> Any:
    """The array that a variable keeps of a new value: never memory that the caller can reach."""
    return np.array(value)


def encoded(array: Any) -> Any:
    """A fed array of strings as operations see it: all of its elements are bytes."""
    result = np.empty(array.shape, object)
    result.ravel()[:] = [item.encode() if isinstance(item, str) else bytes(item) for item in array.ravel()]
    return result


def function_space(state: State) -> dict[str, Any]:
    """What every function uses."""
    return {
        "variables": state.values,
        "lock": state.lock,
        "copied": copied,
        "handed_over": handed_over,
        "stored": stored,
        "encoded": encoded,
    }
