"""Examples, the records of data sets: what `tf.parse_example` makes of them."""

from __future__ import annotations

from typing import Any

from optable.case import Case, Mistake
from optable.data import floats


def _example(tf: Any, **features: Any) -> bytes:
    """A serialized example; the type of a feature is that of its values."""
    lists = {}
    for name, values in features.items():
        if isinstance(values[0], bytes):
            lists[name] = tf.train.Feature(bytes_list=tf.train.BytesList(value=values))
        elif isinstance(values[0], int):
            lists[name] = tf.train.Feature(int64_list=tf.train.Int64List(value=values))
        else:
            lists[name] = tf.train.Feature(float_list=tf.train.FloatList(value=values))
    serialized: bytes = tf.train.Example(features=tf.train.Features(feature=lists)).SerializeToString()
    return serialized


def _two(tf: Any) -> list[bytes]:
    return [
        _example(tf, x=[1.5, -2.0], n=[3], s=[b"a", b"", b"c"]),
        _example(tf, x=[0.25, 4.0], n=[-(2**63)]),
    ]


def _parts(found: Any) -> list[Any]:
    """The tensors of a dictionary of dense and sparse ones, by name."""
    parts: list[Any] = []
    for name in sorted(found):
        value = found[name]
        parts += [value.indices, value.values, value.dense_shape] if hasattr(value, "values") else [value]
    return parts


def _parsed(tf: Any, serialized: Any, **features: Any) -> list[Any]:
    return _parts(tf.parse_example(serialized, features))


def _single(tf: Any, serialized: Any, **features: Any) -> list[Any]:
    return _parts(tf.parse_single_example(serialized, features))


def _fixed(tf: Any, shape: Any, dtype: str, *default: Any) -> Any:
    return tf.FixedLenFeature(shape, getattr(tf, dtype), *default)


def _any(tf: Any, dtype: str) -> Any:
    return tf.VarLenFeature(getattr(tf, dtype))


CASES = [
    Case("ParseExample", "vectors", lambda tf: _parsed(tf, _two(tf), x=_fixed(tf, [2], "float32"))),
    Case("ParseExample", "scalars", lambda tf: _parsed(tf, _two(tf), n=_fixed(tf, [], "int64"))),
    Case(
        "ParseExample", "default",
        lambda tf: _parsed(tf, _two(tf), s=_fixed(tf, [3], "string", [b"x", b"y", b""])),
    ),
    Case("ParseExample", "default_scalar", lambda tf: _parsed(tf, _two(tf), none=_fixed(tf, [], "int64", 7))),
    Case("ParseExample", "matrix", lambda tf: _parsed(tf, _two(tf), x=_fixed(tf, [1, 2], "float32"))),
    Case("ParseExample", "sparse", lambda tf: _parsed(tf, _two(tf), s=_any(tf, "string"))),
    Case("ParseExample", "sparse_and_missing", lambda tf: _parsed(tf, _two(tf), none=_any(tf, "float32"))),
    Case(
        "ParseExample", "all",
        lambda tf: _parsed(
            tf, _two(tf), x=_any(tf, "float32"), n=_fixed(tf, [1], "int64"), s=_any(tf, "string")
        ),
    ),
    Case("ParseExample", "no_examples", lambda tf: _parsed(
        tf, tf.constant([], tf.string), x=_any(tf, "float32"), n=_fixed(tf, [2], "int64"))),
    Case(
        "ParseExample", "single",
        lambda tf: _single(tf, _two(tf)[0], x=_fixed(tf, [2], "float32"), s=_any(tf, "string")),
    ),
]  # fmt: skip

NO_FEATURES = ("build", "ValueError", "Missing: features was {}.")
INVALID = ("build", "ValueError", "Invalid feature x:<dtype: 'float32'>.")
DEFAULT = ("build", "ValueError", "Cannot reshape a tensor with 3 elements to shape [2] (2 elements)")

MISTAKES = [
    Mistake("ParseExample", "missing", lambda tf: _parsed(tf, _two(tf), s=_fixed(tf, [3], "string"))),
    Mistake("ParseExample", "other_type", lambda tf: _parsed(tf, _two(tf), x=_fixed(tf, [2], "int64"))),
    Mistake("ParseExample", "other_type_sparse", lambda tf: _parsed(tf, _two(tf), x=_any(tf, "int64"))),
    Mistake("ParseExample", "other_size", lambda tf: _parsed(tf, _two(tf), x=_fixed(tf, [3], "float32"))),
    Mistake("ParseExample", "damaged", lambda tf: _parsed(tf, [b"\n\x05abc"], x=_any(tf, "int64"))),
    Mistake("ParseExample", "no_features", lambda tf: _parsed(tf, _two(tf)), says={"full": NO_FEATURES}, why="version 1"),
    Mistake("ParseExample", "type", lambda tf, x: _parsed(tf, x, x=_any(tf, "int64")), (floats(2),)),
    Mistake("ParseExample", "dtype_of_feature", lambda tf: _parsed(tf, _two(tf), x=_any(tf, "int32"))),
    Mistake(
        "ParseExample", "no_feature", lambda tf: _parsed(tf, _two(tf), x=tf.float32),
        says={"full": INVALID}, why="version 1",
    ),
    Mistake(
        "ParseExample", "default_shape",
        lambda tf: _parsed(tf, _two(tf), none=_fixed(tf, [2], "int64", [1, 2, 3])),
        says={"full": DEFAULT}, why="there is no node for it here",
    ),
]  # fmt: skip
