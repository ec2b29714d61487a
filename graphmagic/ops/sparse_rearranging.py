"""The elements of sparse tensors in another order, shape or selection."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.apply import apply_op
from graphmagic.graph.composite import IndexedSlices
from graphmagic.graph.constants import partial_shape, static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.ops.arithmetic import subtract
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.choosing import where
from graphmagic.ops.differences import setdiff1d
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.gather import gather
from graphmagic.ops.identity import identity
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.queries import size as size_of
from graphmagic.ops.reshaping import reshape
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.ops.transposing import invert_permutation, transpose
from graphmagic.shapes import TensorShape

__all__ = [
    "sparse_expand_dims",
    "sparse_mask",
    "sparse_reorder",
    "sparse_reset_shape",
    "sparse_reshape",
    "sparse_retain",
    "sparse_transpose",
]

Grads = tuple[Tensor | None, ...]
SPARSE = "input_indices:int64, input_values:T, input_shape:int64"


def reading_order(indices: Any) -> Any:
    """The permutation that sorts places in the order of reading; equal ones keep theirs.

    >>> reading_order(np.array([[1, 0], [0, 2], [0, 1]])).tolist()
    [2, 1, 0]
    """
    return np.lexsort(indices.T[::-1]) if indices.shape[1] else np.arange(len(indices))


# ----- reorder -----

reorder_op = OpDef("SparseReorder", f"{SPARSE} -> output_indices:int64, output_values:T")


@reorder_op.kernel
def reorder_kernel(indices: Any, values: Any, shape: Any) -> Any:
    order = reading_order(indices)
    return indices[order], values[order]


@reorder_op.shape_rule
def reorder_shape(indices: Tensor, values: Tensor, shape: Tensor) -> list[TensorShape]:
    of_rank(shape.shape, 1)
    return [of_rank(indices.shape, 2), of_rank(values.shape, 1)]


@reorder_op.gradient
def reorder_grad(op: Operation, _: Any, dy: Tensor) -> Grads:
    indices, _, shape = op.inputs
    places = graph_range(shape_of(indices)[0])
    order = apply_op(reorder_op, indices, places, shape).outputs[1]
    return None, gather(dy, invert_permutation(order)), None


def sparse_reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The elements of a sparse tensor in the order of reading.

    Args:
        sp_input: a `SparseTensor`.
        name: the operation's name.

    Returns:
        A `SparseTensor` with the same elements.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[1, 0], [0, 1]], [1, 2], [2, 2])
    >>> tf.Session().run(tf.sparse_reorder(x)).values
    array([2, 1], dtype=int32)
    """
    x = as_sparse(sp_input)
    indices, values = apply_op(reorder_op, *x.fetch_parts(), name=name).outputs
    result = SparseTensor(indices, values, identity(x.dense_shape))
    result.set_static_shape(x.shape)
    return result


# ----- reshape -----

sparse_reshape_op = OpDef(
    "SparseReshape",
    "input_indices:int64, input_shape:int64, new_shape:int64 -> output_indices:int64, output_shape:int64",
    differentiable=False,
)


def _listed(shape: Any) -> str:
    return f"[{','.join(map(str, shape))}]"


@sparse_reshape_op.kernel
def sparse_reshape_kernel(indices: Any, shape: Any, new_shape: Any) -> Any:
    size, wanted = int(np.prod(shape, dtype=object)), new_shape.copy()
    unknown = np.flatnonzero(wanted == -1)
    if len(unknown) > 1:
        raise invalid(f"only one output dimension may be -1, not both {unknown[0]} and {unknown[1]}")
    if np.any(wanted < -1):
        axis = int(np.argmax(wanted < -1))
        raise invalid(f"size {axis} must be non-negative, not {wanted[axis]}")
    known = int(np.prod(wanted[wanted != -1], dtype=object))
    if len(unknown):
        wanted[unknown[0]] = 1
        if not known or size % known:
            raise invalid(
                f"Input to reshape is a SparseTensor with {size} dense values, but the requested shape requires a "
                f"multiple of {known}. input_shape={_listed(shape)} output_shape={_listed(wanted)}"
            )
        wanted[unknown[0]] = size // known
    elif known != size:
        raise invalid(
            f"Input to reshape is a tensor with {size} dense values, but the requested shape has {known}. "
            f"input_shape={_listed(shape)} output_shape={_listed(wanted)}"
        )
    if not len(indices):
        return np.zeros((0, len(wanted)), np.int64), wanted
    flat = (
        np.ravel_multi_index(tuple(indices.T), tuple(shape))
        if len(shape)
        else np.zeros(len(indices), np.int64)
    )
    places = np.unravel_index(flat, tuple(wanted)) if len(wanted) else ()
    return np.array(places, np.int64).reshape(len(wanted), len(indices)).T.copy(), wanted


