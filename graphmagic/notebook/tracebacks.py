"""Errors in a cell, cut down to the user's own lines."""

from __future__ import annotations

import ast
import linecache
import os
import re
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from traceback import TracebackException, walk_tb

from graphmagic.notebook.errors import did_you_mean

__all__ = ["Line", "passed_through_us", "render", "shorten"]

LONGEST = 8
_MAGIC = re.compile(r"(.*)get_ipython\(\)\.run_line_magic\('(\w+)', ('[^']*'|\"[^\"]*\")\)")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")
_NOT_THE_USERS = (_PACKAGE, *(os.path.abspath(sysconfig.get_path(key)) for key in _LIBRARIES))


@dataclass(frozen=True)
class Line:
    """A line of the user's program that was running when an error happened."""

    filename: str
    lineno: int
    function: str = "<module>"


def shorten(error: BaseException, label: Callable[[str], str | None], fallback: Line) -> None:
    """Make an error show only the user's lines when IPython renders it; the error itself stays as it is.

    Args:
        error: an error caught where the user's code was started.
        label: gives the name of the cell behind a file name, or None for what is no cell.
        fallback: the line to blame if the error happened in none (while running the last expression).
    """
    text = render(error, label, fallback)
    error._render_traceback_ = lambda *args, **kwargs: text  # type: ignore[attr-defined]


def render(
    error: BaseException, label: Callable[[str], str | None], fallback: Line | None = None
) -> list[str]:
    """The lines of text of a shortened error: where, through which functions, and what.

    Args:
        error: an error that was caught.
        label: gives the name of the cell behind a file name, or None for what is no cell.
        fallback: the line to blame if the error happened in none; without one there is no text then.
    """
    lines = _users_lines(error, label) or ([fallback] if fallback else [])
    if not lines:
        return []
    first, *others = lines
    return [*_with_context(first, label), *_calls(others, label), *_message(error)]


def passed_through_us(error: BaseException) -> bool:
    """Whether code of this package was running when an error happened."""
    return any(
        frame.f_code.co_filename.startswith(_PACKAGE + os.sep) for frame, _ in walk_tb(error.__traceback__)
    )


def _users_lines(error: BaseException, label: Callable[[str], str | None]) -> list[Line]:
    lines = [
        Line(frame.f_code.co_filename, lineno, frame.f_code.co_name)
        for frame, lineno in walk_tb(error.__traceback__)
    ]
    return [line for line in lines if label(line.filename) is not None or _is_users_file(line.filename)]


def _is_users_file(filename: str) -> bool:
    return os.path.isabs(filename) and os.path.exists(filename) and not filename.startswith(_NOT_THE_USERS)


def _with_context(line: Line, label: Callable[[str], str | None]) -> list[str]:
    title = f"{_name(line, label)}, line {line.lineno}"
    arrow = f"{'-' * (5 - len(str(line.lineno)))}> {line.lineno}"
    before = _source(line.filename, line.lineno - 1) if line.lineno > 1 else ""
    return [
        title[0].upper() + title[1:],
        *([f"{line.lineno - 1:>7} {before}"] if before else []),
        f"{arrow} {_source(line.filename, line.lineno)}",
    ]


def _source(filename: str, lineno: int) -> str:
    """A line as it was typed; IPython keeps what it made of line magics."""
    return _as_typed(linecache.getline(filename, lineno).rstrip())


def _as_typed(source: str) -> str:
    """A line with the line magic in it as somebody typed it.

    >>> _as_typed("    a = get_ipython().run_line_magic('trace', 'loss --feed {x: 1}')")
    '    a = %trace loss --feed {x: 1}'
    """
    found = _MAGIC.fullmatch(source)
    if found is None:
        return source
    start, name, line = found.groups()
    return f"{start}%{name} {ast.literal_eval(line)}".rstrip()


def _calls(lines: list[Line], label: Callable[[str], str | None]) -> list[str]:
    told = [
        f"   in {line.function}, {_name(line, label)}, line {line.lineno}: "
        f"{linecache.getline(line.filename, line.lineno).strip()}"
        for line in lines
    ]
    if len(told) <= LONGEST:
        return told
    half = LONGEST // 2
    return [*told[:half], f"   ... {len(told) - LONGEST} more calls ...", *told[-half:]]


def _name(line: Line, label: Callable[[str], str | None]) -> str:
    return label(line.filename) or os.path.basename(line.filename)


def _message(error: BaseException) -> list[str]:
    """Class, text, Python's own "Did you mean" and the notes of an error."""
    said = TracebackException(type(error), error, error.__traceback__, compact=True)
    text = "".join(said.format_exception_only()).rstrip().removeprefix(f"{type(error).__module__}.")
    hint = _hint(error) if "Did you mean" not in text else ""
    return [text, *([hint] if hint else [])]


def _hint(error: BaseException) -> str:
    """What to do about a name that is not there; Python itself suggests names from 3.12 on."""
    if not isinstance(error, NameError) or not error.name:
        return ""
    if error.name == "tf":
        return "To fix it: run `import graphmagic as tf` in a cell before this one."
    *_, (frame, _) = walk_tb(error.__traceback__)
    known = {*frame.f_locals, *frame.f_globals, *frame.f_builtins}
    return did_you_mean(error.name, sorted(known)).strip()
