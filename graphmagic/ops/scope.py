"""The object behind `variable_scope`: a prefix and defaults, and which one is current in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.ops.variable_store import find_or_create

__all__ = ["VariableScope", "get_variable_scope", "pure_variable_scope", "unique_scope_name"]

Getter = Callable[..., Any]

# What a scope hands down to `get_variable`, each with a property and a `set_...` method.
_DEFAULTS = (
    "initializer",
    "regularizer",
    "caching_device",
    "partitioner",
    "custom_getter",
    "dtype",
    "use_resource",
    "constraint",
)


class VariableScope:
    """A name and defaults for `get_variable`; `variable_scope` opens one.

    Args:
        reuse: True to share existing variables, `AUTO_REUSE` to share or create, else False.
        name: the prefix of the variables' names.
        initializer: the initializer of variables that have none of their own.
        regularizer: the regularizer of variables that have none of their own.
        caching_device: accepted for old programs.
        partitioner: accepted for old programs; variables stay whole.
        custom_getter: called instead of `get_variable`, with the original as its first argument.
        name_scope: the name scope that was opened with the scope.
        dtype: the type of variables that have none of their own.
        use_resource: accepted for old programs.
        constraint: the constraint of variables that have none of their own.

    >>> import graphmagic as tf
    >>> with tf.variable_scope("layer") as scope:
    ...     scope.name, scope.original_name_scope, scope.reuse
    ('layer', 'layer/', False)
    """

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Getter | None = None,
        name_scope: str = "",
        dtype: Any = dtypes.float32,
        use_resource: Any = None,
        constraint: Any = None,
    ) -> None:
        self._reuse = reuse
        self._name = name
        self._name_scope = name_scope
        self.initializer = initializer
        self.regularizer = regularizer
        self.caching_device = caching_device
        self.partitioner = partitioner
        self.custom_getter = custom_getter
        self.dtype = dtype
        self.use_resource = use_resource
        self.constraint = constraint

    @property
    def name(self) -> str:
        """The prefix of the names of its variables, without the final ``/``."""
        return self._name

    @property
    def original_name_scope(self) -> str:
        """The name scope that was opened when the scope was made, with its final ``/``."""
        return self._name_scope

    @property
    def reuse(self) -> Any:
        """Whether variables are shared: True, False or `AUTO_REUSE`."""
        return self._reuse

    def reuse_variables(self) -> None:
        """Share existing variables from now on."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        """Set the default initializer."""
        self.initializer = initializer

    def set_regularizer(self, regularizer: Any) -> None:
        """Set the default regularizer."""
        self.regularizer = regularizer

    def set_dtype(self, dtype: Any) -> None:
        """Set the default type."""
        self.dtype = dtype

    def set_custom_getter(self, custom_getter: Getter | None) -> None:
        """Set what is called instead of `get_variable`."""
        self.custom_getter = custom_getter

    def set_caching_device(self, caching_device: Any) -> None:
        """Accepted for old programs."""
        self.caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        """Accepted for old programs; variables stay whole."""
        self.partitioner = partitioner

    def set_use_resource(self, use_resource: Any) -> None:
        """Accepted for old programs."""
        self.use_resource = use_resource

    def get_collection(self, name: str) -> list[Any]:
        """What a collection holds of this scope."""
        return get_default_graph().get_collection(name, f"{self._name}/" if self._name else "")

    def global_variables(self) -> list[Any]:
        """The variables of this scope."""
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        """The local variables of this scope."""
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def trainable_variables(self) -> list[Any]:
        """The variables of this scope that optimizers change by default."""
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def get_variable(
        self,
        name: str,
        dtype: Any = None,
        initializer: Any = None,
        reuse: Any = None,
        custom_getter: Getter | None = None,
        **arguments: Any,
    ) -> Any:
        """A variable of this scope; see `tf.get_variable`."""
        if dtype is not None and initializer is not None and not callable(initializer):
            found = convert_to_tensor(initializer).dtype.base_dtype
            if found != dtypes.as_dtype(dtype).base_dtype:
                raise ValueError(f"Initializer type '{found!r}' and explicit dtype '{dtype!r}' don't match.")
        for key in ("regularizer", "caching_device", "partitioner", "use_resource", "constraint"):
            if arguments.get(key) is None:
                arguments[key] = getattr(self, key)
        getter = custom_getter if custom_getter is not None else self.custom_getter
        with get_default_graph().name_scope(None):
            return _call_getter(
                getter,
                name=f"{self._name}/{name}" if self._name else name,
                dtype=self.dtype if dtype is None else dtype,
                initializer=self.initializer if initializer is None else initializer,
                reuse=self._reuse if reuse is None else reuse,
                **arguments,
            )


def _call_getter(getter: Getter | None, **arguments: Any) -> Any:
    return find_or_create(**arguments) if getter is None else getter(getter=find_or_create, **arguments)


def _chained(inner: Getter, outer: Getter | None) -> Getter:
    """A custom getter of an inner scope sees that of the outer scope as the original."""
    if outer is None:
        return inner

    def both(getter: Getter, **arguments: Any) -> Any:
        def original(name: str, **changed: Any) -> Any:
            return outer(getter=getter, name=name, **changed)

        return inner(getter=original, **arguments)

    return both


# ----- which scope is current, and how often each name was opened: one of each per thread -----

_thread = threading.local()


def _thread_key(kind: str) -> tuple[str, Any]:
    if not hasattr(_thread, "key"):
        _thread.key = object()
    return kind, _thread.key


def get_variable_scope() -> VariableScope:
    """The variable scope that `get_variable` uses now.

    >>> import graphmagic as tf
    >>> with tf.variable_scope("layer"):
    ...     tf.get_variable_scope().name
    'layer'
    """
    scoping = get_default_graph().scoping
    found: VariableScope = scoping.setdefault(_thread_key("scope"), VariableScope(False))
    return found


def _counts() -> dict[str, int]:
    found: dict[str, int] = get_default_graph().scoping.setdefault(_thread_key("counts"), {})
    return found


def unique_scope_name(prefix: str) -> str:
    """A name for a scope that was not opened yet inside the current one: ``prefix``, ``prefix_1`` ..."""
    outer, counts = get_variable_scope().name, _counts()
    full = f"{outer}/{prefix}" if outer else prefix
    if not counts.get(full):
        return prefix
    number = 1
    while counts.get(f"{full}_{number}"):
        number += 1
    return f"{prefix}_{number}"


@contextmanager
def pure_variable_scope(
    name_or_scope: str | VariableScope, reuse: Any = None, name_scope: str | None = None, **defaults: Any
) -> Iterator[VariableScope]:
    """Open a variable scope without opening a name scope.

    Args:
        name_or_scope: the name of a scope inside the current one, or a scope to open again.
        reuse: as in `variable_scope`.
        name_scope: what `VariableScope.original_name_scope` will be.
        **defaults: those of `VariableScope`; None takes what the current scope, or the one opened again, has.
    """
    scoping, key = get_default_graph().scoping, _thread_key("scope")
    outer, counts = get_variable_scope(), _counts()
    again = isinstance(name_or_scope, VariableScope)
    base = name_or_scope if isinstance(name_or_scope, VariableScope) else outer
    name = base.name if again else f"{outer.name}/{name_or_scope}" if outer.name else str(name_or_scope)
    settings = {k: getattr(base, k) if defaults.get(k) is None else defaults[k] for k in _DEFAULTS}
    settings["constraint"] = defaults.get(
        "constraint"
    )  # the only one that is not handed down, as in TensorFlow
    if defaults.get("custom_getter") is not None:
        settings["custom_getter"] = _chained(defaults["custom_getter"], base.custom_getter)
    original = (
        base.original_name_scope if again else name_scope if name_scope is not None else str(name_or_scope)
    )
    scope = VariableScope(reuse or base.reuse, name, name_scope=original, **settings)
    counts[name] = counts.get(name, 0) + 1
    before = dict(counts)
    scoping[key] = scope
    try:
        yield scope
    finally:
        if scoping.get(key) is not scope:
            raise RuntimeError("Improper nesting of variable_scope.")
        scoping[key] = outer
        if again:
            counts.clear()
            counts.update(before)
        else:
            counts.update((k, 0) for k in counts if k.startswith(f"{name}/"))
