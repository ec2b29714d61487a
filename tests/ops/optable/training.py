"""What optimizers do to variables, counting, and writing some elements of a variable."""

from __future__ import annotations

import os
import tempfile
from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints, strings

VAR = floats(4, 3, low=-2, high=2, seed=1)
GRAD = floats(4, 3, seed=9)
ROWS = np.array([2, 0], np.int32)
ROW_GRAD = floats(2, 3, seed=5)


def slot(number: int) -> Any:
    return floats(4, 3, low=0.5, high=2, seed=10 + number)


# type of operation -> (slots, hyperparameters before the gradient, after it, attributes)
UPDATES: dict[str, tuple[int, list[float], list[float], dict[str, Any]]] = {
    "Momentum": (1, [0.1], [0.9], {}),
    "Adagrad": (1, [0.1], [], {}),
    "Adadelta": (2, [0.5, 0.9, 1e-3], [], {}),
    "RMSProp": (2, [0.1, 0.9, 0.5, 1e-3], [], {}),
    "CenteredRMSProp": (3, [0.1, 0.9, 0.5, 5.0], [], {}),
    "Ftrl": (2, [], [0.1, 0.3, 0.2, -0.5], {}),
    "FtrlV2": (2, [], [0.1, 0.3, 0.2, 0.4, -0.8], {}),
    "ProximalGradientDescent": (0, [0.1, 0.3, 0.2], [], {}),
    "ProximalAdagrad": (1, [0.1, 0.3, 0.2], [], {}),
    "AdagradDA": (2, [], [0.1, 0.3, 0.2], {}),
}
ADAM = [0.9**3, 0.99**3, 0.1, 0.9, 0.99, 1e-3]


def states(tf: Any, count: int, dtype: str) -> list[Any]:
    arrays = [VAR, *[slot(i) for i in range(count)]]
    return [tf.Variable(a.astype(dtype), name=f"v{i}") for i, a in enumerate(arrays)]


def numbers(tf: Any, values: list[float], dtype: str) -> list[Any]:
    return [tf.constant(v, dtype) for v in values]


def update(kind: str, dtype: str = "float32", **changed: Any) -> Any:
    """``build(tf, grad)`` or, for sparse types, ``build(tf, grad, indices)``."""
    slots, before, after, attrs = UPDATES[kind.removeprefix("Sparse").removeprefix("Apply")]

    def build(tf: Any, *grad: Any) -> Any:
        more = [tf.constant(4, tf.int64)] if kind.endswith("AdagradDA") else []
        first = [*states(tf, slots, dtype), *numbers(tf, before, dtype)]
        return raw(tf, kind, *first, *grad, *numbers(tf, after, dtype), *more, **{**attrs, **changed})

    return build


def adam(tf: Any, grad: Any, **attrs: Any) -> Any:
    return raw(tf, "ApplyAdam", *states(tf, 2, "float32"), *numbers(tf, ADAM, "float32"), grad, **attrs)


def descent(tf: Any, grad: Any) -> Any:
    return raw(tf, "ApplyGradientDescent", *states(tf, 0, "float32"), tf.constant(0.1), grad)


def rows(op_type: str, dtype: str = "float32") -> Any:
    return lambda tf, i, x: raw(tf, op_type, tf.Variable((VAR * 5).astype(dtype), name="v"), i, x)


def count(limit: int) -> Any:
    return lambda tf: tf.count_up_to(tf.Variable(3, name="v"), limit)


def saved(tf: Any) -> str:
    """The path of a checkpoint that the library has just written."""
    path = os.path.join(tempfile.mkdtemp(), "m")
    with tf.Graph().as_default(), tf.Session() as sess:
        values = [tf.constant(VAR), tf.constant([b"a", b""]), tf.constant(7, tf.int64)]
        save = raw(tf, "SaveV2", path, ["x", "y/z", "n"], ["", "", ""], values)
        sess.run(save.op if hasattr(save, "op") else tf.get_default_graph().get_operation_by_name("SaveV2"))
    return path


def save(tf: Any, x: Any) -> Any:
    raw(tf, "SaveV2", os.path.join(tempfile.mkdtemp(), "m"), ["x"], [""], [x])
    return tf.get_default_graph().get_operation_by_name("SaveV2")


def restore(names: list[str], dtypes: list[str]) -> Any:
    def build(tf: Any) -> Any:
        types = [tf.as_dtype(d) for d in dtypes]
        return raw(tf, "RestoreV2", saved(tf), names, [""] * len(names), dtypes=types)

    return build


