"""From the steps of beam search to whole sequences: following parents back from the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import int32
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid
from graphmagic.shapes import TensorShape

__all__ = ["gather_tree"]

gather_tree_op = OpDef(
    "GatherTree",
    "step_ids:T, parent_ids:T, max_sequence_lengths:int32, end_token:T -> beams:T",
    types={"T": [int32]},
    differentiable=False,
)


@gather_tree_op.kernel
def gather_tree_kernel(step_ids: Any, parent_ids: Any, max_sequence_lengths: Any, end_token: Any) -> Any:
    if np.ndim(step_ids) != 3:
        raise invalid(
            f"step_ids must be a 3-tensor, saw shape: {TensorShape(np.shape(step_ids)).bracketed()}"
        )
    if np.shape(parent_ids) != np.shape(step_ids):
        raise invalid(
            "step_ids.shape must match parent_ids.shape.  but shapes are: "
            f"{TensorShape(np.shape(step_ids)).bracketed()} and {TensorShape(np.shape(parent_ids)).bracketed()}"
        )
    steps, batch, width = step_ids.shape
    if np.shape(max_sequence_lengths) != (batch,):
        raise invalid(
            "batch size dimensions step_ids.shape[1] and max_sequence_lengths.shape[0] must match.  but shapes are: "
            f"{TensorShape(step_ids.shape).bracketed()} and {TensorShape(np.shape(max_sequence_lengths)).bracketed()}"
        )
    beams = np.full_like(step_ids, end_token)
    for row in range(batch):
        parents = np.arange(width)
        last = min(steps, int(max_sequence_lengths[row]))
        for time in reversed(range(last)):
            wrong = np.flatnonzero((parents < 0) | (parents >= width))
            if wrong.size:
                raise invalid(
                    f"Saw invalid parent id {parents[wrong[0]]} at (batch, time, beam) == ({row}, {time}, {wrong[0]})"
                )
            beams[time, row] = step_ids[time, row, parents]
            parents = parent_ids[time, row, parents]
        ended = np.logical_or.accumulate(beams[:last, row] == end_token, axis=0)
        beams[:last, row][ended] = end_token
    return beams


@gather_tree_op.shape_rule
def gather_tree_shape(
    step_ids: Tensor, parent_ids: Tensor, lengths: Tensor, end_token: Tensor
) -> TensorShape:
    step_ids.shape.with_rank(3)
    lengths.shape.with_rank(1)
    end_token.shape.with_rank(0)
    return step_ids.shape.merge_with(parent_ids.shape)


def gather_tree(
    step_ids: Any, parent_ids: Any, max_sequence_lengths: Any, end_token: Any, name: str | None = None
) -> Tensor:
    """Whole sequences from the steps of beam search.

    Args:
        step_ids: the words of each step, int32 of shape ``[time, batch, beams]``.
        parent_ids: which beam of the step before each one goes on, of the same shape.
        max_sequence_lengths: how many steps count, a vector with one number for each sequence of the batch.
        end_token: the word that ends a sequence; nothing else follows it.
        name: the operation's name.

    Returns:
        The words of each beam, shaped like `step_ids`.

    Raises:
        InvalidArgumentError: a beam goes on one that is not there.

    >>> import graphmagic as tf
    >>> words, parents = [[[1, 2]], [[3, 4]]], [[[0, 0]], [[1, 0]]]
    >>> tf.Session().run(tf.contrib.seq2seq.gather_tree(words, parents, [2], 9))[:, 0]
    array([[2, 1],
           [3, 4]], dtype=int32)
    """
    inputs = (step_ids, parent_ids, max_sequence_lengths, end_token)
    return apply_op(gather_tree_op, *inputs, name=name).outputs[0]
