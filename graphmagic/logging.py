"""Messages of programs: levels, and lines on standard error (TensorFlow's ``tf.logging``).

In notebooks and at the prompt they are on standard output, and shown from `INFO` on.
"""

from __future__ import annotations

import logging as _logging
import sys as _sys
from typing import Any as _Any

from graphmagic.names import namespace as _namespace

__all__ = [
    "DEBUG",
    "ERROR",
    "FATAL",
    "INFO",
    "WARN",
    "debug",
    "error",
    "fatal",
    "get_verbosity",
    "info",
    "log",
    "log_every_n",
    "log_first_n",
    "set_verbosity",
    "warn",
    "warning",
]

DEBUG, INFO, WARN, ERROR, FATAL = 10, 20, 30, 40, 50


def _is_interactive() -> bool:
    """Whether somebody types: there TensorFlow 1 shows messages from `INFO` on, on standard output."""
    return hasattr(_sys, "ps1") or bool(_sys.flags.interactive)


class _Handler(_logging.StreamHandler[_Any]):
    """Writes to what is standard error (or output) at the moment, which notebooks exchange."""

    def emit(self, record: _logging.LogRecord) -> None:
        self.stream = _sys.stdout if _is_interactive() else _sys.stderr
        super().emit(record)


_logger = _logging.getLogger("tensorflow.graphmagic")
_counts: dict[_Any, int] = {}


def _set_up() -> None:
    if not _logger.handlers:
        handler = _Handler()
        handler.setFormatter(_logging.Formatter("%(levelname)s:tensorflow:%(message)s", None))
        _logger.addHandler(handler)
        _logger.propagate = False
        _logger.setLevel(INFO if _is_interactive() else WARN)


_set_up()


def set_verbosity(v: int | str) -> None:
    """Show messages from this level on: `DEBUG`, `INFO`, `WARN` (the first setting; `INFO` in notebooks), `ERROR` or `FATAL`.

    >>> set_verbosity(ERROR)
    >>> get_verbosity()
    40
    >>> set_verbosity(WARN)
    """
    _logger.setLevel(v)


def get_verbosity() -> int:
    """The level from which on messages are shown."""
    return _logger.getEffectiveLevel()


def log(level: int, msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message of some level; `args` are put in with ``%``."""
    _logger.log(level, msg, *args, **kwargs)


vlog = log


def debug(msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message for those who search for mistakes."""
    _logger.debug(msg, *args, **kwargs)


def info(msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message on how things are going."""
    _logger.info(msg, *args, **kwargs)


def warning(msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message on what might be wrong."""
    _logger.warning(msg, *args, **kwargs)


warn = warning


def error(msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message on what is wrong."""
    _logger.error(msg, *args, **kwargs)


def fatal(msg: str, *args: _Any, **kwargs: _Any) -> None:
    """Write a message on why nothing goes on."""
    _logger.critical(msg, *args, **kwargs)


def log_every_n(level: int, msg: str, n: int, *args: _Any) -> None:
    """Write a message the first time, and every `n`-th time from then on."""
    if _count(msg) % n == 0:
        log(level, msg, *args)


def log_first_n(level: int, msg: str, n: int, *args: _Any) -> None:
    """Write a message only the first `n` times."""
    if _count(msg) < n:
        log(level, msg, *args)


def flush() -> None:
    """Wait until all messages are written."""
    for handler in _logger.handlers:
        handler.flush()


def _count(msg: str) -> int:
    _counts[msg] = _counts.get(msg, -1) + 1
    return _counts[msg]


__getattr__, __dir__ = _namespace(__name__)
