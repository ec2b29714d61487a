"""What surrounds the creation of operations: control dependencies, devices, gradients of other names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from graphmagic.graph.block import Block
from graphmagic.graph.elements import Elements
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.names import Names
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.scopes import ControlDependencies, canonical_device

__all__ = ["Contexts", "out_of_reach"]


class Contexts(Elements, Names):
    """The part of a `Graph` that knows in which ``with`` blocks operations are made."""

    def __init__(self) -> None:
        super().__init__()
        self._control_stack: list[ControlDependencies] = []
        self._device_stack: list[str] = []
        self._gradient_overrides: dict[str, str] = {}
        self.block: Block | None = None  # where new operations belong

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
            raise out_of_reach(operation, "a control dependency")
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


def out_of_reach(op: Operation, user: str) -> ValueError:
    """The error of using what is inside a branch or a loop from a place that is not."""
    assert op.block is not None
    where = "a while loop" if any(b.in_loop for b in op.block.path()) else "a branch of a cond"
    return with_notes(
        ValueError(f"Cannot use '{op.name}' as input to '{user}' because '{op.name}' is in {where}."),
        created_at(op),
        "To fix it: return it from the function that makes it, and use what tf.cond or tf.while_loop returns.",
    )
