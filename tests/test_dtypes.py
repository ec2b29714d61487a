"""Element types: one object each, under TensorFlow's names and NumPy's."""

import copy
import pickle

import numpy as np
import pytest

import graphmagic as tf
from graphmagic import dtypes


@pytest.mark.parametrize("dtype", dtypes.ALL, ids=lambda d: d.name)
def test_a_type_is_found_by_all_its_names(dtype):
    assert tf.as_dtype(dtype.name) is tf.as_dtype(dtype.proto_name) is tf.as_dtype(dtype) is dtype
    assert tf.as_dtype(dtype.ref_dtype.name) is dtype.ref_dtype
    assert pickle.loads(pickle.dumps(dtype)) is copy.deepcopy(dtype) is dtype
    if dtype is not tf.string:
        assert tf.as_dtype(dtype.numpy) is tf.as_dtype(dtype.as_numpy_dtype) is dtype


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (float, tf.float32),
        (bool, tf.bool),
        (str, tf.string),
        (bytes, tf.string),
        (object, tf.string),
        (np.dtype("U3"), tf.string),
        (np.dtype("S3"), tf.string),
        ("half", tf.float16),
        ("double", tf.float64),
        (np.dtype(">i4"), tf.int32),
    ],
)
def test_other_names(value, dtype):
    assert tf.as_dtype(value) is dtype


@pytest.mark.parametrize("value", ["floaty", None, 999, int, np.dtype("datetime64[s]"), np.void, [], {}])
def test_what_is_no_type(value):
    with pytest.raises(
        TypeError, match=r"Cannot convert the argument `type_value`: .* to a TensorFlow DType"
    ):
        tf.as_dtype(value)


def test_equality():
    assert tf.float32 == "float32" == tf.float32
    assert tf.float32 == np.float32
    assert tf.float32 not in (tf.float64, "float64", "no type", None, 3, tf.float32.ref_dtype)
    assert tf.float32.ref_dtype.base_dtype is tf.float32
    assert tf.float32.is_compatible_with(tf.float32.ref_dtype)
    assert len({tf.float32, tf.as_dtype("float"), tf.int32}) == 2


def test_texts():
    assert (repr(tf.float32), str(tf.int32), repr(tf.bool.ref_dtype)) == (
        "tf.float32",
        "<dtype: 'int32'>",
        "tf.bool_ref",
    )


def test_what_a_type_tells():
    assert (tf.int8.min, tf.int8.max, tf.bool.max) == (-128, 127, True)
    assert tf.float32.max == np.finfo(np.float32).max
    assert (tf.float64.size, tf.string.size) == (8, 1)
    assert (tf.complex64.real_dtype, tf.complex128.real_dtype, tf.int32.real_dtype) == (
        tf.float32,
        tf.float64,
        tf.int32,
    )
    kinds = [
        [t.name for t in dtypes.ALL if getattr(t, f"is_{kind}")]
        for kind in ("floating", "complex", "bool", "unsigned")
    ]
    assert kinds == [
        ["float16", "float32", "float64"],
        ["complex64", "complex128"],
        ["bool"],
        ["uint8", "uint16", "uint32", "uint64"],
    ]
    with pytest.raises(TypeError, match=r"Cannot find minimum value of <dtype: 'string'>"):
        _ = tf.string.min


def test_numbers_of_protocol_buffers():
    assert [tf.as_dtype(n) for n in (1, 3, 7, 10)] == [tf.float32, tf.int32, tf.string, tf.bool]
    assert tf.as_dtype(103) is tf.int32.ref_dtype
    assert (tf.float16.as_datatype_enum, tf.float64.ref_dtype.as_datatype_enum) == (19, 102)
