"""Shapes: asking for them and changing them."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake, raw
from optable.data import bools, floats, ints, strings


def _like(tf: Any, x: Any, like: Any) -> Any:
    return raw(tf, "Unbroadcast", x, like)


def _like_reference(x: Any, like: Any) -> Any:
    while x.ndim > like.ndim:
        x = x.sum(0)
    for axis, size in enumerate(like.shape):
        if size == 1:
            x = x.sum(axis, keepdims=True)
    return x


CASES = [
    # ----- identity -----
    Case("Identity", "matrix", lambda tf, x: tf.identity(x), (floats(2, 3),), grad=(0,)),
    Case("Identity", "scalar", lambda tf, x: tf.identity(x), (ints(),)),
    Case("Identity", "strings", lambda tf, x: tf.identity(x), (strings(b"a", b""),)),
    Case("Identity", "empty", lambda tf, x: tf.identity(x), (floats(0, 3),)),
    Case("StopGradient", "matrix", lambda tf, x: tf.stop_gradient(x), (floats(2, 3),), grad=(0,), order=0),
    Case("StopGradient", "half", lambda tf, x: x * tf.stop_gradient(x), (floats(2, 3),), grad=(0,), order=0),
    # ----- asking -----
    Case("Shape", "matrix", lambda tf, x: tf.shape(x), (floats(2, 3),), grad=(0,), order=0),
    Case("Shape", "scalar", lambda tf, x: tf.shape(x), (floats(),)),
    Case("Shape", "int64", lambda tf, x: tf.shape(x, out_type=tf.int64), (floats(0, 3),)),
    Case("Shape", "strings", lambda tf, x: tf.shape(x), (strings(b"a", b""),)),
    Case("Size", "matrix", lambda tf, x: tf.size(x), (floats(2, 3),), grad=(0,), order=0),
    Case("Size", "scalar", lambda tf, x: tf.size(x), (floats(),)),
    Case("Size", "int64", lambda tf, x: tf.size(x, out_type=tf.int64), (floats(0, 3),)),
    Case("Rank", "matrix", lambda tf, x: tf.rank(x), (floats(2, 3),), grad=(0,), order=0),
    Case("Rank", "scalar", lambda tf, x: tf.rank(x), (bools(),)),
    # ----- reshape -----
    Case("Reshape", "plain", lambda tf, x: tf.reshape(x, [3, 2]), (floats(2, 3),), grad=(0,)),
    Case("Reshape", "computed", lambda tf, x: tf.reshape(x, [-1, 6]), (floats(2, 3, 4),), grad=(0,)),
    Case("Reshape", "flat", lambda tf, x: tf.reshape(x, [-1]), (floats(2, 3),), grad=(0,)),
    Case("Reshape", "to_scalar", lambda tf, x: tf.reshape(x, []), (floats(1, 1),), grad=(0,)),
    Case("Reshape", "from_scalar", lambda tf, x: tf.reshape(x, [1, 1]), (floats(),), grad=(0,)),
    Case(
        "Reshape",
        "fed",
        lambda tf, x, s: tf.reshape(x, s),
        (floats(2, 3), np.array([3, -1], np.int32)),
        grad=(0,),
    ),
    Case("Reshape", "fed_int64", lambda tf, x, s: tf.reshape(x, s), (ints(6), np.array([3, 2], np.int64))),
    Case("Reshape", "empty", lambda tf, x: tf.reshape(x, [3, 0]), (floats(0, 2),), grad=(0,), order=0),
    Case("Reshape", "empty_computed", lambda tf, x: tf.reshape(x, [-1, 3]), (floats(0, 2),)),
    Case(
        "Reshape",
        "from_shape",
        lambda tf, x, y: tf.reshape(x, tf.shape(y)),
        (floats(2, 3), floats(3, 2)),
        grad=(0, 1),
    ),
    Case(
        "Reshape", "mixed", lambda tf, x: tf.reshape(x, [tf.shape(x)[0], -1]), (floats(2, 3, 4),), grad=(0,)
    ),
    Case(
        "Reshape",
        "concat",
        lambda tf, x: tf.reshape(x, tf.concat([tf.shape(x)[:1], [-1]], 0)),
        (floats(2, 3, 4),),
    ),
    # ----- expand_dims, squeeze -----
    Case("ExpandDims", "front", lambda tf, x: tf.expand_dims(x, 0), (floats(2, 3),), grad=(0,)),
    Case("ExpandDims", "middle", lambda tf, x: tf.expand_dims(x, 1), (floats(2, 3),), grad=(0,)),
    Case("ExpandDims", "end", lambda tf, x: tf.expand_dims(x, -1), (floats(2, 3),), grad=(0,)),
    Case("ExpandDims", "scalar", lambda tf, x: tf.expand_dims(x, 0), (floats(),), grad=(0,)),
    Case(
        "ExpandDims",
        "fed",
        lambda tf, x, a: tf.expand_dims(x, a),
        (floats(2, 3), np.array(1, np.int32)),
        grad=(0,),
    ),
    Case("ExpandDims", "old_name", lambda tf, x: tf.expand_dims(x, dim=-2), (ints(2, 3),)),
    Case("Squeeze", "all", lambda tf, x: tf.squeeze(x), (floats(1, 2, 1, 3),), grad=(0,)),
    Case("Squeeze", "one", lambda tf, x: tf.squeeze(x, 2), (floats(1, 2, 1, 3),), grad=(0,)),
    Case("Squeeze", "some", lambda tf, x: tf.squeeze(x, [0, -2]), (floats(1, 2, 1, 3),), grad=(0,)),
    Case("Squeeze", "nothing", lambda tf, x: tf.squeeze(x), (floats(2, 3),), grad=(0,)),
    Case("Squeeze", "scalar", lambda tf, x: tf.squeeze(x), (floats(),), grad=(0,)),
    Case("Squeeze", "empty", lambda tf, x: tf.squeeze(x), (floats(1, 0, 3),), grad=(0,), order=0),
    Case("Squeeze", "old_name", lambda tf, x: tf.squeeze(x, squeeze_dims=[1]), (ints(2, 1, 3),)),
    # ----- transpose -----
    Case("Transpose", "reverse", lambda tf, x: tf.transpose(x), (floats(2, 3, 4),), grad=(0,)),
    Case("Transpose", "perm", lambda tf, x: tf.transpose(x, [1, 2, 0]), (floats(2, 3, 4),), grad=(0,)),
    Case("Transpose", "scalar", lambda tf, x: tf.transpose(x), (floats(),), grad=(0,)),
    Case("Transpose", "vector", lambda tf, x: tf.transpose(x), (floats(3),), grad=(0,)),
    Case(
        "Transpose",
        "fed",
        lambda tf, x, p: tf.transpose(x, p),
        (floats(2, 3, 4), np.array([2, 0, 1], np.int32)),
        grad=(0,),
    ),
    Case("Transpose", "empty", lambda tf, x: tf.transpose(x), (floats(0, 3),), grad=(0,), order=0),
    Case(
        "InvertPermutation",
        "four",
        lambda tf, x: tf.invert_permutation(x),
        (np.array([2, 0, 3, 1], np.int32),),
    ),
    Case(
        "InvertPermutation", "int64", lambda tf, x: tf.invert_permutation(x), (np.array([1, 2, 0], np.int64),)
    ),
    Case("InvertPermutation", "empty", lambda tf, x: tf.invert_permutation(x), (ints(0),)),
    # ----- like another -----
    Case("ZerosLike", "matrix", lambda tf, x: tf.zeros_like(x), (floats(2, 3),), grad=(0,), order=0),
    Case("ZerosLike", "bools", lambda tf, x: tf.zeros_like(x), (bools(3),)),
    Case("ZerosLike", "strings", lambda tf, x: tf.zeros_like(x), (strings(b"a", b"b"),)),
    Case(
        "ZerosLike",
        "other_type",
        lambda tf, x: [tf.zeros_like(x, tf.int32), tf.zeros_like(x)],
        (floats(2, 3),),
    ),
    Case("ZerosLike", "not_optimized", lambda tf, x: tf.zeros_like(x, optimize=False), (floats(2, 3),)),
    Case("Fill", "ones_like", lambda tf, x: tf.ones_like(x), (floats(2, 3),), grad=(0,), order=0),
    Case("Fill", "ones_like_bool", lambda tf, x: tf.ones_like(x, tf.bool), (floats(0, 3),)),
    # ----- broadcasting -----
    Case("BroadcastTo", "row", lambda tf, x: tf.broadcast_to(x, [2, 3]), (floats(3),), grad=(0,)),
    Case("BroadcastTo", "column", lambda tf, x: tf.broadcast_to(x, [4, 2, 3]), (floats(2, 1),), grad=(0,)),
    Case("BroadcastTo", "scalar", lambda tf, x: tf.broadcast_to(x, [2, 3]), (floats(),), grad=(0,)),
    Case("BroadcastTo", "same", lambda tf, x: tf.broadcast_to(x, [2, 3]), (floats(2, 3),), grad=(0,)),
    Case(
        "BroadcastTo",
        "fed",
        lambda tf, x, s: tf.broadcast_to(x, s),
        (floats(3), np.array([2, 3], np.int32)),
        grad=(0,),
    ),
    Case("BroadcastTo", "empty", lambda tf, x: tf.broadcast_to(x, [0, 3]), (floats(3),), grad=(0,), order=0),
    Case("Unbroadcast", "row", _like, (floats(2, 3), floats(3)), grad=(0,), ulp=2, reference=_like_reference),
    Case(
        "Unbroadcast",
        "column",
        _like,
        (floats(4, 2, 3), floats(2, 1)),
        grad=(0,),
        ulp=2,
        reference=_like_reference,
    ),
    Case(
        "Unbroadcast",
        "scalar",
        _like,
        (floats(2, 3), floats()),
        grad=(0,),
        ulp=4,
        atol=1e-7,
        reference=_like_reference,
    ),
    Case("Unbroadcast", "same", _like, (floats(2, 3), floats(2, 3)), grad=(0,), reference=_like_reference),
    Case(
        "Unbroadcast",
        "empty",
        _like,
        (floats(0, 3), floats(3)),
        grad=(0,),
        order=0,
        reference=_like_reference,
    ),
]

MISTAKES = [
    Mistake("Reshape", "size", lambda tf, x: tf.reshape(x, [4, 2]), (floats(2, 3),)),
    Mistake("Reshape", "not_divisible", lambda tf, x: tf.reshape(x, [4, -1]), (floats(2, 3),)),
    Mistake("Reshape", "two_unknown", lambda tf, x: tf.reshape(x, [-1, -1]), (floats(2, 3),)),
    Mistake("Reshape", "negative", lambda tf, x: tf.reshape(x, [-2, -3]), (floats(2, 3),)),
    Mistake("Reshape", "float_shape", lambda tf, x: tf.reshape(x, [2.0, 3.0]), (floats(2, 3),)),
    Mistake("Reshape", "matrix_shape", lambda tf, x: tf.reshape(x, [[2, 3]]), (floats(2, 3),)),
    Mistake("Reshape", "fed", lambda tf, x, s: tf.reshape(x, s), (floats(2, 3), np.array([4, 2], np.int32))),
    Mistake("ExpandDims", "above", lambda tf, x: tf.expand_dims(x, 3), (floats(2, 3),)),
    Mistake("ExpandDims", "below", lambda tf, x: tf.expand_dims(x, -4), (floats(2, 3),)),
    Mistake("ExpandDims", "nothing", lambda tf, x: tf.expand_dims(x), (floats(2, 3),)),
    Mistake("ExpandDims", "both_names", lambda tf, x: tf.expand_dims(x, 0, dim=0), (floats(2, 3),)),
    Mistake("ExpandDims", "vector", lambda tf, x: tf.expand_dims(x, [0, 1]), (floats(2, 3),)),
    Mistake("Squeeze", "not_one", lambda tf, x: tf.squeeze(x, 0), (floats(2, 1, 3),)),
    Mistake("Squeeze", "above", lambda tf, x: tf.squeeze(x, 3), (floats(2, 1, 3),)),
    Mistake("Squeeze", "below", lambda tf, x: tf.squeeze(x, [1, -4]), (floats(2, 1, 3),)),
    Mistake("Squeeze", "both_names", lambda tf, x: tf.squeeze(x, 1, squeeze_dims=1), (floats(2, 1, 3),)),
    Mistake("Transpose", "length", lambda tf, x: tf.transpose(x, [1, 0]), (floats(2, 3, 4),)),
    Mistake("Transpose", "twice", lambda tf, x: tf.transpose(x, [0, 0, 1]), (floats(2, 3, 4),)),
    Mistake("Transpose", "above", lambda tf, x: tf.transpose(x, [0, 3, 1]), (floats(2, 3, 4),)),
    Mistake("Transpose", "matrix_perm", lambda tf, x: tf.transpose(x, [[0, 1]]), (floats(2, 3),)),
    Mistake(
        "InvertPermutation", "twice", lambda tf, x: tf.invert_permutation(x), (np.array([0, 0, 1], np.int32),)
    ),
    Mistake(
        "InvertPermutation", "above", lambda tf, x: tf.invert_permutation(x), (np.array([0, 3, 1], np.int32),)
    ),
    Mistake(
        "InvertPermutation",
        "matrix",
        lambda tf, x: tf.invert_permutation(x),
        (np.array([[0, 1, 2]], np.int32),),
    ),
    Mistake("InvertPermutation", "floats", lambda tf, x: tf.invert_permutation(x), (floats(3),)),
    Mistake("BroadcastTo", "size", lambda tf, x: tf.broadcast_to(x, [2, 4]), (floats(2, 3),)),
    Mistake("BroadcastTo", "rank", lambda tf, x: tf.broadcast_to(x, [3]), (floats(2, 3),)),
    Mistake("BroadcastTo", "negative", lambda tf, x: tf.broadcast_to(x, [-1, 3]), (floats(2, 3),)),
]
