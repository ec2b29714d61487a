"""Reductions made of others: norms, logsumexp, moments, counts."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, multiply, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.constant import constant
from graphmagic.ops.differences import setdiff1d
from graphmagic.ops.division import floormod, real_div
from graphmagic.ops.elementary import exp, log, pow, sqrt, square
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.fill import range as graph_range
from graphmagic.ops.fill import zeros
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.like import zeros_like
from graphmagic.ops.logic import not_equal
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reduce import declare_reduction, reduce_mean, reduce_sum, reduced, restored
from graphmagic.ops.reshaping import expand_dims, reshape, squeeze
from graphmagic.ops.rounding import abs, is_finite
from graphmagic.ops.singular_values import svd
from graphmagic.ops.transposing import invert_permutation, transpose


def _euclidean_kernel(x: Any, axes: tuple[int, ...], keep: bool) -> Any:
    total: Any = np.sum(np.square(x), axis=axes, dtype=x.dtype, keepdims=keep)
    return np.sqrt(total).astype(x.dtype)


euclidean_norm_op = declare_reduction("EuclideanNorm", _euclidean_kernel)


@euclidean_norm_op.gradient
def euclidean_norm_grad(op: Operation, dy: Tensor) -> tuple[Tensor, None]:
    """``x / norm * dy``; NaN where the norm is 0, as in TensorFlow."""
    return real_div(op.inputs[0], real_div(restored(op, op.outputs[0]), restored(op, dy))), None


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The square root of the sum of squares across dimensions; arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.reduce_euclidean_norm([[3.0, 4.0], [0.0, 2.0]], axis=1))
    array([5., 2.], dtype=float32)
    """
    return reduced(euclidean_norm_op, input_tensor, axis, keepdims, name, (None, None))


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """``log(sum(exp(x)))`` across dimensions, safe for large numbers; arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.reduce_logsumexp([1000.0, 1000.0])).round(2)
    np.float32(1000.69)
    """
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    with get_default_graph().name_scope(name or "ReduceLogSumExp"):
        x = convert_to_tensor(input_tensor, name="input_tensor")
        largest = reduce_max(x, axis, keepdims=True)
        offset = stop_gradient(where(is_finite(largest), largest, zeros_like(largest)))
        result = log(reduce_sum(exp(subtract(x, offset)), axis, keepdims=keepdims))
        if not keepdims:
            offset = reshape(offset, shape(result))
        return add(result, offset)


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The mean of squared distances from the mean across dimensions; arguments and errors as `reduce_sum`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.reduce_variance([[1.0, 3.0], [2.0, 6.0]], axis=1))
    array([1., 4.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "reduce_variance"):
        x = convert_to_tensor(input_tensor)
        means = reduce_mean(x, axis=axis, keepdims=True)
        if means.dtype.is_integer:
            raise TypeError(f"Input must be either real or complex. Received integer type {means.dtype}.")
        return reduce_mean(square(subtract(x, means)), axis=axis, keepdims=keepdims)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Tensor:
    """The standard deviation across dimensions: the square root of `reduce_variance`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.math.reduce_std([[1.0, 3.0], [2.0, 6.0]], axis=1))
    array([1., 2.], dtype=float32)
    """
    with get_default_graph().name_scope(name or "reduce_std"):
        return sqrt(reduce_variance(input_tensor, axis=axis, keepdims=keepdims))


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = dtypes.int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
    input: Any = None,
) -> Tensor:
    """How many elements are not zero (not false, not empty), across dimensions.

    Args:
        input_tensor: a tensor of numbers, booleans or strings.
        axis: the dimensions to count over; all if None.
        keepdims: keep these dimensions with size 1.
        dtype: the type of the counts.
        name: the operation's name.
        reduction_indices: the old name of `axis`.
        keep_dims: the old name of `keepdims`.
        input: the new name of `input_tensor`.

    Returns:
        A `Tensor` of type `dtype`.

    Raises:
        ValueError: an axis is out of range.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.count_nonzero([[0, 1, 0], [1, 1, 0]], axis=0))
    array([1, 2, 0])
    """
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    axis = one_of("axis", axis, "reduction_indices", reduction_indices)
    with get_default_graph().name_scope(name or "count_nonzero"):
        x = convert_to_tensor(one_of("input", input, "input_tensor", input_tensor), name="input")
        flags = x if x.dtype.is_bool else not_equal(x, zeros([], x.dtype.base_dtype))
        return cast(reduce_sum(cast(flags, dtypes.int64), axis=axis, keepdims=keepdims), dtype)


