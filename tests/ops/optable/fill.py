"""Tensors from a few numbers: constants, fills, sequences."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import floats


def _linspace(tf: Any, start: Any, stop: Any, num: Any) -> Any:
    """Version 2 makes `tf.linspace` of many operations; the one operation is still there."""
    return raw(tf, "LinSpace", start, stop, num)


CASES = [
    Case(
        "Const", "numbers", lambda tf: [tf.constant(3), tf.constant(2.5), tf.constant(True), tf.constant("a")]
    ),
    Case(
        "Const",
        "lists",
        lambda tf: [tf.constant([[1, 2, 3], [4, 5, 6]]), tf.constant([1, 2.5]), tf.constant([])],
    ),
    Case(
        "Const",
        "typed",
        lambda tf: [tf.constant(3, tf.float64), tf.constant([1], tf.uint8), tf.constant(1, tf.int64)],
    ),
    Case(
        "Const",
        "bools_as_numbers",
        lambda tf: [tf.constant(True, tf.int32), tf.constant([True, 2.5], tf.float32)],
    ),
    Case("Const", "shaped", lambda tf: [tf.constant(7.0, shape=[2, 3]), tf.constant([1, 2], shape=[3])]),
    Case(
        "Const",
        "arrays",
        lambda tf: [tf.constant(np.arange(3)), tf.constant(np.ones([2, 3])), tf.constant(np.float16(1))],
    ),
    Case("Const", "large", lambda tf: [tf.constant(2**31), tf.constant(-(2**31)), tf.constant([2**40])]),
    Case(
        "Const",
        "strings",
        lambda tf: [tf.constant(["a", "ü"]), tf.constant([b"\xff"]), tf.constant("", shape=[2])],
    ),
    Case("Const", "special", lambda tf: tf.constant([float("nan"), float("inf"), -0.0, 1e-45])),
    Case("Const", "empty", lambda tf: [tf.constant([], tf.int32), tf.constant([[], []]), tf.zeros([0, 3])]),
    Case(
        "Const",
        "zeros",
        lambda tf: [
            tf.zeros([2, 3]),
            tf.zeros([], tf.int32),
            tf.zeros([2], tf.bool),
            tf.zeros([2], tf.string),
        ],
    ),
    Case("Const", "ones", lambda tf: [tf.ones([2, 3]), tf.ones([], tf.int64), tf.ones([2], tf.bool)]),
    Case("Fill", "list", lambda tf, v: tf.fill([2, 3], v), (floats(),), grad=(0,)),
    Case("Fill", "fed", lambda tf, d, v: tf.fill(d, v), (np.array([2, 3], np.int32), floats()), grad=(1,)),
    Case("Fill", "fed_int64", lambda tf, d: tf.fill(d, 7), (np.array([2, 3], np.int64),)),
    Case("Fill", "scalar", lambda tf, v: tf.fill([], v), (floats(),), grad=(0,)),
    Case("Fill", "empty", lambda tf, v: tf.fill([0, 3], v), (floats(),), grad=(0,), order=0),
    Case("Fill", "string", lambda tf: tf.fill([2], "a")),
    Case("Fill", "bool", lambda tf: tf.fill([2], True)),
    Case(
        "Fill", "zeros_fed", lambda tf, d: [tf.zeros(d), tf.ones(d, tf.int32)], (np.array([2, 3], np.int32),)
    ),
    Case(
        "Fill",
        "from_shape",
        lambda tf, x: [tf.zeros(tf.shape(x)), tf.ones([tf.shape(x)[0], 4])],
        (floats(2, 3),),
    ),
    Case("Range", "limit", lambda tf: [tf.range(5), tf.range(0), tf.range(1)]),
    Case("Range", "start", lambda tf: [tf.range(2, 5), tf.range(5, 5), tf.range(-3, 3, 2)]),
    Case("Range", "down", lambda tf: [tf.range(5, 0, -2), tf.range(5, -1, -1)]),
    Case(
        "Range", "floats", lambda tf: [tf.range(0.5, 3.0, 0.5), tf.range(1.0, 0.0, -0.3), tf.range(0, 1, 0.1)]
    ),
    Case("Range", "typed", lambda tf: [tf.range(3, dtype=tf.float32), tf.range(3, dtype=tf.int64)]),
    Case("Range", "widened", lambda tf: [tf.range(0, 3.0), tf.range(np.int64(0), 4)]),
    Case("Range", "fed", lambda tf, n: tf.range(n), (np.array(4, np.int32),)),
    Case(
        "Range",
        "fed_all",
        lambda tf, a, b, d: tf.range(a, b, d),
        tuple(np.array(v, np.int64) for v in (9, 2, -3)),
    ),
    Case("Range", "fed_float", lambda tf, n: tf.range(0.0, n, 0.25), (np.array(1.1, np.float32),)),
    Case(
        "Range",
        "no_gradient",
        lambda tf, x: tf.range(0.0, x, 0.25),
        (np.array(1.1, np.float32),),
        grad=(0,),
        order=0,
    ),
    Case("LinSpace", "no_gradient", lambda tf, x: _linspace(tf, 0.0, x, 3), (floats(),), grad=(0,), order=0),
    Case("LinSpace", "three", lambda tf: _linspace(tf, 0.0, 1.0, 3)),
    Case("LinSpace", "seven", lambda tf: _linspace(tf, -1.3, 2.9, 7), ulp=2),
    Case("LinSpace", "down", lambda tf: _linspace(tf, 2.0, -1.0, 4)),
    Case("LinSpace", "one", lambda tf: _linspace(tf, 2.0, 3.0, 1)),
    Case("LinSpace", "float64", lambda tf: _linspace(tf, np.float64(0.1), np.float64(0.9), 11), ulp=2),
    Case(
        "LinSpace",
        "fed",
        _linspace,
        (floats(), floats(seed=1), np.array(5, "i")),
        ulp=2,
    ),
]

MISTAKES = [
    Mistake("Const", "mixed", lambda tf: tf.constant([1, "a"])),
    Mistake(
        "Const",
        "ragged",
        lambda tf: tf.constant([[1, 2], [3]]),
        says={
            "full": (
                "build",
                "ValueError",
                "Can't convert non-rectangular Python sequence to Tensor: [[1, 2], [3]]",
            )
        },
        why="TensorFlow passes on what NumPy says, which changes with its version",
    ),
    Mistake("Const", "float_for_int", lambda tf: tf.constant(1.5, tf.int32)),
    Mistake("Const", "text_for_float", lambda tf: tf.constant("a", tf.float32)),
    Mistake("Const", "too_many", lambda tf: tf.constant([1, 2, 3], shape=[2])),
    Mistake(
        "Const",
        "out_of_range",
        lambda tf: tf.constant(300, tf.uint8),
        says={
            "full": (
                "build",
                "ValueError",
                "Can't convert Python sequence with out-of-range integer to Tensor of type uint8",
            )
        },
        why="TensorFlow makes another number of it and says nothing",
    ),
    Mistake("Const", "none", lambda tf: tf.constant(None)),
    Mistake("Const", "object", lambda tf: tf.constant(object)),
    Mistake("Fill", "negative", lambda tf, d: tf.fill(d, 1), (np.array([2, -3], np.int32),)),
    Mistake("Fill", "negative_known", lambda tf: tf.fill([2, -3], 1)),
    Mistake("Fill", "vector_value", lambda tf, v: tf.fill([2], v), (floats(3),)),
    Mistake("Fill", "float_dims", lambda tf: tf.fill([2.0], 1)),
    Mistake("Fill", "matrix_dims", lambda tf, d: tf.fill(d, 1), (np.array([[2, 3]], np.int32),)),
    Mistake("Range", "no_step", lambda tf: tf.range(0, 5, 0)),
    Mistake("Range", "no_step_fed", lambda tf, d: tf.range(0, 5, d), (np.array(0, np.int32),)),
    Mistake("Range", "wrong_way", lambda tf: tf.range(5, 0)),
    Mistake("Range", "wrong_way_down", lambda tf: tf.range(0, 5, -1)),
    Mistake("Range", "wrong_way_fed", lambda tf, n: tf.range(5, n), (np.array(0, np.int32),)),
    Mistake("Range", "vector", lambda tf, n: tf.range(n), (np.array([3, 4], np.int32),)),
    Mistake("LinSpace", "none", lambda tf: _linspace(tf, 0.0, 1.0, 0)),
    Mistake("LinSpace", "negative_fed", lambda tf, n: _linspace(tf, 0.0, 1.0, n), (np.array(-1, np.int32),)),
    Mistake("LinSpace", "vector", lambda tf, a: _linspace(tf, a, 1.0, 3), (floats(3),)),
    Mistake(
        "LinSpace", "types", lambda tf, a, b: _linspace(tf, a, b, 3), (floats(), floats(dtype=np.float64))
    ),
]
