"""Activations other than relu and softmax, dropout, and simple losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import EDGES, EDGES16, extremes, floats, ints, strings

CLOSE: dict[str, Any] = {"ulp": 6, "atol": 2e-7, "grad_ulp": 8, "grad_atol": 4e-7}
AWAY = np.array([[-1.5, -0.25, 0.5], [2.0, 5.5, 7.5]], np.float32)  # from the kinks at 0 and 6

CASES = []
for _op, _function in {
    "Relu6": "relu6",
    "LeakyRelu": "leaky_relu",
    "Elu": "elu",
    "Selu": "selu",
    "Softplus": "softplus",
    "Softsign": "softsign",
}.items():

    def _build(function: str = _function) -> Any:
        return lambda tf, x: getattr(tf.nn, function)(x)

    def _raw(op: str = _op) -> Any:
        return lambda tf, dy, x: raw(tf, f"{op}Grad", dy, x)

    CASES += [
        Case(_op, "matrix", _build(), (AWAY,), grad=(0,), **CLOSE),
        Case(_op, "kinks", _build(), (np.array([-1, -0.0, 0, 6, 7], "f"),), grad=(0,), order=0, **CLOSE),
        Case(_op, "edges", _build(), (EDGES,), **CLOSE),
        Case(_op, "edges_float16", _build(), (EDGES16,), ulp=2),
        Case(_op, "float64", _build(), (floats(2, 3, dtype=np.float64),), ulp=8),
        Case(_op, "scalar", _build(), (floats(low=0.5),), grad=(0,), **CLOSE),
        Case(_op, "empty", _build(), (floats(0, 3),), grad=(0,), order=0),
        Case(
            f"{_op}Grad",
            "matrix",
            _raw(),
            (floats(2, 3), AWAY),
            grad=(0, 1) if _op != "Softsign" else (),
            **CLOSE,
        ),
    ]
CASES += [
    Case("Relu6", "integers", lambda tf, x: tf.nn.relu6(x), (extremes(np.int32),)),
    Case(
        "SoftsignGrad",
        "twice",
        lambda tf, dy, x: raw(tf, "SoftsignGrad", dy, x),
        (floats(2, 3), AWAY),
        grad=(0, 1),
        reference=lambda dy, x: dy / (1 + np.abs(x)) ** 2,
        **CLOSE,
    ),
    Case("LeakyRelu", "alpha", lambda tf, x: tf.nn.leaky_relu(x, 0.3), (AWAY,), grad=(0,), **CLOSE),
    Case("LeakyRelu", "integers", lambda tf, x: tf.nn.leaky_relu(x), (ints(2, 3),), **CLOSE),
    Case(
        "Softplus",
        "range",
        lambda tf, x: tf.nn.softplus(x),
        (np.array([-100, -30, -14, -13, 13, 14, 30], "f"),),
        **CLOSE,
    ),
    Case("Relu", "crelu", lambda tf, x: tf.nn.crelu(x), (floats(2, 3),), grad=(0,)),
    Case("Relu", "crelu_axis", lambda tf, x: tf.nn.crelu(x, axis=0), (floats(2, 3),), grad=(0,)),
    Case("Sigmoid", "swish", lambda tf, x: tf.nn.swish(x), (floats(2, 3),), grad=(0,), **CLOSE),
    Case("L2Loss", "matrix", lambda tf, x: tf.nn.l2_loss(x), (floats(2, 3),), grad=(0,), **CLOSE),
    Case("L2Loss", "scalar", lambda tf, x: tf.nn.l2_loss(x), (floats(),), grad=(0,), **CLOSE),
    Case("L2Loss", "empty", lambda tf, x: tf.nn.l2_loss(x), (floats(0, 3),), grad=(0,), order=0),
    Case("L2Loss", "float16", lambda tf, x: tf.nn.l2_loss(x), (floats(3, dtype=np.float16),), ulp=2),
    Case(
        "Exp",
        "log_poisson",
        lambda tf, t, x: tf.nn.log_poisson_loss(t, x),
        (floats(2, 3, low=0.5, high=3.0), floats(2, 3, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "Exp",
        "log_poisson_full",
        lambda tf, t, x: tf.nn.log_poisson_loss(t, x, True),
        (np.array([0, 0.5, 1, 2, 30], "f"), floats(5, seed=1)),
        grad=(1,),
        **CLOSE,
    ),
    Case(
        "Log1p",
        "weighted_cross_entropy",
        lambda tf, z, x: tf.nn.weighted_cross_entropy_with_logits(z, x, 3.0),
        (floats(2, 3, low=0.1, high=0.9), floats(2, 3, seed=1)),
        grad=(0, 1),
        **CLOSE,
    ),
    Case(
        "NotEqual",
        "zero_fraction",
        lambda tf, x: tf.nn.zero_fraction(x),
        (np.array([[1, 0, 0], [2, 0, 3]], "f"),),
    ),
    Case("NotEqual", "zero_fraction_empty", lambda tf, x: tf.nn.zero_fraction(x), (floats(0, 3),)),
    Case(
        "RandomUniform",
        "dropout",
        lambda tf, x: tf.nn.dropout(x, 0.8, seed=7),
        (floats(4, 5),),
        grad=(0,),
        order=0,
        runs=2,
        ulp=1,
    ),
    Case(
        "RandomUniform",
        "dropout_rate",
        lambda tf, x: tf.nn.dropout(x, rate=0.3, seed=7),
        (floats(4, 5),),
        grad=(0,),
        order=0,
        ulp=1,
    ),
    Case(
        "RandomUniform",
        "dropout_shape",
        lambda tf, x: tf.nn.dropout(x, 0.5, [4, 1], seed=7),
        (floats(4, 5),),
        grad=(0,),
        order=0,
        ulp=1,
    ),
    Case(
        "RandomUniform",
        "dropout_tensor",
        lambda tf, x, k: tf.nn.dropout(x, k, seed=7),
        (floats(4, 5), floats(low=0.6, high=0.9)),
        grad=(0,),
        order=0,
        ulp=1,
    ),
    Case(
        "RandomUniform",
        "dropout_float64",
        lambda tf, x: tf.nn.dropout(x, 0.5, seed=7),
        (floats(4, 5, dtype=np.float64),),
    ),
]

MISTAKES = [
    Mistake("Relu6", "strings", lambda tf: tf.nn.relu6(["a"])),
    Mistake("Elu", "integers", lambda tf: tf.nn.elu([1, 2])),
    Mistake("Selu", "integers", lambda tf: tf.nn.selu([1, 2])),
    Mistake("Softplus", "integers", lambda tf: tf.nn.softplus([1, 2])),
    Mistake("Softsign", "integers", lambda tf: tf.nn.softsign([1, 2])),
    Mistake("L2Loss", "integers", lambda tf: tf.nn.l2_loss([1, 2])),
    Mistake("LeakyRelu", "strings", lambda tf: tf.nn.leaky_relu(strings(b"a"))),
    Mistake("Exp", "log_poisson_shapes", lambda tf: tf.nn.log_poisson_loss(tf.ones([3]), tf.ones([2]))),
    Mistake(
        "Log1p",
        "weighted_shapes",
        lambda tf: tf.nn.weighted_cross_entropy_with_logits(tf.ones([3]), tf.ones([2]), 1.0),
    ),
    Mistake("RandomUniform", "dropout_none_kept", lambda tf: tf.nn.dropout(tf.ones([3]), 0.0)),
    Mistake("RandomUniform", "dropout_too_much", lambda tf: tf.nn.dropout(tf.ones([3]), 1.5)),
    Mistake("RandomUniform", "dropout_rate_1", lambda tf: tf.nn.dropout(tf.ones([3]), rate=1)),
    Mistake("RandomUniform", "dropout_integers", lambda tf: tf.nn.dropout(tf.ones([3], tf.int32), 0.5)),
    Mistake("RandomUniform", "dropout_both", lambda tf: tf.nn.dropout(tf.ones([3]), 0.5, rate=0.5)),
    Mistake("RandomUniform", "dropout_neither", lambda tf: tf.nn.dropout(tf.ones([3]))),
    Mistake("RandomUniform", "dropout_text", lambda tf: tf.nn.dropout(tf.ones([3]), "0.5")),
    Mistake("RandomUniform", "dropout_vector", lambda tf: tf.nn.dropout(tf.ones([3]), tf.ones([2]))),
    *[
        Mistake(
            f"{op}Grad",
            "shapes",
            lambda tf, dy, x, op=op: raw(tf, f"{op}Grad", dy, x),
            (floats(2, 3), floats(2, 4)),
        )
        for op in ("Relu6", "LeakyRelu", "Elu", "Selu", "Softplus", "Softsign")
    ],
]
