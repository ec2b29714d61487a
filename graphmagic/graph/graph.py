"""The graph: an append-only list of operations with names, scopes and collections."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.access import Access
from graphmagic.graph.block import Block, visible
from graphmagic.graph.explain import created_at, near_names, with_notes
from graphmagic.graph.messages import message
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.node_writer import NodeWriter
from graphmagic.graph.nodedef import set_attr
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.scopes import ControlDependencies, canonical_device
from graphmagic.graph.site import current_site
from graphmagic.graph.stack import DefaultStack

__all__ = ["Graph", "GraphKeys", "get_default_graph", "reset_default_graph", "set_default_graph"]

PRODUCER = 134  # the version of graph definitions that TensorFlow 1.15 writes
_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
_SCOPE = re.compile(r"^[A-Za-z0-9_.\\/>-]*$")


class GraphKeys:
    """The standard names of collections.

    >>> GraphKeys.GLOBAL_VARIABLES, GraphKeys.TRAINABLE_VARIABLES
    ('variables', 'trainable_variables')
    """

    GLOBAL_VARIABLES = "variables"
    LOCAL_VARIABLES = "local_variables"
    METRIC_VARIABLES = "metric_variables"
    MODEL_VARIABLES = "model_variables"
    TRAINABLE_VARIABLES = "trainable_variables"
    SUMMARIES = "summaries"
    QUEUE_RUNNERS = "queue_runners"
    TABLE_INITIALIZERS = "table_initializer"
    ASSET_FILEPATHS = "asset_filepaths"
    MOVING_AVERAGE_VARIABLES = "moving_average_variables"
    REGULARIZATION_LOSSES = "regularization_losses"
    CONCATENATED_VARIABLES = "concatenated_variables"
    SAVERS = "savers"
    WEIGHTS = "weights"
    BIASES = "biases"
    ACTIVATIONS = "activations"
    UPDATE_OPS = "update_ops"
    LOSSES = "losses"
    SAVEABLE_OBJECTS = "saveable_objects"
    RESOURCES = "resources"
    LOCAL_RESOURCES = "local_resources"
    INIT_OP = "init_op"
    LOCAL_INIT_OP = "local_init_op"
    READY_OP = "ready_op"
    READY_FOR_LOCAL_INIT_OP = "ready_for_local_init_op"
    SUMMARY_OP = "summary_op"
    GLOBAL_STEP = "global_step"
    EVAL_STEP = "eval_step"
    TRAIN_OP = "train_op"
    COND_CONTEXT = "cond_context"
    WHILE_CONTEXT = "while_context"
    # TensorFlow keeps the old name of GLOBAL_VARIABLES for old programs.
    VARIABLES = GLOBAL_VARIABLES


class Graph(Access):
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
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}
        self._names_in_use: dict[str, int] = {}
        self._scope = ""
        self._collections: dict[Any, list[Any]] = {}
        self._control_stack: list[ControlDependencies] = []
        self._device_stack: list[str] = []
        self._consumers: dict[Tensor, list[Operation]] = {}
        self._indexed = 0
        self._finalized = False
        self._seed: int | None = None
        self._ids = count()  # goes on after `undo`, so that no session takes a new operation for an old one
        self.rewound = 0
        self.attr_scope: dict[str, Any] = {}
        self._gradient_overrides: dict[str, str] = {}
        self.own_gradients: dict[str, Any] = {}  # of `tf.custom_gradient`, by the names that operations have
        self.block: Block | None = None  # where new operations belong
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
        if not _NAME.fullmatch(full_name):
            raise ValueError(
                f"`{full_name}` is not a valid node name. Accepted names conform to Regex /{_NAME}/"
            )
        if full_name in self._by_name:
            raise ValueError(f"Duplicate node name in graph: '{full_name}'")
        flat = tuple([t for item in inputs for t in (item if isinstance(item, list) else (item,))])
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
            raise _out_of_reach(tensor.op, user)
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

    def finalize(self) -> None:
        """Make the graph read-only: creating an operation is an error from now on."""
        self._finalized = True

    def _unsafe_unfinalize(self) -> None:
        self._finalized = False

    @property
    def finalized(self) -> bool:
        """Whether the graph is read-only."""
        return self._finalized

    def _check_not_finalized(self) -> None:
        if self._finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

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

    # ----- names -----

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """A name in the current scope that no operation has: ``name``, ``name_1``, ``name_2`` ...

        Args:
            name: the wanted name; letter case does not tell names apart.
            mark_as_used: whether the name counts as taken from now on.

        >>> graph = Graph()
        >>> [graph.unique_name("add") for _ in range(3)]
        ['add', 'add_1', 'add_2']
        """
        if self._scope:
            name = f"{self._scope}/{name}"
        key = name.lower()
        count = self._names_in_use.get(key, 0)
        if mark_as_used:
            self._names_in_use[key] = count + 1
        if not count:
            return name
        candidate = key
        while candidate in self._names_in_use:
            candidate = f"{key}_{count}"
            count += 1
        if mark_as_used:
            self._names_in_use[key] = count
            self._names_in_use[candidate] = 1
        return f"{name}_{count - 1}"

    def mark_used(self, name: str) -> None:
        """Count a full name, and the scopes it lies in, as taken."""
        parts = name.lower().split("/")
        for end in range(1, len(parts) + 1):
            self._names_in_use.setdefault("/".join(parts[:end]), 1)

    def name_scope(self, name: str | None) -> AbstractContextManager[str]:
        """Put the operations made inside the ``with`` block under ``name/``.

        Args:
            name: the scope; made unique.  One that ends in ``/`` is entered again as it is; None or "" leaves all scopes.

        Returns:
            A context manager whose value is the scope with its final ``/``.

        Raises:
            ValueError: the name is not valid.
        """
        return _NameScope(self, name)

    def get_name_scope(self) -> str:
        """The current scope, without a final ``/``."""
        return self._scope

    # ----- look-up -----

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of that name.

        Raises:
            TypeError: `name` is no string.
            ValueError: it is the name of a tensor.
            KeyError: there is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        found: Operation = self.as_graph_element(name, allow_tensor=False)
        return found

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of that name, ``<operation>:<output index>``.

        Raises:
            TypeError: `name` is no string.
            ValueError: it is the name of an operation.
            KeyError: there is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        found: Tensor = self.as_graph_element(name, allow_operation=False)
        return found

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Any:
        """The tensor or operation that `obj` is, stands for, or names.

        Args:
            obj: a tensor, an operation, a variable, or a name.
            allow_tensor: whether the answer may be a tensor.
            allow_operation: whether the answer may be an operation.

        Raises:
            TypeError: `obj` is none of these.
            ValueError: it belongs to another graph, or is of a kind that is not allowed.
            KeyError: there is nothing of that name.
        """
        kinds = " or ".join(["Tensor"] * allow_tensor + ["Operation"] * allow_operation)
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert()
        if isinstance(obj, str):
            return self._element_by_name(obj, allow_tensor, allow_operation)
        if (isinstance(obj, Tensor) and allow_tensor) or (isinstance(obj, Operation) and allow_operation):
            if obj.graph is not self:
                raise with_notes(
                    ValueError(f"{type(obj).__name__} {obj} is not an element of this graph."),
                    created_at(obj.op if isinstance(obj, Tensor) else obj),
                    "To fix it: use it with its own graph, for instance in tf.Session(graph=tensor.graph).",
                )
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {kinds}.")

    def _element_by_name(self, name: str, allow_tensor: bool, allow_operation: bool) -> Any:
        if ":" not in name:
            if not allow_operation:
                if name in self._by_name:
                    raise ValueError(
                        f"The name {name!r} refers to an Operation, not a Tensor. "
                        'Tensor names must be of the form "<op_name>:<output_index>".'
                    )
                raise ValueError(
                    f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. "
                    'Tensor names must be of the form "<op_name>:<output_index>".'
                )
            if name not in self._by_name:
                raise with_notes(
                    KeyError(f"The name {name!r} refers to an Operation not in the graph."),
                    near_names(name, self._by_name),
                )
            return self._by_name[name]
        if not allow_tensor:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
        op_name, _, index = name.partition(":")
        if not index.isdigit():
            raise ValueError(
                f"The name {name!r} looks a like a Tensor name, but is not a valid one. "
                'Tensor names must be of the form "<op_name>:<output_index>".'
            )
        op = self._by_name.get(op_name)
        if op is None:
            raise with_notes(
                KeyError(
                    f"The name {name!r} refers to a Tensor which does not exist. "
                    f"The operation, {op_name!r}, does not exist in the graph."
                ),
                near_names(name, [f"{existing}:0" for existing in self._by_name]),
            )
        if int(index) >= len(op.outputs):
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. "
                f"The operation, {op_name!r}, exists but only has {len(op.outputs)} outputs."
            )
        return op.outputs[int(index)]

    # ----- collections -----

    def add_to_collection(self, name: Any, value: Any) -> None:
        """Append `value` to the collection `name`."""
        self._check_not_finalized()
        self._collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        """Append `value` to each of the collections `names` (one name or several)."""
        for name in dict.fromkeys([names] if isinstance(names, str) else names):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of a collection; empty if there is none of that name.

        Args:
            name: the collection.
            scope: a regular expression; only items whose ``name`` starts with a match are returned.
        """
        items = list(self._collections.get(name, ()))
        if scope is None:
            return items
        pattern = re.compile(scope)
        return [item for item in items if hasattr(item, "name") and pattern.match(item.name)]

    def get_collection_ref(self, name: Any) -> list[Any]:
        """The collection itself, created if missing; changes to the list change the collection."""
        return self._collections.setdefault(name, [])

    def get_all_collection_keys(self) -> list[str]:
        """The names of all collections that have string names."""
        return [key for key in self._collections if isinstance(key, str)]

    def clear_collection(self, name: Any) -> None:
        """Forget a collection."""
        self._check_not_finalized()
        self._collections.pop(name, None)

    # ----- contexts -----

    def as_default(self) -> AbstractContextManager[Graph]:
        """Make this the default graph inside a ``with`` block."""
        return _default_graphs.pushed(self)

    @contextmanager
    def control_dependencies(self, control_inputs: Sequence[Any] | None) -> Iterator[None]:
        """Make the operations created inside the ``with`` block run after `control_inputs`.

        Args:
            control_inputs: operations, tensors or variables; None clears all enclosing blocks.

        Raises:
            TypeError: something else is among them.
        """
        if control_inputs is None:
            outer, scope, block = self._control_stack, self._scope, self.block
            self._control_stack, self.block = [], None
            try:
                yield
            finally:
                self._control_stack, self._scope, self.block = outer, scope, block
            return
        operations = dict.fromkeys(self._control_operation(c) for c in control_inputs)
        self._control_stack.append(ControlDependencies(tuple(operations)))
        try:
            yield
        finally:
            self._control_stack.pop()

    @property
    def has_control_dependencies(self) -> bool:
        """Whether operations created now wait for others."""
        return bool(self._control_stack)

    def _control_operation(self, item: Any) -> Operation:
        element = self.as_graph_element(getattr(item, "op", item) if not isinstance(item, str) else item)
        operation: Operation = element.op if isinstance(element, Tensor) else element
        home = operation.block
        if home is not None and (self.block is None or not self.block.is_in(home)):
            raise _out_of_reach(operation, "a control dependency")
        return operation

    @contextmanager
    def device(self, device_name_or_function: Any) -> Iterator[None]:
        """Note a device on the operations created inside the ``with`` block; graphmagic runs on the CPU.

        Args:
            device_name_or_function: a name such as ``/cpu:0``, which adds to the enclosing ones; None clears them.
        """
        outer = self._device_stack[-1] if self._device_stack and device_name_or_function is not None else ""
        self._device_stack.append(canonical_device(device_name_or_function, outer))
        try:
            yield
        finally:
            self._device_stack.pop()

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Accepted for old programs; with one device there is nothing to colocate."""
        yield

    @contextmanager
    def container(self, container_name: str) -> Iterator[str]:
        """Accepted for old programs; every session keeps its variables by itself."""
        yield container_name

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Differentiate the operations created inside the ``with`` block by other functions.

        Args:
            op_type_map: for types of operations the names of gradients, as `tf.RegisterGradient` declares them.

        Raises:
            TypeError: it is no dictionary from strings to strings.
        """
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        for op_type, name in op_type_map.items():
            if not (isinstance(op_type, str) and isinstance(name, str)):
                raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        outer = self._gradient_overrides
        self._gradient_overrides = {**outer, **op_type_map}
        try:
            yield
        finally:
            self._gradient_overrides = outer

    # ----- seeds -----

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


