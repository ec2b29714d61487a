"""`tf.import_graph_def`: the nodes of a graph definition become operations of the default graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graphmagic.dtypes import DType, as_dtype
from graphmagic.graph.apply import infer_shapes, output_types
from graphmagic.graph.constants import group_by_argument
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.graph.messages import has_protobuf, message
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.nodedef import attr_value
from graphmagic.graph.opdef import OpDef, registry
from graphmagic.graph.ordering import inputs_first
from graphmagic.graph.plain_messages import PLAIN
from graphmagic.graph.undo import unchanged_on_error
from graphmagic.interchange.aliases import ALIASES
from graphmagic.interchange.expansions import EXPANSIONS
from graphmagic.ops.identity import identity

__all__ = ["import_graph_def", "is_graph_def"]

# TensorFlow's operations that make branches and loops.
_CONTROL_FLOW = frozenset(
    {"Switch", "RefSwitch", "RefMerge", "Enter", "RefEnter", "RefExit", "NextIteration", "LoopCond"}
    | {"If", "StatelessIf", "While", "StatelessWhile"}
)


def import_graph_def(
    graph_def: Any,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Sequence[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """Add the nodes of a graph definition to the default graph.

    Args:
        graph_def: a `tf.GraphDef`, made by `Graph.as_graph_def` or read from a file that TensorFlow wrote.
        input_map: tensors to use instead of tensors of `graph_def`: a dictionary from their names there.
        return_elements: names of operations and tensors of `graph_def` to return.
        name: the scope of the new operations; ``"import"`` if None, no scope if empty.
        op_dict: accepted for old programs.
        producer_op_list: accepted for old programs.

    Returns:
        The operations and tensors that `return_elements` names, None without it.

    Raises:
        TypeError: an argument has the wrong kind.
        ValueError: the definition cannot be imported; the graph is as it was.

    >>> import graphmagic as tf
    >>> with tf.Graph().as_default() as one:
    ...     x = tf.placeholder(tf.float32, name="x")
    ...     y = tf.add(x, 1.0, name="y")
    >>> with tf.Graph().as_default() as two:
    ...     [y] = tf.import_graph_def(one.as_graph_def(), {"x:0": tf.constant(4.0)}, ["y:0"], name="copy")
    >>> y.name, tf.Session(graph=two).run(y)
    ('copy/y:0', np.float32(5.0))
    """
    if not is_graph_def(graph_def):
        raise TypeError("Argument `graph_def` must be a GraphDef proto.")
    replaced = _check_input_map(input_map)
    wanted = _check_elements(return_elements)
    graph = get_default_graph()
    with unchanged_on_error(graph):
        with graph.name_scope("import" if name is None else name) as scope:
            tensors = {key: _replacement(key, value, scope) for key, value in replaced.items()}
            importer = _Importer(graph, graph_def, tensors, scope)
            importer.add_all()
        unused = [key for key in tensors if key not in importer.used]
        if unused:
            raise ValueError(
                f"Attempted to map inputs that were not found in graph_def: [{', '.join(unused)}]"
            )
        return None if return_elements is None else [importer.element(element) for element in wanted]


def is_graph_def(value: Any) -> bool:
    """Whether a value is a graph definition: a protocol buffer, or its look-alike."""
    if isinstance(value, PLAIN["GraphDef"]) or (has_protobuf() and isinstance(value, message("GraphDef"))):
        return True
    descriptor = getattr(value, "DESCRIPTOR", None)  # TensorFlow has a class of its own for the same messages
    return getattr(descriptor, "name", "") == "GraphDef"


def _check_input_map(input_map: Any) -> dict[str, Any]:
    if input_map is not None and not isinstance(input_map, Mapping):
        raise TypeError(f"Argument `input_map` must be a dictionary. Obtained {type(input_map).__name__}")
    keys = list(input_map or ())
    if not all(isinstance(key, str) for key in keys):
        raise TypeError(f"All keys for argument `input_map` must be strings. Obtained keys: {keys}")
    return {_tensor_name(key): value for key, value in (input_map or {}).items()}


def _check_elements(elements: Any) -> list[str]:
    found = list(elements or ())
    if not all(isinstance(element, str) for element in found):
        raise TypeError(f"All elements for argument `return_elements` must be strings. Obtained: {found}")
    return found


def _tensor_name(text: str) -> str:
    return text if ":" in text or text.startswith("^") else f"{text}:0"


def _replacement(key: str, value: Any, scope: str) -> Any:
    if key.startswith("^"):
        return value
    if not scope and not hasattr(value, "graph"):
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor values. "
            "Try calling tf.convert_to_tensor() on `input_map` values before calling tf.import_graph_def()."
        )
    if isinstance(value, Tensor):
        return value
    with get_default_graph().name_scope("_inputs"):
        return convert_to_tensor(value)


class _Planned(NamedTuple):
    """What is known of an operation before it is made."""

    opdef: OpDef
    attrs: dict[str, Any]


class _Importer:
    """Adds the nodes of one definition to a graph.

    Attributes:
        used: the keys of `replaced` that some node takes.
    """

    def __init__(self, graph: Graph, graph_def: Any, replaced: dict[str, Any], scope: str) -> None:
        self._graph = graph
        self._scope = scope
        self._nodes = list(graph_def.node)
        self._replaced = replaced
        self._made: dict[str, list[Tensor]] = {}
        self._ops: dict[str, Operation] = {}
        self.used: set[str] = set()
        self._place = {node.name: i for i, node in enumerate(self._nodes)}
        self._check_nodes()
        functions = getattr(getattr(graph_def, "library", None), "function", ())
        self._check_types({function.signature.name for function in functions})

    def add_all(self) -> None:
        """Add every node, inputs first."""
        sources = [self._sources(node) for node in self._nodes]
        try:
            order = inputs_first(sources)
        except ValueError:
            raise ValueError(
                "Cannot import a graph whose nodes form a cycle, such as the loops of TensorFlow 1."
            ) from None
        with self._graph.control_dependencies([]):
            for i in order:
                self._add(self._nodes[i])

    def element(self, text: str) -> Any:
        """The operation or tensor of that name in the definition."""
        name, colon, index = text.partition(":")
        if text in self._replaced:
            self.used.add(text)
            return self._replaced[text]
        if colon and not index.isdigit():
            raise ValueError(
                f"Cannot convert {text!r} to a tensor name. Second component of the name following the `:` "
                f"should be an int. Got {index}."
            )
        if name not in self._ops:
            raise ValueError(f"Requested return node '{name}' not found in graph def")
        if not colon:
            return self._ops[name]
        outputs = self._made[name]
        if int(index) >= len(outputs):
            raise ValueError(
                f"Invalid return output {index} of node '{name}', which has {len(outputs)} output(s)"
            )
        return outputs[int(index)]

    # ----- checks of the whole -----

    def _check_nodes(self) -> None:
        for i, node in enumerate(self._nodes):
            if self._place[node.name] != i:
                raise ValueError(f"Node '{node.name}' is not unique")

    def _check_types(self, functions: set[str]) -> None:
        known = {name for name, opdef in registry.items() if opdef.compile_function is None}
        known |= ALIASES.keys() | EXPANSIONS.keys()
        unknown: dict[str, str] = {}
        for node in self._nodes:
            if node.op not in known:
                unknown.setdefault(node.op, node.name)
        if unknown:
            listed = ", ".join(f"{kind} (node '{name}')" for kind, name in sorted(unknown.items()))
            flow = " Branches and loops cannot be imported." if _CONTROL_FLOW & unknown.keys() else ""
            called = " Functions cannot be imported." if functions & unknown.keys() else ""
            raise ValueError(f"graphmagic has no operations of these types: {listed}.{flow}{called}")

    # ----- one node -----

    def _sources(self, node: Any) -> list[int]:
        """The positions of the nodes that a node takes something from."""
        found = []
        for text in node.input:
            if _tensor_name(text) not in self._replaced:
                name = text.removeprefix("^").partition(":")[0]
                if name not in self._place:
                    raise ValueError(f"Node '{node.name}': Unknown input node '{name}'")
                found.append(self._place[name])
        return found

    def _add(self, node: Any) -> None:
        inputs = [self._input(node, text) for text in node.input if not text.startswith("^")]
        waits = [self._wait(text) for text in node.input if text.startswith("^")]
        attrs = {key: self._attr(node, key) for key in node.attr if key != "_output_shapes"}
        with self._graph.device(node.device), self._graph.control_dependencies(waits):
            if node.op in EXPANSIONS:
                outputs = self._expand(node, inputs, attrs)
            else:
                kind, attrs = ALIASES[node.op](attrs) if node.op in ALIASES else (node.op, attrs)
                outputs = list(self._create(node, registry[kind], inputs, attrs).outputs)
        self._made[node.name] = outputs

    def _input(self, node: Any, text: str) -> Tensor:
        key = _tensor_name(text)
        if key in self._replaced:
            self.used.add(key)
            tensor: Tensor = self._replaced[key]
            return tensor
        name, _, index = key.partition(":")
        outputs = self._made[name]
        if int(index) >= len(outputs):
            raise ValueError(
                f"Node '{node.name}': Connecting to invalid output {index} of source node {name} which has "
                f"{len(outputs)} outputs."
            )
        return outputs[int(index)]

    def _wait(self, text: str) -> Any:
        if text in self._replaced:
            self.used.add(text)
            return self._replaced[text]
        return self._ops[text[1:]]

    def _attr(self, node: Any, key: str) -> Any:
        try:
            value = attr_value(node.attr[key])
        except TypeError as error:
            raise ValueError(f"Node '{node.name}' ({node.op}), attribute '{key}': {error}") from None
        if key == "_class" and self._scope:  # which operations to place it with
            return [item.replace("loc:@", f"loc:@{self._scope}") for item in value]
        return value

    def _expand(self, node: Any, inputs: list[Tensor], attrs: dict[str, Any]) -> list[Tensor]:
        """Build what an operation type of TensorFlow is made of in graphmagic."""
        with self._graph.name_scope(node.name) as scope:
            results = EXPANSIONS[node.op](*inputs, attrs=attrs)
            several = results if isinstance(results, (list, tuple)) else [results]
            outputs = [identity(several[0], name=scope), *several[1:]]
        self._ops[node.name] = outputs[0].op
        return outputs

    def _create(self, node: Any, opdef: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> Operation:
        attrs = {**opdef.defaults, **{key: value for key, value in attrs.items() if value is not None}}
        self._infer_types(opdef, inputs, attrs)
        planned = _Planned(opdef, attrs)
        self._check_count(node, planned, inputs)
        name = self._graph.unique_name(node.name)
        grouped = group_by_argument(planned, inputs)  # type: ignore[arg-type]
        self._check_types_of(planned, grouped, name)
        own = [
            [self._graph.own(t, name) for t in i] if isinstance(i, list) else self._graph.own(i, name)
            for i in grouped
        ]
        outputs = [dtype for arg in opdef.outputs for dtype in output_types(arg, attrs)]
        op = self._graph.create_op(opdef, own, outputs, attrs, f"{name}/", infer_shapes)
        self._ops[node.name] = op
        return op

    def _infer_types(self, opdef: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> None:
        """Fill in types that the definition does not say, from the inputs."""
        if any(arg.is_list for arg in opdef.inputs):
            return
        for arg, tensor in zip(opdef.inputs, inputs, strict=False):
            if arg.type_attr:
                attrs.setdefault(arg.type_attr, tensor.dtype.base_dtype)

    def _check_count(self, node: Any, planned: _Planned, inputs: list[Tensor]) -> None:
        expected = 0
        for arg in (*planned.opdef.inputs, *planned.opdef.outputs):
            for key in (arg.type_attr, arg.number_attr):
                if key and key not in planned.attrs:
                    raise ValueError(
                        f"NodeDef missing attr '{key}' from Op<name={node.op}>; NodeDef: {{{{node {node.name}}}}}"
                    )
        for arg in planned.opdef.inputs:
            sizes = planned.attrs[arg.number_attr or arg.type_attr] if arg.is_list else 1
            expected += len(sizes) if isinstance(sizes, list) else sizes
        if expected != len(inputs):
            raise ValueError(
                f"Node '{node.name}' ({node.op}) takes {expected} inputs, but the definition gives {len(inputs)}."
            )

    def _check_types_of(self, planned: _Planned, grouped: list[Any], name: str) -> None:
        index = 0
        for arg, item in zip(planned.opdef.inputs, grouped, strict=True):
            tensors = item if isinstance(item, list) else [item]
            kinds = (
                planned.attrs[arg.type_attr]
                if arg.is_type_list
                else [arg.dtype or planned.attrs[arg.type_attr]] * len(tensors)
            )
            for tensor, kind in zip(tensors, kinds, strict=True):
                wanted: DType = as_dtype(kind)
                if tensor.dtype.base_dtype is not wanted.base_dtype or (
                    arg.is_ref and not tensor.dtype.is_ref_dtype
                ):
                    text = wanted.ref_dtype.name if arg.is_ref else wanted.name
                    raise ValueError(
                        f"Input {index} of node {name} was passed {tensor.dtype.name} from {tensor.name} "
                        f"incompatible with expected {text}."
                    )
                index += 1
