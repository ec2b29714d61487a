"""Sequences of labels without known places: connectionist temporal classification."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats

LOGITS = floats(4, 2, 3, low=-2, high=2)
# No two numbers are alike, so that no two beginnings are equally probable and the order of pruning does not matter.
UNEVEN = np.random.default_rng(0).normal(size=(6, 2, 4)).astype(np.float32)
LENGTHS = np.array([4, 3], np.int32)
PLACES = np.array([[0, 0], [0, 1], [1, 0]], np.int64)
LABELS = np.array([1, 0, 1], np.int32)
LONG = np.array([[0, 0], [0, 1], [0, 2], [0, 3], [0, 4], [1, 0]], np.int64)
LONG_LABELS = np.array([1, 0, 0, 1, 1, 0], np.int32)
CLOSE: dict[str, Any] = {"ulp": 16, "atol": 2e-6, "grad_ulp": 16, "grad_atol": 2e-6}


def _loss(places: Any = PLACES, labels: Any = LABELS, rows: int = 2, **options: Any) -> Any:
    def build(tf: Any, logits: Any, lengths: Any) -> Any:
        found = tf.SparseTensor(places, tf.constant(labels), [rows, 5])
        return tf.nn.ctc_loss(found, logits, lengths, **options)

    return build


def _decoded(name: str, **options: Any) -> Any:
    def build(tf: Any, logits: Any, lengths: Any) -> Any:
        paths, scores = getattr(tf.nn, name)(logits, lengths, **options)
        return [part for path in paths for part in (path.indices, path.values, path.dense_shape)] + [scores]

    return build


greedy, beams = "ctc_greedy_decoder", "ctc_beam_search_decoder"
CASES = [
    Case("CTCLoss", "two", _loss(), (LOGITS, LENGTHS), grad=(0,), order=1, **CLOSE),
    Case("CTCLoss", "batch_first", _loss(time_major=False), (LOGITS.transpose(1, 0, 2).copy(), LENGTHS), **CLOSE),
    Case("CTCLoss", "repeated", _loss(labels=np.array([1, 1, 0], "i")), (LOGITS, LENGTHS), grad=(0,), order=0, **CLOSE),
    Case(
        "CTCLoss", "not_merged", _loss(labels=np.array([1, 1, 0], "i"), ctc_merge_repeated=False), (LOGITS, LENGTHS),
        grad=(0,), order=0, **CLOSE,
    ),
    Case(
        "CTCLoss", "collapsed", _loss(labels=np.array([1, 1, 0], "i"), preprocess_collapse_repeated=True),
        (LOGITS, LENGTHS), grad=(0,), order=0, **CLOSE,
    ),
    Case(
        "CTCLoss", "ignored", _loss(LONG, LONG_LABELS, ignore_longer_outputs_than_inputs=True), (LOGITS, LENGTHS),
        grad=(0,), order=0, **CLOSE,
    ),
    Case("CTCLoss", "large", _loss(), (50 * LOGITS, LENGTHS), grad=(0,), order=0, **CLOSE),
    Case("CTCGreedyDecoder", "merged", _decoded(greedy), (LOGITS, LENGTHS), grad=(0,), order=0, **CLOSE),
    Case("CTCGreedyDecoder", "all", _decoded(greedy, merge_repeated=False), (LOGITS, LENGTHS), **CLOSE),
    Case("CTCGreedyDecoder", "blank", _decoded(greedy, blank_index=0), (LOGITS, LENGTHS), **CLOSE),
    Case("CTCBeamSearchDecoder", "best", _decoded(beams), (LOGITS, LENGTHS), grad=(0,), order=0, **CLOSE),
    Case("CTCBeamSearchDecoder", "three", _decoded(beams, top_paths=3), (LOGITS, LENGTHS), **CLOSE),
    Case("CTCBeamSearchDecoder", "narrow", _decoded(beams, beam_width=2, top_paths=2), (LOGITS, LENGTHS), **CLOSE),
    Case(
        "CTCBeamSearchDecoder", "not_merged", _decoded(beams, beam_width=7, top_paths=5, merge_repeated=False),
        (UNEVEN, np.array([6, 5], "i")), **CLOSE,
    ),
    Case("PreventGradient", "same", lambda tf, x: raw(tf, "PreventGradient", x), (floats(2, 3),)),
]  # fmt: skip

MISTAKES = [
    Mistake("CTCLoss", "null", _loss(labels=np.array([2, 1, 0], "i")), (LOGITS, LENGTHS)),
    Mistake("CTCLoss", "time", _loss(LONG, LONG_LABELS), (LOGITS, LENGTHS)),
    Mistake("CTCLoss", "lengths", _loss(), (LOGITS, np.array([4, 9], "i"))),
    Mistake("CTCLoss", "no_labels", _loss(PLACES[:2], LABELS[:2]), (LOGITS, LENGTHS)),
    Mistake("CTCLoss", "rank", _loss(), (LOGITS[0], LENGTHS)),
    Mistake("CTCGreedyDecoder", "rank", _decoded(greedy), (LOGITS[0], LENGTHS)),
    Mistake("CTCGreedyDecoder", "lengths", _decoded(greedy), (LOGITS, np.array([4, 3, 2], "i"))),
    Mistake("CTCBeamSearchDecoder", "rank", _decoded(beams), (LOGITS[0], LENGTHS)),
    Mistake("CTCBeamSearchDecoder", "paths", _decoded(beams, beam_width=1, top_paths=2), (LOGITS, LENGTHS)),
    Mistake(
        "PreventGradient",
        "gradient",
        lambda tf, x: tf.gradients(raw(tf, "PreventGradient", x, message="no"), x),
        (floats(3),),
    ),
]
