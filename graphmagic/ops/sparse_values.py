"""Sparse tensors made and read: placeholders, conversion from and to dense tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import partial_shape
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor, SparseTensorValue
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.gather_nd import gather_nd
from graphmagic.ops.placeholder import placeholder, placeholder_with_default
from graphmagic.ops.reduce import reduce_sum
from graphmagic.shapes import TensorShape, as_shape

__all__ = [
    "as_sparse",
    "convert_to_tensor_or_sparse_tensor",
    "from_dense",
    "sparse_placeholder",
    "sparse_tensor_to_dense",
    "sparse_to_dense",
]

Grads = tuple[Tensor | None, ...]


def as_sparse(value: Any) -> SparseTensor:
    """`value` as a `SparseTensor`.

    Raises:
        TypeError: it is neither a sparse tensor nor the value of one.
    """
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def convert_to_tensor_or_sparse_tensor(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    """A `SparseTensor` for what is one, and a `Tensor` for everything else.

    Args:
        value: a sparse tensor, or anything that can become a tensor.
        dtype: the type it must have.
        name: the name of the constant that is made, if one is.

    Returns:
        A `SparseTensor` or a `Tensor`.

    Raises:
        RuntimeError: a sparse tensor has another type.

    >>> import graphmagic as tf
    >>> tf.convert_to_tensor_or_sparse_tensor([1, 2]).dtype
    tf.int32
    """
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    if isinstance(value, SparseTensor):
        if dtype is not None and as_dtype(dtype) is not value.dtype.base_dtype:
            raise RuntimeError(
                f"Sparse dtype mismatch. Requested: {as_dtype(dtype).name},  Actual: {value.dtype.name}"
            )
        return value
    return convert_to_tensor(value, dtype, name=name)


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse tensor that must be fed: with a `SparseTensorValue`, or a tuple of its three arrays.

    Args:
        dtype: the type of the elements.
        shape: what is known of the shape.
        name: the prefix of the names of the three placeholders.

    Returns:
        A `SparseTensor`.

    >>> import graphmagic as tf
    >>> x = tf.sparse_placeholder(tf.float32)
    >>> value = tf.SparseTensorValue([[0, 1]], [3.0], [1, 2])
    >>> tf.Session().run(tf.sparse_tensor_to_dense(x), {x: value})
    array([[0., 3.]], dtype=float32)
    """

    def part(suffix: str) -> str | None:
        return None if name is None else f"{name}/{suffix}"

    if shape is None:
        rank, known = None, TensorShape(None)
        dense_shape = placeholder(dtypes.int64, [None], name=part("shape"))
    elif isinstance(shape, Tensor):
        rank, known = shape.shape.as_list()[0], partial_shape(shape)
        dense_shape = placeholder_with_default(shape, shape.shape, name=part("shape"))
    else:
        known = as_shape(shape)
        rank = len(known)
        sizes = convert_to_tensor(
            [-1 if d is None else d for d in known.as_list()], dtypes.int64, name=part("shape_default")
        )
        dense_shape = placeholder_with_default(sizes, sizes.shape, name=part("shape"))
    values = placeholder(dtype, [None], name=part("values"))
    indices = placeholder(dtypes.int64, [None, rank], name=part("indices"))
    result = SparseTensor(indices, values, dense_shape)
    result.set_static_shape(known)
    return result


# ----- to dense -----

sparse_to_dense_op = OpDef(
    "SparseToDense",
    "sparse_indices:Tindices, output_shape:Tindices, sparse_values:T, default_value:T -> dense:T",
    types={"Tindices": dtypes.INDICES},
    defaults={"validate_indices": True},
    shape_inputs=("output_shape",),
)


@sparse_to_dense_op.kernel
def sparse_to_dense_kernel(
    sparse_indices: Any, output_shape: Any, sparse_values: Any, default_value: Any, *, validate_indices: bool
) -> Any:
    indices = np.asarray(sparse_indices)
    rows = indices.reshape(-1, 1) if indices.ndim < 2 else indices
    sizes = tuple(output_shape.tolist())
    if rows.shape[1] != len(sizes):
        raise invalid(
            f"output_shape has incorrect number of elements: {len(sizes)} should be: {rows.shape[1]}"
        )
    if np.ndim(sparse_values) and len(sparse_values) != len(rows):
        raise invalid(
            f"sparse_values has incorrect shape [{len(sparse_values)}], should be [] or [{len(rows)}]"
        )
    check_places(rows, sizes, strictly=validate_indices)
    result = np.full(sizes, default_value, np.asarray(sparse_values).dtype)
    result[tuple(rows.T)] = sparse_values
    return result


