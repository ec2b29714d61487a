"""Linear algebra."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints, strings

# sums of products differ by the order of the additions
CLOSE = {"ulp": 4, "atol": 1e-6, "grad_ulp": 4, "grad_atol": 1e-6}


def _case(op: str, name: str, x: object, y: object, **flags: bool) -> Case:
    return Case(op, name, lambda tf, a, b: tf.matmul(a, b, **flags), (x, y), grad=(0, 1), **CLOSE)


CASES = [
    _case("MatMul", "plain", floats(2, 3), floats(3, 4, seed=1)),
    _case("MatMul", "transpose_a", floats(3, 2), floats(3, 4, seed=1), transpose_a=True),
    _case("MatMul", "transpose_b", floats(2, 3), floats(4, 3, seed=1), transpose_b=True),
    _case("MatMul", "transpose_both", floats(3, 2), floats(4, 3, seed=1), transpose_a=True, transpose_b=True),
    _case("MatMul", "adjoint", floats(3, 2), floats(4, 3, seed=1), adjoint_a=True, adjoint_b=True),
    _case("MatMul", "column", floats(2, 3), floats(3, 1, seed=1)),
    Case("MatMul", "operator", lambda tf, a, b: a @ b, (floats(2, 3), floats(3, 4)), grad=(0, 1), **CLOSE),
    Case("MatMul", "int32", lambda tf, a, b: tf.matmul(a, b), (ints(2, 3), ints(3, 4))),
    Case(
        "MatMul",
        "int64",
        lambda tf, a, b: tf.matmul(a, b),
        (ints(2, 3, dtype=np.int64), ints(3, 4, dtype=np.int64)),
    ),
    Case("MatMul", "wraps", lambda tf, a: tf.matmul(a, [[7], [9]]), (np.full((1, 2), 2**30, np.int32),)),
    Case(
        "MatMul",
        "float16",
        lambda tf, a, b: tf.matmul(a, b),
        (floats(2, 3, dtype="e"), floats(3, 4, dtype="e")),
        ulp=1,
    ),
    Case(
        "MatMul",
        "float64",
        lambda tf, a, b: tf.matmul(a, b),
        (floats(2, 3, dtype="d"), floats(3, 4, dtype="d")),
        ulp=4,
    ),
    Case(
        "MatMul",
        "no_rows",
        lambda tf, a, b: tf.matmul(a, b),
        (floats(0, 3), floats(3, 4)),
        grad=(0, 1),
        order=0,
    ),
    Case(
        "MatMul",
        "no_inner",
        lambda tf, a, b: tf.matmul(a, b),
        (floats(2, 0), floats(0, 4)),
        grad=(0, 1),
        order=0,
    ),
    Case(
        "MatMul",
        "nan",
        lambda tf, a: tf.matmul(a, [[0.0], [1.0]]),
        (np.array([[np.nan, 1], [np.inf, 1], [0, 1]], "f"),),
    ),
    _case("BatchMatMulV2", "plain", floats(5, 2, 3), floats(5, 3, 4, seed=1)),
    _case("BatchMatMulV2", "broadcast", floats(5, 1, 2, 3), floats(6, 3, 4, seed=1)),
    _case("BatchMatMulV2", "matrix_right", floats(5, 2, 3), floats(3, 4, seed=1)),
    _case("BatchMatMulV2", "transpose_a", floats(5, 3, 2), floats(5, 3, 4, seed=1), transpose_a=True),
    _case("BatchMatMulV2", "transpose_b", floats(5, 2, 3), floats(5, 4, 3, seed=1), transpose_b=True),
    _case(
        "BatchMatMulV2", "both", floats(5, 3, 2), floats(5, 4, 3, seed=1), transpose_a=True, adjoint_b=True
    ),
    Case(
        "BatchMatMulV2",
        "empty",
        lambda tf, a, b: tf.matmul(a, b),
        (floats(0, 2, 3), floats(0, 3, 4)),
        grad=(0, 1),
        order=0,
    ),
]

MISTAKES = [
    Mistake("MatMul", "inner", lambda tf, a, b: tf.matmul(a, b), (floats(2, 3), floats(4, 5))),
    Mistake(
        "MatMul", "inner_transposed", lambda tf, a, b: tf.matmul(a, b, True), (floats(2, 3), floats(4, 5))
    ),
    Mistake("MatMul", "vector_left", lambda tf, a, b: tf.matmul(a, b), (floats(3), floats(3, 4))),
    Mistake("MatMul", "vector_right", lambda tf, a, b: tf.matmul(a, b), (floats(2, 3), floats(3))),
    Mistake("MatMul", "scalar", lambda tf, a, b: tf.matmul(a, b), (floats(), floats(3, 4))),
    Mistake("MatMul", "types", lambda tf, a, b: tf.matmul(a, b), (floats(2, 3), ints(3, 4))),
    Mistake("MatMul", "strings", lambda tf, a: tf.matmul(a, a), (strings(b"a")[:, None],)),
    Mistake(
        "MatMul",
        "both_flags",
        lambda tf, a: tf.matmul(a, a, transpose_a=True, adjoint_a=True),
        (floats(2, 3),),
    ),
    Mistake("BatchMatMulV2", "inner", lambda tf, a, b: tf.matmul(a, b), (floats(5, 2, 3), floats(5, 4, 6))),
    Mistake("BatchMatMulV2", "batches", lambda tf, a, b: tf.matmul(a, b), (floats(5, 2, 3), floats(6, 3, 4))),
    Mistake("BatchMatMulV2", "vector", lambda tf, a, b: tf.matmul(a, b), (floats(5, 2, 3), floats(3))),
]
