"""Which names of TensorFlow a program uses, and whether graphmagic has them: a static report."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from graphmagic.legacy.alias import ROOT
from graphmagic.legacy.modules import namespace, resolve

__all__ = ["Report", "Use", "check", "check_source"]


@dataclass(frozen=True)
class Use:
    """A name of TensorFlow in a program.

    Attributes:
        name: the name below ``tf``.
        lines: where it is used.
        problem: why it will not work, empty if it will.
    """

    name: str
    lines: tuple[int, ...]
    problem: str


@dataclass(frozen=True)
class Report:
    """What a program uses."""

    path: str
    uses: tuple[Use, ...]
    problem: str = ""

    @property
    def is_supported(self) -> bool:
        """Whether graphmagic has all of it."""
        return not self.problem and not any(use.problem for use in self.uses)

    def __str__(self) -> str:
        if self.problem:
            return f"{self.path}: {self.problem}"
        missing = [use for use in self.uses if use.problem]
        lines = [f"{self.path}: {len(self.uses)} names of TensorFlow, {len(missing)} not supported"]
        width = max([len(use.name) for use in self.uses], default=0)
        for use in sorted(self.uses, key=lambda use: (not use.problem, use.name)):
            where = ", ".join(map(str, use.lines[:5])) + (" ..." if len(use.lines) > 5 else "")
            state = f"not supported: {use.problem}" if use.problem else "supported"
            lines.append(f"  tf.{use.name:{width}}  line {where}: {state}")
        return "\n".join(lines)


def check(path: str | Path) -> Report:
    """Report on a script or a notebook.

    Raises:
        FileNotFoundError: there is no such file.
    """
    if not Path(path).is_file():
        raise FileNotFoundError(f"there is no file {str(path)!r}")
    text = Path(path).read_text(encoding="utf-8", errors="replace")
    return check_source(_notebook_code(text) if Path(path).suffix == ".ipynb" else text, str(path))


def _notebook_code(text: str) -> str:
    """The code of a notebook, with its magics and shell commands left out."""
    book = json.loads(text)
    cells = book["cells"] if "cells" in book else [c for sheet in book["worksheets"] for c in sheet["cells"]]
    lines: list[str] = []
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        source = cell.get("source", cell.get("input", ""))
        for line in "".join(source).splitlines():
            bare = line.lstrip()
            is_command = bare.startswith(("%", "!", "?")) or bare.rstrip().endswith("?")
            lines.append(line[: len(line) - len(bare)] + "pass" if is_command else line)
    return "\n".join(lines) + "\n"


def check_source(source: str, path: str = "<program>") -> Report:
    """Report on the text of a program.

    >>> print(check_source("import tensorflow as tf" + chr(10) + "tf.nn.relu(1)"))
    <program>: 1 names of TensorFlow, 0 not supported
      tf.nn.relu  line 2: supported
    """
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        return Report(path, (), f"line {error.lineno} is not Python 3: {error.msg}")
    finder = _Finder()
    finder.visit(tree)
    uses = [
        Use(name, tuple(sorted(set(lines))), _problem(name)) for name, lines in sorted(finder.uses.items())
    ]
    return Report(path, tuple(uses))


def _problem(name: str) -> str:
    """Why a dotted name will not work, empty if it will."""
    try:
        value = resolve("")
        for part in name.split("."):
            if not isinstance(value, ModuleType):
                return ""  # a method or an attribute of something that is there
            value = getattr(value, part)
    except (AttributeError, ImportError) as error:
        return str(error)
    return ""


class _Finder(ast.NodeVisitor):
    """Finds what stands below the names that `import` gives TensorFlow and its parts."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}  # names of the program, and what they stand for below `tensorflow`
        self.uses: dict[str, list[int]] = {}

    def _use(self, name: str, line: int) -> None:
        if name:
            self.uses.setdefault(name, []).append(line)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            for path in _below(alias.name):
                self._use(path if _is_missing(path) else "", node.lineno)
                self.aliases[alias.asname or ROOT] = path if alias.asname else ""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for path in _below(node.module or ""):
            for alias in node.names:
                name = f"{path}.{alias.name}" if path else alias.name
                name = "" if name in ("compat.v1", "*") else name
                self.aliases[alias.asname or alias.name] = name
                self._use(name, node.lineno)

    def visit_Assign(self, node: ast.Assign) -> None:
        name = self._name(node.value)
        if name is not None and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            try:
                is_module = isinstance(resolve(name), ModuleType)
            except (AttributeError, ImportError):
                is_module = False
            if is_module:
                self.aliases[node.targets[0].id] = name
        self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        name = self._name(node)
        if name is None:
            self.generic_visit(node)
        else:
            self._use(name.removeprefix("compat.v1."), node.lineno)

    def _name(self, node: Any) -> str | None:
        """The name below `tensorflow` that an expression stands for."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.aliases or not parts:
            return None
        head = self.aliases[node.id]
        return ".".join([*([head] if head else []), *reversed(parts)])


def _below(module: str) -> Iterator[str]:
    """The path of a module below `tensorflow`, if it is there."""
    if module in (ROOT, f"{ROOT}.compat.v1"):
        yield ""
    elif module.startswith(f"{ROOT}."):
        yield module.partition(".")[2]


def _is_missing(path: str) -> bool:
    if not path:
        return False
    try:
        namespace(f"{ROOT}.{path}")
    except ModuleNotFoundError:
        return True
    return False
