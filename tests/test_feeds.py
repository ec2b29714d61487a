"""Feeds: which tensors a run can be given values for, which values, and what it answers to others."""

import numpy as np
import pytest

import graphmagic as tf


@pytest.fixture
def sess():
    return tf.Session()


def raises(function, kind, text):
    with pytest.raises(kind) as caught:
        function()
    assert str(caught.value).startswith(text)
    return caught.value


@pytest.mark.parametrize(
    ("dtype", "value", "expected"),
    [
        (tf.float32, 1.5, 1.5),
        (tf.float32, [1, 2], [1.0, 2.0]),
        (tf.float32, np.arange(3), [0.0, 1.0, 2.0]),
        (tf.float32, np.arange(6.0).reshape(2, 3).T[::2], [[0.0, 3.0], [2.0, 5.0]]),
        (tf.float32, np.array([1, 2], ">f4"), [1.0, 2.0]),
        (tf.float32, [[]], [[]]),
        (tf.float64, np.float32(0.5), 0.5),
        (tf.int32, 7, 7),
        (tf.int32, 1.9, 1),
        (tf.int64, 2**40, 2**40),
        (tf.uint8, 255, 255),
        (tf.bool, [True, False], [True, False]),
        (tf.string, "é", "é".encode()),
        (tf.string, ["a", b"b"], [b"a", b"b"]),
        (tf.float32, np.ma.array([1.0]), [1.0]),
    ],
)
def test_values_that_can_be_fed(sess, dtype, value, expected):
    x = tf.placeholder(dtype)
    result = np.asarray(sess.run(tf.identity(x), {x: value}), dtype.as_numpy_dtype)

    assert result.tolist() == expected
    assert sess.run(tf.shape(x), {x: value}).tolist() == list(np.shape(expected))


def test_a_fed_tensor_comes_back_as_it_was_fed(sess):
    x, s = tf.placeholder(tf.float32), tf.placeholder(tf.string)
    array = np.ones(3, np.float32)

    assert sess.run(x, {x: array}) is array
    assert type(sess.run(x, {x: 1.0})) is np.ndarray
    assert sess.run([s, tf.equal(s, "a")], {s: "a"}) == [np.array("a", object), True]


def test_fed_strings_are_bytes_to_operations(sess):
    s = tf.placeholder(tf.string)
    v = tf.Variable("")

    assert sess.run(tf.stack([s, "é"]), {s: "a"}).tolist() == [b"a", "é".encode()]
    assert sess.run(v.assign(s), {s: "new"}) == sess.run(v) == b"new"
    for value in (3, None, ["a", 3]):
        raises(lambda fed=value: sess.run(tf.identity(s), {s: fed}), TypeError, "Type of feed value")


def test_keys_are_tensors_variables_names_and_tuples(sess):
    a, b, v = tf.placeholder(tf.float32, name="a"), tf.constant([1.0, 1.0]), tf.Variable([2.0, 2.0])
    total = a + b * v

    assert sess.run(total, {"a:0": 1.0, v: [5.0, 5.0]}).tolist() == [6.0, 6.0]
    assert sess.run(total, {(a, b): (1.0, [3, 4]), v: [1, 1]}).tolist() == [4.0, 5.0]
    assert sess.run(total, {a: 1.0, (b, (v,)): [[3, 4], [[1, 1]]]}).tolist() == [4.0, 5.0]
    assert sess.run(total, {total: [7.0, 8.0]}).tolist() == [7.0, 8.0]


def test_what_is_fed_cuts_evaluation(sess):
    v = tf.Variable([1.0])
    y = v * tf.placeholder(tf.float32)

    assert sess.run(y + 1.0, {y: [4.0]}).tolist() == [5.0]


def test_fed_outputs_of_an_operation_that_still_runs(sess):
    a, b = tf.split(tf.placeholder_with_default([1.0, 2.0], [2]), 2)

    assert [float(r[0]) for r in sess.run([a, b], {a: [9.0]})] == [9.0, 2.0]


