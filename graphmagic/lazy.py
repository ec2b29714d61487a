"""The names of `tf` are loaded when they are first used, so that importing graphmagic takes no time."""

from __future__ import annotations

import ast
import importlib
import sys
from functools import cache
from importlib.util import find_spec
from typing import Any

from graphmagic.names import namespace

__all__ = ["find", "homes", "load_operations", "names"]

# Modules that declare operations and are the home of no name of `tf` itself.
DECLARING = ("contrib.seq2seq", "data", "image", "lookup", "nn.ctc", "nn.ctc_decoding")
_other_name, _other_names = namespace("graphmagic")


@cache
def homes() -> dict[str, tuple[str, str]]:
    """For each name of `tf` its module and its name there, as the imports in ``graphmagic/__init__.py`` say.

    Those imports stand under ``if TYPE_CHECKING``: editors and type checkers follow them, Python does not.

    >>> homes()["mod"], homes()["nn"]
    (('graphmagic.ops.division', 'floormod'), ('graphmagic.nn', ''))
    """
    loader: Any = importlib.import_module("graphmagic").__loader__
    found = {}
    for block in ast.parse(loader.get_source("graphmagic")).body:
        for line in block.body if isinstance(block, ast.If) else []:
            assert isinstance(line, ast.ImportFrom)
            for alias in line.names:
                is_module = line.module == "graphmagic"
                home = (f"graphmagic.{alias.name}", "") if is_module else (str(line.module), alias.name)
                found[alias.asname or alias.name] = home
    return found


def find(name: str) -> Any:
    """A name of `tf` that is not loaded yet.

    Raises:
        UnsupportedNameError: graphmagic does not have it; the text says what to use.

    >>> find("gfile").Exists("no such file")
    False
    >>> find("enable_eager_execution")
    Traceback (most recent call last):
        ...
    graphmagic.names.UnsupportedNameError: graphmagic has no 'tf.enable_eager_execution': it is a name of ...
    """
    package: Any = sys.modules["graphmagic"]
    if name.startswith("_"):
        raise AttributeError(f"module 'graphmagic' has no attribute {name!r}")
    module, member = homes().get(name, (f"graphmagic.{name}", ""))
    if not member:
        return importlib.import_module(module) if find_spec(module) is not None else _other_name(name)
    importlib.import_module("graphmagic.ops")  # the operators of tensors, and what becomes a tensor
    value = getattr(importlib.import_module(module), member)
    setattr(package, name, value)
    return value


def names() -> list[str]:
    """The names of `tf`, loaded or not, for those who ask what there is.

    >>> {"matmul", "nn", "newaxis"} <= set(names())
    True
    """
    return sorted({*homes(), *_other_names()})


def load_operations() -> None:
    """Load every module that declares operations: somebody asks for a type that no loaded module knows."""
    for module, _ in homes().values():
        importlib.import_module(module)
    for module in DECLARING:
        importlib.import_module(f"graphmagic.{module}")
