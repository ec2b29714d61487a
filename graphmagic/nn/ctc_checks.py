"""What connectionist temporal classification checks, in TensorFlow's words."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic import errors
from graphmagic.graph.node import Tensor
from graphmagic.ops.checks import invalid

__all__ = ["check_lengths", "checked_labels", "ctc_shapes"]


def ctc_shapes(inputs: Tensor, lengths: Tensor) -> list[int | None]:
    """What is known of ``[time, batch, classes]``.

    Raises:
        ValueError: the ranks are others, or there are not as many lengths as sequences.
    """
    for known, rank in ((inputs.shape, 3), (lengths.shape, 1)):
        if known.ndims not in (None, rank):
            raise ValueError(f"Shape must be rank {rank} but is rank {known.ndims}")
    steps, batch, classes = inputs.shape.as_list() if inputs.shape.ndims else (None, None, None)
    count = lengths.shape.as_list()[0] if lengths.shape.ndims else None
    if None not in (batch, count) and batch != count:
        raise ValueError(f"Dimensions must be equal, but are {batch} and {count}")
    return [steps, count if batch is None else batch, classes]


def check_lengths(inputs: Any, lengths: Any, steps_too: bool = False) -> tuple[int, int, int]:
    """The shape of the logits.

    Args:
        inputs: the logits.
        lengths: how long each sequence is.
        steps_too: whether lengths are also compared with how many steps there are.

    Raises:
        InvalidArgumentError: the logits are no 3-tensor, or a sequence is longer than the logits.
        FailedPreconditionError: there are not as many lengths as sequences.
    """
    if np.ndim(inputs) != 3:
        raise invalid("inputs is not a 3-Tensor")
    if np.ndim(lengths) != 1:
        raise invalid("sequence_length is not a vector")
    steps, batch, classes = inputs.shape
    if steps == 0:
        raise invalid("inputs must not have 0 steps" if steps_too else "max_time is 0")
    if len(lengths) != batch:
        if steps_too:
            raise invalid(
                "len(sequence_length) != batch_size.  "
                f"len(sequence_length):  {len(lengths)} batch_size: {batch}"
            )
        raise errors.FailedPreconditionError(
            None,
            None,
            f"len(sequence_length) != batch_size.  len(sequence_length):  {len(lengths)} batch_size: {batch}",
        )
    too_long = np.flatnonzero(np.asarray(lengths) > steps)
    if too_long.size:
        if steps_too:
            raise invalid(f"sequence_length({too_long[0]}) <= {steps}")
        raise errors.FailedPreconditionError(None, None, f"sequence_length({too_long[0]}) <= {steps}")
    return steps, batch, classes


def checked_labels(
    indices: Any, values: Any, lengths: Any, classes: int, collapse: bool, ignore_longer: bool
) -> list[list[int] | None]:
    """The labels of each sequence, None where they are ignored.

    Raises:
        InvalidArgumentError: a sequence has no labels, more than steps, or one that is no class.
    """
    if len(indices) != len(values):
        raise invalid("labels_indices and labels_values must contain the same number of rows")
    rows = np.asarray(indices)[:, 0]
    found: list[list[int] | None] = []
    for row, length in enumerate(np.asarray(lengths).tolist()):
        given = np.asarray(values)[rows == row].tolist()
        if not given:
            raise invalid(f"Labels length is zero in batch {row}")
        kept = _kept(row, given, classes, collapse)
        if len(given) > length and not ignore_longer:
            raise invalid(
                f"Not enough time for target transition sequence (required: {len(given)}, available: {length}){row}You "
                "can turn this error into a warning by using the flag ignore_longer_outputs_than_inputs"
            )
        found.append(None if len(given) > length else kept)
    return found


def _kept(row: int, given: list[int], classes: int, collapse: bool) -> list[int]:
    """The labels of a sequence up to the first that is none."""
    kept: list[int] = []
    ended = False
    for place, label in enumerate(given):
        if place and collapse and label == given[place - 1]:
            continue
        if label >= classes - 1:
            ended = True
        elif ended:
            raise invalid(
                f"Saw a non-null label (index >= num_classes - 1) following a null label, batch: {row} num_classes: "
                f"{classes} labels: {','.join(map(str, given))} labels seen so far: {','.join(map(str, kept))}"
            )
        else:
            kept.append(label)
    if any(label < 0 for label in kept):
        raise invalid(
            f"All labels must be nonnegative integers, batch: {row} labels: {','.join(map(str, kept))}"
        )
    return kept
