"""Where an operation was created: the user's cell or file, and the line."""

from __future__ import annotations

import linecache
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import CodeType

__all__ = ["Site", "add_resolver", "current_site", "label_source", "remove_resolver"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_labels: dict[str, str] = {}
_resolvers: list[Callable[[str], str | None]] = []


@dataclass(frozen=True, slots=True)
class Site:
    """A line of the user's program; only a code object and a number until somebody asks for text.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default():
    ...     op = tf.constant(1.0).op
    >>> op.site.lineno
    2
    """

    code: CodeType
    lineno: int

    @property
    def filename(self) -> str:
        """The file name as Python knows it."""
        return self.code.co_filename

    @property
    def source(self) -> str:
        """The cell or file as a person names it: ``cell In[3]``, ``train.py``."""
        if self.filename in _labels:
            return _labels[self.filename]
        for resolve in _resolvers:
            label = resolve(self.filename)
            if label is not None:
                return label
        return os.path.basename(self.filename) or self.filename

    @property
    def line_text(self) -> str:
        """The source line, stripped, or an empty string if it cannot be read."""
        return linecache.getline(self.filename, self.lineno).strip()

    def __str__(self) -> str:
        separator = ", line " if self.source.startswith("cell ") else ":"
        return f"{self.source}{separator}{self.lineno}"


def current_site() -> Site:
    """The innermost frame that is not graphmagic's own code."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return Site(frame.f_code, frame.f_lineno)


def label_source(filename: str, label: str) -> None:
    """Show `label` instead of `filename` in creation sites.

    Args:
        filename: a ``co_filename``, such as the temporary name of a notebook cell.
        label: what a person calls it, such as ``cell In[3]``.
    """
    _labels[filename] = label


def add_resolver(resolve: Callable[[str], str | None]) -> None:
    """Ask `resolve` for the label of file names that have none of their own."""
    if resolve not in _resolvers:
        _resolvers.append(resolve)


def remove_resolver(resolve: Callable[[str], str | None]) -> None:
    """Take back `add_resolver`."""
    if resolve in _resolvers:
        _resolvers.remove(resolve)
