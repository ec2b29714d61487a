"""Branches and loops in TensorFlow 1's words: switches and merges, frames with entries and exits.

An operation in a block uses tensors from outside directly; in TensorFlow 1 every value that crosses the edge of a
branch or a loop passes a node: ``Switch`` into a branch, ``Enter`` into a loop.

Source: Yu et al., "Dynamic Control Flow in Large-Scale Machine Learning", EuroSys 2018, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from graphmagic.dtypes import DType, float32, variant
from graphmagic.graph.block import Block
from graphmagic.graph.messages import message
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.nodedef import set_attr

__all__ = ["Crossings", "new_node"]


def new_node(op: Operation, name: str, kind: str, inputs: Sequence[str], **attrs: Any) -> Any:
    """A definition that stands for a part of an operation."""
    result = message("NodeDef")(name=name, op=kind, device=op.device)
    result.input.extend(inputs)
    for key, value in attrs.items():
        set_attr(result.attr[key], value)
    return result


class _Branches(NamedTuple):
    """The names of the nodes that steer a branch."""

    switch: str
    yes: str
    no: str
    predicate: str


class _Rounds(NamedTuple):
    """The names of the nodes that steer a loop."""

    firsts: list[str]
    frame: str
    decider: str
    enters: list[str]
    switches: list[str]
    nexts: list[str]


class Crossings:
    """The nodes at the edges of the blocks of a graph, made when first needed.

    Args:
        operations: all operations of the graph.

    Attributes:
        pending: nodes made since this list was last emptied.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.pending: list[Any] = []
        self._taken = {op.name.lower() for op in operations}
        self._branches: dict[Operation, _Branches] = {}
        self._rounds: dict[Operation, _Rounds] = {}
        self._inside: dict[tuple[Block | Operation, Tensor], str] = {}
        self._results: dict[Tensor, str] = {}

    # ----- names -----

    def value(self, block: Block | None, tensor: Tensor, scope: str) -> str:
        """What a block calls a tensor from there or from outside; nodes for it to pass get a name in a scope."""
        home = tensor.op.block
        if block is home or block is None or block.owner is None:
            return self._result(tensor)
        outside = self.value(block.outer, tensor, scope)
        owner = block.owner
        kind = "Switch" if owner.type == "If" else "Enter"
        place: Block | Operation = (
            block if owner.type == "If" else owner
        )  # the two parts of a loop share a frame
        name = self._inside.get((place, tensor))
        if name is None:
            name = self._inside[place, tensor] = self._fresh(f"{scope}/{kind}")
            ref = "Ref" if tensor.dtype.is_ref_dtype else ""
            if owner.type == "If":
                inputs = [outside, self._branches_of(owner).predicate]
                node = new_node(owner, name, f"{ref}Switch", inputs, T=self.dtype(tensor))
            else:
                attrs = {"frame_name": self._rounds_of(owner).frame, "is_constant": True}
                node = new_node(owner, name, f"{ref}Enter", [outside], T=self.dtype(tensor), **attrs)
            self.pending.append(node)
        return f"{name}:1" if owner.type == "If" and block is owner.attrs["then_branch"] else name

    def waits(self, op: Operation) -> list[str]:
        """What an operation waits for: what it was told, and in a block, if nothing else says so, that it is run."""
        found = [f"^{self._finished(c)}" for c in op.control_inputs if c.block is op.block]
        block = op.block
        if block is not None and block.owner is not None:
            inside = any(t.op.block is block for t in op.inputs)
            if not inside and (block.in_loop or not op.inputs):
                found.append(f"^{self._start(block)}")
        return found

    def dtype(self, tensor: Tensor) -> DType:
        """The type of a tensor in TensorFlow, where the flow of a `TensorArray` is a number."""
        kind = tensor.dtype.base_dtype
        if kind is not variant:
            return kind
        while True:
            op, index = tensor.op, tensor.value_index
            if op.type.startswith("TensorArray"):
                return float32
            if op.type == "LoopVariable" and op.block is not None and op.block.owner is not None:
                tensor = op.block.owner.inputs[op.block.parameters.index(tensor)]
            elif op.type == "If":
                tensor = op.attrs["then_branch"].outputs[index]
            elif op.type == "While":
                tensor = op.inputs[index]
            elif op.type in ("Identity", "Merge", "Exit"):
                tensor = op.inputs[0]
            else:
                return variant

    def _fresh(self, name: str) -> str:
        candidate, count = name, 0
        while candidate.lower() in self._taken:
            count += 1
            candidate = f"{name}_{count}"
        self._taken.add(candidate.lower())
        return candidate

    def _finished(self, op: Operation) -> str:
        """The node that has run when an operation has."""
        return self._result(op.outputs[0]).partition(":")[0] if op.type in ("If", "While") else op.name

    def _start(self, block: Block) -> str:
        """The node that runs when a block begins."""
        assert block.owner is not None
        if block.owner.type == "If":
            names = self._branches_of(block.owner)
            return names.yes if block is block.owner.attrs["then_branch"] else names.no
        return block.parameters[0].op.name

    def _result(self, tensor: Tensor) -> str:
        """The name of a tensor where it is made; what makes the result of a branch or loop is added if need be."""
        op = tensor.op
        if op.type not in ("If", "While"):
            return op.name if tensor.value_index == 0 else tensor.name
        wanted = "Merge" if op.type == "If" else "Exit"
        if tensor not in self._results:
            there = [c for c in tensor.consumers() if c.type == wanted and c.block is op.block]
            if there:
                self._results[tensor] = there[0].name
            else:
                name = self._results[tensor] = self._fresh(f"{_scope(op)}/{wanted}")
                self.pending += self.result(op, tensor, name)
        return self._results[tensor]

    def _branches_of(self, op: Operation) -> _Branches:
        if op not in self._branches:
            scope = _scope(op)
            names = [self._fresh(f"{scope}/{part}") for part in ("switch_t", "switch_f", "pred_id")]
            self._branches[op] = _Branches(op.name, *names)
        return self._branches[op]

    def _rounds_of(self, op: Operation) -> _Rounds:
        if op not in self._rounds:
            scope = _scope(op)

            def names(part: str) -> list[str]:
                return [self._fresh(f"{scope}/{part}") for _ in op.outputs]

            self._rounds[op] = _Rounds(
                [self.value(op.block, t, scope) for t in op.inputs[: len(op.outputs)]],
                f"{scope}/while_context",
                self._fresh(f"{scope}/LoopCond"),
                names("Enter"),
                names("Switch"),
                names("NextIteration"),
            )
        return self._rounds[op]

    # ----- nodes -----

    def result(self, op: Operation, tensor: Tensor, name: str) -> list[Any]:
        """The node that gives the result of a branch or a loop; `op` is it, or what stands for one of its results."""
        owner, kind = tensor.op, self.dtype(tensor)
        if owner.type == "While":
            switch = self._rounds_of(owner).switches[tensor.value_index]
            return [new_node(op, name, "Exit", [switch, *self.waits(op)], T=kind)]
        sides: list[Block] = [owner.attrs["else_branch"], owner.attrs["then_branch"]]
        scope = _scope(owner)
        inputs = [self.value(side, side.outputs[tensor.value_index], scope) for side in sides]
        return [new_node(op, name, "Merge", inputs, T=kind, N=2)]

    def branch(self, op: Operation) -> list[Any]:
        """The nodes that steer a branch."""
        names, kind = self._branches_of(op), op.inputs[0].dtype.base_dtype
        predicate = self.value(op.block, op.inputs[0], op.name)
        return [
            new_node(op, names.switch, "Switch", [predicate, predicate, *self.waits(op)], T=kind),
            new_node(op, names.yes, "Identity", [f"{names.switch}:1"], T=kind),
            new_node(op, names.no, "Identity", [names.switch], T=kind),
            new_node(op, names.predicate, "Identity", [predicate, *self.waits(op)], T=kind),
        ]

    def loop(self, op: Operation) -> list[Any]:
        """The nodes that steer a loop."""
        names, waits = self._rounds_of(op), self.waits(op)
        condition, body = op.attrs["cond"], op.attrs["body"]
        decides = self.value(condition, condition.outputs[0], _scope(op))
        nodes = [new_node(op, names.decider, "LoopCond", [decides])]
        attrs = {"parallel_iterations": op.attrs["parallel_iterations"], "frame_name": names.frame}
        for i, output in enumerate(op.outputs):
            kind = self.dtype(output)
            start = condition.parameters[i].op.name
            following = self.value(body, body.outputs[i], _scope(op))
            nodes += [
                new_node(
                    op,
                    names.enters[i],
                    "Enter",
                    [names.firsts[i], *waits],
                    T=kind,
                    is_constant=False,
                    **attrs,
                ),
                new_node(op, names.switches[i], "Switch", [start, names.decider], T=kind),
                new_node(op, names.nexts[i], "NextIteration", [following], T=kind),
            ]
        return nodes

    def variable(self, op: Operation) -> list[Any]:
        """A loop variable at the start of a round, or once it is clear that there is one."""
        block = op.block
        assert block is not None
        assert block.owner is not None
        names, i = self._rounds_of(block.owner), block.parameters.index(op.outputs[0])
        kind = self.dtype(op.outputs[0])
        if block is block.owner.attrs["cond"]:
            return [new_node(op, op.name, "Merge", [names.enters[i], names.nexts[i]], T=kind, N=2)]
        return [new_node(op, op.name, "Identity", [f"{names.switches[i]}:1"], T=kind)]


def _scope(op: Operation) -> str:
    """The scope of what belongs to a branch or a loop."""
    scope, _, name = op.name.rpartition("/")
    return scope if scope and name in ("Switch", "While") else op.name
