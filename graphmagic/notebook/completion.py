"""Tab: options and names on the lines of our magics, names of tensors inside strings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from IPython.core.completer import SimpleCompletion, context_matcher

from graphmagic.draw.fold import VARIABLES
from graphmagic.graph import Graph
from graphmagic.notebook.arguments import options
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.workspace import Workspace
from graphmagic.session import Session

__all__ = ["Completion"]

MOST = 500
KIND_OF_NAME = {
    "%%graph": "graph",
    "%%session": "session",
    "%graph": "graph",
    "%values": "session",
    "%close": "session",
    "%trace": "tensor",
}
KIND_OF_OPTION = {
    "--graph": "graph",
    "--session": "session",
    "--watch": "tensor",
    "--fetch": "tensor",
    "--around": "tensor",
    "--expand": "scope",
    "--collapse": "scope",
    "--hops": "nothing",
    "--direction": "direction",
    "--depth": "nothing",
    "--output": "file",
    "--feed": "python",
}
SEVERAL = ("--watch", "--fetch", "--expand", "--collapse")
"""Options that take any number of names."""
MAGIC_LINE = re.compile(r"\s*(%%?[a-z]+)\s+(.*)$")
IN_STRING = re.compile(
    r"(?P<receiver>\w*)(?:\(\))?\.(?P<method>get_tensor_by_name|get_operation_by_name|run)"
    r"\((?:[^\"']|\"[^\"]*\"|'[^']*')*[\"'](?P<prefix>[^\"']*)$"
)


class Completion:
    """Offers names to IPython's completer.

    Args:
        workspace: the graphs and sessions.
        namespace: the user's variables.
        magics: magic functions by what a user types, such as ``%%graph``.
    """

    def __init__(self, workspace: Workspace, namespace: Mapping[str, Any], magics: Mapping[str, Any]) -> None:
        self.workspace = workspace
        self.namespace = namespace
        self.magics = magics

    def matcher(self) -> Any:
        """The function to add to ``Completer.custom_matchers``."""

        @context_matcher(identifier="graphmagic")  # type: ignore[untyped-decorator]
        def graphmagic_matcher(context: Any) -> dict[str, Any]:
            return self.complete(context.full_text, context.cursor_line, context.text_until_cursor)

        return graphmagic_matcher

    def complete(self, text: str, line: int, before: str) -> dict[str, Any]:
        """What can follow.

        Args:
            text: the whole cell.
            line: the number of the line of the cursor, from 0.
            before: that line up to the cursor.
        """
        magic = MAGIC_LINE.match(before)
        if magic and magic[1] in self.magics and (line == 0 or not magic[1].startswith("%%")):
            return self._on_magic_line(magic[1], magic[2])
        string = IN_STRING.search(before)
        graph = self._graph_of_string(string, text) if string else None
        if string is None or graph is None:
            return {"completions": [], "suppress": False}
        names = {"get_tensor_by_name": tensor_names, "get_operation_by_name": operation_names}
        known = names.get(string["method"], element_names)(graph)
        return _result(known, string["prefix"], "tensor")

    def _on_magic_line(self, magic: str, rest: str) -> dict[str, Any]:
        *given, prefix = re.split(r"\s+", rest)
        if prefix.startswith("-"):
            left = [option for option in options(self.magics[magic]) if option not in given]
            return _result(left, prefix, "option")
        kind = self._kind_of_word(magic, given)
        if kind in ("file", "python"):
            return {"completions": [], "suppress": False}
        return _result(self._names(kind, magic, given), prefix, kind)

    def _kind_of_word(self, magic: str, given: list[str]) -> str:
        """What the word after the given ones has to be."""
        several = [word for word in given if word.startswith("--")]
        if given and given[-1] in KIND_OF_OPTION:
            return KIND_OF_OPTION[given[-1]]
        if several and several[-1] in SEVERAL:
            return KIND_OF_OPTION[several[-1]]
        return KIND_OF_NAME.get(magic, "nothing")

    def _names(self, kind: str, magic: str, given: list[str]) -> Iterable[str]:
        if kind == "graph":
            return self.workspace.graph_names()
        if kind == "session":
            return [name for name in self.workspace.sessions if name not in given]
        if kind == "direction":
            return ("LR", "TB")
        graph = self._graph_of_line(magic, given) if kind in ("tensor", "scope") else None
        if graph is None:
            return []
        return scope_names(graph) if kind == "scope" else element_names(graph)

    def _graph_of_string(self, string: re.Match[str], text: str) -> Graph | None:
        """The graph that a call in the text is about."""
        first = MAGIC_LINE.match(text.partition("\n")[0] + " ")
        magic, words = (first[1], first[2].split()) if first else ("", [])
        if magic == "%%session" and string["receiver"] in ("sess", *words[:1]):
            return self._graph_of_line(magic, words)
        value = self.namespace.get(string["receiver"])
        if isinstance(value, Graph):
            return value
        if isinstance(value, Session):
            return value.graph
        return None if string["method"] == "run" else self._graph_of_line(magic, words)

    def _graph_of_line(self, magic: str, words: list[str]) -> Graph | None:
        """The graph a magic's line is about: the one it names, its session's, or the one built last."""
        told = dict(pairwise(words))
        name = words[0] if words and not words[0].startswith("-") else "default"
        session = name if magic == "%%session" else told.get("--session", "")
        try:
            if "--graph" in told:
                return self.workspace.graph(told["--graph"])
            if session in self.workspace.sessions:
                return self.workspace.graph(self.workspace.sessions[session].graph_name)
            if magic in ("%%graph", "%graph") and name in self.workspace.graph_names():
                return self.workspace.graph(name)
            return self.workspace.graph(self.workspace.latest_graph())
        except MagicError:
            return None


def operation_names(graph: Graph) -> list[str]:
    """The names of the operations, in creation order."""
    return [op.name for op in graph.get_operations()]


def tensor_names(graph: Graph) -> list[str]:
    """The names of the tensors, in creation order."""
    return [tensor.name for op in graph.get_operations() for tensor in op.outputs]


def element_names(graph: Graph) -> list[str]:
    """What can be fetched by name: tensors, and operations without outputs."""
    return [name for op in graph.get_operations() for name in ([t.name for t in op.outputs] or [op.name])]


def scope_names(graph: Graph) -> list[str]:
    """The name scopes, each after the one around it, without those of a variable's own operations."""
    scopes: dict[str, None] = {}
    for op in graph.get_operations():
        parts = op.name.split("/")
        scopes.update(dict.fromkeys("/".join(parts[:n]) for n in range(1, len(parts))))
    variables = {op.name for op in graph.get_operations() if op.type in VARIABLES}
    return [scope for scope in scopes if scope not in variables]


def _result(known: Iterable[str], prefix: str, kind: str) -> dict[str, Any]:
    near = [name for name in known if name.startswith(prefix)][:MOST]
    return {
        "completions": [SimpleCompletion(name, type=kind) for name in near],
        "matched_fragment": prefix,
        "suppress": True,
        "ordered": True,
    }
