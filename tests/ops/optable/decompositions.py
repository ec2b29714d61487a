"""Decompositions of matrices, and their exponential."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import floats, ints
from optable.matrix_data import CLOSE, FLAT, SQUARE, partly, positive, regular, says, symmetric

CASES = []
CASES += [
    Case(
        "Cholesky",
        "matrix",
        lambda tf, x: tf.cholesky(symmetric(tf, x)),
        (positive(3),),
        grad=(0,),
        **SQUARE,
    ),
    Case(
        "Cholesky",
        "batch",
        lambda tf, x: tf.cholesky(symmetric(tf, x)),
        (positive(3, 2),),
        grad=(0,),
        **SQUARE,
    ),
    Case("Cholesky", "plain", applied("cholesky"), (positive(4),), grad=(0,), order=0, **SQUARE),
    Case(
        "Cholesky",
        "no_matrices",
        applied("cholesky"),
        (regular(3, 0),),
        grad=(0,),
        order=0,
        square="these matrices are square",
    ),
    Case(
        "SelfAdjointEigV2",
        "values",
        lambda tf, x: tf.self_adjoint_eigvals(symmetric(tf, x)),
        (regular(3),),
        grad=(0,),
        **SQUARE,
    ),
    Case(
        "SelfAdjointEigV2",
        "both",
        lambda tf, x: [tf.abs(y) for y in tf.self_adjoint_eig(symmetric(tf, x))],
        (regular(3),),
        grad=(0,),
        **SQUARE,
    ),
    Case(
        "SelfAdjointEigV2",
        "batch",
        lambda tf, x: [tf.abs(y) for y in tf.self_adjoint_eig(symmetric(tf, x))],
        (regular(3, 2),),
        grad=(0,),
        **SQUARE,
    ),
    Case(
        "SelfAdjointEigV2",
        "plain",
        lambda tf, x: tf.self_adjoint_eig(x)[0],
        (regular(3),),
        grad=(0,),
        order=0,
        **SQUARE,
    ),
]
for _name, _shape in {
    "tall": (4, 3),
    "wide": (3, 4),
    "square": (3, 3),
    "batch": (5, 4, 3),
    "batch_wide": (5, 2, 4),
}.items():
    _x = regular(3) if _name == "square" else floats(*_shape)
    _square = {"square": "this matrix is square"} if _name == "square" else {}
    CASES += [
        Case("Qr", _name, applied("qr"), (_x,), grad=(0,), **CLOSE, **_square),
        Case(
            "Svd", _name, lambda tf, x: [tf.abs(y) for y in tf.svd(x)], (_x,), grad=(0,), **CLOSE, **_square
        ),
        Case(
            "Svd", f"{_name}_values", applied("svd", compute_uv=False), (_x,), grad=(0,), **CLOSE, **_square
        ),
    ]
CASES += [
    Case("Qr", "full_tall", applied("qr", full_matrices=True), (floats(4, 3),), **CLOSE),
    Case(
        "Qr",
        "full_wide",
        lambda tf, x: tf.qr(tf.reshape(x, [3, 4]), full_matrices=True),
        (floats(3, 4),),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "Svd",
        "full_tall",
        lambda tf, x: [tf.abs(y) for y in tf.svd(tf.reshape(x, [4, 3]), full_matrices=True)],
        (floats(4, 3),),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case(
        "Svd",
        "full_wide",
        lambda tf, x: [tf.abs(y) for y in tf.svd(tf.reshape(x, [3, 4]), full_matrices=True)],
        (floats(3, 4),),
        grad=(0,),
        order=1,
        **CLOSE,
    ),
    Case("Svd", "full_far", lambda tf, x: tf.svd(x, full_matrices=True)[0], (floats(5, 2),), **CLOSE),
    Case(
        "MatrixExponential",
        "matrix",
        applied("linalg.expm"),
        (regular(3),),
        grad=(0,),
        shapes=partly("float32", 3, 3),
        **SQUARE,
    ),
    Case(
        "MatrixExponential",
        "batch",
        applied("linalg.expm"),
        (floats(2, 3, 3),),
        grad=(0,),
        shapes=partly("float32", None, 3, 3),
        **SQUARE,
    ),
    Case(
        "MatrixExponential",
        "large",
        applied("linalg.expm"),
        (floats(3, 3, low=-9, high=3),),
        ulp=2000,
        atol=1e-3,
        shapes=partly("float32", 3, 3),
        square="this matrix is square",
    ),
    Case(
        "MatrixExponential",
        "float64",
        applied("linalg.expm"),
        (regular(3, dtype="d"),),
        ulp=64,
        shapes=partly("float64", 3, 3),
        square="this matrix is square",
    ),
]

NOT_POSITIVE = "Cholesky decomposition was not successful. The input might not be valid."
MISTAKES = [
    mistake
    for op, function in {
        "Cholesky": "cholesky",
        "SelfAdjointEigV2": "self_adjoint_eig",
        "Qr": "qr",
        "Svd": "svd",
    }.items()
    for mistake in (
        Mistake(op, "vector", applied(function), (floats(3),)),
        Mistake(op, "integers", applied(function), (ints(3, 3),)),
        *([Mistake(op, "flat", applied(function), (FLAT,))] if op not in ("Qr", "Svd") else []),
    )
]
MISTAKES += [
    Mistake(
        "Cholesky",
        "not_positive",
        applied("cholesky"),
        (np.array([[1, 2], [2, 1]], "f"),),
        says=dict.fromkeys(("full", "unknown"), ("run", "InvalidArgumentError", NOT_POSITIVE)),
        why="version 1 raises this error; version 2 answers NaN",
    ),
]

BUILD, RUN = ("build", "ValueError"), ("run", "InvalidArgumentError")
EXPM = "it is one operation here, and a composition in TensorFlow"
NO_INTEGERS = "Value passed to parameter 'input' has DataType int32 not in list of allowed values: ..."
EXPM_NODE = " for '{{node matrix_exponential}} = MatrixExponential[T=DT_FLOAT](input0)' with input shapes: "
MISTAKES += [
    says(
        "MatrixExponential",
        "vector",
        applied("linalg.expm"),
        (floats(3),),
        EXPM,
        full=(*BUILD, f"Shape must be at least rank 2 but is rank 1{EXPM_NODE}[3]."),
        unknown=(*RUN, "Input tensor 0 must have rank >= 2, got 1"),
    ),
    says(
        "MatrixExponential",
        "flat",
        applied("linalg.expm"),
        (FLAT,),
        EXPM,
        full=(*BUILD, f"Dimensions must be equal, but are 2 and 3{EXPM_NODE}[2,3]."),
        unknown=(*RUN, "Input matrix must be square."),
    ),
    says(
        "MatrixExponential",
        "integers",
        applied("linalg.expm"),
        (ints(3, 3),),
        EXPM,
        full=("build", "TypeError", NO_INTEGERS),
        unknown=("build", "TypeError", NO_INTEGERS),
    ),
]
