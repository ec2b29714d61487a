"""Elementary functions: trigonometric, hyperbolic, rounding, and quotients that are never NaN."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import EDGES, EDGES16, extremes, floats, ints, strings
from optable.math import Binary, Unary, binary_cases, binary_mistakes, unary_cases, unary_mistakes

UNARY = [
    Unary("Tan", "tan", -1.2, 1.2, ulp=2, grad_ulp=12, late=True),
    Unary("Asin", "asin", -0.9, 0.9, ulp=2, grad_ulp=12, late=True),
    Unary("Acos", "acos", -0.9, 0.9, ulp=2, grad_ulp=12, late=True),
    Unary("Atan", "atan", -2.0, 2.0, ulp=2, grad_ulp=8, late=True),
    Unary("Sinh", "sinh", -2.0, 2.0, ulp=4, grad_ulp=8),
    Unary("Cosh", "cosh", -2.0, 2.0, ulp=4, grad_ulp=8),
    Unary("Asinh", "asinh", -2.0, 2.0, ulp=4, grad_ulp=12),
    Unary("Acosh", "acosh", 1.3, 3.0, ulp=4, grad_ulp=12),
    Unary("Atanh", "atanh", -0.8, 0.8, ulp=4, grad_ulp=12),
    Unary("Expm1", "expm1", -2.0, 2.0, ulp=3, grad_ulp=8),
    Unary("Rsqrt", "rsqrt", 0.3, 3.0, ulp=2, grad_ulp=12),
    Unary("Floor", "floor"),
    Unary("Ceil", "ceil"),
    Unary("Rint", "rint", half=False),
    Unary("Round", "round", integers=(np.int32, np.int64)),
]
BINARY = [
    Binary("Atan2", "atan2", ulp=4, integers=(), grad_atol=4e-7),
    Binary("TruncateDiv", "truncatediv", zero_y=False),
    Binary("DivNoNan", "div_no_nan", integers=(), grad_atol=1e-6),
    Binary("MulNoNan", "math.multiply_no_nan", integers=()),
    Binary("Xlogy", "math.xlogy", ulp=3, integers=(), grad_atol=1e-6),
    Binary("Xdivy", "math.xdivy", integers=(), grad_atol=1e-6),
]


HALVES = np.array([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e9, -1e30], np.float32)
TESTS = {"IsNan": "is_nan", "IsInf": "is_inf", "IsFinite": "is_finite"}

CASES = [
    # integers are round already, so there is no operation for them
    *(case for unary in UNARY for case in unary_cases(unary) if not case.id.startswith("Round-extreme")),
    Case("Round", "integers_too", lambda tf, x, y: [tf.round(x), tf.round(y)], (ints(3), floats(3))),
    *(case for binary in BINARY for case in binary_cases(binary)),
    *(
        Case(op, "halves", applied(f), (HALVES,))
        for op, f in (("Rint", "rint"), ("Round", "round"), ("Floor", "floor"))
    ),
    *(Case(op, "edges", applied(f), (EDGES,)) for op, f in TESTS.items()),
    *(Case(op, "edges_float16", applied(f), (EDGES16,)) for op, f in TESTS.items()),
    *(Case(op, "matrix", applied(f), (floats(2, 3),), grad=(0,), order=0) for op, f in TESTS.items()),
    *(Case(op, "empty", applied(f), (floats(0, 3),)) for op, f in TESTS.items()),
    Case(
        "TruncateDiv",
        "signs",
        applied("truncatediv"),
        (ints(4, 1, low=-9, high=9), np.array([-4, -3, 2, 5], np.int32)),
    ),
    Case(
        "TruncateMod",
        "signs",
        applied("truncatemod"),
        (ints(4, 1, low=-9, high=9), np.array([-4, -3, 2, 5], np.int32)),
    ),
    *(
        Case("TruncateMod", name, applied("truncatemod"), (x, y))
        for name, x, y in (
            ("row", floats(2, 3), floats(3, low=0.3, high=0.9)),
            ("column", floats(2, 3), floats(2, 1, low=-0.9, high=-0.3)),
            ("scalars", floats(low=1.5), floats(low=0.3, high=0.9)),
            ("empty", floats(0, 3), floats(3)),
            ("float64", floats(2, 3, dtype="d"), floats(3, low=0.3, high=0.9, dtype="d")),
            ("edges", EDGES[:, None], EDGES),
            ("int32", extremes(np.int32)[:, None], np.array([-7, -3, 2, 2**31 - 1], np.int32)),
            ("int64", extremes(np.int64)[:, None], np.array([-7, -3, 2, 2**63 - 1], np.int64)),
        )
    ),
    Case(
        "NextAfter",
        "both_ways",
        applied("math.nextafter"),
        (floats(2, 3), floats(3, seed=1)),
        grad=(0, 1),
        order=0,
    ),
    Case(
        "NextAfter",
        "float64",
        applied("math.nextafter"),
        (floats(3, dtype="d"), floats(3, seed=1, dtype="d")),
    ),
    Case("NextAfter", "edges", applied("math.nextafter"), (EDGES[:, None], EDGES)),
    Case("NextAfter", "empty", applied("math.nextafter"), (floats(0, 3), floats(3))),
    Case(
        "Mul",
        "polyval",
        lambda tf, x, c: tf.math.polyval([c, c * c, x], x),
        (floats(2, 3), floats(3, seed=1)),
        grad=(0, 1),
    ),
    Case("Mul", "scalar_mul", lambda tf, x: tf.scalar_mul(2.5, x), (floats(2, 3),), grad=(0,)),
    Case(
        "AddN",
        "accumulate",
        lambda tf, x, y: tf.accumulate_n([x, y]),
        (floats(2, 3), floats(2, 3, seed=1)),
        grad=(0, 1),
    ),
    Case("Maximum", "clip", applied("clip_by_value", -0.5, 0.75), (floats(2, 3),), grad=(0,)),
    Case(
        "Maximum",
        "clip_borders",
        applied("clip_by_value", -1.0, 1.0),
        (np.array([-1, 0, 1], "f"),),
        grad=(0,),
        order=0,
    ),
    Case(
        "Maximum",
        "clip_by_tensors",
        applied("clip_by_value"),
        (floats(2, 3), floats(3, low=-1, high=0), floats(high=2, low=1)),
        grad=(0, 1, 2),
    ),
    Case("Maximum", "clip_integers", applied("clip_by_value", -3, 4), (ints(2, 3),)),
    Case(
        "Cast",
        "saturate_uint8",
        lambda tf, x: tf.saturate_cast(x, tf.uint8),
        (floats(5, low=-300, high=300),),
    ),
    Case("Cast", "saturate_int8", lambda tf, x: tf.saturate_cast(x, tf.int8), (extremes(np.int32),)),
    Case("Cast", "saturate_wider", lambda tf, x: tf.saturate_cast(x, tf.int64), (extremes(np.int32),)),
]
MISTAKES = [
    *(mistake for unary in UNARY for mistake in unary_mistakes(unary)),
    *(mistake for binary in BINARY for mistake in binary_mistakes(binary)),
    Mistake("TruncateMod", "shapes", applied("truncatemod"), (floats(2, 3), floats(4))),
    Mistake("TruncateMod", "types", applied("truncatemod"), (floats(3), ints(3))),
    Mistake("TruncateMod", "strings", applied("truncatemod"), (strings(b"a"), strings(b"b"))),
    *(Mistake(op, "integers", applied(f), (ints(3),)) for op, f in TESTS.items()),
    *(Mistake(op, "strings", applied(f), (strings(b"a"),)) for op, f in TESTS.items()),
    *(
        Mistake(
            op,
            f"zero_{np.dtype(kind).name}",
            applied(f),
            (ints(3, dtype=kind, low=1), np.zeros(3, kind)),
            says=dict.fromkeys(
                ("full", "unknown"), ("run", "InvalidArgumentError", "Integer division by zero")
            ),
            why="TensorFlow calls it an unexpected error, where for the other divisions it says what is wrong",
        )
        for op, f in (("TruncateDiv", "truncatediv"), ("TruncateMod", "truncatemod"))
        for kind in (np.int32, np.int64)
    ),
    Mistake("NextAfter", "integers", applied("math.nextafter"), (ints(3), ints(3))),
    Mistake("NextAfter", "shapes", applied("math.nextafter"), (floats(2, 3), floats(4))),
    Mistake("Mul", "polyval_no_list", lambda tf, x: tf.math.polyval((1.0, 2.0), x), (floats(3),)),
    Mistake("Mul", "scalar_mul_vector", lambda tf, x: tf.scalar_mul([1.0], x), (floats(3),)),
    Mistake("AddN", "accumulate_nothing", lambda tf: tf.accumulate_n([])),
    Mistake("AddN", "accumulate_types", lambda tf, x, y: tf.accumulate_n([x, y]), (floats(3), ints(3))),
    Mistake(
        "AddN", "accumulate_dtype", lambda tf, x: tf.accumulate_n([x, x], tensor_dtype=tf.int32), (floats(3),)
    ),
    Mistake("AddN", "accumulate_shape", lambda tf, x: tf.accumulate_n([x, x], shape=[4]), (floats(3),)),
    Mistake("Maximum", "clip_grows", lambda tf, x: tf.clip_by_value(x, [[0.0], [1.0]], 2.0), (floats(3),)),
]
