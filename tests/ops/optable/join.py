"""Joining tensors, taking them apart, repeating them."""

from __future__ import annotations

from typing import Any

import numpy as np

from optable.case import Case, Mistake
from optable.data import floats, ints, strings


def _concat(axis: Any) -> Any:
    return lambda tf, *xs: tf.concat(list(xs), axis)


def _stack(axis: int) -> Any:
    return lambda tf, *xs: tf.stack(list(xs), axis)


def _split(parts: Any, axis: Any = 0) -> Any:
    return lambda tf, x: tf.split(x, parts, axis)


CASES = [
    Case("ConcatV2", "rows", _concat(0), (floats(2, 3), floats(1, 3, seed=1)), grad=(0, 1)),
    Case("ConcatV2", "columns", _concat(1), (floats(2, 3), floats(2, 4, seed=1)), grad=(0, 1)),
    Case(
        "ConcatV2",
        "negative",
        _concat(-1),
        (floats(2, 3, 1), floats(2, 3, 4), floats(2, 3, 5)),
        grad=(0, 1, 2),
    ),
    Case("ConcatV2", "integers", _concat(0), (ints(2), ints(3), ints(1))),
    Case("ConcatV2", "strings", _concat(0), (strings(b"a"), strings(b"", b"c"))),
    Case("ConcatV2", "with_empty", _concat(0), (floats(2, 3), floats(0, 3)), grad=(0, 1), order=0),
    Case(
        "ConcatV2",
        "axis_fed",
        lambda tf, x, y, a: tf.concat([x, y], a),
        (floats(2, 3), floats(2, 4, seed=1), np.array(1, np.int32)),
        grad=(0, 1),
    ),
    Case("ConcatV2", "with_constant", lambda tf, x: tf.concat([x, [7.0, 8.0]], 0), (floats(3),), grad=(0,)),
    Case("Identity", "concat_one", _concat(0), (floats(2, 3),), grad=(0,)),
    Case("Pack", "front", _stack(0), (floats(2, 3), floats(2, 3, seed=1)), grad=(0, 1)),
    Case("Pack", "middle", _stack(1), (floats(2, 3), floats(2, 3, seed=1)), grad=(0, 1)),
    Case("Pack", "end", _stack(-1), (floats(2, 3), floats(2, 3, seed=1)), grad=(0, 1)),
    Case("Pack", "scalars", _stack(0), (floats(), floats(seed=1), floats(seed=2)), grad=(0, 1, 2)),
    Case("Pack", "one", _stack(1), (floats(2, 3),), grad=(0,)),
    Case("Pack", "list", lambda tf, x: tf.convert_to_tensor([x, 1.0, [2.0][0]]), (floats(),), grad=(0,)),
    Case(
        "Pack",
        "nested_list",
        lambda tf, x: tf.convert_to_tensor([[x, 1.0], [2.0, x]]),
        (floats(),),
        grad=(0,),
    ),
    Case("Pack", "empty", _stack(0), (floats(0, 3), floats(0, 3)), grad=(0, 1), order=0),
    Case("Unpack", "rows", lambda tf, x: tf.unstack(x, 2), (floats(2, 3),), grad=(0,)),
    Case("Unpack", "columns", lambda tf, x: tf.unstack(x, 3, axis=1), (floats(2, 3),), grad=(0,)),
    Case("Unpack", "negative", lambda tf, x: tf.unstack(x, 4, axis=-1), (floats(2, 3, 4),), grad=(0,)),
    Case("Unpack", "inferred", lambda tf, x: tf.unstack(x, axis=1), (floats(2, 3),), grad=(0,)),
    Case("Unpack", "some_used", lambda tf, x: tf.unstack(x, 3)[1], (floats(3, 2),), grad=(0,)),
    Case("Unpack", "integers", lambda tf, x: tf.unstack(x, 3), (ints(3),)),
    Case("Split", "rows", _split(2), (floats(4, 3),), grad=(0,)),
    Case("Split", "columns", _split(3, 1), (floats(2, 6),), grad=(0,)),
    Case("Split", "negative", _split(2, -1), (floats(2, 3, 4),), grad=(0,)),
    Case("Split", "one", _split(1), (floats(2, 3),), grad=(0,)),
    Case(
        "Split",
        "axis_fed",
        lambda tf, x, a: tf.split(x, 2, a),
        (floats(3, 4), np.array(1, np.int32)),
        grad=(0,),
    ),
    Case("Split", "some_used", lambda tf, x: tf.split(x, 2)[1], (floats(4, 3),), grad=(0,)),
    Case("Split", "empty", _split(2, 1), (floats(0, 4),), grad=(0,), order=0),
    Case("SplitV", "sizes", _split([1, 3]), (floats(4, 3),), grad=(0,)),
    Case("SplitV", "columns", _split([1, 2, 4], 1), (floats(2, 7),), grad=(0,)),
    Case("SplitV", "computed", _split([1, -1], -1), (floats(2, 5),), grad=(0,)),
    Case("SplitV", "zero_size", _split([0, 2]), (floats(2, 3),), grad=(0,)),
    Case(
        "SplitV",
        "fed",
        lambda tf, x, s: tf.split(x, s, num=2),
        (floats(5, 3), np.array([4, 1], np.int32)),
        grad=(0,),
    ),
    Case("Tile", "both", lambda tf, x: tf.tile(x, [2, 3]), (floats(2, 1),), grad=(0,)),
    Case("Tile", "matrix", lambda tf, x: tf.tile(x, [3, 2]), (floats(2, 5),), grad=(0,)),
    Case("Tile", "ones", lambda tf, x: tf.tile(x, [1, 1]), (floats(2, 3),), grad=(0,)),
    Case("Tile", "none", lambda tf, x: tf.tile(x, [0, 2]), (floats(2, 3),), grad=(0,), order=0),
    Case("Tile", "scalar", lambda tf, x: tf.tile(x, []), (floats(),), grad=(0,)),
    Case(
        "Tile", "fed", lambda tf, x, m: tf.tile(x, m), (floats(2, 3), np.array([2, 1], np.int32)), grad=(0,)
    ),
    Case("Tile", "fed_int64", lambda tf, x, m: tf.tile(x, m), (ints(3), np.array([2], np.int64))),
    Case("Tile", "strings", lambda tf, x: tf.tile(x, [2]), (strings(b"a", b"b"),)),
]

