"""Counting, and reductions made of others."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import EDGES, bools, extremes, floats, ints, strings

VALUES = np.array([[1, 1, 3], [0, 4, 1]], np.int32)
NORM: dict[str, Any] = {"ulp": 4, "grad_ulp": 8, "grad_atol": 4e-7}

CASES = [
    # the newer kernel that answered counts into a Bincount of its own
    Case(
        "Bincount",
        "matrix",
        applied("bincount"),
        (VALUES,),
        shapes={mode: [["int32", [None]]] for mode in ("full", "partial", "unknown")},
    ),
    Case("Bincount", "empty", applied("bincount"), (np.zeros(0, np.int32),)),
    Case("Bincount", "minlength", applied("bincount", minlength=8), (VALUES,)),
    Case("Bincount", "maxlength", applied("bincount", maxlength=2), (VALUES,)),
    Case("Bincount", "both_lengths", applied("bincount", minlength=2, maxlength=3), (VALUES,)),
    Case("Bincount", "int64", lambda tf, x: tf.bincount(x, dtype=tf.int64), (VALUES,)),
    Case("Bincount", "float32", lambda tf, x: tf.bincount(x, dtype=tf.float32), (VALUES,)),
    Case(
        "Bincount",
        "no_gradient",
        lambda tf, x, y: tf.bincount(tf.cast(x + y, tf.int32), dtype=tf.float32),
        (floats(3, low=1), floats(3, low=0)),
        grad=(0,),
        order=0,
    ),
    Case(
        "UnsortedSegmentSum",
        "bincount_weights",
        applied("bincount"),
        (VALUES, floats(2, 3)),
        shapes={"unknown": [["float32", None]]},
        ulp=2,
    ),
    Case(
        "UnsortedSegmentSum",
        "bincount_weights_maxlength",
        applied("bincount", maxlength=2),
        (VALUES, floats(2, 3)),
        shapes={"unknown": [["float32", None]]},
        ulp=2,
    ),
    Case(
        "HistogramFixedWidth",
        "matrix",
        applied("histogram_fixed_width", [0.0, 5.0], nbins=5),
        (floats(4, 3, low=-2, high=7),),
    ),
    Case(
        "HistogramFixedWidth",
        "borders",
        applied("histogram_fixed_width", [0.0, 5.0], nbins=5),
        (np.array([-1, 0, 1, 2.5, 5, 15, np.inf, -np.inf], "f"),),
    ),
    Case(
        "HistogramFixedWidth",
        "integers",
        applied("histogram_fixed_width", [0, 9], nbins=3),
        (ints(7, low=0),),
    ),
    Case(
        "HistogramFixedWidth",
        "int64",
        lambda tf, x: tf.histogram_fixed_width(x, [0.0, 1.0], 4, dtype=tf.int64),
        (floats(7, low=0, high=1),),
    ),
    Case("HistogramFixedWidth", "empty", applied("histogram_fixed_width", [0.0, 5.0]), (floats(0, 3),)),
    Case(
        "HistogramFixedWidth",
        "fed",
        applied("histogram_fixed_width"),
        (floats(7), np.array([-1, 2], "f"), np.array(4, np.int32)),
        grad=(0,),
        order=0,
    ),
    Case(
        "Floor",
        "histogram_bins",
        applied("histogram_fixed_width_bins", [0.0, 5.0], nbins=5),
        (np.array([[-1, 0, 1.5], [2, 5, 15]], "f"),),
    ),
    Case(
        "ScatterNd",
        "confusion",
        applied("confusion_matrix"),
        (np.array([1, 2, 4, 0], np.int32), np.array([2, 2, 4, 0], np.int32)),
    ),
    Case(
        "ScatterNd",
        "confusion_classes",
        applied("confusion_matrix", 6),
        (np.array([1, 2, 4], np.int64), np.array([[2], [2], [4]], np.int64)),
    ),
    Case(
        "ScatterNd",
        "confusion_weights",
        lambda tf, a, b, w: tf.confusion_matrix(a, b, dtype=tf.float32, weights=w),
        (np.array([1, 2, 2], np.int32), np.array([1, 2, 2], np.int32), floats(3)),
    ),
]
for _name, (_shape, _keywords) in {
    "all": ((2, 3), {}),
    "columns": ((2, 3), {"axis": 1}),
    "two": ((2, 3, 4), {"axis": [0, -1]}),
    "kept": ((2, 3, 4), {"axis": [1], "keepdims": True}),
    "scalar": ((), {}),
}.items():
    _x = floats(*_shape, low=0.4, high=2.0)
    CASES += [
        Case(
            "EuclideanNorm",
            _name,
            applied("math.reduce_euclidean_norm", **_keywords),
            (_x,),
            grad=(0,),
            **NORM,
        ),
        Case("Log", f"logsumexp_{_name}", applied("reduce_logsumexp", **_keywords), (_x,), grad=(0,), **NORM),
        Case(
            "Mean",
            f"variance_{_name}",
            applied("math.reduce_variance", **_keywords),
            (_x,),
            grad=(0,),
            **NORM,
        ),
        Case(
            "Sum",
            f"count_nonzero_{_name}",
            applied("count_nonzero", **_keywords),
            (np.asarray(np.floor(_x)),),
        ),
    ]
CASES += [
    Case("EuclideanNorm", "integers", applied("math.reduce_euclidean_norm"), (ints(4),)),
    Case("EuclideanNorm", "float16", applied("math.reduce_euclidean_norm"), (floats(4, dtype="e"),), ulp=1),
    Case(
        "EuclideanNorm",
        "axis_fed",
        applied("math.reduce_euclidean_norm"),
        (floats(2, 3), np.array([1], np.int32)),
        grad=(0,),
        **NORM,
    ),
    Case(
        "EuclideanNorm", "empty", applied("math.reduce_euclidean_norm"), (floats(0, 3),), grad=(0,), order=0
    ),
    Case("EuclideanNorm", "edges", applied("math.reduce_euclidean_norm", axis=1), (EDGES.reshape(5, 2),)),
    Case(
        "Log",
        "logsumexp_far",
        applied("reduce_logsumexp"),
        (np.array([1000, 1000.5, -2000], "f"),),
        grad=(0,),
        **NORM,
    ),
    Case(
        "Log",
        "logsumexp_infinite",
        applied("reduce_logsumexp", axis=1),
        (np.array([[-np.inf, -np.inf, -np.inf], [np.inf, 0, 1]], "f"),),
    ),
    Case("Log", "logsumexp_edges", applied("reduce_logsumexp", axis=1), (EDGES.reshape(5, 2),), **NORM),
    Case("Sqrt", "std", applied("math.reduce_std", axis=1), (floats(2, 3),), grad=(0,), **NORM),
    Case("Sum", "count_nonzero_bool", applied("count_nonzero", axis=0), (bools(2, 3),)),
    Case("Sum", "count_nonzero_strings", applied("count_nonzero"), (strings(b"a", b"", b" "),)),
    Case(
        "Sum", "count_nonzero_int32", lambda tf, x: tf.count_nonzero(x, dtype=tf.int32), (extremes(np.int64),)
    ),
    Case("Sqrt", "norm", applied("norm"), (floats(2, 3),), grad=(0,), **NORM),
    Case("Sqrt", "norm_axis", applied("norm", axis=1), (floats(2, 3),), grad=(0,), **NORM),
    Case("Sqrt", "norm_kept", applied("norm", axis=-1, keepdims=True), (floats(2, 3),), grad=(0,), **NORM),
    Case("RealDiv", "normalize", applied("linalg.normalize", axis=1), (floats(2, 3),), grad=(0,), **NORM),
    Case("Sum", "norm_1", applied("norm", ord=1, axis=1), (floats(2, 3),), grad=(0,), **NORM),
    Case("Max", "norm_inf", applied("norm", ord=np.inf), (floats(2, 3),), grad=(0,), **NORM),
    Case(
        "Pow",
        "norm_3",
        applied("norm", ord=3, axis=1),
        (floats(2, 3),),
        grad=(0,),
        ulp=8,
        grad_ulp=16,
        grad_atol=1e-6,
    ),
    Case(
        "Sqrt", "norm_fro", applied("norm", ord="fro", axis=[-2, -1]), (floats(4, 2, 3),), grad=(0,), **NORM
    ),
    Case("Max", "norm_matrix_1", applied("norm", ord=1, axis=(0, 1)), (floats(2, 3),), grad=(0,), **NORM),
    Case(
        "Max", "norm_matrix_inf", applied("norm", ord=np.inf, axis=(0, 1)), (floats(2, 3),), grad=(0,), **NORM
    ),
    Case(
        "Svd",
        "norm_2",
        applied("norm", ord=2, axis=(0, 2)),
        (floats(2, 4, 3),),
        shapes={mode: [["float32", [4]]] for mode in ("full", "partial")},
        grad=(0,),
        ulp=16,
        grad_ulp=64,
        grad_atol=1e-6,
    ),
]
MISTAKES = [
    Mistake("Bincount", "negative", applied("bincount"), (np.array([-1, 2], np.int32),)),
    Mistake("HistogramFixedWidth", "no_range", applied("histogram_fixed_width", [2.0, 1.0]), (floats(3),)),
    Mistake("HistogramFixedWidth", "no_bins", applied("histogram_fixed_width", [0.0, 1.0], 0), (floats(3),)),
    Mistake("HistogramFixedWidth", "half_a_range", applied("histogram_fixed_width", [0.0]), (floats(3),)),
    Mistake("HistogramFixedWidth", "scalar_range", applied("histogram_fixed_width", 0.0), (floats(3),)),
    Mistake(
        "HistogramFixedWidth", "strings", applied("histogram_fixed_width", [b"a", b"b"]), (strings(b"a"),)
    ),
    Mistake("EuclideanNorm", "axis", applied("math.reduce_euclidean_norm", axis=2), (floats(2, 3),)),
    Mistake("EuclideanNorm", "string", applied("math.reduce_euclidean_norm"), (strings(b"a"),)),
    Mistake("Mean", "variance_integers", applied("math.reduce_variance"), (ints(3),)),
    Mistake("Sqrt", "norm_order", applied("norm", ord="nuc"), (floats(2, 3),)),
    Mistake("Sqrt", "norm_negative_order", applied("norm", ord=-1), (floats(2, 3),)),
    Mistake("Sqrt", "norm_matrix_order", applied("norm", ord=3, axis=(0, 1)), (floats(2, 3),)),
    Mistake("Sqrt", "norm_same_axes", applied("norm", axis=(0, 0)), (floats(2, 3),)),
    Mistake("Sqrt", "norm_three_axes", applied("norm", axis=(0, 1, 2)), (floats(2, 3),)),
]
