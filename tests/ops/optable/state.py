"""Placeholders, variables, and operations that only order others."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats, ints, strings

START = floats(3, 2, low=1, high=3, seed=4)


def _variable(tf: Any, **keywords: Any) -> Any:
    return tf.Variable(START, name="v", **keywords)


def _write(function: str) -> Any:
    return lambda tf, x: getattr(tf, function)(_variable(tf), x)


def _scatter(op_type: str) -> Any:
    return lambda tf, i, x: raw(tf, op_type, _variable(tf), i, x)


def _descent(tf: Any, dy: Any) -> Any:
    return tf.train.GradientDescentOptimizer(0.1).apply_gradients([(dy, _variable(tf))])


def _sparse_descent(tf: Any, i: Any) -> Any:
    v = _variable(tf)
    return tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(tf.square(tf.gather(v, i))))


def _any_shape(tf: Any, x: Any) -> Any:
    return tf.assign(_variable(tf, validate_shape=False), x, validate_shape=False)


ROWS = np.array([2, 0], np.int32)
CASES = [
    Case("Placeholder", "identity", lambda tf, x: x, (floats(2, 3),), grad=(0,)),
    Case("Placeholder", "string", lambda tf, x: x, (strings(b"a", b""),)),
    Case("PlaceholderWithDefault", "default", lambda tf: tf.placeholder_with_default([1.0, 2.0], [None])),
    Case(
        "PlaceholderWithDefault",
        "gradient",
        lambda tf, x: tf.placeholder_with_default(x, [None, 3]),
        (floats(2, 3),),
        grad=(0,),
    ),
    Case("PlaceholderWithDefault", "scalar", lambda tf: tf.placeholder_with_default(3, [])),
    Case("NoOp", "nothing", lambda tf: tf.no_op()),
    Case(
        "NoOp",
        "group",
        lambda tf, x: [tf.group(x, tf.no_op()), *tf.tuple([x, x * 2.0])],
        (floats(2, 3),),
        grad=(0,),
    ),
    Case("VariableV2", "read", _variable),
    Case(
        "VariableV2",
        "types",
        lambda tf: [tf.Variable(1), tf.Variable("a"), tf.Variable(True), tf.Variable([1, 2.0])],
    ),
    Case("VariableV2", "empty", lambda tf: tf.Variable(tf.zeros([0, 3]))),
    Case("Assign", "value", _write("assign"), (floats(3, 2),)),
    Case("Assign", "any_shape", _any_shape, (floats(4),)),
    Case("AssignAdd", "value", _write("assign_add"), (floats(3, 2),)),
    Case("AssignSub", "value", _write("assign_sub"), (floats(3, 2),)),
    Case("AssignAdd", "twice", lambda tf: tf.assign_add(tf.Variable(7), 3), runs=2),
    Case("AssignAdd", "wraps", lambda tf: tf.assign_add(tf.Variable(2**31 - 1), 3)),
    Case("ApplyGradientDescent", "dense", _descent, (floats(3, 2),), runs=2, ulp=1),
    Case("ScatterUpdate", "rows", _scatter("ScatterUpdate"), (np.array([2, 0, 1], "i"), floats(3, 2))),
    Case("ScatterAdd", "rows", _scatter("ScatterAdd"), (np.array([2, 0, 2], "i"), floats(3, 2))),
    Case("ScatterSub", "rows", _scatter("ScatterSub"), (np.array([2, 0, 2], np.int64), floats(3, 2))),
    Case("ScatterSub", "one", _scatter("ScatterSub"), (np.array(1, "i"), floats(2))),
    Case("ScatterAdd", "scalar", _scatter("ScatterAdd"), (ROWS, floats())),
    Case("ScatterUpdate", "scalar", _scatter("ScatterUpdate"), (ROWS, floats())),
    Case("ScatterAdd", "nothing", _scatter("ScatterAdd"), (ints(0), floats(0, 2))),
    Case("ScatterSub", "descent", _sparse_descent, (np.array([2, 0, 2], "i"),), runs=2, ulp=2),
    Case("IsVariableInitialized", "yes", lambda tf: tf.is_variable_initialized(_variable(tf))),
    Case(
        "IsVariableInitialized",
        "no",
        lambda tf: tf.is_variable_initialized(tf.Variable(1, collections=[], trainable=False)),
    ),
    Case(
        "ReadVariableOr",
        "initialized",
        lambda tf: _variable(tf).initialized_value(),
        reference=lambda: [START, START],
    ),
    Case(
        "ReadVariableOr",
        "default",
        lambda tf: tf.Variable(5, collections=[], trainable=False).initialized_value(),
        reference=lambda: np.int32(5),
    ),
]

_NO_VARIABLE = (
    "build",
    "TypeError",
    "'IsVariableInitialized' Op requires that input 'ref' be a mutable tensor (e.g.: a tf.Variable)",
)

MISTAKES = [
    Mistake("Placeholder", "not_fed", lambda tf: tf.placeholder(tf.float32, name="p")),
    Mistake("Placeholder", "not_fed_shape", lambda tf: tf.placeholder(tf.int64, [None, 3], name="p")),
    Mistake("Placeholder", "not_fed_double", lambda tf: tf.placeholder(tf.float64, [], name="p") * 2.0),
    Mistake("Placeholder", "no_type", lambda tf: tf.placeholder("float99")),
    Mistake("PlaceholderWithDefault", "shape", lambda tf: tf.placeholder_with_default([1.0, 2.0], [3])),
    Mistake("VariableV2", "nothing", lambda tf: tf.Variable()),
    Mistake("VariableV2", "uninitialized", _variable, initialize=False),
    Mistake("VariableV2", "uninitialized_read", lambda tf: _variable(tf) * 2.0, initialize=False),
    Mistake("VariableV2", "unknown_shape", lambda tf, x: tf.Variable(x), (floats(3),), initialize=False),
    Mistake("Assign", "shape", _write("assign"), (floats(2, 3),)),
    Mistake("Assign", "rank", _write("assign"), (floats(3),)),
    Mistake("Assign", "type", _write("assign"), (ints(3, 2),)),
    Mistake("Assign", "no_variable", lambda tf, x: raw(tf, "Assign", x, x), (floats(3),)),
    Mistake("AssignAdd", "shape", _write("assign_add"), (floats(2, 3),)),
    Mistake("AssignAdd", "type", _write("assign_add"), (ints(3, 2),)),
    Mistake("AssignAdd", "uninitialized", _write("assign_add"), (floats(3, 2),), initialize=False),
    Mistake("AssignSub", "shape", _write("assign_sub"), (floats(2, 3),)),
    Mistake("AssignSub", "string", lambda tf: tf.assign_sub(tf.Variable("a"), "b")),
    Mistake("ApplyGradientDescent", "shape", _descent, (floats(2, 3),)),
    Mistake("ScatterUpdate", "above", _scatter("ScatterUpdate"), (np.array([0, 3, 1], "i"), floats(3, 2))),
    Mistake("ScatterAdd", "below", _scatter("ScatterAdd"), (np.array([0, -1, 1], "i"), floats(3, 2))),
    Mistake("ScatterSub", "shape", _scatter("ScatterSub"), (ROWS, floats(2, 4))),
    Mistake("ScatterSub", "float_indices", _scatter("ScatterSub"), (floats(3), floats(3, 2))),
    Mistake(
        "IsVariableInitialized",
        "tensor",
        lambda tf, x: tf.is_variable_initialized(x),
        (floats(3),),
        says=dict.fromkeys(("full", "unknown"), _NO_VARIABLE),
        why="TensorFlow asks the tensor for a method it lacks",
    ),
]
