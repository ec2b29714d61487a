"""Templates: functions that share the variables they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.explain import with_notes
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.site import Site, current_site
from graphmagic.ops.scope import VariableScope, pure_variable_scope, unique_scope_name
from graphmagic.ops.variable_scope import variable_scope

__all__ = ["Template", "make_template"]


class Template:
    """A function in a variable scope of its own: the first call makes variables, later calls share them.

    Args:
        name: the name of the scope; made unique.
        function: the function.
        create_scope_now: open the scope now rather than at the first call.
        unique_name: a name for the scope that is taken as it is.
        custom_getter: called instead of `get_variable`, with the original as ``getter``.

    Raises:
        ValueError: there is no name.
    """

    def __init__(
        self,
        name: str,
        function: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Callable[..., Any] | None = None,
    ) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._name = name
        self._function = function
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._site: Site = current_site()
        self._scope: VariableScope | None = None
        self._has_variables = False
        if create_scope_now:
            with pure_variable_scope(
                unique_name or unique_scope_name(name), custom_getter=custom_getter
            ) as scope:
                self._scope = scope

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function inside the scope."""
        try:
            if self._scope is not None:
                with variable_scope(self._scope, reuse=self._has_variables):
                    return self._call(args, kwargs)
            with variable_scope(self._unique_name, self._name, custom_getter=self._custom_getter) as scope:
                self._scope = scope
                return self._call(args, kwargs)
        except Exception as error:
            with_notes(error, f"The template {self._name!r} was made at {self._site}: {self._site.line_text}")
            raise

    def _call(self, args: Any, kwargs: Any) -> Any:
        if not self._has_variables:
            result = self._function(*args, **kwargs)
            self._has_variables = True
            return result
        graph = get_default_graph()
        before = len(graph.get_collection(GraphKeys.TRAINABLE_VARIABLES))
        result = self._function(*args, **kwargs)
        new = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)[before:]
        if new:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, perhaps you used tf.Variable "
                f"when you meant tf.get_variable: {new}"
            )
        return result

    @property
    def name(self) -> str:
        """The name given to the template."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function."""
        return self._function

    @property
    def variable_scope(self) -> VariableScope | None:
        """The scope of its variables; None before there is one."""
        return self._scope

    @property
    def var_scope(self) -> VariableScope | None:
        """The old spelling of `variable_scope`."""
        return self._scope

    @property
    def variable_scope_name(self) -> str | None:
        """The prefix of the names of its variables, with the final ``/``."""
        return f"{self._scope.name}/" if self._scope is not None and self._scope.name else None

    def _collection(self, key: str) -> list[Any]:
        return (
            get_default_graph().get_collection(key, self.variable_scope_name) if self._has_variables else []
        )

    @property
    def global_variables(self) -> list[Any]:
        """The global variables that it has made."""
        return self._collection(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        """The local variables that it has made."""
        return self._collection(GraphKeys.LOCAL_VARIABLES)

    @property
    def trainable_variables(self) -> list[Any]:
        """The variables that it has made and that optimizers change by default."""
        return self._collection(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def non_trainable_variables(self) -> list[Any]:
        """The global variables that it has made and that optimizers leave alone."""
        return [v for v in self.global_variables if v not in self.trainable_variables]

    @property
    def variables(self) -> list[Any]:
        """The variables that it has made."""
        return self.global_variables + self.local_variables

    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Callable[..., Any] | None = None,
    **kwargs: Any,
) -> Template:
    """Wrap a function so that all its calls share the variables that the first call makes.

    Args:
        name_: the name of the variable scope; made unique.
        func_: the function; it makes its variables with `tf.get_variable`.
        create_scope_now_: open the scope now rather than at the first call.
        unique_name_: a name for the scope that is taken as it is.
        custom_getter_: called instead of `get_variable`, with the original as ``getter``.
        **kwargs: arguments for the function.

    Returns:
        A `Template`, which is called like the function.

    Raises:
        ValueError: there is no name; or, when called, the function makes other variables than the first time.

    >>> import graphmagic as tf
    >>> scale = tf.make_template("scale", lambda x: x * tf.get_variable("w", []))
    >>> one, two = scale(1.0), scale(2.0)
    >>> [v.name for v in tf.global_variables()]
    ['scale/w:0']
    """

    def function(*args: Any, **more: Any) -> Any:
        return func_(*args, **{**kwargs, **more})

    return Template(name_, function if kwargs else func_, create_scope_now_, unique_name_, custom_getter_)
