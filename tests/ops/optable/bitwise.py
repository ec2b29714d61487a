"""Operations on bits."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import bools, extremes, floats, ints

TWO = {
    "BitwiseAnd": "bitwise_and",
    "BitwiseOr": "bitwise_or",
    "BitwiseXor": "bitwise_xor",
    "LeftShift": "left_shift",
    "RightShift": "right_shift",
}
SHIFTS = {"LeftShift", "RightShift"}


CASES = []
MISTAKES = []
for _op, _function in TWO.items():
    _build = applied(f"bitwise.{_function}")
    for _kind in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64):
        _right = np.array([0, 1, 3, 7], _kind) if _op in SHIFTS else extremes(_kind)
        CASES.append(Case(_op, np.dtype(_kind).name, _build, (extremes(_kind)[:, None], _right)))
    CASES += [
        Case(_op, "column", _build, (ints(2, 3, low=0), ints(2, 1, low=0, seed=1))),
        Case(_op, "scalars", _build, (ints(low=0), ints(low=0, seed=1))),
        Case(_op, "empty", _build, (ints(0, 3), ints(3))),
    ]
    MISTAKES += [
        Mistake(_op, "floats", _build, (floats(3), floats(3))),
        Mistake(_op, "bools", _build, (bools(3), bools(3))),
        Mistake(_op, "types", _build, (ints(3), ints(3, dtype=np.int64))),
        Mistake(_op, "shapes", _build, (ints(2, 3), ints(4))),
    ]
for _kind in (np.int8, np.int32, np.int64, np.uint8, np.uint32):
    CASES.append(Case("Invert", np.dtype(_kind).name, applied("bitwise.invert"), (extremes(_kind),)))
FAR = np.array([-1, 31, 33, 64], np.int32)
CASES += [
    Case("Invert", "scalar", applied("bitwise.invert"), (ints(),)),
    Case("Invert", "empty", applied("bitwise.invert"), (ints(0, 3),)),
    Case("LeftShift", "too_far", applied("bitwise.left_shift"), (extremes(np.int32)[:, None], FAR)),
    Case("RightShift", "too_far", applied("bitwise.right_shift"), (extremes(np.int32)[:, None], FAR)),
    Case("BitwiseAnd", "operator", lambda tf, x: [x & 3, 3 & x], (ints(2, 3),)),
    Case("BitwiseOr", "operator", lambda tf, x: [x | 3, 3 | x], (ints(2, 3),)),
    Case("BitwiseXor", "operator", lambda tf, x: [x ^ 3, 3 ^ x], (ints(2, 3),)),
    Case("Invert", "operator", lambda tf, x: ~x, (ints(2, 3),)),
]
MISTAKES += [
    Mistake("Invert", "floats", applied("bitwise.invert"), (floats(3),)),
    Mistake("Invert", "bools", applied("bitwise.invert"), (bools(3),)),
    Mistake("BitwiseAnd", "operator_floats", lambda tf, x: x & x, (floats(3),)),
    Mistake("Invert", "operator_floats", lambda tf, x: ~x, (floats(3),)),
]
