"""Operations about order rather than values: no_op, group, tuple."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphmagic.graph.apply import apply_op, graph_of
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.identity import identity

no_op_op = OpDef("NoOp", "", differentiable=False)


@no_op_op.kernel
def no_op_kernel() -> None:
    """Compute nothing: such a node exists for its control inputs."""


def no_op(name: str | None = None) -> Operation:
    """An operation that does nothing; useful as something to wait for.

    >>> import graphmagic as tf
    >>> tf.no_op().type
    'NoOp'
    """
    return apply_op(no_op_op, name=name)


def group(*inputs: Any, name: str | None = None) -> Operation:
    """One operation that runs several.

    Args:
        *inputs: operations, tensors, variables, or lists of them.
        name: the operation's name.

    Returns:
        An `Operation` that finishes when all of them have.

    Raises:
        TypeError: something else is among them.

    >>> import graphmagic as tf
    >>> v = tf.Variable(1.0)
    >>> both = tf.group(v.initializer, tf.no_op(), name="both")
    >>> [op.name for op in both.control_inputs]
    ['Variable/Assign', 'NoOp']
    """
    items = _flatten(inputs)
    graph = graph_of(items)
    with graph.as_default(), graph.control_dependencies([_operation(item) for item in items]):
        return no_op(name=name or "group_deps")


def _flatten(inputs: Any) -> list[Any]:
    found: list[Any] = []
    for item in inputs:
        found += _flatten(item) if isinstance(item, (list, tuple)) else [item]
    return found


def _operation(item: Any) -> Any:
    if not hasattr(item, "graph") or not (isinstance(item, Operation) or hasattr(item, "op")):
        raise TypeError(
            f"'inputs' should be zero or more (nested) Tensors. Received '{item!r}' with type '{type(item)}'."
        )
    return item


def tuple_(
    tensors: Sequence[Any], name: str | None = None, control_inputs: Sequence[Any] | None = None
) -> list[Any]:
    """The same tensors, none of which has a value before all of them are computed.

    Args:
        tensors: tensors, `IndexedSlices` or None.
        name: the scope of the operations made.
        control_inputs: more operations to wait for.

    Returns:
        A list like `tensors`.

    Raises:
        ValueError: there is no tensor among them.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.tuple([tf.constant(1), tf.constant(2)]))
    [np.int32(1), np.int32(2)]
    """
    with get_default_graph().name_scope(name or "tuple"):
        gating = [t.op for t in tensors if t is not None]
        gating += [get_default_graph().as_graph_element(c) for c in control_inputs or ()]
        if not gating:
            raise ValueError(f"'tensors' must have at least one Tensor. Received: {tensors!r}.")
        gate = group(*gating)
        return [None if t is None else with_dependencies([gate], t) for t in tensors]


def with_dependencies(dependencies: Sequence[Any], value: Any, name: str = "control_dependency") -> Any:
    """`value`, available once `dependencies` have run."""
    with get_default_graph().control_dependencies(dependencies):
        if isinstance(value, IndexedSlices):
            return IndexedSlices(identity(value.values, name=name), value.indices, value.dense_shape)
        tensor: Tensor = convert_to_tensor(value)
        return identity(tensor, name=name)
