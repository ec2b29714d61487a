"""What a session holds, and what those see who watch it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sized
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphmagic.dtypes import DType
from graphmagic.engine.plan_cache import PlanCache
from graphmagic.engine.state import State
from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.stack import default_sessions
from graphmagic.progress import Progress, items
from graphmagic.shapes import TensorShape

__all__ = ["SessionValues", "VariableState", "get_default_session"]


@dataclass(frozen=True)
class VariableState:
    """A variable as a session holds it; `value` is None while it is not initialized, and must not be written to."""

    name: str
    op: Operation
    dtype: DType
    shape: TensorShape
    value: np.ndarray[Any, Any] | None


class SessionValues:
    """The part of a `Session` that holds the values of its variables, and shows them.

    Args:
        graph: the graph whose variables they are.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._state = State()
        self._closed = False
        self.plan_cache = PlanCache()
        self._lock = threading.Lock()
        self.loops: dict[str, Progress] = {}
        self._heard = threading.local()
        self._known_variables: tuple[Any, list[Operation]] = (None, [])
        self._watched: dict[Tensor, Any] = {}
        self._latest: tuple[Any, tuple[Any, ...]] = (None, ())

    @property
    def graph(self) -> Graph:
        """The graph that this session executes."""
        return self._graph

    @property
    def graph_def(self) -> Any:
        """The definitions of the graph's nodes."""
        return self._graph.as_graph_def()

    @property
    def closed(self) -> bool:
        """Whether `close` was called."""
        return self._closed

    @property
    def memory_limit(self) -> int:
        """How many bytes runs and variables may take, 0 for as many as the machine has; it can be changed at any time."""
        return self._state.memory_limit

    @memory_limit.setter
    def memory_limit(self, nbytes: int) -> None:
        self._state.memory_limit = nbytes
        with self._lock:
            self.plan_cache.clear()  # the limit is looked at when functions are made

    def as_default(self) -> AbstractContextManager[Any]:
        """Make this the default session inside a ``with`` block, for `Tensor.eval` and `Operation.run`."""
        return default_sessions.pushed(self)

    def _check_open(self) -> None:
        if self._closed:
            raise with_notes(
                RuntimeError("Attempted to use a closed Session."),
                "A session closes at the end of its `with` block; its values are gone. Open a new one: tf.Session().",
            )

    def _check_has_operations(self) -> None:
        if not self._graph.version:
            raise with_notes(
                RuntimeError("The Session graph is empty. Add operations to the graph before calling run()."),
                "To fix it: without graph=, a session runs the default graph; give it yours: tf.Session(graph=...).",
            )

    def variables(self) -> list[VariableState]:
        """Every variable of the graph with its value in this session, in creation order."""
        return [
            VariableState(op.name, op, op.outputs[0].dtype.base_dtype, op.outputs[0].shape, self.value_of(op))
            for op in self.variable_operations()
        ]

    def value_of(self, variable: Operation) -> Any:
        """The value of a variable in this session now, None while it is uninitialized; nothing runs.

        Args:
            variable: an operation among `variable_operations`.

        Returns:
            An array that cannot be written to.

        >>> import graphmagic as tf
        >>> sess = tf.Session()
        >>> print(sess.value_of(tf.Variable(42).op))
        None
        """
        return _readable(self._state.values.get(variable.id))

    def variable_operations(self) -> list[Operation]:
        """The operation of every variable of the graph, in creation order; the same list until one is added.

        >>> import graphmagic as tf
        >>> foo = tf.Variable(42, name="foo")
        >>> [op.name for op in tf.Session().variable_operations()]
        ['foo']
        """
        # A panel asks after many runs, and a graph may have tens of thousands of operations.
        version = self._graph.rewound, self._graph.version
        if self._known_variables[0] != version:
            found = [op for op in self._graph.get_operations() if op.type == "VariableV2"]
            self._known_variables = version, found
        return self._known_variables[1]

    def load(self, variable: str | Operation, value: Any) -> None:
        """Set a variable's value at once.

        Args:
            variable: the variable's name, without ``:0``, or its operation.
            value: an array of its type and shape.

        Raises:
            RuntimeError: the session is closed.
            KeyError: there is no variable of that name.
            ValueError: the type or the shape does not fit, or the operation is not of this graph.
        """
        self._check_open()
        op = self._graph.as_graph_element(variable, allow_tensor=False)
        if op.type != "VariableV2":
            raise KeyError(f"{op.name} is no variable but a {op.type} operation")
        array, target = np.array(value), op.outputs[0]
        if array.dtype != target.dtype.numpy or not target.shape.is_compatible_with(array.shape):
            raise ValueError(
                f"Variable {op.name} holds {target.dtype.base_dtype.name} of shape {target.shape}, "
                f"not {array.dtype} of shape {array.shape}"
            )
        self._state.write(op, array)

    def watch(self, tensors: Iterable[Tensor]) -> None:
        """Remember the values that tensors have in later runs that compute them anyway; see `watched`."""
        for tensor in tensors:
            self._watched.setdefault(self._graph.as_graph_element(tensor, allow_operation=False), None)
        with self._lock:
            self.plan_cache.clear()

    def unwatch(self, tensors: Iterable[Tensor]) -> None:
        """Take back `watch`."""
        for tensor in tensors:
            self._watched.pop(self._graph.as_graph_element(tensor, allow_operation=False), None)
        with self._lock:
            self.plan_cache.clear()

    @property
    def heard_seconds(self) -> float:
        """How long the run took that a listener is told of, in its thread."""
        return float(self._heard.seconds)

    def steps(self, over: int | Iterable[Any], name: str = "step") -> Iterator[Any]:
        """Iterate as ``range`` or ``for`` would; in a notebook the panel shows how far it is and the time left.

        Args:
            over: how many steps, or what to iterate over.
            name: what is counted; loops inside each other need different names to be seen both.

        Returns:
            An iterator over the numbers from 0 on, or over the items.

        Raises:
            TypeError: `over` is neither a whole number nor iterable.

        >>> import graphmagic as tf
        >>> sess = tf.Session()
        >>> list(sess.steps(3)), list(sess.steps(["first", "second"], name="batch"))
        ([0, 1, 2], ['first', 'second'])
        """
        through = items(over)
        loop = self.loops[name] = Progress(name, len(through) if isinstance(through, Sized) else None)
        return loop.follow(through)

    @property
    def watched(self) -> dict[Tensor, Any]:
        """The last value of each watched tensor, None before there is one."""
        self._settle_watched()
        return dict(self._watched)

    def _note_watched(self, plan: Any, values: tuple[Any, ...]) -> None:
        """Keep what a run of a plan gave for watched tensors; sorting it out waits until somebody asks."""
        if self._latest[0] is not plan:
            self._settle_watched()
        self._latest = plan, values

    def _settle_watched(self) -> None:
        plan, values = self._latest
        if plan is not None:
            found = zip(plan.watched, values, strict=True)
            self._watched.update((tensor, value) for tensor, value in found if tensor in self._watched)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from graphmagic import draw

        if self._closed:
            return {"text/plain": "A closed session: it holds no values any more."}
        values = {v.name: v.value for v in self.variables()}
        return draw.picture_of_values(self._graph, values)._repr_mimebundle_(include, exclude)


def _readable(value: Any) -> Any:
    """A view of a variable's array that cannot be written to."""
    if value is None:
        return None
    view = np.asarray(value).view()
    view.flags.writeable = False
    return view


def get_default_session() -> Any:
    """The innermost session that is the default, or None.

    >>> import graphmagic as tf
    >>> with tf.Session() as sess:
    ...     tf.get_default_session() is sess
    True
    """
    return default_sessions.top()
