"""What `tf.data.Dataset` makes of several elements: folds, windows, parts of batches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from graphmagic import nest
from graphmagic.data import group_ops
from graphmagic.data.functions import functional_op, made, traced
from graphmagic.data.structures import Structured, converted, flat_shapes, int64_tensor, most_specific
from graphmagic.dtypes import variant
from graphmagic.graph.node import Tensor
from graphmagic.shapes import TensorShape

D = TypeVar("D", bound="Combining")

__all__ = ["Combining", "parts_as_data_sets"]


class Combining(Structured):
    """The methods of data sets that look at several elements."""

    def variant(self) -> Tensor:
        """The tensor that stands for the data set in the graph."""
        raise NotImplementedError

    def _other(self, build: Callable[..., Tensor], types: Any, shapes: Any) -> Any:
        """A data set of other elements."""
        from graphmagic.data.dataset import Dataset

        return Dataset(build, types, shapes)

    def _like_this(self, made: D) -> D:
        """A data set whose elements are what this one's are, data sets too."""
        made._nested = self._nested
        return made

    def reduce(self, initial_state: Any, reduce_func: Callable[..., Any]) -> Any:
        """A state that a function makes of each element and the state before.

        Args:
            initial_state: the first state, a tensor or a nest of tensors.
            reduce_func: takes a state and an element, returns a state.

        Returns:
            The last state.

        Raises:
            TypeError: the function returns a state of other types.

        >>> import numpy as np, graphmagic as tf
        >>> total = tf.data.Dataset.range(5).reduce(np.int64(0), lambda total, x: total + x)
        >>> tf.Session().run(total)
        np.int64(10)
        """
        state, structure = converted(initial_state)
        types = nest.pack_sequence_as(structure, [t.dtype.base_dtype for t in state])
        known = [t.shape for t in state]
        while True:  # what the function makes may have other shapes than the first state
            shapes = nest.pack_sequence_as(structure, known)
            block, result = traced(
                self._seen(reduce_func, 1), (types, self._types), (shapes, self._shapes), Structured
            )
            pairs = list(zip(known, nest.flatten(result), strict=False))
            wider = [most_specific(shape, t.shape) for shape, t in pairs]
            if [s.ints for s in wider] == [s.ints for s in known]:
                break
            known = wider
        found = nest.flatten(result)
        if [t.dtype.base_dtype for t in found] != nest.flatten(types):
            raise TypeError(
                f"The element types for the new state must match the initial state. Expected {types} but got "
                f"{nest.map_structure(lambda t: t.dtype.base_dtype, result)}."
            )
        block.outputs += converted(result, block)[0]
        op = functional_op(
            group_ops.reduce_op,
            [self.variant(), state],
            block,
            output_types=nest.flatten(types),
            output_shapes=known,
        )
        return nest.pack_sequence_as(structure, list(op.outputs))

    def window(self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: bool = False) -> Any:
        """Data sets of some consecutive elements each.

        Args:
            size: how many elements.
            shift: how many elements further the next one begins; `size` if None.
            stride: how far elements of one are apart.
            drop_remainder: whether smaller ones at the end are left out.

        Returns:
            A data set whose elements are data sets, one for each part of an element.

        >>> import graphmagic as tf
        >>> windows = tf.data.Dataset.range(5).window(3, shift=1, drop_remainder=True)
        >>> batch = windows.flat_map(lambda window: window.batch(3)).make_one_shot_iterator().get_next()
        >>> with tf.Session() as sess:
        ...     sess.run(batch), sess.run(batch)
        (array([0, 1, 2]), array([1, 2, 3]))
        """
        numbers = [int64_tensor(size if n is None else n) for n in (size, shift, stride)]
        types = nest.map_structure(lambda _: variant, self._types)
        shapes = nest.map_structure(lambda _: TensorShape([]), self._types)
        windows = self._other(
            made(group_ops.window_op, self, *numbers, drop_remainder),
            types,
            shapes,
        )
        windows._nested = list(
            zip(nest.flatten(self._types), flat_shapes(self._types, self._shapes), strict=True)
        )
        return windows

    def unbatch(self) -> Any:
        """The rows of elements as elements.

        >>> import graphmagic as tf
        >>> row = tf.data.Dataset.range(4).batch(2).unbatch().make_one_shot_iterator().get_next()
        >>> tf.Session().run(row)
        np.int64(0)
        """
        shapes = [s[1:] if s.ndims is not None else s for s in flat_shapes(self._types, self._shapes)]
        return self._other(
            made(group_ops.unbatch_op, self),
            self._types,
            nest.pack_sequence_as(self._types, shapes),
        )

    # ----- elements that are data sets -----

    _nested: list[Any] | None = None  # the types and shapes of the data sets that elements consist of

    def _seen(self, function: Callable[..., Any], before: int = 0) -> Callable[..., Any]:
        """A function of elements as it is traced: parts that are data sets are data sets for it."""
        if self._nested is None:
            return function
        return parts_as_data_sets(function, self._nested, self._other, before)


def parts_as_data_sets(
    function: Callable[..., Any], nested: list[Any], make: Callable[..., Any], before: int = 0
) -> Callable[..., Any]:
    """A function that gets tensors and calls another one with the data sets that they stand for.

    Args:
        function: the other one.
        nested: for each of them the types and shapes of its elements.
        make: makes a data set.
        before: how many arguments before them are handed over as they are.
    """

    def seen(*arguments: Any) -> Any:
        head, parts = list(arguments[:before]), list(arguments[before:])
        flat = nest.flatten(parts)
        sets = [
            make(lambda t=t, **known: t, kind, shape) for t, (kind, shape) in zip(flat, nested, strict=True)
        ]
        return function(*head, *nest.pack_sequence_as(parts, sets))

    return seen
