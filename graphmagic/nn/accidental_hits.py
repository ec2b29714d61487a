"""Finding sampled classes that are true classes by accident."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.random import get_seed
from graphmagic.shapes import TensorShape

__all__ = ["compute_accidental_hits"]

Array = np.ndarray[Any, Any]


class AccidentalHits(NamedTuple):
    """Sampled classes that are true classes of an example: row, position among the samples, weight."""

    indices: Tensor
    ids: Tensor
    weights: Tensor


hits_op = OpDef(
    "ComputeAccidentalHits",
    "true_classes:int64, sampled_candidates:int64 -> indices:int32, ids:int64, weights:float32",
    defaults={"seed": 0, "seed2": 0},
    differentiable=False,
)


@hits_op.kernel
def hits_kernel(true_classes: Any, sampled: Any, *, num_true: int) -> tuple[Array, ...]:
    if true_classes.ndim != 2 or true_classes.shape[1] != num_true:
        raise invalid("true_candidates must be a batch_size * num_true matrix")
    last = {value: place for place, value in enumerate(sampled.tolist())}
    hits = [
        (row, last[value])
        for row, values in enumerate(true_classes.tolist())
        for value in values
        if value in last
    ]
    rows, places = np.array(hits, np.int64).reshape(-1, 2).T
    return rows.astype(np.int32), places, np.full(len(hits), np.finfo(np.float32).min, np.float32)


@hits_op.shape_rule
def hits_shape(true_classes: Tensor, sampled: Tensor, *, num_true: int) -> list[TensorShape]:
    columns = of_rank(true_classes.shape, 2).as_list()[1]
    if columns is not None and columns != num_true:
        raise ValueError(f"Dimension must be {num_true} but is {columns}")
    of_rank(sampled.shape, 1)
    return [TensorShape([None])] * 3


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> AccidentalHits:
    """Where sampled classes happen to be true classes.

    Args:
        true_classes: the classes of the examples, an int64 matrix of `num_true` columns.
        sampled_candidates: the sampled classes, an int64 vector.
        num_true: the number of classes of each example.
        seed: accepted for old programs.
        name: the operation's name.

    Returns:
        (indices, ids, weights): for each hit the example, the position among the samples, and a number so negative
        that added to a logit it rules the class out.

    >>> import graphmagic as tf
    >>> true, sampled = tf.constant([[1], [2]], tf.int64), tf.constant([5, 2, 1], tf.int64)
    >>> tf.Session().run(tf.nn.compute_accidental_hits(true, sampled, 1)[:2])
    (array([0, 1], dtype=int32), array([2, 1]))
    """
    first, second = get_seed(seed)
    op = apply_op(
        hits_op,
        true_classes,
        sampled_candidates,
        name=name,
        num_true=num_true,
        seed=first or 0,
        seed2=second or 0,
    )
    return AccidentalHits(*op.outputs)
