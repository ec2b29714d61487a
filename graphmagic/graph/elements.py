"""Finding the operations and tensors of a graph."""

from __future__ import annotations

from typing import Any

from graphmagic.graph.explain import created_at, near_names, with_notes
from graphmagic.graph.node import Operation, Tensor

__all__ = ["Elements"]


class Elements:
    """The part of a `Graph` that holds its operations, and finds them and their outputs by name."""

    def __init__(self) -> None:
        super().__init__()
        self._operations: list[Operation] = []
        self._by_name: dict[str, Operation] = {}

    def get_operation_by_name(self, name: str) -> Operation:
        """The operation of that name.

        Raises:
            TypeError: `name` is no string.
            ValueError: it is the name of a tensor.
            KeyError: there is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        found: Operation = self.as_graph_element(name, allow_tensor=False)
        return found

    def get_tensor_by_name(self, name: str) -> Tensor:
        """The tensor of that name, ``<operation>:<output index>``.

        Raises:
            TypeError: `name` is no string.
            ValueError: it is the name of an operation.
            KeyError: there is none.
        """
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        found: Tensor = self.as_graph_element(name, allow_operation=False)
        return found

    def as_graph_element(self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True) -> Any:
        """The tensor or operation that `obj` is, stands for, or names.

        Args:
            obj: a tensor, an operation, a variable, or a name.
            allow_tensor: whether the answer may be a tensor.
            allow_operation: whether the answer may be an operation.

        Raises:
            TypeError: `obj` is none of these.
            ValueError: it belongs to another graph, or is of a kind that is not allowed.
            KeyError: there is nothing of that name.
        """
        if not (allow_tensor or allow_operation):
            raise ValueError("allow_tensor and allow_operation can't both be False.")
        kinds = " or ".join(["Tensor"] * allow_tensor + ["Operation"] * allow_operation)
        convert = getattr(obj, "_as_graph_element", None)
        if convert is not None:
            obj = convert()
        if isinstance(obj, bytes):
            obj = obj.decode()
        if isinstance(obj, str):
            return self._element_by_name(obj, allow_tensor, allow_operation)
        if (isinstance(obj, Tensor) and allow_tensor) or (isinstance(obj, Operation) and allow_operation):
            if obj.graph is not self:
                raise with_notes(
                    ValueError(f"{type(obj).__name__} {obj} is not an element of this graph."),
                    created_at(obj.op if isinstance(obj, Tensor) else obj),
                    "To fix it: use it with its own graph, for instance in tf.Session(graph=tensor.graph).",
                )
            return obj
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {kinds}.")

    def _element_by_name(self, name: str, allow_tensor: bool, allow_operation: bool) -> Any:
        if ":" not in name:
            if not allow_operation:
                if name in self._by_name:
                    raise ValueError(
                        f"The name {name!r} refers to an Operation, not a Tensor. "
                        'Tensor names must be of the form "<op_name>:<output_index>".'
                    )
                raise ValueError(
                    f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. "
                    'Tensor names must be of the form "<op_name>:<output_index>".'
                )
            if name not in self._by_name:
                raise with_notes(
                    KeyError(f"The name {name!r} refers to an Operation not in the graph."),
                    near_names(name, self._by_name),
                )
            return self._by_name[name]
        if not allow_tensor:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
        op_name, _, index = name.partition(":")
        if not index.isdigit():
            raise ValueError(
                f"The name {name!r} looks a like a Tensor name, but is not a valid one. "
                'Tensor names must be of the form "<op_name>:<output_index>".'
            )
        op = self._by_name.get(op_name)
        if op is None:
            raise with_notes(
                KeyError(
                    f"The name {name!r} refers to a Tensor which does not exist. "
                    f"The operation, {op_name!r}, does not exist in the graph."
                ),
                near_names(name, [f"{existing}:0" for existing in self._by_name]),
            )
        if int(index) >= len(op.outputs):
            raise KeyError(
                f"The name {name!r} refers to a Tensor which does not exist. "
                f"The operation, {op_name!r}, exists but only has {len(op.outputs)} outputs."
            )
        return op.outputs[int(index)]
