"""Sparse tensors: made, read, rearranged, joined."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, raw
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
    gradient,
    parts,
    placed,
    sparse_inputs,
)

CASES = [
    Case("SparseToDense", "tensor", call("sparse_tensor_to_dense"), MATRIX, grad=(1,)),
    Case("SparseToDense", "default", call("sparse_tensor_to_dense", 7), (PLACES, ints(4), SHAPE)),
    Case(
        "SparseToDense",
        "strings",
        call("sparse_tensor_to_dense"),
        (PLACES, strings(b"a", b"b", b"c", b"d"), SHAPE),
    ),
    Case(
        "SparseToDense",
        "fed",
        lambda tf, i, s, v, d: tf.sparse_to_dense(i, s, v, d),
        (PLACES, SHAPE, floats(4), floats()),
        grad=(2, 3),
    ),
    Case(
        "SparseToDense",
        "vector",
        lambda tf, i, v: tf.sparse_to_dense(i, [5], v),
        (np.array([1, 3], "i"), floats(2)),
    ),
    Case(
        "SparseToDense",
        "one_value",
        lambda tf, i: tf.sparse_to_dense(i, [3, 4], 2.5, 1.0),
        (PLACES.astype("i"),),
    ),
    Case("SparseToDense", "one_place", lambda tf, v: tf.sparse_to_dense(2, [4], v), (floats(),)),
    Case(
        "SparseToDense",
        "not_validated",
        lambda tf, i, v: tf.sparse_to_dense(i, [3, 4], v, validate_indices=False),
        (PLACES[::-1].copy(), floats(4)),
    ),
    Case(
        "SparseToDense",
        "indicator",
        call("sparse_to_indicator", 6),
        (PLACES, np.array([5, 0, 2, 2], "q"), SHAPE),
    ),
    Case("Where", "from_dense", lambda tf, x: parts(tf, tf.sparse.from_dense(x)), (np.eye(2, 3, dtype="f"),)),
    Case(
        "SparseReorder",
        "matrix",
        call("sparse_reorder"),
        (PLACES[[2, 0, 3, 1]], floats(4), SHAPE),
        grad=(1,),
    ),
    Case("SparseReorder", "cube", call("sparse.reorder"), (CUBE[::-1].copy(), ints(3), BOX)),
    Case("SparseReorder", "transpose", call("sparse_transpose"), MATRIX, grad=(1,)),
    Case(
        "SparseReorder",
        "transpose_perm",
        call("sparse_transpose", [1, 2, 0]),
        (CUBE, floats(3), BOX),
        grad=(1,),
    ),
    Case("SparseReshape", "matrix", call("sparse_reshape", [2, 6]), MATRIX, grad=(1,)),
    Case("SparseReshape", "computed", call("sparse_reshape", [2, -1, 2]), MATRIX, grad=(1,)),
    Case("SparseReshape", "vector", call("sparse_reshape", [-1]), (CUBE, floats(3), BOX)),
    Case("SparseReshape", "empty", call("sparse_reshape", [4, 3]), (np.zeros((0, 2), "q"), floats(0), SHAPE)),
    Case("GatherV2", "retain", call("sparse_retain", [True, False, True, False]), MATRIX, grad=(1,)),
    Case("Identity", "reset_shape", placed("sparse_reset_shape", [5, 6]), (floats(4),), grad=(0,)),
    Case("Max", "reset_shape", call("sparse_reset_shape"), (CUBE, floats(3), BOX)),
    Case("ConcatV2", "expand_dims", placed("sparse.expand_dims", 1), (floats(4),)),
    Case(
        "SparseSplit",
        "columns",
        sparse_inputs(lambda tf, x: tf.sparse_split(sp_input=x, num_split=3, axis=1)),
        MATRIX,
    ),
    Case(
        "SparseSplit",
        "rows",
        sparse_inputs(lambda tf, x: tf.sparse.split(sp_input=x, num_split=2, axis=0)),
        MATRIX,
    ),
    Case("SparseSlice", "part", call("sparse_slice", [0, 1], [2, 9]), MATRIX, grad=(1,)),
    Case(
        "SparseSlice", "cube", call("sparse.slice", [1, 0, 0], [1, 3, 2]), (CUBE, floats(3), BOX), grad=(1,)
    ),
    Case(
        "SparseSliceGrad",
        "part",
        lambda tf, dy: raw(tf, "SparseSliceGrad", dy, PLACES, np.array([0, 1], "q"), PLACES[:2] - [0, 1]),
        (floats(2),),
        grad=(0,),
        reference=lambda dy: np.append(dy, [0, 0]).astype("f"),
    ),
    Case("SparseFillEmptyRows", "matrix", call("sparse_fill_empty_rows", -1.0), MATRIX, grad=(1,)),
    Case("SparseFillEmptyRows", "full", call("sparse_fill_empty_rows", 0), (CUBE, ints(3), BOX)),
    Case(
        "SparseFillEmptyRows",
        "strings",
        call("sparse_fill_empty_rows", "?"),
        (PLACES, strings(b"a", b"b", b"c", b"d"), SHAPE),
    ),
    Case(
        "SparseConcat",
        "rows",
        sparse_inputs(lambda tf, x, y: tf.sparse_concat(0, [x, y]), 2),
        MATRIX + OTHER,
        grad=(1, 4),
        order=0,
    ),
    Case(
        "SparseConcat",
        "columns",
        sparse_inputs(lambda tf, x, y: tf.sparse_concat(-1, [x, y]), 2),
        MATRIX + OTHER,
    ),
    Case(
        "SparseConcat",
        "expand",
        sparse_inputs(lambda tf, x, y: tf.sparse_concat(1, [x, y], expand_nonconcat_dim=True), 2),
        (*MATRIX, OTHERS, floats(3), np.array([5, 4], "q")),
    ),
]

MISTAKES = [
    Mistake(
        "SparseToDense", "order", call("sparse_tensor_to_dense"), (PLACES[::-1].copy(), floats(4), SHAPE)
    ),
    Mistake(
        "SparseToDense", "repeated", call("sparse_tensor_to_dense"), (PLACES[[0, 0, 1, 2]], floats(4), SHAPE)
    ),
    Mistake(
        "SparseToDense",
        "outside",
        call("sparse_tensor_to_dense"),
        (PLACES, floats(4), np.array([3, 3], "q")),
    ),
    Mistake("SparseToDense", "count", call("sparse_tensor_to_dense"), (PLACES, floats(3), SHAPE)),
    Mistake("SparseToDense", "rank", call("sparse_tensor_to_dense"), (PLACES, floats(4), BOX)),
    Mistake("SparseToDense", "dense", lambda tf, x: tf.sparse_tensor_to_dense(x), (floats(3),)),
    Mistake(
        "SparseToDense",
        "indicator_floats",
        call("sparse_to_indicator", 6),
        MATRIX,
        says=always("build", "TypeError", "The values of sp_input must be integers, not float32"),
        why="TensorFlow cuts off the fractions",
    ),
    Mistake("SparseReshape", "size", call("sparse_reshape", [2, 5]), MATRIX),
    Mistake("SparseReshape", "multiple", call("sparse_reshape", [5, -1]), MATRIX),
    Mistake("SparseReshape", "two_unknown", call("sparse_reshape", [-1, -1]), MATRIX),
    Mistake(
        "SparseConcat",
        "sizes",
        sparse_inputs(lambda tf, x, y: tf.sparse_concat(0, [x, y]), 2),
        (*MATRIX, OTHERS, floats(3), np.array([5, 5], "q")),
    ),
    Mistake(
        "SparseConcat",
        "axis",
        sparse_inputs(lambda tf, x, y: tf.sparse_concat(2, [x, y]), 2),
        MATRIX + OTHER,
        says={"full": ("run", "InvalidArgumentError", "Concat dimension must be in range [-2, 2), got 2")},
        why="the other answer is an IndexError inside TensorFlow",
    ),
    Mistake(
        "SparseSplit",
        "axis",
        sparse_inputs(lambda tf, x: tf.sparse_split(sp_input=x, num_split=2, axis=2)),
        MATRIX,
    ),
    Mistake(
        "SparseSplit",
        "number",
        sparse_inputs(lambda tf, x: tf.sparse_split(sp_input=x, num_split=5, axis=1)),
        MATRIX,
    ),
    Mistake("SparseSplit", "keywords", sparse_inputs(lambda tf, x: tf.sparse_split(0, 2, x)), MATRIX),
    Mistake("SparseSlice", "rank", call("sparse_slice", [0], [1]), MATRIX),
    Mistake("SparseFillEmptyRows", "vector", call("sparse_fill_empty_rows", [1.0]), MATRIX),
    Mistake("SparseReorder", "dense", lambda tf, x: tf.sparse_reorder(x), (floats(3),)),
    Mistake(
        "SparseSliceGrad",
        "matrix",
        lambda tf, dy: raw(tf, "SparseSliceGrad", dy, PLACES[0], SHAPE[:1], PLACES),
        (floats(4),),
    ),
    Mistake(
        "SparseSplit",
        "gradient",
        gradient(lambda tf, x: tf.sparse_split(sp_input=x, num_split=2, axis=0)[0].values),
    ),
]
