"""Arithmetic with sparse tensors."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints
from optable.sparse_inputs import (
    BOX,
    CUBE,
    MATRIX,
    OTHER,
    OTHERS,
    PLACES,
    SHAPE,
    call,
    gradient,
    placed,
    sparse_inputs,
)


def _not_made(which: str) -> dict[str, Any]:
    text = f"No gradient defined for operation 'SparseSparse{which}' (op type: SparseSparse{which})"
    return {
        "says": {"full": ("build", "LookupError", text)},
        "why": "the gradient that TensorFlow has is not implemented and cannot even be called",
    }


CASES = [
    Case("SparseAdd", "two", call("sparse_add", count=2), MATRIX + OTHER, grad=(1, 4)),
    Case(
        "SparseAdd",
        "threshold",
        call("sparse_add", threshold=1.0, count=2),
        MATRIX + OTHER,
        grad=(1, 4),
        order=1,
    ),
    Case(
        "SparseAdd",
        "integers",
        call("sparse_add", count=2),
        (PLACES, ints(4), SHAPE, OTHERS, ints(3), SHAPE),
    ),
    Case(
        "SparseAddGrad",
        "two",
        lambda tf, dy, a, b, s: raw(tf, "SparseAddGrad", dy, a, b, s),
        (floats(5), PLACES, OTHERS, np.array([[0, 0], [0, 1], [0, 3], [2, 0], [2, 2]], "q")),
        grad=(0,),
        order=0,
    ),
    Case("SparseTensorDenseAdd", "left", call("sparse_add"), (*MATRIX, floats(3, 4, seed=4)), grad=(1, 3)),
    Case(
        "SparseTensorDenseAdd",
        "right",
        sparse_inputs(lambda tf, x, d: tf.sparse_add(d, x)),
        (*MATRIX, floats(3, 4, seed=4)),
        grad=(1, 3),
    ),
    Case(
        "SparseTensorDenseMatMul",
        "plain",
        call("sparse_tensor_dense_matmul"),
        (*MATRIX, floats(4, 2)),
        grad=(1, 3),
        ulp=2,
    ),
    Case(
        "SparseTensorDenseMatMul",
        "adjoint_a",
        call("sparse_tensor_dense_matmul", adjoint_a=True),
        (*MATRIX, floats(3, 2)),
        grad=(1, 3),
        ulp=2,
    ),
    Case(
        "SparseTensorDenseMatMul",
        "adjoint_b",
        call("sparse_tensor_dense_matmul", adjoint_b=True),
        (*MATRIX, floats(2, 4)),
        grad=(1, 3),
        ulp=2,
    ),
    Case(
        "SparseTensorDenseMatMul",
        "integers",
        call("sparse_tensor_dense_matmul"),
        (PLACES, ints(4), SHAPE, ints(4, 2)),
    ),
    Case("SparseSparseMaximum", "two", call("sparse_maximum", count=2), MATRIX + OTHER),
    Case("SparseSparseMinimum", "two", call("sparse_minimum", count=2), MATRIX + OTHER),
    Case("SparseReduceSum", "all", call("sparse_reduce_sum"), MATRIX, ulp=2),
    Case("SparseReduceSum", "rows", call("sparse_reduce_sum", 1), MATRIX, ulp=2),
    Case("SparseReduceSum", "keep", call("sparse_reduce_sum", -2, keepdims=True), MATRIX, ulp=2),
    Case("SparseReduceSum", "cube", call("sparse_reduce_sum", [0, 2]), (CUBE, ints(3), BOX)),
    Case("SparseReduceSum", "constant", placed("sparse_reduce_sum", 1), (floats(4),), grad=(0,), ulp=2),
    Case(
        "SparseReduceSum",
        "constant_keep",
        placed("sparse_reduce_sum", 0, True),
        (floats(4),),
        grad=(0,),
        ulp=2,
    ),
    Case("SparseReduceMax", "all", call("sparse_reduce_max"), MATRIX),
    Case("SparseReduceMax", "rows", call("sparse_reduce_max", 1, True), MATRIX),
    Case("SparseReduceSumSparse", "rows", call("sparse_reduce_sum_sparse", 1), MATRIX, ulp=2),
    Case("SparseReduceSumSparse", "keep", call("sparse_reduce_sum_sparse", 0, True), MATRIX, ulp=2),
    Case("SparseReduceMaxSparse", "cube", call("sparse_reduce_max_sparse", [1, 2]), (CUBE, floats(3), BOX)),
    Case("SparseSoftmax", "matrix", call("sparse_softmax"), MATRIX, grad=(1,), ulp=4, grad_atol=3e-7),
    Case("SparseSoftmax", "cube", call("sparse.softmax"), (CUBE, floats(3), BOX), grad=(1,), ulp=4),
    Case(
        "SparseDenseCwiseMul",
        "row",
        sparse_inputs(lambda tf, x, d: x * d),
        (*MATRIX, floats(4, low=1, seed=4)),
        grad=(1, 3),
    ),
    Case(
        "SparseDenseCwiseMul",
        "column",
        sparse_inputs(lambda tf, x, d: x * d),
        (*MATRIX, floats(3, 1, low=1, seed=4)),
        grad=(1, 3),
    ),
    Case(
        "SparseDenseCwiseDiv",
        "scalar",
        sparse_inputs(lambda tf, x, d: x / d),
        (*MATRIX, floats(low=1)),
        ulp=1,
    ),
    Case(
        "SparseDenseCwiseDiv",
        "matrix",
        sparse_inputs(lambda tf, x, d: x / d),
        (*MATRIX, floats(3, 4, low=1)),
        grad=(1, 3),
        ulp=1,
    ),
]

MISTAKES = [
    Mistake(
        "SparseAdd",
        "shapes",
        call("sparse_add", count=2),
        (*MATRIX, OTHERS, floats(3), np.array([3, 5], "q")),
    ),
    Mistake("SparseAdd", "types", call("sparse_add", count=2), (*MATRIX, OTHERS, ints(3), SHAPE)),
    Mistake("SparseAdd", "dense", lambda tf, x: tf.sparse_add(x, x), (floats(3),)),
    Mistake("SparseTensorDenseAdd", "shapes", call("sparse_add"), (*MATRIX, floats(3, 5))),
    Mistake("SparseTensorDenseAdd", "ranks", call("sparse_add"), (*MATRIX, floats(3))),
    Mistake("SparseTensorDenseMatMul", "inner", call("sparse_tensor_dense_matmul"), (*MATRIX, floats(3, 2))),
    Mistake("SparseTensorDenseMatMul", "vector", call("sparse_tensor_dense_matmul"), (*MATRIX, floats(4))),
    Mistake("SparseReduceSum", "axis", call("sparse_reduce_sum", 2), MATRIX),
    Mistake("SparseReduceMax", "axis", call("sparse_reduce_max", -3), MATRIX),
    Mistake(
        "SparseSoftmax",
        "rank",
        call("sparse_softmax"),
        (np.array([[0], [2]], "q"), floats(2), np.array([3], "q")),
    ),
    Mistake("SparseSoftmax", "integers", call("sparse_softmax"), (PLACES, ints(4), SHAPE)),
    Mistake("SparseDenseCwiseMul", "shapes", sparse_inputs(lambda tf, x, d: x * d), (*MATRIX, floats(3))),
    Mistake(
        "SparseSparseMaximum",
        "shapes",
        call("sparse_maximum", count=2),
        (*MATRIX, OTHERS, floats(3), np.array([3, 5], "q")),
    ),
    Mistake(
        "SparseSparseMinimum", "types", call("sparse_minimum", count=2), (*MATRIX, OTHERS, ints(3), SHAPE)
    ),
    Mistake("SparseDenseCwiseDiv", "shapes", sparse_inputs(lambda tf, x, d: x / d), (*MATRIX, floats(3))),
    Mistake("SparseReduceSumSparse", "axis", call("sparse_reduce_sum_sparse", 2), MATRIX),
    Mistake("SparseReduceMaxSparse", "axis", call("sparse_reduce_max_sparse", -3), MATRIX),
    Mistake(
        "SparseAddGrad",
        "count",
        lambda tf, dy: raw(tf, "SparseAddGrad", dy, PLACES, OTHERS, PLACES),
        (floats(3),),
    ),
    Mistake("SparseReduceMax", "gradient", gradient(lambda tf, x: tf.sparse_reduce_max(x))),
    Mistake(
        "SparseReduceSumSparse", "gradient", gradient(lambda tf, x: tf.sparse_reduce_sum_sparse(x).values)
    ),
    Mistake(
        "SparseReduceMaxSparse", "gradient", gradient(lambda tf, x: tf.sparse_reduce_max_sparse(x).values)
    ),
    Mistake(
        "SparseSparseMaximum",
        "gradient",
        gradient(lambda tf, x: tf.sparse_maximum(x, x).values),
        **_not_made("Maximum"),
    ),
    Mistake(
        "SparseSparseMinimum",
        "gradient",
        gradient(lambda tf, x: tf.sparse_minimum(x, x).values),
        **_not_made("Minimum"),
    ),
]
