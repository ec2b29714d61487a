"""Variable scopes: names and defaults for `get_variable`, so that parts of a program can share variables."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from types import TracebackType
from typing import Any

from graphmagic.graph.apply import graph_of
from graphmagic.graph.enums import VariableAggregation, VariableSynchronization
from graphmagic.graph.graph import GraphKeys
from graphmagic.ops.scope import VariableScope, get_variable_scope, pure_variable_scope, unique_scope_name
from graphmagic.ops.variable_store import AUTO_REUSE

__all__ = [
    "AUTO_REUSE",
    "VariableScope",
    "get_local_variable",
    "get_variable",
    "get_variable_scope",
    "no_regularizer",
    "variable_op_scope",
    "variable_scope",
]

Getter = Callable[..., Any]


def no_regularizer(_: Any) -> None:
    """A regularizer that adds no loss: it turns off that of an enclosing scope.

    >>> no_regularizer(None) is None
    True
    """


class variable_scope(AbstractContextManager[VariableScope]):  # noqa: N801
    """Open a variable scope: inside the ``with`` block `get_variable` makes variables called ``scope/...``.

    A name scope of the same name is opened too, for the operations made inside.

    Args:
        name_or_scope: a name, or a scope to open again; None to make a new one called `default_name`.
        default_name: the name if `name_or_scope` is None; made unique.
        values: tensors; they say which graph is meant.
        initializer: the initializer of variables that have none of their own.
        regularizer: the regularizer of variables that have none of their own.
        caching_device: accepted for old programs.
        partitioner: accepted for old programs; variables stay whole.
        custom_getter: called instead of `get_variable`, with the original as ``getter``.
        reuse: True to share existing variables, `AUTO_REUSE` to share or create; None as the scope around it.
        dtype: the type of variables that have none of their own.
        use_resource: accepted for old programs.
        constraint: the constraint of variables that have none of their own.
        auxiliary_name_scope: whether to open a name scope too.

    Returns:
        A context manager whose value is a `VariableScope`.

    Raises:
        TypeError: there is no name, or an argument has the wrong type.
        ValueError: `reuse` has another value, or is set without a name.

    >>> import graphmagic as tf
    >>> def layer(x):
    ...     with tf.variable_scope("layer", reuse=tf.AUTO_REUSE):
    ...         return x * tf.get_variable("w", [])
    >>> one, two = layer(1.0), layer(2.0)
    >>> one.name, two.name, [v.name for v in tf.global_variables()]
    ('layer/mul:0', 'layer_1/mul:0', ['layer/w:0'])
    """

    def __init__(
        self,
        name_or_scope: str | VariableScope | None,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Getter | None = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: Any = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if not any(reuse is allowed for allowed in (None, True, False, AUTO_REUSE)):
            raise ValueError("The reuse parameter must be True or False or None.")
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                f"The auxiliary_name_scope must be `True` or `False`, while get {auxiliary_name_scope}"
            )
        self._name_or_scope = name_or_scope
        self._default_name = default_name
        self._reuse = reuse or None
        self._auxiliary = auxiliary_name_scope
        self._graph = graph_of(values or [])
        self._defaults = {
            "initializer": initializer,
            "regularizer": regularizer,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "custom_getter": custom_getter,
            "dtype": dtype,
            "use_resource": use_resource,
            "constraint": constraint,
        }
        self._entered: list[ExitStack] = []

    def __enter__(self) -> VariableScope:
        with ExitStack() as stack:
            stack.enter_context(self._graph.as_default())
            scope = self._open(stack)
            self._entered.append(stack.pop_all())
        return scope

    def _open(self, stack: ExitStack) -> VariableScope:
        target = self._name_or_scope
        if target is None:
            if self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            name_scope = stack.enter_context(self._name_scope(str(self._default_name)))
            name = unique_scope_name(str(self._default_name))
            return stack.enter_context(pure_variable_scope(name, name_scope=name_scope, **self._defaults))
        if not isinstance(target, (VariableScope, str)):
            raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
        last = target if isinstance(target, str) else target.name.split("/")[-1]
        opened = stack.enter_context(self._name_scope(last)) if last or not self._auxiliary else None
        return stack.enter_context(
            pure_variable_scope(
                target, self._reuse, opened if isinstance(target, str) else None, **self._defaults
            )
        )

    def _name_scope(self, name: str) -> AbstractContextManager[str]:
        if self._auxiliary:
            return self._graph.name_scope(name)
        current = self._graph.get_name_scope()
        return self._graph.name_scope(f"{current}/" if current else None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._entered.pop().__exit__(kind, error, traceback)


def variable_op_scope(
    values: Any,
    name_or_scope: Any,
    default_name: str | None = None,
    initializer: Any = None,
    regularizer: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    custom_getter: Getter | None = None,
    reuse: Any = None,
    dtype: Any = None,
    use_resource: Any = None,
    constraint: Any = None,
) -> variable_scope:
    """The old spelling of `variable_scope`, with the values first.

    >>> import graphmagic as tf
    >>> with tf.variable_op_scope([], "layer") as scope:
    ...     scope.name
    'layer'
    """
    return variable_scope(
        name_or_scope,
        default_name,
        values,
        initializer,
        regularizer,
        caching_device,
        partitioner,
        custom_getter,
        reuse,
        dtype,
        use_resource,
        constraint,
    )


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: Any = None,
    custom_getter: Getter | None = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """Make a variable, or return the one of that name if the current variable scope says to share.

    Args:
        name: its name inside the variable scope.
        shape: its shape; None if `initializer` is a value or a function without arguments.
        dtype: its type; that of the scope, else float32, if None.
        initializer: a value, or a function of shape and dtype; that of the scope if None, else Glorot's uniform
            numbers for floats, zeros for integers, booleans and strings.
        regularizer: computes a loss, added to the collection ``regularization_losses``; that of the scope if None.
        trainable: whether optimizers change it by default; they do if None.
        collections: the collections to add it to; the global variables if None.
        caching_device: accepted for old programs.
        partitioner: accepted for old programs; the variable stays whole.
        validate_shape: whether its shape is fixed.
        use_resource: accepted for old programs.
        custom_getter: called instead, with the original as ``getter``.
        constraint: a function that optimizers apply after each update.
        synchronization: accepted for old programs.
        aggregation: accepted for old programs.

    Returns:
        A `Variable`.

    Raises:
        ValueError: the variable exists and must not, or must and does not, or has another shape or type.

    >>> import graphmagic as tf
    >>> tf.get_variable("w", [2, 3])
    <tf.Variable 'w:0' shape=(2, 3) dtype=float32_ref>
    """
    return get_variable_scope().get_variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
    )


def get_local_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = False,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: Any = None,
    custom_getter: Getter | None = None,
    constraint: Any = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """`get_variable` for a local variable: not trained, not saved, initialized by `local_variables_initializer`.

    >>> import graphmagic as tf
    >>> count = tf.get_local_variable("count", [], tf.int32)
    >>> tf.local_variables() == [count], tf.global_variables()
    (True, [])
    """
    keys = [*(collections or ()), GraphKeys.LOCAL_VARIABLES]
    return get_variable(
        name,
        shape,
        dtype,
        initializer,
        regularizer,
        False,
        keys,
        caching_device,
        partitioner,
        validate_shape,
        use_resource,
        custom_getter,
        constraint,
    )
