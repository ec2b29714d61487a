"""The Python code of programs: a script is one unit, a notebook has one for each cell."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Unit", "python_of_cell", "units_of"]

# Cell magics whose body is Python.
_PYTHON_MAGICS = frozenset(
    ("capture", "graph", "memit", "prun", "python", "python3", "session", "time", "timeit")
)
_COMMAND = re.compile(r"^(\s*)(?:[!?]|%[A-Za-z_]|[\w.]+\?{1,2}\s*$).*")
_ASSIGNED = re.compile(r"^(\s*[\w, ]+=\s*)(?:!|%[A-Za-z_]).*")


@dataclass(frozen=True)
class Unit:
    """A piece of a program that is parsed on its own.

    Attributes:
        label: what stands before the number of a line, such as "cell 3, ".
        source: its text.
    """

    label: str
    source: str


def units_of(path: str | Path) -> list[Unit]:
    """The units of a script or a notebook.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no notebook, though its name says so.
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}")
    text = file.read_text(encoding="utf-8", errors="replace").removeprefix("\ufeff")
    if file.suffix != ".ipynb":
        return [Unit("", text)]
    return [
        Unit(f"cell {number}, ", python_of_cell(code)) for number, code in enumerate(_cells(text, path), 1)
    ]


def _cells(text: str, path: Any) -> list[str]:
    """The text of each code cell; notebooks before version 4 keep them in worksheets."""
    try:
        book = json.loads(text)
        cells = book["cells"] if "cells" in book else [c for s in book["worksheets"] for c in s["cells"]]
        return ["".join(c.get("source", c.get("input", ""))) for c in cells if c["cell_type"] == "code"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{str(path)!r} is not a notebook: {error!r}") from None


def python_of_cell(code: str) -> str:
    """The Python in a cell, with as many lines: magics and shell commands become ``pass`` or ``None``.

    >>> python_of_cell("%matplotlib inline" + chr(10) + "files = !ls")
    'pass\\nfiles = None'
    >>> python_of_cell("%%bash" + chr(10) + "ls -l")
    '\\n'
    """
    lines = code.splitlines()
    magic = re.match(r"\s*%%(\w+)", code)
    if magic:
        first = next(i for i, line in enumerate(lines) if line.strip())
        if magic[1] not in _PYTHON_MAGICS:
            return "\n" * (len(lines) - 1)
        lines[first] = ""
    plain = "\n".join(lines)
    return plain if _is_python(plain) else "\n".join([_without_command(line) for line in lines])


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError):
        return False
    return True


def _without_command(line: str) -> str:
    return _ASSIGNED.sub(r"\1None", _COMMAND.sub(r"\1pass", line))