TWICE = np.array([2, 0, 2, 1], np.int32)
ELEMENTS = np.array([[2, 1], [0, 0], [2, 1]], np.int32)
CASES = [
    *[Case(f"Apply{k}", "dense", update(f"Apply{k}"), (GRAD,), ulp=8, atol=1e-7) for k in UPDATES],
    *[
        Case(f"Apply{k}", "double", update(f"Apply{k}", "float64"), (GRAD.astype(float),), ulp=64, atol=1e-13)
        for k in UPDATES
    ],
    *[
        Case(f"SparseApply{k}", "rows", update(f"SparseApply{k}"), (ROW_GRAD, ROWS), ulp=16, atol=1e-7)
        for k in UPDATES
    ],
    *[
        Case(f"SparseApply{k}", "nothing", update(f"SparseApply{k}"), (floats(0, 3), ints(0)), ulp=0)
        for k in UPDATES
    ],
    Case("ApplyMomentum", "nesterov", update("ApplyMomentum", use_nesterov=True), (GRAD,), ulp=8),
    Case(
        "SparseApplyMomentum",
        "nesterov",
        update("SparseApplyMomentum", use_nesterov=True),
        (ROW_GRAD, ROWS),
        ulp=8,
    ),
    Case("ApplyAdagrad", "slots_stay", update("ApplyAdagrad", update_slots=False), (GRAD,), ulp=8),
    Case("ApplyAdam", "dense", adam, (GRAD,), ulp=8, atol=1e-7),
    Case("ApplyAdam", "nesterov", lambda tf, x: adam(tf, x, use_nesterov=True), (GRAD,), ulp=8, atol=1e-7),
    Case("ApplyGradientDescent", "raw", descent, (GRAD,), ulp=1),
    Case("CountUpTo", "counts", count(5), runs=2),
    Case("SaveV2", "floats", save, (GRAD,)),
    Case("RestoreV2", "some", restore(["n", "x"], ["int64", "float32"])),
    Case("RestoreV2", "strings", restore(["y/z"], ["string"])),
    *[
        Case(f"Scatter{k}", "twice", rows(f"Scatter{k}"), (TWICE, floats(4, 3, low=0.5, seed=2)), ulp=2)
        for k in ("Mul", "Div", "Min", "Max")
    ],
    *[
        Case(f"Scatter{k}", "scalar", rows(f"Scatter{k}"), (ROWS, floats(low=0.5)), ulp=2)
        for k in ("Mul", "Div", "Min")
    ],
    Case("ScatterDiv", "integers", rows("ScatterDiv", "int32"), (TWICE, ints(4, 3, low=2, high=4))),
    Case("ScatterMax", "integers", rows("ScatterMax", "int64"), (TWICE, ints(4, 3, dtype=np.int64))),
    Case("ScatterNdUpdate", "elements", rows("ScatterNdUpdate"), (ELEMENTS[:2], floats(2))),
    Case("ScatterNdUpdate", "rows", rows("ScatterNdUpdate"), (ROWS[:, None], floats(2, 3, seed=6))),
    Case("ScatterNdAdd", "twice", rows("ScatterNdAdd"), (ELEMENTS, floats(3)), ulp=2),
    Case("ScatterNdAdd", "nothing", rows("ScatterNdAdd"), (ints(0, 2), floats(0))),
    Case("ScatterNdSub", "twice", rows("ScatterNdSub"), (TWICE[:, None], floats(4, 3)), ulp=2),
]

MISTAKES = [
    *[Mistake(f"Apply{k}", "shape", update(f"Apply{k}"), (floats(3, 4),)) for k in UPDATES],
    *[Mistake(f"Apply{k}", "uninitialized", update(f"Apply{k}"), (GRAD,), initialize=False) for k in UPDATES],
    *[Mistake(f"SparseApply{k}", "width", update(f"SparseApply{k}"), (floats(2, 5), ROWS)) for k in UPDATES],
    *[
        Mistake(f"SparseApply{k}", "above", update(f"SparseApply{k}"), (ROW_GRAD, np.array([0, 4], "i")))
        for k in UPDATES
    ],
    Mistake("SparseApplyMomentum", "count", update("SparseApplyMomentum"), (floats(3, 3), ROWS)),
    Mistake("SparseApplyMomentum", "matrix", update("SparseApplyMomentum"), (ROW_GRAD, ints(2, 1))),
    Mistake("ApplyMomentum", "type", update("ApplyMomentum"), (ints(4, 3),)),
    Mistake("ApplyAdam", "shape", adam, (floats(3, 4),)),
    Mistake("CountUpTo", "limit", count(3)),
    Mistake("SaveV2", "uninitialized", lambda tf: save(tf, tf.Variable(1.0, name="v")), initialize=False),
    Mistake("RestoreV2", "missing", restore(["x", "w"], ["float32", "float32"])),
    Mistake("RestoreV2", "type", restore(["x"], ["int32"])),
    Mistake(
        "RestoreV2",
        "nothing",
        lambda tf: raw(tf, "RestoreV2", "/nowhere/m", ["x"], [""], dtypes=[tf.float32]),
    ),
    Mistake("CountUpTo", "vector", lambda tf: tf.count_up_to(tf.Variable([1, 2]), 5)),
    Mistake("CountUpTo", "float", lambda tf: tf.count_up_to(tf.Variable(1.0), 5)),
    Mistake("CountUpTo", "uninitialized", count(5), initialize=False),
    *[
        Mistake(f"Scatter{k}", "above", rows(f"Scatter{k}"), (np.array([0, 4], "i"), floats(2, 3)))
        for k in ("Mul", "Div", "Min", "Max")
    ],
    *[
        Mistake(f"Scatter{k}", "shape", rows(f"Scatter{k}"), (ROWS, floats(2, 5)))
        for k in ("Mul", "Div", "Min", "Max")
    ],
    Mistake(
        "ScatterMin",
        "strings",
        lambda tf, i, x: raw(tf, "ScatterMin", tf.Variable(["a"]), i, x),
        (ROWS, strings(b"a", b"b")),
    ),
    *[
        Mistake(f"ScatterNd{k}", "above", rows(f"ScatterNd{k}"), (np.array([[0, 1], [2, 3]], "i"), floats(2)))
        for k in ("Update", "Add", "Sub")
    ],
    *[
        Mistake(f"ScatterNd{k}", "shape", rows(f"ScatterNd{k}"), (ELEMENTS, floats(3, 2)))
        for k in ("Update", "Add", "Sub")
    ],
    Mistake("ScatterNdAdd", "count", rows("ScatterNdAdd"), (ELEMENTS, floats(2))),
    Mistake("ScatterNdAdd", "depth", rows("ScatterNdAdd"), (ints(2, 3), floats(2))),
]