def _out_of_reach(op: Operation, user: str) -> ValueError:
    """The error of using what is inside a branch or a loop from a place that is not."""
    assert op.block is not None
    where = "a while loop" if any(b.in_loop for b in op.block.path()) else "a branch of a cond"
    return with_notes(
        ValueError(f"Cannot use '{op.name}' as input to '{user}' because '{op.name}' is in {where}."),
        created_at(op),
        "To fix it: return it from the function that makes it, and use what tf.cond or tf.while_loop returns.",
    )


class _NameScope(AbstractContextManager[str]):
    """See `Graph.name_scope`; a class, since this runs once per operation and generators cost more."""

    __slots__ = ("graph", "name", "outer")

    def __init__(self, graph: Graph, name: str | None) -> None:
        if name:
            if not isinstance(name, str):
                raise TypeError(
                    f"'{name}' is not a valid scope name: it is a {type(name).__name__}, not a string"
                )
            if graph._scope:
                if not _SCOPE.fullmatch(name):
                    raise ValueError(
                        f"'{name}' is not a valid scope name. A scope name has to match the following pattern: {_SCOPE.pattern}"
                    )
            elif not _NAME.fullmatch(name):
                raise ValueError(
                    f"'{name}' is not a valid root scope name. A root scope name has to match the following pattern: "
                    f"{_NAME.pattern}"
                )
        self.graph = graph
        self.name = name
        self.outer = graph._scope

    def __enter__(self) -> str:
        graph, name = self.graph, self.name
        self.outer = graph._scope
        if not name:
            graph._scope = ""
            return ""
        graph._scope = name[:-1] if name.endswith("/") else graph.unique_name(name)
        return graph._scope + "/"

    def __exit__(self, *error: object) -> None:
        self.graph._scope = self.outer


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
