"""Slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints, strings

# every form of an index on a tensor of shape [4, 3, 5]
FORMS: dict[str, Any] = {
    "row": 1,
    "last_row": -1,
    "element": (1, 2, 0),
    "two": (1, -1),
    "rows": slice(1, 3),
    "from": slice(2, None),
    "to": slice(None, 2),
    "from_the_end": slice(-2, None),
    "all": slice(None),
    "step": slice(None, None, 2),
    "reverse": slice(None, None, -1),
    "reverse_part": slice(2, 0, -1),
    "reverse_step": slice(None, None, -2),
    "beyond": slice(1, 99),
    "before": slice(-99, 2),
    "nothing": slice(3, 1),
    "outside": slice(7, 9),
    "columns": (slice(None), slice(1, None)),
    "ellipsis": (..., 1),
    "ellipsis_first": (1, ...),
    "ellipsis_between": (0, ..., slice(1, 4)),
    "ellipsis_only": ...,
    "ellipsis_full": (1, ..., 2, 3),
    "new_axis": (None, 1),
    "new_axis_end": (..., None),
    "new_axis_between": (slice(None), None, slice(0, 2), 1),
    "new_axes": (None, ..., None),
    "mixed": (slice(None, None, -1), 1, None, slice(1, 5, 2)),
}


def _item(key: Any) -> Any:
    return lambda tf, x: x[key]


def _strided(tf: Any, x: Any) -> Any:
    return tf.strided_slice(x, [0, 1], [3, 3], [2, 1], begin_mask=1, end_mask=2)


CASES = [
    Case(
        "StridedSlice",
        name,
        _item(key),
        (floats(4, 3, 5),),
        grad=(0,),
        order=2 if name in {"row", "mixed"} else 1,
    )
    for name, key in FORMS.items()
]
CASES += [
    Case(
        "StridedSlice",
        "tensor_index",
        lambda tf, x, i: x[i],
        (floats(4, 3), np.array(2, np.int32)),
        grad=(0,),
    ),
    Case(
        "StridedSlice",
        "tensor_bounds",
        lambda tf, x, i: x[i : i + 2, 1],
        (floats(4, 3), np.array(1, "i")),
        grad=(0,),
    ),
    Case("StridedSlice", "tensor_end", lambda tf, x, i: x[:i], (floats(4, 3), np.array(-1, "i")), grad=(0,)),
    Case("StridedSlice", "tensor_int64", lambda tf, x, i: x[i, 0], (ints(4, 3), np.array(-1, np.int64))),
    Case(
        "StridedSlice",
        "of_shape",
        lambda tf, x: [tf.shape(x)[0], tf.shape(x)[1:], tf.shape(x)[-1]],
        (floats(2, 3),),
    ),
    Case("StridedSlice", "strings", _item(slice(None, None, -1)), (strings(b"a", b"b"),)),
    Case("StridedSlice", "strided_slice", _strided, (floats(4, 3),), grad=(0,)),
    Case(
        "StridedSlice", "no_strides", lambda tf, x: tf.strided_slice(x, [1], [3]), (floats(4, 3),), grad=(0,)
    ),
    Case(
        "StridedSlice",
        "fed",
        lambda tf, x, b, e, s: tf.strided_slice(x, b, e, s),
        (floats(4, 3), np.array([3, 0], "i"), np.array([0, 2], "i"), np.array([-2, 1], "i")),
        grad=(0,),
    ),
    Case(
        "StridedSliceGrad",
        "rows",
        lambda tf, dy: raw(tf, "StridedSliceGrad", [4, 3], [1], [3], [1], dy),
        (floats(2, 3),),
        grad=(0,),
    ),
    Case(
        "StridedSliceGrad",
        "masks",
        lambda tf, dy: raw(
            tf, "StridedSliceGrad", [4, 3], [1, 2], [0, 3], [-1, 1], dy, end_mask=1, shrink_axis_mask=2
        ),
        (floats(2),),
        grad=(0,),
    ),
    Case(
        "StridedSliceGrad",
        "fed",
        lambda tf, s, dy: raw(tf, "StridedSliceGrad", s, [0], [3], [2], dy),
        (np.array([4, 3], "i"), floats(2, 3)),
        grad=(1,),
    ),
    Case("Slice", "part", lambda tf, x: tf.slice(x, [1, 0, 2], [2, 3, 1]), (floats(4, 3, 5),), grad=(0,)),
    Case("Slice", "rest", lambda tf, x: tf.slice(x, [1, 0], [-1, 2]), (floats(4, 3),), grad=(0,)),
    Case("Slice", "nothing", lambda tf, x: tf.slice(x, [4, 0], [0, 2]), (floats(4, 3),), grad=(0,), order=1),
    Case("Slice", "scalar", lambda tf, x: tf.slice(x, np.zeros(0, "i"), np.zeros(0, "i")), (floats(),)),
    Case(
        "Slice",
        "fed",
        lambda tf, x, b, s: tf.slice(x, b, s),
        (floats(4, 3), np.array([1, 1], "i"), np.array([2, -1], "i")),
        grad=(0,),
    ),
    Case(
        "Slice",
        "int64",
        lambda tf, x, b: tf.slice(x, b, np.array([2], np.int64)),
        (ints(4), np.array([1], np.int64)),
    ),
]

MISTAKES = [
    Mistake("StridedSlice", "above", _item(4), (floats(4, 3),)),
    Mistake("StridedSlice", "below", _item(-5), (floats(4, 3),)),
    Mistake("StridedSlice", "second", _item((0, 3)), (floats(4, 3),)),
    Mistake("StridedSlice", "too_many", _item((0, 0, 0)), (floats(4, 3),)),
    Mistake("StridedSlice", "no_step", _item(slice(None, None, 0)), (floats(4, 3),)),
    Mistake("StridedSlice", "float", _item(1.5), (floats(4, 3),)),
    Mistake("StridedSlice", "text", _item("a"), (floats(4, 3),)),
    Mistake("StridedSlice", "float_bound", _item(slice(0.5, None)), (floats(4, 3),)),
    Mistake("StridedSlice", "ellipses", _item((..., 0, ...)), (floats(4, 3),)),
    Mistake("StridedSlice", "scalar", _item(0), (floats(),)),
    Mistake("StridedSlice", "lengths", lambda tf, x: tf.strided_slice(x, [0], [1, 2], [1]), (floats(4, 3),)),
    Mistake(
        "StridedSlice",
        "shrink_backwards",
        lambda tf, x: tf.strided_slice(x, [1], [0], [-1], shrink_axis_mask=1),
        (floats(4),),
    ),
    Mistake(
        "StridedSliceGrad",
        "size",
        lambda tf, dy: raw(tf, "StridedSliceGrad", [4], [0], [3], [1], dy),
        (floats(2),),
    ),
    Mistake("Slice", "above", lambda tf, x: tf.slice(x, [1, 0], [4, 3]), (floats(4, 3),)),
    Mistake("Slice", "begin", lambda tf, x: tf.slice(x, [5, 0], [0, 3]), (floats(4, 3),)),
    Mistake("Slice", "negative_begin", lambda tf, x: tf.slice(x, [-1, 0], [1, 3]), (floats(4, 3),)),
    Mistake("Slice", "negative_size", lambda tf, x: tf.slice(x, [0, 0], [-2, 3]), (floats(4, 3),)),
    Mistake("Slice", "rank", lambda tf, x: tf.slice(x, [0], [1]), (floats(4, 3),)),
    Mistake("Slice", "lengths", lambda tf, x: tf.slice(x, [0, 0], [1]), (floats(4, 3),)),
]
