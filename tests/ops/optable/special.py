"""Special functions: error, gamma, zeta, incomplete gamma and beta, Bessel."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, applied, raw
from optable.data import EDGES, EDGES16, floats, ints, strings

# TensorFlow computes these in the type they come in, by polynomials of its own
CLOSE: dict[str, Any] = {"ulp": 24, "atol": 4e-6, "grad_ulp": 48, "grad_atol": 4e-6}
ONE: dict[str, tuple[str, float, float]] = {
    "Erf": ("erf", -2.0, 2.0),
    "Erfc": ("erfc", -2.0, 2.0),
    "Lgamma": ("lgamma", 0.3, 5.0),
    "Digamma": ("digamma", 0.3, 5.0),
    "BesselI0e": ("math.bessel_i0e", 0.5, 3.0),
    "BesselI1e": ("math.bessel_i1e", 0.5, 3.0),
}
# the ranges of both arguments, and the one that gradients flow to
TWO: dict[str, tuple[str, tuple[float, float], tuple[float, float], tuple[int, ...]]] = {
    "Zeta": ("zeta", (1.5, 6.0), (0.5, 4.0), (1,)),
    "Igamma": ("igamma", (0.5, 4.0), (0.3, 6.0), (0, 1)),
    "Igammac": ("igammac", (0.5, 4.0), (0.3, 6.0), (0, 1)),
}
SPECIAL = np.array([0.0, -1.0, -2.0, -0.5, -1.5, 1.0, 2.0, np.inf, -np.inf, np.nan, 20.0], np.float32)


CASES = []
MISTAKES = []
for _op, (_function, _low, _high) in ONE.items():
    _build = applied(_function)
    CASES += [
        Case(_op, "matrix", _build, (floats(2, 3, low=_low, high=_high),), grad=(0,), **CLOSE),
        Case(_op, "scalar", _build, (floats(low=_low, high=_high),), grad=(0,), **CLOSE),
        Case(
            _op,
            "float64",
            _build,
            (floats(5, low=_low, high=_high, dtype="d"),),
            grad=(0,),
            order=0,
            ulp=16,
            atol=1e-14,
            grad_atol=1e-13,
        ),
        Case(_op, "float16", _build, (floats(5, low=_low, high=_high, dtype="e"),), ulp=4),
        Case(_op, "empty", _build, (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "special", _build, (SPECIAL,), **CLOSE),
    ]
    MISTAKES += [
        Mistake(_op, "integers", _build, (ints(3),)),
        Mistake(_op, "strings", _build, (strings(b"a"),)),
    ]
CASES += [
    Case("Erf", "edges", applied("erf"), (EDGES,), **CLOSE),
    Case("Erf", "edges_float16", applied("erf"), (EDGES16,), ulp=2),
    Case("Erfc", "far", applied("erfc"), (np.array([3, 5, 8, 9, -6, 12], "f"),), ulp=128),
    Case("Lgamma", "large", applied("lgamma"), (np.array([30, 1e3, 1e9, 1e37, 3e38, 1e-30], "f"),), ulp=8),
    Case(
        "Lgamma",
        "negative",
        applied("lgamma"),
        (np.array([-0.3, -1.7, -3.2, -7.5], "f"),),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "Digamma",
        "negative",
        applied("digamma"),
        (np.array([-0.3, -1.7, -3.2, -7.25], "f"),),
        ulp=64,
        atol=2e-5,
    ),
    Case(
        "BesselI0e",
        "far",
        applied("math.bessel_i0e"),
        (np.array([-40, -9, 7.5, 19, 21, 1e6], "f"),),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    Case(
        "BesselI1e",
        "far",
        applied("math.bessel_i1e"),
        (np.array([-40, -9, 7.5, 19, 21, 1e6], "f"),),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    Case(
        "BesselI1e", "at_zero", applied("math.bessel_i1e"), (np.zeros(2, "f"),), grad=(0,), order=0, **CLOSE
    ),
    Case("BesselI0e", "unscaled", lambda tf, x: tf.math.bessel_i0(x), (floats(2, 3),), grad=(0,), **CLOSE),
    Case("BesselI1e", "unscaled", lambda tf, x: tf.math.bessel_i1(x), (floats(2, 3),), grad=(0,), **CLOSE),
    Case("Lgamma", "lbeta", lambda tf, x: tf.lbeta(x), (floats(2, 3, low=0.5, high=4),), grad=(0,), **CLOSE),
    Case(
        "Lgamma", "lbeta_vector", lambda tf, x: tf.lbeta(x), (floats(3, low=0.5, high=4),), grad=(0,), **CLOSE
    ),
]

for _op, (_function, _x, _y, _grad) in TWO.items():
    _build = applied(_function)

    def _pair(a: tuple[int, ...], b: tuple[int, ...], kind: str = "f", x: Any = _x, y: Any = _y) -> Any:
        return floats(*a, low=x[0], high=x[1], dtype=kind), floats(
            *b, low=y[0], high=y[1], seed=1, dtype=kind
        )

    # the derivative with respect to the parameter of the incomplete gamma functions cannot be differentiated again
    _order = 1 if _op.startswith("Igamma") else 2
    CASES += [
        Case(_op, "row", _build, _pair((2, 3), (3,)), grad=_grad, order=_order, **CLOSE),
        Case(_op, "scalars", _build, _pair((), ()), grad=_grad, order=_order, **CLOSE),
        Case(
            _op,
            "float64",
            _build,
            _pair((4, 1), (3,), "d"),
            grad=_grad,
            order=0,
            ulp=32,
            atol=1e-14,
            grad_atol=1e-11,
        ),
        Case(_op, "empty", _build, _pair((0, 3), (3,)), grad=_grad, order=0),
        Case(_op, "special", _build, (SPECIAL[:, None], SPECIAL), **CLOSE),
    ]
    MISTAKES += [
        Mistake(_op, "integers", _build, (ints(3), ints(3))),
        Mistake(_op, "types", _build, (floats(3), floats(3, dtype="d"))),
        Mistake(_op, "shapes", _build, (floats(2, 3), floats(4))),
    ]

ORDERS = np.array([[0], [1], [2], [5]], np.float32)
BETA = (
    floats(2, 3, low=0.5, high=4),
    floats(2, 3, low=0.5, high=4, seed=1),
    floats(2, 3, low=0.1, high=0.9, seed=2),
)
CASES += [
    Case(
        "Polygamma",
        "orders",
        applied("polygamma"),
        (ORDERS, floats(3, low=0.5, high=4)),
        grad=(1,),
        ulp=64,
        grad_ulp=200,
    ),
    Case(
        "Polygamma",
        "scalars",
        applied("polygamma"),
        (np.array(1, "f"), floats(low=0.5, high=4)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "Polygamma",
        "negative",
        applied("polygamma"),
        (ORDERS, np.array([-0.5, -1.25, -3.0], "f")),
        ulp=64,
        atol=1e-4,
    ),
    Case("Polygamma", "no_order", applied("polygamma"), (np.array([-1, 0.5, np.nan], "f"), np.array(1, "f"))),
    Case("Polygamma", "empty", applied("polygamma"), (floats(0, 3), floats(3)), grad=(1,), order=0),
    Case(
        "Polygamma",
        "float64",
        applied("polygamma"),
        (ORDERS.astype("d"), floats(3, low=0.5, high=4, dtype="d")),
        ulp=64,
    ),
    Case(
        "Igamma",
        "large",
        applied("igamma"),
        (np.array([50, 100, 5, 30], "f"), np.array([60, 80, 40, 1], "f")),
        ulp=128,
        atol=1e-5,
    ),
    Case(
        "Igammac",
        "large",
        applied("igammac"),
        (np.array([50, 100, 5, 30], "f"), np.array([60, 80, 40, 1], "f")),
        ulp=256,
        atol=1e-5,
    ),
    Case("Betainc", "matrix", applied("betainc"), BETA, grad=(2,), **CLOSE),
    Case("Betainc", "no_gradients", applied("betainc"), BETA, grad=(0, 1), order=0, **CLOSE),
    Case(
        "Betainc", "scalars", applied("betainc"), tuple(np.asarray(b[0, 0]) for b in BETA), grad=(2,), **CLOSE
    ),
    Case(
        "Betainc",
        "scalar_parameters",
        applied("betainc"),
        (np.asarray(BETA[0][0, 0]), np.asarray(BETA[1][0, 0]), BETA[2]),
        grad=(2,),
        **CLOSE,
    ),
    Case("Betainc", "float64", applied("betainc"), tuple(b.astype("d") for b in BETA), ulp=64, atol=1e-14),
    Case(
        "Betainc", "empty", applied("betainc"), (floats(0, 3), floats(0, 3), floats(0, 3)), grad=(2,), order=0
    ),
    Case(
        "Betainc",
        "ends",
        applied("betainc"),
        (
            np.array([0, 1, 1, 1, 1, -1, 2], "f"),
            np.ones(7, "f"),
            np.array([0.5, 0, 1, -1, 2, 0.5, np.nan], "f"),
        ),
        **CLOSE,
    ),
    Case(
        "IgammaGradA",
        "matrix",
        lambda tf, a, x: raw(tf, "IgammaGradA", a, x),
        (floats(2, 3, low=0.5, high=4), floats(3, low=0.3, high=6, seed=1)),
        **CLOSE,
    ),
]
MISTAKES += [
    Mistake("Polygamma", "integers", applied("polygamma"), (ints(3), ints(3))),
    Mistake("Polygamma", "shapes", applied("polygamma"), (floats(2, 3), floats(4))),
    Mistake("Betainc", "integers", applied("betainc"), (ints(3), ints(3), ints(3))),
    Mistake("Betainc", "shapes", applied("betainc"), (floats(2, 3), floats(2, 3), floats(3))),
    Mistake("IgammaGradA", "integers", lambda tf, a, x: raw(tf, "IgammaGradA", a, x), (ints(3), ints(3))),
]
