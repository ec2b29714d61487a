"""The values behind `tf.TensorArray`: arrays of arrays that every write makes a new version of.

A version is valid for ever, but only the newest one holds the elements; an older one holds what to change to get
from the next version to it.  So a chain of writes takes constant time each, and reading an older version undoes the
changes first (and makes that version the one that holds the elements).

Source: Baker, "Shallow binding makes functional arrays fast", ACM SIGPLAN Notices 26(8), 1991.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from graphmagic.errors import InvalidArgumentError, UnimplementedError
from graphmagic.ops.arguments import shape_text
from graphmagic.shapes import TensorShape

__all__ = ["Flow", "Spec"]

_MISSING = object()
_created = count()


@dataclass(frozen=True)
class Spec:
    """What stays the same through all versions of an array in a run."""

    name: str
    dtype: Any
    shape: TensorShape
    dynamic_size: bool

    @classmethod
    def named(cls, name: str, dtype: Any, shape: TensorShape, dynamic_size: bool) -> Spec:
        """A specification whose name is unique in this process, as in TensorFlow."""
        return cls(f"{name}_{next(_created)}", dtype, shape, dynamic_size)


class Flow:
    """One version of an array of arrays.

    Args:
        items: the elements by position; not all need be there.
        size: the number of positions.

    >>> one = Flow({0: "a"}, 2)
    >>> two = one.put([(1, "b")])
    >>> dict(two.items()), dict(one.items())
    ({0: 'a', 1: 'b'}, {0: 'a'})
    """

    __slots__ = ("_changes", "_items", "_next", "size")

    def __init__(self, items: dict[int, Any], size: int) -> None:
        self._items: dict[int, Any] | None = items
        self._changes: list[tuple[int, Any]] = []
        self._next: Flow | None = None
        self.size = size

    def items(self) -> dict[int, Any]:
        """The elements by position; not to be changed, and valid until the next call to any version."""
        if self._items is None:
            self._take_over()
        assert self._items is not None
        return self._items

    def _take_over(self) -> None:
        """Become the version that holds the elements."""
        chain = [self]
        while (following := chain[-1]._next) is not None:
            chain.append(following)
        for newer, older in zip(chain[:0:-1], chain[-2::-1], strict=True):
            items = newer._items
            assert items is not None
            newer._changes = [(i, items.get(i, _MISSING)) for i, _ in older._changes]
            _apply(items, older._changes)
            older._items, newer._items = items, None
            older._next, newer._next = None, older
            older._changes = []

    def put(self, pairs: Iterable[tuple[int, Any]], size: int | None = None) -> Flow:
        """A version with other elements at some positions."""
        items, changes = self.items(), list(pairs)
        result = Flow(items, self.size if size is None else size)
        self._changes = [(i, items.get(i, _MISSING)) for i, _ in changes]
        self._items, self._next = None, result
        _apply(items, changes)
        return result

    def variant_zeros(self) -> Flow:
        """Nothing is written, which counts as zeros in a gradient."""
        return Flow({}, self.size)

    def variant_sum(self, other: Flow) -> Flow:
        """The sum of two gradients; takes as long as the smaller one has elements."""
        small, large = sorted([self, other], key=lambda flow: len(flow.items()))
        added = list(small.items().items())
        there = large.items()
        return large.put([(i, np.add(there[i], value) if i in there else value) for i, value in added])

    # ----- what the operations do -----

    def write(self, spec: Spec, index: int, value: Any) -> Flow:
        """A version with one more element."""
        self._check_room(spec, index)
        self._check_free(spec, index)
        return self.put([(index, value)], max(self.size, index + 1))

    def scatter(self, spec: Spec, indices: Any, values: Any) -> Flow:
        """A version with more elements: the rows of an array."""
        highest = int(np.max(indices, initial=-1))
        if highest >= self.size and not spec.dynamic_size:
            raise _invalid(f"Max scatter index must be < array size ({highest} vs. {self.size})")
        for index in indices.tolist():
            self._check_free(spec, index)
        return self.put(list(zip(indices.tolist(), values, strict=True)), max(self.size, highest + 1))

    def _check_room(self, spec: Spec, index: int) -> None:
        if index < 0 or (index >= self.size and not spec.dynamic_size):
            raise _invalid(
                f"TensorArray {spec.name}: Tried to write to index {index} but array is not resizeable "
                f"and size is: {self.size}"
            )

    def _check_free(self, spec: Spec, index: int) -> None:
        if index in self.items():
            raise _invalid(
                f"TensorArray {spec.name}: Could not write to TensorArray index {index} "
                "because it has already been written to."
            )

    def read(self, spec: Spec, index: int) -> Any:
        """One element; zeros where none has been written, if the shape is known."""
        if not 0 <= index < self.size:
            raise _invalid(f"Tried to read from index {index} but array size is: {self.size}")
        found = self.items().get(index, _MISSING)
        return self._unwritten(spec, index) if found is _MISSING else found

    def _unwritten(self, spec: Spec, index: int) -> Any:
        shape = spec.shape
        if not shape.is_fully_defined():
            items = self.items()
            if not items:
                raise _invalid(
                    f"TensorArray {spec.name}: Could not read from TensorArray index {index}.  Furthermore, the "
                    f"element shape is not fully defined: {shape.bracketed() if shape.ndims is not None else shape}.  "
                    "It is possible you are working with a resizeable TensorArray and stop_gradients is not allowing "
                    "the gradients to be written.  If you set the full element_shape property on the forward "
                    "TensorArray, the proper all-zeros tensor will be returned instead of incurring this error."
                )
            return np.zeros(np.shape(next(iter(items.values()))), spec.dtype)
        return np.zeros(shape.as_list(), spec.dtype)

    def gather(self, spec: Spec, indices: Any) -> Any:
        """Some elements as the rows of an array."""
        parts = [self.read(spec, index) for index in indices.tolist()]
        if not parts:
            if not spec.shape.is_fully_defined():
                raise UnimplementedError(
                    None,
                    None,
                    f"TensorArray has size zero, but element shape {spec.shape} is not fully defined. "
                    "Currently only static shapes are supported when packing zero-size TensorArrays.",
                )
            return np.zeros([0, *spec.shape.as_list()], spec.dtype)
        for position, part in enumerate(parts):
            if np.shape(part) != np.shape(parts[0]):
                raise _invalid(
                    f"TensorArray has inconsistent shapes.  Index 0 has shape: {shape_text(parts[0])} "
                    f"but index {position} has shape: {shape_text(part)}",
                )
        return np.array(parts, spec.dtype)


def _apply(items: dict[int, Any], changes: Iterable[tuple[int, Any]]) -> None:
    for index, value in changes:
        if value is _MISSING:
            items.pop(index, None)
        else:
            items[index] = value


def _invalid(text: str) -> InvalidArgumentError:
    return InvalidArgumentError(None, None, text)
