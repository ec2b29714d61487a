"""What optimizers remember about the variables they make for themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.dtypes import DType
from graphmagic.graph.graph import Graph, get_default_graph
from graphmagic.ops.variable import Variable
from graphmagic.shapes import TensorShape
from graphmagic.train.slots import create_slot, create_slot_with_initializer, create_zeros_slot

__all__ = ["SlotKeeper"]


class SlotKeeper:
    """Slots by name and variable, and variables that belong to no slot."""

    def __init__(self) -> None:
        self._slots: dict[str, dict[Any, Variable]] = {}
        self._others: dict[tuple[str, Graph], Variable] = {}

    def get_slot(self, var: Any, name: str) -> Variable | None:
        """The slot of a variable, such as its momentum; None if there is none.

        Args:
            var: the variable that is optimized.
            name: one of `get_slot_names`.
        """
        return self._slots.get(name, {}).get(var.op)

    def get_slot_names(self) -> list[str]:
        """The names of the slots that this optimizer has made."""
        return sorted(self._slots)

    def variables(self) -> list[Variable]:
        """The variables that this optimizer has made in the default graph."""
        graph = get_default_graph()
        made = [*self._others.values(), *[v for slots in self._slots.values() for v in slots.values()]]
        return sorted([v for v in made if v.graph is graph], key=lambda v: v.name)

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Variable:
        """The slot of that name, made of zeros if there is none yet; `op_name` is the last part of its name."""
        return self._slot(var, slot_name, lambda: create_zeros_slot(var, op_name))

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Variable:
        """The slot of that name, made from a tensor if there is none yet."""
        return self._slot(var, slot_name, lambda: create_slot(var, val, op_name))

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: TensorShape, dtype: DType, slot_name: str, op_name: str
    ) -> Variable:
        """The slot of that name, made by an initializer if there is none yet."""
        return self._slot(
            var, slot_name, lambda: create_slot_with_initializer(var, initializer, shape, dtype, op_name)
        )

    def _slot(self, var: Any, slot_name: str, make: Callable[[], Variable]) -> Variable:
        slots = self._slots.setdefault(slot_name, {})
        if var.op not in slots:
            slots[var.op] = make()
        return slots[var.op]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Variable:
        """A variable that belongs to no slot, one per name and graph."""
        key = (name, colocate_with.graph)
        if key not in self._others:
            self._others[key] = Variable(initial_value, name=name, trainable=False)
        return self._others[key]

    def _get_non_slot_variable(self, name: str, graph: Graph) -> Variable:
        return self._others[name, graph]
