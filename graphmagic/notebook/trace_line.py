"""What the line of ``%trace`` asks for: what to run, in which session, fed with what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.workspace import Workspace, find_element
from graphmagic.session import Session
from graphmagic.tracing import Trace

__all__ = ["DrawnTrace", "TraceLine", "split_feed"]

_FEED = re.compile(r"(?:^|\s)--feed(?:_dict)?(?:\s+|=)")
_NEXT = re.compile(r"\s--[a-z]")
_OPENING, _CLOSING, _QUOTES = "([{", ")]}", "'\""


def split_feed(line: str) -> tuple[str, str]:
    """Take the expression after ``--feed`` out of a line, however it is spaced and quoted.

    >>> split_feed('loss --feed {"x:0": [1, 2]} --session a')
    ('loss --session a', '{"x:0": [1, 2]}')
    >>> split_feed("loss")
    ('loss', '')
    """
    found = _FEED.search(line)
    if found is None:
        return line, ""
    end = _end_of_expression(line, found.end())
    expression = line[found.end() : end].strip()
    rest = f"{line[: found.start()]} {line[end:].strip()}".strip()
    if len(expression) > 1 and expression[0] == expression[-1] and expression[0] in _QUOTES:
        expression = expression[1:-1]
    return rest, expression


def _end_of_expression(line: str, start: int) -> int:
    """Where an option follows that stands in no bracket and no string."""
    depth, quote = 0, ""
    for index in range(start, len(line)):
        character = line[index]
        if quote:
            quote = "" if character == quote and line[index - 1] != "\\" else quote
        elif character in _QUOTES:
            quote = character
        elif character in _OPENING or character in _CLOSING:
            depth += 1 if character in _OPENING else -1
        elif depth <= 0 and _NEXT.match(line, index):
            return index
    return len(line)


@dataclass(frozen=True)
class DrawnTrace:
    """A trace with the way its graph is to be drawn."""

    trace: Trace
    depth: int | None
    direction: str

    def save(self, path: str) -> None:
        """Write the player as a page.

        Raises:
            MagicError: the file cannot be written.
        """
        try:
            self.trace.save(path, depth=self.depth, direction=self.direction)
        except OSError as error:
            raise MagicError(f"%trace --output {path}: {error}") from None

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        html = self.trace.html(depth=self.depth, direction=self.direction)
        return {"text/plain": repr(self.trace), "text/html": html}

    def __repr__(self) -> str:
        return repr(self.trace)


@dataclass(frozen=True)
class TraceLine:
    """A run to trace.

    Args:
        fetches: names of tensors, operations or Python variables.
        feed: a Python expression that gives the ``feed_dict``; empty for none.
        session: the name of the session; None for the one that was entered last.
        output: a page to write.
    """

    fetches: tuple[str, ...]
    feed: str = ""
    session: str | None = None
    output: str | None = None

    def run(self, workspace: Workspace, namespace: Mapping[str, Any]) -> Trace:
        """Run once and keep what happened.

        Raises:
            MagicError: a name is unknown, the session is closed, or the expression is no dictionary.
        """
        if self.output is not None and not self.output.lower().endswith((".html", ".htm")):
            raise MagicError(f"%trace --output {self.output}: the name must end in .html.")
        if not self.fetches:
            raise MagicError("%trace needs the name of what to run, such as: %trace loss")
        feed = self._feed(namespace)
        session = self._session(workspace, namespace)
        graph = session.graph
        found = [_value_of(find_element(graph, name, namespace)) for name in self.fetches]
        return session.trace(found if len(found) > 1 else found[0], feed)

    def _feed(self, namespace: Mapping[str, Any]) -> Mapping[Any, Any] | None:
        if not self.feed:
            return None
        try:
            code = compile(self.feed, "<the --feed of %trace>", "eval")
        except SyntaxError as error:
            raise MagicError(
                f"%trace --feed {self.feed}: this is no Python expression ({error.msg})."
            ) from None
        feed = eval(code, {**namespace})
        if not isinstance(feed, Mapping):
            raise MagicError(
                f"%trace --feed {self.feed}: a dictionary is wanted, such as {{x: xs}}, not {type(feed).__name__}."
            )
        return feed

    def _session(self, workspace: Workspace, namespace: Mapping[str, Any]) -> Session:
        """The session that the line names, else the one that was entered last, else the one there is."""
        if self.session is not None:
            mine = namespace.get(self.session)
            session = mine if isinstance(mine, Session) else workspace.session(self.session).session
            if session.closed:
                raise MagicError(
                    f"Session {self.session} is closed: it runs nothing. Open it: %%session {self.session}"
                )
            return session
        current = namespace.get("sess")
        if isinstance(current, Session) and not current.closed:
            return current
        there = workspace.open_sessions()
        if len(there) > 1:
            raise MagicError(
                "Which session? There are several: %trace NAME --session SESSION. %sessions lists them."
            )
        return there[0].session if there else workspace.open("default").named.session


def _value_of(element: Any) -> Any:
    """What to run for an element of a graph: of an operation with a value, that value."""
    return element.outputs[0] if getattr(element, "outputs", ()) else element
