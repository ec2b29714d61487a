"""Errors of graphmagic in cells without a magic: cut down to the user's own lines as in all others."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from graphmagic.notebook.cells import Cells
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.tracebacks import passed_through_us, render

__all__ = ["PlainErrors"]

_MARK = "_render_traceback_"


class PlainErrors:
    """Makes a shell show errors that went through graphmagic's code by the user's lines; others stay as they are.

    The shell's own way to show them is called as before, so that it can be replaced before and after this one.

    Args:
        shell: an IPython shell.
        cells: the cells of the shell.
        verbose: whether to show every frame.
    """

    def __init__(self, shell: Any, cells: Cells, verbose: Callable[[], bool]) -> None:
        self.shell = shell
        self.cells = cells
        self.verbose = verbose
        self._shown_before: Any = None

    def install(self) -> None:
        """Begin."""
        self._shown_before = self.shell.showtraceback
        self.shell.showtraceback = self._show

    def take_back(self) -> None:
        """End, unless something else took over in the meantime."""
        if vars(self.shell).get("showtraceback") == self._show:
            self.shell.showtraceback = self._shown_before

    def _show(self, exc_tuple: Any = None, *args: Any, **kwargs: Any) -> Any:
        error = exc_tuple[1] if exc_tuple else (sys.exc_info()[1] or getattr(sys, "last_value", None))
        if error is not None:
            self._prepare(error)
        return self._shown_before(exc_tuple, *args, **kwargs)

    def _prepare(self, error: BaseException) -> None:
        """Tell IPython how to show an error: the attribute that it looks for is set, or taken away again."""
        if self.verbose():
            if not isinstance(error, MagicError):
                vars(error).pop(_MARK, None)
        elif not hasattr(error, _MARK) and passed_through_us(error):
            text = render(error, self.cells.label)
            if text:
                setattr(error, _MARK, lambda *args, **kwargs: text)
