"""Functions that act on the default graph: scopes, dependencies, devices, collections."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Any

from graphmagic.graph.apply import graph_of
from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import get_default_graph

__all__ = [
    "name_scope",
    "control_dependencies",
    "device",
    "add_to_collection",
    "add_to_collections",
    "get_collection",
    "get_collection_ref",
    "colocate_with",
    "container",
    "op_scope",
]


class name_scope(AbstractContextManager[str]):  # noqa: N801 - TensorFlow's name
    """Put the operations made inside the ``with`` block under ``name/``.

    Args:
        name: the scope; made unique.  One that ends in ``/`` is entered again as it is; None or "" leaves all scopes.
        default_name: used if `name` is None.
        values: tensors, which must all be of one graph; that graph becomes the default.

    Raises:
        TypeError: a name is no string.
        ValueError: the name is not valid, or the tensors are of different graphs.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default(), tf.name_scope("layer") as scope:
    ...     scope, tf.constant(1, name="one").name
    ('layer/', 'layer/one:0')
    """

    def __init__(self, name: str | None, default_name: str | None = None, values: Any = None) -> None:
        for text in (name, default_name):
            if text is not None and not isinstance(text, str):
                raise with_notes(
                    TypeError(f"expected string or bytes-like object, got '{type(text).__name__}'"),
                    f"`name` and `default_name` must be strings or None, not {text!r}.",
                )
        if name is None and values is not None and default_name is None:
            raise ValueError("At least one of name (None) and default_name (None) must be provided.")
        self._name = default_name if name is None else name
        self._values = values or []
        self._stack = ExitStack()

    @property
    def name(self) -> str | None:
        """The scope as given."""
        return self._name

    def __enter__(self) -> str:
        graph = graph_of(self._values)
        with ExitStack() as stack:
            stack.enter_context(graph.as_default())
            scope = stack.enter_context(graph.name_scope(self._name))
            self._stack = stack.pop_all()
        return scope

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, traceback)


def control_dependencies(control_inputs: Any) -> AbstractContextManager[None]:
    """Make the operations created inside the ``with`` block run after `control_inputs`; see `Graph.control_dependencies`.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> with tf.control_dependencies([v.assign(5.0)]):
    ...     after = tf.identity(v)
    >>> tf.Session().run(after)
    np.float32(5.0)
    """
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function: Any) -> AbstractContextManager[None]:
    """Note a device on the operations created inside the ``with`` block; see `Graph.device`."""
    return get_default_graph().device(device_name_or_function)


def add_to_collection(name: Any, value: Any) -> None:
    """Append to a collection of the default graph.

    >>> import graphmagic as tf
    >>> tf.add_to_collection("mine", 3)
    >>> tf.get_collection("mine")
    [3]
    """
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    """Append to several collections of the default graph; see `add_to_collection`."""
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    """A copy of a collection of the default graph; see `Graph.get_collection`."""
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    """A collection of the default graph itself; see `Graph.get_collection_ref`."""
    return get_default_graph().get_collection_ref(key)


def colocate_with(op: Any, ignore_existing: bool = False) -> AbstractContextManager[None]:
    """Accepted for old programs; see `Graph.colocate_with`."""
    return get_default_graph().colocate_with(op, ignore_existing)


def container(container_name: str) -> AbstractContextManager[str]:
    """Accepted for old programs; see `Graph.container`."""
    return get_default_graph().container(container_name)


def op_scope(values: Any, name: str | None, default_name: str | None = None) -> AbstractContextManager[str]:
    """An old name of `name_scope`, with the arguments in another order; see `name_scope`."""
    return name_scope(name, default_name, values)
