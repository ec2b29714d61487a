"""`arg_scope`: default arguments for functions inside a ``with`` block."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

__all__ = ["add_arg_scope", "arg_scope", "current_arg_scope", "has_arg_scope"]

F = TypeVar("F", bound=Callable[..., Any])
_stack: list[dict[Any, dict[str, Any]]] = [{}]


def _plain(function: Any) -> Any:
    return getattr(function, "__wrapped__", function)


def add_arg_scope(func: F) -> F:
    """A decorator that lets `arg_scope` give default arguments to a function.

    >>> @add_arg_scope
    ... def area(width, height=1):
    ...     return width * height
    >>> with arg_scope([area], height=3):
    ...     area(2)
    6
    """

    @functools.wraps(func)
    def scoped(*args: Any, **kwargs: Any) -> Any:
        return func(*args, **{**_stack[-1].get(func, {}), **kwargs})

    scoped._takes_arg_scope = True  # type: ignore[attr-defined]
    return scoped  # type: ignore[return-value]


def has_arg_scope(func: Any) -> bool:
    """Whether a function was decorated with `add_arg_scope`."""
    return hasattr(func, "_takes_arg_scope")


def current_arg_scope() -> dict[Any, dict[str, Any]]:
    """The default arguments at the moment, to be opened again by `arg_scope`."""
    return _stack[-1]


@contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[dict[Any, dict[str, Any]]]:
    """Default arguments for functions, inside a ``with`` block.

    Args:
        list_ops_or_scope: the functions, or what another ``with arg_scope(...) as scope`` gave.
        **kwargs: their default arguments.

    Raises:
        TypeError: functions are not in a list.
        ValueError: a function is not decorated with `add_arg_scope`, or a scope comes with arguments.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling a dictionary, kwargs must be empty."
            )
        scope = dict(list_ops_or_scope)
    else:
        if not isinstance(list_ops_or_scope, (list, tuple)):
            raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
        scope = {function: dict(defaults) for function, defaults in _stack[-1].items()}
        for function in list_ops_or_scope:
            if not has_arg_scope(function):
                raise ValueError(f"{function.__name__} is not decorated with @add_arg_scope")
            scope.setdefault(_plain(function), {}).update(kwargs)
    _stack.append(scope)
    try:
        yield scope
    finally:
        _stack.pop()
