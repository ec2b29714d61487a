"""The lowering of softmax cross entropy: its loss and its gradient share the exponentials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphmagic.graph.node import Operation

if TYPE_CHECKING:
    from graphmagic.engine.specialised import Specialised

__all__ = ["lower_xent"]

MAX_TURNED = 64  # up to so many classes, maxima and sums down the columns of a transposed copy are faster


def lower_xent(plan: Specialised, op: Operation) -> bool:
    """Loss and gradient, each only if it is wanted, from one softmax in scratch memory."""
    loss, backprop = op.outputs
    shape = plan.shape(op.inputs[0])
    if shape is None or len(shape) != 2 or plan.shape(op.inputs[1]) != shape or shape[1] > MAX_TURNED:
        return False
    if loss.dtype.numpy.char not in "fd" or plan.is_private_result(loss) or plan.is_private_result(backprop):
        return False
    _Lines(plan, op, shape).add()
    return True


class _Lines:
    """The lines for one operation; ``turned`` holds the logits, later their powers, with a column for each row."""

    def __init__(self, plan: Specialised, op: Operation, shape: tuple[int, ...]) -> None:
        self.plan, self.op, self.kind = plan, op, op.outputs[0].dtype.numpy
        self.shape, self.classes, rows = shape, shape[1], shape[0]
        self.logits, self.labels = map(plan.text, op.inputs)
        turned = plan.scratch((self.classes, rows), self.kind)
        self.turned, self.upright = plan.bind(turned), plan.bind(turned.T)
        self.totals = plan.bind(plan.scratch((rows,), self.kind))
        self.spare = plan.bind(plan.scratch((rows,), self.kind))

    def add(self) -> None:
        """Add all lines."""
        loss, backprop = self.op.outputs
        turned, totals, spare = self.turned, self.totals, self.spare
        self._line(np.copyto, self.upright, self.logits)
        self._line(np.maximum.reduce, turned, "0", "None", spare)
        self._line(np.subtract, turned, spare, turned)
        if self.plan.is_wanted(loss):
            weighted = self.plan.bind(self.plan.scratch(self.shape, self.kind))
            self._line(np.multiply, self.upright, self.labels, weighted)
        self._line(np.exp, turned, turned)
        self._line(np.add.reduce, turned, "0", "None", totals)
        if self.plan.is_wanted(loss):
            self._add_loss(weighted)
        if self.plan.is_wanted(backprop):
            self.plan.place(backprop)
            self._line(np.true_divide, turned, totals, turned)
            self._line(np.subtract, self.upright, self.labels, self.plan.text(backprop))

    def _add_loss(self, weighted: str) -> None:
        """``log(total) * sum(labels) - sum(labels * logits)``, the logits less their maximum."""
        loss = self.op.outputs[0]
        self.plan.place(loss)
        out, ones = self.plan.text(loss), self.plan.bind(np.ones(self.classes, self.kind))
        self._line(np.log, self.totals, out)
        self.plan.line(self.op, f"{self.labels}.dot({ones}, {self.spare})")
        self._line(np.multiply, out, self.spare, out)
        self.plan.line(self.op, f"{weighted}.dot({ones}, {self.spare})")
        self._line(np.subtract, out, self.spare, out)

    def _line(self, function: Any, *arguments: str) -> None:
        self.plan.line(self.op, f"{self.plan.bind(function)}({', '.join(arguments)})")
