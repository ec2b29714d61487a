"""Counting how often values occur: bins, histograms, confusion matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import dtypes
from graphmagic.dtypes import as_dtype
from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.arithmetic import add, maximum, minimum, multiply, subtract
from graphmagic.ops.asserts import assert_less, assert_non_negative
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.choosing import where
from graphmagic.ops.clip import clip_by_value
from graphmagic.ops.constant import constant
from graphmagic.ops.control import with_dependencies
from graphmagic.ops.division import truediv
from graphmagic.ops.extremes import reduce_max
from graphmagic.ops.gather import unsorted_segment_sum
from graphmagic.ops.gather_nd import scatter_nd
from graphmagic.ops.identity import identity
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import equal, greater, less
from graphmagic.ops.queries import rank, shape
from graphmagic.ops.reduce import reduce_prod
from graphmagic.ops.reshaping import reshape, squeeze
from graphmagic.ops.rounding import floor
from graphmagic.ops.stacking import stack
from graphmagic.shapes import TensorShape

_BINS = (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64)

# ----- bincount -----

bincount_op = OpDef(
    "Bincount", "arr:int32, size:int32, weights:T -> bins:T", types={"T": _BINS}, differentiable=False
)


@bincount_op.kernel
def bincount_kernel(arr: Any, size: Any, weights: Any) -> Any:
    count, values = int(size), np.ravel(arr)
    if count < 0:
        raise invalid(f"size ({count}) must be non-negative")
    if np.any(values < 0):
        raise invalid("Input arr must be non-negative!")
    inside = values < count
    if not np.size(weights):
        return np.bincount(values[inside], minlength=count).astype(weights.dtype)
    return np.bincount(values[inside], np.ravel(weights)[inside], count).astype(weights.dtype)


@bincount_op.shape_rule
def bincount_shape(arr: Tensor, size: Tensor, weights: Tensor) -> TensorShape:
    of_rank(size.shape, 0)
    count = static_value(size)
    return TensorShape([None if count is None else int(count)])


def bincount(
    arr: Any, weights: Any = None, minlength: Any = None, maxlength: Any = None, dtype: Any = dtypes.int32
) -> Tensor:
    """How often each of the numbers 0, 1, 2, ... occurs.

    Args:
        arr: integers that are not negative, of any shape.
        weights: for each element of `arr` what to add instead of 1.
        minlength: the result has at least this length.
        maxlength: ignore values from here on.
        dtype: the type of the counts, where there are no weights.

    Returns:
        A vector, a `Tensor`.

    Raises:
        InvalidArgumentError: an element is negative, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.bincount([1, 1, 3]))
    array([0, 2, 0, 1], dtype=int32)
    """
    with get_default_graph().name_scope("bincount"):
        values = convert_to_tensor(arr, dtypes.int32, name="arr")
        is_filled = cast(greater(reduce_prod(shape(values)), 0), dtypes.int32)
        size = multiply(is_filled, add(reduce_max(values), 1))
        if minlength is not None:
            size = maximum(convert_to_tensor(minlength, dtypes.int32, name="minlength"), size)
        if maxlength is not None:
            size = minimum(convert_to_tensor(maxlength, dtypes.int32, name="maxlength"), size)
        if weights is None:
            return apply_op(bincount_op, values, size, constant([], as_dtype(dtype))).outputs[0]
        left_out = subtract(zeros_like(values), 1)
        return unsorted_segment_sum(weights, where(less(values, size), values, left_out), size)


# ----- histograms -----

histogram_op = OpDef(
    "HistogramFixedWidth",
    "values:T, value_range:T, nbins:int32 -> out:dtype",
    types={"T": _BINS, "dtype": dtypes.INDICES},
    defaults={"dtype": dtypes.int32},
    differentiable=False,
    value_inputs=("nbins",),
)


@histogram_op.kernel
def histogram_kernel(values: Any, value_range: Any, nbins: Any, *, dtype: Any) -> Any:
    count = int(nbins)
    if count <= 0:
        raise invalid(f"nbins should be a positive number, but got '{count}'")
    if np.size(value_range) != 2:
        raise invalid(f"value_range should be a vector of 2 elements, but got {np.size(value_range)}")
    low, high = value_range
    if not low < high:
        raise invalid(
            f"value_range should satisfy value_range[0] < value_range[1], but got '[{low:g}, {high:g}]'"
        )
    step = (np.float64(high) - np.float64(low)) / count
    places = np.floor((np.ravel(values) - np.float64(low)) / step)
    return np.bincount(np.clip(places, 0, count - 1).astype(np.int64), minlength=count).astype(dtype)


@histogram_op.shape_rule
def histogram_shape(values: Tensor, value_range: Tensor, nbins: Tensor) -> TensorShape:
    limits = of_rank(value_range.shape, 1).ints
    if limits not in ((2,), (None,)):
        raise ValueError(f"Dimension must be 2 but is {limits[0] if limits else None}")
    of_rank(nbins.shape, 0)
    count = static_value(nbins)
    if count is not None and count <= 0:
        raise ValueError(f"Requires nbins > 0: {int(count)}")
    return TensorShape([None if count is None else int(count)])


def histogram_fixed_width(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """How many values fall into each of a number of bins of equal width.

    Args:
        values: a tensor of numbers, of any shape.
        value_range: where the first bin begins and the last one ends; values outside count in these.
        nbins: the number of bins.
        dtype: int32 or int64.
        name: the operation's name.

    Returns:
        A vector of length `nbins`, a `Tensor`.

    Raises:
        InvalidArgumentError: the range is empty or there is no bin, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.histogram_fixed_width([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5))
    array([2, 1, 1, 0, 2], dtype=int32)
    """
    with get_default_graph().name_scope(name or "histogram_fixed_width") as scope:
        return apply_op(histogram_op, values, value_range, nbins, name=scope, dtype=as_dtype(dtype)).outputs[
            0
        ]


def histogram_fixed_width_bins(
    values: Any, value_range: Any, nbins: Any = 100, dtype: Any = dtypes.int32, name: str | None = None
) -> Tensor:
    """Which of a number of bins of equal width each value falls into; arguments as `histogram_fixed_width`.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.histogram_fixed_width_bins([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5))
    array([0, 0, 1, 2, 4, 4], dtype=int32)
    """
    with get_default_graph().name_scope(name or "histogram_fixed_width_bins"):
        values = convert_to_tensor(values, name="values")
        sizes = shape(values)
        limits = convert_to_tensor(value_range, name="value_range")
        count = cast(convert_to_tensor(nbins, dtypes.int32, name="nbins"), values.dtype.base_dtype)
        low, high = limits[0], limits[1]
        scaled = truediv(subtract(reshape(values, [-1]), low), subtract(high, low), name="scaled_values")
        places = floor(multiply(count, scaled), name="indices")
        clipped = clip_by_value(places, 0, subtract(count, 1))
        return reshape(cast(clipped, dtypes.int32), sizes)


# ----- confusion matrices -----


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = dtypes.int32,
    name: str | None = None,
    weights: Any = None,
) -> Tensor:
    """How often each label (rows) was predicted as each class (columns).

    Args:
        labels: the right classes, a vector of integers.
        predictions: the predicted classes, a vector of the same length.
        num_classes: the number of classes; one more than the largest number that occurs if None.
        dtype: the type of the counts.
        name: the scope of the operations made.
        weights: for each prediction what to add instead of 1.

    Returns:
        A `Tensor` of shape ``[num_classes, num_classes]``.

    Raises:
        ValueError: the shapes differ.
        InvalidArgumentError: a class is out of range, when the graph runs.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.confusion_matrix([1, 2, 2], [1, 2, 0]))
    array([[0, 0, 0],
           [0, 1, 0],
           [1, 0, 1]], dtype=int32)
    """
    with get_default_graph().name_scope(name or "confusion_matrix"):
        right, guessed = _without_last_one(
            convert_to_tensor(labels, name="labels"), convert_to_tensor(predictions, name="predictions")
        )
        guessed, right = cast(guessed, dtypes.int64), cast(right, dtypes.int64)
        right = _checked(assert_non_negative, right, "`labels` contains negative values")
        guessed = _checked(assert_non_negative, guessed, "`predictions` contains negative values")
        if num_classes is None:
            size = add(maximum(reduce_max(guessed), reduce_max(right)), 1)
        else:
            size = cast(num_classes, dtypes.int64)
            right = _checked(assert_less, right, "`labels` out of bound", size)
            guessed = _checked(assert_less, guessed, "`predictions` out of bound", size)
        if weights is None:
            values = ones_like(guessed, as_dtype(dtype))
        else:
            given = convert_to_tensor(weights, name="weights")
            guessed.shape.assert_is_compatible_with(given.shape)
            values = cast(given, dtype)
        return scatter_nd(stack([right, guessed], axis=1), values, stack([size, size]))


def _without_last_one(labels: Tensor, predictions: Tensor) -> tuple[Tensor, Tensor]:
    """Drop a last dimension of size 1 that only one of the two has."""
    if labels.shape.ndims is not None and predictions.shape.ndims is not None:
        difference = predictions.shape.ndims - labels.shape.ndims
        if difference == 1 and predictions.shape[-1].is_compatible_with(1):
            return labels, squeeze(predictions, [-1])
        if difference == -1 and labels.shape[-1].is_compatible_with(1):
            return squeeze(labels, [-1]), predictions
        return labels, predictions
    more = subtract(rank(predictions), rank(labels))
    return _squeezed_if(equal(more, -1), labels), _squeezed_if(equal(more, 1), predictions)


def _squeezed_if(condition: Tensor, x: Tensor) -> Tensor:
    """`x` without its last dimension where a condition holds when it is run."""
    from graphmagic.ops.cond import cond

    if x.shape.ndims == 0 or not x.shape[-1:].is_compatible_with([1]):
        return x
    result: Tensor = cond(condition, lambda: squeeze(x, [-1]), lambda: identity(x))
    return result


def _checked(assertion: Any, x: Tensor, message: str, *limits: Tensor) -> Tensor:
    """`x`, once an assertion about it holds."""
    result: Tensor = with_dependencies([assertion(x, *limits, message=message)], x)
    return result
