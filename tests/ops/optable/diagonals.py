"""Diagonals and bands of matrices."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import extremes, floats, ints, strings
from optable.matrix_data import CLOSE, FLAT, SQUARE, regular, says

CASES = []
for _op, _function in {"MatrixDiag": "matrix_diag", "Diag": "diag"}.items():
    CASES += [
        Case(_op, "vector", applied(_function), (floats(3),), grad=(0,)),
        Case(_op, "matrix", applied(_function), (floats(2, 3),), grad=(0,)),
        Case(_op, "integers", applied(_function), (extremes(np.int32),)),
        Case(_op, "empty", applied(_function), (floats(0),), grad=(0,), order=0),
    ]
for _shape in ((4, 3), (3, 4), (2, 4, 3), (5, 2, 3, 4), (0, 3), (5, 3, 0)):
    _name = "x".join(map(str, _shape))
    _order = 2 if 0 not in _shape else 0
    _diagonal = floats(*_shape[:-2], min(_shape[-2:]), seed=1)
    CASES += [
        Case(
            "MatrixDiagPart", _name, applied("matrix_diag_part"), (floats(*_shape),), grad=(0,), order=_order
        ),
        Case(
            "MatrixSetDiag",
            _name,
            applied("matrix_set_diag"),
            (floats(*_shape), _diagonal),
            grad=(0, 1),
            order=_order,
        ),
        Case(
            "MatrixBandPart",
            _name,
            applied("matrix_band_part", -1, 0),
            (floats(*_shape),),
            grad=(0,),
            order=_order,
        ),
    ]
CASES += [
    Case("MatrixDiag", "bool", lambda tf, x: tf.matrix_diag(x > 0.0), (floats(3),)),
    Case("MatrixDiagPart", "square", applied("matrix_diag_part"), (regular(3),), grad=(0,), **SQUARE),
    Case("MatrixDiagPart", "trace", applied("trace"), (floats(5, 2, 3),), grad=(0,), **CLOSE),
    Case("MatrixDiagPart", "trace_integers", applied("trace"), (ints(4, 3),)),
    Case("MatrixBandPart", "upper", applied("matrix_band_part", 0, -1), (floats(4, 3),), grad=(0,)),
    Case("MatrixBandPart", "diagonal", applied("matrix_band_part", 0, 0), (floats(4, 3),), grad=(0,)),
    Case("MatrixBandPart", "band", applied("matrix_band_part", 1, 2), (floats(4, 5),), grad=(0,)),
    Case("MatrixBandPart", "all", applied("matrix_band_part", -1, -1), (floats(4, 3),), grad=(0,)),
    Case(
        "MatrixBandPart",
        "fed",
        applied("matrix_band_part"),
        (ints(4, 3), np.array(1, np.int32), np.array(0, np.int32)),
    ),
    Case("DiagPart", "matrix", applied("diag_part"), (regular(3),), grad=(0,), **SQUARE),
    Case(
        "DiagPart",
        "rank_4",
        applied("diag_part"),
        (floats(2, 3, 2, 3),),
        grad=(0,),
        square="the two halves are equal",
    ),
    Case("DiagPart", "integers", applied("diag_part"), (ints(3, 3),)),
    Case("MatrixDiag", "eye", lambda tf, n: tf.eye(n), (np.array(3, np.int32),)),
    Case("MatrixDiag", "eye_known", lambda tf, x: tf.eye(2, batch_shape=[3]) * x, (floats(),)),
    Case("MatrixSetDiag", "eye_wide", lambda tf, x: tf.eye(2, 3, dtype=tf.float64) * x, (floats(dtype="d"),)),
    Case("MatrixSetDiag", "eye_fed", lambda tf, n: tf.eye(n, 3, batch_shape=[2]), (np.array(4, np.int32),)),
    Case("Transpose", "matrix_transpose", applied("matrix_transpose"), (floats(5, 2, 3),), grad=(0,)),
    Case("Transpose", "adjoint", applied("linalg.adjoint"), (floats(2, 3),), grad=(0,)),
]

MISTAKES = [
    Mistake("Diag", "scalar", applied("diag"), (floats(),)),
    Mistake("Diag", "strings", applied("diag"), (strings(b"a"),)),
    Mistake("DiagPart", "flat", applied("diag_part"), (FLAT,)),
    Mistake("MatrixBandPart", "below", applied("matrix_band_part", 5, 0), (FLAT,)),
    Mistake("MatrixBandPart", "above", applied("matrix_band_part", 0, 4), (FLAT,)),
    Mistake("MatrixBandPart", "vector", applied("matrix_band_part", 0, 0), (floats(3),)),
    Mistake("MatrixBandPart", "float_count", applied("matrix_band_part", 0.5, 0), (FLAT,)),
    Mistake("MatrixDiag", "eye_float", lambda tf: tf.eye(2.5)),
    Mistake("Transpose", "matrix_transpose_vector", applied("matrix_transpose"), (floats(3),)),
]

# version 2 has other types for these three, with bands and paddings
VERSION_1 = "version 1 has this type, with these texts"
RUN = ("run", "InvalidArgumentError")
TYPES = "Input 'diagonal' of 'MatrixSetDiag' Op has type int32 that does not match type float32 of argument 'input'."
LENGTHS = (
    "must have diagonal.shape == input.shape[:-2] + min(input.shape[-2:]), "
    "but received input shape: [4,3] and diagonal shape: [4]"
)


def _shaped(text: str, op: str, inputs: str, shapes: str) -> tuple[str, str, str]:
    """An error while building, as version 1 says it."""
    return (
        "build",
        "ValueError",
        f"{text} for '{{{{node {op}}}}} = {op}[T=DT_FLOAT]({inputs})' with input shapes: {shapes}.",
    )


FLAT_1 = "Shape must be at least rank 2 but is rank 1"
MISTAKES += [
    says(
        "DiagPart",
        "odd_rank",
        applied("diag_part"),
        (floats(3),),
        "TensorFlow's text has the indentation of its source in it",
        full=_shaped("Input must have even and non-zero rank, input rank is 1", "DiagPart", "input0", "[3]"),
        unknown=(*RUN, "The rank of the tensor should be even and positive, got shape [3]"),
    ),
    says(
        "MatrixDiag",
        "scalar",
        applied("matrix_diag"),
        (floats(),),
        VERSION_1,
        full=_shaped("Shape must be at least rank 1 but is rank 0", "MatrixDiag", "input0", "[]"),
        unknown=(*RUN, "input must be at least 1-dim, received shape: []"),
    ),
    says(
        "MatrixDiagPart",
        "vector",
        applied("matrix_diag_part"),
        (floats(3),),
        VERSION_1,
        full=_shaped(FLAT_1, "MatrixDiagPart", "input0", "[3]"),
        unknown=(*RUN, "input must be at least 2-dim, received shape: [3]"),
    ),
    says(
        "MatrixSetDiag",
        "vector",
        applied("matrix_set_diag"),
        (floats(3), floats(3)),
        VERSION_1,
        full=_shaped(FLAT_1, "MatrixSetDiag", "input0, input1", "[3], [3]"),
        unknown=(*RUN, "input must be at least 2-dim, received shape: [3]"),
    ),
    says(
        "MatrixSetDiag",
        "length",
        applied("matrix_set_diag"),
        (floats(4, 3), floats(4)),
        VERSION_1,
        full=_shaped(
            "Dimensions must be equal, but are 3 and 4", "MatrixSetDiag", "input0, input1", "[4,3], [4]"
        ),
        unknown=(*RUN, LENGTHS),
    ),
    says(
        "MatrixSetDiag",
        "types",
        applied("matrix_set_diag"),
        (floats(4, 3), ints(3)),
        VERSION_1,
        full=("build", "TypeError", TYPES),
        unknown=("build", "TypeError", TYPES),
    ),
]
