"""The magics: each parses its line, calls one function and returns an object that displays itself."""

# IPython's decorators for magics have no types.
# mypy: disable-error-code="untyped-decorator,no-untyped-call,arg-type,misc"

from __future__ import annotations

from argparse import ArgumentTypeError
from contextlib import ExitStack
from typing import Any

from IPython.core.magic import Magics, cell_magic, line_magic, magics_class, output_can_be_silenced
from IPython.core.magic_arguments import argument, magic_arguments
from IPython.display import display
from traitlets import Bool, CaselessStrEnum, Int, observe

from graphmagic.draw import THEMES
from graphmagic.graph import Graph
from graphmagic.notebook.arguments import parse
from graphmagic.notebook.bench import Bench
from graphmagic.notebook.drawing import Look, Request
from graphmagic.notebook.errors import MagicError
from graphmagic.notebook.graph_cell import GraphCell
from graphmagic.notebook.lists import closed_note, graphs_table, sessions_table, values_table
from graphmagic.notebook.session_cell import SessionCell
from graphmagic.notebook.showing import Showing
from graphmagic.notebook.tables import Note, Table
from graphmagic.notebook.trace_line import DrawnTrace, TraceLine, split_feed
from graphmagic.notebook.workspace import DEFAULT
from graphmagic.tracing import Trace

__all__ = ["GraphMagics"]

DIRECTIONS = ("LR", "TB")


def levels(text: str) -> int:
    """A number of levels, as an option gives it."""
    if not text.isdecimal():
        raise ArgumentTypeError(f"{text!r} is not a whole number from 0 on")
    return int(text)


depth_option = argument(
    "--depth", metavar="N", type=levels, help="Draw this many levels of name scopes open."
)
direction_option = argument(
    "--direction", choices=DIRECTIONS, type=str.upper, help="Draw from left to right or from top to bottom."
)
_DRAWING = (
    depth_option,
    argument(
        "--expand",
        metavar="SCOPE",
        nargs="+",
        action="extend",
        help="Draw these scopes open: layer_1, layer_*.",
    ),
    argument("--collapse", metavar="SCOPE", nargs="+", action="extend", help="Draw these scopes closed."),
    argument("--around", metavar="NODE", help="Draw only this operation or tensor and what is near it."),
    argument(
        "--hops", metavar="N", type=levels, default=1, help="With --around: how many arrows away is near."
    ),
    argument(
        "--fetch", metavar="TENSOR", nargs="+", action="extend", help="Light up what running it executes."
    ),
    argument("--session", metavar="NAME", help="Write the values of this session on the graph."),
    argument("--legend", action="store_true", help="Explain the shapes and arrows."),
    direction_option,
    argument("--output", metavar="FILE", help="Also write the picture to a file: .svg, .png, .pdf or .dot."),
)


def drawing_options(magic: Any) -> Any:
    """Give a magic the options that tell how to draw."""
    for option in reversed(_DRAWING):
        magic = option(magic)
    return magic


