"""Numbers too small for full precision are taken for zero while a plan runs, as TensorFlow does.

Processors compute with such numbers 10 to 100 times more slowly, and training produces them: the squares of small
gradients, for one.  The setting belongs to a thread.  It is made through the C library of x86-64 Linux; elsewhere
nothing happens, and only speed is lost.
"""

from __future__ import annotations

import ctypes
import platform
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

__all__ = ["flush", "keep"]

FLUSH_RESULTS_AND_OPERANDS = 0x8040  # two bits of the register that controls the vector unit


class _Environment(ctypes.Structure):
    """glibc's ``fenv_t`` on x86-64."""

    _fields_ = (("x87", ctypes.c_uint8 * 28), ("mxcsr", ctypes.c_uint32))


def _nothing() -> None:
    """Stands for both functions where the setting cannot be made."""


def _functions() -> tuple[Callable[[], Any], Callable[[], Any]]:
    """How to flush, and how to stop."""
    if sys.platform != "linux" or platform.machine() != "x86_64" or platform.libc_ver()[0] != "glibc":
        return _nothing, _nothing
    try:
        library = ctypes.PyDLL("libm.so.6")
        usual, flushing = _Environment(), _Environment()
        for environment in (usual, flushing):
            library.fegetenv(ctypes.byref(environment))
        flushing.mxcsr |= FLUSH_RESULTS_AND_OPERANDS
        library.fesetenv.restype = None  # an answer that nobody reads need not become a number
        flush, keep = (partial(library.fesetenv, ctypes.byref(e)) for e in (flushing, usual))
        return (flush, keep) if _works(flush, keep) else (_nothing, _nothing)
    except (OSError, AttributeError):
        return _nothing, _nothing


def _works(flush: Callable[[], Any], keep: Callable[[], Any]) -> bool:
    small = [1e-310]
    flush()
    try:
        flushed = small[0] * 0.5
    finally:
        keep()
    return flushed == 0.0 and small[0] * 0.5 > 0.0


flush, keep = _functions()
