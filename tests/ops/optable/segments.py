"""Reductions over segments, and running sums and products."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import extremes, floats, ints, strings

IDS = np.array([0, 0, 2, 2, 2], np.int32)
MIXED = np.array([2, 0, -1, 2, 0], np.int32)
FILLED = np.array([2, 0, 1, -1, 0], np.int32)
CLOSE: dict[str, Any] = {"ulp": 2, "grad_ulp": 6}
SORTED = {
    "SegmentSum": "segment_sum",
    "SegmentMean": "segment_mean",
    "SegmentProd": "segment_prod",
    "SegmentMax": "segment_max",
    "SegmentMin": "segment_min",
}
UNSORTED = {
    "UnsortedSegmentProd": "unsorted_segment_prod",
    "UnsortedSegmentMax": "unsorted_segment_max",
    "UnsortedSegmentMin": "unsorted_segment_min",
}
SPARSE = {
    "SparseSegmentSum": "sparse_segment_sum",
    "SparseSegmentMean": "sparse_segment_mean",
    "SparseSegmentSqrtN": "sparse_segment_sqrt_n",
}


CASES = []
MISTAKES = []
for _op, _function in SORTED.items():
    _build = applied(_function)
    CASES += [
        Case(_op, "rows", _build, (floats(5, 3, low=0.4), IDS), grad=(0,), **CLOSE),
        Case(_op, "vector", _build, (floats(5, low=0.4), IDS.astype(np.int64)), grad=(0,), **CLOSE),
        Case(_op, "float16", _build, (floats(5, 2, low=0.4, dtype="e"), IDS), ulp=2),
        Case(_op, "float64", _build, (floats(5, 2, low=0.4, dtype="d"), IDS), ulp=2),
        Case(_op, "integers", _build, (ints(5, 2), IDS)),
        Case(_op, "uint8", _build, (ints(5, 2, low=100, high=250, dtype=np.uint8), IDS)),
        Case(_op, "no_columns", _build, (floats(5, 0), IDS), grad=(0,), order=0),
        Case(_op, "no_rows", _build, (floats(0, 3), np.zeros(0, np.int32)), grad=(0,), order=0),
        Case(_op, "nan", _build, (np.array([1, np.nan, 2, np.inf, 0], "f"), IDS)),
        Case(_op, "ids_inside", applied(_function, [0, 0, 2, 2, 2]), (floats(5, 3, low=0.4),), **CLOSE),
    ]
    MISTAKES += [
        Mistake(_op, "decreasing", _build, (floats(2), np.array([1, 0], np.int32))),
        Mistake(_op, "negative", _build, (floats(2), np.array([-1, 0], np.int32))),
        Mistake(_op, "too_few", _build, (floats(2), np.array([0], np.int32))),
        Mistake(_op, "matrix_ids", _build, (floats(2), np.array([[0, 1]], np.int32))),
        Mistake(_op, "scalar", _build, (floats(), np.array([0], np.int32))),
        Mistake(_op, "float_ids", _build, (floats(2), floats(2))),
        Mistake(_op, "strings", _build, (strings(b"a"), np.array([0], np.int32))),
    ]
for _op, _function in UNSORTED.items():
    _build = applied(_function, 4)
    CASES += [
        # an empty segment has the largest number there is, next to which a finite difference shows nothing
        Case(_op, "rows", _build, (floats(5, 3, low=0.4), MIXED), grad=(0,), order=0, **CLOSE),
        Case(
            _op, "vector", _build, (floats(5, low=0.4), MIXED.astype(np.int64)), grad=(0,), order=0, **CLOSE
        ),
        Case(_op, "all_filled", applied(_function, 3), (floats(5, 2, low=0.4), FILLED), grad=(0,), **CLOSE),
        Case(
            _op,
            "matrix_ids",
            _build,
            (floats(2, 3, 4, low=0.4), np.array([[1, 0, 1], [3, -1, 1]], np.int32)),
            grad=(0,),
            order=0,
            **CLOSE,
        ),
        Case(
            _op,
            "count_fed",
            applied(_function),
            (floats(5, 3, low=0.4), MIXED, np.array(3, np.int32)),
            grad=(0,),
            order=0,
            **CLOSE,
        ),
        Case(_op, "integers", _build, (ints(5, 2), MIXED)),
        Case(_op, "float16", _build, (floats(5, 2, low=0.4, dtype="e"), MIXED), ulp=2),
        Case(_op, "no_columns", _build, (floats(5, 0), MIXED), grad=(0,), order=0),
        Case(_op, "no_rows", _build, (floats(0, 3), np.zeros(0, np.int32)), grad=(0,), order=0),
    ]
    MISTAKES += [
        Mistake(_op, "too_large", _build, (floats(2), np.array([1, 5], np.int32))),
        Mistake(_op, "too_few", _build, (floats(2), np.array([0], np.int32))),
        Mistake(_op, "negative_count", applied(_function, -3), (floats(2), np.array([0, 1], np.int32))),
        Mistake(_op, "strings", _build, (strings(b"a"), np.array([0], np.int32))),
    ]
CASES += [
    Case(
        "UnsortedSegmentSum",
        "mean",
        applied("unsorted_segment_mean", 4),
        (floats(5, 3), MIXED),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "UnsortedSegmentSum",
        "mean_vector",
        applied("unsorted_segment_mean", 4),
        (floats(5), MIXED),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "UnsortedSegmentSum",
        "sqrt_n",
        applied("unsorted_segment_sqrt_n", 4),
        (floats(5, 3), MIXED),
        grad=(0,),
        **CLOSE,
    ),
]
_ZEROS = np.array([0, 2, 3, 0, 0], np.float32)
CASES += [
    Case("SegmentProd", "zeros", applied("segment_prod"), (_ZEROS, IDS), grad=(0,), order=0),
    Case(
        "UnsortedSegmentProd",
        "zeros",
        applied("unsorted_segment_prod", 4),
        (_ZEROS, MIXED),
        grad=(0,),
        order=0,
    ),
    Case(
        "SegmentMax",
        "ties",
        applied("segment_max"),
        (np.array([1, 1, 3, 2, 3], "f"), IDS),
        grad=(0,),
        order=0,
    ),
    Case(
        "SegmentMin",
        "ties",
        applied("segment_min"),
        (np.array([1, 1, 3, 3, 4], "f"), IDS),
        grad=(0,),
        order=0,
    ),
    Case(
        "UnsortedSegmentMax",
        "ties",
        applied("unsorted_segment_max", 4),
        (np.array([1, 1, 3, 1, 3], "f"), MIXED),
        grad=(0,),
        order=0,
    ),
]
for _op, _function in SPARSE.items():
    _indices, _ids = np.array([0, 3, 1, 3], np.int32), np.array([0, 0, 2, 2], np.int32)
    for _suffix, _extra in (("", {}), ("WithNumSegments", {"num_segments": 4})):
        _build = applied(_function, **_extra)
        CASES += [
            Case(_op + _suffix, "rows", _build, (floats(4, 3), _indices, _ids), grad=(0,), **CLOSE),
            Case(_op + _suffix, "vector", _build, (floats(4), _indices, _ids), grad=(0,), **CLOSE),
            Case(_op + _suffix, "float64", _build, (floats(4, 3, dtype="d"), _indices, _ids), ulp=2),
            Case(
                _op + _suffix,
                "nothing",
                _build,
                (floats(4, 3), np.zeros(0, np.int32), np.zeros(0, np.int32)),
            ),
        ]
        MISTAKES += [
            Mistake(
                _op + _suffix,
                "index",
                _build,
                (floats(2), np.array([0, 5], np.int32), np.array([0, 0], np.int32)),
            ),
            Mistake(
                _op + _suffix,
                "decreasing",
                _build,
                (floats(2), np.array([0, 1], np.int32), np.array([1, 0], np.int32)),
            ),
            Mistake(
                _op + _suffix,
                "negative",
                _build,
                (floats(2), np.array([0, 1], np.int32), np.array([-1, 0], np.int32)),
            ),
            Mistake(
                _op + _suffix,
                "lengths",
                _build,
                (floats(2), np.array([0, 1], np.int32), np.array([1], np.int32)),
            ),
            Mistake(
                _op + _suffix, "scalar", _build, (floats(), np.array([0], np.int32), np.array([0], np.int32))
            ),
        ]
    MISTAKES.append(
        Mistake(
            f"{_op}WithNumSegments",
            "too_large",
            applied(_function, num_segments=2),
            (floats(2), np.array([0, 1], np.int32), np.array([0, 2], np.int32)),
        )
    )
CASES.append(
    Case(
        "SparseSegmentSum",
        "integers",
        applied("sparse_segment_sum"),
        (ints(4, 3), np.array([0, 3], np.int32), np.array([0, 0], np.int32)),
    )
)

# ----- running sums and products -----

for _op, _function in {"Cumsum": "cumsum", "Cumprod": "cumprod"}.items():
    _x = floats(2, 3, 4, low=0.4)
    for _name, _keywords in {
        "first": {},
        "last": {"axis": -1},
        "exclusive": {"axis": 1, "exclusive": True},
        "reverse": {"axis": 1, "reverse": True},
        "both": {"axis": 2, "exclusive": True, "reverse": True},
    }.items():
        CASES.append(Case(_op, _name, applied(_function, **_keywords), (_x,), grad=(0,), ulp=4, grad_ulp=12))
    CASES += [
        Case(_op, "axis_fed", applied(_function), (_x, np.array(1, np.int64)), grad=(0,), ulp=4, grad_ulp=12),
        Case(_op, "integers", applied(_function), (ints(4, 3),)),
        Case(_op, "uint8", applied(_function), (ints(4, 3, low=90, high=200, dtype=np.uint8),)),
        Case(_op, "wraps", applied(_function), (extremes(np.int32),)),
        Case(_op, "float16", applied(_function), (floats(4, 3, low=0.4, dtype="e"),), ulp=2),
        Case(_op, "no_rows", applied(_function, exclusive=True), (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "no_columns", applied(_function), (floats(3, 0),), grad=(0,), order=0),
        Case(_op, "nan", applied(_function), (np.array([1, np.nan, 2], "f"),)),
    ]
    MISTAKES += [
        Mistake(_op, "axis", applied(_function, axis=2), (floats(2, 3),)),
        Mistake(_op, "axis_below", applied(_function, axis=-3), (floats(2, 3),)),
        Mistake(_op, "scalar", applied(_function), (floats(),)),
        Mistake(_op, "strings", applied(_function), (strings(b"a"),)),
        Mistake(_op, "float_axis", applied(_function, axis=0.5), (floats(2, 3),)),
    ]
CASES.append(
    Case(
        "Cumprod",
        "zeros",
        applied("cumprod"),
        (np.array([2, 0, 3], "f"),),
        grad=(0,),
        order=0,
        gradients=(np.array([1.1451, np.nan, 0], "f"),),
        why="version 1 divided by the elements; version 2 makes zeros of that, which is wrong too",
    )
)