# ----- tf.norm -----


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The norm of vectors or matrices.

    Args:
        tensor: a tensor of floats.
        ord: which norm: ``"euclidean"`` (for matrices also called ``"fro"``), 1, 2, ``np.inf``, or for vectors any
            positive number p.
        axis: None for one vector of all elements; an integer for vectors along that dimension; a tuple of two integers
            for matrices in these dimensions.
        keepdims: keep these dimensions with size 1.
        name: the scope of the operations made.
        keep_dims: the old name of `keepdims`.

    Returns:
        A `Tensor` of the same type.

    Raises:
        ValueError: there is no such norm, or `axis` is none of these.

    >>> import graphmagic as tf
    >>> tf.Session().run([tf.norm([3.0, 4.0]), tf.norm([[1.0, -2.0], [3.0, 4.0]], ord=1, axis=(0, 1))])
    [np.float32(5.0), np.float32(6.0)]
    """
    keepdims = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    of_matrix = isinstance(axis, (tuple, list)) and len(axis) == 2
    axes = _checked_axes(ord, axis, of_matrix)
    with get_default_graph().name_scope(name or "norm"):
        x = convert_to_tensor(tensor)
        result = _matrix_norm(x, ord, axes) if of_matrix else _vector_norm(x, ord, axes)
        return result if keepdims else squeeze(result, axes)


def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """Vectors or matrices divided by their norm; arguments and errors as `norm`.

    Returns:
        The quotient, and the norm with the dimensions it was taken over kept with size 1.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.linalg.normalize([3.0, 4.0]))
    (array([0.6, 0.8], dtype=float32), array([5.], dtype=float32))
    """
    with get_default_graph().name_scope(name or "normalize"):
        x = convert_to_tensor(tensor)
        length = norm(x, ord, axis, keepdims=True)
        return real_div(x, length), length


def _checked_axes(order: Any, axis: Any, of_matrix: bool) -> tuple[int, ...] | None:
    if of_matrix:
        if not (isinstance(axis[0], int) and isinstance(axis[1], int)) or axis[0] == axis[1]:
            raise ValueError(
                f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {tuple(axis)}"
            )
        known = ["euclidean", "fro", 1, 2, np.inf]
        if order not in known:
            raise ValueError(f"'ord' must be a supported matrix norm in {known}, got {order}")
        return tuple(axis)
    if not (axis is None or isinstance(axis, int)):
        raise ValueError(f"'axis' must be None, an integer, or a tuple of 2 unique integers, got {axis}")
    if order != "euclidean" and (isinstance(order, str) or not np.isreal(order) or order <= 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {order}")
    return None if axis is None else (axis,)


def _vector_norm(x: Tensor, order: Any, axes: tuple[int, ...] | None) -> Tensor:
    if order in ("euclidean", 2):
        return _root_of_squares(x, axes)
    if order == 1:
        return reduce_sum(abs(x), axes, keepdims=True)
    if order == np.inf:
        return reduce_max(abs(x), axes, keepdims=True)
    return pow(reduce_sum(pow(abs(x), order), axes, keepdims=True), 1.0 / order)


def _matrix_norm(x: Tensor, order: Any, axes: tuple[int, ...] | None) -> Tensor:
    assert axes is not None
    rows, columns = axes
    if order in ("euclidean", "fro"):
        return _root_of_squares(x, axes)
    if order == 1:
        return reduce_max(reduce_sum(abs(x), rows, keepdims=True), columns, keepdims=True)
    if order == np.inf:
        return reduce_max(reduce_sum(abs(x), columns, keepdims=True), rows, keepdims=True)
    return _largest_singular_value(x, rows, columns)


def _root_of_squares(x: Tensor, axes: tuple[int, ...] | None) -> Tensor:
    return sqrt(reduce_sum(multiply(x, x, name="mul"), axes, keepdims=True))


def _largest_singular_value(x: Tensor, rows: int, columns: int) -> Tensor:
    """With the two dimensions of the matrices moved to the end, and back."""
    count = rank(x)
    pair = floormod(constant([rows, columns]), count)
    order = concat([setdiff1d(graph_range(0, count), pair)[0], pair], 0)
    largest = reduce_max(svd(transpose(x, order), compute_uv=False), -1, keepdims=True)
    return transpose(expand_dims(largest, -1), invert_permutation(order))
