"""Sessions: they execute graphs, and hold the values."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any

from graphmagic import errors
from graphmagic.alarm import Alarm
from graphmagic.config import ConfigProto
from graphmagic.engine.devices import PREFIX, DeviceAttributes, check_devices
from graphmagic.engine.passes import prune
from graphmagic.engine.plan import Plan
from graphmagic.engine.program import Program
from graphmagic.engine.report import PlanReport, report
from graphmagic.engine.traced import Recorder
from graphmagic.feeds import Feeds
from graphmagic.fetches import Fetches
from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.structure import flatten, key_of
from graphmagic.run_stats import fill_step_stats
from graphmagic.session_values import SessionValues
from graphmagic.tracing import Trace

__all__ = ["Session"]


@dataclass(frozen=True)
class _Prepared:
    """What a (fetches, feeds) pair of this session needs to run."""

    fetches: Fetches
    feeds: Feeds | None
    plan: Plan


class Session(SessionValues):
    """Executes a graph, or the part of it that is asked for, and holds the values of its variables.

    Sessions on one graph share the computation and nothing else: each has its own values.

    Args:
        target: for TensorFlow servers; must be empty.
        graph: the graph; the default graph if None.
        config: settings; see `tf.ConfigProto`.

    Raises:
        TypeError: an argument has the wrong type.
        NotFoundError: there is a target.

    >>> import graphmagic as tf
    >>> graph = tf.Graph()
    >>> with graph.as_default():
    ...     v = tf.Variable(42, name="v")
    ...     change = v.assign(13)
    >>> one, two = tf.Session(graph=graph), tf.Session(graph=graph)
    >>> one.run(v.initializer)
    >>> two.run(change)
    np.int32(13)
    >>> one.run(v), two.run(v)
    (np.int32(42), np.int32(13))
    """

    def __init__(self, target: str = "", graph: Graph | None = None, config: Any = None) -> None:
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(f'Argument `graph` must be a tf.Graph, but got "{type(graph).__name__}"')
        if not isinstance(target, str):
            raise TypeError(f'Argument `target` must be a string, but got "{type(target).__name__}"')
        if target not in ("", "local"):
            raise _no_server(target)
        if config is not None and not isinstance(config, ConfigProto):
            raise TypeError(f'Argument `config` must be a tf.ConfigProto, but got "{type(config).__name__}"')
        super().__init__(graph if graph is not None else get_default_graph())
        self._target = target
        self._config = config if config is not None else ConfigProto()
        self._state.threads = self._config.intra_op_parallelism_threads or self._state.threads
        self._state.memory_limit = self._config.memory_limit_bytes
        self._entered: ExitStack | None = None
        self.run_count = 0
        self.run_seconds = 0.0
        self.listeners: list[Callable[[Session], None]] = []
        self.alarm: Alarm | None = None

    # ----- what it is -----

    @property
    def sess_str(self) -> str:
        """The target, for old programs."""
        return self._target

    # ----- running -----

    def run(self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None) -> Any:
        """Compute what is asked for, and only what it needs.

        Args:
            fetches: a tensor, operation, variable or name, or a nest of them in lists, tuples, dicts, named tuples.
            feed_dict: values that replace the values of tensors in this run.
            options: settings of this run; see `tf.RunOptions`.
            run_metadata: a `tf.RunMetadata` to fill.

        Returns:
            The values as NumPy arrays and scalars, nested like `fetches`; None for an operation.  They belong to the
            caller: nothing that the session does later changes them.

        Raises:
            RuntimeError: the session is closed, or the graph is empty.
            TypeError: something cannot be fetched or fed.
            ValueError: a fetch is not of this graph, or a fed value has the wrong shape.
            OpError: an operation failed.

        >>> import graphmagic as tf
        >>> x = tf.placeholder(tf.float32)
        >>> tf.Session().run({"twice": x * 2.0, "more": [x + 1.0]}, {x: 4.0})
        {'twice': np.float32(8.0), 'more': [np.float32(5.0)]}
        """
        if self._closed:
            self._check_open()
        started, completed = time.perf_counter(), 0
        try:
            prepared = self._prepare(fetches, feed_dict)
            arrays, shapes = prepared.feeds.arrays(feed_dict) if prepared.feeds is not None else ((), ())
            if run_metadata is None:
                values, watched = prepared.plan.run(arrays, shapes)
            else:
                values, watched = self._run_reporting(prepared.plan, list(arrays), options, run_metadata)
            if watched:
                self._note_watched(prepared.plan, watched)
            completed = 1
            return prepared.fetches.assemble(values)
        finally:
            ended = time.perf_counter()
            seconds = ended - started
            with self._lock:
                self.run_count += completed
                self.run_seconds += seconds
            alarm = self.alarm
            if alarm is not None and (self.run_count >= alarm.run or ended >= alarm.time):
                alarm.ring(self)
            if self.listeners:
                self._heard.seconds = seconds
                for listener in tuple(self.listeners):
                    listener(self)

    def make_callable(
        self, fetches: Any, feed_list: Sequence[Any] | None = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function that runs the same fetches again and again.

        Args:
            fetches: what to compute, as in `run`.
            feed_list: the tensors to feed, whose values the function takes as positional arguments.
            accept_options: whether it also takes ``options`` and ``run_metadata``, as `run`.

        Returns:
            The function; it returns what `run` returns.

        Raises:
            TypeError: `feed_list` is no list.

        >>> import graphmagic as tf
        >>> x = tf.placeholder(tf.float32)
        >>> double = tf.Session().make_callable(x * 2.0, [x])
        >>> double(4.0)
        np.float32(8.0)
        """
        if feed_list is not None and not isinstance(feed_list, (list, tuple)):
            raise TypeError(f"Argument `feed_list` must be a list or tuple. Received: feed_list={feed_list}")
        keys = list(feed_list or ())

        def call(*values: Any, **settings: Any) -> Any:
            if settings and not accept_options:
                raise TypeError(
                    "options and run_metadata are taken if make_callable is told accept_options=True"
                )
            return self.run(fetches, dict(zip(keys, values, strict=False)), **settings)

        return call

    def list_devices(self) -> list[DeviceAttributes]:
        """The devices that operations of this session can run on."""
        count = self._config.device_count.get("CPU", 1)
        return [DeviceAttributes(f"{PREFIX}{number}", "CPU") for number in range(count)]

    def trace(self, fetches: Any, feed_dict: Any = None) -> Trace:
        """Run once, and keep what every operation did: its values, its time, in the order of execution.

        It is a run like any other (an assignment assigns), but operation by operation, without what makes plans fast;
        runs that are not traced cost nothing more.

        Args:
            fetches: what to compute, as in `run`.
            feed_dict: values that replace the values of tensors, as in `run`.

        Returns:
            The trace, which shows itself as a player in a notebook and as a table in a terminal.

        Raises:
            The errors of `run`; the trace up to the operation that failed is their ``partial_trace``.

        >>> import graphmagic as tf
        >>> x = tf.placeholder(tf.float32, [], name="x")
        >>> trace = tf.Session().trace(tf.add(x * 2.0, 1.0, name="y"), {x: 3.0})
        >>> trace.result, [step.name for step in trace.steps]
        (np.float32(7.0), ['x', 'mul/y', 'mul', 'y/y', 'y'])
        """
        recorder = Recorder()
        names = [str(getattr(leaf, "name", leaf)).removesuffix(":0") for leaf in flatten(fetches)]
        try:
            result = self.run(fetches, feed_dict, run_metadata=recorder)
        except BaseException as error:
            recorder.tell(error, self._graph, names)
            raise
        return recorder.trace(self._graph, names, result)

    def _run_reporting(
        self, plan: Plan, arrays: list[Any], options: Any, report: Any
    ) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        """Run and tell about it: to a recorder, or to a `tf.RunMetadata` if the options ask for a trace."""
        if isinstance(report, Recorder):
            return report.run(replace(plan.program, watches=plan.watched), self._state, arrays)
        report.Clear()
        if options is None or not options.trace_level:
            return plan.run(arrays)
        recorder = Recorder()
        values = recorder.run(replace(plan.program, watches=plan.watched), self._state, arrays)
        fill_step_stats(report.step_stats, recorder.steps)
        return values

    def _prepare(self, fetches: Any, feed_dict: Any) -> _Prepared:
        if type(feed_dict) is not dict and feed_dict is not None:
            _check_mapping(feed_dict)
        key: Any
        try:
            wanted = fetches if type(fetches) is Tensor else key_of(fetches)
            key = self._graph.rewound, wanted, tuple(feed_dict) if feed_dict else ()
            found: _Prepared | None = self.plan_cache.find(key)
        except TypeError:  # something unhashable, which cannot be fetched or fed either
            key, found = None, None
        if found is not None:
            self.plan_cache.hits += 1
            return found
        self._check_has_operations()
        with self._lock:
            prepared = self._compile(fetches, feed_dict)
            self.plan_cache.add(key, prepared)
        return prepared

    def _compile(self, structure: Any, feed_dict: Any) -> _Prepared:
        fetches = Fetches(self._graph, structure)
        feeds = Feeds(self._graph, feed_dict) if feed_dict else None
        program = Program(
            fetches=fetches.tensors,
            targets=fetches.targets,
            feeds=feeds.tensors if feeds is not None else (),
            watches=tuple(self._watched),
        )
        if not self._config.allow_soft_placement:
            check_devices(prune(program).steps, self._config.device_count.get("CPU", 1))
        return _Prepared(fetches, feeds, Plan(program, self._state))

    def plan(self, fetches: Any, feeds: Any = None) -> PlanReport:
        """Show what a run would do, without running: what each pass changes, and the function that runs.

        Args:
            fetches: what to compute, as in `run`.
            feeds: a dictionary as for `run`, or the tensors that would be fed. With values, or where the shapes of the
                tensors are known, the function is the one for those shapes.

        Returns:
            A `PlanReport`, which displays itself.

        >>> import graphmagic as tf
        >>> x = tf.placeholder(tf.float32, [])
        >>> print(tf.Session().plan(x * 2.0 + 1.0, [x]).source)
        def run(f0):
            g0 = f0[()]
            v3 = g0 * c2
            v4 = v3 + c3
            return (v4,), ()
        <BLANKLINE>
        """
        wanted, given = Fetches(self._graph, fetches), Feeds(self._graph, feeds or ())
        program = Program(wanted.tensors, wanted.targets, given.tensors)
        if hasattr(feeds, "keys"):
            return report(program, given.arrays(feeds)[1])
        shapes: list[Any] = [t.shape.ints for t in given.tensors]
        is_known = all(s is not None and None not in s for s in shapes)
        return report(program, shapes if is_known else None)

    # ----- life cycle -----

    def close(self) -> None:
        """Let go of all values; running is an error from now on."""
        self._closed = True
        self.plan_cache.clear()
        self._state.clear()
        self._latest = (None, ())
        self._watched.clear()

    def __enter__(self) -> Session:
        if self._entered is not None:
            raise RuntimeError(
                "Session context managers are not re-entrant. "
                "Use `Session.as_default()` if you want to enter a session multiple times."
            )
        with ExitStack() as stack:
            stack.enter_context(self._graph.as_default())
            stack.enter_context(self.as_default())
            self._entered = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        entered, self._entered = self._entered, None
        try:
            if entered is not None:
                entered.__exit__(kind, error, traceback)
        finally:
            self.close()


def _no_server(target: str) -> Exception:
    return with_notes(
        errors.NotFoundError(
            None,
            None,
            f'No session factory registered for the given session options: {{target: "{target}" config: }} '
            "Registered factories are {DIRECT_SESSION}.",
        ),
        "graphmagic has no servers; a session without a target runs here.",
    )


def _check_mapping(feed_dict: Any) -> None:
    if not hasattr(feed_dict, "keys"):
        raise TypeError(
            "FlattenDictItems: 'dict' must be a dictionary or collection.Mapping type object, instead of "
            f"'{type(feed_dict).__name__}'."
        )
