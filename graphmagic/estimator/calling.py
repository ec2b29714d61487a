"""How estimators call a program's functions, and hand over what these compute."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from graphmagic.monitored.hook import SessionRunHook

__all__ = ["Start", "argument_names", "chosen", "one_by_one"]


class Start(SessionRunHook):
    """Starts the iterator of a data set in each new session."""

    def __init__(self, initializer: Any) -> None:
        self._initializer = initializer

    def after_create_session(self, session: Any, coord: Any) -> None:
        """Start it."""
        session.run(self._initializer)


def argument_names(function: Callable[..., Any]) -> set[str] | None:
    """The names of a function's arguments; None if it takes any, or if Python does not know."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # some functions written in C
        return None
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    return {p.name for p in parameters}


def chosen(predictions: Any, keys: Any) -> Any:
    """Those of the predictions that are wanted.

    Raises:
        ValueError: there are none of these names.
    """
    if keys is None:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    found = {
        key: predictions[key] for key in predictions if key in ([keys] if isinstance(keys, str) else keys)
    }
    if not found:
        raise ValueError(f"Expected to run at least one output from {list(predictions)}, provided {keys}.")
    return found


def one_by_one(found: Any) -> Iterator[Any]:
    """The predictions of a batch for each example.

    Raises:
        ValueError: they have different lengths.
    """
    if not isinstance(found, dict):
        yield from found
        return
    lengths = {key: len(value) for key, value in found.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"Batch length of predictions should be same. {lengths}")
    for i in range(next(iter(lengths.values()))):
        yield {key: value[i] for key, value in found.items()}
