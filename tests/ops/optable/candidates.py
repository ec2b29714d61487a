"""The largest elements, embeddings, and losses over samples of classes."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints

CLOSE: dict[str, Any] = {"ulp": 8, "atol": 1e-6, "grad_ulp": 16, "grad_atol": 4e-6}
TRUE = np.array([[1], [4]], np.int64)
PAIRS = np.array([[1, 3], [2, 5], [4, 1]], np.int64)
TABLE, OTHER = floats(4, 5), floats(3, 5, seed=1)
IDS = np.array([[1, 0, 5], [6, 1, 4]], np.int32)


def _sparse(combiner: str, weighted: bool) -> Any:
    def build(tf: Any, table: Any) -> Any:
        places = [[0, 0], [0, 2], [1, 1], [1, 3], [1, 4]]
        ids = tf.SparseTensor(places, tf.constant([1, 3, 0, 1, 1], tf.int64), [2, 5])
        weights = tf.SparseTensor(places, [0.5, 2.0, 1.0, 3.0, 1.5], [2, 5]) if weighted else None
        return tf.nn.embedding_lookup_sparse(table, ids, weights, combiner=combiner)

    return build


def _bad_combiner(tf: Any) -> Any:
    return tf.nn.embedding_lookup_sparse(
        tf.ones([2, 1]), tf.SparseTensor([[0, 0]], [1], [1, 1]), None, combiner="max"
    )


def _hits(tf: Any, true: Any, sampled: Any, num_true: int) -> Any:
    """The weights are the lowest number there is, at which rounding cannot be measured."""
    rows, places, weights = tf.nn.compute_accidental_hits(true, sampled, num_true)
    return [rows, places, weights * 0.25]


CASES = [
    Case("TopKV2", "vector", lambda tf, x: tf.nn.top_k(x, 2), (floats(5),), grad=(0,)),
    Case("TopKV2", "matrix", lambda tf, x: tf.nn.top_k(x, 3), (floats(2, 5),), grad=(0,)),
    Case("TopKV2", "cube", lambda tf, x: tf.nn.top_k(x, k=2), (floats(2, 3, 4),), grad=(0,)),
    Case(
        "TopKV2",
        "ties",
        lambda tf, x: tf.nn.top_k(x, 4),
        (np.array([[3, 1, 3, 2, 3], [0, 0, 0, 0, 0]], np.int32),),
    ),
    Case("TopKV2", "default", lambda tf, x: tf.nn.top_k(x), (floats(2, 5),), grad=(0,)),
    Case("TopKV2", "none", lambda tf, x: tf.nn.top_k(x, 0), (floats(2, 5),)),
    Case("TopKV2", "all", lambda tf, x: tf.nn.top_k(x, 5), (floats(2, 5),), grad=(0,)),
    Case("TopKV2", "infinite", lambda tf, x: tf.nn.top_k(x, 3), (np.array([-np.inf, 1, np.inf, 0], "f"),)),
    Case("TopKV2", "bytes", lambda tf, x: tf.nn.top_k(x, 3), (ints(2, 5, low=0, high=255, dtype=np.uint8),)),
    Case("TopKV2", "tensor_k", lambda tf, x, k: tf.nn.top_k(x, k), (floats(2, 5), np.array(2, np.int32))),
    Case("TopKV2", "no_rows", lambda tf, x: tf.nn.top_k(x, 2), (floats(0, 5),)),
    Case(
        "InTopKV2",
        "matrix",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 2),
        (floats(3, 4), np.array([2, 0, 3], np.int32)),
        grad=(0,),
        order=0,
    ),
    Case(
        "InTopKV2",
        "int64",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 1),
        (floats(3, 4), np.array([2, 0, 3], np.int64)),
    ),
    Case(
        "InTopKV2",
        "ties",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 1),
        (np.ones((2, 4), "f"), np.array([2, 0], np.int32)),
    ),
    Case(
        "InTopKV2",
        "out_of_range",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 2),
        (floats(2, 4), np.array([9, -1], np.int32)),
    ),
    Case(
        "InTopKV2",
        "not_finite",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 2),
        (np.array([[np.nan, 1], [1, np.inf], [1, -np.inf]], "f"), np.array([1, 1, 0], np.int32)),
    ),
    Case(
        "InTopKV2",
        "k_0",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 0),
        (floats(2, 4), np.array([1, 2], np.int32)),
    ),
    # ----- embeddings -----
    Case(
        "GatherV2",
        "embedding",
        lambda tf, w, i: tf.nn.embedding_lookup(w, i),
        (TABLE, np.array([[1, 3], [1, 0]], np.int32)),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "embedding_clipped",
        lambda tf, w, i: tf.nn.embedding_lookup(w, i, max_norm=1.0),
        (TABLE, np.array([1, 3], np.int32)),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "GatherV2",
        "embedding_mod",
        lambda tf, v, w, i: tf.nn.embedding_lookup([v, w], i),
        (TABLE, OTHER, IDS),
        grad=(0, 1),
    ),
    Case(
        "GatherV2",
        "embedding_div",
        lambda tf, v, w, i: tf.nn.embedding_lookup([v, w], i, "div"),
        (TABLE, OTHER, IDS),
        grad=(0, 1),
    ),
    Case(
        "GatherV2",
        "embedding_div_clipped",
        lambda tf, v, w, i: tf.nn.embedding_lookup([v, w], i, "div", max_norm=1.0),
        (TABLE, OTHER, IDS),
        grad=(0, 1),
        **CLOSE,
    ),
    *[
        Case(op, f"embedding_sparse_{kind}", _sparse(kind, False), (TABLE,), grad=(0,), **CLOSE)
        for op, kind in (
            ("SparseSegmentSum", "sum"),
            ("SparseSegmentMean", "mean"),
            ("SparseSegmentSqrtN", "sqrtn"),
        )
    ],
    *[
        Case("SegmentSum", f"embedding_sparse_{kind}", _sparse(kind, True), (TABLE,), grad=(0,), **CLOSE)
        for kind in ("sum", "mean", "sqrtn")
    ],
    # ----- samplers -----
    Case(
        "ComputeAccidentalHits",
        "pairs",
        lambda tf, t, s: _hits(tf, t, s, 2),
        (PAIRS, np.array([1, 2, 1, 7, 3], np.int64)),
    ),
    Case(
        "ComputeAccidentalHits",
        "none",
        lambda tf, t, s: _hits(tf, t, s, 1),
        (TRUE, np.array([8, 9], np.int64)),
    ),
    Case("AllCandidateSampler", "all", lambda tf, t: tf.nn.all_candidate_sampler(t, 1, 5, True), (TRUE,)),
]
for _op, _function in {
    "UniformCandidateSampler": "uniform_candidate_sampler",
    "LogUniformCandidateSampler": "log_uniform_candidate_sampler",
    "LearnedUnigramCandidateSampler": "learned_unigram_candidate_sampler",
}.items():

    def _sample(*args: Any, function: str = _function) -> Any:
        return lambda tf, t: getattr(tf.nn, function)(t, *args, seed=3)

    CASES += [
        Case(_op, "unique", _sample(1, 5, True, 10), (TRUE,), runs=3, **CLOSE),
        Case(_op, "repeated", _sample(1, 5, False, 10), (TRUE,), runs=3, **CLOSE),
        Case(_op, "many", _sample(2, 64, True, 5000), (PAIRS,), runs=2, ulp=64, atol=1e-6),
        Case(_op, "power_of_two", _sample(1, 8, True, 16), (TRUE,), **CLOSE),
        Case(_op, "every_class", _sample(1, 10, True, 10), (TRUE,), **CLOSE),
    ]


# ----- losses -----


def _nce(**keywords: Any) -> Any:
    def build(tf: Any, w: Any, b: Any, t: Any, x: Any) -> Any:
        sampled = tf.nn.uniform_candidate_sampler(t, keywords.get("num_true", 1), 4, True, 7, seed=5)
        return tf.nn.nce_loss(w, b, t, x, 4, 7, sampled_values=sampled, **keywords)

    return build


def _softmax(**keywords: Any) -> Any:
    return lambda tf, w, b, t, x: tf.nn.sampled_softmax_loss(w, b, t, x, 4, 7, seed=5, **keywords)


LAYER = (floats(7, 4), floats(7, seed=1), TRUE, floats(2, 4, seed=2))
WIDE = (floats(7, 4), floats(7, seed=1), PAIRS, floats(3, 4, seed=2))
CASES += [
    Case(
        "LogUniformCandidateSampler", "sampled_softmax", _softmax(), LAYER, grad=(0, 1, 3), order=0, **CLOSE
    ),
    Case(
        "LogUniformCandidateSampler",
        "sampled_softmax_hits",
        _softmax(remove_accidental_hits=False),
        LAYER,
        grad=(0, 1, 3),
        order=0,
        **CLOSE,
    ),
    Case(
        "LogUniformCandidateSampler",
        "sampled_softmax_pairs",
        _softmax(num_true=2),
        WIDE,
        grad=(0, 1, 3),
        order=0,
        **CLOSE,
    ),
    Case("UniformCandidateSampler", "nce", _nce(), LAYER, grad=(0, 1, 3), order=0, **CLOSE),
    Case(
        "UniformCandidateSampler",
        "nce_hits",
        _nce(remove_accidental_hits=True),
        LAYER,
        grad=(0, 1, 3),
        order=0,
        ulp=8,
        atol=1e-5,
        grad_ulp=16,
        grad_atol=4e-6,
    ),
    Case("UniformCandidateSampler", "nce_pairs", _nce(num_true=2), WIDE, grad=(0, 1, 3), order=0, **CLOSE),
]

MISTAKES = [
    Mistake("TopKV2", "too_many", lambda tf, x: tf.nn.top_k(x, 5), (floats(2, 3),)),
    Mistake("TopKV2", "scalar", lambda tf, x: tf.nn.top_k(x, 1), (floats(),)),
    Mistake("TopKV2", "negative", lambda tf, x: tf.nn.top_k(x, -1), (floats(3),)),
    Mistake("TopKV2", "vector_k", lambda tf, x: tf.nn.top_k(x, [1]), (floats(3),)),
    Mistake("TopKV2", "fed_negative", lambda tf, k: tf.nn.top_k([1.0, 2.0], k), (np.array(-1, np.int32),)),
    Mistake("TopKV2", "fed_vector", lambda tf, k: tf.nn.top_k([1.0, 2.0], k), (np.array([1, 1], np.int32),)),
    Mistake(
        "InTopKV2",
        "sizes",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 1),
        (floats(3, 4), np.array([1, 2], np.int32)),
    ),
    Mistake(
        "InTopKV2",
        "rank",
        lambda tf, p, t: tf.nn.in_top_k(p, t, 1),
        (floats(3), np.array([1, 2, 0], np.int32)),
    ),
    Mistake("InTopKV2", "type", lambda tf: tf.nn.in_top_k(tf.ones([2, 3], tf.float64), [1, 2], 1)),
    Mistake("GatherV2", "embedding_range", lambda tf: tf.nn.embedding_lookup(tf.ones([2, 1]), [7])),
    Mistake("GatherV2", "embedding_sparse_combiner", _bad_combiner),
    Mistake("GatherV2", "embedding_none", lambda tf: tf.nn.embedding_lookup(None, [7])),
    Mistake("GatherV2", "embedding_empty", lambda tf: tf.nn.embedding_lookup([], [7])),
    Mistake(
        "GatherV2",
        "embedding_strategy",
        lambda tf: tf.nn.embedding_lookup([tf.ones([2, 1]), tf.ones([2, 1])], [3], "odd"),
    ),
    Mistake(
        "LogUniformCandidateSampler",
        "range",
        lambda tf, t: tf.nn.log_uniform_candidate_sampler(t, 1, 11, True, 10),
        (TRUE,),
    ),
    Mistake(
        "LogUniformCandidateSampler",
        "columns",
        lambda tf, t: tf.nn.log_uniform_candidate_sampler(t, 2, 5, True, 10),
        (TRUE,),
    ),
    Mistake(
        "LogUniformCandidateSampler",
        "rank",
        lambda tf, t: tf.nn.log_uniform_candidate_sampler(t, 1, 5, True, 10),
        (TRUE[0],),
    ),
    Mistake(
        "ComputeAccidentalHits",
        "columns",
        lambda tf, t, s: tf.nn.compute_accidental_hits(t, s, 2),
        (TRUE, TRUE[0]),
    ),
    Mistake(
        "UniformCandidateSampler",
        "range",
        lambda tf, t: tf.nn.uniform_candidate_sampler(t, 1, 11, True, 10),
        (TRUE,),
    ),
    Mistake(
        "LearnedUnigramCandidateSampler",
        "range",
        lambda tf, t: tf.nn.learned_unigram_candidate_sampler(t, 1, 11, True, 10),
        (TRUE,),
    ),
    Mistake(
        "AllCandidateSampler", "columns", lambda tf, t: tf.nn.all_candidate_sampler(t, 2, 11, True), (TRUE,)
    ),
]
