"""The cross entropy of sequences in one tensor: `sequence_loss`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.default import name_scope
from graphmagic.graph.node import Tensor
from graphmagic.nn import sparse_softmax_cross_entropy_with_logits
from graphmagic.ops.casting import cast
from graphmagic.ops.no_nan import div_no_nan
from graphmagic.ops.norms import count_nonzero
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import reshape

__all__ = ["sequence_loss"]


def sequence_loss(
    logits: Any, targets: Any, weights: Any, average_across_timesteps: bool = True, average_across_batch: bool = True,
    sum_over_timesteps: bool = False, sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None, name: str | None = None,
) -> Tensor:  # fmt: skip
    """The weighted cross entropy of sequences.

    Args:
        logits: shape ``[batch, time, classes]``.
        targets: the right classes, integers of shape ``[batch, time]``.
        weights: how much each of them counts, shape ``[batch, time]``.
        average_across_timesteps: divide the sum over time by that of the weights.
        average_across_batch: divide the sum over sequences by that of the weights.
        sum_over_timesteps: divide the sum over time by how many weights are not zero.
        sum_over_batch: divide the sum over sequences by how many weights are not zero.
        softmax_loss_function: a function of ``labels`` and ``logits`` instead of the usual one.
        name: the name of the scope.

    Returns:
        A scalar; a vector or a matrix if the losses are not summed over both.

    Raises:
        ValueError: the ranks are others, or both ways to divide are asked for.

    >>> import graphmagic as tf
    >>> loss = tf.contrib.seq2seq.sequence_loss(tf.zeros([2, 3, 4]), tf.zeros([2, 3], tf.int32), tf.ones([2, 3]))
    >>> print("%.4f" % tf.Session().run(loss))
    1.3863
    """
    logits, targets, weights = [convert_to_tensor(x) for x in (logits, targets, weights)]
    _check_ranks(logits, targets, weights)
    _check_ways(average_across_timesteps, average_across_batch, sum_over_timesteps, sum_over_batch)
    with name_scope(name or "sequence_loss"):
        flat = reshape(logits, [-1, shape(logits)[2]])
        classes = reshape(targets, [-1])
        if softmax_loss_function is None:
            losses: Any = sparse_softmax_cross_entropy_with_logits(labels=classes, logits=flat)
        else:
            losses = softmax_loss_function(labels=classes, logits=flat)
        losses = losses * reshape(weights, [-1])
        axes = None
        if not (average_across_timesteps and average_across_batch) and not (
            sum_over_timesteps and sum_over_batch
        ):
            losses = reshape(losses, shape(logits)[0:2])
            axes = [0] if average_across_batch or sum_over_batch else [1]
        if average_across_timesteps or average_across_batch:
            return div_no_nan(reduce_sum(losses, axes), reduce_sum(weights, axes))
        if sum_over_timesteps or sum_over_batch:
            return div_no_nan(reduce_sum(losses, axes), cast(count_nonzero(weights, axes), losses.dtype))
        return losses  # type: ignore[no-any-return]


def _check_ranks(logits: Tensor, targets: Tensor, weights: Tensor) -> None:
    for found, rank, text in (
        (logits, 3, "Logits must be a [batch_size x sequence_length x logits] tensor"),
        (targets, 2, "Targets must be a [batch_size x sequence_length] tensor"),
        (weights, 2, "Weights must be a [batch_size x sequence_length] tensor"),
    ):
        if found.shape.ndims not in (None, rank):
            raise ValueError(text)


def _check_ways(average_time: bool, average_batch: bool, sum_time: bool, sum_batch: bool) -> None:
    for one, other, is_mixed, names in (
        (average_time, sum_time, False, "average_across_timesteps and sum_over_timesteps"),
        (average_batch, sum_batch, False, "average_across_batch and sum_over_batch"),
        (average_batch, sum_time, True, "average_across_batch and sum_over_timesteps"),
        (sum_batch, average_time, True, "sum_over_batch and average_across_timesteps"),
    ):
        if one and other:
            reason = " because of ambiguous order" if is_mixed else ""
            raise ValueError(f"{names} cannot be set to True at same time{reason}.")
