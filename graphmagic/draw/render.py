"""From DOT to SVG, PNG or PDF, always in a process of its own and within a time limit."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig

__all__ = ["FORMATS", "DrawingError", "GraphvizNotFoundError", "engines", "render"]

FORMATS = ("svg", "png", "pdf")
TIME_LIMIT = 20.0

_WORKER = """\
import sys, pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot"))
"""


class DrawingError(RuntimeError):
    """A graph could not be drawn."""


class GraphvizNotFoundError(DrawingError):
    """There is no Graphviz on this machine."""

    def __init__(self) -> None:
        super().__init__(
            "No Graphviz was found: `pip install pygraphviz` (which brings one along), "
            "or install the `dot` program from https://graphviz.org/download/."
        )


def engines() -> tuple[tuple[str, ...], ...]:
    """The commands that can draw here, the preferred one first; each takes DOT on its standard input.

    A `dot` program comes first, being the one its user installed on purpose, then the Graphviz in the wheel
    of `pygraphviz`.  Kernels often lack their environment's scripts folder in ``PATH``: it is searched too.
    """
    found: list[tuple[str, ...]] = []
    path = os.pathsep.join([os.environ.get("PATH", ""), sysconfig.get_path("scripts")])
    program = shutil.which("dot", path=path)
    if program:
        found.append((program, "-T"))
    if sys.executable and importlib.util.find_spec("pygraphviz") is not None:
        found.append((sys.executable, "-P", "-c", _WORKER, ""))
    return tuple(found)


def render(dot: str, format: str, *, time_limit: float = TIME_LIMIT) -> bytes:
    """Lay out a graph and draw it.

    Args:
        dot: the graph in the DOT language.
        format: `svg`, `png` or `pdf`.
        time_limit: seconds after which the layout is given up.

    Returns:
        The file as bytes. The last few results are remembered.

    Raises:
        ValueError: `format` is none of the three.
        GraphvizNotFoundError: there is no Graphviz.
        DrawingError: Graphviz failed or took too long.
    """
    if format not in FORMATS:
        raise ValueError(f"Cannot draw as {format!r}: the formats are {', '.join(FORMATS)}.")
    return _render(dot, format, engines(), time_limit)


@functools.lru_cache(maxsize=32)
def _render(dot: str, format: str, commands: tuple[tuple[str, ...], ...], time_limit: float) -> bytes:
    """Try one engine after the other; an engine that lacks the format gives way to the next."""
    problem: DrawingError = GraphvizNotFoundError()
    for *command, last in commands:
        try:
            return _run([*command, last + format], dot, time_limit)
        except DrawingError as error:
            problem = error
    raise problem


def _run(command: list[str], dot: str, time_limit: float) -> bytes:
    try:
        done = subprocess.run(
            command,
            input=dot.encode(),
            capture_output=True,
            timeout=time_limit,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise DrawingError(
            f"Graphviz was stopped after {time_limit:g} s: the graph is too large to draw in full. "
            "Draw less of it, for example with a smaller depth."
        ) from None
    except OSError as error:
        raise DrawingError(f"Graphviz could not be started: {error}") from error
    if done.returncode or not done.stdout:
        reason = done.stderr.decode(errors="replace").strip().splitlines()
        raise DrawingError(f"Graphviz failed: {reason[-1] if reason else f'exit code {done.returncode}'}")
    return done.stdout
