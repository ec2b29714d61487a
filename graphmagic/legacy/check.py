"""Which names of TensorFlow a program uses, and whether graphmagic has them: a static report."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from graphmagic.legacy.alias import ROOT
from graphmagic.legacy.modules import namespace, resolve
from graphmagic.legacy.units import Unit, units_of

__all__ = ["Report", "Use", "check", "check_source"]


@dataclass(frozen=True)
class Use:
    """A name of TensorFlow in a program.

    Attributes:
        name: the name below ``tf``.
        lines: where it is used, such as "line 3" and "cell 2, line 1".
        problem: why it will not work, empty if it will.
    """

    name: str
    lines: tuple[str, ...]
    problem: str


@dataclass(frozen=True)
class Report:
    """What a program uses.

    Attributes:
        path: the program.
        uses: the names of TensorFlow in it.
        problems: what is not Python 3 in it, and so was not looked at.
    """

    path: str
    uses: tuple[Use, ...]
    problems: tuple[str, ...] = ()

    @property
    def is_supported(self) -> bool:
        """Whether graphmagic has all of it."""
        return not self.problems and not any(use.problem for use in self.uses)

    def __str__(self) -> str:
        missing = [use for use in self.uses if use.problem]
        lines = [f"{self.path}: {len(self.uses)} names of TensorFlow, {len(missing)} not supported"]
        lines += [f"  {problem}" for problem in self.problems]
        width = max([len(use.name) for use in self.uses], default=0)
        for use in sorted(self.uses, key=lambda use: (not use.problem, use.name)):
            where = "; ".join(use.lines[:3]) + (" ..." if len(use.lines) > 3 else "")
            state = f"not supported: {use.problem}" if use.problem else "supported"
            lines.append(f"  tf.{use.name:{width}}  {where}: {state}")
        return "\n".join(lines)


def check(path: str | Path) -> Report:
    """Report on a script or a notebook.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: it is no notebook, though its name says so.
    """
    return _report(units_of(path), str(path))


def check_source(source: str, path: str = "<program>") -> Report:
    """Report on the text of a program.

    >>> print(check_source("import tensorflow as tf" + chr(10) + "tf.nn.relu(1)"))
    <program>: 1 names of TensorFlow, 0 not supported
      tf.nn.relu  line 2: supported
    """
    return _report([Unit("", source)], path)


def _report(units: list[Unit], path: str) -> Report:
    finder, problems = _Finder(), []
    for unit in units:
        try:
            tree = ast.parse(unit.source, path)
        except SyntaxError as error:
            problems.append(f"{unit.label}line {error.lineno} is not Python 3: {error.msg}")
            continue
        finder.label = unit.label
        finder.visit(tree)
    uses = [
        Use(name, tuple(dict.fromkeys(lines)), _problem(name)) for name, lines in sorted(finder.uses.items())
    ]
    return Report(path, tuple(uses), tuple(problems))


def _problem(name: str) -> str:
    """Why a dotted name will not work, empty if it will."""
    try:
        value = resolve("")
        for part in name.split("."):
            if not isinstance(value, (ModuleType, type)):
                return ""  # an attribute of something that is there
            value = getattr(value, part)
    except (AttributeError, ImportError) as error:
        return str(error)
    return ""


class _Finder(ast.NodeVisitor):
    """Finds what stands below the names that `import` gives TensorFlow and its parts."""

    def __init__(self) -> None:
        self.aliases: dict[str, str] = {}  # names of the program, and what they stand for below `tensorflow`
        self.uses: dict[str, list[str]] = {}
        self.own: set[str] = set()  # names below `tensorflow` that the program gives values to
        self.label = ""  # of the unit that is visited

    def _use(self, name: str, line: int) -> None:
        if name and not any(f"{name}.".startswith(f"{own}.") for own in self.own):
            self.uses.setdefault(name, []).append(f"{self.label}line {line}")

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            for path in _below(alias.name):
                self._use(path if _is_missing(path) else "", node.lineno)
                self.aliases[alias.asname or ROOT] = path if alias.asname else ""

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for path in _below(node.module or ""):
            for alias in node.names:
                name = f"{path}.{alias.name}" if path else alias.name
                name = "" if name == "compat.v1" else name
                if alias.name == "*":
                    self._use(path if _is_missing(path) else "", node.lineno)
                    continue
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
        self.own.update(name for target in node.targets if (name := self._name(target)) is not None)
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
