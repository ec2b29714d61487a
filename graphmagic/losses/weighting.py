"""From losses per element to one loss: weights, and how to sum."""

from __future__ import annotations

from typing import Any

from graphmagic import dtypes
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.graph import GraphKeys, get_default_graph
from graphmagic.graph.node import Operation, Tensor
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.asserting import Assert
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.cond import cond
from graphmagic.ops.constant import constant
from graphmagic.ops.control import no_op
from graphmagic.ops.like import ones_like, zeros_like
from graphmagic.ops.logic import equal, logical_or
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.queries import rank, shape, size
from graphmagic.ops.reduce import reduce_all, reduce_sum
from graphmagic.ops.reshaping import expand_dims, squeeze

__all__ = ["Reduction", "assert_broadcastable", "broadcast_weights", "compute_weighted_loss", "squeezed"]

_NO_BROADCAST = "weights can not be broadcast to values."


class Reduction:
    """How the losses of a batch become one number.

    >>> Reduction.SUM, "weighted_mean" in Reduction.all()
    ('weighted_sum', True)
    """

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """All of them."""
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: str) -> None:
        """Raise `ValueError` if `key` is none of them."""
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}. Key should be one of {cls.all()}.")


def assert_broadcastable(weights: Any, values: Any) -> Operation:
    """An operation that fails unless `weights` is a scalar or has the rank of `values`, with ones for some sizes.

    Raises:
        ValueError: it is known now that it does not.
    """
    with get_default_graph().name_scope("assert_broadcastable") as scope:
        (w, w_shape, w_rank), (v, v_shape, v_rank) = (
            _measured(weights, "weights"),
            _measured(values, "values"),
        )
        if w.shape.ndims == 0:
            return no_op("static_scalar_check_success")
        if w.shape.ints is None or v.shape.ints is None:
            return _checked_when_run((w, w_shape, w_rank), (v, v_shape, v_rank), scope)
        if len(w.shape.ints) != len(v.shape.ints):
            raise ValueError(
                f"{_NO_BROADCAST} values.rank={v.shape.ndims}. weights.rank={w.shape.ndims}. "
                f"values.shape={v.shape}. weights.shape={w.shape}. Received weights={w}, values={v}"
            )
        pairs = list(zip(w.shape.ints, v.shape.ints, strict=True))
        for index, (a, b) in enumerate(pairs):
            if None not in (a, b) and a not in (1, b):
                raise ValueError(
                    f"{_NO_BROADCAST} Mismatch at dim {index}. values.shape={v.shape}, weights.shape={w.shape}. "
                    f"Received weights={w}, values={v}"
                )
        if all(a == 1 or (a is not None and a == b) for a, b in pairs):
            return no_op("static_dims_check_success")
        return _checked_when_run((w, w_shape, w_rank), (v, v_shape, v_rank), scope)


def _measured(value: Any, name: str) -> tuple[Tensor, Tensor, Tensor]:
    """A tensor, its shape and its rank, the latter under its name."""
    with get_default_graph().name_scope(name) as scope:
        tensor = convert_to_tensor(value, name=scope)
        return tensor, shape(tensor, name="shape"), rank(tensor, name="rank")


def _checked_when_run(
    left: tuple[Tensor, Tensor, Tensor], right: tuple[Tensor, Tensor, Tensor], scope: str
) -> Operation:
    (weights, sizes, weights_rank), (values, wanted, values_rank) = left, right
    is_scalar = equal(0, weights_rank, name="is_scalar")

    def fits() -> Any:
        return cond(
            equal(weights_rank, values_rank),
            lambda: reduce_all(logical_or(equal(sizes, 1), equal(sizes, wanted))),
            lambda: constant(False),
        )

    valid = cond(is_scalar, lambda: constant(True), fits, name="is_valid_shape")
    data = [
        _NO_BROADCAST,
        "weights.shape=",
        weights.name,
        sizes,
        "values.shape=",
        values.name,
        wanted,
        "is_scalar=",
        is_scalar,
    ]
    check: Operation = Assert(valid, data, name=scope)
    return check


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """`weights` in the shape of `values`.

    >>> import graphmagic as tf
    >>> tf.Session().run(broadcast_weights(2.0, [1.0, 1.0]))
    array([2., 2.], dtype=float32)
    """
    with get_default_graph().name_scope("broadcast_weights") as scope:
        v = convert_to_tensor(values, name="values")
        w = convert_to_tensor(weights, v.dtype.base_dtype, name="weights")
        if w.shape.is_fully_defined() and w.shape == v.shape:
            return w
        with get_default_graph().control_dependencies([assert_broadcastable(w, v)]):
            return multiply(w, ones_like(v), name=scope)


