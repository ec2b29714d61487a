"""Functions over the first dimension of tensors: `tf.map_fn`, `tf.scan`, `tf.foldl`, `tf.foldr`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic import nest
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arithmetic import add, subtract
from graphmagic.ops.constant import constant
from graphmagic.ops.logic import greater_equal, less
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.tensor_array import TensorArray
from graphmagic.ops.while_loop import while_loop
from graphmagic.shapes import TensorShape

__all__ = ["foldl", "foldr", "map_fn", "scan"]


class _Elements:
    """The rows of a nest of tensors that are as long as each other.

    Attributes:
        tensors: the tensors.
        length: how many rows they have, a number if it is known, else a tensor.
        arrays: their rows.
    """

    def __init__(self, elems: Any) -> None:
        self.structure = elems
        self.tensors = [convert_to_tensor(e, name="elem") for e in nest.flatten(elems)]
        if not self.tensors:
            raise ValueError(
                f"elems must be a Tensor or (possibly nested) sequence of Tensors. Got {elems}, "
                "which does not contain any Tensors."
            )
        if any(t.shape.ndims == 0 for t in self.tensors):
            raise ValueError("Elements in elems must be 1+ dimensional Tensors, not scalars")
        first = TensorShape([None])
        for tensor in self.tensors:
            if tensor.shape.ndims is not None:
                first = first.merge_with(tensor.shape[:1])
        assert first.ints is not None
        self.known = first.ints[0]
        self.length: Any = shape_of(self.tensors[0])[0] if self.known is None else self.known
        empty = [TensorArray(t.dtype, self.length, infer_shape=True) for t in self.tensors]
        self.arrays = [array.unstack(t) for array, t in zip(empty, self.tensors, strict=True)]

    def row(self, index: Any) -> Any:
        """One row of each tensor, nested like the elements."""
        return nest.pack_sequence_as(self.structure, [array.read(index) for array in self.arrays])

    def stacked(self, structure: Any, arrays: list[TensorArray]) -> Any:
        """Arrays that were written row by row as tensors."""
        results = [array.stack() for array in arrays]
        for tensor in results:
            if tensor.shape.ndims is not None:
                tensor.set_shape([self.known, *tensor.shape.as_list()[1:]])
        return nest.pack_sequence_as(structure, results)


def map_fn(
    fn: Callable[[Any], Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
    fn_output_signature: Any = None,
) -> Any:
    """What a function makes of each row, as the rows of a tensor.

    Args:
        fn: takes a row of each of `elems`.
        elems: a tensor, or a nest of tensors with the same first dimension.
        dtype: the type that `fn` returns, or a nest of types; that of `elems` if None.
        parallel_iterations: accepted for old programs.
        back_prop: False lets no gradient through.
        swap_memory: accepted for old programs.
        infer_shape: whether all results have one shape.
        name: the scope of what is made.
        fn_output_signature: another name of `dtype`.

    Returns:
        Tensors, nested like what `fn` returns.

    Raises:
        TypeError: `fn` is not callable, or returns another type.
        ValueError: a tensor is a scalar, or `fn` returns another structure.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.map_fn(lambda row: tf.reduce_sum(row), tf.constant([[1, 2], [3, 4]])))
    array([3, 7], dtype=int32)
    """
    _check_callable(fn)
    kinds = fn_output_signature if dtype is None else dtype
    with get_default_graph().name_scope(name or "map"):
        rows = _Elements(elems)
        if kinds is None:
            kinds = nest.pack_sequence_as(elems, [t.dtype.base_dtype for t in rows.tensors])
        start = constant(0)
        arrays = [TensorArray(kind, rows.length, infer_shape=infer_shape) for kind in nest.flatten(kinds)]

        def step(i: Tensor, arrays: Any) -> Any:
            values = fn(rows.row(i))
            nest.assert_same_structure(
                elems if dtype is None and fn_output_signature is None else kinds, values
            )
            return add(i, 1, name="add"), [
                a.write(i, v) for a, v in zip(arrays, nest.flatten(values), strict=True)
            ]

        _, results = while_loop(
            lambda i, _: less(i, rows.length),
            step,
            (start, arrays),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            maximum_iterations=rows.length,
        )
        return rows.stacked(kinds, results)


def _check_callable(fn: Any) -> None:
    if not callable(fn):
        raise TypeError("fn must be callable.")


def _next(i: Tensor, backwards: bool) -> Tensor:
    return subtract(i, 1, name="sub") if backwards else add(i, 1, name="add")


def _initial(rows: _Elements, initializer: Any, first: Any) -> tuple[Any, bool]:
    """The first value of what is accumulated, and whether that was given rather than the first row."""
    if initializer is None:
        return rows.row(first), False
    values = [convert_to_tensor(v, name="initializer") for v in nest.flatten(initializer)]
    return nest.pack_sequence_as(initializer, values), True


def scan(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """All values that a function goes through when it takes in one row after the other.

    Args:
        fn: takes the value so far and a row, returns the next value.
        elems: a tensor, or a nest of tensors with the same first dimension.
        initializer: the first value; the first row if None.
        parallel_iterations: accepted for old programs.
        back_prop: False lets no gradient through.
        swap_memory: accepted for old programs.
        infer_shape: whether all values have one shape.
        reverse: go from the last row to the first.
        name: the scope of what is made.

    Returns:
        The values after each row, stacked, nested like the value.

    Raises:
        TypeError: `fn` is not callable.
        ValueError: a tensor is a scalar, or `fn` returns another structure than that of the value.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.scan(lambda total, x: total + x, tf.constant([1, 2, 3, 4])))
    array([ 1,  3,  6, 10], dtype=int32)
    """
    _check_callable(fn)
    with get_default_graph().name_scope(name or "scan"):
        rows = _Elements(elems)
        first = subtract(rows.length, 1) if reverse else 0
        value, is_given = _initial(rows, initializer, first)
        flat = nest.flatten(value)
        arrays = [
            TensorArray(
                t.dtype, rows.length, infer_shape=infer_shape, element_shape=t.shape if infer_shape else None
            )
            for t in flat
        ]
        if not is_given:
            arrays = [array.write(first, t) for array, t in zip(arrays, flat, strict=True)]
        start = first if is_given else (subtract(first, 1) if reverse else 1)

        def step(i: Tensor, current: Any, arrays: Any) -> Any:
            result = fn(current, rows.row(i))
            nest.assert_same_structure(elems if initializer is None else initializer, result)
            leaves = nest.flatten(result)
            written = [array.write(i, t) for array, t in zip(arrays, leaves, strict=True)]
            return _next(i, reverse), nest.pack_sequence_as(value, leaves), written

        _, _, results = while_loop(
            lambda i, *_: greater_equal(i, 0) if reverse else less(i, rows.length),
            step,
            (constant(start) if isinstance(start, int) else start, value, arrays),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            maximum_iterations=rows.length,
        )
        return rows.stacked(value, results)


def _fold(
    fn: Callable[[Any, Any], Any], elems: Any, initializer: Any, backwards: bool, back_prop: bool, name: str
) -> Any:
    _check_callable(fn)
    with get_default_graph().name_scope(name):
        rows = _Elements(elems)
        first = subtract(rows.length, 1) if backwards else 0
        value, is_given = _initial(rows, initializer, first)
        start = first if is_given else (subtract(first, 1) if backwards else 1)

        def step(i: Tensor, current: Any) -> Any:
            result = fn(current, rows.row(i))
            return _next(i, backwards), result

        _, result = while_loop(
            lambda i, _: greater_equal(i, 0) if backwards else less(i, rows.length),
            step,
            (constant(start) if isinstance(start, int) else start, value),
            back_prop=back_prop,
            maximum_iterations=rows.length,
        )
        return result


def foldl(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """The value of a function that has taken in one row after the other; arguments as `scan`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.foldl(lambda total, x: 10 * total + x, tf.constant([1, 2, 3])))
    np.int32(123)
    """
    return _fold(fn, elems, initializer, False, back_prop, name or "foldl")


def foldr(
    fn: Callable[[Any, Any], Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """The value of a function that has taken in one row after the other, the last one first; arguments as `scan`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.foldr(lambda total, x: 10 * total + x, tf.constant([1, 2, 3])))
    np.int32(321)
    """
    return _fold(fn, elems, initializer, True, back_prop, name or "foldr")