@magics_class
class GraphMagics(Magics):
    """Build graphs, run sessions, look into both."""

    refresh_ms = Int(200, min=20, help="Least milliseconds between two refreshes of a panel.").tag(
        config=True
    )
    direction = CaselessStrEnum(DIRECTIONS, "TB", help="How graphs are drawn: LR or TB.").tag(config=True)
    depth = Int(
        None, allow_none=True, min=0, help="Levels of name scopes that are drawn open; None decides by size."
    ).tag(config=True)
    theme = CaselessStrEnum(
        tuple(THEMES),
        "auto",
        help="Colours of pictures: light, dark, auto (dark in a page that says that it is) or system.",
    ).tag(config=True)
    verbose_errors = Bool(False, help="Whether errors in a cell show every frame.").tag(config=True)
    memory_limit_mb = Int(
        0, min=0, help="Megabytes that a session may take for its runs and variables; 0 for all there are."
    ).tag(config=True)

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self.bench = Bench(shell)
        self.at_unload = ExitStack()
        self._limit_memory()

    @observe("memory_limit_mb")
    def _limit_memory(self, change: Any = None) -> None:
        if hasattr(self, "bench"):
            self.bench.workspace.limit_memory(self.memory_limit_mb * 10**6)

    def by_typed_name(self) -> dict[str, Any]:
        """The magic functions under what a user types, such as ``%%graph``."""
        marks = {"line": "%", "cell": "%%"}
        return {marks[kind] + name: magic for kind, own in self.magics.items() for name, magic in own.items()}

    @magic_arguments("%graph")
    @argument("name", nargs="?", default=DEFAULT, help="Name of the graph, also its Python variable.")
    @argument("--extend", action="store_true", help="Add to the graph NAME instead of building it afresh.")
    @argument("--no-draw", action="store_true", help="Do not draw the graph.")
    @drawing_options
    @output_can_be_silenced
    @cell_magic
    def graph(self, line: str, cell: str) -> Any:
        """Build a graph from the cell and draw it.

        The body runs with a fresh graph as the default graph. Running the cell again builds the graph
        again; if the body fails, the old graph, its sessions and all your variables are as before. The
        graph called `default` is TF1's default graph.

        Example::

            %%graph linear
            x = tf.placeholder(tf.float32, [None], name="x")
            w = tf.Variable(1.0, name="w")
            y = w * x
        """
        args = parse(GraphMagics.graph, "%%graph", line)
        request = Request(args, self._look())
        request.check()

        def draw(graph: Graph) -> Any:
            return request.picture(graph, args.name, self.bench.workspace, self.bench.names.namespace)

        silent = args.no_draw and args.output is None
        wanted = GraphCell(args.name, args.extend, self.verbose_errors)
        picture = wanted.run(self.bench, line, cell, (lambda graph: None) if silent else draw)
        return None if args.no_draw else picture

    @magic_arguments("%session")
    @argument("name", nargs="?", default=DEFAULT, help="Name of the session, also its Python variable.")
    @argument("--graph", metavar="NAME", help="Graph to run; else its own, else the one built last.")
    @argument("--new", action="store_true", help="Start afresh: drop all values.")
    @argument("--keep", action="store_true", help="If the graph was rebuilt, carry values over by name.")
    @argument("--close", action="store_true", help="Close the session after the cell.")
    @argument("--watch", metavar="TENSOR", nargs="+", action="extend", help="List tensors in the panel.")
    @argument("--no-panel", action="store_true", help="Do not show the panel.")
    @argument("--time", action="store_true", help="Tell how long the runs of the cell took.")
    @output_can_be_silenced
    @cell_magic
    def session(self, line: str, cell: str) -> Any:
        """Run the cell in a session and show what its variables hold.

        A session keeps its values from cell to cell. In the cell it is the default session and its graph
        is the default graph; `sess` and NAME are the session. If the last expression is a tensor, a
        variable, an operation, or a list, tuple or dictionary of them, it is run, and its value is the
        result of the cell.

        Example::

            %%session train --watch loss
            sess.run(tf.global_variables_initializer())
            for _ in range(100):
                sess.run(step, feed_dict={x: xs, y_true: ys})
            w
        """
        args = parse(GraphMagics.session, "%%session", line)
        wanted = SessionCell(
            args.name,
            graph=args.graph,
            new=args.new,
            keep=args.keep,
            close=args.close,
            watch=tuple(args.watch or ()),
            panel=not args.no_panel,
            refresh_seconds=self.refresh_ms / 1000,
            verbose_errors=self.verbose_errors,
            time=args.time,
        )
        showing = Showing(self.shell)
        try:
            return wanted.run(self.bench, showing.show, line, cell)
        finally:
            showing.close()

    @magic_arguments("graph")
    @argument("name", nargs="?", help="The graph; else that of the session, else the one built last.")
    @drawing_options
    @line_magic("graph")
    def draw_graph(self, line: str) -> Any:
        """Draw a graph again.

        Examples::

            %graph linear --direction LR --legend
            %graph linear --around loss --hops 2
            %graph --session train --fetch loss
            %graph linear --output linear.pdf
        """
        args = parse(GraphMagics.draw_graph, "%graph", line)
        return Request(args, self._look()).again(self.bench.workspace, self.bench.names.namespace)

    @magic_arguments()
    @line_magic
    def graphs(self, line: str) -> Table | Note:
        """List the graphs."""
        parse(GraphMagics.graphs, "%graphs", line)
        return graphs_table(self.bench.workspace)

    @magic_arguments()
    @line_magic
    def sessions(self, line: str) -> Table | Note:
        """List the sessions."""
        parse(GraphMagics.sessions, "%sessions", line)
        return sessions_table(self.bench.workspace)

    @magic_arguments()
    @argument("sessions", nargs="*", metavar="session", help="The sessions; without any, all that are open.")
    @line_magic
    def values(self, line: str) -> Table | Note:
        """Show the values of sessions side by side.

        Example::

            %values a b
        """
        args = parse(GraphMagics.values, "%values", line)
        return values_table(self.bench.workspace.chosen(args.sessions))

    @magic_arguments()
    @argument("fetches", nargs="*", metavar="fetch", help="Tensors, operations or variables, by name.")
    @argument("--feed", metavar="DICT", help="A Python expression that gives the feed_dict.")
    @argument("--session", metavar="NAME", help="The session to run in; else the one entered last.")
    @depth_option
    @direction_option
    @argument("--output", metavar="FILE", help="Also write the player to a page of its own.")
    @output_can_be_silenced
    @line_magic
    def trace(self, line: str) -> DrawnTrace:
        """Run once and show the run as a film: step by step, each operation with its value and its time.

        It is a run like any other: an optimizer's step changes the variables. A run that fails shows its film
        up to the operation that failed.

        Examples::

            %trace loss --feed {x: xs, y_true: ys}
            %trace loss step --session train --direction LR
        """
        rest, feed = split_feed(line.rstrip().removesuffix(";"))
        args = parse(GraphMagics.trace, "%trace", rest)
        wanted = TraceLine(tuple(args.fetches), feed, args.session, args.output)
        depth = self.depth if args.depth is None else args.depth

        def shown(trace: Trace) -> DrawnTrace:
            drawn = DrawnTrace(trace, depth, args.direction or self.direction)
            if args.output is not None:
                drawn.save(args.output)
            return drawn

        with self.bench.cells.shortening(self.verbose_errors):
            try:
                return shown(wanted.run(self.bench.workspace, self.bench.names.namespace))
            except BaseException as error:
                if hasattr(error, "partial_trace"):
                    display(shown(error.partial_trace))
                raise

    @magic_arguments()
    @argument("names", nargs="*", metavar="name", help="The sessions to close.")
    @argument("--all", action="store_true", help="Close every session.")
    @line_magic
    def close(self, line: str) -> Note:
        """Close sessions: their values are gone, their graphs stay.

        Examples::

            %close train
            %close --all
        """
        args = parse(GraphMagics.close, "%close", line)
        if not args.names and not args.all:
            raise MagicError("%close needs the name of a session, or --all. %sessions lists them.")
        return closed_note(
            self.bench.workspace.close_all() if args.all else self.bench.workspace.close(args.names)
        )

    def _look(self) -> Look:
        """How to draw, from the configuration."""
        return Look(self.depth, self.direction, self.theme)
