"""``%%check``: says whether an exercise is solved, and if not, what is still missing."""

# IPython's decorators for magics have no types.
# mypy: disable-error-code="untyped-decorator,no-untyped-call,arg-type,misc"

from __future__ import annotations

import ast
from contextlib import nullcontext
from types import TracebackType
from typing import Any

from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments

from graphmagic.notebook.arguments import parse
from graphmagic.notebook.cells import Body, Cells, compile_body, run_body
from graphmagic.notebook.tables import Note

__all__ = ["CheckMagics", "check"]


@magics_class
class CheckMagics(Magics):
    """Check exercises.

    Args:
        shell: an IPython shell.
        cells: its cells.
    """

    def __init__(self, shell: Any, cells: Cells) -> None:
        super().__init__(shell)
        self._cells = cells

    @magic_arguments("%check")
    @argument("title", nargs="*", help="What the exercise is called.")
    @cell_magic("check")
    def check_cell(self, line: str, cell: str) -> Note:
        """Say whether an exercise is solved; the cell never fails because it is not.

        The body asserts what has to hold, each time with a hint. As long as a variable that it uses is
        missing or still `...`, the exercise is open.

        Example::

            %%check Exercise 1
            assert answer > 0, "The answer is a positive number."
        """
        args = parse(CheckMagics.check_cell, "%%check", line)
        return check(self._cells, " ".join(args.title) or "The exercise", f"%%check {line}", cell)


def check(cells: Cells, title: str, first_line: str, source: str) -> Note:
    """Run the assertions of an exercise.

    Args:
        cells: the cells of the shell.
        title: what the exercise is called.
        first_line: the line of the magic.
        source: the lines below it.

    Returns:
        Whether they hold, in words.

    Raises:
        CellSyntaxError: the body is not Python.
    """
    body = compile_body(cells, first_line, source)
    namespace = cells.shell.user_ns
    tree = ast.parse(cells.shell.transform_cell(source))
    used = dict.fromkeys(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    if gaps := [name for name in used if namespace.get(name) is ...]:
        return _open(title, f"fill in {', '.join(gaps)}.")
    try:
        run_body(cells, body, nullcontext, lambda value: value)
    except NameError as error:
        return _open(title, f"there is no {error.name} yet.")
    except AssertionError as error:
        return _open(title, str(error) or _claim(error.__traceback__, body, source))
    except Exception as error:
        return _open(title, f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
    return Note(f"✓ {title}: solved.")


def _open(title: str, hint: str) -> Note:
    return Note(f"○ {title} is open: {hint}")


def _claim(traceback: TracebackType | None, body: Body, source: str) -> str:
    """The assertion of the body that failed, as it is written there."""
    number = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == body.filename:
            number = traceback.tb_lineno
        traceback = traceback.tb_next
    return f"this does not hold: {source.splitlines()[number - 2].strip()}"
