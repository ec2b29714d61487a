"""Activations and losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import EDGES, EDGES16, bools, extremes, floats, ints, strings

CLOSE: dict[str, Any] = {"ulp": 6, "atol": 2e-7, "grad_ulp": 8, "grad_atol": 4e-7}
LABELS = np.array([2, 0, 3], np.int32)


def _distribution(*shape: int) -> Any:
    x = floats(*shape, low=0.1, high=1.0, seed=2, dtype=np.float64)
    return (x / x.sum(-1, keepdims=True)).astype(np.float32)


def _xent(tf: Any, logits: Any, labels: Any, **keywords: Any) -> Any:
    return tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, **keywords)


def _xent_old(tf: Any, logits: Any, labels: Any) -> Any:
    return tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def _raw_xent(tf: Any, logits: Any, labels: Any) -> Any:
    return raw(tf, "SoftmaxCrossEntropyWithLogits", logits, labels)


def _sparse(tf: Any, logits: Any, labels: Any) -> Any:
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def _sigmoid(tf: Any, logits: Any, labels: Any) -> Any:
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)


def _no_rank(axis: int) -> list[str]:
    """Our answer to an axis of a tensor of unknown rank, where TensorFlow fails by accident, at ``None - 1``."""
    return ["build", "ValueError", f"softmax over axis {axis} needs logits of known rank"]


CASES = [
    Case("Relu", "matrix", lambda tf, x: tf.nn.relu(x), (floats(2, 3),), grad=(0,)),
    Case(
        "Relu", "at_zero", lambda tf, x: tf.nn.relu(x), (np.array([-1, -0.0, 0, 1], "f"),), grad=(0,), order=0
    ),
    Case("Relu", "edges", lambda tf, x: tf.nn.relu(x), (EDGES,)),
    Case("Relu", "edges_float16", lambda tf, x: tf.nn.relu(x), (EDGES16,)),
    Case("Relu", "integers", lambda tf, x: tf.nn.relu(x), (extremes(np.int32),)),
    Case("Relu", "scalar", lambda tf, x: tf.nn.relu(x), (floats(low=0.5),), grad=(0,)),
    Case("Relu", "empty", lambda tf, x: tf.nn.relu(x), (floats(0, 3),), grad=(0,), order=0),
    Case(
        "ReluGrad",
        "matrix",
        lambda tf, dy, x: raw(tf, "ReluGrad", dy, x),
        (floats(2, 3), floats(2, 3, seed=1)),
        grad=(0, 1),
    ),
    Case("ReluGrad", "edges", lambda tf, dy, x: raw(tf, "ReluGrad", dy, x), (EDGES, np.ones_like(EDGES))),
    Case(
        "ReluGrad",
        "edges_masked",
        lambda tf, dy, x: raw(tf, "ReluGrad", dy, x),
        (EDGES, -np.ones_like(EDGES)),
    ),
]
for _op, _function in {"Softmax": "softmax", "LogSoftmax": "log_softmax"}.items():

    def _build(axis: Any = None, function: str = _function) -> Any:
        return lambda tf, x: getattr(tf.nn, function)(x, **({} if axis is None else {"axis": axis}))

    CASES += [
        Case(_op, "matrix", _build(), (floats(2, 3),), grad=(0,), **CLOSE),
        Case(_op, "vector", _build(), (floats(4),), grad=(0,), **CLOSE),
        Case(_op, "cube", _build(), (floats(2, 3, 4),), grad=(0,), **CLOSE),
        Case(_op, "axis_0", _build(0), (floats(2, 3),), grad=(0,), shapes={"unknown": _no_rank(0)}, **CLOSE),
        Case(
            _op, "axis_1", _build(1), (floats(2, 3, 4),), grad=(0,), shapes={"unknown": _no_rank(1)}, **CLOSE
        ),
        Case(
            _op,
            "axis_negative",
            _build(-2),
            (floats(2, 3, 4),),
            grad=(0,),
            shapes={"unknown": _no_rank(-2)},
            **CLOSE,
        ),
        Case(_op, "large", _build(), (np.array([[1000, 0, -1000], [5, 5, 5]], "f"),), **CLOSE),
        Case(_op, "infinite", _build(), (np.array([[np.inf, 0], [-np.inf, 0], [np.nan, 0]], "f"),)),
        Case(_op, "empty", _build(), (floats(0, 3),), grad=(0,), order=0),
        Case(_op, "float64", _build(), (floats(2, 3, dtype=np.float64),), ulp=4),
        Case(_op, "float16", _build(), (floats(2, 3, dtype=np.float16),), ulp=2),
    ]
CASES += [
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "matrix",
        _xent,
        (floats(3, 4), _distribution(3, 4)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits", "vector", _xent, (floats(4), _distribution(4)), grad=(0, 1), **CLOSE
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "cube",
        _xent,
        (floats(2, 3, 4), _distribution(2, 3, 4)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "axis",
        lambda tf, x, y: _xent(tf, x, y, axis=0),
        (floats(4, 3), _distribution(3, 4).T.copy()),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "old",
        _xent_old,
        (floats(3, 4), _distribution(3, 4)),
        grad=(0, 1),
        order=0,
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "both_outputs",
        lambda tf, x, y: raw(tf, "SoftmaxCrossEntropyWithLogits", x, y),
        (floats(3, 4), _distribution(3, 4)),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "broadcast",
        lambda tf, x, y: raw(tf, "SoftmaxCrossEntropyWithLogits", x, y)[0],
        (floats(3, 4), _distribution(1, 4)),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "float16",
        _xent,
        (floats(3, 4, dtype=np.float16), _distribution(3, 4)),
        ulp=1,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "integer_labels",
        _xent,
        (floats(3, 4), np.eye(3, 4, dtype="i")),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "large",
        _xent,
        (np.array([[1e4, 0, -1e4]], "f"), _distribution(1, 3)),
        **CLOSE,
    ),
    Case(
        "SoftmaxCrossEntropyWithLogits",
        "empty",
        _xent,
        (floats(0, 4), _distribution(0, 4)),
        grad=(0,),
        order=0,
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits", "matrix", _sparse, (floats(3, 4), LABELS), grad=(0,), **CLOSE
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits",
        "int64",
        _sparse,
        (floats(3, 4), LABELS.astype(np.int64)),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits",
        "vector",
        _sparse,
        (floats(4), np.array(2, "i")),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits",
        "cube",
        _sparse,
        (floats(2, 3, 4), ints(2, 3, low=0, high=3)),
        grad=(0,),
        **CLOSE,
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits",
        "large",
        _sparse,
        (np.array([[1e4, 0, -1e4]], "f"), np.array([1], "i")),
        **CLOSE,
    ),
    Case(
        "SparseSoftmaxCrossEntropyWithLogits", "empty", _sparse, (floats(0, 4), ints(0)), grad=(0,), order=0
    ),
    Case(
        "Log1p",
        "sigmoid_xent",
        _sigmoid,
        (floats(2, 3, low=-9, high=9), _distribution(2, 3)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Log1p",
        "sigmoid_xent_large",
        _sigmoid,
        (np.array([1e4, -1e4, 0], "f"), np.array([0, 1, 1], "f")),
        grad=(0,),
        order=0,
        **CLOSE,
    ),
]

_UNLIKE = "logits and labels must have the same first dimension, got logits shape [3,4] and labels shape {}"
_NO_ASSERTION = (
    "where shapes are unknown TensorFlow adds an assertion to the graph; we leave it to the kernel"
)

MISTAKES = [
    Mistake("Relu", "bool", lambda tf, x: tf.nn.relu(x), (bools(3),)),
    Mistake("Relu", "string", lambda tf, x: tf.nn.relu(x), (strings(b"a"),)),
    Mistake("ReluGrad", "shapes", lambda tf, dy, x: raw(tf, "ReluGrad", dy, x), (floats(2, 3), floats(2, 4))),
    Mistake("Softmax", "scalar", lambda tf, x: tf.nn.softmax(x), (floats(),)),
    Mistake("Softmax", "integers", lambda tf, x: tf.nn.softmax(x), (ints(3),)),
    Mistake(
        "Softmax",
        "axis",
        lambda tf, x: tf.nn.softmax(x, axis=2),
        (floats(2, 3),),
        says={"unknown": tuple(_no_rank(2))},
        why="TensorFlow fails by accident",
    ),
    Mistake("LogSoftmax", "scalar", lambda tf, x: tf.nn.log_softmax(x), (floats(),)),
    Mistake("LogSoftmax", "integers", lambda tf, x: tf.nn.log_softmax(x), (ints(3),)),
    Mistake(
        "LogSoftmax",
        "axis",
        lambda tf, x: tf.nn.log_softmax(x, axis=-3),
        (floats(2, 3),),
        says={"unknown": tuple(_no_rank(-3))},
        why="TensorFlow fails by accident",
    ),
    Mistake("SoftmaxCrossEntropyWithLogits", "shapes", _raw_xent, (floats(3, 4), floats(3, 5))),
    Mistake("SoftmaxCrossEntropyWithLogits", "rows", _raw_xent, (floats(3, 4), floats(2, 4))),
    Mistake("SoftmaxCrossEntropyWithLogits", "ranks", _raw_xent, (floats(3, 4), floats(2, 3, 4))),
    Mistake("SoftmaxCrossEntropyWithLogits", "types", _raw_xent, (floats(3, 4), ints(3, 4))),
    Mistake("SoftmaxCrossEntropyWithLogits", "integers", _xent, (ints(3, 4), ints(3, 4))),
    Mistake(
        "SoftmaxCrossEntropyWithLogits", "missing", lambda tf, x: _xent_old(tf, x, None), (floats(3, 4),)
    ),
    Mistake(
        "SparseSoftmaxCrossEntropyWithLogits", "above", _sparse, (floats(3, 4), np.array([0, 4, 1], "i"))
    ),
    Mistake(
        "SparseSoftmaxCrossEntropyWithLogits", "below", _sparse, (floats(3, 4), np.array([0, 3, -1], "i"))
    ),
    Mistake(
        "SparseSoftmaxCrossEntropyWithLogits",
        "rank",
        _sparse,
        (floats(3, 4), np.ones((3, 4), "i")),
        says={"unknown": ("run", "InvalidArgumentError", _UNLIKE.format("[12]"))},
        why=_NO_ASSERTION,
    ),
    Mistake(
        "SparseSoftmaxCrossEntropyWithLogits",
        "rows",
        _sparse,
        (floats(3, 4), np.array([0, 1], "i")),
        says={"unknown": ("run", "InvalidArgumentError", _UNLIKE.format("[2]"))},
        why=_NO_ASSERTION,
    ),
    Mistake("SparseSoftmaxCrossEntropyWithLogits", "float_labels", _sparse, (floats(3, 4), floats(3))),
    Mistake(
        "SparseSoftmaxCrossEntropyWithLogits",
        "scalar",
        _sparse,
        (floats(), np.array(0, "i")),
        says={"unknown": ("run", "InvalidArgumentError", "logits must be 2-D, but got shape [1]")},
        why=_NO_ASSERTION,
    ),
    Mistake("Log1p", "sigmoid_xent_shapes", _sigmoid, (floats(2, 3), floats(2, 4))),
]