def check_places(rows: Any, sizes: tuple[int, ...], strictly: bool = True) -> None:
    """Raise `InvalidArgumentError` unless all places lie inside `sizes`, in the order of reading and none twice."""
    outside = np.any((rows < 0) | (rows >= np.array(sizes, np.int64)), 1)
    if np.any(outside):
        number = int(np.argmax(outside))
        raise invalid(
            f"indices[{number}] = [{','.join(map(str, rows[number]))}] is out of bounds: need 0 <= index < "
            f"[{','.join(map(str, sizes))}]"
        )
    if not strictly or len(rows) < 2:
        return
    steps = np.diff(np.ravel_multi_index(tuple(rows.T), sizes)) if sizes else np.zeros(len(rows) - 1)
    if np.any(steps <= 0):
        number = int(np.argmax(steps <= 0)) + 1
        shown = f"indices[{number}] = [{','.join(map(str, rows[number]))}]"
        raise invalid(
            f"{shown} is repeated"
            if steps[number - 1] == 0
            else f"{shown} is out of order. Many sparse ops require "
            "sorted indices.\n    Use `tf.sparse.reorder` to create a correctly ordered copy.\n\n"
        )


@sparse_to_dense_op.shape_rule
def sparse_to_dense_shape(
    sparse_indices: Tensor, output_shape: Tensor, sparse_values: Tensor, default_value: Tensor
) -> TensorShape:
    of_rank(default_value.shape, 0)
    return partial_shape(output_shape)


@sparse_to_dense_op.gradient
def sparse_to_dense_grad(op: Operation, dy: Tensor) -> Grads:
    values = gather_nd(dy, op.inputs[0])
    return None, None, values, reduce_sum(dy) - reduce_sum(values)


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A dense tensor from places and values.

    Args:
        sparse_indices: integers of shape ``[n, rank]``, or ``[n]`` or a scalar for a vector.
        output_shape: the shape of the result.
        sparse_values: the n values, or one for all places.
        default_value: the value everywhere else.
        validate_indices: check that the places are in order and none occurs twice.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        InvalidArgumentError: the places are not in order, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sparse_to_dense([0, 2], [4], [7, 8]))
    array([7, 0, 8, 0], dtype=int32)
    """
    return apply_op(
        sparse_to_dense_op,
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        name=name,
        validate_indices=validate_indices,
    ).outputs[0]


def sparse_tensor_to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """A sparse tensor as a dense one.

    Args:
        sp_input: a `SparseTensor`.
        default_value: the value of the elements it does not have; zero, or the empty string, if None.
        validate_indices: check that the places are in order and none occurs twice.
        name: the operation's name.

    Returns:
        A `Tensor`.

    Raises:
        TypeError: `sp_input` is not sparse.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1], [1, 0]], [5, 6], [2, 2])
    >>> tf.Session().run(tf.sparse_tensor_to_dense(x, default_value=-1))
    array([[-1,  5],
           [ 6, -1]], dtype=int32)
    """
    x = as_sparse(sp_input)
    if default_value is None:
        default_value = zero_of(x.dtype.base_dtype)
    result = sparse_to_dense(x.indices, x.dense_shape, x.values, default_value, validate_indices, name=name)
    result.set_shape(x.shape)
    return result


def zero_of(dtype: Any) -> Any:
    """The zero of a type as a Python value: empty for strings."""
    return "" if dtype is dtypes.string else False if dtype.is_bool else 0


# ----- from dense -----


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a dense tensor that are not zero.

    Args:
        tensor: a tensor.
        name: the scope of the operations made.

    Returns:
        A `SparseTensor`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.sparse.from_dense([0, 3, 0, 4])).values
    array([3, 4], dtype=int32)
    """
    from graphmagic.ops.choosing import where
    from graphmagic.ops.logic import not_equal
    from graphmagic.ops.queries import shape as shape_of

    with get_default_graph().name_scope(name or "dense_to_sparse"):
        x = convert_to_tensor(tensor)
        indices = where(not_equal(x, convert_to_tensor(zero_of(x.dtype.base_dtype), x.dtype.base_dtype)))
        return SparseTensor(indices, gather_nd(x, indices), shape_of(x, out_type=dtypes.int64))
