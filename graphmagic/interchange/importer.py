"""Adding the nodes of a graph definition to a graph, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphmagic.dtypes import DType, as_dtype, variant
from graphmagic.graph.apply import infer_shapes, output_types
from graphmagic.graph.block import visible
from graphmagic.graph.constants import Planned, group_by_argument
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.nodedef import attr_value
from graphmagic.graph.opdef import OpDef, registry
from graphmagic.interchange.aliases import alias
from graphmagic.interchange.expansions import EXPANSIONS
from graphmagic.ops.identity import identity

__all__ = ["Importer", "tensor_name"]


def tensor_name(text: str) -> str:
    """The full name of an input: ``x`` means ``x:0``.

    >>> tensor_name("x"), tensor_name("x:1"), tensor_name("^x")
    ('x:0', 'x:1', '^x')
    """
    return text if ":" in text or text.startswith("^") else f"{text}:0"


class Importer:
    """Adds nodes of a definition to a graph.

    Args:
        graph: the graph.
        replaced: for names of tensors in the definition what to take instead.
        scope: the scope of the new operations, as renaming of colocations needs it.

    Attributes:
        made: the outputs of each node that has been added, by its name in the definition.
        ops: the operation of each node that has one.
        used: the keys of `replaced` that some node takes.
    """

    def __init__(self, graph: Graph, replaced: dict[str, Any], scope: str) -> None:
        self.graph = graph
        self.replaced = replaced
        self.made: dict[str, list[Tensor]] = {}
        self.ops: dict[str, Operation] = {}
        self.used: set[str] = set()
        self._scope = scope

    def add(self, node: Any) -> None:
        """Add one node; those it takes something from have been added."""
        inputs = [self.input(node, text) for text in node.input if not text.startswith("^")]
        attrs = {key: self._attr(node, key) for key in node.attr if key != "_output_shapes"}
        with (
            self.graph.device(node.device),
            self.graph.control_dependencies(self.waits(node.input)),
        ):
            if node.op in EXPANSIONS:
                outputs = self._expand(node, inputs, attrs)
            else:
                rename = alias(node.op)
                kind, attrs = rename(attrs) if rename is not None else (node.op, attrs)
                outputs = list(self.create(node, kind, inputs, attrs).outputs)
        self.made[node.name] = outputs

    def waits(self, inputs: Iterable[str]) -> list[Any]:
        """The operations that a node waits for."""
        return [found for text in inputs if text.startswith("^") and (found := self._wait(text)) is not None]

    def input(self, node: Any, text: str) -> Tensor:
        """The tensor that an input of a node means."""
        key = tensor_name(text)
        if key in self.replaced:
            self.used.add(key)
            tensor: Tensor = self.replaced[key]
            return tensor
        name, _, index = key.partition(":")
        outputs = self.made.get(name, [])
        if int(index) >= len(outputs):
            raise ValueError(
                f"Node '{node.name}': Connecting to invalid output {index} of source node {name} which has "
                f"{len(outputs)} outputs."
            )
        return outputs[int(index)]

    def _wait(self, text: str) -> Any:
        """The operation that an input says to wait for; None for what is none, such as the start of a branch."""
        if text in self.replaced:
            self.used.add(text)
            return self.replaced[text]
        op = self.ops.get(text[1:])
        hidden = op is not None and op.outputs and visible(self.graph.block, op.outputs[0]) is None
        return None if hidden else op

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
        with self.graph.name_scope(node.name) as scope:
            results = EXPANSIONS[node.op](*inputs, attrs=attrs)
            several = results if isinstance(results, (list, tuple)) else [results]
            outputs = [identity(several[0], name=scope), *several[1:]]
        self.ops[node.name] = outputs[0].op
        return outputs

    def create(self, node: Any, kind: str, inputs: list[Tensor], attrs: dict[str, Any]) -> Operation:
        """Add the operation of a node."""
        opdef = registry[kind]
        attrs = {**opdef.defaults, **{key: value for key, value in attrs.items() if value is not None}}
        self._infer_types(opdef, inputs, attrs)
        planned = Planned(opdef, attrs)
        self._check_count(node, planned, inputs)
        name = self.graph.unique_name(node.name)
        grouped = group_by_argument(planned, inputs)
        self._check_types_of(planned, grouped, name)
        own = [
            [self.graph.own(t, name) for t in i] if isinstance(i, list) else self.graph.own(i, name)
            for i in grouped
        ]
        outputs = [dtype for arg in opdef.outputs for dtype in output_types(arg, attrs)]
        op = self.graph.create_op(opdef, own, outputs, attrs, f"{name}/", infer_shapes)
        self.ops[node.name] = op
        return op

    def _infer_types(self, opdef: OpDef, inputs: list[Tensor], attrs: dict[str, Any]) -> None:
        """Fill in types that the definition does not say, or calls by a type that stands for one of ours."""
        if any(arg.is_list for arg in opdef.inputs):
            return
        for arg, tensor in zip(opdef.inputs, inputs, strict=False):
            if arg.type_attr:
                kind = tensor.dtype.base_dtype
                if kind is variant:  # the flow of a TensorArray, in TensorFlow a number
                    attrs[arg.type_attr] = kind
                attrs.setdefault(arg.type_attr, kind)

    def _check_count(self, node: Any, planned: Planned, inputs: list[Tensor]) -> None:
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

    def _check_types_of(self, planned: Planned, grouped: list[Any], name: str) -> None:
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