def test_a_fed_placeholder_can_be_waited_for(sess):
    x = tf.placeholder(tf.float32)
    with tf.control_dependencies([x]):
        late = tf.constant(1)

    assert sess.run([tf.group(x), late], {x: 1.0}) == [None, 1]


def test_defaults_of_placeholders(sess):
    x = tf.placeholder_with_default([1.0, 2.0], [None])

    assert sess.run(x * 2.0).tolist() == [2.0, 4.0]
    assert sess.run(x * 2.0, {x: [5.0]}).tolist() == [10.0]


def test_no_feeds_at_all(sess):
    assert sess.run(tf.constant(1), {}) == sess.run(tf.constant(2), None) - 1 == 1


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (3, "Can not convert a int into a Tensor."),
        ("y:0", "The name 'y:0' refers to a Tensor which does not exist."),
        ("x", "The name 'x' refers to an Operation, not a Tensor."),
        (None, "Can not convert a NoneType into a Tensor."),
    ],
)
def test_keys_that_cannot_be_fed(sess, key, text):
    x = tf.placeholder(tf.float32, name="x")
    raises(lambda: sess.run(x, {key: 1.0}), TypeError, f"Cannot interpret feed_dict key as Tensor: {text}")


def test_operations_and_other_graphs_cannot_be_fed(sess):
    x = tf.placeholder(tf.float32, name="x")
    with tf.Graph().as_default():
        other = tf.placeholder(tf.float32, name="other")

    text = "Cannot interpret feed_dict key as Tensor: "
    raises(lambda: sess.run(x, {x.op: 1.0}), TypeError, text + "Can not convert a Operation into a Tensor.")
    error = raises(
        lambda: sess.run(x, {other: 1.0}), TypeError, text + 'Tensor Tensor("other:0", dtype=float32) is not'
    )
    assert error.__notes__[0].startswith("other (Placeholder) was created at")


def test_values_of_the_wrong_shape(sess):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    for value in (np.zeros([3]), np.zeros([2, 4]), 1.0):
        text = f"Cannot feed value of shape {np.shape(value)} for Tensor x:0, which has shape (?, 3)"
        error = raises(lambda fed=value: sess.run(x, {x: fed}), ValueError, text)
        assert error.__notes__[0].startswith("x (Placeholder) was created at test_feeds.py:")


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (2**40, TypeError, "Type of feed value 1099511627776 with type <class 'int'> is not compatible"),
        ([[1], [2, 3]], ValueError, "setting an array element with a sequence."),
        ("a", ValueError, "invalid literal for int() with base 10: 'a'"),
        (object(), TypeError, "int() argument must be a string"),
        ({"a": 1}, TypeError, "int() argument must be a string"),
    ],
)
def test_values_of_the_wrong_type(sess, value, kind, text):
    x = tf.placeholder(tf.int32, name="x")
    raises(lambda: sess.run(x, {x: value}), kind, text)


def test_what_was_fed_stands_below_the_text(sess):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    error = raises(lambda: sess.run(x, {x: "a"}), ValueError, "could not convert string to float: 'a'")
    assert error.__notes__[0] == "It was fed for Tensor x:0, which has type float32 and shape (?, 3): 'a'"


def test_tensors_cannot_be_fed_as_values(sess):
    x, c = tf.placeholder(tf.float32), tf.constant(1.0)
    raises(lambda: sess.run(x, {x: c}), TypeError, "The value of a feed cannot be a tf.Tensor object.")


def test_tuples_that_do_not_match(sess):
    a, b = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    for value in ((1, 2, 3), 1):
        raises(
            lambda fed=value: sess.run(a, {(a, b): fed}),
            ValueError,
            "Could not flatten dictionary. Key had 2",
        )


@pytest.mark.parametrize("feeds", [3, [1], "x"])
def test_feeds_are_a_mapping(sess, feeds):
    tf.constant(1)
    raises(lambda: sess.run("Const:0", feeds), TypeError, "FlattenDictItems: 'dict' must be a dictionary")
