"""How many changes turn one sequence into another: the distance of Levenshtein (1966)."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.graph.apply import apply_op
from graphmagic.graph.constants import static_value
from graphmagic.graph.node import Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor, SparseTensorValue
from graphmagic.ops.arguments import shape_text
from graphmagic.ops.checks import invalid, of_rank
from graphmagic.ops.sparse_values import as_sparse
from graphmagic.ops.text import as_bytes
from graphmagic.shapes import TensorShape

__all__ = ["edit_distance"]

edit_distance_op = OpDef(
    "EditDistance",
    "hypothesis_indices:int64, hypothesis_values:T, hypothesis_shape:int64, "
    "truth_indices:int64, truth_values:T, truth_shape:int64 -> output:float32",
    defaults={"normalize": True},
    differentiable=False,
)


def _sequences(indices: Any, values: Any) -> dict[tuple[int, ...], list[Any]]:
    found: dict[tuple[int, ...], list[Any]] = {}
    for place, value in zip(indices.tolist(), values.tolist(), strict=True):
        item = as_bytes(value) if isinstance(value, (str, bytes)) else value
        found.setdefault(tuple(place[:-1]), []).append(item)
    return found


def levenshtein(first: list[Any], second: list[Any]) -> int:
    """The least number of insertions, deletions and replacements that turn `first` into `second`.

    >>> levenshtein(list("kitten"), list("sitting"))
    3
    """
    row = list(range(len(second) + 1))
    for number, item in enumerate(first, 1):
        diagonal, row[0] = row[0], number
        for column, other in enumerate(second, 1):
            cheapest = min(row[column] + 1, row[column - 1] + 1, diagonal + (item != other))
            diagonal, row[column] = row[column], cheapest
    return row[-1]


@edit_distance_op.kernel
def edit_distance_kernel(
    hypothesis_indices: Any,
    hypothesis_values: Any,
    hypothesis_shape: Any,
    truth_indices: Any,
    truth_values: Any,
    truth_shape: Any,
    *,
    normalize: bool,
) -> Any:
    if len(hypothesis_shape) != len(truth_shape):
        raise invalid(
            "Expected truth and hypothesis to have matching ranks, but their shapes are: "
            f"{shape_text(truth_shape)} and {shape_text(hypothesis_shape)}"
        )
    sizes = np.maximum(hypothesis_shape[:-1], truth_shape[:-1])
    result = np.zeros(tuple(sizes.tolist()), np.float32)
    guesses = _sequences(hypothesis_indices, hypothesis_values)
    truths = _sequences(truth_indices, truth_values)
    for place in guesses.keys() | truths.keys():
        guess, truth = guesses.get(place, []), truths.get(place, [])
        distance = np.float32(levenshtein(truth, guess))
        result[place] = distance / np.float32(len(truth)) if normalize else distance
    return result


@edit_distance_op.shape_rule
def edit_distance_shape(*parts: Tensor) -> TensorShape:
    for indices, values, shape in (parts[:3], parts[3:]):
        of_rank(indices.shape, 2)
        of_rank(values.shape, 1)
        of_rank(shape.shape, 1)
    sizes = [static_value(parts[2]), static_value(parts[5])]
    if sizes[0] is None or sizes[1] is None:
        return TensorShape(None)
    if len(sizes[0]) != len(sizes[1]):
        raise ValueError(f"Expected rank {len(sizes[0])} for truth_shape, got {len(sizes[1])}")
    return TensorShape(np.maximum(sizes[0], sizes[1])[:-1].tolist())


def edit_distance(hypothesis: Any, truth: Any, normalize: bool = True, name: str = "edit_distance") -> Tensor:
    """How many insertions, deletions and replacements turn sequences into others.

    Args:
        hypothesis: a `SparseTensor` whose last dimension runs along the sequences.
        truth: another, of the same type.
        normalize: divide by the length of the true sequence.
        name: the operation's name.

    Returns:
        A float32 `Tensor` of one rank less; infinite where there is no true sequence to divide by.

    Raises:
        TypeError: one of them is not sparse.

    >>> import graphmagic as tf
    >>> guess = tf.SparseTensor([[0, 0], [0, 1]], ["a", "c"], [1, 2])
    >>> truth = tf.SparseTensor([[0, 0], [0, 1]], ["a", "b"], [1, 2])
    >>> tf.Session().run(tf.edit_distance(guess, truth))
    array([0.5], dtype=float32)
    """
    for title, value in (("Hypothesis", hypothesis), ("Truth", truth)):
        if not isinstance(value, (SparseTensor, SparseTensorValue)):
            raise TypeError(f"{title} must be a SparseTensor.")
    inputs = [*as_sparse(hypothesis).fetch_parts(), *as_sparse(truth).fetch_parts()]
    return apply_op(edit_distance_op, *inputs, name=name, normalize=normalize).outputs[0]
