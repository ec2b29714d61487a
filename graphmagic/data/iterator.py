"""`tf.data.Iterator`: the next element of a data set, again and again."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from graphmagic import errors, nest
from graphmagic.data.dataset import Dataset
from graphmagic.data.sources import Source
from graphmagic.data.structures import Structured, described, flat_shapes
from graphmagic.dtypes import string
from graphmagic.graph.apply import apply_op
from graphmagic.graph.block import blocks_of
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.explain import created_at, with_notes
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid
from graphmagic.ops.variant import scalar
from graphmagic.shapes import TensorShape

__all__ = ["Iterator", "initializable", "one_shot"]

# ----- operations -----


class _Position:
    """Where an iterator of a session is."""

    def __init__(self) -> None:
        self.resource_name = ""
        self.elements: Any = None
        self.failure: Exception | None = None
        self.lock = threading.Lock()


iterator_op = OpDef(
    "Iterator",
    " -> handle:resource",
    defaults={"shared_name": "", "container": ""},
    stateful=True,
    differentiable=False,
)
one_shot_op = OpDef(
    "OneShotIterator", "dataset:variant -> handle:resource", stateful=True, differentiable=False
)
make_op = OpDef("MakeIterator", "dataset:variant, iterator:resource", stateful=True, differentiable=False)
next_op = OpDef(
    "IteratorGetNext", "iterator:resource -> components:[output_types]", stateful=True, differentiable=False
)
to_string_op = OpDef(
    "IteratorToStringHandle",
    "resource_handle:resource -> string_handle:string",
    stateful=True,
    differentiable=False,
)
from_string_op = OpDef(
    "IteratorFromStringHandle",
    "string_handle:string -> resource_handle:resource",
    stateful=True,
    differentiable=False,
)
for _opdef in (iterator_op, one_shot_op, to_string_op, from_string_op):
    _opdef.shape_rule(scalar)


@iterator_op.kernel
def iterator_kernel(*, op: Operation, state: Any) -> _Position:
    position: _Position = state.resource(op, _Position)
    return position


@one_shot_op.kernel
def one_shot_kernel(source: Source, *, op: Operation, state: Any) -> _Position:
    position: _Position = state.resource(op, _Position)
    with position.lock:
        if position.elements is None:
            position.elements = source.start()
    return position


@make_op.kernel
def make_kernel(source: Source, position: _Position) -> None:
    with position.lock:
        position.elements = source.start()


@next_op.kernel
def next_kernel(position: _Position, *, op: Operation) -> Any:
    with position.lock:
        if position.elements is None:
            raise errors.FailedPreconditionError(
                None,
                None,
                "GetNext() failed because the iterator has not been initialized. Ensure that you have run the "
                "initializer operation for this iterator before getting the next element.",
            )
        element = next(position.elements, None)
    if element is None:
        raise errors.OutOfRangeError(None, None, "End of sequence")
    for value, shape in zip(element, op.attrs["output_shapes"], strict=True):
        if not shape.is_compatible_with(np.shape(value)):
            raise invalid(
                f"the iterator promised elements of shape {shape}, but this one has {np.shape(value)}"
            )
    return tuple(element)


@next_op.shape_rule
def next_shape(iterator: Tensor, *, output_shapes: list[TensorShape]) -> list[TensorShape]:
    return output_shapes


@to_string_op.kernel
def to_string_kernel(position: _Position, *, op: Operation) -> Any:
    result = np.empty((), object)
    result[()] = op.inputs[0].op.name.encode()
    return result


@from_string_op.kernel
def from_string_kernel(handle: Any, *, op: Operation, state: Any) -> _Position:
    name = np.asarray(handle, object)[()]
    name = name.decode() if isinstance(name, bytes) else name
    try:
        source = op.graph.get_operation_by_name(name)  # type: ignore[arg-type]
    except (KeyError, ValueError):
        raise with_notes(
            invalid("Could not parse string_handle as a valid ResourceHandle"),
            f"there is no iterator {name!r} in this graph",
        ) from None
    position: _Position = state.resource(source, _Position)
    return position


# ----- the class -----


class Iterator(Structured):
    """Goes through the elements of a data set, in each session on its own."""

    def __init__(self, handle: Tensor, initializer: Operation | None, types: Any, shapes: Any) -> None:
        super().__init__(types, shapes)
        self._handle, self._initializer = handle, initializer
        self._string_handle: Tensor | None = None
        handle.graph.spared += 1  # the string handle, which is made when it is asked for

    @staticmethod
    def from_structure(
        output_types: Any,
        output_shapes: Any = None,
        shared_name: str | None = None,
        output_classes: Any = None,
    ) -> Iterator:
        """An iterator that different data sets of the same types can be given to; see `make_initializer`.

        Args:
            output_types: the types of an element's parts.
            output_shapes: their static shapes; unknown if None.
            shared_name: accepted for old programs.
            output_classes: accepted for old programs.
        """
        types, shapes = described(output_types, output_shapes)
        return Iterator(_handle(types, shapes, shared_name), None, types, shapes)

    @staticmethod
    def from_string_handle(
        string_handle: Any, output_types: Any, output_shapes: Any = None, output_classes: Any = None
    ) -> Iterator:
        """The iterator of which a string says which one it is, such as a placeholder; see `string_handle`."""
        types, shapes = described(output_types, output_shapes)
        string_handle = convert_to_tensor(string_handle, string)
        handle = apply_op(from_string_op, string_handle, **_flat(types, shapes)).outputs[0]
        return Iterator(handle, None, types, shapes)

    @property
    def initializer(self) -> Operation:
        """The operation that starts at the first element.

        Raises:
            ValueError: the iterator has none.
        """
        if self._initializer is None:
            raise ValueError(
                "The iterator does not have an initializer. This means it was likely created using "
                "`tf.data.Dataset.make_one_shot_iterator()`. For an initializable iterator, use "
                "`tf.data.Dataset.make_initializable_iterator()` instead."
            )
        return self._initializer

    def make_initializer(self, dataset: Dataset, name: str | None = None) -> Operation:
        """An operation that starts at the first element of a data set.

        Args:
            dataset: a data set of the iterator's types and shapes.
            name: the operation's name.

        Raises:
            TypeError: it has other types, or shapes that do not fit.
        """
        mine, others = nest.flatten(self._types), nest.flatten(dataset.output_types)
        if mine != others:
            raise TypeError(
                f"Expected output types {self._types!r} but got dataset with output types {dataset.output_types!r}."
            )
        pairs = zip(nest.flatten(self._shapes), nest.flatten(dataset.output_shapes), strict=True)
        for a, b in pairs:
            if not a.is_compatible_with(b):
                raise TypeError(
                    f"Expected output shapes compatible with {self._shapes!r} but got dataset with output shapes "
                    f"{dataset.output_shapes!r}."
                )
        return apply_op(make_op, dataset.variant(), self._handle, name=name or "make_initializer")

    def get_next(self, name: str | None = None) -> Any:
        """The next element, each time it is run; `tf.errors.OutOfRangeError` behind the last."""
        op = apply_op(
            next_op,
            self._handle,
            name=name,
            **_flat(self._types, self._shapes),
        )
        return nest.pack_sequence_as(self._types, list(op.outputs))

    def string_handle(self, name: str | None = None) -> Tensor:
        """A string that says which iterator this is, to be fed to one made by `from_string_handle`."""
        if name is not None:
            return apply_op(to_string_op, self._handle, name=name).outputs[0]
        if self._string_handle is None:
            self._string_handle = apply_op(to_string_op, self._handle).outputs[0]
            self._handle.graph.spared -= 1
        return self._string_handle


def _flat(types: Any, shapes: Any) -> dict[str, Any]:
    """The attributes that say what the elements are."""
    return {"output_types": nest.flatten(types), "output_shapes": flat_shapes(types, shapes)}


def _handle(types: Any, shapes: Any, shared_name: str | None) -> Tensor:
    return apply_op(
        iterator_op, name="IteratorV2", shared_name=shared_name or "", **_flat(types, shapes)
    ).outputs[0]


def initializable(dataset: Dataset, shared_name: str | None) -> Iterator:
    """An iterator that its initializer starts."""
    types, shapes = dataset.output_types, dataset.output_shapes
    handle = _handle(types, shapes, shared_name)
    return Iterator(handle, apply_op(make_op, dataset.variant(), handle), types, shapes)


def one_shot(dataset: Dataset) -> Iterator:
    """An iterator that starts by itself.

    Raises:
        ValueError: the data set depends on a placeholder.
    """
    variant = dataset.variant()
    stack, done = [variant.op], {variant.op}
    while stack:
        op = stack.pop()
        if op.type == "Placeholder":
            raise with_notes(
                ValueError(f"Cannot capture a placeholder (name:{op.name}, type:{op.type}) by value."),
                "use make_initializable_iterator(), and feed it when you run the initializer",
                created_at(op),
            )
        more = [t.op for t in op.inputs] + [t.op for block in blocks_of(op) for t in block.outputs]
        stack += [o for o in more if o not in done]
        done.update(more)
    attrs = _flat(dataset.output_types, dataset.output_shapes)
    handle = apply_op(one_shot_op, variant, **attrs).outputs[0]
    return Iterator(handle, None, dataset.output_types, dataset.output_shapes)
