"""Sets as rows, and distances between sequences."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints, strings
from optable.sparse_inputs import (
    BOX,
    CUBE,
    MATRIX,
    OTHER,
    OTHERS,
    PLACES,
    SHAPE,
    always,
    call,
    sparse_inputs,
)

GUESSES = (
    np.array([[0, 0], [0, 1], [0, 2], [1, 0], [3, 0]], np.int64),
    strings(b"a", b"b", b"c", b"x", b"y"),
    np.array([4, 3], np.int64),
)
OTHER_SETS = np.array([[[1, 7], [2, 3]], [[6, 6], [8, 0]]], np.int32)
SETS = np.array([[[3, 1, 3], [2, 2, 2]], [[5, 4, 1], [0, 9, 8]]], np.int32)
SPARSE_SETS = (
    np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 1, 0]], np.int64),
    np.array([3, 7, 2, 9], np.int32),
    np.array([2, 2, 2], np.int64),
)
TRUTHS = (
    np.array([[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [2, 1]], np.int64),
    strings(b"a", b"c", b"y", b"x", b"z", b"z"),
    np.array([4, 2], np.int64),
)

CASES = [
    Case("EditDistance", "normalized", call("edit_distance", count=2), GUESSES + TRUTHS),
    Case("EditDistance", "counted", call("edit_distance", normalize=False, count=2), GUESSES + TRUTHS),
    Case("EditDistance", "floats", call("edit_distance", count=2), MATRIX + OTHER, grad=(1, 4), order=0),
    Case(
        "EditDistance",
        "constant",
        lambda tf, v: tf.edit_distance(*[tf.SparseTensor(PLACES, v, SHAPE)] * 2),
        (ints(4),),
    ),
    Case("SetSize", "cube", call("sets.set_size"), SPARSE_SETS),
    Case("DenseToDenseSetOperation", "union", call("sets.set_union", count=0), (SETS, OTHER_SETS)),
    Case(
        "DenseToDenseSetOperation",
        "intersection",
        call("sets.set_intersection", count=0),
        (SETS, OTHER_SETS),
    ),
    Case("DenseToDenseSetOperation", "difference", call("sets.set_difference", count=0), (SETS, OTHER_SETS)),
    Case(
        "DenseToDenseSetOperation", "other", call("sets.set_difference", False, count=0), (SETS, OTHER_SETS)
    ),
    Case(
        "DenseToDenseSetOperation",
        "strings",
        call("sets.set_union", count=0),
        (np.array([[b"b", b"a"]], object), np.array([[b"c"]], object)),
    ),
    Case(
        "DenseToSparseSetOperation",
        "union",
        sparse_inputs(lambda tf, s, d: tf.sets.set_union(d, s)),
        (*SPARSE_SETS, SETS),
    ),
    Case("DenseToSparseSetOperation", "flipped", call("sets.set_difference"), (*SPARSE_SETS, SETS)),
    Case(
        "SparseToSparseSetOperation",
        "difference",
        call("sets.set_difference", count=2),
        SPARSE_SETS + SPARSE_SETS,
    ),
    Case("SparseToSparseSetOperation", "union", call("sets.set_union", count=2), SPARSE_SETS + SPARSE_SETS),
]

MISTAKES = [
    Mistake("DenseToSparseSetOperation", "groups", call("sets.set_union"), (*SPARSE_SETS, SETS[:1])),
    Mistake("DenseToSparseSetOperation", "vector", call("sets.set_union"), (*SPARSE_SETS, ints(3))),
    Mistake(
        "SparseToSparseSetOperation",
        "groups",
        call("sets.set_union", count=2),
        (*SPARSE_SETS, *SPARSE_SETS[:2], np.array([3, 2, 2], "q")),
    ),
    Mistake(
        "SparseToSparseSetOperation",
        "order",
        call("sets.set_union", count=2),
        (*SPARSE_SETS, SPARSE_SETS[0][::-1].copy(), *SPARSE_SETS[1:]),
    ),
    Mistake("EditDistance", "dense", lambda tf, x: tf.edit_distance(x, x), (ints(2, 3),)),
    Mistake("EditDistance", "types", call("edit_distance", count=2), (*MATRIX, OTHERS, ints(3), SHAPE)),
    Mistake("EditDistance", "ranks", call("edit_distance", count=2), (*MATRIX, CUBE, floats(3), BOX)),
    Mistake("SetSize", "dense", call("sets.set_size", count=0), (SETS,)),
    Mistake("DenseToDenseSetOperation", "vector", call("sets.set_union", count=0), (ints(3), ints(3))),
    Mistake("DenseToDenseSetOperation", "groups", call("sets.set_union", count=0), (SETS, SETS[:1])),
    Mistake("DenseToDenseSetOperation", "types", call("sets.set_union", count=0), (SETS, SETS.astype("q"))),
    Mistake(
        "DenseToDenseSetOperation",
        "floats",
        call("sets.set_union", count=0),
        (floats(2, 3), floats(2, 3)),
        says=always(
            "build",
            "TypeError",
            "'a' has invalid dtype `<dtype: 'float32'>` not in supported dtypes: "
            "`int8, int16, int32, int64, uint8, uint16, string`.",
        ),
        why="TensorFlow lists the types in an order that changes from run to run",
    ),
]
