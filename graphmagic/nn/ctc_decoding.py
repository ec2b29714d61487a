"""From the logits of connectionist temporal classification to labels: one by one, or by beam search (Graves, 2012)."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphmagic.dtypes import float32, float64
from graphmagic.graph.apply import apply_op
from graphmagic.graph.node import Operation, Tensor
from graphmagic.graph.opdef import OpDef
from graphmagic.graph.sparse_tensor import SparseTensor
from graphmagic.nn.ctc_checks import check_lengths, ctc_shapes
from graphmagic.ops.checks import invalid
from graphmagic.shapes import TensorShape

__all__ = ["ctc_beam_search_decoder", "ctc_greedy_decoder"]

Array = Any

greedy_op = OpDef(
    "CTCGreedyDecoder",
    "inputs:T, sequence_length:int32 -> decoded_indices:int64, decoded_values:int64, decoded_shape:int64, "
    "log_probability:T",
    types={"T": [float32, float64]},
    defaults={"T": float32, "merge_repeated": False, "blank_index": -1},
    differentiable=False,
)
beam_op = OpDef(
    "CTCBeamSearchDecoder",
    "inputs:T, sequence_length:int32 -> decoded_indices:top_paths*int64, decoded_values:top_paths*int64, "
    "decoded_shape:top_paths*int64, log_probability:T",
    types={"T": [float32, float64]},
    defaults={"T": float32, "merge_repeated": True},
    differentiable=False,
)


def _sparse(rows: list[list[int]]) -> tuple[Array, Array, Array]:
    """Sequences of labels as the parts of a sparse matrix."""
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = [label for row in rows for label in row]
    shape = [len(rows), max(map(len, rows), default=0)]
    return np.array(places, np.int64).reshape(-1, 2), np.array(values, np.int64), np.array(shape, np.int64)


def _merged(labels: list[int]) -> list[int]:
    """Labels, those that are there several times in a row once."""
    return [label for i, label in enumerate(labels) if i == 0 or label != labels[i - 1]]


@greedy_op.kernel
def greedy_kernel(inputs: Array, sequence_length: Array, *, merge_repeated: bool, blank_index: int) -> Any:
    _, batch, classes = check_lengths(inputs, sequence_length)
    blank = blank_index + classes if blank_index < 0 else blank_index
    best, largest = inputs.argmax(-1), inputs.max(-1)
    scores, rows = np.zeros((batch, 1), inputs.dtype), list[list[int]]()
    for row, length in enumerate(sequence_length.tolist()):
        found = best[:length, row].tolist()
        rows.append([label for label in (_merged(found) if merge_repeated else found) if label != blank])
        scores[row, 0] = -largest[:length, row].sum()
    return (*_sparse(rows), scores)


@greedy_op.shape_rule
def greedy_shape(inputs: Tensor, lengths: Tensor) -> list[TensorShape]:
    batch = ctc_shapes(inputs, lengths)[1]
    return [TensorShape([None, 2]), TensorShape([None]), TensorShape([2]), TensorShape([batch, 1])]


class _Beam:
    """A beginning of a sequence of labels, with the logarithms of its probability: ending in a blank, in its label."""

    __slots__ = ("before", "children", "is_kept", "label", "now", "parent")

    def __init__(self, parent: _Beam | None, label: int) -> None:
        self.parent, self.label = parent, label
        self.children: dict[int, _Beam] = {}
        self.now = self.before = _NOTHING
        self.is_kept = False

    def labels(self) -> list[int]:
        """Its labels."""
        found, beam = list[int](), self
        while beam.parent is not None:
            found.append(beam.label)
            beam = beam.parent
        return found[::-1]


_NOTHING = (-np.inf, -np.inf, -np.inf)  # in all, ending in a blank, ending in a label


def _search(logs: Array, width: int) -> list[_Beam]:
    """The most probable beginnings after all steps, the best one first."""
    root = _Beam(None, -1)
    root.now, root.is_kept = (0.0, 0.0, -np.inf), True
    kept = [root]
    for row in logs:
        kept = _step(kept, row.tolist(), width)
    return kept


def _step(kept: list[_Beam], logs: list[float], width: int) -> list[_Beam]:
    """The most probable beginnings after one more step."""
    blank = len(logs) - 1
    for beam in kept:
        beam.before = beam.now
    for beam in kept:
        ends = -np.inf
        if beam.parent is not None:
            if beam.parent.is_kept:
                previous = beam.parent.before[1 if beam.label == beam.parent.label else 0]
                ends = np.logaddexp(beam.before[2], previous)
            else:
                ends = beam.before[2]
            ends += logs[beam.label]
        blanks = beam.before[0] + logs[blank]
        beam.now = (float(np.logaddexp(blanks, ends)), blanks, float(ends))
    found = list(kept)
    for beam in kept:
        for label in range(blank):
            child = beam.children.get(label)
            if child is not None and child.is_kept:
                continue
            previous = beam.before[1 if label == beam.label else 0]
            if previous == -np.inf:
                continue
            if child is None:
                child = beam.children[label] = _Beam(beam, label)
            total = previous + logs[label]
            child.now = (total, -np.inf, total)
            found.append(child)
    found.sort(key=lambda beam: -beam.now[0])
    for number, beam in enumerate(found):
        beam.is_kept = number < width
    return found[:width]


@beam_op.kernel
def beam_kernel(
    inputs: Array, sequence_length: Array, *, beam_width: int, top_paths: int, merge_repeated: bool
) -> Any:
    _, batch, _ = check_lengths(inputs, sequence_length)
    if top_paths > beam_width:
        raise invalid("requested more paths than the beam width.")
    scores = np.zeros((batch, top_paths), inputs.dtype)
    rows: list[list[list[int]]] = [[] for _ in range(top_paths)]
    for row, length in enumerate(sequence_length.tolist()):
        logits = inputs[:length, row].astype(np.float64)
        shifted = logits - logits.max(-1, keepdims=True)
        found = _search(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), beam_width)
        if len(found) < top_paths:
            raise invalid("Less leaves in the beam search than requested.")
        for path, beam in enumerate(found[:top_paths]):
            labels = beam.labels()
            rows[path].append(_merged(labels) if merge_repeated else labels)
            scores[row, path] = beam.now[0]
    indices, values, shapes = zip(*[_sparse(path) for path in rows], strict=True)
    return (*indices, *values, *shapes, scores)


@beam_op.shape_rule
def beam_shape(inputs: Tensor, lengths: Tensor, *, top_paths: int) -> list[TensorShape]:
    batch = ctc_shapes(inputs, lengths)[1]
    parts = [TensorShape([None, 2]), TensorShape([None]), TensorShape([2])]
    return [*[part for part in parts for _ in range(top_paths)], TensorShape([batch, top_paths])]


def _sparse_tensors(op: Operation, paths: int) -> list[SparseTensor]:
    return [SparseTensor(*[op.outputs[part * paths + path] for part in range(3)]) for path in range(paths)]


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True, blank_index: int | None = None
) -> tuple[list[SparseTensor], Tensor]:
    """The most probable label of each step, without blanks.

    Args:
        inputs: the logits, shape ``[time, batch, classes]``.
        sequence_length: how long each sequence is, an int32 vector.
        merge_repeated: whether a label twice in a row is one.
        blank_index: the number of the blank; the last class if None.

    Returns:
        A list with one `SparseTensor` of labels, int64, and minus the sums of the largest logits.

    >>> import graphmagic as tf
    >>> logits = tf.constant([[[5.0, 0, 0]], [[5.0, 0, 0]], [[0, 0, 9.0]], [[0, 4.0, 0]]])
    >>> (labels,), _ = tf.nn.ctc_greedy_decoder(logits, [4])
    >>> tf.Session().run(labels).values
    array([0, 1])
    """
    blank = -1 if blank_index is None else blank_index
    op = apply_op(greedy_op, inputs, sequence_length, merge_repeated=merge_repeated, blank_index=blank)
    return _sparse_tensors(op, 1), op.outputs[3]


def ctc_beam_search_decoder(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1, merge_repeated: bool = True
) -> tuple[list[SparseTensor], Tensor]:
    """The most probable sequences of labels.

    Args:
        inputs: the logits, shape ``[time, batch, classes]``; the last class is the blank.
        sequence_length: how long each sequence is, an int32 vector.
        beam_width: how many beginnings are kept.
        top_paths: how many sequences are wanted.
        merge_repeated: whether a label twice in a row is one in the result.

    Returns:
        A list of `SparseTensor`s of labels, int64, the best first, and the logarithms of their probabilities, of shape
        ``[batch, top_paths]``.

    >>> import graphmagic as tf
    >>> logits = tf.constant([[[5.0, 0, 0]], [[0, 0, 9.0]], [[0, 4.0, 0]]])
    >>> (labels,), _ = tf.nn.ctc_beam_search_decoder(logits, [3])
    >>> tf.Session().run(labels).values
    array([0, 1])
    """
    attrs: dict[str, Any] = {
        "beam_width": beam_width,
        "top_paths": top_paths,
        "merge_repeated": merge_repeated,
    }
    op = apply_op(beam_op, inputs, sequence_length, **attrs)
    return _sparse_tensors(op, top_paths), op.outputs[-1]