def _count_present(losses: Tensor, weights: Tensor) -> Tensor:
    """How many losses have a weight other than zero."""
    with get_default_graph().name_scope("num_present") as scope:
        w = cast(weights, dtypes.float32)
        present = where(equal(w, 0.0), zeros_like(w), ones_like(w))
        return reduce_sum(broadcast_weights(present, losses), name=scope)


def _count_elements(losses: Tensor) -> Tensor:
    with get_default_graph().name_scope("num_elements") as scope:
        return cast(size(losses, name=scope), losses.dtype.base_dtype)


def _safe_mean(losses: Tensor, count: Tensor) -> Tensor:
    return div_no_nan(reduce_sum(losses), count, name="value")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: str | None = None,
    loss_collection: str | None = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """Weight losses, and make one number of them.

    Args:
        losses: the losses of a batch, any shape.
        weights: a number, or a tensor of the same rank with ones for some sizes.
        scope: the name of the scope of the operations made.
        loss_collection: the collection that the result joins; None for none.
        reduction: how to sum, one of `Reduction`.

    Returns:
        A scalar; for ``Reduction.NONE`` the weighted losses.

    Raises:
        ValueError: the weights do not fit, or `reduction` is unknown.

    >>> import graphmagic as tf
    >>> tf.Session().run(tf.losses.compute_weighted_loss([1.0, 5.0, 3.0], [1.0, 0.0, 1.0]))
    np.float32(2.0)
    """
    Reduction.validate(reduction)
    graph = get_default_graph()
    with (
        graph.name_scope(scope or "weighted_loss"),
        graph.control_dependencies([assert_broadcastable(weights, losses)]),
    ):
        given = convert_to_tensor(losses)
        kind = given.dtype.base_dtype
        each, weight = cast(given, dtypes.float32), cast(weights, dtypes.float32)
        weighted = multiply(each, weight)
        if reduction == Reduction.NONE:
            loss = weighted
        else:
            loss = reduce_sum(weighted)
            if reduction == Reduction.MEAN:
                loss = _safe_mean(loss, reduce_sum(multiply(ones_like(each), weight)))
            elif reduction == Reduction.SUM_BY_NONZERO_WEIGHTS:
                loss = _safe_mean(loss, _count_present(each, weight))
            elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
                loss = _safe_mean(loss, _count_elements(each))
        loss = cast(loss, kind)
        if loss_collection:
            graph.add_to_collection(loss_collection, loss)
        return loss


def squeezed(
    labels: Any, predictions: Any, weights: Any = None, expected: int = 0
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Labels and predictions whose ranks differ by `expected`, without a last dimension of size 1 too many.

    Args:
        labels: the labels.
        predictions: the predictions.
        weights: the weights, made to have the rank of the labels; or None.
        expected: how many dimensions the predictions have more than the labels.

    Returns:
        (labels, predictions, weights).
    """
    y, p = convert_to_tensor(labels), convert_to_tensor(predictions)
    if y.shape.ndims is not None and p.shape.ndims is not None:
        excess = p.shape.ndims - y.shape.ndims - expected
        if excess == 1 and p.shape[-1].is_compatible_with(1):
            p = squeeze(p, [-1])
        elif excess == -1 and y.shape[-1].is_compatible_with(1):
            y = squeeze(y, [-1])
    if weights is None:
        return y, p, None
    w = convert_to_tensor(weights)
    if w.shape.ndims and y.shape.ndims is not None:
        more = w.shape.ndims - y.shape.ndims
        w = squeeze(w, [-1]) if more == 1 else expand_dims(w, -1) if more == -1 else w
    return y, p, w
