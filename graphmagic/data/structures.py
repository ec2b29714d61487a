"""The nests that elements of data sets are: their types, shapes and parts."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import numpy as np

from graphmagic import errors, gfile, nest
from graphmagic.dimension import Dimension
from graphmagic.dtypes import DType, as_dtype, int64, string
from graphmagic.dtypes import bool as bool_
from graphmagic.graph.block import Block, building
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.py_func import as_op_error
from graphmagic.shapes import TensorShape, as_shape

__all__ = [
    "Structured",
    "as_tuples",
    "check_data_sets",
    "check_predicate",
    "check_same_rows",
    "check_same_types",
    "converted",
    "described",
    "flat_shapes",
    "int64_tensor",
    "matching_files",
    "most_specific",
    "padding",
    "shapes_like",
    "shapes_of",
    "static_size",
    "yielded",
]


class Structured:
    """What has elements, and knows their types and shapes.

    Args:
        types: the types of an element's parts, nested like an element.
        shapes: their static shapes.
    """

    def __init__(self, types: Any, shapes: Any) -> None:
        self._types, self._shapes = types, shapes

    @property
    def output_types(self) -> Any:
        """The types of an element's parts."""
        return self._types

    @property
    def output_shapes(self) -> Any:
        """The static shapes of an element's parts."""
        return self._shapes

    @property
    def output_classes(self) -> Any:
        """The classes of an element's parts."""
        return nest.map_structure(lambda _: Tensor, self._types)


def int64_tensor(value: Any, name: str = "count") -> Tensor:
    """A count as a tensor."""
    return convert_to_tensor(value, int64, name=name)


def as_tuples(structure: Any, convert: Callable[[Any], Tensor] = convert_to_tensor) -> Any:
    """Lists as single tensors, as data sets see them; tuples and dictionaries stay."""
    if isinstance(structure, dict):
        named = {key: as_tuples(value, convert) for key, value in structure.items()}
        return named if type(structure) is dict else type(structure)(named)
    if isinstance(structure, tuple):
        items = [as_tuples(item, convert) for item in structure]
        return type(structure)(*items) if hasattr(structure, "_fields") else tuple(items)
    return convert(structure)


def converted(structure: Any, block: Block | None = None) -> tuple[list[Tensor], Any]:
    """The tensors of a nest, and the nest."""
    graph = get_default_graph()
    if block is not None:
        with building(graph, block, fresh=True):
            return [graph.own(t, "map") for t in nest.flatten(as_tuples(structure))], structure
    numbers = count()
    with graph.name_scope("tensors"):
        nested = as_tuples(structure, lambda t: convert_to_tensor(t, name=f"component_{next(numbers)}"))
    return nest.flatten(nested), nested


def _leaves(types: Any, shapes: Any) -> list[Any]:
    """What stands for the shapes of a nest, one for each type; a shape may itself look like a nest."""
    if isinstance(types, dict):
        return [leaf for key in sorted(types) for leaf in _leaves(types[key], shapes[key])]
    if nest.is_nested(types):
        return [leaf for t, item in zip(types, shapes, strict=True) for leaf in _leaves(t, item)]
    return [shapes]


def _as_known_shape(shape: Any) -> TensorShape:
    """A shape; one that is only known in a run has a known rank at most."""
    if isinstance(shape, Tensor):
        rank = shape.shape.num_elements()
        return TensorShape(None if rank is None else [None] * rank)
    return as_shape([None if n == -1 else n for n in shape] if isinstance(shape, (list, tuple)) else shape)


def flat_shapes(types: Any, shapes: Any) -> list[TensorShape]:
    """The shapes of a nest, one for each type."""
    return [_as_known_shape(shape) for shape in _leaves(types, shapes)]


def described(types: Any, shapes: Any) -> tuple[Any, Any]:
    """Types and shapes, nested alike; unknown shapes for None."""
    types = nest.map_structure(as_dtype, types)
    if shapes is None:
        return types, nest.map_structure(lambda _: TensorShape(None), types)
    return types, shapes_like(types, shapes)


def shapes_of(tensors: list[Tensor]) -> list[TensorShape]:
    """What is known of the shapes of tensors."""
    return [t.shape for t in tensors]


def shapes_like(types: Any, shapes: Any) -> Any:
    """Shapes, nested like the types."""
    return nest.pack_sequence_as(types, flat_shapes(types, shapes))


def yielded(
    generator: Callable[..., Any], types: Any, shapes: Any
) -> Callable[..., Iterator[tuple[Any, ...]]]:
    """A generator like another one, whose elements are tuples of arrays of the right types and shapes."""
    kinds, wanted = nest.flatten(types), flat_shapes(types, shapes)

    def elements(*values: Any) -> Iterator[tuple[Any, ...]]:
        for item in generator(*values):
            leaves = _leaves_like(types, item)
            arrays = tuple([_array(leaf, kind) for leaf, kind in zip(leaves, kinds, strict=True)])
            for array, shape in zip(arrays, wanted, strict=True):
                if not shape.is_compatible_with(array.shape):
                    raise TypeError(
                        f"`generator` yielded an element of shape {array.shape} where an element of shape {shape} was "
                        "expected."
                    )
            yield arrays

    def guarded(*values: Any) -> Iterator[tuple[Any, ...]]:
        try:
            yield from elements(*values)
        except Exception as error:
            raise as_op_error(error) from error

    return guarded


