"""Starting a program (TensorFlow's ``tf.app``)."""

from __future__ import annotations

import sys as _sys
from collections.abc import Callable as _Callable
from collections.abc import Sequence as _Sequence
from typing import Any as _Any
from typing import NoReturn as _NoReturn

from graphmagic import flags
from graphmagic.names import namespace as _namespace

__all__ = ["flags", "run"]


def run(main: _Callable[[list[str]], _Any] | None = None, argv: _Sequence[str] | None = None) -> _NoReturn:
    """Read the options, call the main function with the rest of the command line, and end the program.

    Args:
        main: the function; the one called `main` of the program if None.
        argv: the command line; that of the program if None.

    >>> try:
    ...     run(lambda argv: 0, ["train.py"])
    ... except SystemExit as exit:
    ...     exit.code
    0
    """
    rest = flags.FLAGS(list(_sys.argv if argv is None else argv))
    chosen = main if main is not None else _sys.modules["__main__"].main
    _sys.exit(chosen(rest))


__getattr__, __dir__ = _namespace(__name__)
