"""What beams are compared by: their probability, for their length, and for what they have looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphmagic.dtypes import float32
from graphmagic.graph.constants import static_value
from graphmagic.graph.convert import convert_to_tensor
from graphmagic.ops.arithmetic import minimum
from graphmagic.ops.casting import cast
from graphmagic.ops.choosing import where
from graphmagic.ops.concat import concat
from graphmagic.ops.elementary import log
from graphmagic.ops.one_hot import one_hot
from graphmagic.ops.queries import shape
from graphmagic.ops.reduce import reduce_sum
from graphmagic.ops.reshaping import expand_dims, reshape
from graphmagic.ops.tile import tile

__all__ = ["Weights", "masked", "scores_of"]


@dataclass(frozen=True)
class Weights:
    """How much the length and the coverage of a beam count."""

    length: Any
    coverage: Any

    @property
    def has_coverage(self) -> bool:
        """Whether coverage counts at all."""
        return _is_not_zero(self.coverage)


def _is_not_zero(weight: Any) -> bool:
    known = static_value(convert_to_tensor(weight, float32))
    return known is None or known != 0


def scores_of(log_probs: Any, lengths: Any, weights: Weights, attention: Any = None) -> Any:
    """The scores of beams that go on by each word.

    Args:
        log_probs: their logarithms of probability, shape ``[batch, width, words]``.
        lengths: how long they are then.
        weights: how much length and coverage count.
        attention: how much each step of what was read has mattered, shape ``[batch, width, time]``.
    """
    scores = log_probs
    if _is_not_zero(weights.length):
        factor = convert_to_tensor(weights.length, float32)
        penalty: Any = (5.0 + cast(lengths, float32)) ** factor / 6.0**factor
        scores = scores / cast(penalty, log_probs.dtype)
    if attention is None:
        return scores
    covered = reduce_sum(log(minimum(attention, 1.0)), 2)
    return scores + expand_dims(convert_to_tensor(weights.coverage, covered.dtype) * covered, 2)


def masked(log_probs: Any, end_token: Any, finished: Any) -> Any:
    """Logarithms of probability where beams that have ended can only end once more, at no cost."""
    classes = log_probs.shape[-1].value
    words = shape(log_probs)[-1] if classes is None else classes
    kind = log_probs.dtype
    row = one_hot(end_token, words, 0.0, kind.min, dtype=kind)
    rows = tile(reshape(row, [1, 1, -1]), concat([shape(finished), [1]], 0))
    mask = tile(expand_dims(finished, 2), [1, 1, words])
    return where(mask, rows, log_probs)
