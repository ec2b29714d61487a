"""Comparison, logic, choosing between two."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import EDGES, bools, extremes, floats, ints, strings

COMPARISONS = {
    "Less": "less",
    "LessEqual": "less_equal",
    "Greater": "greater",
    "GreaterEqual": "greater_equal",
    "Equal": "equal",
    "NotEqual": "not_equal",
}


def _apply(function: str) -> Any:
    return lambda tf, *xs: getattr(tf, function)(*xs)


CASES = [
    case
    for op, function in COMPARISONS.items()
    for case in (
        Case(op, "same", _apply(function), (ints(2, 3), ints(2, 3, seed=1)), grad=()),
        Case(op, "row", _apply(function), (floats(2, 3), floats(3, seed=1)), grad=(0, 1), order=0),
        Case(op, "scalars", _apply(function), (floats(), floats())),
        Case(op, "empty", _apply(function), (floats(0, 3), floats(3))),
        Case(op, "both", _apply(function), (floats(4, 1, 3), floats(2, 1))),
        Case(op, "edges", _apply(function), (EDGES[:, None], EDGES)),
        Case(op, "int64", _apply(function), (extremes(np.int64)[:, None], extremes(np.int64))),
        Case(op, "uint8", _apply(function), (extremes(np.uint8)[:, None], extremes(np.uint8))),
    )
]
MISTAKES = [
    mistake
    for op, function in COMPARISONS.items()
    for mistake in (
        Mistake(op, "shapes", _apply(function), (floats(2, 3), floats(4))),
        Mistake(op, "types", _apply(function), (floats(3), ints(3))),
    )
]
MISTAKES += [
    Mistake(op, "strings", _apply(function), (strings(b"a"), strings(b"b")))
    for op, function in COMPARISONS.items()
    if "Equal" not in op or len(op) > 8
]
CASES += [
    Case("Less", "operators", lambda tf, x: [x < 1, x > 1, x <= 1, x > 1, x >= 1], (floats(2, 3),)),
    Case("Equal", "strings", lambda tf, x: tf.equal(x, b"b"), (strings(b"a", b"b", b""),)),
    Case("NotEqual", "strings", lambda tf, x: tf.not_equal(x, b"b"), (strings(b"a", b"b", b""),)),
    Case("Equal", "scalar_strings", lambda tf: [tf.equal("b", b"b"), tf.not_equal("a", "b")]),
    Case("Equal", "bools", lambda tf, x, y: tf.equal(x, y), (bools(2, 3), bools(3, seed=1))),
]

# ----- logic -----

LOGIC = {"LogicalAnd": "logical_and", "LogicalOr": "logical_or"}
CASES += [
    case
    for op, function in LOGIC.items()
    for case in (
        Case(op, "same", _apply(function), (bools(2, 3), bools(2, 3, seed=1))),
        Case(op, "row", _apply(function), (bools(2, 3), bools(3, seed=1))),
        Case(op, "scalars", _apply(function), (bools(), bools(seed=2))),
        Case(op, "empty", _apply(function), (bools(0, 3), bools(1))),
    )
]
MISTAKES += [
    mistake
    for op, function in LOGIC.items()
    for mistake in (
        Mistake(op, "shapes", _apply(function), (bools(2, 3), bools(4))),
        Mistake(op, "types", _apply(function), (bools(3), ints(3))),
        Mistake(op, "numbers", _apply(function), (ints(3), ints(3))),
    )
]
CASES += [
    Case("LogicalNot", "matrix", _apply("logical_not"), (bools(2, 3),)),
    Case("LogicalNot", "scalar", _apply("logical_not"), (bools(),)),
    Case("LogicalNot", "operators", lambda tf, x, y: [~x, x & y, x | y, x ^ y], (bools(5), bools(5, seed=1))),
    Case("LogicalAnd", "xor", _apply("logical_xor"), (bools(2, 3), bools(3, seed=1))),
]
MISTAKES += [Mistake("LogicalNot", "numbers", _apply("logical_not"), (floats(3),))]

# ----- choosing -----

CASES += [
    Case(
        "Select",
        "same",
        lambda tf, c, x, y: tf.where(c, x, y),
        (bools(2, 3), floats(2, 3), floats(2, 3, seed=1)),
        grad=(1, 2),
    ),
    Case(
        "Select",
        "rows",
        lambda tf, c, x, y: tf.where(c, x, y),
        (bools(2), floats(2, 3), floats(2, 3, seed=1)),
        grad=(1, 2),
    ),
    Case(
        "Select",
        "scalar",
        lambda tf, c, x, y: tf.where(c, x, y),
        (bools(), floats(2, 3), floats(2, 3, seed=1)),
        grad=(1, 2),
    ),
    Case(
        "Select",
        "scalars",
        lambda tf, c, x, y: tf.where(c, x, y),
        (bools(), floats(), floats(seed=1)),
        grad=(1, 2),
    ),
    Case("Select", "strings", lambda tf, c, x: tf.where(c, x, x), (bools(3), strings(b"a", b"b", b"c"))),
    Case(
        "Select", "empty", lambda tf, c, x: tf.where(c, x, x), (bools(0, 3), floats(0, 3)), grad=(1,), order=0
    ),
    Case("Where", "matrix", lambda tf, x: tf.where(x), (bools(2, 3),)),
    Case("Where", "cube", lambda tf, x: tf.where(x), (bools(2, 4, 3),)),
    Case(
        "Where",
        "numbers",
        lambda tf, x: tf.where(x),
        (np.array([0, 1.5, np.nan, -0.0], np.float32),),
        grad=(0,),
        order=0,
    ),
    Case("Where", "nothing", lambda tf, x: tf.where(x), (np.zeros(3, bool),)),
    Case("Where", "empty", lambda tf, x: tf.where(x), (bools(0, 3),)),
]
MISTAKES += [
    Mistake(
        "Select", "shapes", lambda tf, c, x, y: tf.where(c, x, y), (bools(2, 3), floats(2, 3), floats(3))
    ),
    Mistake("Select", "condition", lambda tf, c, x: tf.where(c, x, x), (bools(2, 4), floats(2, 3))),
    Mistake("Select", "condition_rank", lambda tf, c, x: tf.where(c, x, x), (bools(4), floats(2, 3))),
    Mistake("Select", "types", lambda tf, c, x, y: tf.where(c, x, y), (bools(3), floats(3), ints(3))),
    Mistake("Select", "number_condition", lambda tf, c, x: tf.where(c, x, x), (ints(3), floats(3))),
    Mistake("Select", "half", lambda tf, c, x: tf.where(c, x), (bools(3), floats(3))),
    Mistake("Where", "scalar", lambda tf, x: tf.where(x), (np.array(True),)),
    Mistake("Where", "string", lambda tf, x: raw(tf, "Where", x), (strings(b"a"),)),
]
