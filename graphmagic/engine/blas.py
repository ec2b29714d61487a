"""The threads of OpenBLAS, held at one while a plan with matrix products runs.

With two threads and a busy neighbour, products of 0.2 to 1.5 milliseconds were measured to take 3 to 75 times as
long as with one, since the threads wait for each other in a busy loop.  The setting is one for the whole process:
whoever comes first notes what it was, whoever leaves last restores it.  Without OpenBLAS, or with one whose
functions have other names, nothing is held.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

__all__ = ["hold", "release"]

_lock = threading.Lock()
_holders: set[object] = set()
_before = 1


@lru_cache(maxsize=1)
def _functions() -> tuple[Callable[[], int], Callable[[int], Any]] | None:
    """How to get and set the number of threads of the OpenBLAS that comes with NumPy."""
    package = Path(np.__file__).parent
    for folder in (package.parent / "numpy.libs", package / ".dylibs"):
        for path in sorted(folder.glob("*openblas*")):
            try:
                library = ctypes.CDLL(str(path))
            except OSError:
                continue
            for prefix, suffix in (("scipy_", "64_"), ("", "64_"), ("scipy_", ""), ("", "")):
                names = [f"{prefix}openblas_{verb}_num_threads{suffix}" for verb in ("get", "set")]
                if all(hasattr(library, name) for name in names):
                    return getattr(library, names[0]), getattr(library, names[1])
    return None


def hold(holder: object) -> None:
    """Use one thread until `release`, which must follow, also if an interrupt ends this.

    Args:
        holder: who asks; to ask twice is to ask once.
    """
    global _before  # noqa: PLW0603  # the setting belongs to the process
    functions = _functions()
    if functions is None:
        return
    with _lock:
        _holders.add(holder)
        count = functions[0]()
        if count > 1:
            _before = count
            functions[1](1)


def release(holder: object) -> None:
    """Let OpenBLAS use as many threads as before the first `hold`, if nobody else holds it.

    >>> hold("the example")
    >>> release("the example")
    """
    global _before  # noqa: PLW0603
    functions = _functions()
    if functions is None:
        return
    with _lock:
        _holders.discard(holder)
        if not _holders and _before > 1:
            functions[1](_before)
            _before = 1
