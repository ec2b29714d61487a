"""The graph: an append-only list of operations, and what is made with each; its other parts are base classes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.block import visible
from graphmagic.graph.collections import Collections, GraphKeys
from graphmagic.graph.contexts import Contexts, out_of_reach
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.messages import message
from graphmagic.graph.names import NAME
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.node_writer import NodeWriter
from graphmagic.graph.nodedef import set_attr
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.site import current_site
from graphmagic.graph.stack import DefaultStack

__all__ = ["Graph", "GraphKeys", "get_default_graph", "reset_default_graph", "set_default_graph"]

PRODUCER = 134  # the version of graph definitions that TensorFlow 1.15 writes


class Graph(Contexts, Collections):
    """A computation: operations and the tensors between them, no values.

    >>> graph = Graph()
    >>> with graph.as_default():
    ...     import graphmagic as tf
    ...     total = tf.constant(1) + tf.constant(2)
    >>> [op.name for op in graph.get_operations()]
    ['Const', 'Const_1', 'add']
    >>> tf.Session(graph=graph).run(total)
    np.int32(3)
    """

    def __init__(self) -> None:
        super().__init__()
        self._consumers: dict[Tensor, list[Operation]] = {}
        self._indexed = 0
        self._seed: int | None = None
        self._ids = count()  # goes on after `undo`, so that no session takes a new operation for an old one
        self.rewound = 0
        self.attr_scope: dict[str, Any] = {}
        self.own_gradients: dict[str, Any] = {}  # of `tf.custom_gradient`, by the names that operations have
        self.spared = 0  # operations that TensorFlow 1 would have made here and graphmagic does without
        self.scoping: dict[Any, Any] = {}  # what get_variable and variable_scope remember of this graph

    # ----- operations -----

    def create_op(
        self,
        opdef: OpDef,
        inputs: Sequence[Any],
        output_types: Sequence[DType],
        attrs: dict[str, Any],
        name: str,
        infer_shapes: Callable[[Operation, Sequence[Any]], None],
    ) -> Operation:
        """Add an operation whose inputs are tensors (or lists of tensors) already; user code calls `tf.…` functions.

        Raises:
            RuntimeError: the graph is finalized.
            ValueError: the name is invalid or taken, or the shapes do not fit.
        """
        self._check_not_finalized()
        full_name = name[:-1] if name.endswith("/") else self.unique_name(name)
        if not NAME.fullmatch(full_name):
            raise ValueError(
                f"`{full_name}` is not a valid node name. Accepted names conform to Regex /{NAME}/"
            )
        if full_name in self._by_name:
            raise ValueError(f"Duplicate node name in graph: '{full_name}'")
        flat = tuple(inputs if not opdef.takes_lists else _flattened(inputs))
        control_inputs = self._control_inputs_for(flat)
        device = self._device_stack[-1] if self._device_stack else ""
        if self.attr_scope:
            attrs = {**attrs, **self.attr_scope}
        if opdef.name in self._gradient_overrides:
            attrs = {**attrs, "_gradient_op_type": self._gradient_overrides[opdef.name]}
        op = Operation(
            self,
            opdef,
            full_name,
            flat,
            output_types,
            control_inputs,
            attrs,
            device,
            current_site(),
            next(self._ids),
            self.block,
        )
        infer_shapes(op, inputs)
        self._operations.append(op)
        self._by_name[full_name] = op
        if self.block is not None:
            self._note_captures(op)
        for controller in self._control_stack:
            controller.seen.add(op)
        return op

    def _control_inputs_for(self, inputs: tuple[Tensor, ...]) -> tuple[Operation, ...]:
        """The control inputs of a new operation: those of each enclosing block, unless an input already waits for them."""
        if not self._control_stack:
            return ()
        sources = {t.op for t in inputs}
        found: dict[Operation, None] = {}
        for controller in self._control_stack:
            if controller.seen.isdisjoint(sources):
                found.update(dict.fromkeys(op for op in controller.operations if op not in sources))
        return tuple(found)

    def add_control_inputs(self, op: Operation, control_inputs: Sequence[Operation]) -> None:
        """Make an operation wait for others; only for operations that nothing has run yet."""
        op._control_inputs = tuple(dict.fromkeys([*op._control_inputs, *control_inputs]))

    def get_operations(self) -> list[Operation]:
        """The operations in creation order (a new list)."""
        return list(self._operations)

    @property
    def version(self) -> int:
        """The number of operations created so far."""
        return len(self._operations)

    @property
    def last_id(self) -> int:
        """The number that TensorFlow 1 uses as the seed of a random operation that has none of its own."""
        return len(self._operations) + self.spared

    def consumers(self, tensor: Tensor) -> list[Operation]:
        """The operations that take `tensor` as an input, in creation order."""
        for op in self._operations[self._indexed :]:
            for source in dict.fromkeys(op.inputs):
                self._consumers.setdefault(source, []).append(op)
        self._indexed = len(self._operations)
        return list(self._consumers.get(tensor, ()))

    def forget_consumers(self) -> None:
        """Find consumers anew: an operation has got more inputs."""
        self._consumers, self._indexed = {}, 0

    def own(self, tensor: Tensor, user: str) -> Tensor:
        """`tensor` as an operation made now can use it.

        Args:
            tensor: a tensor.
            user: the name of that operation, for messages.

        Raises:
            ValueError: it belongs to another graph, or to a branch or loop that the operation is not in.
        """
        if tensor.graph is not self:
            raise with_notes(ValueError(f"{tensor} is not an element of this graph."), created_at(tensor.op))
        home = tensor.op.block
        if home is None or home is self.block:
            return tensor
        found = visible(self.block, tensor)
        if found is None:
            raise out_of_reach(tensor.op, user)
        return found

    def _note_captures(self, op: Operation) -> None:
        """Count the operations that TensorFlow 1 makes for each outside tensor that a block uses: seeds depend on it."""
        assert self.block is not None
        for tensor in op.inputs:
            if op.type == "Identity" and tensor.dtype.is_ref_dtype:
                continue
            for block in self.block.path():
                if tensor.op.block is block or tensor in block.seen:
                    break
                block.seen.add(tensor)
                self.spared += block.mirrors is None

    @property
    def graph_def_versions(self) -> Any:
        """The version of the definitions that `as_graph_def` writes."""
        return self.as_graph_def(from_version=self.version).versions

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """The definitions of all nodes: a `tf.GraphDef`, as TensorFlow would write it.

        Args:
            from_version: leave out the operations created before this `version`.
            add_shapes: add the static shapes as an attribute ``_output_shapes``.
        """
        result = message("GraphDef")()
        writer = NodeWriter(self._operations)
        for op in self._operations[from_version or 0 :]:
            nodes = writer.nodes(op)
            if add_shapes and nodes[-1].name == op.name and nodes[-1].op != "Merge":
                set_attr(nodes[-1].attr["_output_shapes"], [t.shape for t in op.outputs])
            result.node.extend(nodes)
        result.versions.producer = PRODUCER
        return result

    # ----- defaults -----

    def as_default(self) -> AbstractContextManager[Graph]:
        """Make this the default graph inside a ``with`` block."""
        return _default_graphs.pushed(self)

    @property
    def seed(self) -> int | None:
        """The graph-level random seed."""
        return self._seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self._seed = seed

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        from graphmagic import draw

        return draw.picture(self)._repr_mimebundle_(include, exclude)


def _flattened(inputs: Sequence[Any]) -> list[Tensor]:
    return [t for item in inputs for t in (item if isinstance(item, list) else (item,))]


class _DefaultGraphs(DefaultStack[Graph]):
    """The stack of default graphs; below it all lies one global graph, the same in no two threads."""

    def __init__(self) -> None:
        super().__init__()
        self.bottom: Graph | None = None

    def top(self) -> Graph:
        if self.items:
            return self.items[-1]
        if self.bottom is None:
            self.bottom = Graph()
        return self.bottom


_default_graphs = _DefaultGraphs()


def get_default_graph() -> Graph:
    """The graph that new operations are added to.

    >>> graph = Graph()
    >>> with graph.as_default():
    ...     get_default_graph() is graph
    True
    """
    return _default_graphs.top()


def reset_default_graph() -> None:
    """Replace the global default graph by an empty one; see `get_default_graph`.

    Raises:
        AssertionError: called inside a ``with graph.as_default():`` block.
    """
    if _default_graphs.items:
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. "
            "If you need a cleared graph, exit the nesting and create a new graph."
        )
    _default_graphs.bottom = None


def set_default_graph(graph: Graph) -> None:
    """Make `graph` the global default graph: the one that is default outside all ``with`` blocks."""
    _default_graphs.bottom = graph