def padding(
    elements: Structured, shapes: Any, values: Any, size: int | None
) -> tuple[list[TensorShape], list[Any], list[Tensor]]:
    """What padded batches need.

    Args:
        elements: what is to be padded.
        shapes: the shapes to pad to, nested like an element.
        values: what to pad with, nested alike; zeros and empty strings if None.
        size: how many elements each batch has, if that is known.

    Returns:
        For each part of an element: its static shape in a batch, the sizes to pad to (-1 is that of the largest), and
        the value to pad with.
    """
    kinds = nest.flatten(elements.output_types)
    wanted = flat_shapes(elements.output_types, shapes)
    for shape, own in zip(wanted, flat_shapes(elements.output_types, elements.output_shapes), strict=True):
        if own.ndims not in (None, shape.ndims):
            raise ValueError(
                f"The padded shape {_with_commas(shape)} is not compatible with the shape {_with_commas(own)} of the "
                "corresponding input component."
            )
    sizes = [
        convert_to_tensor(given, int64)
        if isinstance(given, Tensor)
        else np.array([-1 if n is None else n for n in s.as_list()], np.int64)
        for given, s in zip(_leaves(elements.output_types, shapes), wanted, strict=True)
    ]
    fillers = [b"" if k is string else 0 for k in kinds] if values is None else nest.flatten(values)
    return (
        [TensorShape([size]).concatenate(s) for s in wanted],
        sizes,
        [_filler(v, k) for v, k in zip(fillers, kinds, strict=True)],
    )


def _with_commas(shape: TensorShape) -> str:
    """A shape as a tuple of what is known: ``(2, ?)``, ``(?,)``."""
    sizes = ["?" if n is None else str(n) for n in shape.as_list()]
    return f"({', '.join(sizes)}{',' if len(sizes) == 1 else ''})"


def _filler(value: Any, kind: DType) -> Tensor:
    """What to pad with, as a tensor; a number may be written without a decimal point."""
    if isinstance(value, int) and not isinstance(value, bool):
        return convert_to_tensor(value, kind, name="padding_value")
    tensor = convert_to_tensor(value, name="padding_value")
    if tensor.dtype != kind:
        raise TypeError(
            f"Invalid `padding_values`. `padding_values` values type {tensor.dtype!r} does not match type {kind!r} of "
            "the corresponding input component."
        )
    return tensor


def _leaves_like(types: Any, value: Any) -> list[Any]:
    """The parts of what a generator yields, nested like the types."""
    if isinstance(types, dict):
        return [leaf for key in sorted(types) for leaf in _leaves_like(types[key], value[key])]
    if nest.is_nested(types):
        if len(types) != len(value):
            raise TypeError(
                "`generator` yielded an element that did not match the expected structure. The expected structure was "
                f"{types}, but the yielded element was {value}."
            )
        return [leaf for t, item in zip(types, value, strict=True) for leaf in _leaves_like(t, item)]
    return [value]


def _array(value: Any, kind: Any) -> Any:
    if kind is string:
        array = np.array(value, object)
        flat = [v.encode() if isinstance(v, str) else v for v in array.ravel().tolist()]
        result = np.empty(len(flat), object)
        result[:] = flat
        return result.reshape(array.shape)
    try:
        return np.asarray(value, kind.numpy)
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that could not be converted to the expected type. The expected type was "
            f"{kind.name}, but the yielded element was {value}."
        ) from None


def static_size(number: Any) -> int | None:
    """A count, if it is known while building."""
    return None if isinstance(number, Tensor) else int(number)


def check_same_rows(tensors: list[Tensor]) -> None:
    """Raises a ValueError if tensors cannot have equally many rows."""
    rows = Dimension(None)
    for tensor in tensors:
        if tensor.shape.ndims == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        rows = rows.merge_with(tensor.shape.with_rank_at_least(1)[0])


def matching_files(pattern: Any) -> Any:
    """The paths that fit a pattern, as an array; an InvalidArgumentError if there are none."""
    found = gfile.Glob(pattern)
    if not found:
        raise errors.InvalidArgumentError(None, None, f"No files matched pattern: {pattern}")
    return np.array([os.fsencode(path) for path in found], object)


def check_same_types(first: Structured, second: Structured) -> None:
    """Raises a TypeError if the types of the elements of two data sets differ."""
    if nest.flatten(first.output_types) != nest.flatten(second.output_types):
        raise TypeError(f"Incompatible dataset elements:\n  {_spec(first)} vs.   {_spec(second)}")


def _spec(elements: Structured) -> Any:
    """Types and shapes of elements as TensorFlow writes them."""
    shapes = iter(flat_shapes(elements.output_types, elements.output_shapes))
    return nest.map_structure(
        lambda kind: f"TensorSpec(shape={next(shapes)}, dtype=tf.{kind.name}, name=None)",
        elements.output_types,
    )


def check_predicate(outputs: list[Tensor]) -> None:
    """Raises a ValueError if what a function returns cannot be a truth value."""
    if len(outputs) == 1 and outputs[0].dtype == bool_ and outputs[0].shape.ndims in (None, 0):
        return
    found = [f"TensorSpec(shape={t.shape}, dtype=tf.{t.dtype.name}, name=None)" for t in outputs]
    raise ValueError(
        "Invalid `predicate`. `predicate` must return a `tf.bool` scalar tensor, but its return type is "
        f"{found[0] if len(found) == 1 else tuple(found)}."
    )


def check_data_sets(parts: list[Any], kind: type) -> None:
    """Raises a TypeError if something else is among what should be data sets."""
    for part in parts:
        if not isinstance(part, kind):
            raise TypeError(
                "Invalid input to `zip`. Inputs are expected to be (nested) structures of `tf.data.Dataset` objects but "
                f"encountered object of type {type(part)}."
            )


def most_specific(a: TensorShape, b: TensorShape) -> TensorShape:
    """The most that is known of a shape that may be either of two."""
    if a.ints is None or b.ints is None or len(a.ints) != len(b.ints):
        return TensorShape(None)
    return TensorShape([x if x == y else None for x, y in zip(a.ints, b.ints, strict=True)])
