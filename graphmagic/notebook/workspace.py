"""The named graphs and sessions of a notebook; knows nothing of IPython."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphmagic.graph import Graph, get_default_graph, set_default_graph
from graphmagic.graph.graph import _default_graphs
from graphmagic.notebook.errors import MagicError, did_you_mean, listed
from graphmagic.session import Session

__all__ = ["DEFAULT", "NamedSession", "Opened", "Workspace", "find_element"]

DEFAULT = "default"


@dataclass
class NamedSession:
    """A session, its name, and the name of the graph it was opened on."""

    name: str
    graph_name: str
    session: Session


@dataclass(frozen=True)
class Opened:
    """A session ready to run, and what the user should know about how it came to be."""

    named: NamedSession
    notes: tuple[str, ...] = ()


class Workspace:
    """Graphs and sessions by name.

    >>> import graphmagic as tf
    >>> workspace = Workspace()
    >>> workspace.put_graph("linear", tf.Graph())
    >>> opened = workspace.open("train")
    >>> opened.named.graph_name, opened.notes
    ('linear', ())
    >>> workspace.open("train").named.session is opened.named.session
    True
    >>> workspace.close(["train"])
    ['train']
    """

    def __init__(self) -> None:
        self.graphs: dict[str, Graph] = {}
        self.sessions: dict[str, NamedSession] = {}
        self.latest: str | None = None
        self._replaced: tuple[Graph, Graph] | None = None
        self._memory_limit = 0

    def limit_memory(self, nbytes: int) -> None:
        """Let each session, open now or later, take at most so many bytes; 0 for as many as the machine has."""
        self._memory_limit = nbytes
        for named in self.sessions.values():
            named.session.memory_limit = nbytes

    # ----- graphs -----

    def put_graph(self, name: str, graph: Graph) -> None:
        """Register a graph just built; the one called ``default`` becomes TF1's default graph."""
        self.graphs[name] = graph
        self.latest = name
        current = global_default_graph()
        if name == DEFAULT and current is not graph:
            ours = self._replaced is not None and self._replaced[1] is current
            self._replaced = (self._replaced[0] if self._replaced and ours else current, graph)
            set_default_graph(graph)

    def graph(self, name: str) -> Graph:
        """The graph of a name; ``default`` is TF1's default graph, also where no magic built it.

        Raises:
            MagicError: there is no such graph.
        """
        if name in self.graph_names():
            return global_default_graph() if name == DEFAULT else self.graphs[name]
        raise self._unknown("graph", name, self.graph_names(), f"Build it first: %%graph {name}")

    def graph_names(self) -> list[str]:
        """The names of all graphs, in the order in which they were first built."""
        names = list(self.graphs)
        if DEFAULT not in names and global_default_graph().get_operations():
            names.append(DEFAULT)
        return names

    def latest_graph(self) -> str:
        """The name of the graph that was built last.

        Raises:
            MagicError: there is no graph.
        """
        names = self.graph_names()
        if not names:
            raise MagicError("There is no graph yet. Build one first: a cell that starts with %%graph NAME.")
        return self.latest or names[-1]

    # ----- sessions -----

    def session(self, name: str) -> NamedSession:
        """The session of a name.

        Raises:
            MagicError: there is no such session.
        """
        if name in self.sessions:
            return self.sessions[name]
        raise self._unknown("session", name, list(self.sessions), f"Open it first: %%session {name}")

    def open_sessions(self) -> list[NamedSession]:
        """The sessions that hold values."""
        return [named for named in self.sessions.values() if not named.session.closed]

    def open(self, name: str, graph_name: str | None = None, new: bool = False, keep: bool = False) -> Opened:
        """Open a session, or give back the one of that name with its values intact.

        Args:
            name: the session.
            graph_name: the graph to run; without it the session's own, else the one built last.
            new: start afresh, dropping all values.
            keep: if its graph was rebuilt, carry values over by name where dtype and shape agree.

        Raises:
            MagicError: there is no such graph, or the session runs another one.
        """
        if new and keep:
            raise MagicError("--new drops all values and --keep carries them over: give one of them.")
        known = self.sessions.get(name)
        if known is None:
            return Opened(self._fresh(name, graph_name or self.latest_graph()))
        graph = self.graph(graph_name or known.graph_name)
        if known.session.closed:
            return Opened(
                self._fresh(name, graph_name or known.graph_name),
                (f"Session {name} was closed: it starts afresh, and its variables are uninitialized.",),
            )
        if graph is not known.session.graph:
            return self._move(known, graph_name or known.graph_name, new, keep)
        if new:
            known.session.close()
            return Opened(self._fresh(name, known.graph_name), (f"Session {name} starts afresh (--new).",))
        return Opened(known)

    def _move(self, known: NamedSession, graph_name: str, new: bool, keep: bool) -> Opened:
        """Continue a session under its name on a graph that is not the one it was opened on."""
        name = known.name
        rebuilt = graph_name == known.graph_name
        if not rebuilt and not (new or keep):
            raise MagicError(
                f"Session {name} runs graph {known.graph_name}, not {graph_name}. Choose another session "
                "name, or write --new to drop its values, or --keep to carry them over by name."
            )
        fresh = self._fresh(name, graph_name)
        why = f"Graph {graph_name} was rebuilt" if rebuilt else f"Session {name} moves to graph {graph_name}"
        if keep:
            notes = (f"{why}: {carry_over(known.session, fresh.session)}",)
        else:
            hint = " (--keep would carry values over by name)" if rebuilt and not new else ""
            notes = (f"{why}: session {name} starts afresh, and its variables are uninitialized{hint}.",)
        known.session.close()
        return Opened(fresh, notes)

    def _fresh(self, name: str, graph_name: str) -> NamedSession:
        named = NamedSession(name, graph_name, Session(graph=self.graph(graph_name)))
        named.session.memory_limit = self._memory_limit
        self.sessions[name] = named
        return named

    def rebuilt(self, named: NamedSession) -> bool:
        """Whether the graph of a session was rebuilt after the session was opened."""
        known = named.graph_name in self.graph_names()
        return not known or self.graph(named.graph_name) is not named.session.graph

    def chosen(self, names: list[str]) -> list[NamedSession]:
        """The sessions of some names, or all open ones if none is given.

        Raises:
            MagicError: there is no such session, or it is closed.
        """
        if not names:
            return self.open_sessions()
        chosen = [self.session(name) for name in dict.fromkeys(names)]
        closed = [named.name for named in chosen if named.session.closed]
        if closed:
            raise MagicError(f"Session {closed[0]} is closed: it holds no values.")
        return chosen

    def close(self, names: list[str]) -> list[str]:
        """Close sessions by name; their values are gone.

        Returns:
            The names of those that were open.

        Raises:
            MagicError: there is no such session; then none was closed.
        """
        chosen = [self._closable(name) for name in dict.fromkeys(names)]
        were_open = [named for named in chosen if not named.session.closed]
        for named in were_open:
            named.session.close()
        return [named.name for named in were_open]

    def close_all(self) -> list[str]:
        """Close every session, and tell their names."""
        return self.close([named.name for named in self.open_sessions()])

    def _closable(self, name: str) -> NamedSession:
        if name in self.sessions or name not in self.graph_names():
            return self.session(name)
        users = [named.name for named in self.open_sessions() if named.graph_name == name]
        advice = f" Its sessions: {listed(users)}." if users else " No session runs it."
        raise MagicError(f"{name} is a graph: it holds no values, so there is nothing to close.{advice}")

    def take_back(self) -> None:
        """Close every session, and put the default graph back that was there before ours."""
        self.close_all()
        if self._replaced is not None and global_default_graph() is self._replaced[1]:
            set_default_graph(self._replaced[0])

    def _unknown(self, kind: str, name: str, known: list[str], advice: str) -> MagicError:
        near = did_you_mean(name, known)
        there = f" There {'is' if len(known) == 1 else 'are'}: {listed(known)}." if known else ""
        return MagicError(f"There is no {kind} {name!r}.{near or there} {advice}".strip())


