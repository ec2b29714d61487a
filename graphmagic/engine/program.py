"""A program: what a run computes, as immutable data that passes improve one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from graphmagic.graph.node import Operation, Tensor

__all__ = ["Inner", "Program"]


@dataclass(frozen=True)
class Inner:
    """What a branch or a loop runs.

    Attributes:
        programs: of a branch, those for true and for false; of a loop, the condition and the body.  They are fed with
            the loop variables, if there are any, and with what they use from outside.
        kept: the positions of the operation's outputs that are computed; of a loop also those of its variables.
    """

    programs: tuple[Program, ...]
    kept: tuple[int, ...]


@dataclass(frozen=True)
class Program:
    """What one run computes.

    Attributes:
        fetches: the tensors to return.
        targets: the operations to run for their effect.
        feeds: the tensors whose values the caller gives.
        watches: tensors whose values are noted if the program computes them anyway.
        steps: the operations to run, in order.
        constants: values that are known already, by tensor.
        same: tensors that are not computed since they have the value of another one; never chained.
        shapes: the shapes that tensors have in every run of the program, where more is known than the graph says; for
            lists and arrays of tensors, the shape of their elements.
        inner: for the branches and loops among the steps, what they run.
        narrowed: for matrix products of which some columns are computed, which.
    """

    fetches: tuple[Tensor, ...]
    targets: tuple[Operation, ...]
    feeds: tuple[Tensor, ...] = ()
    watches: tuple[Tensor, ...] = ()
    steps: tuple[Operation, ...] = ()
    constants: Mapping[Tensor, Any] = field(default_factory=dict)
    same: Mapping[Tensor, Tensor] = field(default_factory=dict)
    shapes: Mapping[Tensor, tuple[int, ...]] = field(default_factory=dict)
    inner: Mapping[Operation, Inner] = field(default_factory=dict)
    narrowed: Mapping[Operation, slice] = field(default_factory=dict)

    def source(self, tensor: Tensor) -> Tensor:
        """The tensor that is computed and has the value of `tensor`."""
        return self.same.get(tensor, tensor)

    def used(self) -> set[Tensor]:
        """The tensors whose values something needs: a step, or the caller."""
        tensors = {t for op in self.steps for t in op.inputs}.union(self.fetches, self.watches)
        same = self.same
        return {same.get(t, t) for t in tensors} if same else tensors

    def shape_of(self, tensor: Tensor) -> tuple[int, ...] | None:
        """The shape of `tensor` in every run, None if it is not known.

        >>> import graphmagic as tf
        >>> x, y = tf.placeholder(tf.float32, [None, 3]), tf.zeros([2])
        >>> program = Program((x, y), (), shapes={x: (7, 3)})
        >>> program.shape_of(x), program.shape_of(y), Program((x,), ()).shape_of(x)
        ((7, 3), (2,), None)
        """
        tensor = self.same.get(tensor, tensor)
        if self.shapes:
            known = self.shapes.get(tensor)
            if known is not None:
                return known
        if tensor in self.constants:
            return tuple(np.shape(self.constants[tensor]))
        static = tensor.shape.ints
        return None if static is None or None in static else static  # type: ignore[return-value]

    def __str__(self) -> str:
        lines = [f"{op.name} = {op.type}({', '.join(t.name for t in op.inputs)})" for op in self.steps]
        return "\n".join(lines)
