"""Picking within each entry of a batch: what `gather` does with ``batch_dims``."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.ops.checks import invalid
from graphmagic.shapes import TensorShape

__all__ = ["static_batches", "take_in_batches"]


def take_in_batches(params: Any, indices: Any, axis: int, batch_dims: int) -> Any:
    """The slices along `axis` that indices name, each from its own entry of the batch.

    >>> take_in_batches(np.array([[1, 2], [3, 4]]), np.array([[1, 1], [0, 1]]), 1, 1).tolist()
    [[2, 2], [3, 4]]
    """
    for number, (a, b) in enumerate(zip(params.shape[:batch_dims], indices.shape, strict=False)):
        if a != b:
            raise invalid(f"params.shape[{number}]: {a} should be equal to indices.shape[{number}]: {b}")
    moved = np.moveaxis(params, axis, batch_dims)
    batch, rest = moved.shape[:batch_dims], moved.shape[batch_dims + 1 :]
    count = int(np.prod(batch, dtype=np.int64))
    picks = indices.shape[batch_dims:]
    numbers = indices.reshape(count, int(np.prod(picks, dtype=np.int64)))
    flat = moved.reshape(count, moved.shape[batch_dims], *rest)
    found = flat[np.arange(count)[:, None], numbers].reshape(*batch, *picks, *rest)
    inner = len(picks)
    return np.moveaxis(found, range(batch_dims, batch_dims + inner), range(axis, axis + inner))


def static_batches(params: TensorShape, indices: TensorShape, axis: int, batch_dims: int) -> TensorShape:
    """What is known of the shape of the result, for shapes of known rank.

    Raises:
        ValueError: the batch is larger than what comes before the axis.
    """
    shared = batch_dims if batch_dims >= 0 else batch_dims + len(indices)
    if shared > axis:
        raise ValueError(f"batch_dims ({shared}) must be less than or equal to axis ({axis})")
    pairs = zip(params.as_list()[:shared], indices.as_list(), strict=False)
    batch = TensorShape([b if a is None else a for a, b in pairs])
    between = params[shared:axis].concatenate(indices[shared:])
    return batch.concatenate(between).concatenate(params[axis + 1 :])
