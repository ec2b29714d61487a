"""Random numbers: two consecutive runs of seeded operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints, strings

SHAPES: dict[str, list[int]] = {
    "scalar": [],
    "one": [1],
    "five": [5],
    "matrix": [3, 7],
    "empty": [0, 3],
    "long": [101],
}
SEEDS: dict[str, tuple[int | None, int | None]] = {
    "op": (None, 1),
    "both": (42, 3),
    "large": (2**31 - 1, 2**31 - 1),
    "zeros": (0, 0),
}


def _seeded(
    function: str, *args: Any, seeds: tuple[int | None, int | None] = (None, 1), **keywords: Any
) -> Any:
    def build(tf: Any, *inputs: Any) -> Any:
        if seeds[0] is not None:
            tf.set_random_seed(seeds[0])
        return getattr(tf, function)(*inputs, *args, seed=seeds[1], **keywords)

    return build


CASES = []
for _op, _function in (
    ("RandomUniform", "random_uniform"),
    ("RandomStandardNormal", "random_normal"),
    ("TruncatedNormal", "truncated_normal"),
):
    CASES += [Case(_op, name, _seeded(_function, shape), runs=2) for name, shape in SHAPES.items()]
    CASES += [
        Case(_op, f"seeds_{name}", _seeded(_function, [6], seeds=s), runs=2) for name, s in SEEDS.items()
    ]
    CASES += [
        # the last digits are those of the C library
        Case(_op, "float64", _seeded(_function, [3, 5], dtype="float64"), runs=2, ulp=4),
        Case(_op, "float64_one", _seeded(_function, [], dtype="float64"), runs=2, ulp=4),
        Case(_op, "float16", _seeded(_function, [3, 5], dtype="float16"), runs=2),
        Case(_op, "float16_long", _seeded(_function, [50], dtype="float16"), runs=2),
        Case(_op, "shape_fed", _seeded(_function), (np.array([2, 3], np.int32),), runs=2),
        Case(_op, "shape_fed_int64", _seeded(_function), (np.array([2, 3], np.int64),), runs=2),
        Case(
            _op, "from_shape", lambda tf, x, f=_function: getattr(tf, f)(tf.shape(x), seed=7), (floats(2, 3),)
        ),
    ]
CASES += [
    Case("RandomUniform", "range", _seeded("random_uniform", [7], -3.0, 5.0), runs=2, ulp=1),
    Case("RandomStandardNormal", "scaled", _seeded("random_normal", [7], 10.0, 0.5), runs=2),
    Case("TruncatedNormal", "scaled", _seeded("truncated_normal", [7], stddev=0.1), runs=2),
    Case("TruncatedNormal", "thousand", _seeded("truncated_normal", [250, 4])),
    Case("RandomUniformInt", "int32", _seeded("random_uniform", [3, 7], 0, 10, "int32"), runs=2),
    Case("RandomUniformInt", "int64", _seeded("random_uniform", [3, 7], -5, 10, "int64"), runs=2),
    Case("RandomUniformInt", "one", _seeded("random_uniform", [], 0, 10, "int32"), runs=2),
    Case("RandomUniformInt", "one_int64", _seeded("random_uniform", [], 0, 10, "int64"), runs=2),
    Case("RandomUniformInt", "long", _seeded("random_uniform", [101], -50, 50, "int32"), runs=2),
    Case("RandomUniformInt", "negative", _seeded("random_uniform", [6], -20, -10, "int32"), runs=2),
    Case(
        "RandomUniformInt",
        "whole_int32",
        _seeded("random_uniform", [6], -(2**31), 2**31 - 1, "int32"),
        runs=2,
    ),
    Case("RandomUniformInt", "large_int64", _seeded("random_uniform", [6], -(2**62), 2**62, "int64"), runs=2),
    Case("RandomUniformInt", "empty", _seeded("random_uniform", [0], 0, 10, "int32"), runs=2),
    Case("RandomUniformInt", "seeds", _seeded("random_uniform", [6], 0, 99, "int64", seeds=(42, 3)), runs=2),
    Case("RandomShuffle", "vector", _seeded("random_shuffle"), (ints(9, low=0, high=99),), runs=2),
    Case("RandomShuffle", "rows", _seeded("random_shuffle"), (ints(5, 3, low=0, high=99),), runs=2, grad=()),
    Case(
        "RandomShuffle",
        "floats",
        _seeded("random_shuffle", seeds=(42, 3)),
        (floats(7),),
        runs=2,
        grad=(0,),
        order=0,
    ),
    Case("RandomShuffle", "strings", _seeded("random_shuffle"), (strings(b"a", b"b", b"c", b"d"),), runs=2),
    Case(
        "RandomShuffle",
        "int64_rows",
        _seeded("random_shuffle", seeds=(7, 11)),
        (ints(4, 2, 3, dtype=np.int64),),
        runs=2,
    ),
    Case("RandomShuffle", "one", _seeded("random_shuffle"), (ints(1, 3),), runs=2),
    Case("RandomShuffle", "two", _seeded("random_shuffle"), (ints(2, 3),), runs=2),
    Case("RandomShuffle", "empty", _seeded("random_shuffle"), (ints(0, 3),), runs=2),
    Case("RandomShuffle", "scalar", _seeded("random_shuffle"), (ints(),), runs=2),
    Case("RandomShuffle", "long", _seeded("random_shuffle"), (np.arange(257, dtype=np.int32),), runs=2),
]


def _listed(dtype: str) -> dict[str, Any]:
    text = f"Argument `dtype` got invalid value tf.{dtype}. "
    text += "Accepted dtypes are float16, float32, float64, int32, int64."
    return {"says": {"full": ("build", "ValueError", text)}, "why": "the list is that of our types"}


MISTAKES = [
    mistake
    for op, function in (
        ("RandomUniform", "random_uniform"),
        ("RandomStandardNormal", "random_normal"),
        ("TruncatedNormal", "truncated_normal"),
    )
    for mistake in (
        Mistake(op, "negative", _seeded(function), (np.array([2, -1], np.int32),)),
        Mistake(op, "negative_known", _seeded(function, [2, -1])),
        Mistake(op, "float_shape", _seeded(function, [2.0])),
        Mistake(op, "matrix_shape", _seeded(function), (np.array([[2, 3]], np.int32),)),
        Mistake(
            op,
            "string",
            _seeded(function, [2], dtype="string"),
            **(_listed("string") if op == "RandomUniform" else {}),
        ),
    )
]
MISTAKES += [
    Mistake("RandomUniform", "uint8", _seeded("random_uniform", [2], 0, 1, "uint8"), **_listed("uint8")),
    Mistake("RandomStandardNormal", "int32", _seeded("random_normal", [2], dtype="int32")),
    Mistake("RandomUniformInt", "no_maximum", _seeded("random_uniform", [2], dtype="int32")),
    Mistake("RandomUniformInt", "nothing_between", _seeded("random_uniform", [2], 5, 5, "int32")),
    Mistake("RandomUniformInt", "reversed", _seeded("random_uniform", [2], 5, 2, "int64")),
    Mistake("RandomUniformInt", "vector_bound", _seeded("random_uniform", [2], [0, 1], 5, "int32")),
    Mistake(
        "RandomUniformInt",
        "negative",
        lambda tf, s: tf.random_uniform(s, 0, 9, tf.int32),
        (np.array([-1], "i"),),
    ),
]
