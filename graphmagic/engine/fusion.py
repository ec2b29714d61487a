"""The pass that finds chains of element-wise operations on large arrays, which then run block by block.

One operation after the other on arrays that do not fit into the cache reads and writes main memory each time.  All
of a chain on one block, then on the next, reads and writes it once.  Reductions of what a chain computes run in the
same blocks.
"""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace

import numpy as np

from graphmagic.engine.axes import reduced_axes, unbroadcast_axes
from graphmagic.engine.program import Program
from graphmagic.engine.recipes import recipe
from graphmagic.engine.simplify import has_effects
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef

__all__ = ["FUSION_RULES", "REDUCTIONS", "Fused", "fuse", "has_rows"]

Shape = tuple[int, ...]

MIN_FUSED = 150_000  # elements; smaller arrays stay in the cache anyway
MAX_ROW = 1 << 18  # elements; blocks have at least one whole row if an operand is repeated along the rows
FUSION_RULES = frozenset({"closed"})
REDUCTIONS = frozenset({"Sum", "Max", "Min", "Mean", "Unbroadcast"})

FUSED = OpDef("Fused", listed=False)


class Fused(Operation):
    """Operations that one step of a plan computes, block by block; it stands where its last member stood.

    Attributes:
        members: the operations, in order.
        operands: for each member the tensors it reads, where they come from.
        space: the shape that all members compute element by element.
        axes: for members that reduce, along which axes.
    """

    __slots__ = ("axes", "members", "operands", "space")

    def __init__(
        self, members: Sequence[Operation], operands: dict[Operation, tuple[Tensor, ...]], space: Shape
    ) -> None:
        last = members[-1]
        super().__init__(
            last.graph, FUSED, last.name, (), (), (), {}, last.device, last.site, last.id, last.block
        )
        self.operands = operands
        self.space = space
        self.axes: dict[Operation, Shape] = {}
        self._set_members(members)

    def _set_members(self, members: Sequence[Operation]) -> None:
        self.members = tuple(members)
        made = {t for op in members for t in op.outputs}
        self.inputs = tuple(dict.fromkeys(t for op in members for t in self.operands[op] if t not in made))

    def keep(self, used: Set[Tensor]) -> None:
        """Note which results are used outside, and leave out members that nobody needs: those whose shape was asked for."""
        needed, kept = set(used), []
        for op in reversed(self.members):
            if not needed.isdisjoint(op.outputs):
                kept.append(op)
                needed.update(self.operands[op])
        self._set_members(kept[::-1])
        self.outputs = [t for member in self.members for t in member.outputs if t in used]


def fuse(program: Program, rules: Set[str] = FUSION_RULES) -> Program:
    """Make one step of operations that compute the same large shape and use one another.

    Args:
        program: a program whose shapes are settled.
        rules: *closed* says that nothing joins a chain after its results were used outside of it, since the chain
            runs where its last member stood.  Without it there are wrong results, as tests show.

    >>> import graphmagic as tf
    >>> from graphmagic.engine.shaping import settle_shapes
    >>> x = tf.placeholder(tf.float32, name="x")
    >>> y = tf.sqrt(x * x + 1.0)
    >>> total = tf.reduce_sum(y)
    >>> from graphmagic.engine.passes import improve
    >>> program = settle_shapes(improve(Program((total,), (), feeds=(x,))), [(1000, 1000)])
    >>> step = fuse(program).steps[-1]
    >>> [op.type for op in step.members], [t.name for t in step.inputs], [t is total for t in step.outputs]
    (['Mul', 'Add', 'Sqrt', 'Sum'], ['x:0', 'add/y:0'], [True])
    """
    if not any(math.prod(shape) >= MIN_FUSED for shape in program.shapes.values()):
        return program
    finder = _Finder(program, rules)
    for op in program.steps:
        finder.consider(op)
    return _with_groups(program, finder) if any(len(g.members) > 1 for g in finder.groups) else program


@dataclass(eq=False)
class _Group:
    """A chain that is being found."""

    space: Shape
    members: list[Operation] = field(default_factory=list)
    reduced: set[Tensor] = field(default_factory=set)
    is_open: bool = True


