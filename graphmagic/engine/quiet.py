"""Floating-point errors are values (infinity, NaN) while a plan runs, as in TensorFlow, and never warnings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

__all__ = ["enter", "leave"]


def _by_context_variable() -> tuple[Callable[[], Any], Callable[[Any], Any]] | None:
    """NumPy's own context variable takes 0.2 microseconds where `numpy.errstate` takes 1.1; it is no public name."""
    try:
        from numpy._core.umath import _extobj_contextvar, _make_extobj

        enter, leave = partial(_extobj_contextvar.set, _make_extobj(all="ignore")), _extobj_contextvar.reset
        token = enter()
        try:
            works = set(np.geterr().values()) == {"ignore"}
        finally:
            leave(token)
    except Exception:
        return None
    return (enter, leave) if works else None


def _by_errstate() -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    def enter() -> Any:
        state = np.errstate(all="ignore")
        state.__enter__()
        return state

    def leave(state: Any) -> None:
        state.__exit__(None, None, None)

    return enter, leave


enter, leave = _by_context_variable() or _by_errstate()
