"""How objects look to programs of TensorFlow 1: classes have the modules they had there, and notebooks show `repr`.

``type(x)`` and the last line of a cell stand in published outputs; so, while the alias is there, they read the same.
"""

from __future__ import annotations

from typing import Any

from graphmagic import errors
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.interactive_session import InteractiveSession
from graphmagic.ops.variable import Variable
from graphmagic.session import Session
from graphmagic.shapes import TensorShape

__all__ = ["put_on", "take_off"]

_HOMES: dict[type, str] = {
    Operation: "tensorflow.python.framework.ops",
    Tensor: "tensorflow.python.framework.ops",
    DType: "tensorflow.python.framework.dtypes",
    Dimension: "tensorflow.python.framework.tensor_shape",
    Graph: "tensorflow.python.framework.ops",
    InteractiveSession: "tensorflow.python.client.session",
    Session: "tensorflow.python.client.session",
    TensorShape: "tensorflow.python.framework.tensor_shape",
    Variable: "tensorflow.python.ops.variables",
    **{
        kind: "tensorflow.python.framework.errors_impl"
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.OpError)
    },
}
_SHOWN = (Operation, Tensor, Variable)
_former: dict[tuple[type, str], Any] = {}  # what classes had before


def _showing(former: Any) -> Any:
    def _repr_mimebundle_(self: Any, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = former(self, include, exclude)
        if "text/plain" in bundle:
            bundle["text/plain"] = repr(self)
        return bundle

    return _repr_mimebundle_


def put_on() -> None:
    """Let classes look like TensorFlow 1's; twice changes nothing.

    >>> import graphmagic as tf
    >>> put_on()
    >>> type(tf.constant(1))
    <class 'tensorflow.python.framework.ops.Tensor'>
    >>> take_off()
    >>> type(tf.constant(1))
    <class 'graphmagic.graph.node.Tensor'>
    """
    if _former:
        return
    changes = [(kind, "__module__", home) for kind, home in _HOMES.items()]
    changes += [(kind, "_repr_mimebundle_", _showing(vars(kind)["_repr_mimebundle_"])) for kind in _SHOWN]
    for kind, name, value in changes:
        _former[kind, name] = vars(kind)[name]
        setattr(kind, name, value)


def take_off() -> None:
    """Undo `put_on`."""
    for (kind, name), value in _former.items():
        setattr(kind, name, value)
    _former.clear()