class _Finder:
    """Goes through the steps of a program once, in order."""

    def __init__(self, program: Program, rules: Set[str]) -> None:
        self.program = program
        self.groups: list[_Group] = []
        self._rules = rules
        self._members = set(program.steps)
        self._fed = set(program.feeds)
        self._of: dict[Operation, _Group] = {}

    def consider(self, op: Operation) -> None:
        """Add an operation to a chain if it fits; otherwise it ends the chains whose results it uses."""
        touched = self._touched(op)
        space = self._space(op)
        mine = [g for g in touched if g.is_open and g.space == space and not g.reduced & self._sources(op)]
        for group in touched:
            if group not in mine and "closed" in self._rules:
                group.is_open = False
        if space is None or (op.type in REDUCTIONS and not mine):
            return
        group = self._merged(mine) if mine else self._new(space)
        group.members.append(op)
        self._of[op] = group
        if op.type in REDUCTIONS:
            group.reduced.update(op.outputs)

    def operands(self, op: Operation) -> tuple[Tensor, ...]:
        """What an operation reads; an operand that is only repeated is read where it comes from."""
        inputs = op.inputs[:1] if op.type in REDUCTIONS else op.inputs
        sources = tuple([self.program.source(t) for t in inputs])
        return sources if recipe(op) is None else tuple([self._unrepeated(t) for t in sources])

    def axes(self, op: Operation) -> Shape | None:
        """Along which axes an operation reduces."""
        shape = self._shape(op.inputs[0])
        if op.type == "Unbroadcast":
            return unbroadcast_axes(shape, self._shape(op.outputs[0]))
        return reduced_axes(shape, self.program.constants.get(self.program.source(op.inputs[1])))

    def _sources(self, op: Operation) -> set[Tensor]:
        return set(map(self.program.source, op.inputs))

    def _touched(self, op: Operation) -> list[_Group]:
        before = [t.op for t in (*self._sources(op), *self.operands(op))]
        return list({g: None for o in (*before, *op.control_inputs) if (g := self._of.get(o)) is not None})

    def _shape(self, tensor: Tensor) -> Shape | None:
        return self.program.shapes.get(self.program.source(tensor))

    def _unrepeated(self, tensor: Tensor) -> Tensor:
        op = tensor.op
        while op.type == "BroadcastTo" and op in self._members and tensor not in self._fed:
            if self._shape(op.inputs[0]) is None:
                break
            tensor = self.program.source(op.inputs[0])
            op = tensor.op
        return tensor

    def _new(self, space: Shape) -> _Group:
        self.groups.append(_Group(space))
        return self.groups[-1]

    def _merged(self, groups: list[_Group]) -> _Group:
        largest = max(groups, key=lambda g: len(g.members))
        for group in groups:
            if group is not largest:
                largest.members += group.members
                largest.reduced |= group.reduced
                self._of.update(dict.fromkeys(group.members, largest))
                self.groups.remove(group)
        return largest

    # ----- which operations fit -----

    def _space(self, op: Operation) -> Shape | None:
        """The shape that an operation computes element by element, None if it cannot be in a chain."""
        if has_effects(op) or len(op.outputs) != 1 or op.outputs[0] in self._fed or not op.inputs:
            return None
        is_reduction = op.type in REDUCTIONS
        if not (is_reduction or op.opdef.elementwise):
            return None
        space = self._shape(op.inputs[0] if is_reduction else op.outputs[0])
        if space is None or math.prod(space) < MIN_FUSED or not self._has_numbers(op):
            return None
        fits = self._fits_reduction(op, space) if is_reduction else self._fits(op, space)
        return space if fits else None

    def _has_numbers(self, op: Operation) -> bool:
        return all(t.dtype.base_dtype.numpy.kind in "biuf" for t in (*op.inputs, *op.outputs))

    def _fits_reduction(self, op: Operation, space: Shape) -> bool:
        if op.type == "Mean" and op.outputs[0].dtype.numpy.kind != "f":
            return False
        axes = self.axes(op)
        return axes is not None and (len(axes) == len(space) or has_rows(space))

    def _fits(self, op: Operation, space: Shape) -> bool:
        if None in [self._shape(t) for t in op.inputs]:
            return False
        may_broadcast = op.opdef.broadcasts or isinstance(op.opdef.kernel_function, np.ufunc)
        if not may_broadcast and any(self._shape(t) != space for t in op.inputs):
            return False
        shapes = [self._shape(t) for t in self.operands(op)]
        if all(shape == space for shape in shapes):
            return True
        if np.broadcast_shapes(*shapes) != space:  # type: ignore[arg-type]
            return False
        is_flat = all(shape == space or math.prod(shape or ()) == 1 for shape in shapes)
        return is_flat or has_rows(space)


def has_rows(space: Shape) -> bool:
    """Whether blocks can consist of whole rows."""
    return len(space) > 1 and space[0] > 1 and math.prod(space[1:]) <= MAX_ROW


def _with_groups(program: Program, finder: _Finder) -> Program:
    """The program with a step for each chain, where the last of its members stood."""
    position = {op: index for index, op in enumerate(program.steps)}
    last: dict[Operation, Fused] = {}
    inside: set[Operation] = set()
    for group in finder.groups:
        if len(group.members) > 1:
            members = sorted(group.members, key=position.__getitem__)
            step = Fused(members, {op: finder.operands(op) for op in members}, group.space)
            step.axes.update({op: finder.axes(op) or () for op in members if op.type in REDUCTIONS})
            last[members[-1]] = step
            inside.update(members)
    steps = [last.get(op, op) for op in program.steps if op in last or op not in inside]
    return replace(program, steps=_without_unused_repeats(program, _with_outputs(program, steps)))


def _with_outputs(program: Program, steps: list[Operation]) -> list[Operation]:
    """The steps, where each chain says which of its results are used outside of it."""
    used = _used(program, steps)
    for op in steps:
        if isinstance(op, Fused):
            op.keep(used)
    return [op for op in steps if not isinstance(op, Fused) or op.members]


def _used(program: Program, steps: list[Operation]) -> set[Tensor]:
    used = {program.source(t) for t in (*program.fetches, *program.watches)}
    used.update(t for op in program.targets for t in op.outputs)
    used.update(program.source(t) for op in steps for t in op.inputs)
    return used


def _without_unused_repeats(program: Program, steps: list[Operation]) -> tuple[Operation, ...]:
    used = _used(program, steps)
    return tuple([op for op in steps if op.type != "BroadcastTo" or op.outputs[0] in used])