@sparse_reshape_op.shape_rule
def sparse_reshape_shape(indices: Tensor, shape: Tensor, new_shape: Tensor) -> list[TensorShape]:
    rows = of_rank(indices.shape, 2)
    of_rank(shape.shape, 1)
    length = of_rank(new_shape.shape, 1).as_list()[0]
    return [TensorShape([rows.as_list()[0], length]), TensorShape([length])]


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """The same elements in another shape, as `reshape` of dense tensors.

    Args:
        sp_input: a `SparseTensor`.
        shape: the new shape; one of the numbers may be -1 and is then computed.
        name: the operation's name.

    Returns:
        A `SparseTensor`.

    Raises:
        ValueError: the sizes are known to differ.
        InvalidArgumentError: they differ when the graph runs.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 2], [1, 0]], [5, 6], [2, 3])
    >>> tf.Session().run(tf.sparse_reshape(x, [3, -1])).indices
    array([[1, 0],
           [1, 1]])
    """
    x = as_sparse(sp_input)
    wanted = convert_to_tensor(shape, dtypes.int64)
    with get_default_graph().name_scope(name or "SparseReshape") as scope:
        _check_static_size(x, wanted)
        op = apply_op(sparse_reshape_op, x.indices, x.dense_shape, wanted, name=scope)
        result = SparseTensor(op.outputs[0], identity(x.values), op.outputs[1])
        result.set_static_shape(partial_shape(wanted))
        return result


def _check_static_size(x: SparseTensor, wanted: Tensor) -> None:
    size, sizes = x.shape.num_elements(), static_value(wanted)
    if size is None or sizes is None or (sizes == -1).any():
        return
    known = int(np.prod(sizes, dtype=object))
    if known != size:
        raise ValueError(f"Cannot reshape a tensor with {size} elements to shape {sizes} ({known} elements).")


# ----- by known operations -----


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """Some of the elements of a sparse tensor.

    Args:
        sp_input: a `SparseTensor` with n elements.
        to_retain: n booleans: which elements to keep.

    Returns:
        A `SparseTensor` of the same shape.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1], [1, 0]], [1, 2], [2, 2])
    >>> tf.Session().run(tf.sparse_retain(x, [False, True])).values
    array([2], dtype=int32)
    """
    x = as_sparse(sp_input)
    flags = convert_to_tensor(to_retain)
    if flags.shape.ndims is not None:
        (count,) = flags.shape.with_rank(1)
        count.assert_is_compatible_with(x.values.shape.with_rank(1)[0])
    picked = reshape(where(flags), [-1])
    return SparseTensor(gather(x.indices, picked), gather(x.values, picked), identity(x.dense_shape))


