"""Gradients that programs declare: `tf.RegisterGradient` and its relatives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from graphmagic.graph.node import Operation
from graphmagic.graph.opdef import registry

__all__ = ["NoGradient", "NotDifferentiable", "RegisterGradient", "own_gradient"]

F = TypeVar("F", bound=Callable[..., Any])

_registered: dict[str, Callable[..., Any] | None] = {}
ATTRIBUTE = "_gradient_op_type"  # of an operation: the name under which its gradient is registered


class RegisterGradient:
    """A decorator that declares a gradient under a name.

    Args:
        op_type: the name: of a type of operation that has no gradient, or one for `Graph.gradient_override_map`.

    Raises:
        KeyError: the name has a gradient already.

    >>> import graphmagic as tf
    >>> @tf.RegisterGradient("Tenfold")
    ... def tenfold(op, grad):
    ...     return 10.0 * grad
    >>> with tf.get_default_graph().gradient_override_map({"Identity": "Tenfold"}):
    ...     x = tf.constant(1.0)
    ...     y = tf.identity(x)
    >>> tf.Session().run(tf.gradients(y, x))
    [np.float32(10.0)]
    """

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f: F) -> F:
        """Declare `f`: it gets the operation and the gradients of its outputs, and returns those of its inputs."""
        _register(self._op_type, f)
        return f


def NotDifferentiable(op_type: str) -> None:  # noqa: N802 - TensorFlow's name
    """Declare that gradients stop at a type of operation; see `RegisterGradient`.

    Args:
        op_type: the type.

    Raises:
        KeyError: the name has a gradient already.
        TypeError: `op_type` is no string.
    """
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _register(op_type, None)


NoGradient = NotDifferentiable


def _register(name: str, function: Callable[..., Any] | None) -> None:
    opdef = registry.get(name)
    if name in _registered or (opdef is not None and opdef.gradient_function is not None):
        raise KeyError(f"Registering two gradient with name '{name}'!")
    _registered[name] = function


def own_gradient(op: Operation) -> tuple[bool, Callable[..., Any] | None]:
    """Whether a program has declared how to differentiate an operation, and the function; None stops gradients.

    Raises:
        LookupError: `Graph.gradient_override_map` named a gradient that is not registered.
    """
    name = op.attrs.get(ATTRIBUTE)
    if name is None:
        return op.type in _registered, _registered.get(op.type)
    if name in op.graph.own_gradients:
        return True, op.graph.own_gradients[name]
    if name in _registered:
        return True, _registered[name]
    opdef = registry.get(name)
    if opdef is None or (opdef.gradient_function is None and opdef.differentiable):
        raise LookupError(f"No gradient defined for operation '{op.name}' (op type: {name})")
    return True, opdef.gradient_function