MISTAKES = [
    Mistake("ConcatV2", "sizes", _concat(0), (floats(2, 3), floats(2, 4))),
    Mistake("ConcatV2", "ranks", _concat(0), (floats(2, 3), floats(3))),
    Mistake("ConcatV2", "axis_above", _concat(2), (floats(2, 3), floats(2, 3))),
    Mistake("ConcatV2", "axis_below", _concat(-3), (floats(2, 3), floats(2, 3))),
    Mistake("ConcatV2", "types", _concat(0), (floats(2), ints(2))),
    Mistake("ConcatV2", "scalars", _concat(0), (floats(), floats())),
    Mistake("ConcatV2", "vector_axis", _concat([0, 1]), (floats(2, 3), floats(2, 3))),
    Mistake("ConcatV2", "third", _concat(1), (floats(2, 3), floats(2, 1), floats(4, 3))),
    Mistake("Pack", "sizes", _stack(0), (floats(2, 3), floats(2, 4))),
    Mistake("Pack", "ranks", _stack(0), (floats(2, 3), floats(3))),
    Mistake("Pack", "axis_above", _stack(3), (floats(2, 3), floats(2, 3))),
    Mistake("Pack", "axis_below", _stack(-4), (floats(2, 3), floats(2, 3))),
    Mistake("Pack", "types", _stack(0), (floats(2), ints(2))),
    Mistake("Pack", "third", _stack(0), (floats(2), floats(2), floats(3))),
    Mistake("Unpack", "number", lambda tf, x: tf.unstack(x, 4), (floats(2, 3),)),
    Mistake("Unpack", "axis_above", lambda tf, x: tf.unstack(x, 2, axis=2), (floats(2, 3),)),
    Mistake("Unpack", "axis_below", lambda tf, x: tf.unstack(x, 2, axis=-3), (floats(2, 3),)),
    Mistake("Unpack", "axis_inferred", lambda tf, x: tf.unstack(x, axis=2), (floats(2, 3),)),
    Mistake("Unpack", "scalar", lambda tf, x: tf.unstack(x, 1), (floats(),)),
    Mistake("Split", "uneven", _split(4, 1), (floats(2, 6),)),
    Mistake("Split", "axis_above", _split(2, 2), (floats(2, 6),)),
    Mistake("Split", "axis_below", _split(2, -3), (floats(2, 6),)),
    Mistake("Split", "scalar", _split(2), (floats(),)),
    Mistake("Split", "none", _split(0), (floats(2, 6),)),
    Mistake("SplitV", "too_much", _split([4, 3], 1), (floats(2, 6),)),
    Mistake("SplitV", "too_little", _split([4, 1], 1), (floats(2, 6),)),
    Mistake("SplitV", "too_much_computed", _split([7, -1], 1), (floats(2, 6),)),
    Mistake("SplitV", "axis_above", _split([1, 1], 2), (floats(2, 6),)),
    Mistake("SplitV", "two_unknown", _split([-1, -1], 1), (floats(2, 6),)),
    Mistake("Tile", "length", lambda tf, x: tf.tile(x, [2]), (floats(2, 3),)),
    Mistake("Tile", "negative", lambda tf, x: tf.tile(x, [2, -1]), (floats(2, 3),)),
    Mistake("Tile", "float", lambda tf, x: tf.tile(x, [2.0, 1.0]), (floats(2, 3),)),
]
