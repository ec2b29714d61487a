"""What is there: tables of the graphs, of the sessions, and of values side by side."""

from __future__ import annotations

from typing import Any

from graphmagic.graph import Graph
from graphmagic.notebook.tables import Note, Table
from graphmagic.notebook.values import digest, summarize
from graphmagic.notebook.workspace import NamedSession, Workspace, global_default_graph

__all__ = ["closed_note", "graphs_table", "sessions_table", "values_table"]


MOST_VALUES = 100
"""Of more variables, those that differ come first, and the rest is only counted."""
DIFFER = "≠ differ"


def graphs_table(workspace: Workspace) -> Table | Note:
    """Every graph: how large it is, and which sessions run it."""
    names = workspace.graph_names()
    if not names:
        return Note("There is no graph yet. Build one in a cell that starts with %%graph NAME.")
    return Table(
        "Graphs",
        ("graph", "operations", "variables", "sessions", "remarks"),
        tuple(_graph_row(workspace, name, workspace.graph(name)) for name in names),
    )


def _graph_row(workspace: Workspace, name: str, graph: Graph) -> tuple[str, ...]:
    operations = graph.get_operations()
    users = [named.name for named in workspace.open_sessions() if named.session.graph is graph]
    remarks = {"built last": name == workspace.latest, "TF1's default graph": graph is global_default_graph()}
    return (
        name,
        str(len(operations)),
        str(sum(op.type == "VariableV2" for op in operations)),
        ", ".join(users) or "none",
        ", ".join(remark for remark, holds in remarks.items() if holds),
    )


def sessions_table(workspace: Workspace) -> Table | Note:
    """Every session: its graph, its state, and how much of it is initialized."""
    if not workspace.sessions:
        return Note("There is no session yet. Open one in a cell that starts with %%session NAME.")
    return Table(
        "Sessions",
        ("session", "graph", "state", "runs", "initialized variables"),
        tuple(_session_row(workspace, named) for named in workspace.sessions.values()),
    )


def _session_row(workspace: Workspace, named: NamedSession) -> tuple[str, ...]:
    graph = f"{named.graph_name} (rebuilt since)" if workspace.rebuilt(named) else named.graph_name
    session = named.session
    if session.closed:
        return named.name, graph, "closed", str(session.run_count), "none"
    values = [state.value for state in session.variables()]
    ready = sum(value is not None for value in values)
    return named.name, graph, "open", str(session.run_count), f"{ready} of {len(values)}"


def closed_note(names: list[str]) -> Note:
    """Which sessions were just closed."""
    if not names:
        return Note("No session was open.")
    return Note(f"Closed {'session' if len(names) == 1 else 'sessions'} {', '.join(names)}.")


def values_table(sessions: list[NamedSession]) -> Table | Note:
    """Variables by sessions: the same graph, independent values; a last column says where they differ."""
    if not sessions:
        return Note("There is no open session. Open one in a cell that starts with %%session NAME.")
    states = [{s.name: s for s in named.session.variables()} for named in sessions]
    names = list(dict.fromkeys(name for column in states for name in column))
    graphs = ", ".join(dict.fromkeys(named.graph_name for named in sessions))
    caption = f"Values of {', '.join(named.name for named in sessions)} · graph {graphs}"
    if not names:
        return Table(caption, (), (), ("The graph has no variables.",))
    compared = ("compared",) if len(sessions) > 1 else ()
    heads = ("variable", "dtype", "shape", *(named.name for named in sessions), *compared)
    rows = [_value_row(name, [column.get(name) for column in states]) for name in names]
    if len(rows) <= MOST_VALUES:
        return Table(caption, heads, tuple(rows))
    rows.sort(key=lambda row: row[-1] != DIFFER)
    left = rows[MOST_VALUES:]
    differ = sum(row[-1] == DIFFER for row in left)
    note = f"… and {len(left):,} more variables" + (f", {differ:,} of which differ." if compared else ".")
    return Table(caption, heads, tuple(rows[:MOST_VALUES]), (note,))


def _value_row(name: str, states: list[Any]) -> tuple[str, ...]:
    one = next(state for state in states if state is not None)
    cells = tuple("not in this graph" if state is None else _shown(state.value) for state in states)
    facts = {None if state is None else (state.value is None, digest(state.value)) for state in states}
    compared = () if len(states) == 1 else ("same" if len(facts) == 1 else DIFFER,)
    return name, one.dtype.base_dtype.name, str(one.shape), *cells, *compared


def _shown(value: Any) -> str:
    return "uninitialized" if value is None else summarize(value)