def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """Permute the dimensions of a sparse tensor, as `transpose`.

    Args:
        sp_input: a `SparseTensor`.
        perm: for each dimension of the result, which dimension it is; the reverse order if None.
        name: the scope of the operations made.

    Returns:
        A `SparseTensor` whose elements are in the order of reading.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 2], [1, 0]], [5, 6], [2, 3])
    >>> tf.Session().run(tf.sparse_transpose(x)).indices
    array([[0, 1],
           [2, 0]])
    """
    x = as_sparse(sp_input)
    with get_default_graph().name_scope(name or "SparseTranspose"):
        order = perm
        if order is None:
            rank = x.dense_shape.shape.num_elements()
            if rank is None:
                count = size_of(x.dense_shape)
                order = subtract(subtract(count, 1), graph_range(0, count, 1))
            else:
                order = np.arange(rank, dtype=np.int32)[::-1]
        columns = transpose(gather(transpose(x.indices), order))
        result = sparse_reorder(SparseTensor(columns, x.values, gather(x.dense_shape, order)))
        known = static_value(convert_to_tensor(order))
        if known is not None and x.shape.ints is not None:
            result.set_static_shape([x.shape.ints[i] for i in known])
        return result


def sparse_expand_dims(sp_input: Any, axis: int | None = None, name: str | None = None) -> SparseTensor:
    """Insert a dimension of size 1 into a sparse tensor; the last one if `axis` is None.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[2], [0]], [5, 6], [3])
    >>> tf.Session().run(tf.sparse.expand_dims(x, 0)).dense_shape
    array([1, 3])
    """
    x = as_sparse(sp_input)
    rank = x.dense_shape.shape.num_elements()
    if rank is None:
        raise ValueError("tf.sparse.expand_dims needs a sparse tensor of known rank.")
    place = -1 if axis is None else axis
    if not -rank - 1 <= place <= rank:
        raise ValueError(f"axis {place} not in the interval [{-rank - 1}, {rank}].")
    place = place if place >= 0 else place + rank + 1
    from graphmagic.ops.concat import concat
    from graphmagic.ops.like import zeros_like

    with get_default_graph().name_scope(name or "expand_dims"):
        left, right = x.indices[:, :place], x.indices[:, place:]
        zero = zeros_like(x.indices[:, :1])
        sizes = x.dense_shape[:place], [1], x.dense_shape[place:]
        return SparseTensor(concat([left, zero, right], 1), x.values, concat(list(sizes), 0))


def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """The same elements in a tensor of another size.

    Args:
        sp_input: a `SparseTensor`.
        new_shape: the shape; the smallest that holds all elements if None.

    Returns:
        A `SparseTensor`.

    Raises:
        ValueError: the new shape is known to be of another rank or too small.

    >>> import graphmagic as tf
    >>> x = tf.SparseTensor([[0, 1]], [5], [9, 9])
    >>> tf.Session().run(tf.sparse_reset_shape(x)).dense_shape
    array([1, 2])
    """
    from graphmagic.ops.arithmetic import add
    from graphmagic.ops.extremes import reduce_max

    x = as_sparse(sp_input)
    indices, values = identity(x.indices), identity(x.values)
    if new_shape is None:
        return SparseTensor(indices, values, add(reduce_max(indices, 0), np.int64(1)))
    wanted = convert_to_tensor(new_shape, dtypes.int64)
    of_rank(wanted.shape, 1)
    new, old = static_value(wanted), static_value(x.dense_shape)
    if new is not None and old is not None:
        if len(new) != len(old):
            raise ValueError(f"Dimensions {len(old)} and {len(new)} are not compatible")
        if (new < old).any():
            raise ValueError(
                f"New shape should have dimension sizes >= sp_input.shape. sp_input.shape = {old.tolist()}, "
                f"new_shape = {new.tolist()}"
            )
    return SparseTensor(indices, values, wanted)


def sparse_mask(a: IndexedSlices, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """The rows of an `IndexedSlices` that are not named.

    Args:
        a: an `IndexedSlices`.
        mask_indices: the numbers of the rows to leave out.
        name: the scope of the operations made.

    Returns:
        An `IndexedSlices`.

    >>> import graphmagic as tf
    >>> rows = tf.IndexedSlices(tf.constant([10, 20]), tf.constant([3, 5]))
    >>> tf.Session().run(tf.sparse_mask(rows, [3])).indices
    array([5], dtype=int32)
    """
    with get_default_graph().name_scope(name or "sparse_mask"):
        kept = setdiff1d(a.indices, mask_indices)
        return IndexedSlices(gather(a.values, kept.idx), kept.out, a.dense_shape)
