"""What one session holds: the values of its variables, its random streams, its resources."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from graphmagic.graph.node import Operation, Tensor

__all__ = ["State", "variable_of"]

_numbers = count()


def variable_of(ref: Tensor) -> Operation:
    """The VariableV2 operation that a ref tensor stands for; writes pass their target on as their output."""
    op = ref.op
    while op.type != "VariableV2":
        op = op.inputs[0].op
    return op


class State:
    """The values of one session.

    A write stores another array in `values`, so whoever read the old one keeps it, an interrupted run leaves whole
    values, and threads need the lock only to read, change and store as one step.  Arrays that nobody else refers to
    may be written over by the updates of optimizers and of rows, in one go.

    Attributes:
        values: the array of each initialized variable, by the number of its operation.
        irregular: numbers of variables that may hold an array of another shape than was declared.
        threads: how many threads one operation may use.
        memory_limit: how many bytes runs and variables may take; 0 for as much as the machine has.
        lock: held while a variable or a random stream is read and written as one step.
    """

    def __init__(self) -> None:
        self.values: dict[int, Any] = {}
        self.irregular: set[int] = set()
        self.threads = 2
        self.memory_limit = 0
        self.lock = threading.RLock()
        self._resources: dict[Operation, Any] = {}

    def is_initialized(self, ref: Tensor) -> bool:
        """Whether the variable that `ref` stands for has a value."""
        return variable_of(ref).id in self.values

    def read(self, ref: Tensor) -> Any:
        """The value of the variable that `ref` stands for.

        Raises:
            KeyError: it is not initialized.
        """
        return self.values[variable_of(ref).id]

    def write(self, op: Operation, value: np.ndarray[Any, Any]) -> None:
        """Set the value of a VariableV2 operation."""
        with self.lock:
            self.values[op.id] = value

    def resource(self, op: Operation, make: Callable[[], Any]) -> Any:
        """The object that belongs to an operation in this session, made when first asked for."""
        with self.lock:
            if op not in self._resources:
                self._resources[op] = made = make()
                if hasattr(made, "resource_name"):  # counted throughout the process, as in TensorFlow
                    made.resource_name = f"_{next(_numbers)}_{op.name}"
            return self._resources[op]

    def clear(self) -> None:
        """Let go of all values, and wake the threads that wait for a queue."""
        with self.lock:
            found = list(self._resources.values())
            self.values.clear()
            self._resources.clear()
        for item in found:
            if hasattr(item, "cancel"):
                item.cancel()
