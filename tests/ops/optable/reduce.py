"""Reductions, and positions of extremes."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import EDGES, bools, extremes, floats, ints, strings

NUMERIC = {
    "Sum": "reduce_sum",
    "Mean": "reduce_mean",
    "Max": "reduce_max",
    "Min": "reduce_min",
    "Prod": "reduce_prod",
}
BOOLEAN = {"Any": "reduce_any", "All": "reduce_all"}


def _reduce(function: str, **keywords: Any) -> Any:
    return lambda tf, x, *axis: getattr(tf, function)(x, *axis, **keywords)


# name: (shape, arguments); axes as Python numbers are known while building, tensors are not
FORMS: dict[str, tuple[tuple[int, ...], dict[str, Any]]] = {
    "all": ((2, 3), {}),
    "rows": ((2, 3), {"axis": 0}),
    "columns": ((2, 3), {"axis": 1}),
    "last": ((2, 3, 4), {"axis": -1}),
    "two": ((2, 3, 4), {"axis": [0, -1]}),
    "kept": ((2, 3, 4), {"axis": [1], "keepdims": True}),
    "kept_all": ((2, 3), {"keepdims": True}),
    "nothing": ((2, 3), {"axis": []}),
    "scalar": ((), {}),
    "old_names": ((2, 3), {"reduction_indices": [1], "keep_dims": True}),
}
CLOSE: dict[str, Any] = {"ulp": 4, "grad_ulp": 6}

CASES = [
    Case(op, name, _reduce(function, **keywords), (floats(*shape, low=0.4, high=2.0),), grad=(0,), **CLOSE)
    for op, function in NUMERIC.items()
    for name, (shape, keywords) in FORMS.items()
]
CASES += [
    Case(op, name, _reduce(function, **keywords), (bools(*shape),))
    for op, function in BOOLEAN.items()
    for name, (shape, keywords) in FORMS.items()
]
for _op, _function in NUMERIC.items():
    _build = _reduce(_function)
    CASES += [
        Case(_op, "axis_fed", _build, (floats(2, 3, low=0.4), np.array([1], np.int32)), grad=(0,), **CLOSE),
        Case(
            _op,
            "axis_fed_scalar",
            _build,
            (floats(2, 3, low=0.4), np.array(-2, np.int32)),
            grad=(0,),
            **CLOSE,
        ),
        Case(_op, "axes_fed_int64", _build, (floats(2, 3, 4, low=0.4), np.array([2, 0], np.int64)), **CLOSE),
        Case(_op, "empty", _build, (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "empty_rows", _reduce(_function, axis=0), (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "empty_columns", _reduce(_function, axis=1), (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "float64", _build, (floats(5, low=0.4, dtype=np.float64),), grad=(0,), order=0, **CLOSE),
        Case(_op, "float16", _build, (floats(5, low=0.4, dtype=np.float16),), grad=(0,), order=0, ulp=1),
        Case(_op, "edges", _reduce(_function, axis=1), (EDGES.reshape(5, 2),)),
        Case(_op, "nan_first", _build, (np.array([np.nan, 1, 2], np.float32),)),
        Case(_op, "int32", _reduce(_function, axis=0), (ints(4, 3),)),
        Case(_op, "int64", _reduce(_function, axis=0), (ints(4, 3, dtype=np.int64),)),
        Case(_op, "uint8", _reduce(_function, axis=0), (ints(4, 3, low=90, high=200, dtype=np.uint8),)),
        Case(_op, "extreme", _build, (extremes(np.int32),)),
    ]
    CASES += [Case(_op, "many", _build, (floats(37, 41, low=0.5, high=1.2),), ulp=4)] if _op != "Prod" else []
CASES += [Case(op, "empty", _reduce(function), (bools(0, 3),)) for op, function in BOOLEAN.items()]
CASES += [
    Case(
        op,
        "ties",
        _reduce(NUMERIC[op], axis=1),
        (np.array([[3, 3, 1], [2, 2, 2]], np.float32),),
        grad=(0,),
        order=0,
    )
    for op in ("Max", "Min")
]
CASES += [
    Case(
        "Prod",
        "one_zero",
        _reduce("reduce_prod", axis=1),
        (np.array([[0, 2, 3], [4, 0, 0]], "f"),),
        grad=(0,),
        order=1,
    ),
    Case("Max", "empty_integers", _reduce("reduce_max"), (ints(0, 3),)),
    Case("Min", "empty_integers", _reduce("reduce_min"), (ints(0, 3),)),
    Case("Mean", "negative_integers", _reduce("reduce_mean"), (np.array([-3, -4], np.int32),)),
    Case("Mean", "wrapping_integers", _reduce("reduce_mean"), (np.full(3, 2**31 - 1, np.int32),)),
]

MISTAKES = [
    mistake
    for op, function in {**NUMERIC, **BOOLEAN}.items()
    for x in [(bools if op in BOOLEAN else floats)(2, 3)]
    for mistake in (
        Mistake(op, "axis_above", _reduce(function, axis=2), (x,)),
        Mistake(op, "axis_below", _reduce(function, axis=[0, -3]), (x,)),
        Mistake(op, "axis_type", _reduce(function, axis=0.5), (x,)),
        Mistake(op, "axis_twice", _reduce(function, axis=[1, 1]), (x,)),
        Mistake(op, "string", _reduce(function), (strings(b"a"),)),
    )
]
MISTAKES += [Mistake(op, "bool", _reduce(function), (bools(3),)) for op, function in NUMERIC.items()]
MISTAKES += [Mistake(op, "number", _reduce(function), (floats(3),)) for op, function in BOOLEAN.items()]
MISTAKES += [Mistake("Sum", "both_names", _reduce("reduce_sum", axis=0, reduction_indices=0), (floats(3),))]

# ----- positions -----

for _op, _function in {"ArgMax": "argmax", "ArgMin": "argmin"}.items():
    CASES += [
        Case(_op, "rows", _reduce(_function), (floats(2, 3),), grad=(0,), order=0),
        Case(_op, "columns", _reduce(_function, axis=1), (ints(2, 3),)),
        Case(_op, "last", _reduce(_function, axis=-1), (floats(2, 3, 4),)),
        Case(_op, "int32", _reduce(_function, output_type="int32"), (floats(2, 3),)),
        Case(_op, "old_name", _reduce(_function, dimension=1), (floats(2, 3),)),
        Case(_op, "axis_fed", _reduce(_function), (floats(2, 3, 4), np.array(1, np.int32))),
        Case(_op, "ties", _reduce(_function), (np.array([1, 2, 2, 1], np.float32),)),
        Case(_op, "no_columns", _reduce(_function, axis=1), (floats(0, 3),)),
        Case(_op, "nan", _reduce(_function), (np.array([1, np.nan, 2, 0], np.float32),)),
        Case(_op, "extreme", _reduce(_function), (extremes(np.int64),)),
    ]
    MISTAKES += [
        Mistake(_op, "axis_above", _reduce(_function, axis=2), (floats(2, 3),)),
        Mistake(_op, "axis_below", _reduce(_function, axis=-3), (floats(2, 3),)),
        Mistake(_op, "scalar", _reduce(_function), (floats(),)),
        Mistake(_op, "empty", _reduce(_function), (floats(0, 3),)),
        Mistake(_op, "string", _reduce(_function), (strings(b"a"),)),
        Mistake(_op, "output_type", _reduce(_function, output_type="float32"), (floats(3),)),
        Mistake(_op, "both_names", _reduce(_function, axis=0, dimension=0), (floats(3),)),
    ]


def _others(tf: Any, x: Any) -> Any:
    from optable.case import raw

    return raw(tf, "ProdOfOthers", x, [1])


def _others_reference(x: Any) -> Any:
    columns = range(x.shape[1])
    return np.stack([np.prod(np.delete(x, i, 1), 1) for i in columns], 1)


CASES += [
    Case(
        "ProdOfOthers", "columns", _others, (floats(2, 3, 4),), grad=(0,), ulp=2, reference=_others_reference
    ),
    Case(
        "ProdOfOthers", "zero", _others, (np.array([[0, 2, 3], [0, 0, 4]], "f"),), reference=_others_reference
    ),
    Case("ProdOfOthers", "empty", _others, (floats(0, 3),), grad=(0,), order=0, reference=_others_reference),
]
