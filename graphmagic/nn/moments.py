"""Mean and variance of tensors along dimensions."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import get_default_graph
from graphmagic.graph.node import Tensor
from graphmagic.ops.arguments import one_of
from graphmagic.ops.arithmetic import add, multiply, squared_difference, subtract
from graphmagic.ops.casting import cast
from graphmagic.ops.checks import check_axes
from graphmagic.ops.constant import constant
from graphmagic.ops.division import reciprocal
from graphmagic.ops.elementary import square
from graphmagic.ops.gather import gather
from graphmagic.ops.identity import stop_gradient
from graphmagic.ops.like import zeros_like
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import shape as shape_of
from graphmagic.ops.reduce import reduce_mean, reduce_prod, reduce_sum
from graphmagic.ops.reshaping import squeeze

__all__ = ["moments", "normalize_moments", "sufficient_statistics", "weighted_moments"]


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of a tensor along dimensions.

    Args:
        x: a tensor of floats.
        axes: the dimensions, a list of integers.
        shift: not used; kept for old programs.
        name: the name of the scope of the operations made.
        keep_dims: the old name of `keepdims`.
        keepdims: keep the dimensions, with size 1.

    Returns:
        (mean, variance), the variance being the mean of squares, not corrected for the number of elements.

    >>> import graphmagic as tf
    >>> mean, variance = tf.nn.moments(tf.constant([1.0, 2.0, 3.0, 6.0]), [0])
    >>> tf.Session().run([mean, variance])
    [np.float32(3.0), np.float32(3.5)]
    """
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with get_default_graph().name_scope(name or "moments"):
        value = convert_to_tensor(x, name="x")
        kind = value.dtype.base_dtype
        # Half precision would overflow in the squares.
        y = cast(value, dtypes.float32) if kind is dtypes.float16 else value
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        # The gradient through the mean is zero, since deviations sum to zero: stopping it saves the work.
        deviations = squared_difference(y, stop_gradient(mean))
        variance = reduce_mean(deviations, axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        return cast(mean, kind), cast(variance, kind)


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of a tensor whose elements count more or less.

    Args:
        x: a tensor of floats.
        axes: the dimensions, a list of integers.
        frequency_weights: how much each element counts; broadcast to `x`.
        name: the name of the scope of the operations made.
        keep_dims: the old name of `keepdims`.
        keepdims: keep the dimensions, with size 1.

    Returns:
        (mean, variance).

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.weighted_moments(tf.constant([1.0, 5.0]), [0], tf.constant([3.0, 1.0])))
    (np.float32(2.0), np.float32(3.0))
    """
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with get_default_graph().name_scope(name or "weighted_moments"):
        value = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        kind = value.dtype.base_dtype
        if kind is dtypes.float16:
            value = cast(value, dtypes.float32)
        weights = cast(weights, value.dtype.base_dtype)
        total = reduce_sum(_times(weights, value), axes, name="weighted_input_sum", keepdims=True)
        spread = _plus(weights, zeros_like(value))
        weight = reduce_sum(spread, axes, name="sum_of_weights", keepdims=True)
        mean = div_no_nan(total, weight)
        squares = _times(weights, squared_difference(value, mean))
        variance = div_no_nan(reduce_sum(squares, axes, name="weighted_distsq", keepdims=True), weight)
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        return cast(mean, kind), cast(variance, kind)


def _times(x: Any, y: Any) -> Any:
    return x * y


def _plus(x: Any, y: Any) -> Any:
    return x + y


def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """What is needed to compute the mean and variance of a tensor, and of parts of it put together.

    Args:
        x: a tensor of floats.
        axes: the dimensions, a list of integers.
        shift: a number near the mean, for accuracy; None for 0.
        keep_dims: the old name of `keepdims`.
        name: the name of the scope of the operations made.
        keepdims: keep the dimensions, with size 1.

    Returns:
        (number of elements, sum of ``x - shift``, sum of its squares, shift); see `normalize_moments`.

    >>> import graphmagic as tf
    >>> count, total, squares, _ = tf.nn.sufficient_statistics(tf.constant([1.0, 2.0, 3.0]), [0])
    >>> tf.Session().run([count, total, squares])
    [np.float32(3.0), np.float32(6.0), np.float32(14.0)]
    """
    keep = bool(one_of("keepdims", keepdims, "keep_dims", keep_dims))
    with get_default_graph().name_scope(name or "sufficient_statistics"):
        value = convert_to_tensor(x, name="x")
        over = sorted(set(axes))
        check_axes(value, over)
        counts = _count(value, over)
        sums, squares = value, square(value) if shift is None else value
        if shift is not None:
            shift = convert_to_tensor(shift, name="shift")
            sums, squares = subtract(value, shift), squared_difference(value, shift)
        sums = reduce_sum(sums, over, keepdims=keep, name="mean_ss")
        squares = reduce_sum(squares, over, keepdims=keep, name="var_ss")
        return counts, sums, squares, shift


def _count(x: Tensor, axes: list[int]) -> Tensor:
    """How many elements lie along the dimensions."""
    sizes = x.shape.ints
    if sizes is not None and all(sizes[a] is not None for a in axes):
        total = 1
        for axis in axes:
            total *= sizes[axis] or 0
        return constant(total, dtype=x.dtype.base_dtype)
    from graphmagic.ops.queries import rank

    ndims: Any = rank(x)
    places = [a + ndims if a < 0 else a for a in axes]
    return reduce_prod(gather(cast(shape_of(x), x.dtype.base_dtype), places), name="count")


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The mean and variance from `sufficient_statistics`.

    Args:
        counts: the number of elements.
        mean_ss: the sum of the shifted elements.
        variance_ss: the sum of their squares.
        shift: the shift, or None.
        name: the name of the scope of the operations made.

    Returns:
        (mean, variance).

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.nn.normalize_moments(2.0, 6.0, 20.0, None))
    (np.float32(3.0), np.float32(1.0))
    """
    with get_default_graph().name_scope(name or "normalize"):
        divisor = reciprocal(counts, name="divisor")
        if shift is None:
            mean = shifted = multiply(mean_ss, divisor, name="mean")
        else:
            shifted = multiply(mean_ss, divisor, name="shifted_mean")
            mean = add(shifted, shift, name="mean")
        variance = subtract(multiply(variance_ss, divisor), square(shifted), name="variance")
        return mean, variance
