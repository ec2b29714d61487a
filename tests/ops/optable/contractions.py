"""Products of tensors that sum over dimensions."""

from __future__ import annotations

import numpy as np

from optable.case import Case, Mistake, applied
from optable.data import floats, ints, strings
from optable.matrix_data import CLOSE, SQUARE, regular

CASES = []
CASES += [
    Case("Cross", "vectors", applied("cross"), (floats(3), floats(3, seed=1)), grad=(0, 1), ulp=4, atol=1e-6),
    Case(
        "Cross",
        "matrix",
        applied("cross"),
        (floats(2, 3), floats(2, 3, seed=1)),
        grad=(0, 1),
        ulp=4,
        atol=1e-6,
    ),
    Case("Cross", "integers", applied("cross"), (ints(2, 3), ints(2, 3, seed=1))),
    Case("Cross", "empty", applied("cross"), (floats(0, 3), floats(0, 3)), grad=(0, 1), order=0),
    Case(
        "MatMul",
        "tensordot_1",
        applied("tensordot", 1),
        (floats(2, 3), floats(3, 4, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_2",
        applied("tensordot", 2),
        (floats(2, 3, 4), floats(3, 4, 5, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_0",
        applied("tensordot", 0),
        (floats(2, 3), floats(4, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_axes",
        applied("tensordot", [[2, 0], [0, -1]]),
        (floats(2, 3, 4), floats(4, 5, 2, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_pair",
        applied("tensordot", [1, 0]),
        (floats(2, 3), floats(3, 4, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_vectors",
        applied("tensordot", 1),
        (floats(3), floats(3, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul",
        "tensordot_fed",
        lambda tf, a, b, axes: tf.tensordot(a, b, axes),
        (floats(2, 3, 4), floats(4, 5, 2, seed=1), np.array([[2, 0], [0, 2]], np.int32)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "MatMul", "matvec", applied("linalg.matvec"), (floats(2, 3), floats(3, seed=1)), grad=(0, 1), **CLOSE
    ),
    Case(
        "MatMul",
        "matvec_transposed",
        applied("linalg.matvec", transpose_a=True),
        (floats(3, 2), floats(3, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
]
EQUATIONS: dict[str, tuple[tuple[int, ...], ...]] = {
    "ij,jk->ik": ((2, 3), (3, 4)),
    "ij,jk": ((2, 3), (3, 4)),
    "ij->ji": ((2, 3),),
    "ij->": ((2, 3),),
    "ij->i": ((2, 3),),
    "i,i->": ((3,), (3,)),
    "i,j->ij": ((2,), (3,)),
    "bij,bjk->bik": ((5, 2, 3), (5, 3, 4)),
    "ijk,kjl->il": ((2, 3, 4), (4, 3, 5)),
    "...ij,...jk->...ik": ((5, 2, 3), (5, 3, 4)),
    "...ij,jk->...ik": ((6, 5, 2, 3), (3, 4)),
    "ij,j,j->i": ((2, 3), (3,), (3,)),
    "ab,cb,c->a": ((2, 3), (4, 3), (4,)),
    " i j , j k -> k i ": ((2, 3), (3, 4)),
    "ij,k->k": ((2, 3), (4,)),
}
for _equation, _shapes in EQUATIONS.items():
    _name = _equation.replace(",", "_").replace("->", "_to_").replace(" ", "").replace("...", "rest")
    _inputs = tuple(floats(*shape, seed=i) for i, shape in enumerate(_shapes))
    _spaced = "_spaced" if " " in _equation else ""
    CASES.append(
        Case(
            "Einsum",
            _name + _spaced,
            lambda tf, *xs, e=_equation: tf.einsum(e, *xs),
            _inputs,
            grad=tuple(range(len(_inputs))),
            **CLOSE,
        )
    )
CASES += [
    Case(
        "Einsum",
        "diagonal",
        lambda tf, x: tf.einsum("ii->i", x),
        (regular(3),),
        grad=(0,),
        **SQUARE,
    ),
    Case("Einsum", "trace", lambda tf, x: tf.einsum("ii", x), (regular(3),), grad=(0,), **SQUARE),
    Case(
        "Einsum",
        "diagonal_product",
        lambda tf, x, y: tf.einsum("iij,j->i", x, y),
        (floats(3, 3, 2), floats(2)),
        grad=(0, 1),
        **SQUARE,
    ),
    Case("Einsum", "integers", lambda tf, a, b: tf.einsum("ij,jk->ik", a, b), (ints(2, 3), ints(3, 4))),
    Case(
        "Einsum",
        "empty",
        lambda tf, a, b: tf.einsum("ij,jk->ik", a, b),
        (floats(0, 3), floats(3, 4)),
        grad=(0, 1),
        order=0,
    ),
]

MISTAKES = [
    Mistake("Cross", "two", applied("cross"), (floats(2), floats(2))),
    Mistake("Cross", "shapes", applied("cross"), (floats(2, 3), floats(3))),
    Mistake("Cross", "strings", applied("cross"), (strings(b"a", b"b", b"c"), strings(b"a", b"b", b"c"))),
    Mistake("MatMul", "tensordot_sizes", applied("tensordot", 1), (floats(2, 3), floats(4, 5))),
    Mistake("MatMul", "tensordot_negative", applied("tensordot", -1), (floats(2, 3), floats(3, 4))),
    Mistake("MatMul", "tensordot_uneven", applied("tensordot", [[0, 1], [0]]), (floats(2, 3), floats(3, 4))),
    Mistake("MatMul", "tensordot_three", applied("tensordot", [[0], [1], [2]]), (floats(2, 3), floats(3, 4))),
    Mistake("Einsum", "sizes", lambda tf, a, b: tf.einsum("ij,jk->ik", a, b), (floats(2, 3), floats(4, 5))),
    Mistake("Einsum", "rank", lambda tf, a, b: tf.einsum("ij,jk->ik", a, b), (floats(2, 3), floats(3))),
    Mistake("Einsum", "count", lambda tf, a: tf.einsum("ij,jk->ik", a), (floats(2, 3),)),
    Mistake("Einsum", "unknown_label", lambda tf, a: tf.einsum("ij->ik", a), (floats(2, 3),)),
    Mistake("Einsum", "character", lambda tf, a: tf.einsum("i!->i", a), (floats(2, 3),)),
    Mistake("Einsum", "keyword", lambda tf, a: tf.einsum("ij->ji", a, colour=1), (floats(2, 3),)),
    Mistake("Einsum", "types", lambda tf, a, b: tf.einsum("ij,jk->ik", a, b), (floats(2, 3), ints(3, 4))),
]
