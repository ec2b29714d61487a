"""Adding a whole graph definition to a graph: its nodes, and the branches and loops that they form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphmagic.graph.block import Block, building
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import registry
from graphmagic.graph.ordering import inputs_first
from graphmagic.interchange.aliases import alias
from graphmagic.interchange.expansions import EXPANSIONS
from graphmagic.interchange.importer import Importer, tensor_name
from graphmagic.interchange.regions import STRUCTURE, Regions
from graphmagic.ops.branches import make_if
from graphmagic.ops.identity import identity
from graphmagic.ops.loops import loop_variable, make_while

__all__ = ["Definition"]

# TensorFlow 2's operations that make branches and loops of functions.
_FUNCTIONAL = frozenset({"If", "StatelessIf", "While", "StatelessWhile"})


class Definition:
    """Adds the nodes of one definition to a graph.

    Args:
        graph: the graph.
        graph_def: the definition.
        replaced: for names of tensors in the definition what to take instead.
        scope: the scope of the new operations.

    Raises:
        ValueError: the definition cannot be imported.
    """

    def __init__(self, graph: Graph, graph_def: Any, replaced: dict[str, Any], scope: str) -> None:
        self._graph = graph
        self._nodes = list(graph_def.node)
        self._place = {node.name: i for i, node in enumerate(self._nodes)}
        self._importer = Importer(graph, replaced, scope)
        self._check_names()
        functions = getattr(getattr(graph_def, "library", None), "function", ())
        self._check_types({function.signature.name for function in functions})
        self._regions = Regions(self._nodes, self._place, replaced)

    @property
    def used(self) -> set[str]:
        """The names of replaced tensors that some node takes."""
        return self._importer.used

    def add_all(self) -> None:
        """Add every node, inputs first."""
        with self._graph.control_dependencies([]):
            self._add_level(range(len(self._nodes)), 0)

    def element(self, text: str) -> Any:
        """The operation or tensor of that name in the definition."""
        name, colon, index = text.partition(":")
        importer = self._importer
        if text in importer.replaced:
            importer.used.add(text)
            return importer.replaced[text]
        if colon and not index.isdigit():
            raise ValueError(
                f"Cannot convert {text!r} to a tensor name. Second component of the name following the `:` "
                f"should be an int. Got {index}."
            )
        if name not in importer.ops:
            raise ValueError(f"Requested return node '{name}' not found in graph def")
        if not colon:
            return importer.ops[name]
        outputs = importer.made[name]
        if int(index) >= len(outputs):
            raise ValueError(
                f"Invalid return output {index} of node '{name}', which has {len(outputs)} output(s)"
            )
        return outputs[int(index)]

    # ----- checks of the whole -----

    def _check_names(self) -> None:
        for i, node in enumerate(self._nodes):
            if self._place[node.name] != i:
                raise ValueError(f"Node '{node.name}' is not unique")
        replaced = self._importer.replaced
        for node in self._nodes:
            for text in node.input:
                name = text.removeprefix("^").partition(":")[0]
                if name not in self._place and tensor_name(text) not in replaced:
                    raise ValueError(f"Node '{node.name}': Unknown input node '{name}'")

    def _check_types(self, functions: set[str]) -> None:
        unknown: dict[str, str] = {}
        for node in self._nodes:
            if node.op not in unknown and not _is_known(node.op):
                unknown[node.op] = node.name
        if unknown:
            listed = ", ".join(f"{kind} (node '{name}')" for kind, name in sorted(unknown.items()))
            called = bool((functions | _FUNCTIONAL) & unknown.keys())
            note = " Functions cannot be imported, nor branches and loops made of them." if called else ""
            raise ValueError(f"graphmagic has no operations of these types: {listed}.{note}")

    # ----- nodes, branches and loops side by side -----

    def _add_level(self, members: Iterable[int], depth: int) -> None:
        """Add nodes that are in the same branches and loops up to a depth."""
        items: dict[tuple[str, Any], list[int]] = {}
        for i in members:
            item = self._regions.item(i, depth)
            if item is not None:
                items.setdefault(item, []).append(i)
        positions = {i: k for k, content in enumerate(items.values()) for i in content}
        sources: list[set[int]] = [set() for _ in items]
        for i, k in positions.items():
            taken = {positions.get(s.node, k) for s in self._regions.sources[i] if s is not None}
            sources[k] |= taken - {k}
        try:
            order = inputs_first(sources)
        except ValueError:
            raise ValueError("Cannot import branches that take values from one another.") from None
        entries = list(items.items())
        for k in order:
            (kind, key), content = entries[k]
            if kind == "node":
                self._add_node(key)
            elif kind == "branch":
                self._add_branch(key, content, depth)
            else:
                self._add_loop(key, content, depth)

    def _add_node(self, i: int) -> None:
        node = self._nodes[i]
        if self._regions.is_switch(i) or self._regions.is_enter(i):
            value = self._input(i, 0)  # an operation in a block uses what is outside directly
            self._importer.made[node.name] = [value, value]
        else:
            self._importer.add(node)

    def _input(self, i: int, position: int) -> Tensor:
        node = self._nodes[i]
        return self._importer.input(node, node.input[position])

    def _scope_of(self, i: int) -> str:
        scope = self._nodes[i].name.rpartition("/")[0]
        return f"{scope}/" if scope else ""

    def _wait_for(self, op: Operation, members: Iterable[int]) -> None:
        waits = [w for i in members for w in self._importer.waits(self._nodes[i].input)]
        self._graph.add_control_inputs(op, [w.op if isinstance(w, Tensor) else w for w in waits])

    # ----- branches -----

    def _add_branch(self, group: int, members: list[int], depth: int) -> None:
        merges = self._regions.merges(group)
        predicate = self._input(self._regions.decider_of(merges[0]), 1)
        blocks = []
        for side, name in [(1, "then_branch"), (0, "else_branch")]:
            block = Block(name, self._graph.block)
            with building(self._graph, block, fresh=True):
                self._add_level([i for i in members if self._regions.is_on(i, depth, side)], depth + 1)
                block.outputs += [self._arriving(merge, side) for merge in merges]
            blocks.append(block)
        name = self._graph.unique_name(f"{self._scope_of(merges[0])}Switch")
        op = make_if(predicate, blocks[0], blocks[1], f"{name}/")
        for merge, output in zip(merges, op.outputs, strict=True):
            node = self._nodes[merge]
            merged = self._importer.create(node, "Merge", [output], {"N": 1, "T": output.dtype.base_dtype})
            self._wait_for(merged, [merge])
            self._importer.made[node.name] = list(merged.outputs)

    def _arriving(self, merge: int, side: int) -> Tensor:
        """The value that one side of a branch gives to a merge."""
        node = self._nodes[merge]
        for position, source in enumerate(self._regions.values(merge)):
            if self._regions.side_of(merge, source) == side:
                return _value(self._input(merge, position))
        raise ValueError(f"Cannot import node '{node.name}': it takes no value from one side of its branch.")

    # ----- loops -----

    def _add_loop(self, frame: str, members: list[int], depth: int) -> None:
        loop = self._regions.loop(members, depth)
        first = [
            _value(self._input(merge, enter)) for merge, enter in zip(loop.merges, loop.enters, strict=True)
        ]
        condition = Block("cond", self._graph.block, in_loop=True)
        body = Block("body", self._graph.block, in_loop=True)
        with building(self._graph, condition, fresh=True):
            for merge, tensor in zip(loop.merges, first, strict=True):
                variable = self._variable(condition, tensor, merge)
                self._importer.made[self._nodes[merge].name] = [variable, variable]
            self._add_level(loop.condition, depth + 1)
            condition.outputs.append(_value(self._input(loop.decider, 0)))
        with building(self._graph, body, fresh=True):
            for switch, tensor in zip(loop.switches, first, strict=True):
                variable = self._variable(body, tensor, switch)
                self._importer.made[self._nodes[switch].name] = [variable, variable]
            self._add_level(loop.body, depth + 1)
            body.outputs += [_value(self._input(i, 0)) for i in loop.nexts]
        name = self._graph.unique_name(f"{self._scope_of(loop.decider)}While")
        op = make_while(first, condition, body, f"{name}/")
        for exit_, position in loop.exits:
            node, output = self._nodes[exit_], op.outputs[position]
            left = self._importer.create(node, "Exit", [output], {"T": output.dtype.base_dtype})
            self._wait_for(left, [exit_])
            self._importer.made[node.name] = list(left.outputs)

    def _variable(self, block: Block, first: Tensor, i: int) -> Tensor:
        """A loop variable; TensorFlow does not know its shape either, when it imports a loop."""
        return loop_variable(block, first.dtype, None, self._graph.unique_name(self._nodes[i].name) + "/")


def _value(tensor: Tensor) -> Tensor:
    """A tensor, read if it is a variable."""
    return identity(tensor) if tensor.dtype.is_ref_dtype else tensor


def _is_known(kind: str) -> bool:
    """Whether nodes of this type can become operations."""
    if kind in EXPANSIONS or kind in STRUCTURE or alias(kind) is not None:
        return True
    opdef = registry.get(kind)
    return opdef is not None and not opdef.owns_blocks
