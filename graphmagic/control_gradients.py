"""The gradients of branches and loops: another branch, and another loop that runs backwards.

A branch of the gradient mirrors a branch of the original; the loop's body mirrors the original body.  Where it needs
a value from inside, it gets a stand-in: the optional value that a branch exposes, or what it pops from the list that
the loop has pushed in every iteration.  Since both are ordinary operations, their gradients have gradients too.

Source: Yu et al., "Dynamic Control Flow in Large-Scale Machine Learning", EuroSys 2018, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from graphmagic.backward import is_differentiable, operations_between, sweep
from graphmagic.dtypes import variant
from graphmagic.graph.apply import infer_shapes
from graphmagic.graph.block import Block, building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import Graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.branches import BRANCHES, expose_in_branch, make_if, merge
from graphmagic.ops.logic import greater
from graphmagic.ops.loops import exit_, expose_in_loop, loop_variable, make_while, trip_count
from graphmagic.ops.variant import add_variants, pop, value_of, zeros_of

Grads = list[Tensor | None]


def _copy_of_constant(graph: Graph, block: Block, tensor: Tensor) -> Tensor:
    op = tensor.op
    with building(graph, block, fresh=True):
        return graph.create_op(op.opdef, [], [tensor.dtype], dict(op.attrs), "Const", infer_shapes).outputs[0]


# ----- cond -----


def if_grad(op: Operation, *dys: Tensor | None) -> Grads:
    """A branch of the same predicate; each side differentiates its original."""
    graph = op.graph
    captures = [t for t in dict.fromkeys(op.inputs[1:]) if is_differentiable(t)]
    blocks: list[Block] = []
    totals: list[dict[Tensor, Tensor]] = []
    for key in BRANCHES:
        branch: Block = op.attrs[key]
        block = Block(key, graph.block, mirrors=branch)
        block.stand_in = partial(_branch_stand_in, graph, block)
        with building(graph, block):
            pairs = [(y, dy) for y, dy in zip(branch.outputs, dys, strict=False) if dy is not None]
            found = sweep([y for y, _ in pairs], [dy for _, dy in pairs], captures, inside=branch)
            totals.append({t: convert_to_tensor(g) for t, g in found.items()})
        blocks.append(block)
    reached = [t for t in captures if any(t in found for found in totals)]
    if not reached:
        return [None] * len(op.inputs)
    for block, total in zip(blocks, totals, strict=True):
        with building(graph, block):
            gradients = [total[t] if t in total else zeros_of(t) for t in reached]
            block.outputs += [graph.own(t, "gradient") for t in gradients]
    results = [merge(t) for t in make_if(op.inputs[0], blocks[0], blocks[1], name="If").outputs]
    return _by_input(op, 1, dict(zip(reached, results, strict=True)))


def _branch_stand_in(graph: Graph, block: Block, tensor: Tensor) -> Tensor:
    if tensor.op.type == "Const":
        return _copy_of_constant(graph, block, tensor)
    assert block.mirrors is not None
    optional = expose_in_branch(block.mirrors, tensor)
    with building(graph, block, fresh=True):
        return value_of(optional, tensor)


def _by_input(op: Operation, first: int, gradients: dict[Tensor, Tensor]) -> Grads:
    """One gradient for each input from number `first` on."""
    return [gradients.get(t) if i >= first else None for i, t in enumerate(op.inputs)]


# ----- while_loop -----


def while_grad(op: Operation, *dys: Tensor | None) -> Grads:
    """A loop that runs backwards."""
    return _BackwardLoop(op, dys).gradients() if op.attrs["back_prop"] else [None] * len(op.inputs)


class _BackwardLoop:
    """The loop that computes the gradient of a loop.

    Its variables are a counter, the gradients of the loop variables, the gradients of the captures summed so far, and
    a list for each value from inside the original body that it needs.
    """

    def __init__(self, op: Operation, dys: Sequence[Tensor | None]) -> None:
        self.op = op
        self.dys = dys
        self.graph = op.graph
        self.forward: Block = op.attrs["body"]
        self.condition = Block("cond", self.graph.block, mirrors=op.attrs["cond"], in_loop=True)
        self.body = Block("body", self.graph.block, mirrors=self.forward, in_loop=True)
        self.body.stand_in = self._stand_in
        self.inputs: list[Tensor] = []
        self.following: dict[Tensor, Tensor] = {}  # the next value of each variable

    def gradients(self) -> Grads:
        """The gradients of the inputs of the original loop."""
        op, count = self.op, len(self.dys)
        wanted = self._coupled([i for i, dy in enumerate(self.dys) if dy is not None])
        captures = [t for t in dict.fromkeys(op.inputs[count:]) if is_differentiable(t)]
        if not wanted:
            return [None] * len(op.inputs)
        self._count_down()
        variables = self._differentiate(wanted, captures)
        with building(self.graph, self.body):
            for t in self.body.parameters:  # which may grow meanwhile
                self.body.outputs.append(self.graph.own(self.following[t], "gradient"))
        results = make_while(self.inputs, self.condition, self.body, name="While").outputs
        position = {t: i for i, t in enumerate(self.body.parameters)}

        def last(variable: Tensor) -> Tensor:
            return exit_(results[position[variable]])

        firsts = [last(variables[self.forward.parameters[i]]) if i in wanted else None for i in range(count)]
        sums = {t: last(variables[t]) for t in captures if t in variables}
        return [*firsts, *_by_input(op, 0, sums)[count:]]

    def _coupled(self, positions: Iterable[int]) -> list[int]:
        """The variables whose last value counts, and those that a later value of such a variable depends on."""
        body = self.forward
        variables = body.parameters[: len(self.dys)]
        wanted = {i for i in positions if is_differentiable(self.op.outputs[i])}
        waiting = list(wanted)
        while waiting:
            candidates = [t for t in variables if is_differentiable(t)]
            between = operations_between([body.outputs[waiting.pop()]], candidates, inside=body)
            more = {i for i, t in enumerate(variables) if t.op in between} - wanted
            wanted |= more
            waiting += more
        return sorted(wanted)

    def _variable(self, first: Tensor, name: str, shape: Any = ()) -> Tensor:
        """A new loop variable, as the body sees it."""
        self.inputs.append(first)
        with building(self.graph, self.condition, fresh=True):
            loop_variable(self.condition, first.dtype, shape, name)
        with building(self.graph, self.body, fresh=True):
            return loop_variable(self.body, first.dtype, shape, name)

    def _count_down(self) -> None:
        left = self._variable(trip_count(self.op), "count")
        with building(self.graph, self.condition):
            self.condition.outputs.append(greater(self.condition.parameters[0], 0))
        with building(self.graph, self.body):
            self.following[left] = subtract(left, 1)

    def _differentiate(self, wanted: list[int], captures: list[Tensor]) -> dict[Tensor, Tensor]:
        """Build the body.

        Returns:
            For each parameter and capture of the original the variable that holds its gradient, if there is any.
        """
        parameters = [self.forward.parameters[i] for i in wanted]
        variables = {
            t: self._variable(self._start(i), "gradient", t.shape)
            for i, t in zip(wanted, parameters, strict=True)
        }
        with building(self.graph, self.body):
            ys = [self.forward.outputs[i] for i in wanted]
            totals = sweep(ys, list(variables.values()), [*parameters, *captures], inside=self.forward)
            gradients = {t: convert_to_tensor(g) for t, g in totals.items()}
            for t, variable in variables.items():
                self.following[variable] = gradients[t] if t in gradients else zeros_of(t)
        for t in captures:
            if t in gradients:
                variables[t] = self._variable(zeros_of(t), "sum", t.shape)
                with building(self.graph, self.body):
                    self.following[variables[t]] = _sum(variables[t], gradients[t])
        return variables

    def _start(self, i: int) -> Tensor:
        dy = self.dys[i]
        return zeros_of(self.op.outputs[i]) if dy is None else dy

    def _stand_in(self, tensor: Tensor) -> Tensor:
        if tensor.op.type == "Const":
            return _copy_of_constant(self.graph, self.body, tensor)
        chain = expose_in_loop(self.forward, tensor)
        with building(self.graph, self.body.outer, fresh=True):
            chain = self.graph.own(chain, "gradient")
        left = self._variable(chain, "stack")
        with building(self.graph, self.body, fresh=True):
            self.following[left], value = pop(left, tensor)
        return value


def _sum(a: Tensor, b: Tensor) -> Tensor:
    return add_variants([a, b]) if a.dtype.base_dtype is variant else add(a, b)
