"""Sets as the rows of tensors, dense or sparse: size, union, intersection, difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arguments import shape_text, sizes_text
from graphmagic.ops.checks import invalid, merged_shape, of_rank_at_least
from graphmagic.ops.sparse_values import as_sparse, check_places, convert_to_tensor_or_sparse_tensor
from graphmagic.ops.text import as_bytes, string_array
from graphmagic.shapes import TensorShape

__all__ = ["set_difference", "set_intersection", "set_size", "set_union"]

_TYPES = (
    dtypes.int8, dtypes.int16, dtypes.int32, dtypes.int64, dtypes.uint8, dtypes.uint16, dtypes.string,
)  # fmt: skip
_ATTRS: dict[str, Any] = {
    "types": {"T": _TYPES},
    "defaults": {"validate_indices": True},
    "differentiable": False,
}
_RESULT = "result_indices:int64, result_values:T, result_shape:int64"
Groups = dict[tuple[int, ...], set[Any]]

size_op = OpDef("SetSize", "set_indices:int64, set_values:T, set_shape:int64 -> size:int32", **_ATTRS)


def _of_sparse(indices: Any, values: Any, shape: Any, validate: bool) -> tuple[Groups, tuple[int, ...]]:
    if len(shape) < 2:
        raise invalid(f"Invalid input: rank {len(shape)} < 2")
    if validate:
        check_places(indices, tuple(shape.tolist()))
    groups: Groups = {}
    for place, value in zip(indices.tolist(), _elements(values), strict=True):
        groups.setdefault(tuple(place[:-1]), set()).add(value)
    return groups, tuple(shape[:-1].tolist())


def _of_dense(x: Any) -> tuple[Groups, tuple[int, ...]]:
    if x.ndim < 2:
        raise invalid(f"Shape {shape_text(x)} has rank {x.ndim} < 2")
    elements = _elements(x)
    width, groups = x.shape[-1], {}
    for number, place in enumerate(np.ndindex(*x.shape[:-1])):
        groups[place] = set(elements[number * width : (number + 1) * width])
    return groups, x.shape[:-1]


def _elements(values: Any) -> list[Any]:
    items = values.ravel().tolist()
    return [as_bytes(item) for item in items] if values.dtype.kind == "O" else items


@size_op.kernel
def size_kernel(indices: Any, values: Any, shape: Any, *, validate_indices: bool) -> Any:
    groups, sizes = _of_sparse(indices, values, shape, validate_indices)
    result = np.zeros(sizes, np.int32)
    for place, members in groups.items():
        result[place] = len(members)
    return result


@size_op.shape_rule
def size_shape(indices: Tensor, values: Tensor, shape: Tensor) -> TensorShape:
    sizes = static_value(shape)
    return TensorShape(None if sizes is None else sizes[:-1].tolist())


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """How many different elements each row has.

    Args:
        a: a `SparseTensor` of rank 2 or more; the last dimension holds the elements of a set.
        validate_indices: check that the places are in order.

    Returns:
        A `Tensor` of int32 of one rank less.

    Raises:
        TypeError: `a` is not sparse.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [7, 7, 8], [2, 2])
    >>> tf.Session().run(tf.sets.set_size(x))
    array([1, 1], dtype=int32)
    """
    x = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(x, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {x}.")
    if x.values.dtype.base_dtype not in _TYPES:
        raise TypeError(f"Invalid dtype `{x.values.dtype}` not in supported dtypes: `{_type_names()}`.")
    return apply_op(size_op, *x.fetch_parts(), validate_indices=validate_indices).outputs[0]


def _type_names() -> str:
    return ", ".join(t.name for t in _TYPES)


# ----- two sets -----

_OPERATIONS = {
    "a-b": set.difference,
    "b-a": lambda a, b: b - a,
    "intersection": set.intersection,
    "union": set.union,
}


def _combined(
    a: tuple[Groups, tuple[int, ...]], b: tuple[Groups, tuple[int, ...]], operation: str, dtype: Any
) -> tuple[Any, Any, Any]:
    if a[1] != b[1]:
        raise invalid(f"Mismatched shapes {sizes_text(a[1])} vs {sizes_text(b[1])}")
    places: list[tuple[int, ...]] = []
    values: list[Any] = []
    widest = 0
    for group in _groups_in_order(a[0], b[0]):
        members = sorted(_OPERATIONS[operation](a[0].get(group, set()), b[0].get(group, set())))
        places += [(*group, i) for i in range(len(members))]
        values += members
        widest = max(widest, len(members))
    result = string_array(values, (len(values),)) if np.dtype(dtype).kind == "O" else np.array(values, dtype)
    return np.array(places, np.int64).reshape(-1, len(a[1]) + 1), result, np.array([*a[1], widest], np.int64)


def _groups_in_order(a: Groups, b: Groups) -> Iterator[tuple[int, ...]]:
    return iter(sorted(a.keys() | b.keys()))


dense_to_dense_op = OpDef("DenseToDenseSetOperation", f"set1:T, set2:T -> {_RESULT}", **_ATTRS)
dense_to_sparse_op = OpDef(
    "DenseToSparseSetOperation",
    f"set1:T, set2_indices:int64, set2_values:T, set2_shape:int64 -> {_RESULT}",
    **_ATTRS,
)
sparse_to_sparse_op = OpDef(
    "SparseToSparseSetOperation",
    "set1_indices:int64, set1_values:T, set1_shape:int64, set2_indices:int64, set2_values:T, set2_shape:int64 -> "
    + _RESULT,
    **_ATTRS,
)


@dense_to_dense_op.kernel
def dense_to_dense_kernel(set1: Any, set2: Any, *, set_operation: str) -> Any:
    return _combined(_of_dense(set1), _of_dense(set2), set_operation, set1.dtype)


@dense_to_sparse_op.kernel
def dense_to_sparse_kernel(
    set1: Any, indices: Any, values: Any, shape: Any, *, set_operation: str, validate_indices: bool
) -> Any:
    return _combined(
        _of_dense(set1), _of_sparse(indices, values, shape, validate_indices), set_operation, set1.dtype
    )


@sparse_to_sparse_op.kernel
def sparse_to_sparse_kernel(*parts: Any, set_operation: str, validate_indices: bool) -> Any:
    first = _of_sparse(parts[0], parts[1], parts[2], validate_indices)
    second = _of_sparse(parts[3], parts[4], parts[5], validate_indices)
    return _combined(first, second, set_operation, parts[1].dtype)


def _result_shapes(rank: int | None) -> list[TensorShape]:
    return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]


@dense_to_dense_op.shape_rule
def dense_to_dense_shape(set1: Tensor, set2: Tensor) -> list[TensorShape]:
    of_rank_at_least(set1.shape, 2)
    of_rank_at_least(set2.shape, 2)
    if set1.shape.ndims is not None and set2.shape.ndims is not None:
        merged_shape(set1.shape[:-1], set2.shape[:-1])
    return _result_shapes(set1.shape.ndims if set1.shape.ndims is not None else set2.shape.ndims)


@dense_to_sparse_op.shape_rule
def dense_to_sparse_shape(set1: Tensor, indices: Tensor, values: Tensor, shape: Tensor) -> list[TensorShape]:
    of_rank_at_least(set1.shape, 2)
    rank = set1.shape.ndims
    return _result_shapes(rank if rank is not None else _length(shape))


@sparse_to_sparse_op.shape_rule
def sparse_to_sparse_shape(*parts: Tensor) -> list[TensorShape]:
    first, second = _length(parts[2]), _length(parts[5])
    return _result_shapes(second if first is None else first)


def _length(vector: Tensor) -> int | None:
    return vector.shape.ints[0] if vector.shape.ints else None


def _operate(a: Any, b: Any, operation: str, validate_indices: bool) -> SparseTensor:
    x = convert_to_tensor_or_sparse_tensor(a, name="a")
    if x.dtype.base_dtype not in _TYPES:
        raise TypeError(
            f"'a' has invalid dtype `{x.dtype.base_dtype}` not in supported dtypes: `{_type_names()}`."
        )
    y = convert_to_tensor_or_sparse_tensor(b, name="b")
    if y.dtype.base_dtype is not x.dtype.base_dtype:
        raise TypeError(f"Types don't match, {x.dtype.base_dtype} vs {y.dtype.base_dtype}.")
    if isinstance(x, SparseTensor) and not isinstance(y, SparseTensor):
        x, y = y, x
        operation = {"a-b": "b-a", "b-a": "a-b"}.get(operation, operation)
    if isinstance(x, SparseTensor):
        opdef, inputs = sparse_to_sparse_op, [*x.fetch_parts(), *as_sparse(y).fetch_parts()]
    elif isinstance(y, SparseTensor):
        opdef, inputs = dense_to_sparse_op, [x, *y.fetch_parts()]
    else:
        opdef, inputs = dense_to_dense_op, [x, y]
    attrs: dict[str, Any] = {"set_operation": operation, "validate_indices": validate_indices}
    return SparseTensor(*apply_op(opdef, *inputs, **attrs).outputs)


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The elements that the rows of both tensors have.

    Args:
        a: a `Tensor` or `SparseTensor`; the last dimension holds the elements of a set.
        b: another, of the same type and shape but for the last dimension.
        validate_indices: check that the places of sparse tensors are in order.

    Returns:
        A `SparseTensor` with the elements of each row in ascending order.

    Raises:
        TypeError: the types differ or cannot be elements of sets.
        ValueError: the shapes do not fit.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sets.set_intersection([[1, 2, 3]], [[3, 2, 5]])).values
    array([2, 3], dtype=int32)
    """
    return _operate(a, b, "intersection", validate_indices)


def set_difference(a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True) -> SparseTensor:
    """The elements that the rows of one tensor have and those of the other do not.

    Args:
        a: as in `set_intersection`.
        b: as in `set_intersection`.
        aminusb: elements of `a` that are not in `b`, else the other way round.
        validate_indices: as in `set_intersection`.

    Returns:
        A `SparseTensor` with the elements of each row in ascending order.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sets.set_difference([[1, 2, 3]], [[3, 2, 5]])).values
    array([1], dtype=int32)
    """
    return _operate(a, b, "a-b" if aminusb else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """The elements that the rows of either tensor have; arguments as `set_intersection`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sets.set_union([[1, 2, 3]], [[3, 2, 5]])).values
    array([1, 2, 3, 5], dtype=int32)
    """
    return _operate(a, b, "union", validate_indices)