def global_default_graph() -> Graph:
    """TF1's global default graph, also while an `InteractiveSession` has put its own graph on top of it."""
    stack = _default_graphs
    above, stack.items = stack.items, []
    try:
        return get_default_graph()
    finally:
        stack.items = above


def carry_over(old: Session, new: Session) -> str:
    """Load the values of one session into another, by name where dtype and shape agree.

    Returns:
        A sentence that says what was carried over and what was not.
    """
    targets = {state.name: state for state in new.variables()}
    kept, dropped = [], []
    for state in old.variables():
        if state.value is None:
            continue
        target = targets.get(state.name)
        if target is None:
            dropped.append(f"{state.name} (no longer in the graph)")
        elif target.dtype.base_dtype != state.dtype.base_dtype:
            types = f"{state.dtype.base_dtype.name} became {target.dtype.base_dtype.name}"
            dropped.append(f"{state.name} ({types})")
        elif not target.shape.is_compatible_with(state.value.shape):
            dropped.append(f"{state.name} (shape {state.shape} became {target.shape})")
        else:
            new.load(state.name, state.value)
            kept.append(state.name)
    told = [f"carried over {listed(kept)}" if kept else "carried nothing over"]
    return "; ".join([*told, *([f"dropped {listed(dropped)}"] if dropped else [])]) + "."


def find_element(graph: Graph, name: str, namespace: Mapping[str, Any]) -> Any:
    """A tensor or operation that somebody named on a magic's line.

    Args:
        graph: where to look.
        name: a tensor's name (``loss:0``), an operation's (``loss``), or that of a Python variable.
        namespace: the user's variables.

    Raises:
        MagicError: nothing of that name is in the graph.
    """
    for candidate in (name, namespace.get(name)):
        try:
            return graph.as_graph_element(candidate)
        except (KeyError, TypeError, ValueError):
            continue
    known = [op.name for op in graph.get_operations()]
    near = did_you_mean(name.partition(":")[0], known)
    there = f" It has: {listed(known)}." if known else " It is empty."
    raise MagicError(f"There is no tensor or operation {name!r} in this graph.{near or there}")
