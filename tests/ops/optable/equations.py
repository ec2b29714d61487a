"""Inverses, determinants and systems of linear equations."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import floats, ints
from optable.matrix_data import CLOSE, FLAT, SQUARE, positive, regular, symmetric

CASES = []
for _op, _function in {
    "MatrixInverse": "matrix_inverse",
    "MatrixDeterminant": "matrix_determinant",
    "LogMatrixDeterminant": "linalg.slogdet",
}.items():
    CASES += [
        Case(_op, "matrix", applied(_function), (regular(3),), grad=(0,), **SQUARE),
        Case(_op, "batch", applied(_function), (regular(3, 2),), grad=(0,), **SQUARE),
        Case(_op, "one", applied(_function), (regular(1),), grad=(0,), **CLOSE),
        Case(
            _op,
            "no_matrices",
            applied(_function),
            (regular(3, 0),),
            grad=(0,),
            order=0,
            square="these matrices are square",
        ),
        Case(
            _op,
            "float64",
            applied(_function),
            (regular(4, dtype="d"),),
            grad=(0,),
            order=0,
            square="these matrices are square",
            ulp=32,
            grad_ulp=64,
            grad_atol=1e-13,
        ),
    ]
CASES += [
    Case(
        "MatrixInverse",
        "adjoint",
        applied("matrix_inverse", adjoint=True),
        (regular(3),),
        grad=(0,),
        **SQUARE,
    ),
    Case(
        "MatrixDeterminant",
        "singular",
        applied("matrix_determinant"),
        (np.array([[1, 2], [2, 4]], "f"),),
        atol=1e-6,
        square="this matrix is square",
    ),
    Case(
        "LogMatrixDeterminant",
        "negative",
        applied("linalg.slogdet"),
        (np.array([[1, 2], [2, 1]], "f"),),
        ulp=4,
        square="this matrix is square",
    ),
    Case(
        "Cholesky",
        "logdet",
        lambda tf, x: tf.linalg.logdet(symmetric(tf, x)),
        (positive(3, 2),),
        grad=(0,),
        **SQUARE,
    ),
]
for _adjoint in (False, True):
    _suffix = "_adjoint" if _adjoint else ""
    _build = applied("matrix_solve", adjoint=_adjoint)
    CASES += [
        Case("MatrixSolve", f"matrix{_suffix}", _build, (regular(3), floats(3, 2)), grad=(0, 1), **SQUARE),
        Case(
            "MatrixSolve", f"batch{_suffix}", _build, (regular(3, 4), floats(4, 3, 2)), grad=(0, 1), **SQUARE
        ),
    ]
    for _lower in (False, True):
        _name = ("lower" if _lower else "upper") + _suffix
        _build = applied("matrix_triangular_solve", lower=_lower, adjoint=_adjoint)
        CASES += [
            Case("MatrixTriangularSolve", _name, _build, (regular(3), floats(3, 2)), grad=(0, 1), **SQUARE),
            Case(
                "MatrixTriangularSolve",
                f"{_name}_batch",
                _build,
                (regular(3, 4), floats(4, 3, 2)),
                grad=(0, 1),
                **SQUARE,
            ),
        ]
CASES += [
    Case(
        "MatrixSolve",
        "no_columns",
        applied("matrix_solve"),
        (regular(3), floats(3, 0)),
        grad=(0, 1),
        order=0,
        **SQUARE,
    ),
    Case(
        "MatrixTriangularSolve",
        "broadcast",
        applied("matrix_triangular_solve"),
        (regular(3), floats(4, 3, 2)),
        grad=(0, 1),
        **SQUARE,
    ),
    Case(
        "MatrixTriangularSolve",
        "zero",
        applied("matrix_triangular_solve"),
        (np.array([[1, 0], [2, 0]], "f"), np.array([[1], [3]], "f")),
        square="this matrix is square",
    ),
    Case(
        "MatrixTriangularSolve",
        "cholesky_solve",
        applied("cholesky_solve"),
        (regular(3), floats(3, 2)),
        grad=(0, 1),
        **SQUARE,
    ),
    Case(
        "Cholesky",
        "least_squares_tall",
        applied("matrix_solve_ls"),
        (floats(5, 3), floats(5, 2, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Cholesky",
        "least_squares_wide",
        applied("matrix_solve_ls"),
        (floats(3, 5), floats(3, 2, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Cholesky",
        "least_squares_ridge",
        applied("matrix_solve_ls", 0.5),
        (floats(5, 3), floats(5, 2, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Cholesky",
        "least_squares_batch",
        applied("matrix_solve_ls"),
        (floats(4, 5, 3), floats(4, 5, 2, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatrixSolveLs",
        "tall",
        applied("matrix_solve_ls", fast=False),
        (floats(5, 3), floats(5, 2, seed=1)),
        **CLOSE,
    ),
    Case(
        "MatrixSolveLs",
        "wide",
        applied("matrix_solve_ls", fast=False),
        (floats(3, 5), floats(3, 2, seed=1)),
        **CLOSE,
    ),
]

MISTAKES = [
    mistake
    for op, function in {
        "MatrixInverse": "matrix_inverse",
        "MatrixDeterminant": "matrix_determinant",
        "LogMatrixDeterminant": "linalg.slogdet",
    }.items()
    for mistake in (
        Mistake(op, "vector", applied(function), (floats(3),)),
        Mistake(op, "integers", applied(function), (ints(3, 3),)),
        Mistake(op, "flat", applied(function), (FLAT,)),
    )
]
for _op, _function in {
    "MatrixSolve": "matrix_solve",
    "MatrixTriangularSolve": "matrix_triangular_solve",
}.items():
    MISTAKES += [
        Mistake(_op, "flat", applied(_function), (FLAT, floats(2, 1))),
        Mistake(_op, "rows", applied(_function), (regular(2), floats(3, 1))),
        Mistake(_op, "vector", applied(_function), (regular(2), floats(2))),
        Mistake(_op, "types", applied(_function), (regular(2), floats(2, 1, dtype="d"))),
    ]
MISTAKES += [
    Mistake("MatrixInverse", "singular", applied("matrix_inverse"), (np.array([[1, 2], [2, 4]], "f"),)),
    Mistake(
        "MatrixSolve", "singular", applied("matrix_solve"), (np.array([[1, 2], [2, 4]], "f"), floats(2, 1))
    ),
    Mistake("MatrixSolve", "batches", applied("matrix_solve"), (regular(2, 3), floats(4, 2, 1))),
    Mistake(
        "MatrixTriangularSolve",
        "batches",
        applied("matrix_triangular_solve"),
        (regular(2, 3), floats(4, 2, 1)),
    ),
    Mistake("MatrixSolveLs", "rows", applied("matrix_solve_ls", fast=False), (floats(4, 3), floats(5, 2))),
    Mistake("MatrixSolveLs", "vector", applied("matrix_solve_ls", fast=False), (floats(4, 3), floats(4))),
]
