"""Sequences of labels without known places: the loss of Graves et al. (2006), and decoding.

Loss and gradient are computed by the forward and backward algorithm, in logarithms.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import float32, float64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor, SparseTensorValue
from graphmagic.nn.ctc_checks import check_lengths, checked_labels, ctc_shapes
from graphmagic.ops.arithmetic import multiply
from graphmagic.ops.identity import prevent_gradient
from graphmagic.ops.reshaping import expand_dims
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.ops.transposing import transpose
from graphmagic.shapes import TensorShape

__all__ = ["ctc_loss"]

Array = Any

ctc_loss_op = OpDef(
    "CTCLoss",
    "inputs:T, labels_indices:int64, labels_values:int32, sequence_length:int32 -> loss:T, gradient:T",
    types={"T": [float32, float64]},
    defaults={
        "T": float32,
        "preprocess_collapse_repeated": False,
        "ctc_merge_repeated": True,
        "ignore_longer_outputs_than_inputs": False,
    },
)


def _log_softmax(x: Array) -> Array:
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _passed(logs: Array, path: Array, blank: int, merge: bool) -> Array:
    """For each step and place of a path the logarithm of the probability of all ways up to there.

    Args:
        logs: logarithms of probabilities, shape ``[time, classes]``.
        path: the labels with blanks around them.
        blank: the number of the blank.
        merge: whether a label twice in a row is one.
    """
    found = np.full((len(logs), len(path)), -np.inf)
    found[0, :2] = logs[0, path[:2]]
    stays = merge | (path == blank)
    jumps = path != blank
    jumps[:2] = False
    if merge:
        jumps[2:] &= path[2:] != path[:-2]
    for time in range(1, len(logs)):
        before = found[time - 1]
        ways = np.full((3, len(path)), -np.inf)
        ways[0, stays] = before[stays]
        ways[1, 1:] = before[:-1]
        ways[2, 2:] = np.where(jumps[2:], before[:-2], -np.inf)
        found[time] = np.logaddexp.reduce(ways) + logs[time, path]
    return found


def _loss_of(logits: Array, labels: list[int], merge: bool) -> tuple[float, Array]:
    """The loss of one sequence, and its derivatives by the logits."""
    logs, blank = _log_softmax(logits.astype(np.float64)), logits.shape[1] - 1
    path = np.full(2 * len(labels) + 1, blank)
    path[1::2] = labels
    forward = _passed(logs, path, blank, merge)
    # A step counts in both directions, so it is taken out once.
    both = forward + _passed(logs[::-1], path[::-1], blank, merge)[::-1, ::-1] - logs[:, path]
    total = np.logaddexp.reduce(forward[-1, -2:])
    slope = np.exp(logs)
    if total == -np.inf:
        return np.inf, slope
    for label in np.unique(path):
        slope[:, label] -= np.exp(np.logaddexp.reduce(both[:, path == label], 1) - total)
    return -total, slope


@ctc_loss_op.kernel
def ctc_loss_kernel(
    inputs: Array, labels_indices: Array, labels_values: Array, sequence_length: Array, *,
    preprocess_collapse_repeated: bool, ctc_merge_repeated: bool, ignore_longer_outputs_than_inputs: bool,
) -> tuple[Array, Array]:  # fmt: skip
    _, batch, classes = check_lengths(inputs, sequence_length, steps_too=True)
    labels = checked_labels(
        labels_indices, labels_values, sequence_length, classes, preprocess_collapse_repeated,
        ignore_longer_outputs_than_inputs,
    )  # fmt: skip
    losses, slopes = np.zeros(batch, inputs.dtype), np.zeros_like(inputs)
    for row, (wanted, length) in enumerate(zip(labels, sequence_length.tolist(), strict=True)):
        if length and wanted is not None:
            losses[row], slopes[:length, row] = _loss_of(inputs[:length, row], wanted, ctc_merge_repeated)
    return losses, slopes


@ctc_loss_op.shape_rule
def ctc_loss_shape(inputs: Tensor, indices: Tensor, values: Tensor, lengths: Tensor) -> list[TensorShape]:
    sizes = ctc_shapes(inputs, lengths)
    for known, rank in ((indices.shape, 2), (values.shape, 1)):
        if known.ndims not in (None, rank):
            raise ValueError(f"Shape must be rank {rank} but is rank {known.ndims}")
    return [TensorShape([sizes[1]]), TensorShape(sizes)]


@ctc_loss_op.gradient
def ctc_loss_grad(op: Operation, dy: Any, _: Any) -> list[Any]:
    slope = prevent_gradient(
        op.outputs[1],
        message="Currently there is no way to take the second  derivative of ctc_loss due to the fused implementation's "
        "interaction with tf.gradients()",
    )
    return [multiply(expand_dims(dy, -1), slope), None, None, None]


def ctc_loss(
    labels: Any, inputs: Any = None, sequence_length: Any = None, preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True, ignore_longer_outputs_than_inputs: bool = False, time_major: bool = True,
    logits: Any = None,
) -> Tensor:  # fmt: skip
    """How improbable labels are, wherever in a sequence they are (connectionist temporal classification).

    The last class is the blank, which stands for no label.

    Args:
        labels: the labels, an int32 `SparseTensor` of shape ``[batch, time]``.
        inputs: the logits, shape ``[time, batch, classes]``.
        sequence_length: how long each sequence of logits is, an int32 vector.
        preprocess_collapse_repeated: whether a label twice in a row is one, before anything else.
        ctc_merge_repeated: whether a label twice in a row, without a blank between, is one.
        ignore_longer_outputs_than_inputs: whether sequences with more labels than steps have loss 0; else they are an
            error.
        time_major: whether logits have time first; else the batch.
        logits: another name for `inputs`.

    Returns:
        One number for each sequence.

    Raises:
        TypeError: the labels are not sparse.

    >>> import graphmagic as tf
    >>> labels = tf.SparseTensor([[0, 0]], tf.constant([1], tf.int32), [1, 1])
    >>> print("%.4f %.4f" % (tf.Session().run(tf.nn.ctc_loss(labels, tf.zeros([2, 1, 3]), [2]))[0], np.log(3)))
    1.0986 1.0986
    """
    if not isinstance(labels, (SparseTensor, SparseTensorValue)):
        raise TypeError(
            f"Expected argument `labels` to be a SparseTensor. Received labels={labels} of type: {type(labels).__name__}"
        )
    given = convert_to_tensor(inputs if logits is None else logits, name="inputs")
    found = as_sparse(labels)
    ordered = given if time_major else transpose(given, [1, 0, 2])
    return apply_op(
        ctc_loss_op, ordered, found.indices, found.values, sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated, ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    ).outputs[0]  # fmt: skip
