"""Run the body of a cell magic as IPython runs a cell: its lines, its numbers, its last value."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Any

from graphmagic.graph.site import label_source
from graphmagic.notebook.awaiting import run_in_thread
from graphmagic.notebook.errors import CellSyntaxError, MagicError
from graphmagic.notebook.tracebacks import Line, shorten

__all__ = ["Body", "Cells", "compile_body", "run_body"]


@dataclass(frozen=True)
class Body:
    """A compiled body: statements, then perhaps an expression whose value is wanted."""

    filename: str
    codes: tuple[CodeType, ...]
    has_value: bool
    last_line: int

    @property
    def awaits(self) -> bool:
        """Whether the body has an ``await`` outside of functions."""
        return any(code.co_flags & inspect.CO_COROUTINE for code in self.codes)


class Cells:
    """What the cells of one shell are called: file name of compiled code -> ``cell In[n]``.

    Args:
        shell: an IPython shell.
    """

    def __init__(self, shell: Any) -> None:
        self.shell = shell
        self._ours: dict[str, str] = {}

    def label(self, filename: str) -> str | None:
        """The label of the cell that was compiled under a file name, or None."""
        if filename in self._ours:
            return self._ours[filename]
        number = self._numbers.get(filename)
        return None if number is None else f"cell In[{number}]"

    def add(self, text: str) -> tuple[str, str]:
        """Register the text of a cell that is being run; gives a file name of its own, and the label."""
        number = self.current_number()
        # The number makes the name unique: a cell run twice must not rename the operations of its first run.
        filename = self.shell.compile.cache(text, number, raw_code=f"{number}\n{text}")
        self._ours[filename] = label = f"cell In[{number}]"
        label_source(filename, label)
        return filename, label

    def current_number(self) -> int:
        """The number of the cell being run.

        IPython 9 counts up before a cell runs and IPython 8 after it, so the running frames are asked first.
        """
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename in self._numbers:
                return self._numbers[frame.f_code.co_filename]
            frame = frame.f_back
        return int(self.shell.execution_count)

    def current_line(self) -> Line | None:
        """The line of a cell that is being run, None if a program runs us in which there are no cells."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None:
            if self.label(frame.f_code.co_filename) is not None:
                return Line(frame.f_code.co_filename, frame.f_lineno)
            frame = frame.f_back
        return None

    @contextmanager
    def shortening(self, verbose_errors: bool = False) -> Iterator[None]:
        """Make errors that are no `MagicError` show only the user's lines."""
        try:
            yield
        except Exception as error:
            line = None if verbose_errors or isinstance(error, MagicError) else self.current_line()
            if line is not None:
                shorten(error, self.label, line)
            raise

    @property
    def _numbers(self) -> dict[str, int]:
        return getattr(self.shell.compile, "_filename_map", {})


def compile_body(cells: Cells, first_line: str, body: str) -> Body:
    """Compile the lines below a magic so that line numbers are those of the cell.

    Args:
        cells: the cells of the shell.
        first_line: the line of the magic.
        body: the lines below it.

    Raises:
        CellSyntaxError: the body is not Python.
    """
    filename, label = cells.add(f"{first_line}\n{body}")
    try:
        tree = _parse(cells.shell, body, filename)
        return _compile(cells.shell, tree, filename)
    except SyntaxError as error:
        raise CellSyntaxError(error, label) from None


def _parse(shell: Any, body: str, filename: str) -> ast.Module:
    # transform_cell drops blank lines at the top, which would shift every line number.
    blank = len(body) - len(body.lstrip("\n"))
    python = "\n" * (1 + blank) + shell.transform_cell(body)
    tree: ast.Module = shell.transform_ast(shell.compile.ast_parse(python, filename))
    return tree


def _compile(shell: Any, tree: ast.Module, filename: str) -> Body:
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        return Body(filename, (_code(shell, tree, filename, "exec"),), False, getattr(last, "lineno", 1))
    start = ast.Module(tree.body[:-1], tree.type_ignores)
    value = ast.Expression(last.value)
    codes = (_code(shell, start, filename, "exec"), _code(shell, value, filename, "eval"))
    return Body(filename, codes, True, last.lineno)


def _code(shell: Any, tree: ast.AST, filename: str, mode: str) -> CodeType:
    with shell.compile.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT if shell.autoawait else 0):
        code: CodeType = shell.compile(tree, filename, mode)
    return code


def run_body(
    cells: Cells,
    body: Body,
    inside: Callable[[], AbstractContextManager[Any]],
    finish: Callable[[Any], Any],
    verbose_errors: bool = False,
) -> Any:
    """Run a compiled body in the user's namespace.

    Args:
        cells: the cells of the shell.
        body: what to run.
        inside: gives the context it runs in.
        finish: what to do with the value of the last expression; called inside the context.
        verbose_errors: leave errors as they are, with every frame.

    Returns:
        What `finish` returned, or None if the last statement has no value.

    Raises:
        CellSyntaxError: running the body ended in a syntax error, as ``import`` of a broken file does.
        BaseException: whatever the body raised, once, made to show only the user's lines.
    """
    try:
        if body.awaits:
            return run_in_thread(lambda: _run_awaiting(cells.shell, body, inside, finish))
        with inside():
            value = None
            for code in body.codes:
                value = eval(code, cells.shell.user_global_ns, cells.shell.user_ns)
            return finish(value) if body.has_value else None
    except SyntaxError as error:
        raise CellSyntaxError(error, cells.label(error.filename or "") or str(error.filename)) from error
    except SystemExit:
        raise
    except BaseException as error:
        if not verbose_errors:
            shorten(error, cells.label, Line(body.filename, body.last_line))
        raise


async def _run_awaiting(
    shell: Any, body: Body, inside: Callable[[], AbstractContextManager[Any]], finish: Callable[[Any], Any]
) -> Any:
    with inside():
        value = None
        for code in body.codes:
            value = eval(code, shell.user_global_ns, shell.user_ns)
            if code.co_flags & inspect.CO_COROUTINE:
                value = await value
        return finish(value) if body.has_value else None
