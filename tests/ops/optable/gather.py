"""Picking by index, and sums over segments."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import bools, floats, ints, strings

INDICES = np.array([[2, 0, 2], [1, 2, 0]], np.int32)


def _gather(**keywords: Any) -> Any:
    return lambda tf, x, i: tf.gather(x, i, **keywords)


def _one_hot(*args: Any, **keywords: Any) -> Any:
    return lambda tf, i: tf.one_hot(i, *args, **keywords)


def _segments(number: Any) -> Any:
    return lambda tf, x, i: tf.unsorted_segment_sum(x, i, number)


IDS = np.array([1, 0, 1, 3], np.int32)
CASES = [
    Case("GatherV2", "rows", _gather(), (floats(3, 4), np.array([2, 0, 2, 1, 1], "i")), grad=(0,)),
    Case("GatherV2", "matrix", _gather(), (floats(3, 4), INDICES), grad=(0,)),
    Case("GatherV2", "one", _gather(), (floats(3, 4), np.array(1, np.int64)), grad=(0,)),
    Case("GatherV2", "columns", _gather(axis=1), (floats(4, 3, 5), np.array([2, 0], "i")), grad=(0,)),
    Case("GatherV2", "columns_matrix", _gather(axis=1), (floats(4, 3, 5), INDICES), grad=(0,)),
    Case("GatherV2", "last", _gather(axis=-1), (floats(4, 3), INDICES), grad=(0,)),
    Case("GatherV2", "strings", _gather(), (strings(b"a", b"b", b"c"), INDICES)),
    Case("GatherV2", "nothing", _gather(), (floats(3, 4), ints(0)), grad=(0,), order=0),
    Case(
        "GatherV2",
        "mask",
        lambda tf, x, m: tf.boolean_mask(x, m),
        (floats(3, 4), np.array([1, 0, 1], bool)),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "mask_matrix",
        lambda tf, x, m: tf.boolean_mask(x, m),
        (floats(2, 3, 4), bools(2, 3)),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "mask_axis",
        lambda tf, x, m: tf.boolean_mask(x, m, axis=1),
        (floats(2, 3), bools(3)),
        grad=(0,),
    ),
    Case(
        "GatherV2",
        "mask_no_columns",
        lambda tf, x, m: tf.boolean_mask(x, m),
        (floats(3, 0), np.array([1, 0, 1], bool)),
    ),
    Case("GatherV2", "far_row_of_nothing", _gather(), (floats(3, 0), np.array([5], "i")), grad=(0,), order=0),
    Case(
        "GatherV2",
        "far_column_of_nothing",
        _gather(axis=1),
        (floats(0, 3), np.array([5], "i")),
        grad=(0,),
        order=0,
    ),
    Case("UnsortedSegmentSum", "nothing_to_add", _segments(2), (floats(3, 0), np.array([5, 0, 7], "i"))),
    Case("UnsortedSegmentSum", "rows", _segments(5), (floats(4, 3), IDS), grad=(0,)),
    Case("UnsortedSegmentSum", "vector", _segments(4), (floats(4), IDS.astype(np.int64)), grad=(0,)),
    Case("UnsortedSegmentSum", "matrix", _segments(3), (floats(2, 3, 4), INDICES), grad=(0,), ulp=2),
    Case("UnsortedSegmentSum", "dropped", _segments(2), (floats(3), np.array([-1, 1, 0], "i")), grad=(0,)),
    Case("UnsortedSegmentSum", "integers", _segments(4), (ints(4), IDS)),
    Case("UnsortedSegmentSum", "nothing", _segments(2), (floats(0, 3), ints(0)), grad=(0,), order=0),
    Case(
        "UnsortedSegmentSum",
        "fed",
        lambda tf, x, i, n: tf.unsorted_segment_sum(x, i, n),
        (floats(4, 3), IDS, np.array(5, "i")),
        grad=(0,),
    ),
    Case("OneHot", "rows", _one_hot(4), (np.array([2, 0, 3], "i"),)),
    Case("OneHot", "outside", _one_hot(3), (np.array([-1, 3, 1, 99], np.int64),)),
    Case("OneHot", "matrix", _one_hot(4), (INDICES,)),
    Case("OneHot", "scalar", _one_hot(4), (np.array(2, "i"),)),
    Case("OneHot", "front", _one_hot(4, axis=0), (INDICES,)),
    Case("OneHot", "middle", _one_hot(4, axis=1), (INDICES,)),
    Case("OneHot", "values", _one_hot(3, 5.0, -5.0), (np.array([2, 0], "i"),)),
    Case("OneHot", "typed", _one_hot(3, dtype="int64"), (np.array([2, 0], np.uint8),)),
    Case("OneHot", "bools", _one_hot(3, True, False), (np.array([2, 0], "i"),)),
    Case("OneHot", "strings", _one_hot(3, "on", "off"), (np.array([2, 0], "i"),)),
    Case("OneHot", "on_only", _one_hot(3, on_value=7), (np.array([2, 0], "i"),)),
    Case("OneHot", "empty", _one_hot(3), (ints(0),)),
    Case("OneHot", "no_depth", _one_hot(0), (np.array([2, 0], "i"),)),
    Case("OneHot", "depth_fed", lambda tf, i, d: tf.one_hot(i, d), (np.array([2, 0], "i"), np.array(4, "i"))),
    Case(
        "OneHot",
        "no_gradient",
        lambda tf, i, on: tf.one_hot(i, 3, on, 0.0),
        (np.array([2, 0], "i"), floats()),
        grad=(1,),
        order=0,
    ),
]

MISTAKES = [
    Mistake("GatherV2", "above", _gather(), (floats(3, 4), np.array([0, 3], "i"))),
    Mistake("GatherV2", "below", _gather(), (floats(3, 4), np.array([[0, 1], [-1, 2]], "i"))),
    Mistake("GatherV2", "one_above", _gather(), (floats(3, 4), np.array(3, "i"))),
    Mistake("GatherV2", "above_columns", _gather(axis=1), (floats(3, 4), np.array([4], "i"))),
    Mistake("GatherV2", "axis_above", _gather(axis=2), (floats(3, 4), np.array([0], "i"))),
    Mistake("GatherV2", "axis_below", _gather(axis=-3), (floats(3, 4), np.array([0], "i"))),
    Mistake("GatherV2", "scalar", _gather(), (floats(), np.array([0], "i"))),
    Mistake("GatherV2", "float_indices", _gather(), (floats(3, 4), floats(2))),
    Mistake("GatherV2", "mask_shape", lambda tf, x, m: tf.boolean_mask(x, m), (floats(3, 4), bools(2))),
    Mistake("GatherV2", "mask_scalar", lambda tf, x, m: tf.boolean_mask(x, m), (floats(3, 4), bools())),
    Mistake("UnsortedSegmentSum", "above", _segments(3), (floats(4, 3), IDS)),
    Mistake("UnsortedSegmentSum", "shapes", _segments(4), (floats(3, 2), IDS)),
    Mistake("UnsortedSegmentSum", "negative", _segments(-1), (floats(4, 3), IDS)),
    Mistake("UnsortedSegmentSum", "vector_number", _segments([4, 5]), (floats(4, 3), IDS)),
    Mistake("UnsortedSegmentSum", "float_ids", _segments(4), (floats(4, 3), floats(4))),
    Mistake("GatherV2", "no_rows", _gather(), (floats(0, 3), np.array([5], "i"))),
    Mistake("UnsortedSegmentSum", "no_segments", _segments(0), (floats(3, 2), np.array([0, 0, 0], "i"))),
    Mistake("OneHot", "axis_of_scalar", _one_hot(3, axis=1), (np.array(2, "i"),)),
    Mistake("OneHot", "axis_far", _one_hot(3, axis=7), (INDICES,)),
    Mistake("OneHot", "axis", _one_hot(3, axis=3), (INDICES,)),
    Mistake("OneHot", "axis_below", _one_hot(3, axis=-2), (INDICES,)),
    Mistake("OneHot", "negative_depth", _one_hot(-1), (INDICES,)),
    Mistake("OneHot", "vector_depth", _one_hot([3, 4]), (INDICES,)),
    Mistake("OneHot", "float_indices", _one_hot(3), (floats(3),)),
    Mistake("OneHot", "value_types", _one_hot(3, 1, 0.0), (INDICES,)),
    Mistake("OneHot", "value_type", _one_hot(3, 1.0, 0.0, dtype="int32"), (INDICES,)),
    Mistake("OneHot", "vector_value", lambda tf, i, v: tf.one_hot(i, 3, v, 0.0), (INDICES, floats(3))),
]
